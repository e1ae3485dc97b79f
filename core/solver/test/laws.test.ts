// What must not change the answer: names, the order in which facts arrive, pauses, hints, packages that nothing
// needs. On universes too big for brute force; the checker vouches for each answer.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checkDerivation } from "../src/certificate/index.ts";
import { type Assignment, type Dependency, setFromRanges } from "../src/index.ts";
import { Random } from "./random.ts";
import {
  type Answer,
  factsAtHand,
  problemOf,
  randomUniverse,
  type Shape,
  solve,
  solveGradually,
  type Universe,
} from "./universe.ts";

const MEDIUM: Shape = { packages: [6, 14], releases: [1, 12], levels: [0, 4] };
const RUNS = { numRuns: 150 };

function law(check: (universe: Universe, random: Random, answer: Answer) => void): void {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 30 }), (seed) => {
      const random = new Random(seed);
      const universe = randomUniverse(random, MEDIUM);
      check(universe, random, solve(universe).answer);
    }),
    RUNS,
  );
}

function sorted(assignment: Assignment): (readonly [number, number])[] {
  return [...assignment].sort(([a], [b]) => a - b);
}

/** The answer as values, with packages renamed. */
function plain(answer: Answer, name: (id: number) => number = (id) => id): unknown {
  if (answer.kind === "unsatisfiable") return answer;
  return {
    levels: answer.levels,
    assignment: sorted(new Map([...answer.assignment].map(([id, release]) => [name(id), release]))),
  };
}

/** The universe with package i called `names[i]`. */
function renamed(universe: Universe, names: readonly number[]): Universe {
  const rename = (need: Dependency): Dependency => ({ ...need, package: names[need.package]! });
  const packages: Universe["packages"][number][] = [];
  for (const [id, facts] of universe.packages.entries()) {
    packages[names[id]!] = {
      ...facts,
      mirrors: facts.mirrors === undefined ? undefined : names[facts.mirrors],
      needs: facts.needs.map((needs) => (needs === "unusable" ? needs : needs.map(rename))),
    };
  }
  return { ...universe, packages, roots: universe.roots.map(rename) };
}

describe("the answer", () => {
  it("has a derivation that the checker accepts", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 30 }), (seed) => {
        const { solver, problem, answer } = solve(randomUniverse(new Random(seed), MEDIUM));
        const derivation = solver.derivation();
        assert.deepEqual(derivation.result, answer);
        assert.deepEqual(checkDerivation(problem, derivation), { kind: "valid" });
      }),
      RUNS,
    );
  });

  it("does not depend on names", () => {
    law((universe, random, answer) => {
      const names = random.shuffle(universe.packages.map((_, id) => id));
      assert.deepEqual(
        plain(solve(renamed(universe, names)).answer),
        plain(answer, (id) => names[id]!),
      );
    });
  });

  it("costs the same in whatever order needs are listed", () => {
    law((universe, random, answer) => {
      const packages = universe.packages.map((facts) => ({
        ...facts,
        needs: facts.needs.map((needs) => (needs === "unusable" ? needs : random.shuffle(needs))),
      }));
      const other = solve({ ...universe, packages, roots: random.shuffle(universe.roots) }).answer;
      assert.equal(other.kind, answer.kind);
      if (other.kind === "solved" && answer.kind === "solved") assert.deepEqual(other.levels, answer.levels);
    });
  });

  it("ignores a package that nothing needs", () => {
    law((universe, random, answer) => {
      const id = universe.packages.length;
      const target = random.between(0, id - 1);
      const nothing = setFromRanges(universe.packages[target]!.releases, []);
      const stranger = {
        releases: 2,
        costs: [[0, 1]],
        needs: [[{ package: target, range: universe.ranges.length }], []],
      };
      const packages = [...universe.packages, stranger];
      assert.deepEqual(
        solve({ ...universe, packages, ranges: [...universe.ranges, nothing] }).answer,
        answer,
      );
    });
  });

  it("does not depend on the order in which facts arrive", () => {
    law((universe, random, answer) => {
      for (let i = 0; i < 3; i++)
        assert.deepEqual(plain(solveGradually(universe, random).answer), plain(answer));
    });
  });

  it("does not depend on what is at hand", () => {
    law((universe, random, answer) => {
      const facts = factsAtHand(universe, random);
      assert.deepEqual(plain(solve(universe, {}, problemOf(universe, facts)).answer), plain(answer));
    });
  });

  it("survives pauses", () => {
    law((universe, random, answer) => {
      const always = { budget: { spent: () => true } };
      assert.deepEqual(solve(universe, always).answer, answer);
      const sometimes = { budget: { spent: () => random.chance(0.5) } };
      assert.deepEqual(plain(solveGradually(universe, random, sometimes).answer), plain(answer));
    });
  });

  it("does not depend on hints for the order of decisions", () => {
    law((universe, random, answer) => {
      const weights = universe.packages.map(() => random.next() + 0.01);
      assert.deepEqual(plain(solve(universe, { decisionOrder: (id) => weights[id]! }).answer), plain(answer));
    });
  });
});
