// The objective as cost rows: what each candidate of a package pays on each level (recommendation.md).

import type { Candidates } from "./candidates.ts";
import type { Policy } from "./project.ts";

const DAY = 86_400;

export interface Objective {
  readonly levels: readonly string[];
  /** Cost of each candidate on each level; undefined where a level does not concern the package. */
  rows(candidates: Candidates, admitted: Uint8Array, direct: boolean): readonly (Float64Array | undefined)[];
}

/** What a level counts: pre-releases, days of lag, or releases passed over. */
type Term = "prerelease" | "lag" | "rank";

interface Level {
  readonly term: Term;
  readonly scope: "all" | "direct" | "rest";
}

/**
 * The objective of a policy. `timed` is false when some candidate has no upload time: the rank then stands in
 * for the lag of every package, so that unlike units are never added.
 */
export function createObjective(policy: Policy, timed: boolean): Objective {
  const levels: Level[] = [];
  if (policy.recommendationType === "latest" && policy.prerelease !== "allow") {
    levels.push({ term: "prerelease", scope: "all" });
  }
  for (const scope of ["direct", "rest"] as const) {
    levels.push({ term: "lag", scope }, { term: "rank", scope });
  }
  return {
    levels: levels.map(({ term, scope }) => (scope === "all" ? term : `${term}(${scope})`)),
    rows(candidates, admitted, direct) {
      const lowest = policy.resolution === "lowest" || (policy.resolution === "lowest-direct" && direct);
      const ranks = rankRow(candidates, admitted);
      // Towards the lowest there is no date to be late for: the place in the order is the whole objective.
      const lags = timed && !lowest ? lagRow(candidates, admitted, policy.asOf) : ranks;
      return levels.map(({ term, scope }) => {
        if (scope !== "all" && (scope === "direct") !== direct) return undefined;
        if (term === "prerelease") return prereleaseRow(candidates, admitted);
        return term === "lag" ? lags : ranks;
      });
    },
  };
}

/** 1 per pre-release where a stable release was admissible; pre-releases come last. */
function prereleaseRow({ count, stable }: Candidates, admitted: Uint8Array): Float64Array | undefined {
  return stable < count && admitted.subarray(0, stable).includes(1)
    ? new Float64Array(count).fill(1, stable)
    : undefined;
}

/** Number of admissible candidates that are preferred to each. */
function rankRow(candidates: Candidates, admitted: Uint8Array): Float64Array {
  const row = new Float64Array(candidates.count);
  let passed = 0;
  for (let candidate = 0; candidate < row.length; candidate++) {
    row[candidate] = passed;
    passed += admitted[candidate] as number;
  }
  return row;
}

/** Days from the first upload of a preferred admissible candidate to the as-of date; 0 for the most preferred. */
function lagRow(candidates: Candidates, admitted: Uint8Array, asOf: number): Float64Array {
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
