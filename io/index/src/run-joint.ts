// Hosts a resolution for several environments, as `HostedResolution` hosts one for one.

import { setImmediate } from "node:timers/promises";
import {
  type Failure,
  type JointOptions,
  type JointProduct,
  type JointProject,
  JointResolution,
  type JointStep,
} from "@thoth/adviser";
import { type Hosting, Slice } from "./run-resolution.ts";
import type { IndexSession } from "./session.ts";

export interface JointRun extends Omit<JointOptions, "budget">, Hosting {}

export type JointOutcome =
  | Extract<JointStep, { kind: "solved" }>
  | { readonly kind: "unsatisfiable"; readonly failure: Failure; readonly environment: number }
  | { readonly kind: "limit"; readonly best?: JointProduct };

/** Throws what `IndexSession.supply` throws. */
export async function runJointResolution(
  projects: readonly JointProject[],
  session: IndexSession,
  { budget, signal, onStep, wait = (work) => work(), onStack, ...around }: JointRun = {},
): Promise<JointOutcome> {
  const slice = new Slice();
  slice.open(budget);
  const resolution = new JointResolution(projects, session, { ...around, budget: slice });
  for (;;) {
    slice.begin();
    const step = resolution.step();
    switch (step.kind) {
      case "solved":
      case "unsatisfiable":
        return step;
      case "paused":
        if (slice.over)
          return step.best === undefined ? { kind: "limit" } : { kind: "limit", best: step.best };
        if (step.best !== undefined) onStack?.();
        await setImmediate();
        signal?.throwIfAborted();
        break;
      case "needs":
        onStep?.(session.asked);
        // A step of many environments costs more than to wait for the slowest answer.
        await wait(() => session.supply(step.needs, signal, { whole: true }));
        break;
      default:
        step satisfies never;
    }
  }
}
