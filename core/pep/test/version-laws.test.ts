import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  baseVersion,
  isPrerelease,
  parseVersion,
  publicVersion,
  type Version,
  versionKey,
} from "../src/version.ts";
import { comparePublic, compareVersions } from "../src/version-order.ts";
import { anyVersion, nearVersion, versionText } from "./arbitrary.ts";

/** The version with its ranks taken away, so that it is compared part by part. */
function slow(version: Version): Version {
  return { ...version, releaseRank: Number.NaN, suffixRank: Number.NaN };
}

test("a version in normal form is its own text", () => {
  fc.assert(
    fc.property(versionText, (text) => {
      assert.equal(parseVersion(text).text, text);
    }),
    { numRuns: 3000 },
  );
});

test("spellings of one version are one version", () => {
  const spelled = fc.tuple(versionText, fc.constantFrom("", "v", " ", "\t"), fc.boolean());
  fc.assert(
    fc.property(spelled, ([text, before, upper]) => {
      const loose = text
        .replace("rc", "-c.")
        .replace(/a(?=\d)/, "_alpha-")
        .replace(".post", "-r")
        .replace(".dev", "_dev.");
      const written = before + (upper ? loose.toUpperCase() : loose);
      if (text.includes("+")) return;
      assert.equal(parseVersion(written).text, text);
    }),
    { numRuns: 3000 },
  );
});

test("the order is total, and zeros at the end of a release do not count", () => {
  fc.assert(
    fc.property(anyVersion, anyVersion, anyVersion, (one, two, three) => {
      const forth = Math.sign(compareVersions(one, two));
      assert.equal(forth, -Math.sign(compareVersions(two, one)) || 0);
      if (forth <= 0 && compareVersions(two, three) <= 0) assert.ok(compareVersions(one, three) <= 0);
      assert.equal(forth === 0, versionKey(one) === versionKey(two));
    }),
    { numRuns: 5000 },
  );
});

test("ranks are a short cut and change nothing", () => {
  for (const pair of [fc.tuple(nearVersion, nearVersion), fc.tuple(anyVersion, anyVersion)]) {
    fc.assert(
      fc.property(pair, ([one, two]) => {
        assert.equal(Math.sign(compareVersions(one, two)), Math.sign(compareVersions(slow(one), slow(two))));
      }),
      { numRuns: 5000 },
    );
  }
});

test("the public part is not above the version, the base has nothing but epoch and release", () => {
  fc.assert(
    fc.property(anyVersion, (version) => {
      assert.ok(compareVersions(publicVersion(version), version) <= 0);
      assert.equal(comparePublic(publicVersion(version), version), 0);
      assert.equal(isPrerelease(baseVersion(version)), false);
      assert.deepEqual(baseVersion(version).release, version.release);
    }),
    { numRuns: 2000 },
  );
});
