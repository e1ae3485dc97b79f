// Which stacks of a problem are looked at, by a predictor: pins that are given to the resolution one after the other. The same seed
// gives the same pins.

import { newestOfSeries, type Pins, type Stack } from "@thoth/inspection";

export const PREDICTORS = ["random", "combinations", "pair"] as const;
export type Predictor = (typeof PREDICTORS)[number];

export interface Terrain {
  /** The stack around which it goes. */
  readonly newest: Stack;
  /** Names of the packages that are varied, those that were asked for first. */
  readonly names: readonly string[];
  readonly suspects: readonly string[];
  readonly releases: (name: string) => Promise<readonly string[]>;
  readonly seed: number;
}

export async function* explore(predictor: Predictor, terrain: Terrain): AsyncGenerator<Pins> {
  yield new Map();
  switch (predictor) {
    case "random":
      yield* atRandom(terrain);
      return;
    case "combinations":
      yield* combinations(terrain);
      return;
    case "pair":
      yield* around(terrain, terrain.suspects);
      return;
    default:
      predictor satisfies never;
  }
}

/** For ever: one to three packages, each with any release. */
async function* atRandom({ names, releases, seed }: Terrain): AsyncGenerator<Pins> {
  const next = randomOf(seed);
  for (;;) {
    const pins = new Map<string, string>();
    const count = 1 + Math.trunc(next() * 3);
    for (let at = 0; at < count; at++) {
      const name = names[Math.trunc(next() * names.length)]!;
      const known = await releases(name);
      const version = known[Math.trunc(next() * known.length)];
      if (version !== undefined) pins.set(name, version);
    }
    yield pins;
  }
}

/** One package at a time, the nearest series first; then two at a time. */
async function* combinations({ names, releases, newest }: Terrain): AsyncGenerator<Pins> {
  const ways = new Map<string, readonly string[]>();
  const current = new Map(newest);
  for (const name of names)
    ways.set(
      name,
      ends(await releases(name)).filter((version) => version !== current.get(name)),
    );
  const longest = Math.max(0, ...[...ways.values()].map(({ length }) => length));
  for (let at = 0; at < longest; at++)
    for (const [name, versions] of ways) if (at < versions.length) yield new Map([[name, versions[at]!]]);
  for (let sum = 0; sum < 2 * longest; sum++)
    for (const [at, one] of names.entries())
      for (const other of names.slice(at + 1))
        yield* diagonal([one, ways.get(one)!], [other, ways.get(other)!], sum);
}

type Ways = readonly [name: string, versions: readonly string[]];

function* diagonal([one, first]: Ways, [other, second]: Ways, sum: number): Generator<Pins> {
  for (let at = Math.max(0, sum - second.length + 1); at <= sum && at < first.length; at++) {
    yield new Map([
      [one, first[at]!],
      [other, second[sum - at]!],
    ]);
  }
}

/** Every series of the one with every series of the other. */
async function* around({ releases }: Terrain, suspects: readonly string[]): AsyncGenerator<Pins> {
  const [one, other] = suspects as readonly [string, string];
  const [first, second] = [ends(await releases(one)), ends(await releases(other))];
  for (let sum = 0; sum < first.length + second.length; sum++)
    yield* diagonal([one, first], [other, second], sum);
}

/** The newest and the oldest release of each series, the newest series first. */
function ends(versions: readonly string[]): readonly string[] {
  const newest = new Set(newestOfSeries(versions));
  const oldest = newestOfSeries(versions.toReversed()).filter((version) => !newest.has(version));
  const all = new Set([...newest, ...oldest]);
  return versions.filter((version) => all.has(version));
}

/** Of a 32-bit seed, numbers from 0 to 1 (xorshift, with steps as in Marsaglia, https://doi.org/10.18637/jss.v008.i14). */
function randomOf(seed: number): () => number {
  let state = (Math.imul(seed + 1, 0x9e3779b1) | 1) >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}
