// Goes on from any state on the way to the last stack, at random.

import { randomOpen, uniformRelease } from "./choices.ts";
import type { Predictor, Run } from "./predictor.ts";

export class Sampling implements Predictor {
  readonly name = "sampling";

  begin({ episodes, random }: Run): boolean {
    episodes.undo(random.below(episodes.depth + 1));
    if (episodes.done) episodes.reset();
    return true;
  }

  choosePackage(run: Run): number {
    return randomOpen(run);
  }

  chooseRelease(run: Run, package_: number): number {
    return uniformRelease(run, package_);
  }
}
