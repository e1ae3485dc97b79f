// Costs that several choices have together, against brute force. THOTH_SEEDS and THOTH_SEED as for the other oracle.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkDerivation } from "../src/certificate/index.ts";
import {
  type Assignment,
  type ConditionalCost,
  has,
  type Problem,
  Solver,
  withConditions,
} from "../src/index.ts";
import { bruteForceWith } from "./oracle.ts";
import { Random } from "./random.ts";
import {
  factsAtHand,
  problemOf,
  randomUniverse,
  type Shape,
  type Universe,
  UniverseFacts,
} from "./universe.ts";

const FIRST = Number(process.env["THOTH_SEED"] ?? 1);
const SEEDS = Number(process.env["THOTH_SEEDS"] ?? 12_000);
const SMALL: Shape = { packages: [2, 6], releases: [1, 5], levels: [1, 3] };
const LARGER: Shape = { packages: [7, 12], releases: [1, 3], levels: [1, 3] };

function randomCosts(random: Random, universe: Universe): ConditionalCost[] {
  const ranges = universe.packages.map(() => [] as number[]);
  const note = ({ package: id, range }: { package: number; range: number }) => ranges[id]!.push(range);
  for (const root of universe.roots) note(root);
  for (const { needs } of universe.packages)
    for (const list of needs) if (list !== "unusable") list.forEach(note);
  const usable = ranges.flatMap((list, id) => (list.length > 0 ? [id] : []));
  if (usable.length < 2) return [];
  return Array.from({ length: random.between(1, 6) }, () => ({
    level: random.between(0, universe.levels - 1),
    cost: random.between(1, 30),
    when: random
      .shuffle(usable)
      .slice(0, random.between(2, 3))
      .map((id) => ({ package: id, range: random.pick(ranges[id]!) })),
  }));
}

function costOf(
  universe: Universe,
  costs: readonly ConditionalCost[],
  chosen: Assignment,
  level: number,
): number {
  let sum = 0;
  for (const item of costs) {
    const holds = item.when.every(({ package: id, range }) =>
      has(universe.ranges[range]!, chosen.get(id) ?? -1),
    );
    if (item.level === level && holds) sum += item.cost;
  }
  return sum;
}

/** Steps to the end, revealing a part of what is asked for at a time. */
function solve(problem: Problem, facts: UniverseFacts, random: Random): Solver {
  const solver = new Solver(problem);
  for (let turn = 0; turn < 100_000; turn++) {
    const step = solver.step();
    if (step.kind === "solved" || step.kind === "unsatisfiable") return solver;
    if (step.kind === "paused") continue;
    const asked: [number, number?][] = [
      ...step.packages.map((id): [number] => [id]),
      ...step.releases.map(({ package: id, release }): [number, number] => [id, release]),
    ];
    for (const [id, release] of random.shuffle(asked).slice(0, random.between(1, asked.length)))
      facts.reveal(id, release);
  }
  throw new Error("the search does not end");
}

function agree(seed: number): boolean {
  const random = new Random(seed);
  const universe = randomUniverse(random, seed % 10 === 0 ? LARGER : SMALL);
  const costs = randomCosts(random, universe);
  const expected = bruteForceWith(universe, (chosen, level) => costOf(universe, costs, chosen, level));
  const facts = new UniverseFacts(universe, random.chance(0.5));
  if (random.chance(0.5)) factsAtHand(universe, random, facts);
  const byPackage = (id: number) => costs.filter(({ when }) => when[0]!.package === id);
  const problem = withConditions(problemOf(universe, facts), byPackage);
  const solver = solve(problem, facts, random);
  const derivation = solver.derivation();
  const { result } = derivation;
  assert.deepEqual(checkDerivation(problem, derivation), { kind: "valid" });
  if (expected === undefined) {
    assert.equal(result.kind, "unsatisfiable");
    return false;
  }
  assert.ok(result.kind === "solved");
  assert.deepEqual(
    result.levels,
    expected.vector.map((value) => ({ value, bound: value })),
  );
  const chosen = [...result.assignment].filter(([id]) => id >= 0).sort(([a], [b]) => a - b);
  assert.deepEqual(
    chosen,
    [...expected.assignment].sort(([a], [b]) => a - b),
  );
  return true;
}

describe("costs that several choices have together", () => {
  it(`agree with brute force, ${SEEDS} universes from seed ${FIRST}`, () => {
    let satisfiable = 0;
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      try {
        if (agree(seed)) satisfiable++;
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    assert.ok(satisfiable > SEEDS / 5 && satisfiable < (SEEDS * 4) / 5, `${satisfiable} satisfiable`);
  });
});
