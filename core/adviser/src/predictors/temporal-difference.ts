// Learns by temporal difference what each release is worth: the rewards of `step` decisions are credited to the release
// taken last, or (`trace`) to all taken so far. While it is warm, episodes explore, at random; later they exploit, and of
// each package take the release with the highest average reward, now and then any other instead.

import { Temperature } from "./anneal.ts";
import { firstOpen, randomOpen, recentRelease, uniformRelease } from "./choices.ts";
import { Experiences } from "./experiences.ts";
import type { Names, Policy } from "./policy.ts";
import type { Predictor, Run } from "./predictor.ts";

export interface LearningOptions {
  /** Rewards that are credited at once; 1 by default. */
  readonly step?: number;
  /** Whether all releases of the trajectory are credited; they are not by default. */
  readonly trace?: boolean;
  readonly temperatureCoefficient?: number;
  /** What was learned before. */
  readonly policy?: Policy | undefined;
  /** Without names nothing is taken from `policy`, and nothing can be kept. */
  readonly names?: Names | undefined;
}

/** How often a step of an episode that exploits is a random one: so often, or twice an episode where that is less. */
const EPSILON = 0.1;
const STRAYS = 2;

export class TemporalDifference implements Predictor {
  readonly name: string = "temporal difference";
  protected readonly cooling: Temperature;
  protected experiences: Experiences | undefined;
  /** Releases taken in this episode. */
  protected trajectory = new Int32Array(64);
  protected explores = false;
  /** Steps of the episode before. */
  protected length = 1;
  readonly #options: LearningOptions;
  readonly #step: number;
  readonly #trace: boolean;
  #pending = 0;
  #uncredited = 0;
  #learned: Policy | undefined;

  constructor(options: LearningOptions = {}) {
    const { step = 1, trace = false, temperatureCoefficient = 0.999 } = options;
    this.#options = options;
    this.#step = step;
    this.#trace = trace;
    this.cooling = new Temperature(temperatureCoefficient);
  }

  get temperature(): number {
    return this.cooling.value;
  }

  get acceptance(): number {
    return this.cooling.acceptance;
  }

  /** What is known after a run, earlier policies included; undefined before, and without names. */
  get learned(): Policy | undefined {
    return this.#learned;
  }

  preRun(run: Run): void {
    const { policy, names } = this.#options;
    this.cooling.start(run);
    this.experiences = new Experiences(run.episodes);
    if (policy !== undefined && names !== undefined) this.experiences.load(run.episodes, policy, names);
    this.trajectory = new Int32Array(run.episodes.packages);
  }

  begin(run: Run): boolean {
    const { stacks, lastScore, bestScore, episodes } = run;
    this.explores =
      stacks === 0 ? this.#options.policy === undefined : this.cooling.leaves(lastScore - bestScore, run);
    this.#forget();
    this.length = Math.max(1, episodes.depth);
    episodes.reset();
    return true;
  }

  choosePackage(run: Run): number {
    return this.explores ? randomOpen(run) : firstOpen(run.episodes);
  }

  chooseRelease(run: Run, package_: number): number {
    const { episodes, random, stacks } = run;
    if (this.explores)
      return episodes.depth === 0 ? uniformRelease(run, package_) : recentRelease(run, package_);
    // What an earlier policy thinks best comes first, undisturbed.
    const strays = stacks > 0 && random.next() < Math.min(EPSILON, STRAYS / this.length);
    if (strays) return uniformRelease(run, package_);
    const known = this.table.best(episodes, package_);
    return known >= 0 ? known : recentRelease(run, package_);
  }

  reward(run: Run, reward: number): void {
    const { episodes, scale } = run;
    if (Number.isNaN(reward)) this.#forget();
    else if (reward === Number.POSITIVE_INFINITY) {
      if (this.#uncredited > 0) this.#credit(episodes.depth);
    } else {
      this.follow(run);
      this.cooling.observe(reward);
      this.cooling.cool(run, run.steps);
      this.#pending += scale.range > 0 ? reward / scale.range : 0;
      if (++this.#uncredited >= this.#step) this.#credit(episodes.depth);
    }
  }

  postRun({ episodes }: Run): void {
    const { names, policy } = this.#options;
    if (names !== undefined) this.#learned = this.table.save(episodes, names, policy);
  }

  protected get table(): Experiences {
    if (this.experiences === undefined) throw new Error("a predictor learns in runs only");
    return this.experiences;
  }

  /** Takes down the decision made last. */
  protected follow({ episodes }: Run): void {
    const at = episodes.depth - 1;
    this.trajectory[at] = this.table.slot(episodes.packageAt(at), episodes.releaseAt(at));
  }

  #credit(depth: number): void {
    for (let at = this.#trace ? 0 : depth - 1; at < depth; at++)
      this.table.credit(this.trajectory[at] as number, this.#pending);
    this.#forget();
  }

  #forget(): void {
    this.#pending = 0;
    this.#uncredited = 0;
  }
}
