// Hosts a resolution: steps it, fetches what it needs, and steps it again whenever something new is known.

import { type Failure, type Product, type Project, Resolution, type ResolutionOptions } from "@thoth/adviser";
import type { IndexSession } from "./session.ts";

export interface RunOptions {
  readonly budget?: ResolutionOptions["budget"];
  readonly signal?: AbortSignal;
  /** Before each wait: how much was asked for so far. */
  readonly onStep?: (asked: { readonly projects: number; readonly metadata: number }) => void;
}

export type ResolutionOutcome =
  | { readonly kind: "solved"; readonly product: Product }
  | { readonly kind: "unsatisfiable"; readonly failure: Failure }
  | { readonly kind: "limit"; readonly best?: Product };

/** Throws what `IndexSession.supply` throws. */
export async function runResolution(
  project: Project,
  session: IndexSession,
  options: RunOptions = {},
): Promise<ResolutionOutcome> {
  const { budget, signal, onStep } = options;
  const resolution = new Resolution(project, session, budget === undefined ? {} : { budget });
  for (;;) {
    const step = resolution.step();
    switch (step.kind) {
      case "solved":
        return step;
      case "unsatisfiable":
        return step;
      case "paused":
        return step.best === undefined ? { kind: "limit" } : { kind: "limit", best: step.best };
      case "needs":
        onStep?.(session.asked);
        await session.supply(step.needs, signal);
        break;
      default:
        step satisfies never;
    }
  }
}
