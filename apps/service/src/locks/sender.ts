// Sends what lies in the outbox: at least once, until it is taken or a day is over. Whoever sends holds a row for as long as
// an attempt may take at most; who is gone by then has its rows sent by another.

import type { Database } from "../database/database.ts";
import { causeOf } from "../http/complaint.ts";
import { parsePlace } from "./callback-place.ts";
import { Loop } from "./loop.ts";
import type { Outbox } from "./outbox.ts";
import { type Posted, type PostRules, post } from "./post.ts";
import { headersOf } from "./webhook-signature.ts";

export interface SenderOptions {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly version: string;
  readonly rules: PostRules;
  /** Milliseconds from the attempt of that number (from 1) to the next; undefined: there is none. */
  readonly delay?: (attempt: number) => number | undefined;
  /** Milliseconds between looks. */
  readonly look?: number;
  readonly failed: (error: unknown) => void;
}

interface Row {
  readonly id: string;
  readonly tenant: string;
  readonly url: string;
  readonly body: string;
  readonly secret: string | null;
  readonly attempt: number;
}

type Verdict =
  | { readonly kind: "sent" }
  | { readonly kind: "again"; readonly delay: number; readonly failure: string }
  | { readonly kind: "dead"; readonly failure: string }
  /** The receiver wants nothing any more. */
  | { readonly kind: "gone" };

const LOOK = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** At a time, in this process; so that one tenant's slow receivers do not take all of them, of one tenant less. */
const MOST = 16;
const MOST_OF_TENANT = 4;
/** Beyond the time of an attempt, until somebody else may try. */
const MARGIN = 15_000;

const FIRST = 5_000;
const LONGEST = 6 * HOUR;
/** Attempts: 5 s, 20 s, 80 s, 5 min, 21 min, 85 min, 5.7 h and three times 6 h apart. */
const ATTEMPTS = 11;
const JITTER = 0.2;

const KEPT_SENT = DAY;
const KEPT_DEAD = 30 * DAY;

export function usualDelay(attempt: number): number | undefined {
  if (attempt >= ATTEMPTS) return undefined;
  const spread = 1 - JITTER + 2 * JITTER * Math.random();
  return Math.min(FIRST * 4 ** (attempt - 1), LONGEST) * spread;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #loop: Loop;
  readonly #sending = new Map<Promise<void>, string>();
  readonly #end = new AbortController();
  #swept = Number.NEGATIVE_INFINITY;

  constructor(options: SenderOptions) {
    this.#options = options;
    const { look: pause = LOOK, failed } = options;
    this.#loop = new Loop({ step: () => this.#step(), pause, failed });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#loop.stop();
    await Promise.all(this.#sending.keys());
  }

  async #step(): Promise<boolean> {
    await this.#sweep();
    if (this.#sending.size >= MOST) return false;
    const row = await this.#claim();
    if (row === undefined) return false;
    const sending = this.#send(row)
      .catch(this.#options.failed)
      .finally(() => {
        this.#sending.delete(sending);
        this.#loop.wake();
      });
    this.#sending.set(sending, row.tenant);
    return true;
  }

  async #claim(): Promise<Row | undefined> {
    const { database, rules } = this.#options;
    const { now, skipLocked } = database;
    const full = this.#fullTenants();
    const others = full.map((_, at) => `AND tenant <> $${at + 2}`).join(" ");
    const [row] = await database.rows<Row>(
      `UPDATE deliveries SET due = ${now} + $1, attempt = attempt + 1
       WHERE id = (SELECT id FROM deliveries WHERE state = 'ready' AND due <= ${now} ${others}
         ORDER BY due LIMIT 1 ${skipLocked}) RETURNING id, tenant, url, body, secret, attempt`,
      [rules.time + MARGIN, ...full],
    );
    return row;
  }

  #fullTenants(): readonly string[] {
    const counts = new Map<string, number>();
    for (const tenant of this.#sending.values()) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= MOST_OF_TENANT).map(([tenant]) => tenant);
  }

  async #send(row: Row): Promise<void> {
    const posted = await this.#post(row);
    if (posted.kind === "aborted") {
      await this.#giveBack(row);
      return;
    }
    await this.#settle(row, this.#verdictOn(posted, row.attempt));
  }

  async #post({ id, tenant, url, body, secret }: Row): Promise<Posted> {
    const { outbox, rules, version } = this.#options;
    try {
      // Once more: the operator may mind other places by now.
      const place = parsePlace(url, rules);
      const timestamp = Math.floor(Date.now() / 1000);
      const signed = headersOf({ id, timestamp, body }, outbox.open(secret, { tenant, url }));
      const headers = { ...signed, "content-type": "application/json", "user-agent": `thoth/${version}` };
      return await post({ url: place, headers, body, signal: this.#end.signal }, rules);
    } catch (error) {
      return { kind: "failed", reason: causeOf(error) };
    }
  }

  #verdictOn(posted: Exclude<Posted, { kind: "aborted" }>, attempt: number): Verdict {
    const { delay: delayOf = usualDelay } = this.#options;
    const status = posted.kind === "answered" ? posted.status : undefined;
    if (status !== undefined && status >= 200 && status < 300) return { kind: "sent" };
    if (status === 410) return { kind: "gone" };
    const failure = posted.kind === "failed" ? posted.reason : `it answered ${status}`;
    const delay = delayOf(attempt);
    if (delay === undefined) return { kind: "dead", failure };
    const wished = posted.kind === "answered" ? (posted.retryAfter ?? 0) : 0;
    return { kind: "again", delay: Math.max(delay, Math.min(wished, LONGEST)), failure };
  }

  /** What was settled by somebody else meanwhile stays as it is. */
  async #settle({ id, attempt, tenant, url }: Row, verdict: Verdict): Promise<void> {
    const { database } = this.#options;
    const { now } = database;
    const mine = "WHERE id = $1 AND attempt = $2 AND state = 'ready'";
    switch (verdict.kind) {
      case "sent":
        await database.run(`UPDATE deliveries SET state = 'sent', failure = NULL, due = ${now} ${mine}`, [
          id,
          attempt,
        ]);
        return;
      case "again":
        await database.run(`UPDATE deliveries SET due = ${now} + $3, failure = $4 ${mine}`, [
          id,
          attempt,
          Math.round(verdict.delay),
          verdict.failure,
        ]);
        return;
      case "dead":
        await database.run(`UPDATE deliveries SET state = 'dead', failure = $3, due = ${now} ${mine}`, [
          id,
          attempt,
          verdict.failure,
        ]);
        return;
      case "gone":
        await this.#forgetPlace(tenant, url);
        return;
      default:
        verdict satisfies never;
    }
  }

  /** Nothing more is sent there, and locks are watched without it. */
  async #forgetPlace(tenant: string, url: string): Promise<void> {
    const { database } = this.#options;
    await database.transaction(async (query) => {
      await query.run(
        `UPDATE deliveries SET state = 'dead', failure = 'it answered 410', due = ${database.now}
         WHERE tenant = $1 AND url = $2 AND state = 'ready'`,
        [tenant, url],
      );
      await query.run("UPDATE locks SET callback = NULL, secret = NULL WHERE tenant = $1 AND callback = $2", [
        tenant,
        url,
      ]);
    });
  }

  async #giveBack({ id, attempt }: Row): Promise<void> {
    const { database } = this.#options;
    await database.run(
      `UPDATE deliveries SET due = ${database.now}, attempt = attempt - 1
       WHERE id = $1 AND attempt = $2 AND state = 'ready'`,
      [id, attempt],
    );
  }

  async #sweep(): Promise<void> {
    if (performance.now() - this.#swept < HOUR) return;
    this.#swept = performance.now();
    const { database } = this.#options;
    const old = (state: string) =>
      `DELETE FROM deliveries WHERE state = '${state}' AND due < ${database.now} - $1`;
    await database.run(old("sent"), [KEPT_SENT]);
    await database.run(old("dead"), [KEPT_DEAD]);
  }
}
