// What the handlers of both APIs work with.

import type { Database } from "./database/database.ts";
import type { Metrics } from "./http/metrics.ts";
import type { Asked } from "./jobs/intake.ts";
import type { Job } from "./jobs/job.ts";
import type { JobQueue } from "./jobs/job-queue.ts";
import type { Question } from "./questions/question.ts";

export interface Wish {
  readonly tenant: string;
  readonly question: Question;
  readonly priority: number;
  readonly force: boolean;
  /** Called before a job is made, and not where there is one. What it throws is passed on. */
  readonly admit?: () => void;
}

export interface Service {
  readonly version: string;
  readonly database: Database;
  readonly queue: JobQueue;
  readonly metrics: Metrics;
  /**
   * Checks what a stranger may not ask for (hosts of indexes, files of this machine), and makes a job or finds the one
   * there is. Throws `invalid-request`, `forbidden`, `quota-exceeded`.
   */
  ask(wish: Wish): Promise<Asked>;
  /** Resolves when the job has ended, the time (milliseconds) is over or the signal is aborted, with the job as it is then. */
  wait(job: Job, time: number, signal?: AbortSignal): Promise<Job>;
  /** The job whenever it is another than before, until it has ended; `alive` where it is not for long. */
  watch(job: Job, signal: AbortSignal): AsyncIterable<Job | "alive">;
}
