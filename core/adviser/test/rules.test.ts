import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { normalizeName, parseSpecifiers } from "@thoth/pep";
import type { RuleBook, RuleTerm } from "../src/index.ts";
import { type Index, MemoryKnowledge, projectOf, resolve } from "./memory.ts";

/** `rule(-1, "pillow==8.3.0", "numpy")`: both chosen costs 1000. */
function rule(score: number, ...when: readonly string[]): RuleTerm {
  const conditions = when.map((text) => {
    const [, name = "", specifiers = ""] = /^([\w-]+)(.*)$/.exec(text) ?? [];
    return {
      name: normalizeName(name),
      specifiers: specifiers === "" ? undefined : parseSpecifiers(specifiers),
    };
  });
  return {
    unit: when.join(" with "),
    score,
    forbids: undefined,
    when: conditions as unknown as RuleTerm["when"],
    justification: [],
  };
}

function bookOf(...terms: readonly RuleTerm[]): RuleBook {
  return {
    identity: "",
    termsOf: (name) => terms.filter(({ when: [first] }) => first.name === name),
    notesOf: () => [],
    skippersOf: () => [],
  };
}

function advised(index: Index, requirements: readonly string[], rules: RuleBook) {
  // Facts arrive one by one.
  const knowledge = new MemoryKnowledge(index, false);
  const step = resolve(knowledge, projectOf(requirements, { recommendationType: "stable" }), {
    rules,
    some: () => 1,
  });
  if (step.kind !== "solved") return { pins: step.kind, cost: undefined, units: [] };
  const { product } = step;
  return {
    pins: product.packages.map(({ name, version }) => `${name}==${version}`).join(" "),
    cost: product.objective.find(({ level }) => level === "rule")?.value,
    units: product.advice().flatMap(({ rules: holding }) => holding.map(({ unit }) => unit)),
  };
}

const PILLOW: Index = {
  app: { "1": { requires: ["pillow", "numpy"] } },
  numpy: { "1.20": {}, "1.21": {} },
  pillow: { "8.2.0": {}, "8.3.0": {} },
};

describe("rules", () => {
  it("on two packages together change the choice, and hold where they cannot", () => {
    const book = bookOf(rule(-1, "pillow==8.3.0", "numpy"));
    assert.deepEqual(advised(PILLOW, ["app"], book), {
      pins: "app==1 numpy==1.21 pillow==8.2.0",
      cost: 0,
      units: [],
    });
    assert.deepEqual(advised(PILLOW, ["app", "pillow==8.3.0"], book), {
      pins: "app==1 numpy==1.21 pillow==8.3.0",
      cost: 1000,
      units: ["pillow==8.3.0 with numpy"],
    });
    assert.deepEqual(advised(PILLOW, ["pillow==8.3.0"], book), { pins: "pillow==8.3.0", cost: 0, units: [] });
  });

  it("on one release count from the best that the package can have", () => {
    const book = bookOf(rule(0.5, "numpy<1.21"), rule(-0.25, "pillow>8.2"));
    assert.deepEqual(advised(PILLOW, ["app"], book), {
      pins: "app==1 numpy==1.20 pillow==8.2.0",
      cost: 0,
      units: ["numpy<1.21"],
    });
    assert.equal(advised(PILLOW, ["app", "numpy==1.21"], book).cost, 500);
  });

  it("never pull a package in for its reward", () => {
    const index: Index = { a: { "1": {}, "2": { requires: ["good"] } }, good: { "1": {} } };
    assert.equal(advised(index, ["a<2"], bookOf(rule(1, "good"))).pins, "a==1");
  });

  it("forbid a release", () => {
    const never = { ...rule(0, "pillow==8.3.0"), forbids: "it deletes files" };
    assert.equal(advised(PILLOW, ["app"], bookOf(never)).pins, "app==1 numpy==1.21 pillow==8.2.0");
    assert.equal(advised(PILLOW, ["pillow==8.3.0"], bookOf(never)).pins, "unsatisfiable");
  });

  it("give the same answer in whatever order they stand", () => {
    const terms = [
      rule(-1, "pillow==8.3.0", "numpy>=1.21"),
      rule(-0.4, "numpy<1.21", "app"),
      rule(-0.3, "pillow<8.3"),
    ];
    const one = advised(PILLOW, ["app"], bookOf(...terms));
    assert.deepEqual(advised(PILLOW, ["app"], bookOf(...terms.toReversed())), one);
    assert.equal(one.cost, 300);
  });
});
