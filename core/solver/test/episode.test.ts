// Episodes against brute force: all stacks of random universes, counted out depth first and met by chance.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Episodes, knownPart, Random as Seeded, Solver, withConditions } from "../src/index.ts";
import { pigeons, planted } from "./hard.ts";
import { bruteForce } from "./oracle.ts";
import { Random } from "./random.ts";
import { problemOf, randomUniverse, type Universe, UniverseFacts } from "./universe.ts";

const SEEDS = 2_000;

describe("episodes", () => {
  it(`count out exactly the stacks of ${SEEDS} random universes, the optimum among them`, () => {
    let stacks = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const universe = randomUniverse(new Random(seed));
      const episodes = new Episodes(problemOf(universe));
      const found = enumerate(universe, episodes);
      const expected = everyStack(universe).toSorted();
      assert.deepEqual(found.stacks.toSorted(), expected, `seed ${seed}`);
      const answer = new Solver(problemOf(universe)).step();
      assert.equal(answer.kind, found.best === undefined ? "unsatisfiable" : "solved", `seed ${seed}`);
      if (answer.kind === "solved")
        assert.deepEqual(
          found.best,
          answer.levels.map(({ value }) => value),
        );
      stacks += expected.length;
    }
    assert.ok(stacks > 3 * SEEDS, `${stacks} stacks`);
  });

  it("end in consistent stacks, whatever is chosen", () => {
    for (let seed = 1; seed <= 500; seed++) {
      const random = new Random(seed);
      const universe = randomUniverse(random, { packages: [4, 9], releases: [1, 6], levels: [1, 3] });
      const episodes = new Episodes(problemOf(universe));
      for (let i = 0; i < 20 && !episodes.exhausted; i++) {
        if (!walk(episodes, random)) break;
        assert.ok(isStack(universe, assignmentOf(episodes)), `seed ${seed}`);
        assert.deepEqual([...episodes.vector], vectorOf(universe, assignmentOf(episodes)));
        const next = random.between(0, 2);
        if (next === 0) episodes.undo(random.between(0, episodes.depth));
        else if (next === 1) episodes.refuse();
        else episodes.reset();
      }
      episodes.restart();
      assert.equal(walk(episodes, random), bruteForce(universe) !== undefined);
    }
  });

  it("come back to the same state after undoing, refusing and restarting", () => {
    const random = new Random(7);
    const universe = planted(random, { packages: 30, releases: 12, needs: 3, roots: 6 });
    const episodes = new Episodes(problemOf(universe));
    const fresh = stateOf(episodes);
    for (let i = 0; i < 200; i++) {
      assert.ok(walk(episodes, random));
      if (random.chance(0.3)) episodes.refuse();
      episodes.restart();
      assert.deepEqual(stateOf(episodes), fresh);
    }
  });

  it("see that there is no stack", () => {
    const episodes = new Episodes(problemOf(pigeons(5, 4)));
    while (!episodes.exhausted) {
      assert.equal(episodes.done, false);
      episodes.take(episodes.neededAt(episodes.firstOpen), episodes.action(firstOpen(episodes), 0));
    }
    assert.equal(episodes.isImpossible, false);
  });

  it("let nobody choose what is auxiliary, and pay the least for it", () => {
    const universe = twoPackages();
    const problem = withConditions(problemOf(universe), (id) =>
      id === 0
        ? [
            {
              level: 0,
              cost: 7,
              when: [
                { package: 0, range: 1 },
                { package: 1, range: 3 },
              ],
            },
          ]
        : [],
    );
    const episodes = new Episodes(problem);
    const costs: number[] = [];
    while (!episodes.exhausted) {
      while (!episodes.done) episodes.take(firstOpen(episodes), episodes.action(firstOpen(episodes), 0));
      costs.push(episodes.vector[0]!);
      episodes.refuse();
    }
    assert.deepEqual(costs, [7, 0, 0, 0]);
  });

  it("refuse facts that are unknown, or do without them", () => {
    const universe = twoPackages();
    const facts = new UniverseFacts(universe, false);
    facts.reveal(0);
    facts.reveal(1);
    facts.reveal(0, 1);
    facts.reveal(1, 0);
    const problem = problemOf(universe, facts);
    assert.throws(() => new Episodes(problem), /not known/);
    const episodes = new Episodes(knownPart(problem));
    assert.equal(episodes.done, true);
    assert.deepEqual(assignmentOf(episodes), new Map([0, 1].map((id) => [id, id === 0 ? 1 : 0])));
  });
});

describe("a seeded generator", () => {
  it("gives the same numbers for the same seed, evenly", () => {
    const [one, other] = [new Seeded(3), new Seeded(3)];
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) {
      const number = one.below(7);
      assert.equal(number, other.below(7));
      counts[number]!++;
    }
    for (const count of counts) assert.ok(Math.abs(count - 10_000) < 500, `${counts}`);
    assert.notEqual(new Seeded(4).bits(), new Seeded(5).bits());
  });
});

/** Two packages of two releases; range 1 is the first release of package 0, range 3 that of package 1. */
function twoPackages(): Universe {
  const ranges = [[3], [1], [3], [1]].map((words) => Uint32Array.from(words));
  const needs = [[{ package: 1, range: 2 }], [{ package: 1, range: 2 }]];
  return {
    packages: [
      { releases: 2, costs: [undefined], needs },
      { releases: 2, costs: [undefined], needs: [[], []] },
    ],
    ranges,
    roots: [{ package: 0, range: 0 }],
    levels: 1,
  };
}

function firstOpen(episodes: Episodes): number {
  return episodes.neededAt(episodes.firstOpen);
}

/** To the end of an episode. False: there is none. */
function walk(episodes: Episodes, random: Random): boolean {
  while (!episodes.done) {
    if (episodes.exhausted) return false;
    const open = Array.from({ length: episodes.needed }, (_, i) => episodes.neededAt(i)).filter((v) =>
      episodes.isOpen(v),
    );
    const v = random.pick(open);
    const release = episodes.action(v, random.between(0, episodes.actions(v) - 1));
    assert.ok(episodes.isLegal(v, release));
    episodes.take(v, release);
  }
  return true;
}

function stateOf(episodes: Episodes): unknown {
  const needed = Array.from({ length: episodes.needed }, (_, i) => episodes.neededAt(i));
  return {
    needed,
    actions: needed.map((v) => Array.from({ length: episodes.actions(v) }, (_, i) => episodes.action(v, i))),
    vector: [...episodes.vector],
    depth: episodes.depth,
    done: episodes.done,
  };
}

function assignmentOf(episodes: Episodes): Map<number, number> {
  const releases = new Int32Array(episodes.packages);
  episodes.copy(releases);
  const found = new Map<number, number>();
  for (const [v, release] of releases.entries()) if (release >= 0) found.set(episodes.idOf(v), release);
  return new Map([...found].sort(([a], [b]) => a - b));
}

function enumerate(
  universe: Universe,
  episodes: Episodes,
): { readonly stacks: string[]; readonly best: number[] | undefined } {
  const stacks: string[] = [];
  let best: number[] | undefined;
  while (!episodes.exhausted) {
    while (!episodes.done && !episodes.exhausted)
      episodes.take(firstOpen(episodes), episodes.action(firstOpen(episodes), 0));
    if (episodes.exhausted) break;
    const assignment = assignmentOf(episodes);
    stacks.push(JSON.stringify([...assignment]));
    const vector = [...episodes.vector];
    assert.deepEqual(vector, vectorOf(universe, assignment));
    if (best === undefined || less(vector, best)) best = vector;
    episodes.refuse();
  }
  return { stacks, best };
}

function less(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && a[at]! < b[at]!;
}

function vectorOf({ packages, levels }: Universe, chosen: ReadonlyMap<number, number>): number[] {
  return Array.from({ length: levels }, (_, level) => {
    let sum = 0;
    for (const [id, release] of chosen) sum += packages[id]!.costs[level]?.[release] ?? 0;
    return sum;
  });
}

/** What is chosen meets all needs, and nothing is chosen that nothing needs. */
function isStack({ packages, ranges, roots }: Universe, chosen: ReadonlyMap<number, number>): boolean {
  const needed = new Set<number>();
  const demands = [...roots];
  for (const [id, release] of chosen) {
    const needs = packages[id]!.needs[release]!;
    if (needs === "unusable") return false;
    demands.push(...needs);
    const { mirrors } = packages[id]!;
    if (mirrors === undefined) continue;
    if (chosen.get(mirrors) !== release) return false;
    needed.add(mirrors);
  }
  for (const { package: id, range, optional } of demands) {
    const release = chosen.get(id);
    if (release === undefined && optional === true) continue;
    if (release === undefined || (ranges[range]![release >> 5]! & (1 << (release & 31))) === 0) return false;
    if (optional !== true) needed.add(id);
  }
  return [...chosen.keys()].every((id) => needed.has(id));
}

/** All stacks, by trying every release of every package that becomes needed. */
function everyStack(universe: Universe): string[] {
  const found: string[] = [];
  const chosen = new Map<number, number>();
  const needs = (): number | undefined => {
    const stack = universe.roots.filter(({ optional }) => optional !== true).map((root) => root.package);
    const seen = new Set(stack);
    const add = (id: number | undefined): void => {
      if (id === undefined || seen.has(id)) return;
      seen.add(id);
      stack.push(id);
    };
    for (const id of stack) {
      const release = chosen.get(id);
      if (release === undefined) return id;
      add(universe.packages[id]!.mirrors);
      const own = universe.packages[id]!.needs[release]!;
      if (own !== "unusable") for (const need of own) if (need.optional !== true) add(need.package);
    }
    return undefined;
  };
  const go = (): void => {
    const next = needs();
    if (next === undefined) {
      if (isStack(universe, chosen)) found.push(JSON.stringify([...chosen].sort(([a], [b]) => a - b)));
      return;
    }
    for (let release = 0; release < universe.packages[next]!.releases; release++) {
      chosen.set(next, release);
      go();
    }
    chosen.delete(next);
  };
  go();
  return found;
}
