// A stack that works, for one that does not: releases of the suspects are moved, to the series before, the major release before, and
// then each time twice as many series away, the suspects in turn, so that a short way is found soon and a long one in few steps. In
// between, the whole stack is tried as it was when what is pinned was new.

import type { Stack } from "../inspection.ts";
import { newestOfSeries } from "./release-range.ts";
import { type CaseBook, compareReleases } from "./trial.ts";

interface Step {
  readonly name: string;
  readonly version: string;
  readonly rank: number;
}

export interface Suspects {
  /** The most suspicious first. */
  readonly names: readonly string[];
  /** How many the failure names itself: the others are moved when all of these were. */
  readonly named: number;
}

/** Undefined where none of them passes. Throws TooManyInspections. */
export async function findWorking(
  book: CaseBook,
  failing: Stack,
  { names, named }: Suspects,
): Promise<Stack | undefined> {
  const versions = new Map(failing);
  const steps: Step[] = [];
  for (const [at, name] of names.entries()) {
    const version = versions.get(name);
    const rank = at + (named > 0 && at >= named ? LATER : 0);
    if (version !== undefined) steps.push(...stepsOf({ name, version, rank }, await book.releases(name)));
  }
  /** The oldest that fails in the same way, of each: what lies between is taken to fail too. */
  const failed = new Map<string, string>();
  let isFormerTried = false;
  for (const { name, version, rank } of steps.sort((a, b) => a.rank - b.rank)) {
    if (rank > 0 && !isFormerTried) {
      isFormerTried = true;
      const former = await passingFormer(book, failing);
      if (former !== undefined) return former;
    }
    const border = failed.get(name);
    const isOlder = compareReleases(version, versions.get(name)!) < 0;
    if (isOlder && border !== undefined && compareReleases(version, border) > 0) continue;
    const { verdict, stack } = await book.try(new Map([[name, version]]), failing);
    if (verdict === "passes" && stack !== undefined) return stack;
    if (verdict === "fails" && isOlder) failed.set(name, version);
  }
  return isFormerTried ? undefined : await passingFormer(book, failing);
}

async function passingFormer(book: CaseBook, failing: Stack): Promise<Stack | undefined> {
  const former = await book.former(failing);
  return former !== undefined && (await book.inspect(former)) === "passes" ? former : undefined;
}

const LATER = 1000;

/** Towards older ones as the header says, at last the oldest; and the newest of all. */
function stepsOf({ name, version, rank }: Step, releases: readonly string[]): Step[] {
  const older = newestOfSeries(releases.filter((one) => compareReleases(one, version) < 0));
  const [newest] = releases.filter((one) => compareReleases(one, version) > 0);
  const major = majorOf(version);
  const majors = older.filter(
    (one, at) => majorOf(one) !== major && majorOf(one) !== majorOf(older[at - 1] ?? version),
  );
  const far = Array.from({ length: 12 }, (_, at) => older[2 ** (at + 1) - 1]);
  const ways = [older[0], majors[0], newest, ...far, majors[1], older.at(-1)];
  const chosen = [...new Set(ways)].filter((one) => one !== undefined);
  return chosen.map((one, at) => ({ name, version: one, rank: rank + 2 * at }));
}

function majorOf(version: string): string {
  return /^(?:\d+!)?\d+/.exec(version)?.[0] ?? version;
}
