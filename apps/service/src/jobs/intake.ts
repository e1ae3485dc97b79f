// How a question becomes a job, or finds the one that there is. On PostgreSQL a new question is one statement; what it finds
// in its way (others who ask the same, an answer that is too old, a quota) goes the longer way, a transaction, as all do on SQLite.

import { ThothError } from "@thoth/pep";
import { checkQuestionRate, MINUTE, PUBLIC } from "../access/tenants.ts";
import type { Database, Query } from "../database/database.ts";
import { Grouped } from "../database/grouped.ts";
import { JOB_COLUMNS, type Job, type JobKind, type JobRow, jobOf, makeJobId, VERSIONS } from "./job.ts";

export interface Ask {
  readonly tenant: string;
  readonly kind: JobKind;
  readonly digest: string;
  readonly question: string;
  readonly priority: number;
  /** An answer that was given before is not taken. */
  readonly force: boolean;
  /** Of `Job`. */
  readonly trace?: string | undefined;
}

export interface Asked {
  readonly job: Job;
  /** Whether this question has made it. */
  readonly isNew: boolean;
}

type Key = Pick<Ask, "tenant" | "digest">;

const COLUMNS = JOB_COLUMNS.join(", ");
const OF_JOB = JOB_COLUMNS.map((name) => `j.${name}`).join(", ");
/** Where a new job of a tenant stands: its priority is `$2`. */
const OWN = "FROM service_jobs WHERE tenant = t.id AND state = 'ready'";
const PLACE = `t.most_jobs AS most, (SELECT min(turn) FROM service_jobs WHERE state = 'ready') AS next,
  (SELECT count(*) FROM service_jobs WHERE tenant = t.id AND (state = 'ready' OR state = 'running')) AS open,
  (SELECT max(turn) ${OWN}) AS last, (SELECT min(turn) ${OWN} AND priority < $2) AS lower`;

export class Intake {
  readonly #database: Database;
  /** Milliseconds for which an answer is given again. */
  readonly #life: number;
  readonly #answered: Grouped<Key, Job>;
  /** Questions that are being kept: who asks the same meanwhile waits for that, and not for the tenant's row. */
  readonly #asking = new Map<string, Promise<Asked>>();

  constructor(database: Database, life: number) {
    this.#database = database;
    this.#life = life;
    this.#answered = new Grouped(nameOf, async (keys) => await this.#readAnswered(database, keys));
  }

  /**
   * `admit` is called before anything is kept, and not where an answer is there: that was admitted then. Throws
   * `quota-exceeded` where the tenant has too many open jobs or asks too often, and what `admit` throws.
   */
  async ask(ask: Ask, admit: () => void): Promise<Asked> {
    const known = ask.force ? undefined : await this.#answered.get(ask);
    if (known !== undefined) return { job: known, isNew: false };
    const name = nameOf(ask);
    const same = ask.force ? undefined : this.#asking.get(name);
    if (same !== undefined) return { job: (await same).job, isNew: false };
    admit();
    const asking = this.#keep(ask);
    if (ask.force) return await asking;
    this.#asking.set(name, asking);
    return await asking.finally(() => this.#asking.delete(name));
  }

  async #keep(ask: Ask): Promise<Asked> {
    const job = this.#database.dialect === "postgres" ? await this.#keepAtOnce(ask) : undefined;
    if (job === undefined)
      return await this.#database.transaction(async (query) => await this.#keepIn(query, ask));
    // Nobody waits for the news of what is kept; where it is lost, workers find out by looking.
    void this.#database.tell("jobs", "").catch(() => undefined);
    return { job, isNew: true };
  }

  /** Undefined where something is in the way: then nothing is kept. */
  async #keepAtOnce(ask: Ask): Promise<Job | undefined> {
    const { tenant, kind, digest, question, priority, force, trace = null } = ask;
    const { now } = this.#database;
    const [row] = await this.#database.rows<JobRow>(
      `WITH place AS (SELECT t.per_minute, ${PLACE}, (SELECT count(*) FROM service_jobs WHERE tenant = t.id AND
         created > ${now} - ${MINUTE}) AS asked FROM tenants t WHERE t.id = $1),
       mine AS (INSERT INTO answers (tenant, digest, job)
         SELECT $1, $3, $4 FROM place WHERE open < most AND asked < per_minute AND lower IS NULL
         ON CONFLICT (tenant, digest) ${force ? "DO UPDATE SET job = excluded.job" : "DO NOTHING"} RETURNING job)
       INSERT INTO service_jobs (id, tenant, kind, version, digest, question, priority, turn, trace, state, created, run_after)
       SELECT mine.job, $1, $5, $6::integer, $3, $7, $2::integer, greatest(coalesce(next, 0), coalesce(last, -1) + 1), $8,
         'ready', ${now}, ${now} FROM mine, place RETURNING ${COLUMNS}`,
      [tenant, priority, digest, makeJobId(kind, new Date()), kind, VERSIONS[kind], question, trace],
    );
    return row && jobOf(row);
  }

  /**
   * Who asks the same question at the same time waits for its row among the answers; others wait for nobody. What is read after
   * that is what those before have kept.
   */
  async #keepIn(query: Query, ask: Ask): Promise<Asked> {
    const id = makeJobId(ask.kind, new Date());
    const { tenant, digest } = ask;
    const [row] = await query.rows<{ job: string }>(
      `INSERT INTO answers (tenant, digest, job) VALUES ($1, $2, $3)
       ON CONFLICT (tenant, digest) DO UPDATE SET ${ask.force ? "job = excluded.job" : "digest = excluded.digest"}
       RETURNING job`,
      [tenant, digest, id],
    );
    if (row?.job !== id) {
      const known = (await this.#readAnswered(query, [ask])).get(nameOf(ask));
      if (known !== undefined) return { job: known, isNew: false };
      await query.run("UPDATE answers SET job = $1 WHERE tenant = $2 AND digest = $3", [id, tenant, digest]);
    }
    await checkQuestionRate(this.#database, tenant, query);
    const job = await this.#insert(query, ask, { id, turn: await this.#turn(query, ask) });
    await query.tell("jobs", "");
    return { job, isNew: true };
  }

  async #readAnswered(query: Query, keys: readonly Key[]): Promise<ReadonlyMap<string, Job>> {
    const asked = keys.map((_, at) => `($${2 * at + 2}, $${2 * at + 3})`).join(", ");
    const rows = await query.rows<JobRow>(
      `SELECT ${OF_JOB} FROM answers a JOIN service_jobs j ON j.id = a.job WHERE (a.tenant, a.digest) IN (VALUES ${asked}) AND
       (j.state = 'ready' OR j.state = 'running' OR (j.state = 'done' AND j.finished > ${this.#database.now} - $1))`,
      [this.#life, ...keys.flatMap(({ tenant, digest }) => [tenant, digest])],
    );
    return new Map(rows.map((row) => [nameOf(row), jobOf(row)]));
  }

  /**
   * After the tenant's own last job, and not before whatever is next; or that of its first job of lower priority, which goes to
   * the end. Throws `quota-exceeded`.
   */
  async #turn(query: Query, { tenant, priority }: Ask): Promise<number> {
    const [row] = await query.rows<{
      readonly most: number;
      readonly open: number;
      readonly next: number | null;
      readonly last: number | null;
      readonly lower: number | null;
    }>(`SELECT ${PLACE} FROM tenants t WHERE t.id = $1`, [tenant, priority]);
    if (row === undefined) throw new ThothError("unauthorized", "the tenant is not known");
    if (Number(row.open) >= row.most) throw tooManyOpen(tenant, row.most);
    const turn = Math.max(row.next ?? 0, (row.last ?? -1) + 1);
    if (row.lower === null) return turn;
    const moved = await query.run(
      `UPDATE service_jobs SET turn = $1 WHERE id = (SELECT id FROM service_jobs WHERE tenant = $2 AND state = 'ready'
       AND turn = $3 AND priority < $4 LIMIT 1 ${this.#database.skipLocked})`,
      [turn, tenant, row.lower, priority],
    );
    return moved > 0 ? row.lower : turn;
  }

  async #insert(
    query: Query,
    ask: Ask,
    { id, turn }: { readonly id: string; readonly turn: number },
  ): Promise<Job> {
    const { tenant, kind, digest, question, priority, trace = null } = ask;
    const { now } = this.#database;
    const [row] = await query.rows<JobRow>(
      `INSERT INTO service_jobs (id, tenant, kind, version, digest, question, priority, turn, trace, state, created, run_after)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'ready', ${now}, ${now}) RETURNING ${COLUMNS}`,
      [id, tenant, kind, VERSIONS[kind], digest, question, priority, turn, trace],
    );
    return jobOf(row as JobRow);
  }
}

function nameOf({ tenant, digest }: Key): string {
  return `${tenant} ${digest}`;
}

function tooManyOpen(tenant: string, most: number): ThothError {
  return new ThothError("quota-exceeded", `${most} questions of this tenant are worked on already`, {
    // Who asks without a token ends none.
    hint: tenant === PUBLIC ? "Wait for one of them." : "Wait for one of them, or cancel it.",
    details: { limit: "jobs", most },
  });
}
