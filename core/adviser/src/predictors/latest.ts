// Depth first: of each package the newest release left, then the next best, from the last decision backwards.

import { firstOpen } from "./choices.ts";
import type { Predictor, Run } from "./predictor.ts";

export class Latest implements Predictor {
  readonly name: string = "latest";
  readonly isOrderly = true;

  begin({ episodes, stacks }: Run): boolean {
    return stacks === 0 || episodes.refuse();
  }

  choosePackage({ episodes }: Run): number {
    return firstOpen(episodes);
  }

  chooseRelease({ episodes }: Run, package_: number): number {
    return episodes.action(package_, 0);
  }
}
