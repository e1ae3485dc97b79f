// A stack that works, for one that does not: releases of the suspects are moved, each time twice as many series away, the
// suspects in turn, so that a short way is found soon and a long one in few steps.

import type { Stack } from "../inspection.ts";
import { newestOfSeries } from "./release-range.ts";
import { type CaseBook, compareReleases } from "./trial.ts";

export interface Working {
  readonly stack: Stack;
  readonly moved: string;
}

interface Step {
  readonly name: string;
  readonly version: string;
  readonly rank: number;
}

/** Undefined where none of them passes. Throws TooManyInspections. */
export async function findWorking(
  book: CaseBook,
  failing: Stack,
  suspects: readonly string[],
): Promise<Working | undefined> {
  const versions = new Map(failing);
  const steps: Step[] = [];
  for (const [at, name] of suspects.entries()) {
    const version = versions.get(name);
    if (version !== undefined) steps.push(...stepsOf({ name, version, rank: at }, await book.releases(name)));
  }
  for (const { name, version } of steps.sort((a, b) => a.rank - b.rank)) {
    const { verdict, stack } = await book.try(new Map([[name, version]]), failing);
    if (verdict === "passes" && stack !== undefined) return { stack, moved: name };
  }
  return undefined;
}

/** Older ones at 1, 2, 4, … series; the newest of its own series and of all; the oldest. */
function stepsOf({ name, version, rank }: Step, releases: readonly string[]): Step[] {
  const older = newestOfSeries(releases.filter((one) => compareReleases(one, version) < 0));
  const newer = releases.filter((one) => compareReleases(one, version) > 0);
  const chosen: Step[] = [];
  let step = 0;
  for (let at = 1; at <= older.length; at *= 2)
    chosen.push({ name, version: older[at - 1]!, rank: rank + 2 * step++ });
  const oldest = older.at(-1);
  if (oldest !== undefined && oldest !== chosen.at(-1)?.version)
    chosen.push({ name, version: oldest, rank: rank + 2 * step + 1 });
  const [newest] = newer;
  if (newest !== undefined) chosen.push({ name, version: newest, rank: rank + 1 });
  return chosen;
}
