// What the service keeps, in PostgreSQL or SQLite. Statements are written once, for both: `$1` for values, times as
// milliseconds since 1970 by the clock of the database, so that no two processes can disagree on them.

export type Value = string | number | bigint | Uint8Array | null;
export type Row = Readonly<Record<string, unknown>>;

export interface Query {
  rows<R = Row>(sql: string, values?: readonly Value[]): Promise<readonly R[]>;
  /** How many rows it changed. */
  run(sql: string, values?: readonly Value[]): Promise<number>;
  /** Heard by all processes after what is written beside it is kept, unless this one dies in between. At most 7,000 bytes. */
  tell(channel: Channel, message: string): Promise<void>;
}

/** `jobs`: there is work. `ended`: the job of that id has. `progress`: of a job, as JSON. */
export type Channel = "jobs" | "ended" | "progress";

export type Hear = (message: string) => void;

export interface Database extends Query {
  readonly dialect: "postgres" | "sqlite";
  /** An expression: the time now. */
  readonly now: string;
  /** After a SELECT that takes a row which nobody else shall take. */
  readonly skipLocked: string;
  /** A further column of RETURNING, by which a statement alone does not wait until it is on disk. */
  readonly quickly: string;
  /** All that `work` writes is kept, or nothing. It may be begun again where others were in its way. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** What is told while the connection is lost is not heard: whoever listens looks for himself now and then too. */
  listen(channel: Channel, hear: Hear): () => void;
  /** Several statements, as in a migration. */
  script(sql: string): Promise<void>;
  close(): Promise<void>;
}
