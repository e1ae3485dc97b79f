// Which releases of a package fail: the one that was seen to, and its neighbours up to one that passes, found by halving.

import { compareReleases, type Verdict } from "./trial.ts";

export interface Edge {
  /** The last that fails on the way. */
  readonly bad: string;
  /** The next one that is known to pass. */
  readonly good: string;
  /** Those between of which nothing is known: they fail in other ways, or no stack has them. */
  readonly unknown: readonly string[];
}

/**
 * `versions`: from one that fails to one that passes, in their order. What `probe` has no answer to is not asked again, and where it
 * gives none at all the search is over.
 */
export async function findEdge(
  versions: readonly string[],
  probe: (version: string) => Promise<Verdict | undefined>,
): Promise<Edge> {
  let [low, high] = [0, versions.length - 1];
  const unknown = new Set<number>();
  for (;;) {
    const middle = middleOfWidest(low, high, unknown);
    if (middle === undefined) break;
    const verdict = await probe(versions[middle]!);
    if (verdict === undefined) break;
    if (verdict === "fails") low = middle;
    else if (verdict === "passes") high = middle;
    else unknown.add(middle);
  }
  return { bad: versions[low]!, good: versions[high]!, unknown: versions.slice(low + 1, high) };
}

/** In the middle of the longest stretch between two places of which nothing was asked. */
function middleOfWidest(low: number, high: number, asked: ReadonlySet<number>): number | undefined {
  const walls = [low, ...[...asked].filter((at) => at > low && at < high).sort((a, b) => a - b), high];
  let widest: { readonly from: number; readonly width: number } = { from: low, width: 1 };
  for (const [at, wall] of walls.entries()) {
    const width = (walls[at + 1] ?? wall) - wall;
    if (width > widest.width) widest = { from: wall, width };
  }
  return widest.width < 2 ? undefined : widest.from + Math.floor(widest.width / 2);
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
