// Spans of a job: it is sent by whoever is asked, and processed by a worker, in the same trace.
// https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/

import type { Asked } from "../jobs/intake.ts";
import type { Job, JobKind } from "../jobs/job.ts";
import type { Beginning, Span } from "./tracing.ts";

const SYSTEM = { "messaging.system": "thoth" };

export function sending(kind: JobKind): Beginning {
  return {
    name: `send ${kind}`,
    kind: "producer",
    attributes: {
      ...SYSTEM,
      "messaging.operation.name": "send",
      "messaging.operation.type": "send",
      "messaging.destination.name": kind,
    },
  };
}

/** Who finds a job that is there has to do with what made it, too. */
export function tellAsked(span: Span, { job, isNew }: Asked): void {
  span.set({ "messaging.message.id": job.id, "thoth.job.new": isNew });
  if (!isNew && job.trace) span.link(job.trace);
}

export function processing(job: Job, worker: string): Beginning {
  return {
    name: `process ${job.kind}`,
    kind: "consumer",
    parent: job.trace ?? undefined,
    attributes: {
      ...SYSTEM,
      "messaging.operation.name": "process",
      "messaging.operation.type": "process",
      "messaging.destination.name": job.kind,
      "messaging.message.id": job.id,
      "messaging.client.id": worker,
      "thoth.job.attempt": job.attempt,
      "thoth.tenant": job.tenant,
    },
  };
}

export function inside(name: string): Beginning {
  return { name, kind: "internal", attributes: {} };
}
