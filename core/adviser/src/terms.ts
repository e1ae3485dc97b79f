// What each candidate of a package pays by each term of an objective (recommendation.md, "The problem"): one
// non-negative integer a candidate. A term of which nothing is known of a package gives no row.

import type { Flaw, Severity } from "@thoth/knowledge";
import { compareVersions } from "@thoth/pep";
import { has, lowestBit, type ReleaseSet } from "@thoth/solver";
import type { Candidates } from "./candidates.ts";
import type { Policy } from "./project.ts";
import type { Counted } from "./rules.ts";
import type { Traits } from "./traits.ts";

const DAY = 86_400;
/** Days after which what has been superseded is stale: advisories are seldom checked against it. */
const STALE_DAYS = 730;
/** Days for which a release counts as young. */
const COOLDOWN_DAYS = 7;

const POINTS: Readonly<Record<Severity, number>> = {
  critical: 1000,
  high: 300,
  medium: 100,
  low: 30,
  unknown: 100,
};
/** Least severity that counts; an unknown one does among all only. */
export type SeverityFloor = "critical" | "high" | "medium" | "low" | "all";
const COUNTED: Readonly<Record<SeverityFloor, readonly Severity[]>> = {
  critical: ["critical"],
  high: ["critical", "high"],
  medium: ["critical", "high", "medium"],
  low: ["critical", "high", "medium", "low"],
  all: ["critical", "high", "medium", "low", "unknown"],
};

export type Row = Float64Array | undefined;

/** A package as the terms see it. */
export interface Priced {
  readonly candidates: Candidates;
  readonly traits: Traits;
  /** 1 for each candidate that the user's own requirements and constraints leave. */
  readonly admitted: Uint8Array;
  readonly policy: Policy;
}

/** 1 per pre-release where a stable release was admissible, unless it is the one that there is; pre-releases come last. */
export function prereleaseRow(priced: Priced): Row {
  const { candidates, admitted, policy } = priced;
  const { count, stable } = candidates;
  if (stable === count || !admitted.subarray(0, stable).includes(1)) return undefined;
  // What counts a change leaves out the release that there is.
  const row = policy.current === undefined ? new Float64Array(count).fill(1) : changeRow(priced);
  return row.fill(0, 0, stable);
}

/** Number of admissible candidates that are preferred to each. */
export function rankRow({ candidates, admitted }: Priced): Float64Array {
  const row = new Float64Array(candidates.count);
  let passed = 0;
  for (let candidate = 0; candidate < row.length; candidate++) {
    row[candidate] = passed;
    passed += admitted[candidate] as number;
  }
  return row;
}

/** Days from the first upload of a preferred admissible candidate to the as-of date; 0 for the most preferred. */
export function lagRow({ candidates, admitted, policy: { asOf } }: Priced): Float64Array {
  const { uploaded } = candidates;
  const row = new Float64Array(candidates.count);
  let superseded = Number.POSITIVE_INFINITY;
  let days = 0;
  for (let candidate = 0; candidate < row.length; candidate++) {
    row[candidate] = days;
    if (admitted[candidate] !== 1 || (uploaded[candidate] as number) >= superseded) continue;
    superseded = uploaded[candidate] as number;
    days = Math.max(0, Math.floor((asOf - superseded) / DAY));
  }
  return row;
}

/** 1 where a newer release has been there for more than two years. */
export function staleRow(lag: Float64Array): Row {
  // It never falls.
  if ((lag.at(-1) ?? 0) <= STALE_DAYS) return undefined;
  const row = new Float64Array(lag.length);
  for (let candidate = row.length - 1; (lag[candidate] ?? 0) > STALE_DAYS; candidate--) row[candidate] = 1;
  return row;
}

/** Severity points of the flaws known at the as-of date that affect each candidate, doubled where attackers use them. */
export function vulnerabilityRow(priced: Priced, floor: SeverityFloor): Row {
  const { candidates, traits, policy } = priced;
  const counted = COUNTED[floor];
  let row: Row;
  for (const flaw of traits.flaws) {
    if (flaw.published > policy.asOf || !counted.includes(flaw.severity)) continue;
    const points = pointsOf(flaw);
    forEachOf(flaw.affects, (candidate) => {
      row ??= new Float64Array(candidates.count);
      row[candidate] = (row[candidate] as number) + points;
    });
  }
  return row;
}

export function pointsOf({ severity, exploited }: Pick<Flaw, "severity" | "exploited">): number {
  return POINTS[severity] * (exploited ? 2 : 1);
}

/** 1 for each: younger than a week, a pre-release, a `.0` whose next patch exists, a project that its owners gave up. */
export function immaturityRow(priced: Priced): Row {
  const { candidates, traits, policy } = priced;
  const { uploaded, count } = candidates;
  let row = traits.abandoned ? new Float64Array(count).fill(1) : undefined;
  const add = (candidate: number) => {
    row ??= new Float64Array(count);
    row[candidate] = (row[candidate] as number) + 1;
  };
  const since = policy.asOf - COOLDOWN_DAYS * DAY;
  for (let candidate = 0; candidate < count; candidate++) {
    // An unknown time is 0.
    if ((uploaded[candidate] as number) > since && uploaded[candidate] !== 0) add(candidate);
  }
  for (const candidate of patchedOf(priced)) add(candidate);
  forEachOf(traits.flag("prerelease"), add);
  return row;
}

/** Each `.0` of a series of which a patch is admissible. */
function patchedOf({
  candidates: { count, stable },
  traits: { series },
  admitted,
}: Priced): readonly number[] {
  const first: number[] = [];
  for (let candidate = 0; candidate < count; candidate++)
    if (((series[candidate] as number) & 1) === 1) first.push(candidate);
  if (first.length === 0) return first;
  const patches = new Set<number>();
  for (let candidate = 0; candidate < stable; candidate++) {
    const place = series[candidate] as number;
    if (place !== 0 && (place & 1) === 0 && admitted[candidate] === 1) patches.add(place);
  }
  return first.filter((candidate) => patches.has((series[candidate] as number) + 1));
}

/** 1 where only a source distribution installs. */
export function buildRow({ candidates: { count }, traits }: Priced): Row {
  return rowOf(traits.flag("sdist"), count);
}

/** 1 where no attestation is told though an earlier release had one, and what evidence adds for the project. */
export function unprovenRow(priced: Priced): Row {
  const row = unattestedRow(priced);
  const points = priced.traits.points("unproven");
  if (points === null) return row;
  return someOf(Float64Array.from(points, (cost, candidate) => cost / 1000 + (row?.[candidate] ?? 0)));
}

/** PEP 740; none where the index tells of none at all. */
function unattestedRow({ candidates: { uploaded, count }, traits }: Priced): Row {
  const proven = traits.flag("proven");
  if (proven.every((word) => word === 0)) return undefined;
  let earliest = Number.POSITIVE_INFINITY;
  for (let candidate = 0; candidate < count; candidate++) {
    const time = uploaded[candidate] as number;
    if (has(proven, candidate) && time !== 0) earliest = Math.min(earliest, time);
  }
  if (earliest === Number.POSITIVE_INFINITY) return undefined;
  const row = new Float64Array(count);
  for (let candidate = 0; candidate < count; candidate++)
    if (!has(proven, candidate) && (uploaded[candidate] as number) > earliest) row[candidate] = 1;
  return someOf(row);
}

/** 1 per package. */
export function surfaceRow({ candidates: { count } }: Priced): Float64Array {
  if (ones.length < count) ones = new Float64Array(2 * count).fill(1);
  return ones.subarray(0, count);
}

/** Of all packages: nobody writes to a row. */
let ones = new Float64Array(0);

/** 1 for each that is older than the release that there is. */
export function backwardRow({ candidates, policy: { current } }: Priced): Row {
  const { record, releases, count } = candidates;
  const version = current?.get(record.name);
  if (version === undefined) return undefined;
  const row = new Float64Array(count);
  for (let candidate = 0; candidate < count; candidate++) {
    if (compareVersions(record.version(releases[candidate] as number), version) < 0) row[candidate] = 1;
  }
  return someOf(row);
}

/** 1 for each but the release that there is; for all where the package is not there yet. */
export function changeRow({ candidates, policy: { current } }: Priced): Float64Array {
  const { record, releases, count } = candidates;
  const row = new Float64Array(count).fill(1);
  const version = current?.get(record.name);
  for (let candidate = 0; candidate < count && version !== undefined; candidate++) {
    if (compareVersions(record.version(releases[candidate] as number), version) === 0) row[candidate] = 0;
  }
  return row;
}

/** 1 per yanked release. */
export function yankedRow({ candidates: { count, yanks }, traits }: Priced): Row {
  return yanks ? rowOf(traits.flag("yanked"), count) : undefined;
}

/** Points of what was seen to fail with one release alone. */
export function breakageRow({ traits }: Priced): Row {
  const points = traits.points("breakage");
  return points === null ? undefined : someOf(new Float64Array(points));
}

/**
 * What the rules on one release alone cost, counted from the best that the package can have: no package is chosen for its
 * reward, and one that is there anyway is the better for it.
 */
export function rewardedRow({ traits }: Priced, counted: Counted): Row {
  const points = traits.points(counted);
  if (points === null || points.length === 0) return undefined;
  const row = new Float64Array(points);
  const least = row.reduce((a, b) => Math.min(a, b));
  for (let candidate = 0; candidate < row.length; candidate++)
    row[candidate] = (row[candidate] as number) - least;
  return someOf(row);
}

function rowOf(set: ReleaseSet, count: number): Row {
  let row: Row;
  forEachOf(set, (candidate) => {
    row ??= new Float64Array(count);
    row[candidate] = 1;
  });
  return row;
}

function forEachOf(set: ReleaseSet, act: (candidate: number) => void): void {
  for (let word = 0; word < set.length; word++) {
    for (let left = set[word] as number; left !== 0; left &= left - 1) act((word << 5) + lowestBit(left));
  }
}

/** A row of nothing but zeros is none. */
function someOf(row: Float64Array): Row {
  for (let candidate = 0; candidate < row.length; candidate++) if (row[candidate] !== 0) return row;
  return undefined;
}
