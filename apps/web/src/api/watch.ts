// What becomes of a job: its events for as long as they come, and asking again where they do not (a proxy may hold them back).

import { fits, type JobDocument, v2Operations } from "@thoth/contract/service";
import { parseHarmless } from "../frame/harmless.ts";
import { addressOfCall, api, authorization, type Refusal } from "./client.ts";
import { serverEvents } from "./events.ts";

export type Seen =
  | { readonly kind: "job"; readonly job: JobDocument }
  /** Not reached at the moment; it is tried again. */
  | { readonly kind: "lost" }
  | Refusal;

export interface Pace {
  /** Milliseconds between two questions. */
  readonly poll: number;
  /** Milliseconds without a word after which the stream counts as broken; the service says something every 15 s. */
  readonly silence: number;
  /** Times that the stream may break without having told anything before the page asks instead. */
  readonly breaks: number;
}

export const USUAL_PACE: Pace = { poll: 2_000, silence: 45_000, breaks: 3 };

export function hasEnded({ state }: Pick<JobDocument, "state">): boolean {
  return state !== "ready" && state !== "running";
}

/** The job as it is, whenever it is another, until it has ended or there is none. */
export async function* watchJob(
  id: string,
  signal: AbortSignal,
  pace: Pace = USUAL_PACE,
): AsyncGenerator<Seen> {
  let breaks = 0;
  while (!signal.aborted) {
    const seen = await askOnce(id, signal);
    yield seen;
    if (seen.kind === "refused" || (seen.kind === "job" && hasEnded(seen.job))) return;
    if (seen.kind === "job" && breaks < pace.breaks) {
      let told = 0;
      for await (const job of jobEvents(id, signal, pace)) {
        told++;
        yield { kind: "job", job };
        if (hasEnded(job)) return;
      }
      // The first event is what was known already.
      breaks = told > 1 ? 0 : breaks + 1;
    }
    await rest(pace.poll, signal);
  }
}

async function askOnce(id: string, signal: AbortSignal): Promise<Seen> {
  const outcome = await api.readJob({ places: { id }, signal });
  if (outcome.kind === "answered") return { kind: "job", job: outcome.value };
  const passes = outcome.status === 0 || outcome.status === 429 || outcome.status >= 500;
  return passes ? { kind: "lost" } : outcome;
}

/** Ends where the stream ends, breaks or falls silent. */
async function* jobEvents(id: string, signal: AbortSignal, { silence }: Pace): AsyncGenerator<JobDocument> {
  const broken = new AbortController();
  const either = AbortSignal.any([signal, broken.signal]);
  let timer = setTimeout(() => broken.abort(), silence);
  try {
    const response = await fetch(addressOfCall("watchJob", { places: { id } }), {
      headers: { accept: "text/event-stream", ...authorization() },
      credentials: "omit",
      signal: either,
    });
    if (!response.ok || response.body === null) return;
    for await (const { type, data } of serverEvents(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(() => broken.abort(), silence);
      const job = type === "job" ? parsedJob(data) : undefined;
      if (job !== undefined) yield job;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TypeError) && !broken.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    broken.abort();
  }
}

function parsedJob(data: string): JobDocument | undefined {
  const value = parseHarmless(data);
  const { schema = {} } = v2Operations.readJob.answers[200];
  return fits(schema, value) ? (value as JobDocument) : undefined;
}

function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
