// Tells those who asked for a job that it has ended: the callback is taken away in the transaction that makes a delivery of
// it, so that there is exactly one however many processes look.

import type { Database, Query } from "../database/database.ts";
import { JOB_COLUMNS, type JobRow, jobOf } from "../jobs/job.ts";
import { jobDocumentOf } from "../v2/job-document.ts";
import { Loop } from "./loop.ts";
import type { Outbox } from "./outbox.ts";

export interface JobEndsOptions {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly failed: (error: unknown) => void;
}

interface CallbackRow {
  readonly job: string;
  readonly url: string;
  readonly tenant: string;
  readonly secret: string | null;
}

const LOOK = 5_000;
/** Jobs end often, and few of them are waited for. */
const REST = 200;

export class JobEnds {
  readonly #options: JobEndsOptions;
  readonly #loop: Loop;
  #unlisten: () => void = () => undefined;

  constructor(options: JobEndsOptions) {
    this.#options = options;
    this.#loop = new Loop({ step: () => this.step(), pause: LOOK, rest: REST, failed: options.failed });
  }

  start(): void {
    this.#unlisten = this.#options.database.listen("ended", () => this.#loop.wake());
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#unlisten();
    await this.#loop.stop();
  }

  /** Whether there was one. */
  async step(): Promise<boolean> {
    const { database } = this.#options;
    return await database.transaction(async (query) => {
      const [row] = await query.rows<CallbackRow>(
        `SELECT job, url, tenant, secret FROM callbacks WHERE NOT EXISTS
         (SELECT 1 FROM service_jobs j WHERE j.id = callbacks.job AND (j.state = 'ready' OR j.state = 'running'))
         LIMIT 1 ${database.skipLocked}`,
      );
      if (row === undefined) return false;
      await this.#tell(query, row);
      await query.run("DELETE FROM callbacks WHERE job = $1 AND url = $2", [row.job, row.url]);
      return true;
    });
  }

  async #tell(query: Query, { job: id, url, tenant, secret }: CallbackRow): Promise<void> {
    const [row] = await query.rows<JobRow>(
      `SELECT ${JOB_COLUMNS.join(", ")} FROM service_jobs WHERE id = $1`,
      [id],
    );
    // A job that was cleared away has nothing to tell.
    if (row === undefined) return;
    await this.#options.outbox.deliver(query, {
      tenant,
      url,
      secret,
      document: {
        type: "job.ended",
        timestamp: new Date().toISOString(),
        data: { job: jobDocumentOf(jobOf(row)) },
      },
    });
  }
}
