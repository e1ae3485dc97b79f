// Questions, jobs and their results.

import type { AdviceRequest, ProvenanceRequest, v2Operations } from "@thoth/contract/service";
import { ThothError } from "@thoth/pep";
import type { Access } from "../access/access.ts";
import type { Handler, Handlers, Incoming, Reply } from "../http/handler.ts";
import { hasEnded, type Job } from "../jobs/job.ts";
import type { Outbox } from "../locks/outbox.ts";
import type { Question } from "../questions/question.ts";
import type { Service } from "../service.ts";
import { jobDocumentOf, textOf } from "./job-document.ts";
import { pageOf } from "./paging.ts";
import { adviceQuestionOf, provenanceQuestionOf } from "./questions.ts";

type Names =
  | "askAdvice"
  | "askProvenance"
  | "listJobs"
  | "readJob"
  | "cancelJob"
  | "readResult"
  | "readLog"
  | "watchJob";

/** Seconds. */
const LONGEST_WAIT = 30;
const USUAL_PRIORITY = 1;

interface Asked {
  readonly question: Question;
  readonly priority?: number | undefined;
  readonly callback?: AdviceRequest["callback"];
}

export interface JobParts {
  readonly access: Pick<Access, "takeQuestion">;
  readonly outbox: Outbox;
}

export function jobHandlers(service: Service, parts: JobParts): Pick<Handlers<typeof v2Operations>, Names> {
  const { queue } = service;
  const found = async ({ caller, places }: Incoming): Promise<Job> => {
    const job = await queue.read(caller.tenant, places["id"] as string);
    if (job === undefined) throw noSuchJob();
    return job;
  };
  const asking =
    (askedBy: (body: unknown) => Asked): Handler =>
    async (incoming) => {
      const job = await ask(service, parts, { incoming, ...askedBy(incoming.body) });
      return await resultOf(service, job, incoming);
    };
  return {
    askAdvice: asking((body) => {
      const request = body as AdviceRequest;
      const { priority, callback } = request;
      return { question: adviceQuestionOf(request), priority, callback };
    }),
    askProvenance: asking((body) => ({ question: provenanceQuestionOf(body as ProvenanceRequest) })),
    listJobs: async ({ caller, query }) => {
      const page = pageOf(query);
      const jobs = await queue.list(caller.tenant, { ...page, state: query["state"] });
      return {
        status: 200,
        document: page.documentOf(jobs, jobDocumentOf, ({ created, id }) => `${created}:${id}`),
      };
    },
    readJob: async (incoming) => ({ status: 200, document: jobDocumentOf(await found(incoming)) }),
    cancelJob: async ({ caller, places }) => {
      // Nobody knows who else waits for it: strangers that ask the same share a job.
      if (caller.isAnonymous)
        throw new ThothError(
          "forbidden",
          "without a token no job is ended: others may wait for the same one",
          {
            hint: "Stop waiting for it. What is asked with a token can be ended with it.",
          },
        );
      const job = await queue.cancel(caller.tenant, places["id"] as string);
      if (job === undefined) throw noSuchJob();
      return { status: 200, document: jobDocumentOf(job) };
    },
    readResult: async (incoming) => await resultOf(service, await found(incoming), incoming, true),
    readLog: async (incoming) => {
      const lines = await queue.lines((await found(incoming)).id);
      return {
        status: 200,
        document: { lines: lines.map(({ at, line }) => ({ at: textOf(at), text: line })) },
      };
    },
    watchJob: async (incoming) => ({
      status: 200,
      events: eventsOf(service, await found(incoming), incoming.signal),
    }),
  };
}

async function ask(
  service: Service,
  { access, outbox }: JobParts,
  { incoming, question, priority = USUAL_PRIORITY, callback }: Asked & { readonly incoming: Incoming },
): Promise<Job> {
  const { caller, query } = incoming;
  const { tenant } = caller;
  if (callback !== undefined) outbox.check(callback);
  const force = query["force"] === "true";
  const admit = () => access.takeQuestion(caller);
  const { job, isNew } = await service.ask({ tenant, question, priority, force, admit });
  (isNew ? service.metrics.misses : service.metrics.hits).inc();
  if (callback !== undefined)
    await service.database.transaction(
      async (kept) => await outbox.callWhenEnded(kept, { tenant, job: job.id, ...callback }),
    );
  return job;
}

/** The result where it is there, or comes in the time that whoever asks would wait; else the job. */
async function resultOf(service: Service, asked: Job, incoming: Incoming, must = false): Promise<Reply> {
  const seconds = waitOf(incoming.headers["prefer"]);
  const job = seconds === 0 ? asked : await service.wait(asked, seconds * 1000, incoming.signal);
  const headers = { location: `/api/v2/jobs/${job.id}`, "x-thoth-job": job.id };
  if (job.state === "done") {
    const result = await service.queue.result(job.id);
    if (result !== undefined) return { status: 200, bytes: result.document, gzip: result.gzip, headers };
  }
  if (must && hasEnded(job.state))
    throw new ThothError("conflict", `the job has no result: it is ${job.state}`, {
      hint: job.failure?.message,
    });
  return { status: 202, document: jobDocumentOf(job), headers };
}

/** https://www.rfc-editor.org/rfc/rfc7240#section-4.3 */
function waitOf(prefer: string | undefined): number {
  const seconds = Number(/(?:^|[,;\s])wait=(\d{1,4})/.exec(prefer ?? "")?.[1] ?? 0);
  return Math.min(seconds, LONGEST_WAIT);
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html */
async function* eventsOf(service: Service, job: Job, signal: AbortSignal): AsyncGenerator<string> {
  for await (const state of service.watch(job, signal))
    yield state === "alive" ? ":\n\n" : `event: job\ndata: ${JSON.stringify(jobDocumentOf(state))}\n\n`;
}

function noSuchJob(): ThothError {
  return new ThothError("not-found", "there is no such job");
}
