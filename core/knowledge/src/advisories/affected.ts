// Which releases a flaw affects: the evaluation of OSV, compiled to the places where the answer changes.
// https://ossf.github.io/osv-schema/#evaluation
//
// The specification leaves two cases open. Events at one version: what was open closes before the next one
// opens, and `last_affected` closes after its version, so `introduced: 2, last_affected: 2` is version 2 alone.
// Versions that are none: such an entry of `versions` is nothing that could be installed; an event that cannot be
// read never makes a release look safe (an unreadable beginning is the very first, an unreadable end is none).

import { compareVersions, tryParseVersion, type Version, versionKey } from "@thoth/pep";
import type { OsvAffected, OsvEvent } from "./osv.ts";

/** A place between versions: directly before `version`, or directly after it. */
export interface VersionBound {
  /** Undefined: before all versions. */
  readonly version: Version | undefined;
  readonly after: boolean;
}

/** Strictly ascending; outside before the first, and each one changes sides. */
export type AffectedVersions = readonly VersionBound[];

export type ParseVersion = (text: string) => Version | undefined;

interface Interval {
  readonly from: VersionBound;
  /** Undefined: without an end. */
  readonly to: VersionBound | undefined;
}

const BEGINNING: VersionBound = { version: undefined, after: false };

/** The union of all entries. `parse` may remember what it has parsed. */
export function compileAffected(
  entries: readonly OsvAffected[],
  parse: ParseVersion = tryParseVersion,
): AffectedVersions {
  const intervals: Interval[] = [];
  const listed = new Set<string>();
  for (const { versions, ranges } of entries) {
    for (const events of ranges) intervals.push(...evaluateRange(events, parse));
    for (const text of versions) {
      if (listed.has(text)) continue;
      listed.add(text);
      const version = parse(text);
      if (version !== undefined) {
        intervals.push({ from: { version, after: false }, to: { version, after: true } });
      }
    }
  }
  return uniteIntervals(intervals);
}

/** O(log n) comparisons. */
export function isAffected(bounds: AffectedVersions, version: Version): boolean {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBeyond(version, bounds[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}

/** Versions that events call fixed and that nothing else affects, ascending, each once. */
export function findFixes(
  entries: readonly OsvAffected[],
  bounds: AffectedVersions,
  parse: ParseVersion = tryParseVersion,
): readonly Version[] {
  const fixes = new Map<string, Version>();
  for (const event of entries.flatMap(({ ranges }) => ranges.flat())) {
    const version = event.kind === "fixed" ? parse(event.version) : undefined;
    if (version === undefined || isAffected(bounds, version)) continue;
    const key = versionKey(version);
    const known = fixes.get(key);
    // `2.0` and `2.0.0` are one version; which text stays must not depend on the order.
    if (known === undefined || version.text < known.text) fixes.set(key, version);
  }
  return [...fixes.values()].sort(compareVersions);
}

/** Negative, zero or positive. */
export function compareBounds(left: VersionBound, right: VersionBound): number {
  if (left.version === undefined || right.version === undefined) {
    return (left.version === undefined ? 0 : 1) - (right.version === undefined ? 0 : 1);
  }
  return compareVersions(left.version, right.version) || Number(left.after) - Number(right.after);
}

function isBeyond(version: Version, bound: VersionBound): boolean {
  if (bound.version === undefined) return true;
  const order = compareVersions(version, bound.version);
  return bound.after ? order > 0 : order >= 0;
}

/** All that events say of one version. */
interface Moment {
  readonly version: Version | undefined;
  introduced: boolean;
  fixed: boolean;
  lastAffected: boolean;
}

function evaluateRange(events: readonly OsvEvent[], parse: ParseVersion): Interval[] {
  const intervals: Interval[] = [];
  let open: VersionBound | undefined;
  for (const moment of momentsOf(events, parse)) {
    const before: VersionBound = { version: moment.version, after: false };
    const wasOpen = open !== undefined;
    if (moment.fixed && open !== undefined) {
      intervals.push({ from: open, to: before });
      open = undefined;
    }
    if (moment.introduced) open ??= before;
    // Where one stretch ends with the version that begins the next, they are one.
    const goesOn = wasOpen && moment.introduced && !moment.fixed;
    if (moment.lastAffected && open !== undefined && !goesOn) {
      intervals.push({ from: open, to: { version: moment.version, after: true } });
      open = undefined;
    }
  }
  if (open !== undefined) intervals.push({ from: open, to: undefined });
  return cutAtLimit(intervals, events, parse);
}

function momentsOf(events: readonly OsvEvent[], parse: ParseVersion): readonly Moment[] {
  const moments = new Map<string, Moment>();
  for (const { kind, version: text } of events) {
    if (kind === "limit") continue;
    const version = kind === "introduced" && text === "0" ? undefined : parse(text);
    if (version === undefined && kind !== "introduced") continue;
    const key = version === undefined ? "" : versionKey(version);
    let moment = moments.get(key);
    if (moment === undefined) {
      moment = { version, introduced: false, fixed: false, lastAffected: false };
      moments.set(key, moment);
    }
    if (kind === "introduced") moment.introduced = true;
    else if (kind === "fixed") moment.fixed = true;
    else moment.lastAffected = true;
  }
  const place = ({ version }: Moment): VersionBound => ({ version, after: false });
  return [...moments.values()].sort((left, right) => compareBounds(place(left), place(right)));
}

/** A version counts when it lies before any of the limits, so the greatest one decides. */
function cutAtLimit(
  intervals: readonly Interval[],
  events: readonly OsvEvent[],
  parse: ParseVersion,
): Interval[] {
  let greatest: VersionBound | undefined;
  for (const { kind, version: text } of events) {
    if (kind !== "limit") continue;
    const version = parse(text);
    // `*`, and what cannot be read.
    if (version === undefined) return [...intervals];
    const bound = { version, after: false };
    if (greatest === undefined || compareBounds(bound, greatest) > 0) greatest = bound;
  }
  const limit = greatest;
  if (limit === undefined) return [...intervals];
  return intervals
    .filter(({ from }) => compareBounds(from, limit) < 0)
    .map(({ from, to }) => ({ from, to: to === undefined || compareBounds(to, limit) > 0 ? limit : to }));
}

function uniteIntervals(intervals: readonly Interval[]): AffectedVersions {
  const sorted = [...intervals].sort((left, right) => compareBounds(left.from, right.from));
  const bounds: VersionBound[] = [];
  let end: VersionBound | undefined;
  for (const { from, to } of sorted) {
    if (to !== undefined && compareBounds(from, to) >= 0) continue;
    if (end === undefined || compareBounds(from, end) > 0) {
      if (end !== undefined) bounds.push(end);
      bounds.push(from.version === undefined ? BEGINNING : from);
      end = to;
    } else if (to === undefined || compareBounds(to, end) > 0) {
      end = to;
    }
    if (to === undefined) return bounds;
  }
  if (end !== undefined) bounds.push(end);
  return bounds;
}
