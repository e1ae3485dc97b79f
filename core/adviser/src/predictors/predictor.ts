// What a predictor sees of a run and what it decides. It chooses which open package comes next and which of the releases
// left it takes, hears what that brought, and says where the next stack starts.

import type { Episodes, Random } from "@thoth/solver";
import type { Scale } from "./scale.ts";

export interface Run {
  readonly episodes: Episodes;
  readonly random: Random;
  readonly scale: Scale;
  /** Stacks that the run may score. */
  readonly limit: number;
  /** Stacks scored so far. */
  readonly stacks: number;
  /** Decisions so far, dead ends included. */
  readonly steps: number;
  /** Score of the best stack and of the last; -infinity before there is one. */
  readonly bestScore: number;
  readonly lastScore: number;
}

export interface Predictor {
  readonly name: string;
  /** It goes through all stacks in order, so that no episode may start anew before its end. */
  readonly isOrderly?: boolean;
  /** Undefined for predictors that do not cool. */
  readonly temperature?: number;
  /** How likely it last was to leave the best for something else. */
  readonly acceptance?: number;
  /** Before the first stack. */
  preRun?(run: Run): void;
  /**
   * Brings the episodes to where the next stack starts: to their beginning, unless said otherwise. They still show the
   * stack before. False: there is nothing left to try.
   */
  begin?(run: Run): boolean;
  /** An open package. */
  choosePackage(run: Run): number;
  /** One of the releases that the package has left. */
  chooseRelease(run: Run, package_: number): number;
  /**
   * What the last decision brought: the score of the release and of all that it bound, 0 or negative; NaN where it was a
   * dead end. A complete stack is told by infinity, after the reward of the decision that completed it.
   */
  reward?(run: Run, reward: number): void;
  postRun?(run: Run): void;
}
