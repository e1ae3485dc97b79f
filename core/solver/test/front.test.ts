// Limits of a problem, and the front of two levels, on random universes against brute force.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkDerivation } from "../src/certificate/index.ts";
import { type Front, type FrontAnswer, type FrontQuestion, walkFront } from "../src/index.ts";
import { bruteForceWith } from "./oracle.ts";
import { Random } from "./random.ts";
import { randomUniverse, type Shape, solve, solveGradually, type Universe } from "./universe.ts";

const SEEDS = Number(process.env["THOTH_SEEDS"] ?? 3_000);
const TWO_LEVELS: Shape = { packages: [1, 6], releases: [1, 5], levels: [2, 2] };

type Pair = readonly [number, number];

/** What every assignment costs, by brute force. */
function allPairs(universe: Universe): Pair[] {
  const pairs: Pair[] = [];
  bruteForceWith(universe, (chosen, level) => {
    if (level === 0) pairs.push([sumOf(universe, chosen, 0), sumOf(universe, chosen, 1)]);
    return 0;
  });
  return pairs;
}

function sumOf({ packages }: Universe, chosen: ReadonlyMap<number, number>, level: number): number {
  let sum = 0;
  for (const [id, release] of chosen) sum += packages[id]!.costs[level]?.[release] ?? 0;
  return sum;
}

/** Pairs that no other betters, once each, by the first value. */
function frontOf(pairs: readonly Pair[]): Pair[] {
  const front = pairs.filter(([a, b]) => !pairs.some(([c, d]) => c <= a && d <= b && (c < a || d < b)));
  const byText = new Map(front.map((pair) => [pair.join(" "), pair]));
  return [...byText.values()].sort(([a], [b]) => a - b);
}

/** The universe with other levels: row i of it is row `rows[i]` of the former. */
function withLevels(universe: Universe, rows: readonly number[], limits: readonly number[]): Universe {
  const packages = universe.packages.map((facts) => ({
    ...facts,
    costs: rows.map((row) => facts.costs[row]),
  }));
  return { ...universe, packages, levels: rows.length, limits };
}

function ask(universe: Universe, { first, limit }: FrontQuestion, random: Random): FrontAnswer | undefined {
  const other = 1 - first;
  const capped = limit === undefined ? [] : [limit];
  const asked = withLevels(universe, [...capped.map(() => other), first, other], capped);
  const { solver, answer, problem } = random.chance(0.5) ? solveGradually(asked, random) : solve(asked);
  assert.deepEqual(checkDerivation(problem, solver.derivation()), { kind: "valid" });
  if (answer.kind !== "solved") return undefined;
  const [one, two] = answer.levels.slice(capped.length).map(({ value }) => value) as [number, number];
  return { values: first === 0 ? [one, two] : [two, one], proved: true };
}

function walk(universe: Universe, random: Random, most: number): Front<FrontAnswer> {
  const questions = walkFront<FrontAnswer>(most);
  let step = questions.next();
  while (step.done !== true) step = questions.next(ask(universe, step.value, random));
  return step.value;
}

describe("the front of two levels", () => {
  it(`is that of brute force, on ${SEEDS} random universes`, () => {
    let large = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new Random(seed);
      const universe = randomUniverse(random, TWO_LEVELS);
      const expected = frontOf(allPairs(universe));
      const { points, complete } = walk(universe, random, 1_000);
      assert.deepEqual(
        points.map(({ values }) => values),
        expected,
        `seed ${seed}`,
      );
      assert.equal(complete, expected.length > 0);
      if (expected.length > 1) large++;
    }
    assert.ok(large > SEEDS / 20, `${large} fronts with several points`);
  });

  it("is cut where it has more points than may be, with both ends", () => {
    let cut = 0;
    for (let seed = 1; seed <= 600; seed++) {
      const universe = randomUniverse(new Random(seed), TWO_LEVELS);
      const expected = frontOf(allPairs(universe));
      if (expected.length < 3) continue;
      cut++;
      const { points, complete } = walk(universe, new Random(seed), 2);
      assert.deepEqual(
        points.map(({ values }) => values),
        [expected[0], expected.at(-1)],
      );
      assert.equal(complete, false);
    }
    assert.ok(cut > 5, `${cut} were cut`);
  });

  it("tells no more than is proved", () => {
    const questions = walkFront<FrontAnswer>(9);
    questions.next();
    questions.next({ values: [9, 0], proved: true });
    questions.next({ values: [0, 9], proved: true });
    const { value } = questions.next({ values: [3, 5], proved: false });
    assert.deepEqual(
      (value as Front<FrontAnswer>).points.map(({ values }) => values),
      [
        [0, 9],
        [9, 0],
      ],
    );
    assert.equal((value as Front<FrontAnswer>).complete, false);
  });
});

describe("a limit of the problem", () => {
  it("binds and is proved, also where nothing meets it", () => {
    let none = 0;
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = new Random(seed);
      const universe = randomUniverse(random, TWO_LEVELS);
      const pairs = allPairs(universe);
      const limit = random.between(0, 12);
      const least = pairs.filter(([, b]) => b <= limit).map(([a]) => a);
      const answer = ask(universe, { first: 0, limit }, random);
      assert.equal(answer?.values[0], least.length === 0 ? undefined : Math.min(...least), `seed ${seed}`);
      if (least.length === 0 && pairs.length > 0) none++;
    }
    assert.ok(none > 100, `${none} cannot be met`);
  });

  it("is not taken from the checker", () => {
    const asked = (limit: number, universe: Universe) => withLevels(universe, [1, 0], [limit]);
    let refused = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const universe = randomUniverse(new Random(seed), TWO_LEVELS);
      const { solver, answer } = solve(asked(1_000_000, universe));
      if (answer.kind !== "solved" || answer.levels[0]!.value === 0) continue;
      const { problem } = solve(asked(answer.levels[0]!.value - 1, universe));
      assert.equal(checkDerivation(problem, solver.derivation()).kind, "invalid", `seed ${seed}`);
      refused++;
    }
    assert.ok(refused > 20);
  });
});
