// The draws that predictors have in common.

import type { Episodes } from "@thoth/solver";
import type { Run } from "./predictor.ts";

/** How often something other than the newest release is drawn where recent ones are preferred. */
const EPSILON = 0.1;

export function firstOpen(episodes: Episodes): number {
  return episodes.neededAt(episodes.firstOpen);
}

/** Any open package, each as likely. */
export function randomOpen({ episodes, random }: Run): number {
  const first = episodes.firstOpen;
  const count = episodes.needed - first;
  for (;;) {
    const package_ = episodes.neededAt(first + random.below(count));
    if (episodes.isOpen(package_)) return package_;
  }
}

/** Any release left, each as likely. */
export function uniformRelease({ episodes, random }: Run, package_: number): number {
  return episodes.action(package_, random.below(episodes.actions(package_)));
}

/** The newest release left, or now and then another, the older the rarer. */
export function recentRelease(run: Run, package_: number): number {
  const { episodes, random } = run;
  const index = random.next() < EPSILON ? termial(episodes.actions(package_), run) : 0;
  return episodes.action(package_, index);
}

/** An index below `count`, the i-th with probability (count - i) / (1 + 2 + … + count). */
function termial(count: number, { random }: Run): number {
  const ticket = random.below((count * (count + 1)) / 2);
  return count - 1 - Math.floor(-0.5 + Math.sqrt(0.25 + 2 * ticket));
}

/** The first open package whose host number is in the set, or -1. */
export function firstOpenAmong(episodes: Episodes, ids: ReadonlySet<number>): number {
  for (let place = episodes.firstOpen; ids.size > 0 && place < episodes.needed; place++) {
    const package_ = episodes.neededAt(place);
    if (episodes.isOpen(package_) && ids.has(episodes.idOf(package_))) return package_;
  }
  return -1;
}
