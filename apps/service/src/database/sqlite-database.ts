// SQLite, for one process alone: a small team on one machine. Statements run one after the other; what is told is heard in
// this process.

import { EventEmitter } from "node:events";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { quote, ThothError } from "@thoth/pep";
import type { Channel, Database, Hear, Query, Row, Value } from "./database.ts";

/** `:memory:` keeps nothing. */
export function openSqlite(path: string): Database {
  return new SqliteDatabase(path);
}

interface Told {
  readonly channel: Channel;
  readonly message: string;
}

class SqliteDatabase implements Database {
  readonly dialect = "sqlite";
  readonly now = "cast(unixepoch('subsec') * 1000 AS INTEGER)";
  readonly skipLocked = "";
  readonly quickly = "";
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #statements = new Map<string, StatementSync>();
  readonly #told = new EventEmitter().setMaxListeners(0);
  /** Settles when the transaction that runs has ended: nothing else may slip in between its statements. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
    this.#database = new DatabaseSync(path);
    this.#database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000",
    );
  }

  async rows<R = Row>(sql: string, values: readonly Value[] = []): Promise<readonly R[]> {
    return await this.#inTurn(() => this.#rows<R>(sql, values));
  }

  async run(sql: string, values: readonly Value[] = []): Promise<number> {
    return await this.#inTurn(() => this.#run(sql, values));
  }

  async tell(channel: Channel, message: string): Promise<void> {
    this.#told.emit(channel, message);
  }

  async transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const told: Told[] = [];
    const query: Query = {
      rows: async <R>(sql: string, values: readonly Value[] = []) => this.#rows<R>(sql, values),
      run: async (sql, values = []) => this.#run(sql, values),
      tell: async (channel, message) => void told.push({ channel, message }),
    };
    const result = await this.#inTurn(async () => {
      this.#exec("BEGIN IMMEDIATE");
      try {
        const done = await work(query);
        this.#exec("COMMIT");
        return done;
      } catch (error) {
        if (this.#database.isTransaction) this.#exec("ROLLBACK");
        throw error;
      }
    });
    for (const { channel, message } of told) this.#told.emit(channel, message);
    return result;
  }

  listen(channel: Channel, hear: Hear): () => void {
    // As from another process: not in the middle of what whoever tells is doing.
    const later = (message: string) => void setImmediate(hear, message);
    this.#told.on(channel, later);
    return () => void this.#told.off(channel, later);
  }

  async script(sql: string): Promise<void> {
    await this.#inTurn(() => this.#exec(sql));
  }

  async close(): Promise<void> {
    await this.#inTurn(() => {
      this.#statements.clear();
      this.#database.close();
    });
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  #rows<R>(sql: string, values: readonly Value[]): readonly R[] {
    return this.#guard(() => this.#prepare(sql).all(...(values as SQLInputValue[])) as R[]);
  }

  #run(sql: string, values: readonly Value[]): number {
    return this.#guard(() => Number(this.#prepare(sql).run(...(values as SQLInputValue[])).changes));
  }

  #exec(sql: string): void {
    this.#guard(() => this.#database.exec(sql));
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql.replaceAll(/\$(\d+)/g, "?$1"));
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (/constraint|syntax|no such/.test(reason)) throw error;
      throw new ThothError(
        "database-failed",
        `the database ${quote(this.#path)} cannot be used (${reason})`,
        {
          cause: error,
        },
      );
    }
  }
}
