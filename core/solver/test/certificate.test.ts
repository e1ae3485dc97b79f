// A claim carries all that its proof needs; whatever is altered in it, what is accepted is true.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { missingData } from "@thoth/testkit";
import { type Claim, formatSet, Item, Malformed, parseSet, readClaim } from "../src/certificate/index.ts";
import { checkDerivation } from "../src/check.ts";
import { ALTERATIONS, alter, claimOf, isTrue, verdictOf } from "./claims.ts";
import { crowd, pigeons, threeSat } from "./hard.ts";
import { Random } from "./random.ts";
import { SNAPSHOTS, Snapshot } from "./snapshot.ts";
import { randomUniverse, type Shape, solve, solveGradually, type Universe } from "./universe.ts";

const SHAPE: Shape = { packages: [2, 6], releases: [1, 5], levels: [0, 3] };

function claimFor(universe: Universe, random?: Random): Claim {
  const options = { patience: 0 };
  const { problem, solver } =
    random === undefined ? solve(universe, options) : solveGradually(universe, random, options);
  return claimOf(problem, solver.derivation());
}

describe("a claim", () => {
  it("of a random universe is accepted and true", () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = new Random(seed);
      const universe = random.chance(0.8) ? randomUniverse(random, SHAPE) : crowd(random);
      const claim = claimFor(universe, random.chance(0.5) ? random : undefined);
      assert.equal(verdictOf(claim), "valid", `seed ${seed}`);
      if (random.chance(0.3)) assert.ok(isTrue(claim), `seed ${seed}`);
    }
  });

  it("that was altered is accepted only where it is true", () => {
    const wrong = new Map<string, number>(ALTERATIONS.map((what) => [what, 0]));
    const rejected = new Map<string, number>(ALTERATIONS.map((what) => [what, 0]));
    for (let seed = 1; seed <= 1_000; seed++) {
      const random = new Random(seed);
      const universe = random.chance(0.7) ? randomUniverse(random, SHAPE) : crowd(random);
      const claim = claimFor(universe);
      for (const what of ALTERATIONS) {
        const altered = alter(claim, what, random);
        if (altered === undefined) continue;
        const isAccepted = verdictOf(altered) === "valid";
        const holds = isTrue(altered);
        assert.ok(
          holds || !isAccepted,
          `seed ${seed}: a false claim is accepted after its ${what} was altered`,
        );
        if (!holds) wrong.set(what, wrong.get(what)! + 1);
        if (!isAccepted) rejected.set(what, rejected.get(what)! + 1);
      }
    }
    // What merely alters the way to the answer makes nothing false.
    for (const what of ["cost", "bound", "range", "need", "stack", "unsatisfiable"])
      assert.ok(wrong.get(what)! > 30, `${what}: ${wrong.get(what)}`);
    for (const what of ALTERATIONS) assert.ok(rejected.get(what)! > 20, `${what}: ${rejected.get(what)}`);
  });

  it("of many steps is rejected without its clauses", () => {
    const claim = claimFor(threeSat(new Random(1), 20, 70));
    assert.equal(verdictOf(claim), "valid");
    const steps = claim.steps.filter(({ kind }) => kind !== "clause");
    assert.ok(claim.steps.length - steps.length > 5);
    assert.equal(verdictOf({ ...claim, steps }), "invalid");
  });

  it("says which step does not hold, and of which package", () => {
    const claim = claimFor(pigeons(10, 9));
    assert.equal(claim.steps[0]?.kind, "counting");
    const [first, ...others] = claim.needs as [Claim["needs"][number], ...Claim["needs"]];
    const [need] = first.needs as readonly { readonly range: number }[];
    const { problem, derivation, names } = readClaim(
      new Item({ ...claim, needs: [{ ...first, needs: [] }, ...others] }),
    );
    const verdict = checkDerivation(problem, derivation, { nameOf: (id) => names[id]! });
    const target = claim.ranges[need!.range]!.package;
    assert.deepEqual(verdict, {
      kind: "invalid",
      reason: `release ${first.releases} of ${first.package} does not demand ${target}`,
      step: 0,
    });
  });

  it("is left unfinished when the budget is spent", () => {
    const { problem, derivation } = readClaim(new Item(claimFor(threeSat(new Random(1), 20, 70))));
    let left = 100;
    const budget = { spent: () => --left < 0 };
    assert.deepEqual(checkDerivation(problem, derivation, { budget }), { kind: "unfinished" });
  });
});

describe("claims of frozen crawls", { skip: missingData("pypi-snapshots") }, () => {
  for (const name of SNAPSHOTS) {
    it(name, () => {
      const snapshot = new Snapshot(name);
      for (const root of snapshot.names)
        assert.equal(verdictOf(claimFor(snapshot.universe([root]))), "valid");
    });
  }
});

describe("a document that is no claim", () => {
  const claim = claimFor(randomUniverse(new Random(5), { ...SHAPE, levels: [2, 2] }));
  const malformed = (change: object, at: RegExp) =>
    assert.throws(
      () => readClaim(new Item({ ...claim, ...change })),
      (error) => error instanceof Malformed && at.test(error.at),
    );
  const [first, ...rest] = claim.packages as [Claim["packages"][number], ...Claim["packages"]];
  const withFirst = (change: object) => ({ packages: [{ ...first, ...change }, ...rest] });

  it("has members that are missing, unknown or of another kind", () => {
    malformed({ steps: undefined }, /^\/steps$/);
    malformed({ more: 1 }, /^\/$/);
    malformed({ steps: {} }, /^\/steps$/);
    malformed({ steps: [{ kind: "believe" }] }, /^\/steps\/0$/);
    malformed(withFirst({ auxiliary: false }), /auxiliary/);
    malformed(JSON.parse('{"__proto__": [], "result": null}') as object, /^\/(result)?$/);
  });

  it("has numbers that are none, or too great together", () => {
    for (const cost of [-1, 0.5, 2 ** 53, "1", null, Number.NaN])
      malformed(withFirst({ costs: [first.releases.map(() => cost)] }), /^\/packages\/0\/costs\/0\//);
    const dear = { ...first, costs: [first.releases.map(() => Number.MAX_SAFE_INTEGER)] };
    malformed({ packages: [dear, { ...dear, name: "another" }, ...rest] }, /^\/packages\/1\/costs\/0$/);
    malformed({ steps: [{ kind: "limit", level: 2, limit: 0 }] }, /level/);
    malformed({ steps: [{ kind: "refuted", depth: -1 }] }, /depth/);
    malformed({ roots: [{ range: claim.ranges.length }] }, /^\/roots\/0\/range$/);
  });

  it("has names twice, of nothing, or mirrors that do not fit", () => {
    malformed({ packages: [first, ...claim.packages] }, /^\/packages\/1\/name$/);
    malformed(withFirst({ releases: ["a", "a"], costs: undefined }), /releases\/1$/);
    malformed(
      { steps: [{ kind: "clause", depth: 0, literals: [{ package: "x", values: "" }] }] },
      /package$/,
    );
    const mirrors = { name: "mirror", releases: [...first.releases, "more"], mirrors: first.name };
    malformed({ packages: [...claim.packages, mirrors] }, /mirrors$/);
  });

  it("would take more memory than it is long", () => {
    const releases = Array.from({ length: 65_000 }, (_, i) => `${i}`);
    const literals = Array.from({ length: 20_000 }, () => ({ package: "large", values: "0" }));
    malformed(
      {
        packages: [...claim.packages, { name: "large", releases }],
        steps: [{ kind: "clause", depth: 0, literals }],
      },
      /^\/steps\/0\/literals\//,
    );
    const ranges = [{ package: "large", admits: "0-64999" }];
    const needs = [{ package: "large", releases: "0-64999", needs: Array(100).fill({ range: 0 }) }];
    malformed({ packages: [{ name: "large", releases }], ranges, roots: [], needs }, /^\/needs\/0$/);
  });

  it("writes sets in another way than we do", () => {
    for (const text of [
      "1-0",
      "0 1",
      "0-1 1-2",
      "3",
      "none none",
      "none 0",
      "00",
      "0-",
      " 0",
      "0  2",
      "-1",
      "1e0",
    ])
      assert.equal(parseSet(text, 3), undefined, text);
    for (const text of ["", "0", "0-1", "0 2", "0-2 none", "none", "0 none"])
      assert.equal(formatSet(parseSet(text, 3)!, 3), text);
    assert.equal(formatSet(parseSet("0-31 33 none", 64)!, 64), "0-31 33 none");
  });
});
