// Sets of releases in words: runs of neighbouring versions rather than lists.

import { has, isEmpty, type ReleaseSet } from "@thoth/solver";
import type { Candidates } from "./candidates.ts";
import { explainNothing, explainRefused, refusedBy } from "./missed.ts";
import type { Statement } from "./statement.ts";
import type { Universe } from "./universe.ts";

/** A run of neighbouring admissible releases, as indexes into the versions newest first. */
interface Run {
  readonly newest: number;
  readonly oldest: number;
}

const MAXIMUM_RUNS = 3;

/** `pydantic 2.6 or later`, `tensorflow 2.13.0`, `every numpy`. */
export function describeReleases(universe: Universe, id: number, releases: ReleaseSet | undefined): string {
  const { name, extra } = universe.packageOf(id);
  const title = extra === undefined ? name : `${name}[${extra}]`;
  const candidates = universe.candidatesOf(name);
  if (candidates === undefined || releases === undefined) return title;
  const { versions, runs } = runsOf(candidates, releases);
  if (runs.length === 1 && runs[0]?.newest === 0 && runs[0].oldest === versions.length - 1) {
    return versions.length === 1 ? `${title} ${versions[0]}` : `every ${title}`;
  }
  const parts = runs.slice(0, MAXIMUM_RUNS).map(({ newest, oldest }) => {
    if (newest === oldest) return `${versions[newest]}`;
    if (newest === 0) return `${versions[oldest]} or later`;
    if (oldest === versions.length - 1) return `${versions[newest]} or earlier`;
    return `${versions[oldest]} to ${versions[newest]}`;
  });
  const more = runs.length > MAXIMUM_RUNS ? ` and ${runs.length - MAXIMUM_RUNS} more groups` : "";
  return `${title} ${parts.join(", ")}${more}`;
}

/** `typing-extensions <4.6.0`, or the releases that remain when several requirements were merged. */
export function describeRange(universe: Universe, statement: Statement): string {
  const { name, extra } = universe.packageOf(statement.to);
  const title = extra === undefined ? name : `${name}[${extra}]`;
  const candidates = universe.candidatesOf(name);
  if (candidates === undefined) return `${title}${spaced(statement.specifiers)}, which no index has`;
  if (isEmpty(statement.admitted)) {
    return `${title}${spaced(statement.specifiers)}, ${explainNothing(universe, statement)}`;
  }
  const refused = explainRefused(refusedBy(universe, statement));
  if (refused !== undefined) return `${title}${spaced(statement.specifiers)}, ${refused}`;
  if (statement.specifiers !== undefined) return `${title}${spaced(statement.specifiers)}`;
  const { versions, runs } = runsOf(candidates, statement.admitted);
  const parts = runs.slice(0, MAXIMUM_RUNS).map((run) => boundsOf(versions, run));
  return `${title} ${parts.join(" or ")}${runs.length > MAXIMUM_RUNS ? " or others" : ""}`;
}

function boundsOf(versions: readonly string[], { newest, oldest }: Run): string {
  if (newest === oldest) return `==${versions[newest]}`;
  if (newest === 0) return `>=${versions[oldest]}`;
  const below = `<${versions[newest - 1]}`;
  return oldest === versions.length - 1 ? below : `>=${versions[oldest]},${below}`;
}

function spaced(text: string | undefined): string {
  return text === undefined || text === "" ? "" : ` ${text}`;
}

function runsOf(
  candidates: Candidates,
  set: ReleaseSet,
): { versions: readonly string[]; runs: readonly Run[] } {
  const { record, candidateOf } = candidates;
  const versions: string[] = [];
  const runs: Run[] = [];
  let start = -1;
  for (let release = 0; release < record.releaseCount; release++) {
    const candidate = candidateOf[release] as number;
    if (candidate < 0) continue;
    const inside = has(set, candidate);
    if (inside && start < 0) start = versions.length;
    if (!inside && start >= 0) {
      runs.push({ newest: start, oldest: versions.length - 1 });
      start = -1;
    }
    versions.push(record.versionText(release));
  }
  if (start >= 0) runs.push({ newest: start, oldest: versions.length - 1 });
  return { versions, runs };
}
