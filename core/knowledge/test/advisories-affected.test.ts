import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { compareVersions, normalizeName, parseVersion, tryParseVersion, type Version } from "@thoth/pep";
import fc from "fast-check";
import { type AffectedVersions, compileAffected, findFixes, isAffected } from "../src/advisories/affected.ts";
import type { OsvAffected, OsvEvent, OsvEventKind } from "../src/advisories/osv.ts";

type Events = readonly (readonly [OsvEventKind, string])[];

function entry(ranges: readonly Events[], versions: readonly string[] = []): OsvAffected {
  const events = ranges.map((range) => range.map(([kind, version]) => ({ kind, version })));
  return { name: normalizeName("sample"), versions, ranges: events, vectors: [] };
}

function affectedOf(candidates: readonly string[], ...entries: readonly OsvAffected[]): string {
  const bounds = compileAffected(entries);
  return candidates.filter((text) => isAffected(bounds, parseVersion(text))).join(" ");
}

const some = ["0.dev0", "0", "1.0rc1", "1.0", "1.0.post1", "1.5", "2.0a1", "2.0", "2.0+local", "2.5", "3.0"];

suite("which releases an advisory affects", () => {
  test("from the beginning to a fix, which is not affected and its pre-releases are", () => {
    const events: Events = [
      ["introduced", "0"],
      ["fixed", "2.0"],
    ];
    assert.equal(affectedOf(some, entry([events])), "0.dev0 0 1.0rc1 1.0 1.0.post1 1.5 2.0a1");
  });

  test("`last_affected` is affected, and nothing after it", () => {
    const events: Events = [
      ["introduced", "1.0"],
      ["last_affected", "2.0"],
    ];
    assert.equal(affectedOf(some, entry([events])), "1.0 1.0.post1 1.5 2.0a1 2.0");
  });

  test("without an end all later ones are affected; without a beginning none is", () => {
    assert.equal(affectedOf(some, entry([[["introduced", "2.0"]]])), "2.0 2.0+local 2.5 3.0");
    assert.equal(affectedOf(some, entry([[["fixed", "2.0"]]])), "");
  });

  test("listed versions are affected too, compared as versions; other texts are nothing", () => {
    const listed = entry([], ["v1.0.0", "2.0.0.0", "not a version", "1.5-SNAPSHOT"]);
    assert.equal(affectedOf(some, listed), "1.0 2.0");
    const both = entry([[["introduced", "2.5"]]], ["1.5"]);
    assert.equal(affectedOf(some, both), "1.5 2.5 3.0");
  });

  test("a stretch closes before the next one opens at the same version", () => {
    const touching: Events = [
      ["introduced", "1.5"],
      ["fixed", "2.5"],
      ["introduced", "1.0"],
      ["fixed", "1.5"],
    ];
    assert.equal(affectedOf(some, entry([touching])), "1.0 1.0.post1 1.5 2.0a1 2.0 2.0+local");
    const inclusive: Events = [
      ["introduced", "1.0"],
      ["last_affected", "1.5"],
      ["introduced", "1.5"],
      ["fixed", "2.5"],
    ];
    assert.equal(affectedOf(some, entry([inclusive])), "1.0 1.0.post1 1.5 2.0a1 2.0 2.0+local");
  });

  test("a stretch of one version ends with it", () => {
    const one: Events = [
      ["introduced", "1.5"],
      ["last_affected", "1.5"],
    ];
    assert.equal(affectedOf(some, entry([one])), "1.5");
  });

  test("the greatest limit cuts the range", () => {
    const limited: Events = [
      ["introduced", "1.0"],
      ["limit", "1.5"],
      ["limit", "2.0"],
    ];
    assert.equal(affectedOf(some, entry([limited])), "1.0 1.0.post1 1.5 2.0a1");
    const unlimited: Events = [...limited, ["limit", "*"]];
    assert.equal(affectedOf(some, entry([unlimited])), some.slice(3).join(" "));
  });

  test("an event that cannot be read never makes a release look safe", () => {
    const end: Events = [
      ["introduced", "1.0"],
      ["fixed", "the next one"],
      ["last_affected", ""],
    ];
    assert.equal(affectedOf(some, entry([end])), some.slice(3).join(" "));
    const beginning: Events = [
      ["introduced", "trunk"],
      ["fixed", "1.0"],
    ];
    assert.equal(affectedOf(some, entry([beginning])), "0.dev0 0 1.0rc1");
  });

  test("fixes are ascending, each once, and none that is affected itself", () => {
    const events: Events = [
      ["introduced", "0"],
      ["fixed", "1.5"],
      ["introduced", "1.5.0"],
      ["fixed", "2.5"],
      ["introduced", "3"],
      ["fixed", "3.1.0"],
    ];
    const entries = [entry([events]), entry([[["fixed", "3.1"]]])];
    const fixes = findFixes(entries, compileAffected(entries));
    assert.deepEqual(
      fixes.map(({ text }) => text),
      ["2.5", "3.1"],
    );
  });
});

// Laws

const text = fc.constantFrom(
  ...["0", "1", "1.0", "1.0a1", "1.0.post1", "1.1", "1.2", "2.0rc1", "2.0", "2", "3", "1!0", "junk", "2.0+x"],
);
const event = fc.record({
  kind: fc.constantFrom<OsvEventKind>("introduced", "introduced", "fixed", "last_affected", "limit"),
  version: text,
});
const affected: fc.Arbitrary<OsvAffected> = fc.record({
  name: fc.constant(normalizeName("sample")),
  versions: fc.array(text, { maxLength: 3 }),
  ranges: fc.array(fc.array(event, { minLength: 1, maxLength: 7 }), { maxLength: 3 }),
  vectors: fc.constant([]),
});
const probes = [
  "0.dev1",
  "0",
  "0.5",
  "1a0",
  "1.0a1",
  "1.0",
  "1.0+y",
  "1.0.post1",
  "1.1.5",
  "1.1",
  "1.2",
  "2rc1",
]
  .concat(["2", "2.0+x", "2.0+z", "2.1", "3", "4", "1!0", "1!1"])
  .map(parseVersion);

/** The specification's own words, one version at a time. */
function evaluate(entries: readonly OsvAffected[], version: Version): boolean {
  return entries.some(
    ({ versions, ranges }) =>
      versions.some((listed) => isSame(listed, version)) ||
      ranges.some((events) => isInside(events, version)),
  );
}

function isSame(listed: string, version: Version): boolean {
  const parsed = tryParseVersion(listed);
  return parsed !== undefined && compareVersions(parsed, version) === 0;
}

function isInside(events: readonly OsvEvent[], version: Version): boolean {
  const limits = events.filter(({ kind }) => kind === "limit").map((limit) => tryParseVersion(limit.version));
  const below = (limit: Version | undefined) => limit === undefined || compareVersions(version, limit) < 0;
  if (limits.length > 0 && !limits.some(below)) return false;
  let vulnerable = false;
  for (const group of inOrder(events)) {
    const begins = group.version === undefined ? 1 : compareVersions(version, group.version);
    // What is open closes before it opens again; what opens here may end here.
    const kinds: OsvEventKind[] =
      vulnerable && !group.kinds.has("fixed")
        ? ["last_affected", "introduced"]
        : ["fixed", "introduced", "last_affected"];
    for (const kind of kinds) {
      if (!group.kinds.has(kind)) continue;
      if (kind === "introduced" && begins >= 0) vulnerable = true;
      if (kind === "fixed" && begins >= 0) vulnerable = false;
      if (kind === "last_affected" && begins > 0) vulnerable = false;
    }
  }
  return vulnerable;
}

interface EventGroup {
  readonly version: Version | undefined;
  readonly kinds: Set<OsvEventKind>;
}

function inOrder(events: readonly OsvEvent[]): readonly EventGroup[] {
  const groups: EventGroup[] = [];
  for (const { kind, version: written } of events) {
    const version = kind === "introduced" && written === "0" ? undefined : tryParseVersion(written);
    if (kind === "limit" || (version === undefined && kind !== "introduced")) continue;
    const group = groups.find((other) => compareGroups(other.version, version) === 0);
    if (group === undefined) groups.push({ version, kinds: new Set([kind]) });
    else group.kinds.add(kind);
  }
  return groups.sort((left, right) => compareGroups(left.version, right.version));
}

function compareGroups(left: Version | undefined, right: Version | undefined): number {
  if (left === undefined || right === undefined)
    return Number(left !== undefined) - Number(right !== undefined);
  return compareVersions(left, right);
}

function answers(bounds: AffectedVersions): readonly boolean[] {
  return probes.map((version) => isAffected(bounds, version));
}

suite("laws of evaluation", () => {
  test("compiled bounds answer as the specification does", () => {
    fc.assert(
      fc.property(fc.array(affected, { maxLength: 3 }), (entries) => {
        const bounds = compileAffected(entries);
        for (const version of probes) {
          assert.equal(isAffected(bounds, version), evaluate(entries, version), version.text);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("neither the order of events nor that of entries matters", () => {
    const shuffled = affected.chain((one) => {
      const ranges = one.ranges.map((range) =>
        fc.shuffledSubarray([...range], { minLength: range.length, maxLength: range.length }),
      );
      return fc.tuple(fc.constant(one), fc.tuple(...ranges));
    });
    fc.assert(
      fc.property(shuffled, affected, ([one, ranges], other) => {
        const plain = answers(compileAffected([one, other]));
        assert.deepEqual(answers(compileAffected([other, { ...one, ranges }])), plain);
      }),
    );
  });

  test("several entries are affected where any of them is", () => {
    fc.assert(
      fc.property(affected, affected, (left, right) => {
        const each = [compileAffected([left]), compileAffected([right])].map(answers);
        const union = probes.map((_, at) => each.some((list) => list[at]));
        assert.deepEqual(answers(compileAffected([left, right])), union);
      }),
    );
  });

  test("bounds are strictly ascending", () => {
    fc.assert(
      fc.property(fc.array(affected, { maxLength: 3 }), (entries) => {
        const bounds = compileAffected(entries);
        for (let at = 1; at < bounds.length; at++) {
          const [left, right] = [bounds[at - 1]!, bounds[at]!];
          assert.ok(right.version !== undefined);
          const order = left.version === undefined ? -1 : compareVersions(left.version, right.version);
          assert.ok(order < 0 || (order === 0 && !left.after && right.after));
        }
      }),
    );
  });
});
