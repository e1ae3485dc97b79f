// The queue of jobs. At least once: whoever works on a job holds a lease, and who does not extend it loses it. A result is
// written once, by the attempt that holds the lease. Fair: jobs are taken by their turn, and each tenant's next job has
// its turn after its last one, so that those who ask little do not wait for those who ask much (start-time fair queueing).

import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Database, Query } from "../database/database.ts";
import { EndedJobs } from "./ended-jobs.ts";
import { type Ask, type Asked, Intake } from "./intake.ts";
import {
  type Failure,
  JOB_COLUMNS,
  type Job,
  type JobRow,
  jobOf,
  type KeptResult,
  type Progress,
  QUESTION_VERSION,
  type Result,
} from "./job.ts";
import { ResultShelf } from "./result-shelf.ts";

const zip = promisify(gzip);
const unzip = promisify(gunzip);
/** Of compression: half the time of the usual one, for a tenth more bytes. */
const LEVEL = 3;

export interface Lease {
  readonly worker: string;
  readonly id: string;
  readonly attempt: number;
}

/** A job with a lease. */
export interface Claimed extends Job {
  /** Whether the tenant has indexes, rules or observations of its own. */
  readonly hasOwn: boolean;
}

export interface QueueSettings {
  /** Milliseconds for which an answer is given again. */
  readonly life: number;
  /** Milliseconds of a lease. */
  readonly lease: number;
  /** Times that a job is begun where its process fails. */
  readonly attempts: number;
  /** And where workers are lost with it: more often, since it need not be to blame. */
  readonly losses: number;
}

export const USUAL_QUEUE: QueueSettings = { life: 3 * 3600_000, lease: 6_000, attempts: 3, losses: 6 };

const COLUMNS = JOB_COLUMNS.join(", ");
const HAS_OWN = `(SELECT t.indexes <> '[]' OR EXISTS (SELECT 1 FROM rules r WHERE r.tenant = t.id) OR
  EXISTS (SELECT 1 FROM observations o WHERE o.tenant = t.id) FROM tenants t WHERE t.id = service_jobs.tenant)`;
const RETRY_AFTER = 1_000;
/** No job waits and no lease lasts longer: what says so was written before the database's clock was set back. */
const LATEST = 120_000;

export class JobQueue {
  readonly #database: Database;
  readonly #settings: QueueSettings;
  readonly #intake: Intake;
  readonly #shelf = new ResultShelf();
  readonly #ended = new EndedJobs();
  /** Results that are being read: who wants the same one meanwhile waits for that. */
  readonly #reading = new Map<string, Promise<KeptResult | undefined>>();

  constructor(database: Database, settings: QueueSettings = USUAL_QUEUE) {
    this.#database = database;
    this.#settings = settings;
    this.#intake = new Intake(database, settings.life);
  }

  /** As `Intake.ask`. */
  async ask(ask: Ask, admit: () => void = () => undefined): Promise<Asked> {
    return await this.#intake.ask(ask, admit);
  }

  /** The next job, with a lease on it. Where a crash of the database forgets the lease, the job is another's. */
  async claim(worker: string): Promise<Claimed | undefined> {
    const { now, skipLocked, quickly } = this.#database;
    const [row] = await this.#database.rows<JobRow & { readonly own: boolean | number | null }>(
      `UPDATE service_jobs SET state = 'running', worker = $1, lease_until = ${now} + $2, attempt = attempt + 1,
       started = coalesce(started, ${now}), progress = NULL, failure = NULL
       WHERE id = (SELECT id FROM service_jobs WHERE state = 'ready' AND version <= $3 AND
         (run_after <= ${now} OR run_after > ${now} + $4)
         ORDER BY turn, created LIMIT 1 ${skipLocked}) RETURNING ${COLUMNS}, ${HAS_OWN} AS own${quickly}`,
      [worker, this.#settings.lease, QUESTION_VERSION, LATEST],
    );
    return row && { ...jobOf(row), hasOwn: Boolean(row.own) };
  }

  /** Whether the lease was still held, and is so for another while. */
  async extend({ worker, id, attempt }: Lease): Promise<boolean> {
    const changed = await this.#database.run(
      `UPDATE service_jobs SET lease_until = ${this.#database.now} + $1
       WHERE id = $2 AND worker = $3 AND attempt = $4 AND state = 'running'`,
      [this.#settings.lease, id, worker, attempt],
    );
    return changed > 0;
  }

  async tellProgress({ worker, id, attempt }: Lease, progress: Progress): Promise<void> {
    const changed = await this.#database.run(
      "UPDATE service_jobs SET progress = $1 WHERE id = $2 AND worker = $3 AND attempt = $4 AND state = 'running'",
      [JSON.stringify(progress), id, worker, attempt],
    );
    if (changed > 0) await this.#database.tell("progress", JSON.stringify({ id, ...progress }));
  }

  /** After those that are there. */
  async addLines(id: string, lines: readonly string[], query: Query = this.#database): Promise<void> {
    if (lines.length === 0) return;
    const rows = lines.map((_, at) => `SELECT ${at + 1} AS place, $${at + 2} AS line`);
    await query.run(
      `INSERT INTO log_lines (job, number, at, line)
       SELECT $1, (SELECT coalesce(max(number), 0) FROM log_lines WHERE job = $1) + place, ${this.#database.now}, line
       FROM (${rows.join(" UNION ALL ")}) told`,
      [id, ...lines.map(keepable)],
    );
  }

  /** False where the lease was lost: then nothing is written. */
  async finish(lease: Lease, result: Result, lines: readonly string[] = []): Promise<boolean> {
    const { document, status } = result;
    const kept = { document, status, gzip: await zip(document, { level: LEVEL }) };
    const ended =
      this.#database.dialect === "postgres"
        ? await this.#finishAtOnce(lease, kept, lines)
        : await this.#database.transaction(
            async (query) => await this.#finishIn(query, lease, { kept, lines }),
          );
    if (ended === undefined) return false;
    this.#shelf.put(lease.id, kept);
    this.#ended.put(ended);
    // Nobody waits for the news; where it is lost, those who wait find out by looking.
    void this.#database.tell("ended", lease.id).catch(() => undefined);
    return true;
  }

  async #finishAtOnce(
    { worker, id, attempt }: Lease,
    { gzip, status }: KeptResult,
    lines: readonly string[],
  ): Promise<Job | undefined> {
    const [row] = await this.#database.rows<JobRow>(
      `WITH done AS (${this.#ending}),
       kept AS (INSERT INTO results (job, document, status) SELECT id, $4::bytea, $5::integer FROM done),
       told AS (INSERT INTO log_lines (job, number, at, line)
         SELECT id, (SELECT coalesce(max(number), 0) FROM log_lines WHERE job = $1) + place, ${this.#database.now}, line
         FROM done, json_array_elements_text($6::json) WITH ORDINALITY AS said (line, place))
       SELECT ${COLUMNS} FROM done`,
      [id, worker, attempt, gzip, status, JSON.stringify(lines.map(keepable))],
    );
    return row && jobOf(row);
  }

  async #finishIn(
    query: Query,
    { worker, id, attempt }: Lease,
    { kept, lines }: { readonly kept: KeptResult; readonly lines: readonly string[] },
  ): Promise<Job | undefined> {
    const [ended] = await query.rows<JobRow>(this.#ending, [id, worker, attempt]);
    if (ended === undefined) return undefined;
    const row = [id, kept.gzip, kept.status];
    await query.run("INSERT INTO results (job, document, status) VALUES ($1, $2, $3)", row);
    await this.addLines(id, lines, query);
    return jobOf(ended);
  }

  get #ending(): string {
    return `UPDATE service_jobs SET state = 'done', finished = ${this.#database.now}, lease_until = NULL, progress = NULL
       WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running' RETURNING ${COLUMNS}`;
  }

  /**
   * `again`: another attempt may do better, and is made where there is one left. A job that has none left is dead: it did
   * not fail by its question alone.
   */
  async fail({ worker, id, attempt }: Lease, failure: Failure, again: boolean): Promise<void> {
    const isLast = attempt >= this.#settings.attempts;
    const state = !again ? "failed" : isLast ? "dead" : "ready";
    const { now } = this.#database;
    await this.#database.transaction(async (query) => {
      const changed = await query.run(
        `UPDATE service_jobs SET state = $1, failure = $2, lease_until = NULL, progress = NULL, run_after = ${now} + $3,
         finished = ${state === "ready" ? "NULL" : now} WHERE id = $4 AND worker = $5 AND attempt = $6 AND state = 'running'`,
        [state, JSON.stringify(failure), RETRY_AFTER * 4 ** (attempt - 1), id, worker, attempt],
      );
      if (changed > 0 && state !== "ready") await query.tell("ended", id);
    });
  }

  /** Gives back at once what a worker holds that ends in an orderly way. */
  async release({ worker, id, attempt }: Lease): Promise<void> {
    await this.#database.transaction(async (query) => {
      const changed = await query.run(
        `UPDATE service_jobs SET state = 'ready', attempt = attempt - 1, lease_until = NULL, progress = NULL
         WHERE id = $1 AND worker = $2 AND attempt = $3 AND state = 'running'`,
        [id, worker, attempt],
      );
      if (changed > 0) await query.tell("jobs", "");
    });
  }

  /** Takes jobs from those who have not extended their leases. Returns how many. */
  async reap(): Promise<number> {
    const { now } = this.#database;
    const failure: Failure = {
      code: "worker-lost",
      message: `${this.#settings.losses} workers that began it did not end it`,
    };
    return await this.#database.transaction(async (query) => {
      const lost = await query.rows<{ id: string; state: string }>(
        `UPDATE service_jobs SET lease_until = NULL, progress = NULL,
         state = CASE WHEN attempt >= $1 THEN 'dead' ELSE 'ready' END,
         failure = CASE WHEN attempt >= $1 THEN $2 ELSE NULL END,
         finished = CASE WHEN attempt >= $1 THEN ${now} ELSE NULL END
         WHERE state = 'running' AND (lease_until < ${now} OR lease_until > ${now} + $3) RETURNING id, state`,
        [this.#settings.losses, JSON.stringify(failure), LATEST],
      );
      for (const { id, state } of lost) if (state === "dead") await query.tell("ended", id);
      if (lost.some(({ state }) => state === "ready")) await query.tell("jobs", "");
      return lost.length;
    });
  }

  /** What has ended stays as it is. Undefined where the tenant has no such job. */
  async cancel(tenant: string, id: string): Promise<Job | undefined> {
    await this.#database.transaction(async (query) => {
      const changed = await query.run(
        `UPDATE service_jobs SET state = 'cancelled', finished = ${this.#database.now}, lease_until = NULL, progress = NULL
         WHERE id = $1 AND tenant = $2 AND (state = 'ready' OR state = 'running')`,
        [id, tenant],
      );
      if (changed > 0) await query.tell("ended", id);
    });
    return await this.read(tenant, id);
  }

  async read(tenant: string, id: string): Promise<Job | undefined> {
    const ended = this.#ended.get(id);
    if (ended !== undefined) return ended.tenant === tenant ? ended : undefined;
    const [row] = await this.#database.rows<JobRow>(
      `SELECT ${COLUMNS} FROM service_jobs WHERE id = $1 AND tenant = $2`,
      [id, tenant],
    );
    return row && jobOf(row);
  }

  /** The newest first; one more than the limit. */
  async list(
    tenant: string,
    {
      limit,
      after,
      state,
    }: { readonly limit: number; readonly after?: string | undefined; readonly state?: string | undefined },
  ): Promise<readonly Job[]> {
    const [created, id] = placeOf(after);
    const rows = await this.#database.rows<JobRow>(
      `SELECT ${COLUMNS} FROM service_jobs WHERE tenant = $1 AND ($2 = '' OR state = $2) AND
       (created < $3 OR (created = $3 AND id > $4)) ORDER BY created DESC, id LIMIT $5`,
      [tenant, state ?? "", created, id, limit + 1],
    );
    return rows.map(jobOf);
  }

  async result(id: string): Promise<KeptResult | undefined> {
    const known = this.#shelf.get(id);
    if (known !== undefined) return known;
    const reading = this.#reading.get(id) ?? this.#readResult(id);
    this.#reading.set(id, reading);
    return await reading.finally(() => this.#reading.delete(id));
  }

  async #readResult(id: string): Promise<KeptResult | undefined> {
    const [row] = await this.#database.rows<Result>("SELECT document, status FROM results WHERE job = $1", [
      id,
    ]);
    if (row === undefined) return undefined;
    const result = { document: await unzip(row.document), gzip: row.document, status: row.status };
    this.#shelf.put(id, result);
    return result;
  }

  async lines(id: string): Promise<readonly { readonly at: number; readonly line: string }[]> {
    return await this.#database.rows("SELECT at, line FROM log_lines WHERE job = $1 ORDER BY number", [id]);
  }
}

/** PostgreSQL keeps neither the character of number 0 nor half of one. */
function keepable(line: string): string {
  return line.toWellFormed().replaceAll("\0", "\ufffd");
}

/** Of `created:id`; what is none is before all. */
function placeOf(after: string | undefined): readonly [created: number, id: string] {
  const [, created, id] = /^(\d{1,15}):(.+)$/.exec(after ?? "") ?? [];
  return [created === undefined ? Number.MAX_SAFE_INTEGER : Number(created), id ?? ""];
}
