// A solver that answers again when packages cost something else, against brute force and against one that starts anew.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Solver } from "../src/index.ts";
import { bruteForce } from "./oracle.ts";
import { Random } from "./random.ts";
import {
  costRow,
  problemOf,
  randomUniverse,
  solve,
  type Universe,
  UniverseFacts,
  type UniversePackage,
} from "./universe.ts";

const SEEDS = Number(process.env["THOTH_SEEDS"] ?? 3000);

describe("repricing", () => {
  it("answers as a solver that starts anew", () => {
    let solved = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      try {
        solved += repriceOften(seed);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    assert.ok(solved > SEEDS, `${solved} answers`);
  });
});

/** How many answers there were. */
function repriceOften(seed: number): number {
  const random = new Random(seed);
  const shape = { packages: [2, 6], releases: [1, 5], levels: [1, 4] } as const;
  let universe = limited(randomUniverse(random, shape), random);
  const solver = new Solver(
    problemOf(universe, new ChangingFacts(() => universe)),
    seed % 2 === 0 ? { patience: 0 } : {},
  );
  let solved = 0;
  for (let round = 0; round < 5; round++) {
    solved += Number(agree(universe, solver));
    const changed = new Set(
      Array.from({ length: 1 + round }, () => random.between(0, universe.packages.length - 1)),
    );
    universe = { ...universe, packages: universe.packages.map(dearer(changed, universe.levels, random)) };
    // Now and then in the middle of a search.
    if (random.chance(0.3)) solver.reprice([...changed]);
    solver.reprice([...changed]);
  }
  return solved;
}

function dearer(changed: ReadonlySet<number>, levels: number, random: Random) {
  return (facts: UniversePackage, id: number): UniversePackage =>
    changed.has(id)
      ? { ...facts, costs: Array.from({ length: levels }, () => costRow(random, facts.releases)) }
      : facts;
}

function limited(universe: Universe, random: Random): Universe {
  const given = random.between(0, Math.min(2, universe.levels));
  return { ...universe, limits: Array.from({ length: given }, () => random.between(0, 3)) };
}

class ChangingFacts extends UniverseFacts {
  private readonly now: () => Universe;

  constructor(now: () => Universe) {
    super(now());
    this.now = now;
  }

  override package(id: number) {
    return this.now().packages[id];
  }
}

/** True when there is a stack. */
function agree(universe: Universe, solver: Solver): boolean {
  let answer = solver.step();
  while (answer.kind === "paused") answer = solver.step();
  const anew = solve(universe).answer;
  assert.equal(answer.kind, anew.kind);
  // Brute force knows no limits.
  const oracle = universe.limits?.length === 0 ? bruteForce(universe) : undefined;
  if (universe.limits?.length === 0) assert.equal(answer.kind === "solved", oracle !== undefined);
  if (answer.kind !== "solved" || anew.kind !== "solved") return false;
  assert.deepEqual(answer.levels, anew.levels);
  assert.deepEqual([...answer.assignment].sort(byPackage), [...anew.assignment].sort(byPackage));
  if (oracle !== undefined)
    assert.deepEqual(
      answer.levels.map(({ value }) => value),
      oracle.vector,
    );
  return true;
}

function byPackage([a]: readonly [number, number], [b]: readonly [number, number]): number {
  return a - b;
}
