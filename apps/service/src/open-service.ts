// A service as its processes have it: the database, the queue, those who wait.

import { type AllowedHost, parseAllowedHosts } from "@thoth/index";
import { checkQuestionRate } from "./access/tenants.ts";
import type { Database } from "./database/database.ts";
import { openDatabase } from "./database/open-database.ts";
import { Metrics } from "./http/metrics.ts";
import { JobQueue } from "./jobs/job-queue.ts";
import { Waiting } from "./jobs/waiting.ts";
import { checkQuestion } from "./questions/check-question.ts";
import { digestOfQuestion, formatQuestion } from "./questions/question.ts";
import type { Service, Wish } from "./service.ts";
import type { ServiceSettings } from "./settings.ts";

export interface OpenService extends Service {
  readonly hosts: readonly AllowedHost[];
  close(): Promise<void>;
}

/** Throws `database-failed`, `usage`. */
export async function openService(settings: ServiceSettings): Promise<OpenService> {
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
    ask: async (wish) => await ask(wish, { database, queue, hosts }),
    wait: async (job, time, signal) => await waiting.wait(job, time, signal),
    watch: (job, signal) => waiting.watch(job, signal),
    close: async () => {
      waiting.close();
      await database.close();
    },
  };
}

interface Asking {
  readonly database: Database;
  readonly queue: JobQueue;
  readonly hosts: readonly AllowedHost[];
}

async function ask({ tenant, question, priority, force, admit }: Wish, { database, queue, hosts }: Asking) {
  const text = formatQuestion(question);
  const { kind } = question;
  const asked = { tenant, kind, digest: digestOfQuestion(text), question: text, priority, force };
  return await queue.ask(asked, async (query) => {
    admit?.();
    checkQuestion(question, { hosts });
    await checkQuestionRate(database, tenant, query);
  });
}
