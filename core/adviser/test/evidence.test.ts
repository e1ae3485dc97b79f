import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Fact, MeasurementFact, ObservationFact } from "@thoth/knowledge";
import { normalizeName, parseSpecifiers } from "@thoth/pep";
import { Random } from "@thoth/solver";
import fc from "fast-check";
import {
  EvidenceBook,
  measuredSlowness,
  observedBreakage,
  type RecommendationType,
  Resolution,
  type RuleTerm,
} from "../src/index.ts";
import { type Index, MemoryKnowledge, projectOf, resolve } from "./memory.ts";
import { randomIndex } from "./random-index.ts";

const PLACE = "cpython 3.12 x86_64-linux";
const provenance = { source: "test", observedAt: 0, tool: "test" };

function observation(owner: string, version: string, more: Partial<ObservationFact>): Fact<"observation"> {
  const body: ObservationFact = {
    version,
    beside: [],
    stage: "import",
    outcome: "failed",
    times: 1,
    environment: "",
    place: PLACE,
    ...more,
  };
  const subject = JSON.stringify(body);
  return { owner: normalizeName(owner), kind: "observation", subject, body, provenance };
}

interface Measured {
  readonly version: string;
  readonly interval: readonly [number, number];
  readonly cpu?: string;
  readonly python?: string;
  readonly noisy?: string;
  /** As `matmul elapsed`, where it is another. */
  readonly what?: string;
  /** Beside numpy. */
  readonly beside?: Readonly<Record<string, string>>;
}

function measurement({ version, interval, cpu = "A", python = "cpython 3.12.1", ...more }: Measured) {
  const { noisy, beside, what = "matmul elapsed" } = more;
  const [indicator = "", metric = ""] = what.split(" ");
  const body: MeasurementFact = {
    version,
    indicator,
    script: "s",
    parameters: {},
    metric,
    unit: "ms",
    higherIsBetter: false,
    batches: [interval],
    median: (interval[0] + interval[1]) / 2,
    interval,
    outliers: 0,
    stack: Object.entries({ ...beside, numpy: version }),
    environment: {
      os: { id: "debian", version: "12" },
      python,
      machine: "x86_64",
      libc: "glibc 2.36",
      cpu: { model: cpu, count: 2, features: [] },
      memory: 1,
      limits: {},
      missing: [],
      threads: {},
    },
    ...(noisy === undefined ? {} : { noisy }),
  };
  const subject = JSON.stringify(body);
  return { owner: normalizeName("numpy"), kind: "measurement", subject, body, provenance } as const;
}

const HERE = { python: "cpython 3.12", machine: "x86_64", cpu: "A" };

function advised(
  index: Index,
  requirements: readonly string[],
  { terms, type }: { readonly terms: readonly RuleTerm[]; readonly type: RecommendationType },
) {
  const rules = new EvidenceBook(undefined, { identity: "", terms });
  const project = projectOf(requirements, { recommendationType: type });
  const step = resolve(new MemoryKnowledge(index, false), project, { rules, some: () => 1 });
  if (step.kind !== "solved") return { pins: step.kind, levels: {}, said: [] };
  const { packages, objective, advice } = step.product;
  return {
    pins: packages.map(({ name, version }) => `${name}==${version}`).join(" "),
    levels: Object.fromEntries(objective.map(({ level, value }) => [level, value])),
    said: advice().flatMap(({ rules: holding }) =>
      holding.flatMap(({ justification }) => justification.map(({ message }) => message)),
    ),
  };
}

const TWO: Index = { numpy: { "1.0": {}, "2.0": {} }, pillow: { "8.2": {}, "8.3": {} } };

describe("what was seen to fail", () => {
  it("is avoided, and told where nothing else is left", () => {
    const terms = observedBreakage(
      [observation("numpy", "2.0", { symptom: "ImportError: x", times: 3 })],
      PLACE,
    );
    assert.equal(advised(TWO, ["numpy"], { terms, type: "stable" }).pins, "numpy==1.0");
    const kept = advised(TWO, ["numpy>1"], { terms, type: "stable" });
    assert.equal(kept.pins, "numpy==2.0");
    assert.equal(kept.levels["breakage"], 750);
    assert.deepEqual(kept.said, ["numpy 2.0 failed at import in 3 of 3 inspections: ImportError: x"]);
    assert.equal(advised(TWO, ["numpy"], { terms, type: "latest" }).pins, "numpy==2.0");
  });

  it("counts for the releases that fail together", () => {
    const terms = observedBreakage([observation("pillow", "8.3", { beside: [["numpy", "2.0"]] })], PLACE);
    assert.equal(advised(TWO, ["pillow"], { terms, type: "stable" }).pins, "pillow==8.3");
    const both = advised(TWO, ["pillow", "numpy"], { terms, type: "stable" });
    assert.ok(["numpy==1.0 pillow==8.3", "numpy==2.0 pillow==8.2"].includes(both.pins), both.pins);
    assert.equal(advised(TWO, ["pillow>8.2", "numpy>1"], { terms, type: "stable" }).levels["breakage"], 500);
  });

  it("is believed the less the more often it worked, and says nothing of other places", () => {
    const failed = observation("numpy", "2.0", {});
    const worked = observation("numpy", "2.0", { outcome: "passed", times: 8 });
    assert.deepEqual(
      observedBreakage([failed, worked], PLACE).map(({ score }) => score),
      [-0.1],
    );
    assert.deepEqual(observedBreakage([failed], "cpython 3.9 x86_64-linux"), []);
    assert.deepEqual(observedBreakage([worked], PLACE), []);
  });
});

describe("what was measured", () => {
  it("lets performance take an older release that is faster for certain", () => {
    const terms = measuredSlowness(
      [
        measurement({ version: "1.0", interval: [10, 11] }),
        measurement({ version: "2.0", interval: [22, 24] }),
      ],
      HERE,
    );
    const found = advised(TWO, ["numpy"], { terms, type: "performance" });
    assert.equal(found.pins, "numpy==1.0");
    assert.deepEqual(found.said, ["measured: numpy 1.0 runs matmul (elapsed) 2.19 times as fast as 2.0"]);
    assert.equal(advised(TWO, ["numpy>1"], { terms, type: "performance" }).levels["slowness"], 1000);
    assert.equal(advised(TWO, ["numpy"], { terms, type: "stable" }).pins, "numpy==2.0");
  });

  it("takes no pre-release, however fast the releases around it are", () => {
    const terms = measuredSlowness(
      [
        measurement({ version: "1.0", interval: [10, 11] }),
        measurement({ version: "2.0", interval: [5, 6] }),
      ],
      HERE,
    );
    const index: Index = { numpy: { "1.0": {}, "2.0": {}, "2.1rc1": {} } };
    assert.equal(advised(index, ["numpy"], { terms, type: "performance" }).pins, "numpy==2.0");
  });

  it("takes none that is faster where a rule is against it", () => {
    const terms = measuredSlowness(
      [
        measurement({ version: "1.0", interval: [10, 11] }),
        measurement({ version: "2.0", interval: [22, 24] }),
      ],
      HERE,
    );
    const when = [
      { name: normalizeName("numpy"), specifiers: parseSpecifiers("<2"), prereleases: true },
    ] as const;
    const rule = { unit: "breaks", score: -0.1, forbids: undefined, when, justification: [] };
    assert.equal(
      advised(TWO, ["numpy"], { terms: [...terms, rule], type: "performance" }).pins,
      "numpy==2.0",
    );
  });

  it("counts indicators alike, however many metrics each has", () => {
    const both = (version: string, what: string, milliseconds: number) =>
      measurement({ version, interval: [milliseconds, milliseconds], what });
    const facts = ["a", "b", "c"].flatMap((metric) => [
      both("1.0", `arrays ${metric}`, 5),
      both("2.0", `arrays ${metric}`, 10),
    ]);
    facts.push(both("1.0", "matmul elapsed", 20), both("2.0", "matmul elapsed", 10));
    // Twice as fast by one, half as fast by the other.
    assert.deepEqual(measuredSlowness(facts, HERE), []);
  });

  it("is no reason for an older release where it gains less than anybody could rely on", () => {
    const gaining = (milliseconds: number) =>
      measuredSlowness(
        [
          measurement({ version: "1.0", interval: [milliseconds, milliseconds] }),
          measurement({ version: "2.0", interval: [100, 100] }),
        ],
        HERE,
      );
    assert.deepEqual(gaining(98.5), []);
    assert.ok((gaining(97)[0]?.score ?? 0) > 0);
    // What it loses is told, however little.
    assert.ok((gaining(101.5)[0]?.score ?? 0) < 0);
  });

  it("counts nothing where intervals overlap, in unlike environments, or where it is noisy", () => {
    const newest = measurement({ version: "2.0", interval: [10, 12] });
    const overlapping = measurement({ version: "1.0", interval: [9, 10.5] });
    const other = { version: "1.0", interval: [1, 2] } as const;
    assert.deepEqual(measuredSlowness([newest, overlapping], HERE), []);
    assert.deepEqual(measuredSlowness([newest, measurement({ ...other, cpu: "B" })], HERE), []);
    assert.deepEqual(measuredSlowness([newest, measurement({ ...other, noisy: "quota" })], HERE), []);
    assert.deepEqual(
      measuredSlowness([newest, measurement({ ...other, python: "cpython 3.11.2" })], HERE),
      [],
    );
  });

  it("compares no releases whose stacks differ in others", () => {
    const beside = (libc: string) => ({ libc });
    const facts = [
      measurement({ version: "1.0", interval: [10, 11], beside: beside("1") }),
      measurement({ version: "2.0", interval: [22, 24], beside: beside("2") }),
    ];
    assert.deepEqual(measuredSlowness(facts, HERE), []);
    // What only one of them needs is no difference.
    const own = measurement({ version: "1.0", interval: [10, 11], beside: { libc: "2", six: "1" } });
    assert.deepEqual(scoresOf([...facts, own]), { "1.0": 1 });
  });

  it("compares them by the releases between, as few as there can be", () => {
    const measured = (version: string, libc: string, milliseconds: number) =>
      measurement({ version, interval: [milliseconds, milliseconds], beside: { libc } });
    const facts = [
      measured("1.0", "1", 10),
      measured("2.0", "1", 20),
      // Twice the time, for another libc.
      measured("2.0", "2", 40),
      measured("3.0", "2", 80),
      measured("4.0", "3", 1),
    ];
    assert.deepEqual(scoresOf(facts), {});
    assert.deepEqual(scoresOf(facts.slice(0, 4)), { "1.0": 2, "2.0": 1 });
    assert.deepEqual(scoresOf([...facts.slice(0, 4), measured("1.0", "2", 40)]), { "1.0": 1, "2.0": 1 });
  });

  it("makes nothing of what was not measured beside slow releases, but not of what is newer", () => {
    const slow = (version: string) => measurement({ version, interval: [40, 41] });
    const facts = [slow("1.0"), slow("1.2"), measurement({ version: "2.0", interval: [10, 11] })];
    const terms = measuredSlowness(facts, HERE);
    const index: Index = {
      numpy: Object.fromEntries(["0.9", "1.0", "1.1", "1.2", "1.3", "2.0", "2.1"].map((one) => [one, {}])),
    };
    const cost = (version: string) =>
      advised(index, [`numpy==${version}`], { terms, type: "performance" }).levels["slowness"];
    assert.deepEqual(["2.0", "2.1", "1.3"].map(cost), [0, 0, 0]);
    for (const version of ["0.9", "1.0", "1.1", "1.2"]) assert.ok((cost(version) ?? 0) > 1800, version);
    const { said } = advised(index, ["numpy==1.1"], { terms, type: "performance" });
    assert.deepEqual(said, ["not measured: numpy 1.0 and 1.2, on either side of it, are slower than 2.0"]);
  });

  it("is taken from the environment that is most like the place", () => {
    const facts = ["A", "B"].flatMap((cpu) => [
      measurement({ version: "1.0", interval: cpu === "A" ? [10, 11] : [40, 41], cpu }),
      measurement({ version: "2.0", interval: [20, 21], cpu }),
    ]);
    const faster = (cpu: string) => measuredSlowness(facts, { ...HERE, cpu }).some(({ score }) => score > 0);
    assert.equal(faster("A"), true);
    assert.equal(faster("B"), false);
  });
});

/** By version, as powers of two. */
function scoresOf(facts: Parameters<typeof measuredSlowness>[0]): Record<string, number> {
  const terms = measuredSlowness(facts, HERE).filter(({ unit }) => !/[<>]/.test(unit));
  return Object.fromEntries(terms.map(({ unit, score }) => [unit.split(" ").at(-1), Math.round(score)]));
}

describe("what is found out on the way", () => {
  const types = fc.constantFrom<RecommendationType>("stable", "security", "performance", "latest");
  const found = fc.array(
    fc.record({ name: fc.nat(5), version: fc.nat(5), points: fc.integer({ min: 1, max: 2000 }) }),
    { maxLength: 6 },
  );

  it("leads to the answer that it would have led to from the beginning", () => {
    fc.assert(
      fc.property(fc.nat(), types, found, (seed, type, facts) => {
        const index = randomIndex(new Random(seed));
        const names = Object.keys(index);
        const terms = facts.flatMap(({ name, version, points }, at): RuleTerm[] => {
          const owner = names[name % names.length] as string;
          const versions = Object.keys(index[owner] ?? {});
          const exact = versions[version % Math.max(1, versions.length)];
          if (exact === undefined) return [];
          const when = [
            { name: normalizeName(owner), specifiers: parseSpecifiers(`==${exact}`), prereleases: true },
          ];
          const rest = {
            score: -points / 1000,
            counts: "breakage",
            forbids: undefined,
            justification: [],
          } as const;
          return [{ unit: `found ${at}`, when: when as unknown as RuleTerm["when"], ...rest }];
        });
        const project = projectOf(["alpha", "gamma"], { recommendationType: type });
        const known = answerWith(
          index,
          new Resolution(project, new MemoryKnowledge(index, true), {
            rules: new EvidenceBook(undefined, { identity: "", terms }),
          }),
        );
        const book = new EvidenceBook(undefined, { identity: "", terms: [] });
        const resolution = new Resolution(project, new MemoryKnowledge(index, true), { rules: book });
        answerWith(index, resolution);
        for (const term of terms) {
          resolution.learnOf(book.add([term]));
          answerWith(index, resolution);
        }
        assert.equal(answerWith(index, resolution), known);
      }),
      { numRuns: 300 },
    );
  });
});

function answerWith(_: Index, resolution: Resolution): string {
  const step = resolution.step();
  if (step.kind !== "solved") return step.kind;
  const { packages, objective } = step.product;
  return JSON.stringify([packages.map(({ name, version }) => [name, version]), objective]);
}
