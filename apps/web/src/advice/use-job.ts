// A job for as long as a page shows it: how far it is, and what it has found.

import type { JobDocument } from "@thoth/contract/service";
import * as React from "react";
import { api, type Refusal } from "../api/client.ts";
import { hasEnded, watchJob } from "../api/watch.ts";
import { parseResult, type Result } from "../report/model.ts";

export type JobView =
  | { readonly kind: "waiting" }
  | { readonly kind: "working"; readonly job: JobDocument; readonly isLost: boolean }
  | {
      readonly kind: "ended";
      readonly job: JobDocument;
      readonly result: Result | undefined;
      readonly text: unknown;
    }
  | Refusal;

export function useJob(id: string): readonly [view: JobView, again: () => void] {
  const [view, setView] = React.useState<JobView>({ kind: "waiting" });
  const [round, setRound] = React.useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round asks once more.
  React.useEffect(() => {
    const gone = new AbortController();
    setView({ kind: "waiting" });
    follow(id, gone.signal, (next) => {
      if (!gone.signal.aborted) setView(next);
    }).catch((error: unknown) => {
      if (!gone.signal.aborted) throw error;
    });
    return () => gone.abort();
  }, [id, round]);
  return [view, () => setRound((before) => before + 1)];
}

type Show = (next: JobView | ((before: JobView) => JobView)) => void;

async function follow(id: string, signal: AbortSignal, show: Show): Promise<void> {
  for await (const seen of watchJob(id, signal)) {
    if (seen.kind === "refused") show(seen);
    else if (seen.kind === "lost")
      show((before) => (before.kind === "working" ? { ...before, isLost: true } : before));
    else if (hasEnded(seen.job)) show(await ended(seen.job, signal));
    else show({ kind: "working", job: seen.job, isLost: false });
  }
}

async function ended(job: JobDocument, signal: AbortSignal): Promise<JobView> {
  if (job.state === "cancelled" || job.state === "dead")
    return { kind: "ended", job, result: undefined, text: undefined };
  const outcome = await api.readResult({ places: { id: job.id }, signal });
  // What has failed need not have a document.
  if (outcome.kind === "refused")
    return job.failure === null ? outcome : { kind: "ended", job, result: undefined, text: undefined };
  return { kind: "ended", job, result: parseResult(outcome.value), text: outcome.value };
}
