// All combinations of some packages: what else there is comes first, at random and mostly in its newest release; then the
// packages in question go through all their releases, depth first.

import { ThothError } from "@thoth/pep";
import { firstOpenAmong, randomOpen, recentRelease } from "./choices.ts";
import type { Predictor, Run } from "./predictor.ts";

export class PackageCombinations implements Predictor {
  readonly name = "package combinations";
  readonly isOrderly = true;
  readonly #packages: ReadonlySet<number>;

  /** The host's numbers of the packages. */
  constructor(packages: readonly number[]) {
    if (packages.length === 0)
      throw new ThothError("usage", "Package combinations need `packages` to combine.");
    this.#packages = new Set(packages);
  }

  begin({ episodes, stacks }: Run): boolean {
    if (stacks === 0) return true;
    // What was drawn after the combined packages is drawn again.
    while (episodes.depth > 0 && !this.#isCombined(episodes.packageAt(episodes.depth - 1), episodes))
      episodes.undo(episodes.depth - 1);
    return (episodes.depth === 0 && !episodes.done) || episodes.refuse();
  }

  choosePackage(run: Run): number {
    const { episodes } = run;
    for (let place = episodes.firstOpen; place < episodes.needed; place++) {
      const package_ = episodes.neededAt(place);
      if (episodes.isOpen(package_) && !this.#isCombined(package_, episodes)) return this.#draw(run);
    }
    return firstOpenAmong(episodes, this.#packages);
  }

  chooseRelease(run: Run, package_: number): number {
    return this.#isCombined(package_, run.episodes)
      ? run.episodes.action(package_, 0)
      : recentRelease(run, package_);
  }

  /** An open package that is not combined; there is one. */
  #draw(run: Run): number {
    for (;;) {
      const package_ = randomOpen(run);
      if (!this.#isCombined(package_, run.episodes)) return package_;
    }
  }

  #isCombined(package_: number, episodes: Run["episodes"]): boolean {
    return this.#packages.has(episodes.idOf(package_));
  }
}
