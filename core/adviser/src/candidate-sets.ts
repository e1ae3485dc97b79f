// Sets of a project's candidates: those that specifiers admit, and those that no level of an objective tells apart.

import { admittedRanges, type PackageName, type Specifiers } from "@thoth/pep";
import { emptySet, has, type PackageFacts, type ReleaseSet } from "@thoth/solver";
import type { Candidates } from "./candidates.ts";

/** The candidates that cost on every level what the one of that version costs. */
export function alikeSet(
  { count, releases, record }: Candidates,
  version: string,
  costs: PackageFacts["costs"],
): ReleaseSet {
  const set = emptySet(count);
  const own = releases.findIndex((release) => record.versionText(release) === version);
  for (let candidate = 0; candidate < count && own >= 0; candidate++) {
    if (costs.every((row) => row === undefined || row[candidate] === row[own]))
      set[candidate >>> 5] = (set[candidate >>> 5] as number) | (1 << (candidate & 31));
  }
  return set;
}

/** Undefined specifiers admit all. */
export function setOf(
  { count, candidateOf, record }: Candidates,
  specifiers: Specifiers | undefined,
): ReleaseSet {
  const set = emptySet(count);
  const ranges =
    specifiers === undefined ? [0, record.releaseCount] : admittedRanges(specifiers, record.versions);
  for (let at = 0; at < ranges.length; at += 2) {
    const end = ranges[at + 1] as number;
    for (let release = ranges[at] as number; release < end; release++) {
      const candidate = candidateOf[release] as number;
      if (candidate >= 0) set[candidate >>> 5] = (set[candidate >>> 5] as number) | (1 << (candidate & 31));
    }
  }
  return set;
}

export function takenSet(
  candidates: Candidates,
  takes: (candidates: Candidates, candidate: number) => boolean,
): ReleaseSet {
  const set = emptySet(candidates.count);
  for (let candidate = 0; candidate < candidates.count; candidate++) {
    if (takes(candidates, candidate))
      set[candidate >>> 5] = (set[candidate >>> 5] as number) | (1 << (candidate & 31));
  }
  return set;
}

/** The rows of a package with what it costs, on the first level, to be the whole of a stack that was found before. */
export function withRepeats(
  candidates: Candidates,
  rows: PackageFacts["costs"],
  stacks: readonly ReadonlyMap<PackageName, string>[],
): PackageFacts["costs"] {
  if (stacks.length === 0) return rows;
  const repeats = new Float64Array(candidates.count);
  for (const stack of stacks) {
    const version = stack.size === 1 ? stack.get(candidates.record.name) : undefined;
    if (version === undefined) continue;
    const alike = alikeSet(candidates, version, rows);
    for (let candidate = 0; candidate < candidates.count; candidate++)
      if (has(alike, candidate)) repeats[candidate] = (repeats[candidate] as number) + 1;
  }
  return repeats.some((count) => count > 0) ? [repeats, ...rows.slice(1)] : rows;
}
