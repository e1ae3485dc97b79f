// What each candidate of a package pays by each term of an objective (recommendation.md, "The problem"): one
// non-negative integer a candidate. A term of which nothing is known of a package gives no row.

import type { AdvisoryReader, Flaw, Severity } from "@thoth/knowledge";
import { compareVersions } from "@thoth/pep";
import type { Candidates } from "./candidates.ts";
import type { Policy } from "./project.ts";
import { conditionHolds, type RuleBook, ruleCost } from "./rules.ts";

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
  /** 1 for each candidate that the user's own requirements and constraints leave. */
  readonly admitted: Uint8Array;
  readonly policy: Policy;
  readonly advisories: AdvisoryReader | undefined;
  readonly rules: RuleBook | undefined;
}

/** 1 per pre-release where a stable release was admissible; pre-releases come last. */
export function prereleaseRow({ candidates: { count, stable }, admitted }: Priced): Row {
  return stable < count && admitted.subarray(0, stable).includes(1)
    ? new Float64Array(count).fill(1, stable)
    : undefined;
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
  const row = new Float64Array(candidates.count);
  let superseded = Number.POSITIVE_INFINITY;
  for (let candidate = 0; candidate < row.length; candidate++) {
    row[candidate] =
      superseded === Number.POSITIVE_INFINITY ? 0 : Math.max(0, Math.floor((asOf - superseded) / DAY));
    if (admitted[candidate] === 1)
      superseded = Math.min(superseded, candidates.uploaded[candidate] as number);
  }
  return row;
}

/** 1 where a newer release has been there for more than two years. */
export function staleRow(priced: Priced): Row {
  return someOf(lagRow(priced).map((days) => (days > STALE_DAYS ? 1 : 0)));
}

/** Flaws of a package that were known at the as-of date. */
export function knownFlaws({ candidates, policy, advisories }: Priced): readonly Flaw[] {
  return (advisories?.flaws(candidates.record.name) ?? []).filter(
    ({ published }) => published <= policy.asOf,
  );
}

/** Severity points of the known flaws that affect each candidate, doubled where attackers use them. */
export function vulnerabilityRow(priced: Priced, floor: SeverityFloor): Row {
  const { candidates } = priced;
  const flaws = knownFlaws(priced).filter(({ severity }) => COUNTED[floor].includes(severity));
  if (flaws.length === 0) return undefined;
  const { record, releases } = candidates;
  const row = new Float64Array(candidates.count);
  for (let candidate = 0; candidate < row.length; candidate++) {
    const version = record.version(releases[candidate] as number);
    for (const flaw of flaws) {
      if (flaw.affects(version)) row[candidate] = (row[candidate] as number) + pointsOf(flaw);
    }
  }
  return someOf(row);
}

export function pointsOf({ severity, exploited }: Flaw): number {
  return POINTS[severity] * (exploited ? 2 : 1);
}

/** 1 for each: younger than a week, a pre-release, a `.0` whose next patch exists, a project that its owners gave up. */
export function immaturityRow(priced: Priced): Row {
  const { candidates, policy } = priced;
  const { record, releases, uploaded, count } = candidates;
  const { status } = record.status;
  const abandoned = status === "archived" || status === "deprecated" ? 1 : 0;
  const patched = patchedSeries(priced);
  const row = new Float64Array(count);
  for (let candidate = 0; candidate < count; candidate++) {
    const release = releases[candidate] as number;
    const time = uploaded[candidate] as number;
    const version = record.version(release);
    row[candidate] =
      abandoned +
      (time !== 0 && policy.asOf - time < COOLDOWN_DAYS * DAY ? 1 : 0) +
      (record.isPrerelease(release) ? 1 : 0) +
      (version.release.length >= 3 && version.release.at(-1) === 0 && patched.has(seriesOf(version.release))
        ? 1
        : 0);
  }
  return someOf(row);
}

/** The series of which an admissible candidate is a later patch: `1.2` for 1.2.1. */
function patchedSeries({ candidates: { record, releases, stable }, admitted }: Priced): ReadonlySet<string> {
  const series = new Set<string>();
  for (let candidate = 0; candidate < stable; candidate++) {
    if (admitted[candidate] !== 1) continue;
    const { release } = record.version(releases[candidate] as number);
    if (release.length >= 3 && release.at(-1) !== 0) series.add(seriesOf(release));
  }
  return series;
}

function seriesOf(release: readonly (number | bigint)[]): string {
  return release.slice(0, -1).join(".");
}

/** 1 where only a source distribution installs. */
export function buildRow({ candidates: { record, installs, count } }: Priced): Row {
  const row = new Float64Array(count);
  for (let candidate = 0; candidate < count; candidate++) {
    if (record.isSdist(installs[candidate] as number)) row[candidate] = 1;
  }
  return someOf(row);
}

/** 1 where no attestation is told though an earlier release had one (PEP 740); none where the index tells of none at all. */
export function unprovenRow({ candidates: { record, installs, uploaded, count } }: Priced): Row {
  const row = new Float64Array(count);
  let earliest = Number.POSITIVE_INFINITY;
  for (let candidate = 0; candidate < count; candidate++) {
    const time = uploaded[candidate] as number;
    if (record.provenance(installs[candidate] as number) === undefined) row[candidate] = 1;
    else if (time !== 0) earliest = Math.min(earliest, time);
  }
  return someOf(row.map((missing, candidate) => ((uploaded[candidate] as number) > earliest ? missing : 0)));
}

/** 1 per package. */
export function surfaceRow({ candidates: { count } }: Priced): Float64Array {
  return new Float64Array(count).fill(1);
}

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
export function changeRow({ candidates, policy: { current } }: Priced): Row {
  const { record, releases, count } = candidates;
  const row = new Float64Array(count).fill(1);
  const version = current?.get(record.name);
  for (let candidate = 0; candidate < count && version !== undefined; candidate++) {
    if (compareVersions(record.version(releases[candidate] as number), version) === 0) row[candidate] = 0;
  }
  return row;
}

/** 1 per yanked release. */
export function yankedRow({ candidates: { record, installs, count, yanks } }: Priced): Row {
  if (!yanks) return undefined;
  const row = new Float64Array(count);
  for (let candidate = 0; candidate < count; candidate++) {
    if (record.isYanked(installs[candidate] as number)) row[candidate] = 1;
  }
  return someOf(row);
}

/**
 * What the rules on one release alone cost, counted from the best that the package can have: no package is chosen for its
 * reward, and one that is there anyway is the better for it.
 */
export function ruleRow({ candidates, rules }: Priced): Row {
  const { record, releases, count } = candidates;
  const terms = (rules?.termsOf(record.name) ?? []).filter(
    (term) => term.when.length === 1 && ruleCost(term) !== 0,
  );
  if (terms.length === 0 || count === 0) return undefined;
  const row = new Float64Array(count);
  for (let candidate = 0; candidate < count; candidate++) {
    const version = record.version(releases[candidate] as number);
    for (const term of terms) {
      if (conditionHolds(term.when[0], version)) row[candidate] = (row[candidate] as number) + ruleCost(term);
    }
  }
  const least = Math.min(...row);
  return someOf(row.map((cost) => cost - least));
}

/** A row of nothing but zeros is none. */
function someOf(row: Float64Array): Row {
  return row.some((cost) => cost !== 0) ? row : undefined;
}
