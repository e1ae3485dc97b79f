// A service as its processes have it: the database, the queue, those who wait.

import { type AllowedHost, parseAllowedHosts } from "@thoth/index";
import { openDatabase } from "./database/open-database.ts";
import { Metrics } from "./http/metrics.ts";
import type { Asked } from "./jobs/intake.ts";
import { JobQueue } from "./jobs/job-queue.ts";
import { Waiting } from "./jobs/waiting.ts";
import { checkQuestion } from "./questions/check-question.ts";
import { digestOfQuestion, formatQuestion } from "./questions/question.ts";
import type { Service, Wish } from "./service.ts";
import type { ServiceSettings } from "./settings.ts";
import { sending, tellAsked } from "./tracing/job-spans.ts";
import { inSpan, type Tracing } from "./tracing/tracing.ts";

export interface OpenService extends Service {
  readonly hosts: readonly AllowedHost[];
  readonly tracing: Tracing | undefined;
  /** Whoever waits or watches is told how it stands, and waits no more. */
  endWaits(): void;
  close(): Promise<void>;
}

/** The tracing is closed with it. Throws `database-failed`, `usage`. */
export async function openService(settings: ServiceSettings, tracing?: Tracing): Promise<OpenService> {
  const hosts = parseAllowedHosts(settings.hosts);
  const database = await openDatabase(settings.database);
  const queue = new JobQueue(database, settings.queue);
  const waiting = new Waiting(database, queue);
  return {
    version: settings.version,
    database,
    queue,
    metrics: new Metrics(),
    hosts,
    tracing,
    ask: async (wish) => await ask(wish, { queue, hosts, tracing }),
    wait: async (job, time, signal) => await waiting.wait(job, time, signal),
    watch: (job, signal) => waiting.watch(job, signal),
    endWaits: () => waiting.end(),
    close: async () => {
      waiting.close();
      await database.close();
      await tracing?.close();
    },
  };
}

interface Asking {
  readonly queue: JobQueue;
  readonly hosts: readonly AllowedHost[];
  readonly tracing: Tracing | undefined;
}

async function ask({ tenant, question, priority, force, admit }: Wish, asking: Asking): Promise<Asked> {
  const { queue, hosts, tracing } = asking;
  const text = formatQuestion(question);
  const { kind } = question;
  return await inSpan(
    tracing,
    () => sending(kind),
    async (span) => {
      const trace = span?.parent;
      const asked = { tenant, kind, digest: digestOfQuestion(text), question: text, priority, force, trace };
      const answer = await queue.ask(asked, () => {
        admit?.();
        checkQuestion(question, { hosts });
      });
      if (span !== undefined) tellAsked(span, answer);
      return answer;
    },
  );
}
