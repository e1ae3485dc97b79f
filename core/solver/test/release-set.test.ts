import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  complement,
  count,
  emptySet,
  equals,
  first,
  fullSet,
  has,
  intersect,
  isEmpty,
  type ReleaseSet,
  setFromRanges,
  union,
} from "../src/index.ts";

const sets = fc.integer({ min: 0, max: 130 }).chain((releases) => {
  const members = fc.uniqueArray(fc.integer({ min: 0, max: Math.max(0, releases - 1) }));
  return fc.record({ releases: fc.constant(releases), a: members, b: members });
});

function setOf(releases: number, members: readonly number[]): ReleaseSet {
  return setFromRanges(
    releases,
    members.flatMap((release) => [release, release + 1]),
  );
}

function membersOf(set: ReleaseSet, releases: number): number[] {
  return Array.from({ length: releases }, (_, release) => release).filter((release) => has(set, release));
}

describe("release sets", () => {
  it("behave as sets of numbers", () => {
    fc.assert(
      fc.property(sets, ({ releases, a, b }) => {
        const inside = (members: readonly number[]) =>
          [...members].filter((release) => release < releases).sort((x, y) => x - y);
        const x = setOf(releases, a);
        const y = setOf(releases, b);
        assert.deepEqual(membersOf(x, releases), inside(a));
        assert.deepEqual(
          membersOf(intersect(x, y), releases),
          inside(a.filter((release) => b.includes(release))),
        );
        assert.deepEqual(membersOf(union(x, y), releases), inside([...new Set([...a, ...b])]));
        assert.equal(count(x), inside(a).length);
        assert.equal(first(x), inside(a)[0] ?? -1);
        assert.equal(isEmpty(x), inside(a).length === 0);
      }),
    );
  });

  it("are canonical", () => {
    fc.assert(
      fc.property(sets, ({ releases, a, b }) => {
        const x = setOf(releases, a);
        const y = setOf(releases, b);
        assert.ok(equals(complement(complement(x, releases), releases), x));
        assert.ok(
          equals(
            complement(union(x, y), releases),
            intersect(complement(x, releases), complement(y, releases)),
          ),
        );
        assert.ok(equals(union(x, complement(x, releases)), fullSet(releases)));
        assert.ok(equals(intersect(x, complement(x, releases)), emptySet(releases)));
      }),
    );
  });

  it("take ranges that overlap and reach past the end", () => {
    assert.deepEqual(membersOf(setFromRanges(40, [30, 99, 2, 5, 4, 6]), 40), [
      2,
      3,
      4,
      5,
      ...Array.from({ length: 10 }, (_, i) => 30 + i),
    ]);
    assert.deepEqual([...setFromRanges(64, [0, 64])], [0xffffffff, 0xffffffff]);
  });
});
