// Which releases of a package fail: the one that was seen to, and its neighbours up to one that passes, found by halving.

import { nextBetween } from "./minimal-set.ts";
import { compareReleases, type Verdict } from "./trial.ts";

export interface Edge {
  /** The last that fails on the way. */
  readonly bad: string;
  /** The next one that is known to pass. */
  readonly good: string;
  /** Those between of which nothing is known: they fail in other ways, or no stack has them. */
  readonly unknown: readonly string[];
}

/** `versions`: from one that fails to one that passes, in their order. */
export async function findEdge(
  versions: readonly string[],
  probe: (version: string) => Promise<Verdict>,
): Promise<Edge> {
  let [low, high] = [0, versions.length - 1];
  const unknown = new Set<number>();
  for (;;) {
    const middle = nextBetween(low, high, unknown);
    if (middle === undefined) break;
    const verdict = await probe(versions[middle]!);
    if (verdict === "fails") low = middle;
    else if (verdict === "passes") high = middle;
    else unknown.add(middle);
  }
  return { bad: versions[low]!, good: versions[high]!, unknown: versions.slice(low + 1, high) };
}

/** The newest of each series (`1.26` of `1.26.4`), of versions that are sorted the newest first. */
export function newestOfSeries(versions: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return versions.filter((version) => {
    const series = seriesOf(version);
    return !seen.has(series) && seen.add(series);
  });
}

export function seriesOf(version: string): string {
  return (/^(?:\d+!)?\d+(?:\.\d+)?/.exec(version)?.[0] ?? version).replace(/^(\d+!?)$/, "$1.0");
}

/** The newest of each series that is older than a version, and of each major release before its own; the newest first. */
export function newestBefore(
  version: string,
  releases: readonly string[],
): { readonly series: readonly string[]; readonly majors: readonly string[] } {
  const series = newestOfSeries(releases.filter((one) => compareReleases(one, version) < 0));
  const major = majorOf(version);
  const majors = series.filter(
    (one, at) => majorOf(one) !== major && majorOf(one) !== majorOf(series[at - 1] ?? version),
  );
  return { series, majors };
}

function majorOf(version: string): string {
  return /^(?:\d+!)?\d+/.exec(version)?.[0] ?? version;
}
