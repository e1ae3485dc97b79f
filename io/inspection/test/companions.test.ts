// Packages that have to move together, in small worlds: an old release of the suspect fails in another way beside new releases of what
// that failure names, and those perhaps in a third way.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { findGuilty, type Sentence } from "../src/guilt/find-guilty.ts";
import { type Court, compareReleases, type Verdict } from "../src/guilt/trial.ts";
import type { Stack } from "../src/inspection.ts";

/** `p0` fails from a release on; below it `p1` must be below one too, and below that `p2`, `p3`. */
interface Chain {
  readonly size: number;
  readonly borders: readonly number[];
}

const versionOf = (place: number) => `${1 + Math.trunc(place / 3)}.${place % 3}`;
const stackOf = (places: readonly number[]): Stack => places.map((place, at) => [`p${at}`, versionOf(place)]);

interface Told {
  /** What the failures that are not looked for name. */
  readonly names?: (place: number) => readonly string[];
  readonly former?: boolean;
}

/** Five packages, of which the last has no part in it. */
function courtOf({ size, borders }: Chain, { names, former }: Told = {}): Court & { readonly seen: Stack[] } {
  const seen: Stack[] = [];
  const brokenAt = (stack: Stack): number =>
    borders.findIndex((border, at) => compareReleases(stack[at]![1], versionOf(border)) >= 0);
  return {
    seen,
    resolve: async (pins, near) => near.map(([name, version]) => [name, pins.get(name) ?? version]),
    inspect: async (stack): Promise<Verdict> => {
      seen.push(stack);
      const broken = brokenAt(stack);
      return broken === -1 ? "passes" : broken === 0 ? "fails" : "other";
    },
    blamed: (stack) => {
      const broken = brokenAt(stack);
      return names?.(broken) ?? [`p${broken - 1}`, `p${broken}`];
    },
    releases: async () => Array.from({ length: size }, (_, at) => versionOf(at)).toReversed(),
    former: async (stack, pins) =>
      former === true && pins !== undefined
        ? stack.map(([name]) => [name, pins.get(name) ?? versionOf(0)])
        : undefined,
  };
}

const chains = fc.integer({ min: 4, max: 12 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    borders: fc.array(fc.integer({ min: 1, max: size - 1 }), { minLength: 2, maxLength: 3 }),
  }),
);

const search = (court: Court, { size }: Chain, suspects = ["p0"]): Promise<Sentence> =>
  findGuilty(court, {
    failing: stackOf(Array.from({ length: 5 }, () => size - 1)),
    suspects,
    named: suspects.length,
    most: 100,
  });

/** Of `p0` the exact range, and beside it nothing but what has to move. */
function assertHealed(sentence: Sentence, { borders, size }: Chain): void {
  assert.equal(sentence.kind, "guilty");
  if (sentence.kind !== "guilty") return;
  const { guilty, companions, healed } = sentence;
  const border = borders[0]!;
  assert.deepEqual(guilty, [
    {
      name: "p0",
      version: versionOf(size - 1),
      newer: "all",
      older: { bad: versionOf(border), good: versionOf(border - 1), unknown: [] },
    },
  ]);
  const needed = borders.slice(1).map((_, at) => `p${at + 1}`);
  assert.deepEqual(companions.toSorted(), needed);
  for (const [name, version] of healed)
    if (name !== "p0" && !needed.includes(name)) assert.equal(version, versionOf(size - 1));
}

/** The newest release of the major one before. */
const majorBefore = (size: number) => 3 * Math.trunc((size - 1) / 3) - 1;

describe("packages that have to move together", () => {
  test("are found by what the other failure names", async () => {
    await fc.assert(
      fc.asyncProperty(chains, async (chain) => {
        fc.pre(chain.borders.slice(1).every((border) => border > majorBefore(chain.size)));
        const court = courtOf(chain);
        const sentence = await search(court, chain);
        assertHealed(sentence, chain);
        assert.equal(sentence.inspections, court.seen.length);
        const halvings = 2 * Math.ceil(Math.log2(chain.size));
        assert.ok(sentence.inspections <= halvings + 8, `${sentence.inspections}`);
      }),
      { numRuns: 200 },
    );
  });

  test("are found as of the days of what was moved to, whatever the other failure names", async () => {
    await fc.assert(
      fc.asyncProperty(chains, async (chain) => {
        assertHealed(await search(courtOf(chain, { former: true }), chain), chain);
        const mute = courtOf(chain, { former: true, names: () => [] });
        assertHealed(await search(mute, chain), chain);
      }),
      { numRuns: 200 },
    );
  });

  test("cost few inspections where the other failure leads astray", async () => {
    await fc.assert(
      fc.asyncProperty(chains, async (chain) => {
        const hopeless = { ...chain, borders: [chain.borders[0]!, 0] };
        const astray = courtOf(hopeless, { names: () => ["p3", "p4", "p2"] });
        const led = await search(astray, hopeless);
        const mute = courtOf(hopeless, { names: () => [] });
        const notLed = await search(mute, hopeless);
        assert.equal(led.kind, "unhealed");
        assert.equal(notLed.kind, "unhealed");
        assert.ok(led.inspections <= notLed.inspections + 8, `${led.inspections} ${notLed.inspections}`);
      }),
      { numRuns: 100 },
    );
  });

  test("cost no inspection where a move of one package heals", async () => {
    await fc.assert(
      fc.asyncProperty(chains, async ({ size, borders }) => {
        const chain = { size, borders: borders.slice(0, 1) };
        const court = courtOf(chain, { former: true });
        const sentence = await search(court, chain, ["p0", "p1"]);
        assertHealed(sentence, chain);
        const { blamed: _, former: __, seen, ...plain } = courtOf(chain);
        assert.deepEqual(await search(plain, chain, ["p0", "p1"]), sentence);
        assert.deepEqual(court.seen, seen);
      }),
    );
  });
});
