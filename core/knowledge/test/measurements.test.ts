// Statistics of measurements against enumeration, and against what was measured elsewhere.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { dataFolder, missingData, randomFrom } from "@thoth/testkit";
import { array, constantFrom, double, assert as holds, integer, property, tuple } from "fast-check";
import type { EnvironmentFacts, MeasurementFact } from "../src/graph/observation-facts.ts";
import { compareMeasurements, mannWhitneyRank } from "../src/measurements/compare-measurements.ts";
import { environmentDifferences, environmentDigest } from "../src/measurements/environment-digest.ts";
import { median, medianInterval, withoutOutliers } from "../src/measurements/median.ts";
import { looksQuantised, quantisedShare } from "../src/measurements/quantisation.ts";
import { summarize } from "../src/measurements/summarize.ts";

const times = array(double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });

const environment: EnvironmentFacts = {
  os: { id: "debian", version: "12" },
  python: "cpython 3.11.7",
  machine: "x86_64",
  libc: "glibc 2.36",
  cpu: { model: "one", count: 2, features: ["avx2"] },
  memory: 8,
  limits: { memory: 1 },
  missing: [],
  threads: { OMP_NUM_THREADS: "1" },
};

function measured(
  batches: readonly (readonly number[])[],
  more: Partial<MeasurementFact> = {},
): MeasurementFact {
  const summary = summarize({ batches, unit: "ms" });
  assert.ok(summary);
  return {
    version: "1",
    indicator: "conv2d",
    script: "a",
    parameters: {},
    metric: "elapsed",
    unit: "ms",
    higherIsBetter: false,
    ...summary,
    stack: [],
    environment,
    ...more,
  };
}

describe("the median", () => {
  test("has as many values above as below", () => {
    holds(
      property(times, (values) => {
        const middle = median(values);
        assert.ok(values.filter((value) => value < middle).length <= values.length / 2);
        assert.ok(values.filter((value) => value > middle).length <= values.length / 2);
      }),
    );
  });

  test("lies in its interval, which holds in 95 of 100 cases by count of all cases", () => {
    for (let count = 1; count <= 16; count++) {
      const values = Array.from({ length: count }, (_, at) => at);
      const interval = medianInterval(values);
      // Each value is above or below the true median with even chance: the interval misses it where too few are below.
      const misses = (rank: number) => {
        let missed = 0;
        for (let sides = 0; sides < 2 ** count; sides++) {
          const below = [...sides.toString(2)].filter((digit) => digit === "1").length;
          if (below < rank || count - below < rank) missed++;
        }
        return missed / 2 ** count;
      };
      if (interval === undefined) assert.ok(misses(1) > 0.05, `${count} values`);
      else {
        const rank = interval[0] + 1;
        assert.equal(interval[1], count - rank);
        assert.ok(misses(rank) <= 0.05, `${count} values`);
        assert.ok(2 * rank + 1 > count || misses(rank + 1) > 0.05, `${count} values, wider than it must be`);
      }
    }
  });

  test("has an interval that does not mind the order, and scales", () => {
    holds(
      property(times, integer({ min: 1, max: 1000 }), (values, factor) => {
        const interval = medianInterval(values);
        assert.deepEqual(medianInterval(values.toReversed()), interval);
        assert.deepEqual(
          medianInterval(values.map((value) => value * factor)),
          interval?.map((end) => end * factor),
        );
        if (interval) assert.ok(interval[0] <= median(values) && median(values) <= interval[1]);
      }),
    );
  });
});

describe("outliers", () => {
  test("are fewer than half, and none lies between values that stay", () => {
    holds(
      property(times, (values) => {
        const kept = withoutOutliers(values);
        assert.ok(kept.length * 2 >= values.length);
        const [low, high] = [Math.min(...kept), Math.max(...kept)];
        const between = values.filter((value) => low <= value && value <= high);
        assert.equal(between.length, kept.length);
      }),
    );
  });

  test("a run that took twice as long is one", () => {
    assert.deepEqual(withoutOutliers([0.76, 0.77, 0.76, 0.78, 1.52, 0.75]), [0.76, 0.77, 0.76, 0.78, 0.75]);
  });
});

describe("a summary", () => {
  test("keeps what it does not count as outliers", () => {
    holds(
      property(array(times, { minLength: 1, maxLength: 8 }), (batches) => {
        const summary = summarize({ batches, unit: "ms" });
        assert.ok(summary);
        assert.equal(summary.batches.flat().length + summary.outliers, batches.flat().length);
        assert.ok(summary.interval[0] <= summary.median && summary.median <= summary.interval[1]);
      }),
    );
  });

  test("of nothing is none", () => {
    assert.equal(summarize({ batches: [[], []], unit: "ms" }), undefined);
  });

  test("says why it cannot be relied on", () => {
    const noise = (batches: readonly number[][], throttled?: number) =>
      summarize({ batches, unit: "ms", throttled })?.noisy;
    const steady = [10, 10.01, 10.02, 9.99, 10, 10.01].map((value) => [value, value, value]);
    assert.equal(noise(steady), undefined);
    assert.equal(noise(steady, 0), undefined);
    assert.match(noise(steady, 0.3) ?? "", /quota/);
    assert.match(noise(steady.slice(0, 3)) ?? "", /3 batches/);
    assert.match(noise([[10], [15], [8], [14], [9], [12]]) ?? "", /wide/);
    assert.match(noise([200, 201, 301, 199, 299, 300].map((value) => [value])) ?? "", /multiples of 100 ms/);
  });
});

describe("quantisation", () => {
  test("times that a quota made are near multiples of its period", () => {
    holds(
      property(
        array(tuple(integer({ min: 1, max: 50 }), integer({ min: -2, max: 2 })), { minLength: 5 }),
        (made) => {
          const values = made.map(([periods, off]) => periods * 100 + off);
          assert.equal(quantisedShare(values), 1);
          assert.equal(looksQuantised(values, undefined), true);
          assert.equal(looksQuantised(values, 0), false);
        },
      ),
    );
  });

  test("times of any length are so by chance in at most a fifth", () => {
    const random = randomFrom(7);
    const values = Array.from({ length: 20_000 }, () => 100 + random(5_000_000) / 1000);
    assert.ok(quantisedShare(values) < 0.21);
    assert.equal(looksQuantised(values, undefined), false);
  });
});

describe("a comparison", () => {
  test("counts as all orders of two small samples do", () => {
    for (let first = 1; first <= 6; first++)
      for (let second = 1; second <= 6; second++) {
        const outOfOrder: number[] = [];
        const place = (before: number, ones: number, others: number) => {
          if (ones === 0 && others === 0) outOfOrder.push(before);
          // A value of the first sample comes after every one of the second that is placed already.
          if (ones > 0) place(before + second - others, ones - 1, others);
          if (others > 0) place(before, ones, others - 1);
        };
        place(0, first, second);
        const chance = (most: number) =>
          outOfOrder.filter((count) => count <= most).length / outOfOrder.length;
        const rank = mannWhitneyRank(first, second);
        if (rank > 0) assert.ok(chance(rank - 1) <= 0.025);
        assert.ok(chance(rank) > 0.025, `${first} and ${second}`);
      }
  });

  test("of a measurement with itself finds no difference", () => {
    holds(
      property(array(times, { minLength: 1, maxLength: 8 }), (batches) => {
        const comparison = compareMeasurements(measured(batches), measured(batches));
        assert.equal(comparison.kind, "no-measurable-difference");
      }),
    );
  });

  test("turns round with its sides", () => {
    holds(
      property(
        array(times, { minLength: 6, maxLength: 9 }),
        integer({ min: 1, max: 40 }),
        (batches, tenths) => {
          const slow = measured(batches);
          const fast = measured(batches.map((batch) => batch.map((value) => value / (tenths / 10))));
          const [there, back] = [compareMeasurements(slow, fast), compareMeasurements(fast, slow)];
          assert.ok(there.kind !== "incomparable" && back.kind !== "incomparable");
          const opposite = { faster: "slower", slower: "faster", "no-measurable-difference": there.kind };
          assert.equal(back.kind, opposite[there.kind]);
          assert.ok(Math.abs(there.speedup * back.speedup - 1) < 1e-9);
          assert.ok(Math.abs(there.interval[0] * back.interval[1] - 1) < 1e-9);
        },
      ),
    );
  });

  test("finds what is twice as fast, by time and by rate", () => {
    const steady = (value: number) =>
      [0, 0.1, 0.2, -0.1, 0.05, -0.05].map((off) => [value + off, value - off]);
    const [slow, fast] = [measured(steady(23)), measured(steady(11.5))];
    const comparison = compareMeasurements(slow, fast);
    assert.equal(comparison.kind, "faster");
    assert.ok(comparison.kind === "faster" && comparison.interval[0] > 1.9 && comparison.interval[1] < 2.1);
    const rates = { higherIsBetter: true, unit: "GFLOPS" };
    assert.equal(
      compareMeasurements(measured(steady(23), rates), measured(steady(11.5), rates)).kind,
      "slower",
    );
  });

  test("tells in which packages the stacks differ", () => {
    const batches = [1, 2, 3, 4, 5, 6].map((value) => [100 + value / 1000]);
    const one = measured(batches, {
      stack: [
        ["numpy", "1.26.4"],
        ["six", "1.16.0"],
      ],
    });
    const other = measured(batches, {
      stack: [
        ["numpy", "2.0.0"],
        ["tzdata", "2024.1"],
      ],
    });
    const comparison = compareMeasurements(one, other);
    assert.ok(comparison.kind !== "incomparable");
    assert.deepEqual(comparison.changed, [
      { name: "numpy", from: "1.26.4", to: "2.0.0" },
      { name: "six", from: "1.16.0", to: undefined },
      { name: "tzdata", from: undefined, to: "2024.1" },
    ]);
  });

  test("refuses what is unlike", () => {
    const batches = [[1], [1], [1], [1], [1], [1]];
    const unlike: readonly (readonly [Partial<MeasurementFact>, string])[] = [
      [{ script: "b" }, "script"],
      [{ parameters: { SIZE: "2" } }, "parameter: SIZE"],
      [{ metric: "rate" }, "metric"],
      [{ environment: { ...environment, python: "cpython 3.12.1" } }, "environment: python"],
      [{ environment: { ...environment, cpu: { ...environment.cpu, model: "two" } } }, "environment: cpu"],
      [{ environment: { ...environment, threads: {} } }, "environment: threads"],
    ];
    for (const [more, reason] of unlike) {
      const comparison = compareMeasurements(measured(batches), measured(batches, more));
      assert.deepEqual(comparison, { kind: "incomparable", reasons: [reason] });
    }
    assert.equal(compareMeasurements(measured(batches), measured([[0]])).kind, "incomparable");
  });
});

test("an environment's digest minds its values and not the order of its keys", () => {
  const turned = Object.fromEntries(Object.entries(environment).toReversed()) as unknown as EnvironmentFacts;
  assert.equal(environmentDigest(turned), environmentDigest(environment));
  holds(
    property(constantFrom("os", "python", "machine", "libc", "cpu", "memory", "limits"), (name) => {
      const other = { ...environment, [name]: "another" } as unknown as EnvironmentFacts;
      assert.notEqual(environmentDigest(other), environmentDigest(environment));
      assert.deepEqual(environmentDifferences(environment, other), [name]);
    }),
  );
});

describe("conv2d of TensorFlow 0.12 to 1.13 on one machine", { skip: missingData("measurements") }, () => {
  interface Row {
    readonly elapsed_ms: number;
    readonly packages: Readonly<Record<string, string>>;
  }
  const read = () => {
    const path = join(dataFolder(), "measurements", "tensorflow-conv2d.json");
    const { rows } = JSON.parse(readFileSync(path, "utf8")) as { rows: Row[] };
    return Object.entries(Object.groupBy(rows, ({ packages }) => packages["tensorflow"] as string)).map(
      ([version, group = []]) => ({ version, batches: group.map(({ elapsed_ms }) => [elapsed_ms]) }),
    );
  };

  test("no release is measurably faster than another", () => {
    const releases = read();
    assert.ok(releases.length >= 8);
    for (const one of releases)
      for (const other of releases) {
        const comparison = compareMeasurements(measured(one.batches), measured(other.batches));
        assert.equal(comparison.kind, "no-measurable-difference", `${one.version} ${other.version}`);
      }
  });

  test("nor would it be without the quota that made them so", () => {
    const shifted = read().map(({ batches }) => batches.map((batch) => batch.map((value) => value - 50)));
    const large = shifted.filter((batches) => batches.length >= 4);
    assert.ok(large.length >= 2);
    for (const one of large)
      for (const other of large) {
        const [first, second] = [one, other].map((batches) => ({ ...measured(batches), noisy: undefined }));
        const plain = ({ noisy: _, ...rest }: typeof first & object) => rest;
        assert.equal(compareMeasurements(plain(first!), plain(second!)).kind, "no-measurable-difference");
      }
  });

  test("its times lie at a multiple of 100 ms", () => {
    const medians = read().map(({ batches }) => median(batches.flat()));
    assert.equal(quantisedShare(medians), 1);
    assert.equal(looksQuantised(medians, undefined), true);
  });
});
