// One run of a predictor: episode after episode, until the budget is spent or the predictor has nothing left to try. What
// it finds is good, never proved; the exact search proves it.

import { type Budget, type Episodes, Random } from "@thoth/solver";
import { BestStacks, type Stack } from "./best-stacks.ts";
import { History, type Point } from "./history.ts";
import type { Predictor, Run } from "./predictor.ts";
import { scaleOf, scoreOf } from "./scale.ts";

export interface LearningBudget {
  /** Stacks to score, equal ones included. */
  readonly stacks: number;
  /** Decisions to make, dead ends included; a thousand per stack by default. */
  readonly steps?: number;
  readonly seed: number;
  /** Best distinct stacks to keep; 1 by default. */
  readonly count?: number;
  readonly budget?: Budget | undefined;
}

export interface Learned {
  readonly predictor: string;
  /** Best first. Empty: there is no stack, or none was found. */
  readonly best: readonly Stack[];
  readonly stacks: number;
  readonly steps: number;
  readonly deadEnds: number;
  /** Nothing was left to try: the best is the best there is, if the predictor goes through everything. */
  readonly exhausted: boolean;
  /** Scores compare as vectors do. */
  readonly isExact: boolean;
  readonly history: readonly Point[];
}

/** Dead ends of an episode after which it starts anew, and by how much more there may be each time. */
const PATIENCE = 10;
const MORE_PATIENCE = 1.5;
const STEPS_PER_STACK = 1_000;
const PAUSE_UNIT = 128;

export function searchByLearning(episodes: Episodes, predictor: Predictor, budget: LearningBudget): Learned {
  return new LearningRun(episodes, predictor, budget).goOn() as Learned;
}

/** The same with pauses, which change nothing. */
export class LearningRun implements Run {
  readonly episodes: Episodes;
  readonly random: Random;
  readonly scale: Run["scale"];
  readonly limit: number;
  stacks = 0;
  steps = 0;
  bestScore = Number.NEGATIVE_INFINITY;
  lastScore = Number.NEGATIVE_INFINITY;
  readonly #predictor: Predictor;
  readonly #budget: Budget | undefined;
  #pause: Budget | undefined;
  /** Steps before the last pause. */
  #pausedAt = -1;
  #begun = false;
  #exhausted = false;
  /** Steps before the present episode. */
  #before = 0;
  readonly #mostSteps: number;
  readonly #best: BestStacks;
  readonly #history = new History();
  #deadEnds = 0;
  /** Dead ends that are left until the episode starts anew, and how many there were to be. */
  #left = PATIENCE;
  #patience = PATIENCE;

  constructor(
    episodes: Episodes,
    predictor: Predictor,
    { stacks, steps = stacks * STEPS_PER_STACK, seed, count = 1, budget }: LearningBudget,
  ) {
    episodes.restart();
    this.episodes = episodes;
    this.random = new Random(seed);
    this.scale = scaleOf(episodes);
    this.limit = stacks;
    this.#predictor = predictor;
    this.#budget = budget;
    this.#mostSteps = steps;
    this.#best = new BestStacks(count);
  }

  /** Until `pause` is spent; undefined then. */
  goOn(pause?: Budget): Learned | undefined {
    const { episodes } = this;
    this.#pause = pause;
    const before = this.#pausedAt;
    if (!this.#begun) {
      this.#begun = true;
      this.#predictor.preRun?.(this);
      this.#exhausted = episodes.exhausted;
    }
    while (!this.#exhausted && this.stacks < this.limit && this.#episode()) {
      // A stack without a decision is the last that is left.
      this.#exhausted = episodes.depth === 0 || !this.#begin();
    }
    if (this.#pausedAt !== before) return undefined;
    const exhausted = this.#exhausted || episodes.exhausted;
    this.#predictor.postRun?.(this);
    const { stacks, steps } = this;
    const best = this.#best.stacks(episodes);
    episodes.restart();
    return {
      predictor: this.#predictor.name,
      best,
      stacks,
      steps,
      deadEnds: this.#deadEnds,
      exhausted,
      isExact: this.scale.exact,
      history: this.#history.points(),
    };
  }

  #begin(): boolean {
    if (this.#predictor.begin !== undefined) return this.#predictor.begin(this) && !this.episodes.exhausted;
    this.episodes.reset();
    return true;
  }

  /** To the end of an episode. False: the budget is spent, nothing is left, or it is time for a pause. */
  #episode(): boolean {
    const { episodes } = this;
    while (!episodes.done) {
      if (episodes.exhausted || this.steps >= this.#mostSteps) return false;
      if (this.steps % PAUSE_UNIT === 0) {
        if (this.#budget?.spent(this.steps) === true) return false;
        if (this.steps !== this.#pausedAt && this.#pause?.spent(this.steps) === true) {
          this.#pausedAt = this.steps;
          return false;
        }
      }
      this.#step();
    }
    this.#finish(this.steps - this.#before);
    this.#before = this.steps;
    return true;
  }

  #step(): void {
    const { episodes } = this;
    const predictor = this.#predictor;
    const package_ = predictor.choosePackage(this);
    const release = predictor.chooseRelease(this, package_);
    const before = predictor.reward === undefined ? 0 : scoreOf(episodes.vector, this.scale);
    this.steps++;
    if (!episodes.take(package_, release)) {
      this.#deadEnds++;
      predictor.reward?.(this, Number.NaN);
      if (predictor.isOrderly !== true && --this.#left <= 0) this.#startAnew();
    } else predictor.reward?.(this, scoreOf(episodes.vector, this.scale) - before);
  }

  /** What was chosen first may leave nothing, and to find that out backwards may take for ever. */
  #startAnew(): void {
    this.#patience *= MORE_PATIENCE;
    this.#left = this.#patience;
    this.episodes.reset();
  }

  #finish(steps: number): void {
    const { episodes } = this;
    this.#patience = PATIENCE;
    this.#left = PATIENCE;
    const score = scoreOf(episodes.vector, this.scale);
    this.stacks++;
    this.lastScore = score;
    if (score > this.bestScore) this.bestScore = score;
    this.#predictor.reward?.(this, Number.POSITIVE_INFINITY);
    this.#best.offer(episodes, score, this.stacks);
    if (!this.#history.wants(this.stacks)) return;
    this.#history.add({
      stack: this.stacks,
      score,
      best: this.bestScore,
      temperature: this.#predictor.temperature ?? Number.NaN,
      acceptance: this.#predictor.acceptance ?? Number.NaN,
      reward: score / Math.max(1, steps),
    });
  }
}
