// One random universe, solved and compared with brute force in every way there is.

import assert from "node:assert/strict";
import { checkDerivation } from "../src/certificate/index.ts";
import type { CoreLine, Dependency, Solver, SolverOptions } from "../src/index.ts";
import { bruteForce } from "./oracle.ts";
import { Random } from "./random.ts";
import {
  type Answer,
  factsAtHand,
  problemOf,
  randomUniverse,
  type Shape,
  SMALL,
  solve,
  solveGradually,
  type Universe,
} from "./universe.ts";

/** Throws where the solver and brute force disagree. True when the universe is satisfiable. */
export function agree(seed: number, shape: Shape = SMALL): boolean {
  const random = new Random(seed);
  return agreeOn(randomUniverse(random, shape), random, seed % 2 === 0 ? { patience: 0 } : {});
}

export function agreeOn(universe: Universe, random: Random, options: SolverOptions): boolean {
  const expected = bruteForce(universe);
  const { solver, answer, problem } = random.chance(0.5)
    ? solveGradually(universe, random, options)
    : solve(universe, options);
  if (expected === undefined) assert.equal(answer.kind, "unsatisfiable");
  else {
    assert.equal(answer.kind, "solved");
    if (answer.kind !== "solved") return true;
    assert.deepEqual(
      answer.levels,
      expected.vector.map((value) => ({ value, bound: value })),
    );
    assert.deepEqual(
      new Map([...answer.assignment].sort(byKey)),
      new Map([...expected.assignment].sort(byKey)),
    );
  }
  const derivation = solver.derivation();
  assert.deepEqual(derivation.result, answer);
  assert.deepEqual(checkDerivation(problem, derivation), { kind: "valid" });
  if (expected === undefined) checkCore(universe, solve(universe, options).solver);
  const problemAtHand = problemOf(universe, factsAtHand(universe, random));
  assert.deepEqual(plain(solve(universe, options, problemAtHand).answer), plain(answer));
  return expected !== undefined;
}

function plain(answer: Answer): unknown {
  return answer.kind === "solved" ? { ...answer, assignment: [...answer.assignment].sort(byKey) } : answer;
}

function byKey([a]: readonly [number, number], [b]: readonly [number, number]): number {
  return a - b;
}

function checkCore(universe: Universe, solver: Solver): void {
  const { lines, minimal } = solver.core();
  assert.ok(minimal);
  assert.equal(satisfiable(universe, lines), false);
  for (const line of lines) {
    assert.ok(
      satisfiable(
        universe,
        lines.filter((other) => other !== line),
      ),
    );
  }
}

/** Whether the lines of a core alone leave an assignment, by brute force. */
function satisfiable(universe: Universe, lines: readonly CoreLine[]): boolean {
  const demands =
    (id: number, release: number) =>
    (need: Dependency): boolean =>
      lines.some(
        ({ package: from, releases, dependency }) =>
          from === id &&
          (releases![release >> 5]! & (1 << (release & 31))) !== 0 &&
          dependency.package === need.package &&
          dependency.range === need.range &&
          dependency.optional === need.optional,
      );
  const packages = universe.packages.map((facts, id) => ({
    ...facts,
    needs: facts.needs.map((needs, release) =>
      needs === "unusable" ? needs : needs.filter(demands(id, release)),
    ),
  }));
  const roots = lines.filter((line) => line.package === undefined).map((line) => line.dependency);
  return bruteForce({ ...universe, packages, roots, levels: 0 }) !== undefined;
}
