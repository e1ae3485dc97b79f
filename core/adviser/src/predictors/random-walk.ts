// Each stack from the beginning, at random; packages that are prioritized come first.

import { firstOpenAmong, randomOpen, recentRelease, uniformRelease } from "./choices.ts";
import type { Predictor, Run } from "./predictor.ts";

export interface RandomWalkOptions {
  /** The host's numbers of packages. */
  readonly prioritized?: readonly number[];
  /** Mostly the newest release. */
  readonly preferRecent?: boolean;
}

export class RandomWalk implements Predictor {
  readonly name = "random walk";
  readonly #prioritized: ReadonlySet<number>;
  readonly #preferRecent: boolean;

  constructor({ prioritized = [], preferRecent = false }: RandomWalkOptions = {}) {
    this.#prioritized = new Set(prioritized);
    this.#preferRecent = preferRecent;
  }

  choosePackage(run: Run): number {
    if (this.#prioritized.size === 0) return randomOpen(run);
    const prioritized = firstOpenAmong(run.episodes, this.#prioritized);
    return prioritized >= 0 ? prioritized : randomOpen(run);
  }

  chooseRelease(run: Run, package_: number): number {
    return this.#preferRecent ? recentRelease(run, package_) : uniformRelease(run, package_);
  }
}
