// Which versions specifiers admit: one, a choice of a list, or spans of a list in order.
// https://packaging.python.org/en/latest/specifications/version-specifiers/#handling-of-pre-releases

import { mentionsPrerelease, type Specifiers, specifiersRange } from "./specifier.ts";
import { isPrerelease, tryParseVersion, type Version } from "./version.ts";
import { type Cut, isAbove } from "./version-cut.ts";
import { hasFinalVersion, isEmptyRange, rangeContains } from "./version-range.ts";

export interface MatchOptions {
  /**
   * `false` admits none, `true` all. Left out, a single version is admitted either way (it has no alternative),
   * and a list keeps its pre-releases only where a clause names one or nothing else is admitted.
   */
  readonly prereleases?: boolean | undefined;
}

export function specifiersContain(specifiers: Specifiers, version: Version, options?: MatchOptions): boolean {
  if (options?.prereleases === false && isPrerelease(version)) return false;
  return admits(specifiers, version.text, version);
}

/** As `specifiersContain` for a text that need not be a version: only `===` and the empty set admit such. */
export function specifiersContainText(specifiers: Specifiers, text: string, options?: MatchOptions): boolean {
  const version = tryParseVersion(text);
  if (options?.prereleases === false && version !== undefined && isPrerelease(version)) return false;
  return admits(specifiers, text, version);
}

/**
 * Whether no version at all (without pre-releases where `options` leaves them out) and no other text is admitted.
 */
export function isUnsatisfiable(specifiers: Specifiers, options: MatchOptions = {}): boolean {
  const exact = specifiers.clauses.find((clause) => clause.operator === "===");
  // What `===` compares with is the only text that may be admitted.
  if (exact !== undefined) return !specifiersContainText(specifiers, exact.version, options);
  const range = specifiersRange(specifiers);
  return options.prereleases === false ? !hasFinalVersion(range) : isEmptyRange(range);
}

/** The admitted of `items`, in their order, by the policy of `options`. `read` gives an item's version or text. */
export function filterAdmitted<T>(
  specifiers: Specifiers,
  items: Iterable<T>,
  options: MatchOptions & { readonly read: (item: T) => Version | string },
): T[] {
  const finals: T[] = [];
  const all: T[] = [];
  let anyFinal = false;
  for (const item of items) {
    const value = options.read(item);
    const version = typeof value === "string" ? tryParseVersion(value) : value;
    if (!admits(specifiers, typeof value === "string" ? value : value.text, version)) continue;
    all.push(item);
    const prerelease = version !== undefined && isPrerelease(version);
    if (!prerelease) finals.push(item);
    anyFinal ||= version !== undefined && !prerelease;
  }
  const prereleases = options.prereleases ?? (mentionsPrerelease(specifiers) || !anyFinal);
  return prereleases ? all : finals;
}

/** Versions that are read when they are compared; an array is one. */
export interface VersionSequence {
  readonly length: number;
  at(index: number): Version | undefined;
  /** The `releaseRank` of each, where that is known without reading: most comparisons need nothing else. */
  readonly releaseRanks?: ArrayLike<number>;
}

/**
 * The admitted of `newestFirst` as pairs of indexes, each the first of a span and the first past it. Pre-releases
 * are included. The list must descend; where no `===` is involved the cost grows with its logarithm.
 */
export function admittedRanges(specifiers: Specifiers, newestFirst: VersionSequence): number[] {
  if (specifiers.clauses.some((clause) => clause.operator === "==="))
    return spansOneByOne(specifiers, newestFirst);
  const { startsInside, cuts } = specifiersRange(specifiers);
  const spans: number[] = [];
  let inside = startsInside === (cuts.length % 2 === 0);
  let start = 0;
  for (let at = cuts.length - 1; at >= 0; at--) {
    const cut = cuts[at]!;
    let low = start;
    let high = newestFirst.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAboveAt(newestFirst, middle, cut)) low = middle + 1;
      else high = middle;
    }
    if (inside) addSpan(spans, start, low);
    start = low;
    inside = !inside;
  }
  if (inside) addSpan(spans, start, newestFirst.length);
  return spans;
}

function isAboveAt(versions: VersionSequence, index: number, cut: Cut): boolean {
  const rank = versions.releaseRanks?.[index] ?? Number.NaN;
  const { releaseRank } = cut.version;
  // NaN is neither.
  if (rank > releaseRank) return true;
  return rank < releaseRank ? false : isAbove(versions.at(index)!, cut);
}

function spansOneByOne(specifiers: Specifiers, versions: VersionSequence): number[] {
  const spans: number[] = [];
  for (let at = 0; at < versions.length; at++) {
    if (specifiersContain(specifiers, versions.at(at)!)) addSpan(spans, at, at + 1);
  }
  return spans;
}

/** Joins the span to the last one where they touch. */
function addSpan(spans: number[], start: number, end: number): void {
  if (start === end) return;
  if (spans[spans.length - 1] === start) spans[spans.length - 1] = end;
  else spans.push(start, end);
}

function admits(specifiers: Specifiers, text: string, version: Version | undefined): boolean {
  let compared = 0;
  for (const clause of specifiers.clauses) {
    if (clause.operator !== "===") continue;
    if (clause.version.toLowerCase() !== text.toLowerCase()) return false;
    compared++;
  }
  if (compared === specifiers.clauses.length) return true;
  return version !== undefined && rangeContains(specifiersRange(specifiers), version);
}
