// A job as the modern API tells it.

import type { JobDocument } from "@thoth/contract/service";
import type { Job } from "../jobs/job.ts";

export function jobDocumentOf({ id, kind, state, attempt, progress, failure, ...job }: Job): JobDocument {
  const self = `/api/v2/jobs/${id}`;
  return {
    id,
    kind,
    state,
    created: textOf(job.created),
    started: job.started === null ? null : textOf(job.started),
    finished: job.finished === null ? null : textOf(job.finished),
    attempt,
    progress,
    failure,
    links: { self, result: `${self}/result`, events: `${self}/events`, log: `${self}/log` },
  };
}

/** Of milliseconds since 1970. */
export function textOf(time: number): string {
  return new Date(time).toISOString();
}
