// A stack that works, for one that does not: releases of the suspects are moved, to the series before, the major release before, and
// then each time twice as many series away, the suspects in turn, so that a short way is found soon and a long one in few steps. In
// between, the whole stack is tried as it was when what is pinned was new. Where a move turns the failure into another one, what that
// one names is moved as well, and then the whole stack is tried as it was when the release that was moved to was new.

import type { Stack } from "../inspection.ts";
import { Companions } from "./companions.ts";
import { newestBefore } from "./release-range.ts";
import { type CaseBook, compareReleases, type Pins } from "./trial.ts";

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
  const companions = new Companions(book, failing);
  let isFormerTried = false;
  let isLater = false;
  for (const { name, version, rank } of steps.sort((a, b) => a.rank - b.rank)) {
    if (rank > 0 && !isFormerTried) {
      isFormerTried = true;
      const former = await passingFormer(book, failing);
      if (former !== undefined) return former;
    }
    if (rank >= LATER && !isLater) {
      isLater = true;
      const former = await companions.passingFormer();
      if (former !== undefined) return former;
    }
    const border = failed.get(name);
    const isOlder = compareReleases(version, versions.get(name)!) < 0;
    if (isOlder && border !== undefined && compareReleases(version, border) > 0) continue;
    const pins = await feasible(book, failing, { name, version, border: border ?? versions.get(name)! });
    const { verdict, stack } = await book.try(pins, failing);
    if (verdict === "passes" && stack !== undefined) return stack;
    if (verdict === "fails" && isOlder) failed.set(name, pins.get(name)!);
    if (verdict !== "other" || stack === undefined) continue;
    const together = await companions.passing(pins, stack);
    if (together !== undefined) return together;
  }
  const former = isFormerTried ? undefined : await passingFormer(book, failing);
  return former ?? (await companions.passingFormer());
}

/** The release itself, or where no stack has it the next one towards what fails that some stack has. */
async function feasible(
  book: CaseBook,
  failing: Stack,
  { name, version, border }: { readonly name: string; readonly version: string; readonly border: string },
): Promise<Pins> {
  const { series } = newestBefore(border, await book.releases(name));
  const nearer = series.filter((one) => compareReleases(one, version) > 0).toReversed();
  for (const one of [version, ...nearer].slice(0, MOST_RESOLVED)) {
    const pins = new Map([[name, one]]);
    if ((await book.resolve(pins, failing)) !== undefined) return pins;
  }
  return new Map([[name, version]]);
}

const MOST_RESOLVED = 16;

async function passingFormer(book: CaseBook, failing: Stack): Promise<Stack | undefined> {
  const former = await book.former(failing);
  return former !== undefined && (await book.inspect(former)) === "passes" ? former : undefined;
}

const LATER = 1000;

/** Towards older ones as the header says, at last the oldest; and the newest of all. */
function stepsOf({ name, version, rank }: Step, releases: readonly string[]): Step[] {
  const { series, majors } = newestBefore(version, releases);
  const [newest] = releases.filter((one) => compareReleases(one, version) > 0);
  const far = Array.from({ length: 12 }, (_, at) => series[2 ** (at + 1) - 1]);
  const ways = [series[0], majors[0], newest, ...far.flatMap((one, at) => [one, majors[at]]), series.at(-1)];
  const chosen = [...new Set(ways)].filter((one) => one !== undefined);
  return chosen.map((one, at) => ({ name, version: one, rank: rank + 2 * at }));
}
