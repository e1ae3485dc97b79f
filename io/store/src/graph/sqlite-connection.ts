// One connection to the file of a graph: prepared statements, transactions that wait for other writers without
// holding up this process, and errors that a person can read.

import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { quote, ThothError } from "@thoth/pep";
import { makeFolder } from "../make-folder.ts";
import { isBusy, isWorldsFault } from "../open-database.ts";
import { migrateSqlite } from "./sqlite-schema.ts";

export type Row = readonly (string | number | null | Uint8Array)[];

/** Milliseconds between two tries. */
const RETRY = 25;

export class SqliteConnection {
  readonly #path: string;
  readonly #patience: number;
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  private constructor(path: string, patience: number, database: DatabaseSync) {
    this.#path = path;
    this.#patience = patience;
    this.#database = database;
  }

  /** Makes the file, and brings an older one up to date. Throws `database-failed`, `database-too-new`. */
  static async open(path: string, patience: number): Promise<SqliteConnection> {
    return await waiting(path, patience, () => {
      if (path !== ":memory:") makeFolder(dirname(path));
      const database = new DatabaseSync(path, { timeout: RETRY });
      try {
        database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
        migrateSqlite(database);
        return new SqliteConnection(path, patience, database);
      } catch (error) {
        database.close();
        throw error;
      }
    });
  }

  all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#prepare(sql).all(...values) as unknown as readonly Row[];
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as unknown as Row | undefined;
  }

  /** How many rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** What all of `work` sees is one state; nobody else writes to it meanwhile. */
  async reading<T>(work: () => T): Promise<T> {
    return await this.#transaction("BEGIN", work);
  }

  /** All that `work` writes is kept, or nothing. */
  async writing<T>(work: () => T): Promise<T> {
    return await this.#transaction("BEGIN IMMEDIATE", work);
  }

  close(): void {
    this.#prepared.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #transaction<T>(begin: string, work: () => T): Promise<T> {
    return waiting(this.#path, this.#patience, () => {
      this.#database.exec(begin);
      try {
        const result = work();
        this.#database.exec("COMMIT");
        return result;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

/** Tries until nobody else holds the file, for as long as `patience` says. */
async function waiting<T>(path: string, patience: number, work: () => T): Promise<T> {
  const end = performance.now() + patience;
  while (true) {
    try {
      return work();
    } catch (error) {
      if (!isWorldsFault(error)) throw error;
      if (!isBusy(error) || performance.now() >= end) throw failed(path, error);
      await sleep(RETRY);
    }
  }
}

function failed(path: string, cause: Error): ThothError {
  const hint = isBusy(cause) ? "Another process writes to it for long; try again." : undefined;
  return new ThothError(
    "database-failed",
    `the knowledge graph in ${quote(path)} cannot be used (${cause.message})`,
    {
      hint,
      cause,
    },
  );
}
