// Advises watched locks again when something new is known, and at the latest every day. A lock is first asked for, then its
// job works, then what came of it is told; each of the three is one change of its row, and whoever dies in between leaves
// a row that another goes on with.

import { ThothError } from "@thoth/pep";
import type { Database, Query } from "../database/database.ts";
import { type AdviceQuestion, parseQuestion } from "../questions/question.ts";
import type { Service } from "../service.ts";
import { type Advice, type AdviceOutcome, readAdvice } from "./advice.ts";
import { Loop } from "./loop.ts";
import type { Outbox } from "./outbox.ts";
import {
  type Changed,
  changesBetween,
  isNews,
  levelsOf,
  lockTextOf,
  type Told,
  toldOf,
  type Versions,
  versionsBefore,
  versionsOf,
} from "./stack-change.ts";

export interface LockWatchOptions {
  readonly service: Pick<Service, "database" | "queue" | "ask">;
  readonly outbox: Outbox;
  /** Another text whenever something is known that was not: of advisories, rules, the graph. It is asked for often. */
  readonly knowledgeStamp: () => Promise<string>;
  /** Milliseconds between looks. */
  readonly look?: number;
  readonly failed: (error: unknown) => void;
}

interface Due {
  readonly id: string;
  readonly tenant: string;
  readonly question: string;
  readonly told: string | null;
  readonly due: number;
  readonly held: number;
}

interface Answered {
  readonly id: string;
  readonly tenant: string;
  readonly name: string;
  readonly question: string;
  readonly callback: string | null;
  readonly secret: string | null;
  readonly job: string;
  readonly told: string | null;
}

const LOOK = 10_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** For which a process holds a lock while it asks; until it asks again where it was too much. */
const HOLD = 60_000;
const AGAIN = 60_000;
/** Jobs end often, and few of them are of a lock. */
const REST = 200;

export class LockWatch {
  readonly #options: LockWatchOptions;
  readonly #database: Database;
  readonly #loop: Loop;
  #stamp: string | undefined;
  #unlisten: () => void = () => undefined;

  constructor(options: LockWatchOptions) {
    this.#options = options;
    this.#database = options.service.database;
    const { look: pause = LOOK, failed } = options;
    this.#loop = new Loop({ step: () => this.step(), pause, rest: Math.min(REST, pause), failed });
  }

  start(): void {
    this.#unlisten = this.#database.listen("ended", () => this.#loop.wake());
    this.#loop.start();
  }

  wake(): void {
    this.#loop.wake();
  }

  async stop(): Promise<void> {
    this.#unlisten();
    await this.#loop.stop();
  }

  /** Whether there was something to do. */
  async step(): Promise<boolean> {
    await this.#mindKnowledge();
    return (await this.#tellOne()) || (await this.#askOne());
  }

  /** A stamp makes all locks due once, whichever of the processes sees it first and in whatever order. */
  async #mindKnowledge(): Promise<void> {
    const stamp = await this.#options.knowledgeStamp();
    if (stamp === this.#stamp) return;
    const { now } = this.#database;
    await this.#database.transaction(async (query) => {
      const isNew = await query.run(
        `INSERT INTO knowledge_stamps (stamp, seen) VALUES ($1, ${now}) ON CONFLICT (stamp) DO NOTHING`,
        [stamp],
      );
      if (isNew > 0) await query.run(`UPDATE locks SET due = ${now} WHERE due > ${now}`);
    });
    this.#stamp = stamp;
  }

  async #askOne(): Promise<boolean> {
    const { now, skipLocked } = this.#database;
    const [row] = await this.#database.rows<Due>(
      `UPDATE locks SET held = ${now} + $1
       WHERE id = (SELECT id FROM locks WHERE job IS NULL AND due <= ${now} AND (held IS NULL OR held <= ${now})
         ORDER BY due LIMIT 1 ${skipLocked}) RETURNING id, tenant, question, told, due, held`,
      [HOLD],
    );
    if (row === undefined) return false;
    try {
      const { job } = await this.#options.service.ask({
        tenant: row.tenant,
        question: questionOf(row),
        priority: 0,
        force: true,
      });
      await this.#release(row, { job: job.id, delay: DAY, failure: undefined });
    } catch (error) {
      if (!(error instanceof ThothError) || error.code === "database-failed") throw error;
      await this.#release(row, { job: undefined, delay: delayAfter(error), failure: error });
    }
    return true;
  }

  /** When something new came to be known while it was asked, it stays due. */
  async #release(
    { id, due, held }: Due,
    { job, delay, failure }: { job: string | undefined; delay: number; failure: ThothError | undefined },
  ): Promise<void> {
    await this.#database.run(
      `UPDATE locks SET job = $1, held = NULL, due = CASE WHEN due = $2 THEN ${this.#database.now} + $3 ELSE due END,
       failure = CASE WHEN $4 = '' THEN failure ELSE $4 END WHERE id = $5 AND held = $6 AND job IS NULL`,
      [job ?? null, due, delay, failure === undefined ? "" : failureText(failure), id, held],
    );
  }

  async #tellOne(): Promise<boolean> {
    const [ended] = await this.#database.rows<{ readonly job: string }>(
      `SELECT job FROM locks WHERE job IS NOT NULL AND NOT EXISTS
       (SELECT 1 FROM service_jobs j WHERE j.id = locks.job AND (j.state = 'ready' OR j.state = 'running')) LIMIT 1`,
    );
    if (ended === undefined) return false;
    const result = await this.#options.service.queue.result(ended.job);
    return await this.#database.transaction(async (query) => {
      const [row] = await query.rows<Answered>(
        `SELECT id, tenant, name, question, callback, secret, job, told FROM locks WHERE job = $1
         ${this.#database.skipLocked}`,
        [ended.job],
      );
      // Somebody else does it.
      if (row === undefined) return false;
      await this.#mindAnswer(query, row, result && readAdvice(result.document));
      return true;
    });
  }

  async #mindAnswer(query: Query, row: Answered, outcome: AdviceOutcome | undefined): Promise<void> {
    const { now } = this.#database;
    if (outcome?.kind !== "advice") {
      const failure = outcome ?? (await failureOfJob(query, row.job));
      // What failed by its question fails again; what failed by the service need not.
      const delay = outcome === undefined ? HOUR : DAY;
      await query.run(
        `UPDATE locks SET job = NULL, failure = $1, due = CASE WHEN due > ${now} + $2 THEN ${now} + $2 ELSE due END
         WHERE id = $3`,
        [failureText(failure), delay, row.id],
      );
      return;
    }
    const told = await this.#tell(query, row, outcome.advice);
    await query.run(
      `UPDATE locks SET job = NULL, told = $1, advised = ${now}, failure = NULL WHERE id = $2`,
      [JSON.stringify(told), row.id],
    );
  }

  /** What the owner knows from now on. */
  async #tell(query: Query, row: Answered, advice: Advice): Promise<Told> {
    const [stack] = advice.products;
    const last = row.told === null ? undefined : (JSON.parse(row.told) as Told);
    const before = last === undefined ? lockedBefore(row, advice) : versionsOf(last);
    const changed = before === undefined ? [] : changesBetween(before, stack);
    if (changed.length === 0) return toldOf(row.job, advice);
    if (last !== undefined && !isNews(advice)) return { ...last, job: row.job };
    if (row.callback !== null) await this.#callBack(query, { row, url: row.callback, advice, changed });
    return toldOf(row.job, advice);
  }

  async #callBack(query: Query, { row, url, advice, changed }: CallBack): Promise<void> {
    await this.#options.outbox.deliver(query, {
      tenant: row.tenant,
      url,
      secret: row.secret,
      document: {
        type: "lock.changed",
        timestamp: new Date().toISOString(),
        data: {
          lock: { id: row.id, name: row.name },
          job: row.job,
          asOf: advice.asOf,
          recommendationType: advice.recommendationType,
          changed,
          levels: levelsOf(advice),
          reasons: advice.yours?.reasons ?? [],
        },
      },
    });
  }
}

interface CallBack {
  readonly row: Answered;
  readonly url: string;
  readonly advice: Advice;
  readonly changed: readonly Changed[];
}

/** Undefined without a lock: the first answer is what later ones are compared with. */
function lockedBefore({ question }: Answered, { products: [stack] }: Advice): Versions | undefined {
  const { project } = parseQuestion(question) as AdviceQuestion;
  return project.lock === undefined ? undefined : versionsBefore(stack);
}

/** As of now, and with the stack that the owner knows as what he has. */
function questionOf({ question, told }: Due): AdviceQuestion {
  const asked = parseQuestion(question) as AdviceQuestion;
  const lock = told === null ? "" : lockTextOf(JSON.parse(told) as Told);
  return lock === "" ? asked : { ...asked, project: { ...asked.project, lock, lockForm: "requirements" } };
}

function delayAfter({ code, details }: ThothError): number {
  if (code !== "quota-exceeded" && code !== "overloaded") return DAY;
  const { retryAfter } = details ?? {};
  return typeof retryAfter === "number" ? Math.max(AGAIN, retryAfter * 1000) : AGAIN;
}

async function failureOfJob(query: Query, job: string): Promise<FailureWords> {
  const [row] = await query.rows<{ readonly state: string; readonly failure: string | null }>(
    "SELECT state, failure FROM service_jobs WHERE id = $1",
    [job],
  );
  if (row?.failure != null) return JSON.parse(row.failure) as FailureWords;
  return { code: "internal", message: row === undefined ? "its job is gone" : `its job is ${row.state}` };
}

interface FailureWords {
  readonly code: string;
  readonly message: string;
}

function failureText({ code, message }: FailureWords): string {
  return JSON.stringify({ code, message });
}
