// PostgreSQL, also behind PgBouncer in transaction mode: no state of a session, and statements are planned once only on
// connections that are the server's own. LISTEN needs a connection of its own; behind a pooler it hears nothing, and those who
// listen find out by looking.

import { createHash } from "node:crypto";
import { hideCredentials, quote, ThothError } from "@thoth/pep";
import { Client, Pool, type PoolClient, type QueryResult, types } from "pg";
import type { Channel, Database, Hear, Query, Row, Value } from "./database.ts";

export interface PostgresOptions {
  readonly connections?: number;
  /** Milliseconds until a connection must be there. */
  readonly patience?: number;
}

/** Type int8: times and counts stay below 2^53. */
const INT8 = 20;
const CONNECTIONS = 10;
const PATIENCE = 5_000;
const AGAIN_AFTER = 500;
const MOST_ATTEMPTS = 5;
/** Statements that are planned once for each connection. */
const MOST_NAMES = 150;
/** https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization failure, deadlock. */
const IN_THE_WAY = new Set(["40001", "40P01"]);

export function openPostgres(url: string, options: PostgresOptions = {}): Database {
  return new PostgresDatabase(url, options);
}

class PostgresDatabase implements Database {
  readonly dialect = "postgres";
  readonly now = "(extract(epoch from clock_timestamp()) * 1000)::bigint";
  readonly skipLocked = "FOR UPDATE SKIP LOCKED";
  readonly quickly = ", set_config('synchronous_commit', 'off', true) AS quickly";
  readonly #pool: Pool;
  readonly #place: string;
  readonly #listener: Listener;
  /** Connections that are the server's own, and no pooler's. */
  readonly #direct = new WeakSet<PoolClient>();
  /** Their processes of the server: what they tell was heard already. */
  readonly #own = new Set<number>();
  /** Names of statements, by their texts. */
  readonly #names = new Map<string, string>();

  constructor(url: string, { connections = CONNECTIONS, patience = PATIENCE }: PostgresOptions) {
    this.#place = hideCredentials(url);
    this.#pool = new Pool({
      connectionString: url,
      max: connections,
      connectionTimeoutMillis: patience,
      application_name: "thoth service",
      types: { getTypeParser: parserOf as typeof types.getTypeParser },
      verify: (client, done) => void this.#lookAt(client).then(() => done(), done),
    });
    // A connection that breaks while nobody uses it is replaced when one is needed.
    this.#pool.on("error", () => undefined);
    // One that breaks in between two statements of a transaction fails the next of them.
    this.#pool.on("connect", (client) => void client.on("error", () => undefined));
    this.#listener = new Listener(url, (process) => this.#own.has(process));
    this.#pool.on("remove", (client) => this.#own.delete(processOf(client)));
  }

  async rows<R = Row>(sql: string, values: readonly Value[] = []): Promise<readonly R[]> {
    return (await this.#alone(sql, values)).rows as R[];
  }

  async run(sql: string, values: readonly Value[] = []): Promise<number> {
    return (await this.#alone(sql, values)).rowCount ?? 0;
  }

  async #alone(sql: string, values: readonly Value[]): Promise<QueryResult> {
    return await this.#guard(async () => {
      const client = await this.#pool.connect();
      try {
        const result = await this.#query(client, sql, values);
        client.release();
        return result;
      } catch (error) {
        // A statement that fails leaves its connection as it was; what else fails is the connection.
        client.release(!(error instanceof Error && isAnswer(error)));
        throw error;
      }
    });
  }

  async #query(client: PoolClient, text: string, values: readonly Value[]): Promise<QueryResult> {
    const name = this.#direct.has(client) ? this.#nameOf(text) : undefined;
    return await client.query({ text, values: [...values], ...(name === undefined ? {} : { name }) });
  }

  /** Undefined where there are too many: each costs the server memory on each connection. */
  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= MOST_NAMES) return known;
    const name = `thoth_${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
    this.#names.set(text, name);
    return name;
  }

  /** A pooler tells a number of its own for the process that answers. */
  async #lookAt(client: PoolClient): Promise<void> {
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    if (rows[0]?.pid !== processOf(client)) return;
    this.#direct.add(client);
    this.#own.add(processOf(client));
  }

  async tell(channel: Channel, message: string): Promise<void> {
    await this.#tellAll([{ channel, message }]);
  }

  /**
   * After what it is about is kept: a transaction that tells holds up all others that do until it is on disk
   * (`npm run bench -- queue`). Where it is lost in between, those who listen find out by looking. This process hears it at
   * once.
   */
  async #tellAll(told: readonly Told[]): Promise<void> {
    if (told.length === 0) return;
    for (const { channel, message } of told) this.#listener.hear(nameOf(channel), message);
    const calls = told.map((_, at) => `pg_notify($${2 * at + 1}, $${2 * at + 2})`);
    await this.rows(
      `SELECT ${calls.join(", ")}${this.quickly}`,
      told.flatMap(({ channel, message }) => [nameOf(channel), message]),
    );
  }

  async transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once(work);
      } catch (error) {
        if (attempt === MOST_ATTEMPTS || !isInTheWay(error)) throw error;
      }
    }
  }

  /** What `work` itself throws is passed on as it is. */
  async #once<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const client = await this.#guard(() => this.#pool.connect());
    const run = async (sql: string, values: readonly Value[] = []) =>
      await this.#guard(() => this.#query(client, sql, values));
    try {
      const told: Told[] = [];
      await run("BEGIN");
      const result = await work({
        rows: async <R>(sql: string, values?: readonly Value[]) => (await run(sql, values)).rows as R[],
        run: async (sql, values) => (await run(sql, values)).rowCount ?? 0,
        tell: async (channel, message) => void told.push({ channel, message }),
      });
      await run("COMMIT");
      client.release();
      void this.#tellAll(told).catch(() => undefined);
      return result;
    } catch (error) {
      // Whatever was begun ends with its connection, unless the server itself says that it is over.
      const over = await client.query("ROLLBACK").then(
        () => true,
        () => false,
      );
      client.release(!over);
      throw error;
    }
  }

  listen(channel: Channel, hear: Hear): () => void {
    return this.#listener.add(nameOf(channel), hear);
  }

  async script(sql: string): Promise<void> {
    await this.#guard(async () => void (await this.#pool.query(sql)));
  }

  async close(): Promise<void> {
    await this.#listener.close();
    await this.#pool.end();
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ThothError || !(error instanceof Error) || isStatement(error)) throw error;
      const reason = error.message === "" && "code" in error ? String(error.code) : error.message;
      throw new ThothError(
        "database-failed",
        `the database ${quote(this.#place)} cannot be used (${reason})`,
        {
          cause: error,
        },
      );
    }
  }
}

/** What a statement itself did wrong is ours, or for whoever wrote it to mind. */
function isStatement(error: Error): boolean {
  return "code" in error && /^(?:22|23|42|40)/.test(String(error.code));
}

/** The server itself has answered, and goes on. */
function isAnswer(error: Error): boolean {
  return "severity" in error && error.severity === "ERROR";
}

function isInTheWay(error: unknown): boolean {
  return error instanceof Error && "code" in error && IN_THE_WAY.has(String(error.code));
}

/** Of the server. */
function processOf(client: unknown): number {
  return (client as { readonly processID?: number | null }).processID ?? 0;
}

interface Told {
  readonly channel: Channel;
  readonly message: string;
}

function nameOf(channel: Channel): string {
  return `thoth_${channel}`;
}

function parserOf(type: number, format?: "text" | "binary"): unknown {
  return type === INT8 && format !== "binary" ? Number : types.getTypeParser(type, format as "text");
}

/** One connection that hears; it is made anew whenever it is lost. */
class Listener {
  readonly #url: string;
  readonly #isOwn: (process: number) => boolean;
  readonly #heard = new Map<string, Set<Hear>>();
  #client: Client | undefined;
  #connecting = false;
  #closed = false;

  /** `isOwn`: whether that process of the server speaks for this one. */
  constructor(url: string, isOwn: (process: number) => boolean) {
    this.#url = url;
    this.#isOwn = isOwn;
  }

  add(channel: string, hear: Hear): () => void {
    let heard = this.#heard.get(channel);
    if (heard === undefined) {
      heard = new Set();
      this.#heard.set(channel, heard);
      void this.#client?.query(`LISTEN ${channel}`).catch(() => undefined);
    }
    heard.add(hear);
    void this.#connect();
    return () => void heard.delete(hear);
  }

  hear(channel: string, message: string): void {
    // Not in the middle of what whoever tells is doing.
    for (const hear of this.#heard.get(channel) ?? []) setImmediate(hear, message);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    if (this.#client !== undefined || this.#connecting || this.#closed) return;
    this.#connecting = true;
    const client = new Client({
      connectionString: this.#url,
      application_name: "thoth listener",
      connectionTimeoutMillis: PATIENCE,
      keepAlive: true,
    });
    const lost = () => {
      if (this.#client === client) this.#client = undefined;
      this.#later();
    };
    client.on("error", () => undefined);
    client.once("end", lost);
    client.on("notification", ({ channel, payload = "", processId }) => {
      if (!this.#isOwn(processId)) this.hear(channel, payload);
    });
    try {
      await client.connect();
      for (const channel of this.#heard.keys()) await client.query(`LISTEN ${channel}`);
      this.#client = client;
    } catch {
      await client.end().catch(() => undefined);
      this.#later();
    } finally {
      this.#connecting = false;
    }
  }

  #later(): void {
    if (!this.#closed) setTimeout(() => void this.#connect(), AGAIN_AFTER).unref();
  }
}
