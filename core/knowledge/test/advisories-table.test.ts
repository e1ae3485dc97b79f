import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type PackageName, parsePackageName, parseVersion, ThothError } from "@thoth/pep";
import fc from "fast-check";
import { isAffected } from "../src/advisories/affected.ts";
import { mergeAdvisories } from "../src/advisories/merge.ts";
import type { OsvEventKind } from "../src/advisories/osv.ts";
import { compileAdvisories, type OsvAdvisory } from "../src/compile.ts";
import { type Flaw, openAdvisories } from "../src/index.ts";

interface Sketch extends Partial<OsvAdvisory> {
  readonly id: string;
  /** Affected up to this version of each package. */
  readonly fixed?: Readonly<Record<string, string>>;
}

function advisory({ fixed = { sample: "2.0" }, ...parts }: Sketch): OsvAdvisory {
  return {
    aliases: [],
    published: 0,
    modified: 0,
    withdrawn: false,
    affected: Object.entries(fixed).map(([name, version]) => ({
      name: parsePackageName(name),
      versions: [],
      ranges: [
        [
          { kind: "introduced", version: "0" },
          { kind: "fixed", version },
        ],
      ],
      vectors: [],
    })),
    vectors: [],
    label: "unknown",
    summary: "",
    link: `https://osv.dev/vulnerability/${parts.id}`,
    ...parts,
  };
}

const sample = parsePackageName("sample");

function flawsOf(advisories: readonly OsvAdvisory[], name: PackageName = sample): readonly Flaw[] {
  return openAdvisories(compileAdvisories(advisories)).flaws(name);
}

function onlyFlaw(advisories: readonly OsvAdvisory[], name: PackageName = sample): Flaw {
  const [flaw, ...others] = flawsOf(advisories, name);
  assert.ok(flaw !== undefined && others.length === 0);
  return flaw;
}

const critical = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
const medium = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N";

suite("one flaw once", () => {
  test("aliases are one flaw, in any number of steps; the best known name is its id", () => {
    const pysec = advisory({ id: "PYSEC-2021-1", aliases: ["SNYK-1", "CVE-2021-9"], published: 300 });
    const ghsa = advisory({ id: "GHSA-a", aliases: ["CVE-2021-9"], published: 200, summary: "From GitHub" });
    const other = advisory({ id: "OTHER-1", aliases: ["SNYK-1"], published: 0, summary: "From others" });
    const flaw = onlyFlaw([pysec, other, ghsa]);
    assert.equal(flaw.id, "CVE-2021-9");
    assert.deepEqual(flaw.aliases, ["CVE-2021-9", "GHSA-a", "OTHER-1", "PYSEC-2021-1", "SNYK-1"]);
    assert.equal(flaw.published, 200);
    assert.equal(flaw.summary, "From GitHub");
    assert.equal(flaw.link, "https://osv.dev/vulnerability/GHSA-a");
  });

  test("where its advisories disagree, what any of them affects is affected", () => {
    const ghsa = advisory({ id: "GHSA-a", aliases: ["PYSEC-1"], fixed: { sample: "2.0" } });
    const pysec = advisory({ id: "PYSEC-1", fixed: { sample: "2.1" } });
    const flaw = onlyFlaw([ghsa, pysec]);
    assert.equal(flaw.id, "GHSA-a");
    assert.equal(flaw.affects(parseVersion("2.0.5")), true);
    assert.equal(flaw.affects(parseVersion("2.1")), false);
    assert.deepEqual(flaw.fixedIn, ["2.1"]);
  });

  test("each package has the flaw with its own releases", () => {
    const one = advisory({ id: "CVE-1", fixed: { sample: "2.0", "sample-gpu": "3.0" } });
    assert.deepEqual(onlyFlaw([one]).fixedIn, ["2.0"]);
    assert.deepEqual(onlyFlaw([one], parsePackageName("sample-gpu")).fixedIn, ["3.0"]);
    assert.deepEqual(flawsOf([one], parsePackageName("sampl")), []);
  });

  test("withdrawn advisories do not count, and join nothing", () => {
    const left = advisory({ id: "GHSA-a" });
    const right = advisory({ id: "GHSA-b" });
    const joins = advisory({ id: "PYSEC-1", aliases: ["GHSA-a", "GHSA-b"], withdrawn: true, modified: 7 });
    const reader = openAdvisories(compileAdvisories([left, joins, right]));
    assert.deepEqual(
      reader.flaws(sample).map(({ id }) => id),
      ["GHSA-a", "GHSA-b"],
    );
    assert.equal(reader.count, 2);
    assert.equal(reader.newest, 7);
  });

  test("of two documents with one id the later one counts", () => {
    const old = advisory({ id: "GHSA-a", modified: 1 });
    const withdrawn = advisory({ id: "GHSA-a", modified: 2, withdrawn: true });
    assert.deepEqual(flawsOf([withdrawn, old]), []);
    assert.equal(flawsOf([old, { ...withdrawn, withdrawn: false }]).length, 1);
  });

  test("the highest severity that is known; a word counts where there is no vector", () => {
    const rated = (...sketches: readonly Partial<OsvAdvisory>[]) => {
      const all = sketches.map((parts, at) => advisory({ id: `X-${at}`, aliases: ["CVE-1"], ...parts }));
      const { severity, score } = onlyFlaw(all);
      return [severity, score];
    };
    assert.deepEqual(rated({}), ["unknown", undefined]);
    assert.deepEqual(rated({ vectors: [medium] }, { vectors: [critical, "nonsense"] }), ["critical", 9.8]);
    assert.deepEqual(rated({ label: "low", vectors: [medium] }), ["medium", 6.1]);
    assert.deepEqual(rated({ label: "high" }, { vectors: [medium] }), ["high", 6.1]);
    assert.deepEqual(rated({ label: "high", vectors: ["nonsense"] }), ["high", undefined]);
  });

  test("a vector of one package is not that of another", () => {
    const one = advisory({ id: "CVE-1", fixed: { sample: "2", other: "2" }, vectors: [medium] });
    const [first, second] = one.affected;
    const both = { ...one, affected: [first!, { ...second!, vectors: [critical] }] };
    assert.equal(onlyFlaw([both]).score, 6.1);
    assert.equal(onlyFlaw([both], parsePackageName("other")).severity, "critical");
  });

  test("malware by any of its names, exploited by any of those that are given", () => {
    const attack = advisory({ id: "GHSA-a", aliases: ["MAL-2024-1"] });
    assert.equal(onlyFlaw([attack]).malware, true);
    assert.equal(onlyFlaw([attack]).exploited, false);
    const bytes = compileAdvisories([attack], { exploited: new Set(["MAL-2024-1"]) });
    assert.equal(openAdvisories(bytes).flaws(sample)[0]?.exploited, true);
  });
});

// Laws

const name = fc.constantFrom("a", "aa", "b", "b-c", "zope-interface").map(parsePackageName);
const id = fc.constantFrom("CVE-1", "CVE-2", "GHSA-1", "GHSA-2", "PYSEC-1", "PYSEC-2", "MAL-1", "X-1", "X-2");
const version = fc.constantFrom("0", "1.0", "1", "1.1rc1", "1.1", "2.0.0", "2.0", "3", "1!0", "junk");
const kind = fc.constantFrom<OsvEventKind>("introduced", "fixed", "last_affected", "limit");
const vectors = fc.subarray([critical, medium, "junk"]);
const anyAdvisory: fc.Arbitrary<OsvAdvisory> = fc.record({
  id,
  aliases: fc.array(id, { maxLength: 2 }),
  published: fc.nat({ max: 5 }),
  modified: fc.nat({ max: 2 }),
  withdrawn: fc.constantFrom(false, false, false, true),
  affected: fc.array(
    fc.record({
      name,
      versions: fc.array(version, { maxLength: 2 }),
      ranges: fc.array(fc.array(fc.record({ kind, version }), { maxLength: 4 }), { maxLength: 2 }),
      vectors,
    }),
    { minLength: 1, maxLength: 3 },
  ),
  vectors,
  label: fc.constantFrom("unknown", "high", "low"),
  summary: fc.constantFrom("", "one", "zwölf 🐍"),
  link: fc.constantFrom("https://osv.dev/vulnerability/CVE-1", "https://example.org/"),
});
const many = fc.array(anyAdvisory, { maxLength: 8 });
const probes = ["0.1", "1", "1.0.0", "1.1rc1", "1.1rc2", "1.1", "1.9", "2", "2.5", "3", "9", "1!0", "1!1"];

suite("laws of the table", () => {
  test("it says what the merged advisories say", () => {
    fc.assert(
      fc.property(many, (advisories) => {
        const merged = mergeAdvisories(advisories);
        const reader = openAdvisories(compileAdvisories(advisories));
        assert.equal(reader.count, merged.count);
        assert.equal(reader.newest, merged.newest);
        for (const [packageName, facts] of merged.packages) {
          const flaws = reader.flaws(packageName);
          assert.equal(flaws.length, facts.length);
          for (const [at, { affected, ...said }] of facts.entries()) {
            const flaw = flaws[at]!;
            for (const [key, value] of Object.entries(said)) assert.deepEqual(flaw[key as keyof Flaw], value);
            for (const text of probes) {
              const probe = parseVersion(text);
              assert.equal(flaw.affects(probe), isAffected(affected, probe), text);
            }
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("the order of documents, of aliases and of entries does not matter", () => {
    fc.assert(
      fc.property(many, fc.infiniteStream(fc.nat()), (advisories, keys) => {
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((item) => ({ item, key: keys.next().value ?? 0 }))
            .sort((left, right) => left.key - right.key)
            .map(({ item }) => item);
        // Documents with one id and one time differ by their text, so their own lists stay as they are.
        const unique = new Map(advisories.map((one) => [one.id, one]));
        const shuffled = shuffle([...unique.values()]).map((one) => ({
          ...one,
          aliases: shuffle(one.aliases),
          affected: shuffle(one.affected),
          vectors: shuffle(one.vectors),
        }));
        assert.deepEqual(compileAdvisories(shuffled), compileAdvisories([...unique.values()]));
        assert.deepEqual(compileAdvisories(shuffle(advisories)), compileAdvisories(advisories));
      }),
    );
  });

  test("no two flaws of a package share a name", () => {
    fc.assert(
      fc.property(many, (advisories) => {
        for (const flaws of mergeAdvisories(advisories).packages.values()) {
          const names = flaws.flatMap(({ aliases }) => aliases);
          assert.equal(new Set(names).size, names.length);
        }
      }),
    );
  });
});

suite("bytes of the table", () => {
  const table = compileAdvisories([
    advisory({ id: "CVE-1", summary: "One" }),
    advisory({ id: "CVE-2", fixed: { sample: "3", other: "1" }, vectors: [critical] }),
  ]);

  test("an empty one knows nothing", () => {
    const reader = openAdvisories(compileAdvisories([]));
    assert.deepEqual([reader.count, reader.newest, reader.flaws(sample)], [0, 0, []]);
  });

  test("it may lie anywhere in a larger buffer", () => {
    const large = new Uint8Array(table.length + 6);
    large.set(table, 3);
    assert.equal(openAdvisories(large.subarray(3, -3)).flaws(sample).length, 2);
  });

  test("facts alone have no summary, and all else", () => {
    const facts = compileAdvisories([advisory({ id: "CVE-1", summary: "One" })], { summaries: false });
    const [flaw] = openAdvisories(facts).flaws(sample);
    assert.equal(flaw?.summary, "");
    assert.deepEqual(flaw?.fixedIn, ["2.0"]);
  });

  test("what was read is kept", () => {
    const reader = openAdvisories(table);
    assert.equal(reader.flaws(sample), reader.flaws(sample));
  });

  test("foreign, cut and lengthened bytes are told", () => {
    const foreign = [new Uint8Array(), new Uint8Array(100), table.subarray(0, 20), table.subarray(0, -1)];
    for (const bytes of [...foreign, new Uint8Array([...table, 0])]) {
      assert.throws(
        () => openAdvisories(bytes),
        (error) => error instanceof ThothError && error.code === "index-response-invalid",
      );
    }
  });

  test("a changed byte is told, when it is read", () => {
    const read = (bytes: Uint8Array) => {
      const reader = openAdvisories(bytes);
      for (const packageName of [sample, parsePackageName("other")]) {
        for (const flaw of reader.flaws(packageName)) assert.ok(flaw.id && flaw.link);
      }
    };
    read(table);
    for (let at = 0; at < table.length; at++) {
      for (const flip of [1, 0x80]) {
        const bytes = table.slice();
        bytes[at]! ^= flip;
        assert.throws(
          () => read(bytes),
          (error) => error instanceof ThothError && error.code === "index-response-invalid",
          `byte ${at}`,
        );
      }
    }
  });
});
