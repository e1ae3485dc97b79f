import assert from "node:assert/strict";
import { test } from "node:test";
import { formatRequirement } from "@thoth/pep";
import { buildNeeds } from "../src/build-constraints.ts";

const needs = (metadata: string, setup = ""): readonly (readonly string[])[] => {
  const { constraints, requires } = buildNeeds({ metadata, setup });
  return [constraints.map(formatRequirement), requires.map(formatRequirement)];
};
const project = (name: string, version: string): string =>
  `Metadata-Version: 1.0\nName: ${name}\nVersion: ${version}\n`;

test("old projects by their name and version", () => {
  assert.deepEqual(needs(project("MarkupSafe", "1.0")), [["setuptools<46"], []]);
  assert.deepEqual(needs(project("MarkupSafe", "1.1.1")), [[], []]);
  assert.deepEqual(needs(project("PyYAML", "5.4.1")), [["cython<3"], []]);
  assert.deepEqual(needs(project("PyYAML", "6.0.1")), [[], []]);
  assert.deepEqual(needs(project("watermark", "1.4.0")), [[], ["ipython"]]);
});

test("each once, and nothing of what says nothing", () => {
  const setup = "from setuptools import Feature, setup\n";
  assert.deepEqual(needs(project("MarkupSafe", "1.0"), setup), [["setuptools<46"], []]);
  for (const odd of ["", "Name: markupsafe\n", project("markupsafe", "no version"), "\u0000"])
    assert.deepEqual(needs(odd), [[], []]);
});
