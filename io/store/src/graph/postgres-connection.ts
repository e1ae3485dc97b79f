// Connections to a server, of which each transaction may get another (PgBouncer in transaction mode): no state of a
// session, no named statements. One writer at a time, by a lock that ends with its transaction.

import { hideCredentials, quote, ThothError } from "@thoth/pep";
import { Pool, type PoolClient, types } from "pg";

export type ServerRow = readonly unknown[];

export interface Session {
  rows(sql: string, values?: readonly unknown[]): Promise<readonly ServerRow[]>;
  /** How many rows changed. */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
  /** Several statements. */
  script(sql: string): Promise<void>;
}

export interface ConnectionOptions {
  readonly patience: number;
  readonly connections: number;
}

/** Any number, the same in every version of Thoth: the lock of those who write. */
const WRITERS = 7407;

/**
 * For one transaction. Rows are looked up by their keys, whatever the server believes of a table that it has no
 * statistics of.
 */
const SETTINGS = `SELECT set_config('lock_timeout', $1, true), set_config('enable_seqscan', 'off', true),
  set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`;

/** Type int8, whose values are numbers here: snapshots and counts stay below 2^53. */
const INT8 = 20;

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOCK_NOT_AVAILABLE = "55P03";

export class PostgresConnection {
  readonly #pool: Pool;
  readonly #place: string;
  readonly #patience: number;

  constructor(url: string, { patience, connections }: ConnectionOptions) {
    this.#place = hideCredentials(url);
    this.#patience = patience;
    this.#pool = new Pool({
      connectionString: url,
      max: connections,
      connectionTimeoutMillis: patience,
      application_name: "thoth",
      types: {
        getTypeParser: ((type: number, format) => parserOf(type, format)) as typeof types.getTypeParser,
      },
    });
    // A connection that breaks while nobody uses it is replaced when one is needed.
    this.#pool.on("error", () => undefined);
  }

  /** Statements that need no transaction. */
  async session<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return await this.#with((client) => work(sessionOf(client)));
  }

  /** All that `work` writes is kept, or nothing; nobody else writes meanwhile. */
  async writing<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return await this.#with(async (client) => {
      const session = sessionOf(client);
      await client.query("BEGIN");
      await session.rows(SETTINGS, [String(this.#patience)]);
      await session.rows("SELECT pg_advisory_xact_lock($1)", [WRITERS]);
      const result = await work(session);
      await client.query("COMMIT");
      return result;
    });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #with<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    let client: PoolClient | undefined;
    try {
      client = await this.#pool.connect();
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      // Whatever was begun ends with its connection.
      client?.release(true);
      throw this.#failureOf(error);
    }
  }

  #failureOf(error: unknown): unknown {
    if (error instanceof ThothError || !(error instanceof Error)) return error;
    const busy = "code" in error && error.code === LOCK_NOT_AVAILABLE;
    const reason = error.message === "" && "code" in error ? String(error.code) : error.message;
    return new ThothError(
      "database-failed",
      `the knowledge graph in ${quote(this.#place)} cannot be used (${reason})`,
      { hint: busy ? "Another process writes to it for long; try again." : undefined, cause: error },
    );
  }
}

function sessionOf(client: PoolClient): Session {
  const query = (text: string, values: readonly unknown[] = []) =>
    client.query<unknown[]>({ text, values: [...values], rowMode: "array" });
  return {
    rows: async (sql, values) => (await query(sql, values)).rows,
    run: async (sql, values) => (await query(sql, values)).rowCount ?? 0,
    script: async (sql) => void (await client.query(sql)),
  };
}

function parserOf(type: number, format?: "text" | "binary"): unknown {
  return type === INT8 && format !== "binary" ? Number : types.getTypeParser(type, format as "text");
}
