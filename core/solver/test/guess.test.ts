// A guess, good or bad, changes no answer.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ConditionalProblem, Solver, type StepResult, withConditions } from "../src/index.ts";
import { bruteForce } from "./oracle.ts";
import { Random } from "./random.ts";
import { type Answer, factsAtHand, problemOf, randomUniverse, solve, type Universe } from "./universe.ts";

const SEEDS = Number(process.env["THOTH_SEEDS"] ?? 6000);
type Guess = (id: number) => number | undefined;

describe("guesses", () => {
  it("settle how fast the answer is found, and never which", () => {
    let whole = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new Random(seed);
      const universe = randomUniverse(random, { packages: [1, 7], releases: [1, 5], levels: [0, 3] });
      const answer = bruteForce(universe);
      for (const guess of guessesOf(universe, answer?.assignment, random)) {
        const found = solve(universe, { guess }, problemOf(universe, factsAtHand(universe, random))).answer;
        assert.equal(found.kind === "solved", answer !== undefined, `seed ${seed}`);
        if (found.kind !== "solved" || answer === undefined) continue;
        whole++;
        assert.deepEqual(
          found.levels.map(({ value }) => value),
          answer.vector,
          `seed ${seed}`,
        );
        assert.deepEqual(found.assignment, new Map(answer.assignment), `seed ${seed}`);
      }
    }
    assert.ok(whole > SEEDS, `${whole} answers`);
  });

  it("of a problem with conditions are of its own packages alone", () => {
    let asked = 0;
    for (let seed = 1; seed <= SEEDS / 4; seed++) {
      const random = new Random(seed);
      const universe = randomUniverse(random, { packages: [3, 6], releases: [2, 5], levels: [1, 2] });
      const plain = withRules(universe, new Random(seed));
      const { answer } = solve(universe, {}, plain);
      if (answer.kind !== "solved") continue;
      for (const guess of guessesOf(universe, answer.assignment, random)) {
        const own: Guess = (id) => (id < 0 ? undefined : guess(id));
        const again = answerOf(new Solver(withRules(universe, new Random(seed)), { guess: own }));
        assert.equal(again.kind, "solved");
        if (again.kind !== "solved") continue;
        asked++;
        assert.deepEqual(again.levels, answer.levels, `seed ${seed}`);
        const ofHost = (found: typeof again) => new Map([...found.assignment].filter(([id]) => id >= 0));
        assert.deepEqual(ofHost(again), ofHost(answer), `seed ${seed}`);
      }
    }
    assert.ok(asked > SEEDS / 10, `${asked} answers`);
  });
});

/** The answer itself, some of it, and anything. */
function guessesOf(
  universe: Universe,
  answer: ReadonlyMap<number, number> | undefined,
  random: Random,
): Guess[] {
  const wild = universe.packages.map(({ releases }) => random.between(-1, releases - 1));
  const holes = universe.packages.map(() => random.chance(0.2));
  return [
    (id) => answer?.get(id) ?? -1,
    (id) => (holes[id] === true ? -1 : (answer?.get(id) ?? wild[id]!)),
    (id) => wild[id]!,
  ];
}

/** What two packages cost together, and what a third then needs. */
function withRules(universe: Universe, random: Random): ConditionalProblem {
  const condition = () => {
    const package_ = random.between(0, universe.packages.length - 1);
    const ranges = [...universe.ranges.keys()].filter(
      (range) => universe.ranges[range]!.length === (universe.packages[package_]!.releases + 31) >> 5,
    );
    return { package: package_, range: random.pick(ranges) };
  };
  const rules = Array.from({ length: 3 }, () => [condition(), condition()] as const)
    .filter(([one, other]) => one.package !== other.package)
    .map((when) => ({ level: 0, cost: random.between(1, 5), when }));
  return withConditions(problemOf(universe), (id) => rules.filter(({ when }) => when[0].package === id));
}

function answerOf(solver: Solver): Answer {
  let step: StepResult = solver.step();
  while (step.kind === "paused") step = solver.step();
  if (step.kind === "needs") throw new Error("needs facts that were given");
  return step;
}
