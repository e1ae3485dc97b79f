// Predictors on a small problem with a hidden good stack, whose optimum the exact search proves.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ThothError } from "@thoth/pep";
import { type Dependency, Episodes, type Problem, Random, Solver, setFromRanges } from "@thoth/solver";
import {
  AdaptiveSimulatedAnnealing,
  ApproximatingLatest,
  createPredictor,
  guessFrom,
  guessOf,
  HillClimbing,
  Latest,
  type Learned,
  LearningRun,
  loadPolicy,
  MonteCarloTreeSearch,
  type Names,
  PackageCombinations,
  Policy,
  PREDICTOR_NAMES,
  type Predictor,
  plotRun,
  RandomWalk,
  type Run,
  Sampling,
  savePolicy,
  scaleOf,
  scoreOf,
  searchByLearning,
  TemporalDifference,
} from "../src/predictors/index.ts";

const PACKAGES = 8;
const RELEASES = 5;
const ROOTS = 3;
/** How many needs are left out. */
const LOOSE = 0.6;
const NAMES: Names = { package: (id) => `package-${id}`, version: (_, release) => `${RELEASES - release}.0` };

/** Random needs that a hidden stack meets, and costs that a depth-first search from the newest does not find first. */
function planted(seed: number): Problem {
  const random = new Random(seed);
  const hidden = Array.from({ length: PACKAGES }, () => random.below(RELEASES));
  const ranges = Array.from({ length: RELEASES * RELEASES }, (_, i) => {
    const [start, end] = [Math.floor(i / RELEASES), (i % RELEASES) + 1];
    return setFromRanges(RELEASES, start < end ? [start, end] : []);
  });
  const range = (start: number, end: number) => start * RELEASES + end - 1;
  const all = range(0, RELEASES);
  const needs = hidden.map((own, id) =>
    Array.from({ length: RELEASES }, (_, release): Dependency[] => {
      return [(id + 1) % PACKAGES, (id + 3) % PACKAGES].flatMap((target) => {
        if (random.next() < LOOSE) return [];
        const start = random.below(RELEASES);
        const end = start + 1 + random.below(RELEASES - start);
        const good = hidden[target] as number;
        const isHidden = release === own;
        return [
          {
            package: target,
            range: isHidden ? range(Math.min(start, good), Math.max(end, good + 1)) : range(start, end),
          },
        ];
      });
    }),
  );
  const costs = hidden.map((own) => [
    Array.from({ length: RELEASES }, (_, release) => (release === own ? 0 : random.below(5))),
    Array.from({ length: RELEASES }, (_, release) => release),
  ]);
  return {
    levels: 2,
    roots: Array.from({ length: ROOTS }, (_, id) => ({ package: id, range: all })),
    facts: {
      package: (id) => ({ releases: RELEASES, costs: costs[id] as number[][] }),
      dependencies: (id, release) => needs[id]?.[release],
      admitted: (at) => ranges[at] as Uint32Array,
    },
  };
}

function optimumOf(problem: Problem): number[] {
  const answer = new Solver(problem).step();
  assert.equal(answer.kind, "solved");
  return answer.kind === "solved" ? answer.levels.map(({ value }) => value) : [];
}

/** Stacks within which each predictor meets the optimum of these problems. */
const CASES: readonly (readonly [create: () => Predictor, stacks: number])[] = [
  [() => new Latest(), 500],
  [() => new ApproximatingLatest(), 500],
  [() => new HillClimbing(), 200],
  [() => new AdaptiveSimulatedAnnealing(), 5_000],
  [() => new RandomWalk(), 2_000],
  [() => new Sampling(), 2_000],
  [() => new PackageCombinations([0, 1, 2, 3, 4, 5, 6, 7]), 500],
  [() => new TemporalDifference(), 5_000],
  [() => new MonteCarloTreeSearch(), 5_000],
];
const SEEDS = [1, 2, 3, 4, 5];

describe("predictors", () => {
  for (const name of PREDICTOR_NAMES) {
    it(`${name} is made by its name`, () => {
      const predictor = createPredictor(name, { combined: [0, 1], prioritized: [2], step: 2, trace: true });
      const { best } = searchByLearning(new Episodes(planted(1)), predictor, { stacks: 100, seed: 1 });
      assert.ok(best.length === 1);
    });
  }

  it("are refused by other names", () => {
    assert.equal(createPredictor("AUTO").name, "temporal difference");
    assert.throws(() => createPredictor("constructor"), isThothError("usage"));
  });

  for (const [create, stacks] of CASES) {
    it(`${create().name} meets the proven optimum within ${stacks} stacks`, () => {
      for (const seed of SEEDS) {
        const problem = planted(seed);
        const learned = searchByLearning(new Episodes(problem), create(), { stacks, seed });
        assert.deepEqual(learned.best[0]?.vector, optimumOf(problem), `seed ${seed}`);
      }
    });

    it(`${create().name} makes the same run of the same seed`, () => {
      const run = (episodes: Episodes, seed: number): Learned =>
        searchByLearning(episodes, create(), { stacks: 300, seed, count: 5 });
      const episodes = new Episodes(planted(1));
      const first = run(episodes, 9);
      run(episodes, 10);
      assert.deepEqual(run(episodes, 9), first);
      assert.deepEqual(run(new Episodes(planted(1)), 9), first);
      const pausing = new LearningRun(episodes, create(), { stacks: 300, seed: 9, count: 5 });
      let learned = pausing.goOn({ spent: () => true });
      let pauses = 0;
      for (; learned === undefined; learned = pausing.goOn({ spent: () => true })) pauses++;
      assert.deepEqual(learned, first);
      assert.ok(pauses > 0);
    });
  }

  it("keep the best distinct stacks, best first", () => {
    const { best, exhausted, stacks } = searchByLearning(new Episodes(planted(1)), new Latest(), {
      stacks: 100_000,
      seed: 1,
      count: 10,
    });
    assert.ok(exhausted && stacks > 10);
    assert.equal(best.length, 10);
    assert.equal(new Set(best.map(({ assignment }) => JSON.stringify([...assignment]))).size, 10);
    for (const [i, { score, vector }] of best.entries()) {
      const next = best[i + 1];
      if (next === undefined) continue;
      assert.ok(score >= next.score);
      assert.ok((vector[0] as number) <= (next.vector[0] as number));
    }
    const walked = searchByLearning(new Episodes(planted(1)), new RandomWalk(), {
      stacks: 20_000,
      seed: 1,
      count: 10,
    });
    assert.deepEqual(
      walked.best.map(({ vector }) => vector),
      best.map(({ vector }) => vector),
    );
  });

  it("hear of each step, of dead ends and of the end", () => {
    const heard: number[] = [];
    class Listener extends RandomWalk {
      reward({ episodes, lastScore, scale }: Run, reward: number): void {
        heard.push(reward);
        if (reward === Number.POSITIVE_INFINITY) assert.equal(lastScore, scoreOf(episodes.vector, scale));
      }
    }
    const episodes = new Episodes(planted(2));
    const forced = scoreOf(episodes.vector, scaleOf(episodes));
    const { steps, stacks, deadEnds, best } = searchByLearning(episodes, new Listener(), {
      stacks: 1,
      seed: 1,
    });
    assert.equal(stacks, 1);
    assert.equal(heard.filter(Number.isNaN).length, deadEnds);
    assert.equal(heard.length, steps + 1);
    assert.equal(heard.at(-1), Number.POSITIVE_INFINITY);
    if (deadEnds === 0)
      assert.equal(
        heard.slice(0, -1).reduce((a, b) => a + b, forced),
        best[0]?.score,
      );
  });

  it("stop when the budget is spent", () => {
    const budget = { spent: () => true };
    const learned = searchByLearning(new Episodes(planted(1)), new RandomWalk(), {
      stacks: 10,
      seed: 1,
      budget,
    });
    assert.deepEqual([learned.stacks, learned.best.length], [0, 0]);
    const steps = searchByLearning(new Episodes(planted(1)), new RandomWalk(), {
      stacks: 99,
      steps: 7,
      seed: 1,
    });
    assert.equal(steps.steps, 7);
  });

  it("need packages to combine", () => {
    assert.throws(() => new PackageCombinations([]), isThothError("usage"));
  });

  it("go through all combinations of two packages before anything else changes", () => {
    const problem = free(4, 5);
    const pairs = new Set<string>();
    const others = new Set<string>();
    class Watcher extends PackageCombinations {
      reward({ episodes }: Run, reward: number): void {
        if (reward !== Number.POSITIVE_INFINITY) return;
        const releases = new Int32Array(episodes.packages);
        episodes.copy(releases);
        pairs.add(`${releases[1]} ${releases[3]}`);
        others.add(`${releases[0]} ${releases[2]}`);
      }
    }
    searchByLearning(new Episodes(problem), new Watcher([1, 3]), { stacks: 25, seed: 1 });
    assert.deepEqual([pairs.size, others.size], [25, 1]);
  });

  it("start anew where dead ends abound, and yet see that there is no stack", () => {
    const { stacks, deadEnds, exhausted } = searchByLearning(new Episodes(crowd(6)), new RandomWalk(), {
      stacks: 1_000,
      seed: 1,
    });
    assert.deepEqual([stacks, exhausted], [0, true]);
    assert.ok(deadEnds > 100);
  });

  it("score no stack where there is none", () => {
    const problem = { ...planted(1), roots: [{ package: 0, range: RELEASES }] };
    const { best, stacks, exhausted } = searchByLearning(new Episodes(problem), new HillClimbing(), {
      stacks: 10,
      seed: 1,
    });
    assert.deepEqual([best.length, stacks, exhausted], [0, 0, true]);
  });
});

/** Packages that nothing connects; each costs its release. */
function free(packages: number, releases: number): Problem {
  return {
    levels: 1,
    roots: Array.from({ length: packages }, (_, id) => ({ package: id, range: 0 })),
    facts: {
      package: () => ({ releases, costs: [Array.from({ length: releases }, (_, release) => release)] }),
      dependencies: () => [],
      admitted: () => setFromRanges(releases, [0, releases]),
    },
  };
}

/** More pigeons than holes: each hole is a package that one pigeon pins to itself. */
function crowd(pigeons: number): Problem {
  const holes = pigeons - 1;
  return {
    levels: 0,
    roots: Array.from({ length: pigeons }, (_, id) => ({ package: id, range: pigeons })),
    facts: {
      package: (id) => ({ releases: id < pigeons ? holes : pigeons, costs: [] }),
      dependencies: (id, hole) => (id < pigeons ? [{ package: pigeons + hole, range: id }] : []),
      admitted: (at) =>
        at < pigeons ? setFromRanges(pigeons, [at, at + 1]) : setFromRanges(holes, [0, holes]),
    },
  };
}

describe("scores", () => {
  it("compare as vectors do, where they can", () => {
    const episodes = new Episodes(planted(1));
    const scale = scaleOf(episodes);
    assert.equal(scale.exact, true);
    const better = scoreOf(Float64Array.of(1, episodes.ceiling(1)), scale);
    assert.ok(better > scoreOf(Float64Array.of(2, 0), scale));
  });

  it("are shares where the numbers are too large", () => {
    const huge = free(2, 3);
    const costs = [0, 1, 2].map((_, level) => [0, 10 ** (6 - level), 10 ** 7]);
    const problem: Problem = {
      ...huge,
      levels: 3,
      facts: { ...huge.facts, package: () => ({ releases: 3, costs }) },
    };
    const scale = scaleOf(new Episodes(problem));
    assert.equal(scale.exact, false);
    assert.ok(scale.range <= 1_001_001);
    assert.ok(scoreOf(Float64Array.of(0, 2e7, 0), scale) > scoreOf(Float64Array.of(2e7, 0, 0), scale));
  });
});

describe("the history of a run", () => {
  it("has at most 2,000 points, evenly spread", () => {
    const { history } = searchByLearning(new Episodes(free(4, 9)), new RandomWalk(), {
      stacks: 5_000,
      seed: 1,
    });
    assert.ok(history.length > 1_000 && history.length <= 2_000);
    const [first, second] = history.map(({ stack }) => stack) as [number, number];
    for (const [i, point] of history.entries()) assert.equal(point.stack, first + i * (second - first));
    for (const { score, best } of history) assert.ok(score <= best);
  });

  it("is drawn as an SVG text that stands alone", () => {
    const { history } = searchByLearning(new Episodes(planted(1)), new TemporalDifference(), {
      stacks: 500,
      seed: 1,
    });
    const svg = plotRun(`a <run> & "more"`, history);
    assert.ok(svg.startsWith("<svg ") && svg.endsWith("</svg>\n"));
    assert.equal(svg.match(/<polyline/g)?.length, 5);
    assert.ok(svg.includes("a &lt;run&gt; &amp; &quot;more&quot;"));
    assert.equal(/NaN|Infinity|undefined|href/.test(svg), false);
    const walk = searchByLearning(new Episodes(planted(1)), new RandomWalk(), { stacks: 1, seed: 1 });
    assert.equal(plotRun("walk", walk.history).match(/<polyline/g)?.length, 3);
    assert.ok(plotRun("nothing", []).includes("no stacks"));
  });
});

describe("policies", () => {
  it("are kept as JSON and come back the same", () => {
    const policy = learn(planted(1));
    const bytes = savePolicy(policy);
    const again = loadPolicy(bytes);
    assert.deepEqual(savePolicy(again), bytes);
    assert.equal([...again.entries()].length, [...policy.entries()].length);
    const odd = new Policy();
    odd.set("__proto__", "constructor", { rewards: -0.5, count: 2 });
    assert.equal(loadPolicy(savePolicy(odd)).average("__proto__", "constructor"), -0.25);
  });

  it("outlive a run: what was known of other packages stays, what is known grows", () => {
    const before = new Policy();
    before.set("elsewhere", "1.0", { rewards: -1, count: 3 });
    const first = learn(planted(1), before);
    assert.equal(first.get("elsewhere", "1.0")?.count, 3);
    const second = learn(planted(1), first);
    const total = (policy: Policy) =>
      [...policy.entries()].reduce((sum, one) => sum + one.experience.count, 0);
    assert.ok(total(second) > total(first));
  });

  it("are refused where they are damaged", () => {
    const good = '{"format":"thoth-policy","version":1,"packages":{"a":{"1":[-1,2]}}}';
    loadPolicy(new TextEncoder().encode(good));
    const damaged = [
      "",
      "[]",
      "null",
      good.slice(0, -1),
      good.replace("thoth-policy", "other"),
      good.replace('"version":1', '"version":2'),
      good.replace("[-1,2]", "[-1]"),
      good.replace("[-1,2]", "[-1,0]"),
      good.replace("[-1,2]", "[-1,1.5]"),
      good.replace("[-1,2]", '["-1",2]'),
      good.replace("[-1,2]", "[1e999,2]"),
      good.replace("[-1,2]", "[-1,2,3]"),
      good.replace("[-1,2]", "null"),
      good.replace('{"1":[-1,2]}', "[]"),
      good.replace('"a"', '""'),
      good.replace('"a"', `"${"a".repeat(300)}"`),
      good.replace('{"a":{"1":[-1,2]}}', "7"),
    ];
    for (const text of damaged)
      assert.throws(() => loadPolicy(new TextEncoder().encode(text)), isThothError("file-failed"), text);
    assert.throws(() => loadPolicy(Uint8Array.of(0xff, 0xfe)), isThothError("file-failed"));
    assert.throws(() => loadPolicy(new Uint8Array(17 * 1024 * 1024)), isThothError("limit-exceeded"));
    const many = Array.from({ length: 200_001 }, (_, i) => `"${i}":[0,1]`).join(",");
    const large = good.replace('"1":[-1,2]', many);
    assert.throws(() => loadPolicy(new TextEncoder().encode(large)), isThothError("limit-exceeded"));
  });

  it("order the decisions of the exact search and leave its answer alone", () => {
    for (const seed of SEEDS) {
      const problem = planted(seed);
      const guess = guessOf(learn(problem), problem.facts, NAMES);
      assert.ok(guess(0) >= 0 && guess(0) < RELEASES);
      assert.deepEqual(new Solver(problem, { guess }).step(), new Solver(problem).step());
    }
    assert.equal(guessOf(new Policy(), planted(1).facts, NAMES)(0), -1);
  });

  it("are no better than a stack, which may be where the exact search begins", () => {
    for (const seed of SEEDS) {
      const problem = planted(seed);
      const { best } = searchByLearning(new Episodes(problem), new HillClimbing(), { stacks: 50, seed });
      const guess = guessFrom(best[0]);
      assert.equal(guess(0), best[0]?.assignment.get(0));
      assert.deepEqual(new Solver(problem, { guess }).step(), new Solver(problem).step());
    }
    assert.equal(guessFrom(undefined)(0), -1);
  });
});

function learn(problem: Problem, policy?: Policy): Policy {
  const predictor = new TemporalDifference({ names: NAMES, policy });
  searchByLearning(new Episodes(problem), predictor, { stacks: 500, seed: 1 });
  assert.ok(predictor.learned !== undefined);
  return predictor.learned;
}

function isThothError(code: string): (error: unknown) => boolean {
  return (error) => error instanceof ThothError && error.code === code;
}
