// Problems solved together, against brute force over all that each of them allows. THOTH_SEEDS and THOTH_SEED as for
// the other oracle.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkDerivation } from "../src/certificate/index.ts";
import { type Assignment, type Joining, joinProblems, type Shared, Solver } from "../src/index.ts";
import { bruteForceWith } from "./oracle.ts";
import { Random } from "./random.ts";
import { problemOf, randomUniverse, type Shape, type Universe, UniverseFacts } from "./universe.ts";

const FIRST = Number(process.env["THOTH_SEED"] ?? 1);
const SEEDS = Number(process.env["THOTH_SEEDS"] ?? 1_500);
const SHAPE: Shape = { packages: [4, 4], releases: [1, 3], levels: [2, 2] };

interface Stack {
  readonly assignment: Assignment;
  readonly vector: readonly number[];
}

/** All that a universe allows. */
function stacksOf(universe: Universe): Stack[] {
  const stacks: Stack[] = [];
  bruteForceWith(universe, (chosen, level) => {
    if (level === 0) stacks.push({ assignment: new Map(chosen), vector: costsOf(universe, chosen) });
    return 0;
  });
  return stacks;
}

function costsOf(universe: Universe, chosen: Assignment): number[] {
  const costs = new Array<number>(universe.levels).fill(0);
  for (const [id, release] of chosen)
    for (const [level, row] of universe.packages[id]!.costs.entries())
      costs[level] = costs[level]! + (row?.[release] ?? 0);
  return costs;
}

type SharedOf = (problem: number, id: number) => Shared | undefined;

function differencesOf(stacks: readonly Stack[], shared: SharedOf): number {
  const taken = new Map<string, Set<number>>();
  for (const [problem, { assignment }] of stacks.entries()) {
    for (const [id, release] of assignment) {
      const one = shared(problem, id);
      if (one === undefined) continue;
      taken.set(one.key, (taken.get(one.key) ?? new Set()).add(one.releaseOf(release)));
    }
  }
  return [...taken.values()].filter(({ size }) => size > 1).length;
}

/** The least vector that stacks, one of each universe, have together. */
function leastTogether(all: readonly (readonly Stack[])[], joining: Joining): number[] | undefined {
  let best: number[] | undefined;
  const choose = (chosen: readonly Stack[]): void => {
    const next = all[chosen.length];
    if (next !== undefined) {
      for (const stack of next) choose([...chosen, stack]);
      return;
    }
    const sums = chosen[0]!.vector.map((_, level) =>
      chosen.reduce((sum, { vector }) => sum + vector[level]!, 0),
    );
    sums.splice(joining.level, 0, differencesOf(chosen, joining.shared));
    if (best === undefined || less(sums, best)) best = sums;
  };
  choose([]);
  return best;
}

function less(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, level) => value !== b[level]);
  return at >= 0 && a[at]! < b[at]!;
}

function randomJoining(random: Random, universes: readonly Universe[]): Joining {
  const shares = [0, 1, 2, 3].map(() => random.chance(0.8));
  const places = universes.map(({ packages }) =>
    packages.map(({ releases }) => random.shuffle([0, 1, 2, 3]).slice(0, releases)),
  );
  return {
    level: random.between(0, 2),
    shared: (problem, id) =>
      shares[id] === true && universes[problem]!.packages[id]!.mirrors === undefined
        ? { key: `${id}`, releases: 4, releaseOf: (release) => places[problem]![id]![release]! }
        : undefined,
  };
}

/** Differences of the answer; -1 where there is none. */
function agree(seed: number): number {
  const random = new Random(seed);
  const universes = Array.from({ length: random.between(2, 3) }, () => randomUniverse(random, SHAPE));
  const joining = randomJoining(random, universes);
  const expected = leastTogether(universes.map(stacksOf), joining);
  const facts = universes.map((universe) => new UniverseFacts(universe, random.chance(0.5)));
  const problem = joinProblems(
    universes.map((universe, at) => problemOf(universe, facts[at])),
    joining,
  );
  const solver = new Solver(problem);
  let step = solver.step();
  for (; step.kind === "needs" || step.kind === "paused"; step = solver.step()) {
    if (step.kind === "paused") continue;
    const asked: [number, number?][] = [
      ...step.packages.map((id): [number] => [id]),
      ...step.releases.map(({ package: id, release }): [number, number] => [id, release]),
    ];
    for (const [id, release] of random.shuffle(asked).slice(0, random.between(1, asked.length))) {
      const part = problem.partOf(id)!;
      facts[part.problem]!.reveal(part.id, release);
    }
  }
  assert.deepEqual(checkDerivation(problem, solver.derivation()), { kind: "valid" });
  if (expected === undefined) {
    assert.equal(step.kind, "unsatisfiable");
    return -1;
  }
  assert.ok(step.kind === "solved");
  assert.deepEqual(
    step.levels,
    expected.map((value) => ({ value, bound: value })),
  );
  const parts = problem.partsOf(step.assignment);
  const found = parts.map((assignment, at) => {
    const stack = stacksOf(universes[at]!).find((one) => isSame(one.assignment, assignment));
    assert.ok(stack !== undefined, "the part is no stack");
    return stack;
  });
  const differences = differencesOf(found, joining.shared);
  assert.equal(differences, expected[joining.level]);
  return differences;
}

function isSame(a: Assignment, b: Assignment): boolean {
  return a.size === b.size && [...a].every(([id, release]) => b.get(id) === release);
}

describe("problems solved together", () => {
  it(`agree with brute force, ${SEEDS} sets of universes from seed ${FIRST}`, () => {
    const seen = new Map<number, number>();
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      try {
        const differences = agree(seed);
        seen.set(differences, (seen.get(differences) ?? 0) + 1);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    for (const differences of [-1, 0, 1, 2])
      assert.ok((seen.get(differences) ?? 0) > SEEDS / 250, `${differences}: ${seen.get(differences)}`);
  });
});
