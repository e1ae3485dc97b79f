// Which releases patterns speak of.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { normalizeName, type PackageName, parseVersion, tryParseVersion } from "@thoth/pep";
import {
  linksOf,
  type MatchedRelease,
  matchesPackage,
  matchesStack,
  matchesStep,
  type SieveUnit,
  type StepUnit,
  type StrideUnit,
} from "../src/index.ts";
import { parseText, ruleText } from "./rules.ts";

const INDEX = "https://pypi.org/simple";

function release(text: string, more: Partial<MatchedRelease> = {}): MatchedRelease {
  const [name, version] = text.split(" ") as [string, string];
  return { name: normalizeName(name), version: tryParseVersion(version) ?? version, index: INDEX, ...more };
}

function only<T>(list: string, body: string): T {
  const { value, errors } = parseText(ruleText(list, `should_include: {adviser_pipeline: true}\n${body}`));
  assert.deepEqual(errors, []);
  return value[0] as T;
}

function sieve(pattern: string) {
  return only<SieveUnit>("sieves", `type: sieve\nmatch: {package_version: {${pattern}}}`).matches[0]!;
}

function step(match: string) {
  return only<StepUnit>("steps", `type: step\nmatch: {${match}}\nrun: {score: 0.1}`).matches[0]!;
}

function stack(...texts: string[]): Map<PackageName, MatchedRelease> {
  return new Map(texts.map((text) => release(text)).map((one) => [one.name, one]));
}

describe("patterns of sieves", () => {
  const cases: readonly (readonly [pattern: string, release: MatchedRelease, matches: boolean])[] = [
    ["name: a", release("a 1"), true],
    ["name: a", release("b 1"), false],
    ["", release("a 1"), true],
    ["name: a, version: '<2'", release("a 1.9"), true],
    ["name: a, version: '<2'", release("a 2.0"), false],
    ["name: a, version: ''", release("a 2.0rc1"), true],
    ["name: a, version: '>=1'", release("a 2.0rc1"), true],
    ["version: ==git", release("a git"), true],
    ["version: ==git", release("a 1"), false],
    ["name: a", release("a git"), true],
    ["version: '>=0'", release("a git"), false],
    [`index_url: '${INDEX}'`, release("a 1", { index: `${INDEX}/` }), true],
    [`index_url: '${INDEX}/'`, release("a 1"), true],
    [`index_url: '${INDEX}'`, release("a 1", { index: undefined }), false],
    [`index_url: {not: '${INDEX}'}`, release("a 1"), false],
    [`index_url: {not: '${INDEX}'}`, release("a 1", { index: "https://a.org" }), true],
    [`index_url: {not: '${INDEX}'}`, release("a 1", { index: undefined }), false],
    ["develop: true", release("a 1"), false],
    ["develop: false", release("a 1"), true],
    ["develop: true", release("a 1", { develop: true }), true],
  ];
  for (const [place, [pattern, one, matches]] of cases.entries()) {
    const version = typeof one.version === "string" ? one.version : one.version.text;
    it(`${place}: {${pattern}} ${matches ? "has" : "has not"} ${one.name} ${version}`, () => {
      assert.equal(matchesPackage(sieve(pattern), one), matches);
    });
  }
});

describe("steps", () => {
  const state = "state: {resolved_dependencies: [{name: b, version: '>1'}]}";
  const from = "state: {package_version_from: [{name: b}]";
  const cases: readonly (readonly [
    match: string,
    at: string,
    stack: string[],
    parents: string[],
    matches: boolean,
  ])[] = [
    ["package_version: {name: a, version: '>=1'}", "a 2.0", [], [], true],
    // A step has to name a pre-release.
    ["package_version: {name: a, version: '>=1'}", "a 2.0rc1", [], [], false],
    ["package_version: {name: a, version: '>=2.0rc1'}", "a 2.0rc1", [], [], true],
    [`package_version: {name: a}, ${state}`, "a 1", ["b 2"], [], true],
    [`package_version: {name: a}, ${state}`, "a 1", ["b 1"], [], false],
    [`package_version: {name: a}, ${state}`, "a 1", [], [], false],
    [`package_version: {name: a}, ${from}}`, "a 1", ["b 1"], ["b"], true],
    [`package_version: {name: a}, ${from}}`, "a 1", ["b 1"], [], false],
    [`package_version: {name: a}, ${from}}`, "a 1", ["b 1", "c 1"], ["b", "c"], false],
    [
      `package_version: {name: a}, ${from}, package_version_from_allow_other: true}`,
      "a 1",
      ["b 1"],
      ["b", "c"],
      true,
    ],
  ];
  for (const [place, [match, at, others, parents, matches]] of cases.entries()) {
    it(`${place}: ${match}`, () => {
      const requiredBy = parents.map((name) => normalizeName(name));
      assert.equal(matchesStep(step(match), release(at), { stack: stack(...others), requiredBy }), matches);
    });
  }
});

describe("stacks", () => {
  const stride = (patterns: string) => {
    const match = `{state: {resolved_dependencies: [${patterns}]}}`;
    return only<StrideUnit>("strides", `type: stride\nmatch: ${match}\nrun: {not_acceptable: never}`)
      .matches[0]!;
  };
  it("must have all patterns", () => {
    assert.ok(matchesStack(stride("{name: a}, {name: b, version: ==2}"), stack("a 1", "b 2", "c 3")));
    assert.ok(!matchesStack(stride("{name: a}, {name: b, version: ==3}"), stack("a 1", "b 2")));
    assert.ok(matchesStack(stride("{version: ==2}"), stack("a 1", "b 2")));
    assert.ok(!matchesStack(stride("{name: a}"), stack()));
  });
});

describe("links", () => {
  it("are addresses or ids", () => {
    assert.deepEqual(linksOf("rpm"), ["https://thoth-station.ninja/j/rpm"]);
    assert.deepEqual(linksOf("https://a.org/x https://b.org"), ["https://a.org/x", "https://b.org"]);
  });
});

it("compares versions and not texts", () => {
  assert.ok(
    matchesPackage(sieve("version: ==1"), { name: normalizeName("a"), version: parseVersion("1.0.0") }),
  );
});
