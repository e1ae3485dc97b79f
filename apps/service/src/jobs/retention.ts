// What has ended long ago is forgotten, a few rows at a time, so that the tables do not grow for ever and nobody waits.

import { Audit } from "../access/audit.ts";
import type { Database } from "../database/database.ts";
import { Loop } from "../locks/loop.ts";
import { BuildLogs } from "./build-logs.ts";

export interface RetentionOptions {
  readonly database: Database;
  /** Milliseconds for which jobs, their results, logs of builds and sent callbacks are kept. */
  readonly keep: number;
  readonly failed: (error: unknown) => void;
}

const BATCH = 200;
const PAUSE = 10 * 60_000;
const DAY = 86_400_000;
/** Milliseconds for which the audit trail is kept. */
const AUDIT = 400 * DAY;
/** Tables that speak of jobs which must stay as long as they do. */
const HOLDERS = ["locks", "github_updates", "callbacks"];

export class Retention {
  readonly #options: RetentionOptions;
  readonly #loop: Loop;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#loop = new Loop({ step: () => this.step(), pause: PAUSE, failed: options.failed });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Whether there may be more. */
  async step(): Promise<boolean> {
    const { database, keep } = this.#options;
    const { now } = database;
    await new Audit(database).forget(Math.max(AUDIT, keep));
    await database.run(`DELETE FROM deliveries WHERE state <> 'ready' AND due < ${now} - $1`, [keep]);
    await new BuildLogs(database).forget(keep);
    return await database.transaction(async (query) => {
      const held = HOLDERS.map((table) => `NOT EXISTS (SELECT 1 FROM ${table} h WHERE h.job = j.id)`);
      const rows = await query.rows<{ id: string }>(
        `SELECT id FROM service_jobs j WHERE finished < ${now} - $1 AND ${held.join(" AND ")}
         ORDER BY finished LIMIT ${BATCH} ${database.skipLocked}`,
        [keep],
      );
      const ids = rows.map(({ id }) => id);
      if (ids.length === 0) return false;
      const list = ids.map((_, at) => `$${at + 1}`).join(", ");
      for (const table of ["results", "log_lines", "answers", "image_analyses"])
        await query.run(`DELETE FROM ${table} WHERE job IN (${list})`, ids);
      await query.run(`DELETE FROM service_jobs WHERE id IN (${list})`, ids);
      return ids.length === BATCH;
    });
  }
}
