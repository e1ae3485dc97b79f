// From the newest of everything upwards: each package of the stack at hand tries each other release, and the first stack
// that is better takes its place. On a summit a few packages are drawn anew, and the climb starts from there.

import { uniformRelease } from "./choices.ts";
import { Neighbourhood } from "./neighbourhood.ts";
import type { Predictor, Run } from "./predictor.ts";

/** Packages drawn anew on a summit, on average. */
const KICK = 2;

export class HillClimbing implements Predictor {
  readonly name = "hill climbing";
  readonly #hill = new Neighbourhood();
  readonly #summit = new Neighbourhood();
  /** Which package of the stack is varied, and to which of its other releases. */
  #place = 0;
  #alternative = 0;
  /** Packages varied in vain since the last step upwards. */
  #inVain = 0;
  #isTried = false;
  #isLast = false;
  #kicks = false;

  preRun({ episodes }: Run): void {
    this.#hill.start(episodes);
    this.#summit.start(episodes);
    this.#kicks = false;
    this.#place = 0;
    this.#inVain = 0;
    this.#alternative = 0;
  }

  begin({ episodes, stacks, lastScore }: Run): boolean {
    if (stacks > 0) {
      if (this.#kicks || lastScore > this.#hill.score) {
        this.#hill.move(episodes, lastScore);
        this.#inVain = 0;
        this.#alternative = 0;
      } else if (this.#isLast || !this.#isTried) {
        this.#place++;
        this.#inVain++;
        this.#alternative = 0;
      } else this.#alternative++;
      this.#aim();
    }
    this.#isTried = false;
    episodes.reset();
    return true;
  }

  choosePackage({ episodes }: Run): number {
    return this.#hill.choosePackage(episodes);
  }

  chooseRelease(run: Run, package_: number): number {
    const { episodes, random } = run;
    if (this.#kicks && random.next() * this.#hill.size < KICK) return uniformRelease(run, package_);
    const kept = this.#hill.kept(episodes, package_);
    if (package_ !== this.#hill.target || this.#isTried)
      return kept >= 0 ? kept : episodes.action(package_, 0);
    return this.#next(run, kept);
  }

  /** The next release of the package that is varied. */
  #next({ episodes }: Run, kept: number): number {
    const { target } = this.#hill;
    const others = episodes.actions(target) - (kept >= 0 ? 1 : 0);
    this.#isTried = true;
    this.#isLast = this.#alternative >= others - 1;
    const release = episodes.action(target, Math.min(this.#alternative, others - 1));
    return kept >= 0 && release >= kept
      ? episodes.action(target, Math.min(this.#alternative, others - 1) + 1)
      : release;
  }

  #aim(): void {
    const hill = this.#hill;
    this.#kicks = this.#inVain >= hill.size;
    this.#place %= hill.size;
    hill.target = this.#kicks ? -1 : (hill.packages[this.#place] as number);
    if (!this.#kicks) return;
    if (hill.score > this.#summit.score) this.#summit.moveTo(hill);
    else hill.moveTo(this.#summit);
  }
}
