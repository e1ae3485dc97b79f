// As the latest, but a dead end is left sideways: until the stack is complete, any open package is taken, mostly in its
// newest release. Packages that are prioritized come first.

import { firstOpen, firstOpenAmong, randomOpen, recentRelease } from "./choices.ts";
import { Latest } from "./latest.ts";
import type { Run } from "./predictor.ts";

export interface ApproximatingLatestOptions {
  /** The host's numbers of packages. */
  readonly prioritized?: readonly number[];
}

export class ApproximatingLatest extends Latest {
  override readonly name: string = "approximating latest";
  readonly #prioritized: ReadonlySet<number>;
  #hops = false;

  constructor({ prioritized = [] }: ApproximatingLatestOptions = {}) {
    super();
    this.#prioritized = new Set(prioritized);
  }

  override choosePackage(run: Run): number {
    if (this.#hops) return randomOpen(run);
    const prioritized = firstOpenAmong(run.episodes, this.#prioritized);
    return prioritized >= 0 ? prioritized : firstOpen(run.episodes);
  }

  override chooseRelease(run: Run, package_: number): number {
    return this.#hops ? recentRelease(run, package_) : run.episodes.action(package_, 0);
  }

  reward(_run: Run, reward: number): void {
    if (Number.isNaN(reward)) this.#hops = true;
    else if (reward === Number.POSITIVE_INFINITY) this.#hops = false;
  }
}
