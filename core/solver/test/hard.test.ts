// Problems that are hard on purpose are decided, with a derivation that holds, or paused when the budget says so.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkDerivation } from "../src/certificate/index.ts";
import { type LevelResult, Solver } from "../src/index.ts";
import { agreeOn } from "./agree.ts";
import { chain, coops, crowd, dearHole, fan, lockstep, pigeons, planted, ranked, threeSat } from "./hard.ts";
import { Random } from "./random.ts";
import { problemOf, solve, solveGradually, type Universe } from "./universe.ts";

function values(universe: Universe): readonly number[] | undefined {
  const { solver, answer, problem } = solve(universe);
  assert.deepEqual(checkDerivation(problem, solver.derivation()), { kind: "valid" });
  return answer.kind === "solved" ? answer.levels.map(({ value }: LevelResult) => value) : undefined;
}

describe("hard problems", () => {
  it("too many pigeons, none of whom can go", () => {
    const { solver, answer } = solve(pigeons(6, 5));
    assert.equal(answer.kind, "unsatisfiable");
    const { lines, minimal } = solver.core();
    assert.ok(minimal);
    assert.equal(lines.length, 6 + 6 * 5);
    assert.equal(solve(pigeons(6, 6)).answer.kind, "solved");
  });

  for (let holes = 2; holes <= 12; holes++) {
    it(`${holes + 1} pigeons in ${holes} holes, and one less`, () => {
      const { solver, answer, problem } = solve(pigeons(holes + 1, holes));
      assert.equal(answer.kind, "unsatisfiable");
      assert.equal(solver.core().lines.length, (holes + 1) * (holes + 1));
      const derivation = solver.derivation();
      assert.deepEqual(checkDerivation(problem, derivation), { kind: "valid" });
      if (holes >= 8) {
        assert.deepEqual(
          derivation.steps.map(({ kind }) => kind),
          ["counting", "refuted"],
        );
      }
      assert.equal(solve(pigeons(holes, holes)).answer.kind, "solved");
    });
  }

  it("too many pigeons, and then some, of which the core says what is needed", () => {
    const { solver, answer } = solve(pigeons(12, 9));
    assert.equal(answer.kind, "unsatisfiable");
    const { lines, minimal } = solver.core();
    assert.ok(minimal);
    assert.equal(lines.length, 10 + 10 * 9);
  });

  it("too many pigeons, of whom little is known at first", () => {
    for (let seed = 1; seed <= 3; seed++) {
      const { answer, solver, problem } = solveGradually(ranked(pigeons(10, 9), 10), new Random(seed));
      assert.equal(answer.kind, "unsatisfiable");
      assert.deepEqual(checkDerivation(problem, solver.derivation()), { kind: "valid" });
    }
  });

  it("too many pigeons as long as an application is too new", () => {
    assert.equal(values(coops(5, 10, false)), undefined);
    assert.deepEqual(values(coops(5, 10, true)), [5]);
  });

  it("as many pigeons as holes, of which one is dear", () => {
    assert.deepEqual(values(dearHole(11)), [1]);
  });

  it("crowds at random agree with brute force", () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = new Random(seed);
      agreeOn(crowd(random), random, { patience: 0 });
    }
  });

  it("a chain of 2,000 packages, and 10,000 needs of one", () => {
    for (const [universe, length, value] of [
      [chain(2_000), 2_000, 0],
      [fan(10_000), 10_001, 10_000],
    ] as const) {
      const { answer } = solve(universe);
      assert.ok(answer.kind === "solved");
      assert.equal(answer.assignment.size, length);
      assert.deepEqual(answer.levels, [{ value, bound: value }]);
    }
  });

  it("3-SAT, where bounds are weak", () => {
    assert.deepEqual(
      [1, 2, 3].map((seed) => values(threeSat(new Random(seed), 28, 120))),
      [[101], undefined, [90]],
    );
  });

  it("needs at random among which an answer is planted", () => {
    const shape = { packages: 30, releases: 40, needs: 5, roots: 5 };
    assert.deepEqual(values(planted(new Random(1), shape)), [218, 7, 990, 36]);
    assert.deepEqual(values(planted(new Random(2), shape)), [199, 8, 2154, 74]);
  });

  it("releases in lock-step, without walking through their history", () => {
    const { answer, supplied } = solveGradually(lockstep(2000, 300), new Random(1));
    assert.deepEqual(answer.kind === "solved" && answer.levels.map(({ value }) => value), [3, 3, 3, 3]);
    assert.ok(supplied < 40, `${supplied} facts`);
  });

  it("pauses when the budget is spent, and goes on", () => {
    let patience = 3;
    const solver = new Solver(problemOf(threeSat(new Random(1), 50, 210)), {
      budget: { spent: () => --patience < 0 },
    });
    let pauses = 0;
    for (let step = solver.step(); step.kind !== "solved"; step = solver.step()) {
      assert.equal(step.kind, "paused");
      pauses++;
      patience = 3;
    }
    assert.ok(pauses > 1);
  });

  it("gives the same best stack for the same number of steps, however often it pauses", () => {
    const universe = planted(new Random(1), { packages: 120, releases: 30, needs: 6, roots: 10 });
    const costs = new Random(2);
    const packages = universe.packages.map((facts) => ({
      ...facts,
      costs: [Array.from({ length: facts.releases }, () => costs.between(0, 20))],
    }));
    const problem = problemOf({ ...universe, packages, levels: 1 });
    const bestAfter = (most: number, haste: Random) => {
      let taken = 0;
      const spent = (steps: number) => {
        taken = steps;
        return steps >= most || haste.chance(0.5);
      };
      const solver = new Solver(problem, { budget: { spent } });
      for (;;) {
        const step = solver.step();
        if (step.kind !== "paused") return step;
        if (taken >= most) return step;
      }
    };
    for (const most of [512, 1024, 2048, 4096]) {
      const never = bestAfter(most, new Random(3));
      assert.deepEqual(bestAfter(most, new Random(4)), never);
      assert.equal(never.kind, "paused");
    }
  });
});
