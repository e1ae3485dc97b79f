// Hosts a resolution: steps it, fetches what it needs, and steps it again whenever something new is known.

import { setImmediate } from "node:timers/promises";
import {
  type Evidence,
  type Failure,
  type Product,
  type Project,
  Resolution,
  type ResolutionOptions,
} from "@thoth/adviser";
import type { IndexSession } from "./session.ts";

type Budget = NonNullable<ResolutionOptions["budget"]>;

export interface Hosting {
  readonly budget?: Budget | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Before each wait: how much was asked for so far. */
  readonly onStep?: ((asked: { readonly projects: number; readonly metadata: number }) => void) | undefined;
  /** Given each wait, which it has to do. */
  readonly wait?: ((work: () => Promise<void>) => Promise<void>) | undefined;
  /** While the search goes on for longer: a stack is known, and not that it is the best. */
  readonly onStack?: (() => void) | undefined;
}

export interface RunOptions extends Omit<ResolutionOptions, "budget">, Hosting {}

export type ResolutionOutcome =
  /** `excerpt` and `evidence` as of `Resolution`. */
  | {
      readonly kind: "solved";
      readonly product: Product;
      readonly excerpt: Resolution["excerpt"];
      readonly evidence: () => Evidence;
    }
  | { readonly kind: "unsatisfiable"; readonly failure: Failure; readonly evidence: () => Evidence }
  | { readonly kind: "limit"; readonly best?: Product };

/** Milliseconds of search after which whatever else waits gets its turn: answers of servers, an interruption. */
const SLICE = 50;

/** The budget of one step: what is left of the whole, and never longer than a slice. */
export class Slice implements Budget {
  #whole: Budget | undefined;
  #end = 0;
  /** The whole is spent, and not only a slice of it. */
  over = false;

  open(whole: Budget | undefined): void {
    this.#whole = whole;
    this.over = false;
  }

  begin(): void {
    this.#end = performance.now() + SLICE;
  }

  spent(steps: number): boolean {
    this.over ||= this.#whole?.spent(steps) === true;
    return this.over || performance.now() >= this.#end;
  }
}

/** Throws what `IndexSession.supply` throws. */
export async function runResolution(
  project: Project,
  session: IndexSession,
  { budget, signal, onStep, wait, onStack, ...around }: RunOptions = {},
): Promise<ResolutionOutcome> {
  const hosting = { budget, signal, onStep, wait, onStack };
  return new HostedResolution(project, session, around).run(hosting);
}

/** One that is run as often as somebody has turned it to another question. */
export class HostedResolution {
  readonly #session: IndexSession;
  readonly #slice = new Slice();
  readonly #resolution: Resolution;

  constructor(project: Project, session: IndexSession, options: Omit<ResolutionOptions, "budget">) {
    this.#session = session;
    this.#resolution = new Resolution(project, session, { ...options, budget: this.#slice });
  }

  leaves(...of: Parameters<Resolution["leaves"]>): string | undefined {
    return this.#resolution.leaves(...of);
  }

  turnTo(...to: Parameters<Resolution["turnTo"]>): void {
    this.#resolution.turnTo(...to);
  }

  learnOf(...of: Parameters<Resolution["learnOf"]>): void {
    this.#resolution.learnOf(...of);
  }

  /** Throws what `IndexSession.supply` throws. */
  async run({
    budget,
    signal,
    onStep,
    wait = (work) => work(),
    onStack,
  }: Hosting): Promise<ResolutionOutcome> {
    const [slice, resolution, session] = [this.#slice, this.#resolution, this.#session];
    slice.open(budget);
    for (;;) {
      slice.begin();
      const step = resolution.step();
      switch (step.kind) {
        case "solved":
          return {
            ...step,
            excerpt: (choices) => resolution.excerpt(choices),
            evidence: () => resolution.evidence,
          };
        case "unsatisfiable":
          return { ...step, evidence: () => resolution.evidence };
        case "paused":
          if (!slice.over) {
            if (step.best !== undefined) onStack?.();
            await setImmediate();
            signal?.throwIfAborted();
            break;
          }
          return step.best === undefined ? { kind: "limit" } : { kind: "limit", best: step.best };
        case "needs":
          onStep?.(session.asked);
          await wait(() => session.supply(step.needs, signal));
          break;
        default:
          step satisfies never;
      }
    }
  }
}
