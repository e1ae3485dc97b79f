// Problems that are hard on purpose are decided, with a derivation that holds, or paused when the budget says so.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkDerivation, type LevelResult, Solver } from "../src/index.ts";
import { lockstep, pigeons, planted, threeSat } from "./hard.ts";
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
});
