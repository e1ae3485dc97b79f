import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatRange, rangeClauses } from "../src/range-specifiers.ts";
import {
  clauseKey,
  formatSpecifiers,
  parseSpecifiers,
  specifiersEqual,
  specifiersRange,
} from "../src/specifier.ts";
import {
  admittedRanges,
  filterAdmitted,
  isUnsatisfiable,
  specifiersContain,
  specifiersContainText,
} from "../src/specifier-match.ts";
import { isPrerelease, type Version } from "../src/version.ts";
import { compareVersions } from "../src/version-order.ts";
import {
  complementRange,
  hasFinalVersion,
  intersectRanges,
  isEmptyRange,
  isSubrange,
  rangeContains,
  rangesEqual,
  subtractRange,
  uniteRanges,
  type VersionRange,
} from "../src/version-range.ts";
import { anyVersion, clauseText, nearVersion, specifiersText } from "./arbitrary.ts";
import { naivelyContains } from "./naive.ts";

const versions = fc.array(fc.oneof(nearVersion, anyVersion), { maxLength: 30 });
const range: fc.Arbitrary<VersionRange> = fc
  .array(specifiersText, { minLength: 1, maxLength: 3 })
  .map((texts) =>
    texts.map((text) => specifiersRange(parseSpecifiers(text))).reduce((one, two) => uniteRanges(one, two)),
  );

function inspect(ranges: readonly VersionRange[], version: Version): boolean[] {
  return ranges.map((set) => rangeContains(set, version));
}

test("sets of versions admit what the clauses admit by the letter", () => {
  fc.assert(
    fc.property(specifiersText, versions, (text, candidates) => {
      const specifiers = parseSpecifiers(text);
      for (const version of candidates) {
        const expected = naivelyContains(specifiers, version.text);
        assert.equal(
          rangeContains(specifiersRange(specifiers), version),
          expected,
          `${text} ${version.text}`,
        );
        assert.equal(specifiersContain(specifiers, version), expected);
        assert.equal(specifiersContainText(specifiers, version.text), expected);
      }
    }),
    { numRuns: 3000 },
  );
});

test("spans of a list are what is admitted one by one", () => {
  const clauses = fc.array(fc.oneof(clauseText, fc.constantFrom("===1.0", "===1.0.post1", "===1.0+X")), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(clauses, versions, (texts, candidates) => {
      const specifiers = parseSpecifiers(texts.join(","));
      const newestFirst = candidates.sort((one, two) => compareVersions(two, one));
      const spans = admittedRanges(specifiers, newestFirst);
      const ranked = {
        length: newestFirst.length,
        at: (index: number) => newestFirst[index],
        releaseRanks: newestFirst.map(({ releaseRank }) => releaseRank),
      };
      assert.deepEqual(admittedRanges(specifiers, ranked), spans);
      const admitted: number[] = [];
      for (let at = 0; at < spans.length; at += 2) {
        // Spans are not empty and do not touch.
        assert.ok(spans[at]! < spans[at + 1]! && (at === 0 || spans[at - 1]! < spans[at]!));
        for (let index = spans[at]!; index < spans[at + 1]!; index++) admitted.push(index);
      }
      const expected = newestFirst.flatMap(({ text }, at) => (naivelyContains(specifiers, text) ? [at] : []));
      assert.deepEqual(admitted, expected);
    }),
    { numRuns: 3000 },
  );
});

test("operations on sets are those on their members", () => {
  fc.assert(
    fc.property(range, range, versions, (one, two, candidates) => {
      const results = [
        intersectRanges(one, two),
        uniteRanges(one, two),
        complementRange(one),
        subtractRange(one, two),
      ];
      for (const version of candidates) {
        const [inOne, inTwo] = inspect([one, two], version) as [boolean, boolean];
        assert.deepEqual(inspect(results, version), [
          inOne && inTwo,
          inOne || inTwo,
          !inOne,
          inOne && !inTwo,
        ]);
      }
      assert.equal(isSubrange(one, two), rangesEqual(intersectRanges(one, two), one));
      assert.ok(rangesEqual(intersectRanges(one, two), intersectRanges(two, one)));
      assert.ok(rangesEqual(complementRange(complementRange(one)), one));
      assert.ok(isEmptyRange(subtractRange(one, one)));
    }),
    { numRuns: 2000 },
  );
});

test("equal sets have one spelling", () => {
  fc.assert(
    fc.property(range, range, range, (one, two, three) => {
      const left = intersectRanges(one, uniteRanges(two, three));
      const right = uniteRanges(intersectRanges(one, two), intersectRanges(one, three));
      assert.ok(rangesEqual(left, right));
      assert.equal(formatRange(left), formatRange(right));
    }),
    { numRuns: 2000 },
  );
});

test("a set written as specifiers and read again is the same set", () => {
  let written = 0;
  fc.assert(
    fc.property(specifiersText, (text) => {
      const set = specifiersRange(parseSpecifiers(text));
      const clauses = rangeClauses(set);
      if (clauses === undefined) return;
      written++;
      assert.ok(rangesEqual(specifiersRange(parseSpecifiers(clauses.join(","))), set), `${text} ${clauses}`);
    }),
    { numRuns: 3000 },
  );
  assert.ok(written > 2400, `only ${written} of 3000 could be written`);
});

test("alternatives mean the set too", () => {
  fc.assert(
    fc.property(range, (set) => {
      const text = formatRange(set);
      if (text === undefined) return;
      const parts = text.split(" or ").map((part) => specifiersRange(parseSpecifiers(part)));
      assert.ok(
        rangesEqual(
          parts.reduce((one, two) => uniteRanges(one, two)),
          set,
        ),
        text,
      );
    }),
    { numRuns: 2000 },
  );
});

test("a set is empty when nothing satisfies it, and has finals when some final does", () => {
  fc.assert(
    fc.property(specifiersText, versions, (text, candidates) => {
      const specifiers = parseSpecifiers(text);
      const set = specifiersRange(specifiers);
      const admitted = candidates.filter((version) => rangeContains(set, version));
      if (admitted.length > 0) assert.equal(isUnsatisfiable(specifiers), false);
      if (admitted.some((version) => !isPrerelease(version))) assert.ok(hasFinalVersion(set));
      if (isUnsatisfiable(specifiers, { prereleases: false })) {
        assert.ok(admitted.every(isPrerelease));
      }
    }),
    { numRuns: 3000 },
  );
});

test("a list keeps its pre-releases where they are wished for or nothing else is left", () => {
  fc.assert(
    fc.property(specifiersText, versions, (text, candidates) => {
      const specifiers = parseSpecifiers(text);
      const read = (version: Version) => version;
      const all = filterAdmitted(specifiers, candidates, { read, prereleases: true });
      const finals = filterAdmitted(specifiers, candidates, { read, prereleases: false });
      const chosen = filterAdmitted(specifiers, candidates, { read });
      assert.deepEqual(
        finals,
        all.filter((version) => !isPrerelease(version)),
      );
      assert.ok(chosen.length === all.length || (chosen.length === finals.length && finals.length > 0));
    }),
    { numRuns: 1000 },
  );
});

test("clauses are written in order, each once, and mean the same", () => {
  fc.assert(
    fc.property(fc.array(clauseText, { maxLength: 5 }), (texts) => {
      const specifiers = parseSpecifiers(texts.join(", "));
      const again = parseSpecifiers(formatSpecifiers(specifiers));
      assert.ok(specifiersEqual(specifiers, again));
      assert.equal(formatSpecifiers(again), formatSpecifiers(specifiers));
      assert.ok(rangesEqual(specifiersRange(again), specifiersRange(specifiers)));
      assert.equal(new Set(again.clauses.map(clauseKey)).size, again.clauses.length);
    }),
    { numRuns: 2000 },
  );
});
