// Monte Carlo tree search, as flat as the policy it shares with temporal difference learning: down the releases with the
// highest average score of the stacks they were part of, and from the first package without experience on a random rollout.
// Every release of a complete stack is credited with its score.

import { recentRelease, uniformRelease } from "./choices.ts";
import type { Run } from "./predictor.ts";
import { type LearningOptions, TemporalDifference } from "./temporal-difference.ts";

export interface MonteCarloOptions extends LearningOptions {
  /** The first part of the run, one in so many, is learning as by temporal difference; 10 by default. */
  readonly heatUp?: number;
}

const COOLING = 0.99;
const CONFIDENCE = 0.2;
/** Releases per episode, on average, that are drawn whatever is known of them. */
const EXPANSIONS = 1;

export class MonteCarloTreeSearch extends TemporalDifference {
  override readonly name: string = "Monte Carlo tree search";
  readonly #heatUp: number;
  #rollsOut = false;
  /** Sums of the scores so far and of their squares. */
  #sum = 0;
  #squares = 0;

  constructor({ heatUp = 10, ...options }: MonteCarloOptions = {}) {
    super({ temperatureCoefficient: COOLING, ...options });
    this.#heatUp = heatUp;
  }

  override preRun(run: Run): void {
    super.preRun(run);
    this.#sum = 0;
    this.#squares = 0;
  }

  override begin(run: Run): boolean {
    this.#rollsOut = false;
    return super.begin(run);
  }

  override chooseRelease(run: Run, package_: number): number {
    if (this.explores || this.#isHeatingUp(run)) return super.chooseRelease(run, package_);
    if (this.#rollsOut) return recentRelease(run, package_);
    if (run.random.next() < EXPANSIONS / this.length) return uniformRelease(run, package_);
    const known = this.table.best(run.episodes, package_, this.#bonus(run));
    this.#rollsOut = known < 0;
    return known >= 0 ? known : recentRelease(run, package_);
  }

  override reward(run: Run, reward: number): void {
    const { episodes, scale } = run;
    if (Number.isNaN(reward)) return;
    if (reward !== Number.POSITIVE_INFINITY) {
      this.follow(run);
      this.cooling.observe(reward);
      this.cooling.cool(run, 0);
      return;
    }
    const share = scale.range > 0 ? run.lastScore / scale.range : 0;
    this.#sum += share;
    this.#squares += share * share;
    for (let at = 0; at < episodes.depth; at++) this.table.credit(this.trajectory[at] as number, share);
  }

  /** Upper confidence bounds: the spread of the scores, and more of it the longer the run. */
  #bonus({ stacks }: Run): number {
    if (stacks === 0) return 0;
    const mean = this.#sum / stacks;
    const variance = Math.max(0, this.#squares / stacks - mean * mean);
    return CONFIDENCE * Math.sqrt(variance * Math.log(stacks + 1));
  }

  #isHeatingUp({ steps, limit }: Run): boolean {
    return steps < limit / this.#heatUp;
  }
}
