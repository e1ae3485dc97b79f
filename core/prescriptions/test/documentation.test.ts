// What the page about prescriptions shows is what is read.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { compilePrescriptions } from "../src/compile.ts";

it("the examples of the page are valid", () => {
  const page = readFileSync(new URL("../../../docs/prescriptions.md", import.meta.url), "utf8");
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1]!);
  const files = examples.map((text, place) => {
    if (text.startsWith("prescription:")) return { path: "_prescription_metadata.yaml", text };
    const whole = text.startsWith("units:") ? text : `units:\n${text.replace(/^(?=.)/gm, "  ")}`;
    return { path: `${place}.yaml`, text: whole };
  });
  const { errors, warnings, counts } = compilePrescriptions(files);
  assert.deepEqual([...errors, ...warnings], []);
  assert.equal(
    Object.values(counts).reduce((sum, count) => sum + count),
    6,
  );
});
