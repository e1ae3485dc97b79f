// Who is guilty, in small worlds in which it is known: whatever fails there fails because of single releases, ranges or pairs of
// ranges, and what is found is compared with what all stacks of the world say.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { findGuilty, type Sentence } from "../src/guilt/find-guilty.ts";
import { mineConflicts, nearestPassing } from "../src/guilt/mine-conflicts.ts";
import { minimalSet } from "../src/guilt/minimal-set.ts";
import { findEdge, newestOfSeries } from "../src/guilt/release-range.ts";
import type { Court, Pins, Verdict } from "../src/guilt/trial.ts";
import type { Stack } from "../src/inspection.ts";

/** A package's release by its place, 0 the oldest. */
type Places = readonly number[];

interface Small {
  /** Releases of each package. */
  readonly sizes: readonly number[];
  /** Ranges of places that fail together. */
  readonly guilty: readonly { readonly of: number; readonly low: number; readonly high: number }[];
  /** One from such a place on needs another from such a place on. */
  readonly needs: readonly {
    readonly of: number;
    readonly from: number;
    readonly on: number;
    readonly least: number;
  }[];
}

const nameOf = (at: number) => `p${at}`;
const versionOf = (place: number) => `${1 + Math.trunc(place / 3)}.${place % 3}`;
const stackOf = (places: Places): Stack => places.map((place, at) => [nameOf(at), versionOf(place)]);
const placesOf = (stack: Stack): Places =>
  stack.map(([, version]) => {
    const [major = 0, minor = 0] = version.split(".").map(Number);
    return (major - 1) * 3 + minor;
  });
const failsIn = ({ guilty }: Small, places: Places) =>
  guilty.every(({ of, low, high }) => places[of]! >= low && places[of]! <= high);
const isLegal = ({ needs }: Small, places: Places) =>
  needs.every(({ of, from, on, least }) => places[of]! < from || places[on]! >= least);

function* allStacks({ sizes }: Small): Generator<Places> {
  const total = sizes.reduce((product, size) => product * size, 1);
  for (let code = 0; code < total; code++) {
    let rest = code;
    yield sizes.map((size) => {
      const place = rest % size;
      rest = Math.trunc(rest / size);
      return place;
    });
  }
}

/** Changes the fewest packages, then prefers the newest. */
function nearest(small: Small, pins: Pins, near: Places): Places | undefined {
  let best: { readonly places: Places; readonly cost: number } | undefined;
  for (const places of allStacks(small)) {
    if (!isLegal(small, places)) continue;
    if ([...pins].some(([name, version]) => versionOf(places[Number(name.slice(1))]!) !== version)) continue;
    const changed = places.filter((place, at) => place !== near[at]).length;
    const age = places.reduce((sum, place, at) => sum + small.sizes[at]! - place, 0);
    const cost = changed * 1000 + age;
    if (best === undefined || cost < best.cost) best = { places, cost };
  }
  return best?.places;
}

function courtOf(small: Small): Court & { readonly seen: Stack[] } {
  const seen: Stack[] = [];
  return {
    seen,
    resolve: async (pins, near) => {
      const found = nearest(small, pins, placesOf(near));
      return found === undefined ? undefined : stackOf(found);
    },
    inspect: async (stack) => {
      const places = placesOf(stack);
      assert.ok(isLegal(small, places), "every stack that is tried meets the requirements");
      seen.push(stack);
      return failsIn(small, places) ? "fails" : "passes";
    },
    releases: async (name) =>
      Array.from({ length: small.sizes[Number(name.slice(1))]! }, (_, at) => versionOf(at)).toReversed(),
  };
}

const worlds = (needs: boolean): fc.Arbitrary<Small> =>
  fc
    .record({
      sizes: fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 2, maxLength: 4 }),
      first: fc.tuple(fc.nat(3), fc.nat(5), fc.nat(5)),
      second: fc.option(fc.tuple(fc.nat(3), fc.nat(5), fc.nat(5)), { nil: undefined }),
      needs: fc.array(fc.tuple(fc.nat(3), fc.nat(5), fc.nat(3), fc.nat(5)), { maxLength: needs ? 3 : 0 }),
    })
    .map(({ sizes, first, second, needs: bounds }) => {
      const range = ([of, low, high]: readonly [number, number, number]) => ({
        of: of % sizes.length,
        low: Math.min(low, high) % sizes[of % sizes.length]!,
        high: Math.max(low, high),
      });
      const guilty = [range(first), ...(second === undefined ? [] : [range(second)])];
      return {
        sizes,
        guilty,
        needs: bounds
          .map(([of, from, on, least]) => ({
            of: of % sizes.length,
            from,
            on: on % sizes.length,
            least: least % sizes[on % sizes.length]!,
          }))
          .filter(({ of, on }) => of !== on),
      };
    });

/** The newest stack, and what is asked of it where it fails. */
async function search(
  small: Small,
  more: { readonly working?: Stack | undefined } = {},
): Promise<
  | { readonly sentence: Sentence; readonly failing: Stack; readonly court: ReturnType<typeof courtOf> }
  | undefined
> {
  const places = nearest(
    small,
    new Map(),
    small.sizes.map((size) => size - 1),
  );
  if (places === undefined || !failsIn(small, places)) return undefined;
  const failing = stackOf(places);
  const court = courtOf(small);
  const suspects = failing.map(([name]) => name);
  return {
    sentence: await findGuilty(court, { failing, suspects, named: 0, most: 1000, ...more }),
    failing,
    court,
  };
}

const verdictOf = async (court: Court, pins: Pins, near: Stack): Promise<Verdict | "none"> => {
  const stack = await court.resolve(pins, near);
  return stack === undefined ? "none" : await court.inspect(stack);
};

describe("the guilty", () => {
  test("fail together, and none of them is named for nothing", async () => {
    await fc.assert(
      fc.asyncProperty(worlds(true), async (small) => {
        const found = await search(small);
        if (found?.sentence.kind !== "guilty") return;
        const { sentence, court, failing } = found;
        assert.ok(!failsIn(small, placesOf(sentence.healed)), "what is healed passes");
        // One more look at the stacks between the failing one and what works, with another court.
        for (const { name, version, older } of sentence.guilty) {
          assert.equal(new Map(failing).get(name), version);
          if (older === undefined || older === "all") continue;
          assert.equal(await verdictOf(court, new Map([[name, older.good]]), failing), "passes");
          assert.equal(await verdictOf(court, new Map([[name, older.bad]]), failing), "fails");
        }
      }),
      { numRuns: 150 },
    );
  });

  test("are exactly those of the world where nothing needs another", async () => {
    await fc.assert(
      fc.asyncProperty(worlds(false), async (small) => {
        const oldest = small.sizes.map(() => 0);
        if (failsIn(small, oldest)) return;
        const found = await search(small, { working: stackOf(oldest) });
        if (found === undefined) return;
        assert.equal(found.sentence.kind, "guilty");
        if (found.sentence.kind !== "guilty") return;
        // Ranges that the oldest releases are in too cannot be told from the rest of the stack.
        const real = new Set(small.guilty.filter(({ low }) => low > 0).map(({ of }) => nameOf(of)));
        assert.deepEqual(new Set(found.sentence.guilty.map(({ name }) => name)), real);
        for (const { name, older } of found.sentence.guilty) {
          const low = Math.max(...small.guilty.filter(({ of }) => nameOf(of) === name).map((one) => one.low));
          assert.ok(older !== undefined && older !== "all");
          assert.deepEqual([older.bad, older.good], [versionOf(low), versionOf(low - 1)]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("are found where a move of one package heals, and otherwise it is told that nothing does", async () => {
    await fc.assert(
      fc.asyncProperty(worlds(true), async (small) => {
        const found = await search(small);
        if (found === undefined) return;
        if (found.sentence.kind === "guilty") return;
        const passing = [...allStacks(small)].some(
          (places) => isLegal(small, places) && !failsIn(small, places),
        );
        const oldestMove = found.failing.some(([name]) =>
          // The oldest release of each was tried, with as little else moved as can be.
          ["1.0"].some((version) => {
            const places = nearest(small, new Map([[name, version]]), placesOf(found.failing));
            return places !== undefined && !failsIn(small, places);
          }),
        );
        assert.ok(!oldestMove, `a move heals, of ${passing}`);
      }),
      { numRuns: 150 },
    );
  });

  test("cost at most about the logarithm, and nothing is inspected twice", async () => {
    await fc.assert(
      fc.asyncProperty(worlds(false), async (small) => {
        const oldest = small.sizes.map(() => 0);
        if (failsIn(small, oldest)) return;
        const found = await search(small, { working: stackOf(oldest) });
        if (found?.sentence.kind !== "guilty") return;
        const { guilty, inspections, linear } = found.sentence;
        assert.equal(inspections, found.court.seen.length);
        assert.equal(new Set(found.court.seen.map((stack) => JSON.stringify(stack))).size, inspections);
        const halving = (count: number) => Math.ceil(Math.log2(Math.max(2, count)));
        const bound =
          guilty.length * (1 + halving(small.sizes.length)) +
          guilty.reduce((sum, { name }) => sum + 1 + halving(small.sizes[Number(name.slice(1))]!), 0);
        assert.ok(inspections <= bound, `${inspections} > ${bound}`);
        const all = small.sizes.reduce((sum, size) => sum + size - 1, 0);
        assert.ok(linear <= all);
      }),
      { numRuns: 200 },
    );
  });

  test("of a stack of hundreds are found with far fewer inspections than one by one", async () => {
    const names = Array.from({ length: 300 }, (_, at) => `p${at}`);
    const asked: number[] = [];
    const found = await minimalSet({ names, named: 0 }, async (some) => {
      asked.push(some.length);
      return some.includes("p77") && some.includes("p201") ? "fails" : "passes";
    });
    assert.deepEqual(new Set(found), new Set(["p77", "p201"]));
    assert.ok(asked.length <= 2 * (1 + Math.ceil(Math.log2(300))));
  });

  test("that the failure names are tried first", async () => {
    const names = Array.from({ length: 100 }, (_, at) => `p${at}`);
    let asked = 0;
    const found = await minimalSet({ names, named: 2 }, async (some) => {
      asked++;
      return some.includes("p0") && some.includes("p1") ? "fails" : "passes";
    });
    assert.deepEqual([...found].sort(), ["p0", "p1"]);
    assert.ok(asked <= 4, `${asked}`);
  });

  test("that cannot be told apart are named together", async () => {
    const found = await minimalSet({ names: ["a", "b", "c", "d"], named: 0 }, async (some) => {
      if (some.includes("b") !== some.includes("c")) return "other";
      return some.includes("b") ? "fails" : "passes";
    });
    assert.deepEqual([...found].sort(), ["b", "c"]);
  });

  test("are found from the stack of former days where no single move heals", async () => {
    // Both have to be old, and what both fail with is one of them.
    const fails = (places: Places) => places[0]! > 1 || places[1]! > 2;
    const small: Small = { sizes: [6, 6, 6], guilty: [], needs: [] };
    const failing = stackOf([5, 5, 5]);
    const court = {
      ...courtOf(small),
      inspect: async (stack: Stack): Promise<Verdict> => (fails(placesOf(stack)) ? "fails" : "passes"),
      former: async () => stackOf([1, 1, 1]),
    };
    const charge = { failing, suspects: ["p2", "p0"], named: 1, most: 50 };
    const sentence = await findGuilty(court, charge);
    assert.equal(sentence.kind, "guilty");
    if (sentence.kind !== "guilty") return;
    assert.ok(!fails(placesOf(sentence.healed)));
    assert.deepEqual(
      sentence.guilty.map(({ name }) => name),
      ["p0"],
    );
    const { former: _, ...without } = court;
    assert.equal((await findGuilty(without, charge)).kind, "unhealed");
  });

  test("are found in an old major release though no stack has the oldest, by the next that one has", async () => {
    // `p0` from 1.0 to 12.2; releases below 4.0 cannot be installed, and those below 5.0 work.
    const small: Small = { sizes: [36, 2], guilty: [{ of: 0, low: 12, high: 35 }], needs: [] };
    const court = courtOf(small);
    const feasible: Court = {
      ...court,
      resolve: async (pins, near) => {
        const stack = near.map(([name, version]) => [name, pins.get(name) ?? version] as const);
        return placesOf(stack)[0]! >= 9 ? stack : undefined;
      },
    };
    const failing = stackOf([35, 1]);
    const sentence = await findGuilty(feasible, { failing, suspects: ["p0"], named: 1, most: 100 });
    assert.ok(sentence.kind === "guilty");
    assert.deepEqual(sentence.guilty[0]?.older, { bad: versionOf(12), good: versionOf(11), unknown: [] });
    assert.ok(court.seen.every((stack) => placesOf(stack)[0]! >= 9));
    assert.ok(sentence.inspections <= 12, `${sentence.inspections}`);
  });

  test("are not looked for beyond the inspections that are allowed", async () => {
    const small: Small = { sizes: [6, 6, 6], guilty: [{ of: 2, low: 1, high: 5 }], needs: [] };
    const failing = stackOf([5, 5, 5]);
    const court = courtOf(small);
    const suspects = ["p0", "p1", "p2"];
    const sentence = await findGuilty(court, { failing, suspects, named: 0, most: 2 });
    assert.deepEqual(sentence, { kind: "unhealed", inspections: 2, spent: true });
  });
});

describe("the range of releases", () => {
  test("has the last good and the first bad one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 200 }), fc.nat(), async (count, seed) => {
        const border = 1 + (seed % (count - 1));
        const versions = Array.from({ length: count }, (_, at) => `1.${count - at}`);
        let asked = 0;
        const edge = await findEdge(versions, async (version) => {
          asked++;
          return versions.indexOf(version) < border ? "fails" : "passes";
        });
        assert.deepEqual(edge, { bad: versions[border - 1], good: versions[border], unknown: [] });
        assert.ok(asked <= Math.ceil(Math.log2(count)));
      }),
    );
  });

  test("tells which releases nothing is known of", async () => {
    const edge = await findEdge(["5", "4", "3", "2", "1"], async (version) =>
      version === "3" ? "other" : Number(version) > 3 ? "fails" : "passes",
    );
    assert.deepEqual(edge, { bad: "4", good: "2", unknown: ["3"] });
  });

  test("is left where no more is answered, and asks on both sides of what tells nothing", async () => {
    const versions = Array.from({ length: 33 }, (_, at) => `1.${32 - at}`);
    const asked: string[] = [];
    const edge = await findEdge(versions, async (version) => {
      asked.push(version);
      const place = versions.indexOf(version);
      if (asked.length > 5) return undefined;
      return place < 4 ? "fails" : place > 28 ? "passes" : "other";
    });
    assert.deepEqual(asked, ["1.16", "1.24", "1.8", "1.28", "1.20", "1.12"]);
    assert.equal(edge.bad, "1.32");
    assert.equal(edge.good, "1.0");
    assert.equal(edge.unknown.length, 31);
  });

  test("is walked by series", () => {
    assert.deepEqual(newestOfSeries(["2.1", "2.0.1", "2.0", "1.26.4", "1.26.0", "1"]), [
      "2.1",
      "2.0.1",
      "1.26.4",
      "1",
    ]);
  });
});

describe("what failing stacks have in common", () => {
  const at = (a: string, b: string, c = "1"): Stack => [
    ["a", a],
    ["b", b],
    ["c", c],
  ];

  test("is a release that was seen in failures alone, or a pair of those that passed beside others", () => {
    const seen = [
      { stack: at("1", "1"), failed: false },
      { stack: at("2", "1"), failed: false },
      { stack: at("1", "2"), failed: false },
      { stack: at("2", "2"), failed: true },
      { stack: at("2", "2", "2"), failed: true },
    ];
    assert.deepEqual(mineConflicts(seen), [
      {
        releases: [
          ["a", "2"],
          ["b", "2"],
        ],
        failures: 2,
      },
      { releases: [["c", "2"]], failures: 1 },
    ]);
    assert.deepEqual(nearestPassing(at("2", "2", "2"), seen), at("2", "1"));
  });

  test("is in no stack that passes, and every pair that is guilty is among it once it was seen", () => {
    fc.assert(
      fc.property(
        worlds(false),
        fc.array(fc.array(fc.nat(5), { minLength: 4, maxLength: 4 })),
        (small, rows) => {
          const seen = rows.map((row) => {
            const places = small.sizes.map((size, of) => row[of]! % size);
            return { stack: stackOf(places), failed: failsIn(small, places) };
          });
          const mined = mineConflicts(seen);
          const holds = (stack: Stack, releases: Stack) =>
            releases.every(([name, version]) => new Map(stack).get(name) === version);
          for (const { releases, failures } of mined) {
            assert.ok(!seen.some(({ stack, failed }) => !failed && holds(stack, releases)));
            assert.equal(
              seen.filter(({ stack, failed }) => failed && holds(stack, releases)).length,
              failures,
            );
          }
          // What makes it fail is in each failing stack, as one release or two.
          for (const { stack } of seen.filter(({ failed }) => failed)) {
            const names = new Set(small.guilty.map(({ of }) => nameOf(of)));
            const real = stack.filter(([name]) => names.has(name));
            assert.ok(
              mined.some(
                ({ releases }) => releases.every(([name]) => names.has(name)) && holds(real, releases),
              ),
            );
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
