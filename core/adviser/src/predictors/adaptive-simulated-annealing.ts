// Varies a stack: at high temperatures the last one, whatever it scores, with releases drawn evenly; later only a better
// one takes the place of the best, and recent releases are preferred.

import { Temperature } from "./anneal.ts";
import { recentRelease, uniformRelease } from "./choices.ts";
import { Neighbourhood } from "./neighbourhood.ts";
import type { Predictor, Run } from "./predictor.ts";

export interface AnnealingOptions {
  readonly temperatureCoefficient?: number;
}

/** Packages drawn anew beside the one that is varied, on average. */
const BESIDE = 1;

export class AdaptiveSimulatedAnnealing implements Predictor {
  readonly name = "adaptive simulated annealing";
  readonly #temperature: Temperature;
  readonly #best = new Neighbourhood();
  readonly #last = new Neighbourhood();
  #base = this.#best;

  constructor({ temperatureCoefficient = 0.999 }: AnnealingOptions = {}) {
    this.#temperature = new Temperature(temperatureCoefficient);
  }

  get temperature(): number {
    return this.#temperature.value;
  }

  get acceptance(): number {
    return this.#temperature.acceptance;
  }

  preRun(run: Run): void {
    this.#temperature.start(run);
    this.#best.start(run.episodes);
    this.#last.start(run.episodes);
    this.#base = this.#best;
  }

  begin(run: Run): boolean {
    const { episodes, stacks, lastScore, random } = run;
    if (stacks > 0) {
      const before = this.#base.score;
      if (lastScore > this.#best.score) this.#best.move(episodes, lastScore);
      if (this.#temperature.accepts(lastScore - before, run)) {
        this.#last.move(episodes, lastScore);
        this.#base = this.#last;
      } else if (this.#temperature.value < 1) this.#base = this.#best;
      this.#base.target = this.#base.packages[random.below(this.#base.size)] as number;
    }
    episodes.reset();
    return true;
  }

  choosePackage({ episodes }: Run): number {
    return this.#base.choosePackage(episodes);
  }

  chooseRelease(run: Run, package_: number): number {
    const { episodes, random } = run;
    const kept = this.#base.kept(episodes, package_);
    const isNew = package_ === this.#base.target || random.next() * this.#base.size < BESIDE;
    if (kept >= 0 && !isNew) return kept;
    return this.#base === this.#last ? uniformRelease(run, package_) : recentRelease(run, package_);
  }

  reward(run: Run, reward: number): void {
    if (!Number.isFinite(reward)) return;
    this.#temperature.observe(reward);
    this.#temperature.cool(run, run.steps);
  }
}
