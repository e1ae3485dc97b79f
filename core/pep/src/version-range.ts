// Sets of versions, past and future alike: the places where membership changes, in order. Equal sets are
// equal cut by cut, the complement flips one bit, and every other operation is a merge.

import { isPrerelease, makeVersion, type Version } from "./version.ts";
import { type Cut, compareCuts, isAbove, LOWEST_CUT } from "./version-cut.ts";

export interface VersionRange {
  /** Whether the lowest versions belong to the set. */
  readonly startsInside: boolean;
  /** Strictly ascending; membership changes at each. */
  readonly cuts: readonly Cut[];
}

export const EMPTY_RANGE: VersionRange = { startsInside: false, cuts: [] };
export const FULL_RANGE: VersionRange = { startsInside: true, cuts: [] };

/** The versions between the two places; an absent end is open. */
export function rangeBetween(lower: Cut | undefined, upper: Cut | undefined): VersionRange {
  const fromLowest = lower === undefined || compareCuts(lower, LOWEST_CUT) <= 0;
  if (upper === undefined) return { startsInside: fromLowest, cuts: fromLowest ? [] : [lower] };
  if (compareCuts(fromLowest ? LOWEST_CUT : lower, upper) >= 0) return EMPTY_RANGE;
  return { startsInside: fromLowest, cuts: fromLowest ? [upper] : [lower, upper] };
}

export function complementRange(range: VersionRange): VersionRange {
  return { startsInside: !range.startsInside, cuts: range.cuts };
}

export function intersectRanges(left: VersionRange, right: VersionRange): VersionRange {
  let inLeft = left.startsInside;
  let inRight = right.startsInside;
  const startsInside = inLeft && inRight;
  let inside = startsInside;
  const cuts: Cut[] = [];
  let atLeft = 0;
  let atRight = 0;
  while (atLeft < left.cuts.length || atRight < right.cuts.length) {
    const leftCut = left.cuts[atLeft];
    const rightCut = right.cuts[atRight];
    const order = leftCut === undefined ? 1 : rightCut === undefined ? -1 : compareCuts(leftCut, rightCut);
    if (order <= 0) inLeft = !inLeft;
    if (order >= 0) inRight = !inRight;
    if (order <= 0) atLeft++;
    if (order >= 0) atRight++;
    if ((inLeft && inRight) !== inside) {
      inside = !inside;
      cuts.push((order <= 0 ? leftCut : rightCut)!);
    }
  }
  return { startsInside, cuts };
}

/** Pairwise, so that many small sets cost O(n log n). The intersection of nothing is everything. */
export function intersectAllRanges(ranges: readonly VersionRange[]): VersionRange {
  let level = ranges;
  while (level.length > 1) {
    const next: VersionRange[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const right = level[at + 1];
      next.push(right === undefined ? level[at]! : intersectRanges(level[at]!, right));
    }
    level = next;
  }
  return level[0] ?? FULL_RANGE;
}

export function uniteRanges(left: VersionRange, right: VersionRange): VersionRange {
  return complementRange(intersectRanges(complementRange(left), complementRange(right)));
}

export function subtractRange(from: VersionRange, range: VersionRange): VersionRange {
  return intersectRanges(from, complementRange(range));
}

export function isEmptyRange(range: VersionRange): boolean {
  return !range.startsInside && range.cuts.length === 0;
}

export function isFullRange(range: VersionRange): boolean {
  return range.startsInside && range.cuts.length === 0;
}

export function rangesEqual(left: VersionRange, right: VersionRange): boolean {
  if (left.startsInside !== right.startsInside || left.cuts.length !== right.cuts.length) return false;
  return left.cuts.every((cut, at) => compareCuts(cut, right.cuts[at]!) === 0);
}

export function isSubrange(inner: VersionRange, outer: VersionRange): boolean {
  return isEmptyRange(subtractRange(inner, outer));
}

export function rangeContains(range: VersionRange, version: Version): boolean {
  let low = 0;
  let high = range.cuts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAbove(version, range.cuts[middle]!)) low = middle + 1;
    else high = middle;
  }
  return range.startsInside === (low % 2 === 0);
}

/** The set as intervals, ascending; an absent end is open. */
export function rangeIntervals(range: VersionRange): { lower: Cut | undefined; upper: Cut | undefined }[] {
  const ends: (Cut | undefined)[] = range.startsInside ? [undefined, ...range.cuts] : [...range.cuts];
  const intervals = [];
  for (let at = 0; at < ends.length; at += 2) intervals.push({ lower: ends[at], upper: ends[at + 1] });
  return intervals;
}

/** Whether some version of the set is neither a pre-release nor a developmental release. */
export function hasFinalVersion(range: VersionRange): boolean {
  return rangeIntervals(range).some(({ lower, upper }) => {
    const least = leastFinalAbove(lower ?? LOWEST_CUT);
    return least === undefined || upper === undefined || !isAbove(least, upper);
  });
}

/** The least final version above `cut`; undefined where there are some arbitrarily close to it. */
function leastFinalAbove(cut: Cut): Version | undefined {
  const { version } = cut;
  if (cut.side === "after-posts") return undefined;
  if (!isPrerelease(version)) return cut.side === "before" ? version : undefined;
  // Above a pre-release comes its final release, above a developmental release what it leads to.
  if (version.pre !== undefined) {
    return makeVersion({ ...version, pre: undefined, post: undefined, dev: undefined, local: undefined });
  }
  return makeVersion({ ...version, dev: undefined, local: undefined });
}
