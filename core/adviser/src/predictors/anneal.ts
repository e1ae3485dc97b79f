// Temperatures: how ready a predictor is to go where the score is lower. They start at the number of stacks asked for and
// fall the faster the more stacks are found; differences count in steps of average cost, so that it does not matter in
// what the objective is measured.

import type { Run } from "./predictor.ts";

const FROZEN = 1e-9;

export class Temperature {
  value = 0;
  /** How likely what was last asked about was to be accepted; NaN before anything was. */
  acceptance = Number.NaN;
  readonly #coefficient: number;
  #rewards = 0;
  #total = 0;

  /** `coefficient`: what is left of the temperature after a step at the end of the run. */
  constructor(coefficient: number) {
    this.#coefficient = coefficient;
  }

  start({ limit }: Run): void {
    this.value = limit;
    this.acceptance = Number.NaN;
    this.#rewards = 0;
    this.#total = 0;
  }

  /** After a step, by stacks and steps; without `steps`, by stacks alone. */
  cool(run: Run, steps: number): void {
    const power = (run.stacks + Math.log(steps + 1)) / run.limit;
    this.value *= this.#coefficient ** power;
    if (this.value < FROZEN) this.value = 0;
  }

  /** The reward of a step, of which the average is what differences are measured in. */
  observe(reward: number): void {
    this.#rewards++;
    this.#total -= reward;
  }

  /** Whether to go on from something that scores that much more (or less) than the best. */
  accepts(difference: number, { random }: Run): boolean {
    this.acceptance = this.#likelihood(difference);
    if (difference > 0) return true;
    if (this.value === 0) return false;
    return this.acceptance >= random.next();
  }

  /** As `accepts`, but something that scores as the best does is no better than what scores a step less. */
  leaves(difference: number, run: Run): boolean {
    return this.accepts(Math.min(difference, -this.#unit), run);
  }

  #likelihood(difference: number): number {
    if (difference > 0) return 1;
    return this.value === 0 ? 0 : Math.exp(difference / (this.#unit * this.value));
  }

  get #unit(): number {
    return this.#total > 0 ? this.#total / this.#rewards : 1;
  }
}
