// The order of versions, and of the families a specifier speaks of: all of one stem (`1.0a1` with its
// post-releases), all of one public version (`1.0` with its local builds).
// https://packaging.python.org/en/latest/specifications/version-specifiers/#summary-of-permitted-suffixes-and-relative-ordering

import type { LocalSegment, Version, VersionNumber } from "./version.ts";
import { phaseRank } from "./version.ts";

/** Negative, zero or positive, as `Array.prototype.sort` wants it. Versions that differ in trailing zeros are equal. */
export function compareVersions(left: Version, right: Version): number {
  if (left.releaseRank < right.releaseRank) return -1;
  if (left.releaseRank > right.releaseRank) return 1;
  // NaN is neither: what does not fit in the ranks is compared part by part.
  if (left.releaseRank === right.releaseRank) {
    if (left.suffixRank < right.suffixRank) return -1;
    if (left.suffixRank > right.suffixRank) return 1;
    if (left.suffixRank === right.suffixRank) return 0;
  }
  return comparePublic(left, right) || compareLocal(left.local, right.local);
}

/** As `compareVersions`, with local parts left out of account. */
export function comparePublic(left: Version, right: Version): number {
  return compareStems(left, right) || comparePost(left.post, right.post) || compareDev(left.dev, right.dev);
}

/** By epoch, release and pre-release alone: 0 for a version and its post-releases. */
export function compareStems(left: Version, right: Version): number {
  const released = compareReleases(left, right);
  if (released !== 0) return released;
  const phase = phaseRank(left) - phaseRank(right);
  if (phase !== 0) return phase;
  return left.pre === undefined || right.pre === undefined ? 0 : compareNumbers(left.pre[1], right.pre[1]);
}

/** By epoch and release alone. */
export function compareReleases(left: Version, right: Version): number {
  if (left.releaseRank < right.releaseRank) return -1;
  if (left.releaseRank > right.releaseRank) return 1;
  const epoch = compareNumbers(left.epoch, right.epoch);
  if (epoch !== 0) return epoch;
  const length = Math.max(left.release.length, right.release.length);
  for (let at = 0; at < length; at++) {
    const difference = compareNumbers(left.release[at] ?? 0, right.release[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function comparePost(left: VersionNumber | undefined, right: VersionNumber | undefined): number {
  return compareNumbers(left ?? -1, right ?? -1);
}

/** Without `.dev` comes after every `.dev`. */
function compareDev(left: VersionNumber | undefined, right: VersionNumber | undefined): number {
  if (left === undefined || right === undefined) {
    return (left === undefined ? 1 : 0) - (right === undefined ? 1 : 0);
  }
  return compareNumbers(left, right);
}

function compareLocal(left: Version["local"], right: Version["local"]): number {
  if (left === undefined || right === undefined) {
    return (left === undefined ? 0 : 1) - (right === undefined ? 0 : 1);
  }
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = compareSegments(left[at]!, right[at]!);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Numbers come after words. */
function compareSegments(left: LocalSegment, right: LocalSegment): number {
  const leftIsWord = typeof left === "string";
  const rightIsWord = typeof right === "string";
  if (leftIsWord !== rightIsWord) return leftIsWord ? -1 : 1;
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareNumbers(left: VersionNumber, right: VersionNumber): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
