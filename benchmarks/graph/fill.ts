// Fills graphs with a given number of packages as fast as their databases take them: rows in the order of the tables' keys,
// by one transaction in SQLite and by COPY in PostgreSQL.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { HealthFact } from "@thoth/knowledge";
import { openGraph } from "@thoth/store";
import { findPostgres } from "@thoth/testkit";
import { shardOf } from "../../io/store/src/graph/shard.ts";
import {
  GRAPH_INDEX,
  type Made,
  otherName,
  otherPackage,
  PROJECT_SIZE,
  projectName,
  projectPackage,
} from "./packages.ts";

export interface Places {
  readonly file: string;
  readonly url: string | undefined;
}

interface Sink {
  add(made: Made): Promise<void> | void;
  end(): Promise<void> | void;
}

const HEALTH_FACT: HealthFact = {
  classifiers: [],
  maintainers: [],
  releases: 10,
  status: "active",
  yanked: 0,
};
/** As stores keep it. */
const HEALTH = Buffer.from(JSON.stringify(HEALTH_FACT));

/** Seconds since 1970 at which all was fetched. */
const FETCHED = Date.UTC(2026, 0, 1) / 1000;

export async function fillGraphs(packages: number, { file, url }: Places): Promise<void> {
  for (const place of [file, ...(url === undefined ? [] : [url])]) await (await openGraph(place)).close();
  const sinks: Sink[] = [new SqliteSink(file), ...(url === undefined ? [] : [new PostgresSink(url)])];
  const make = makerOf(packages);
  for (const { at } of inKeyOrder(packages)) {
    const made = make(at);
    for (const sink of sinks) await sink.add(made);
  }
  for (const sink of sinks) await sink.end();
}

/** Those of the project lie evenly among the others. */
function makerOf(packages: number): (at: number) => Made {
  const gap = Math.floor(packages / PROJECT_SIZE);
  return (at) => (at % gap === 0 && at / gap < PROJECT_SIZE ? projectPackage(at / gap) : otherPackage(at));
}

/** Numbers of packages in the order of the tables' keys. */
function inKeyOrder(packages: number): readonly { readonly at: number }[] {
  const gap = Math.floor(packages / PROJECT_SIZE);
  return Array.from({ length: packages }, (_, at) => {
    const name = at % gap === 0 && at / gap < PROJECT_SIZE ? projectName(at / gap) : otherName(at);
    return { at, name, shard: shardOf(name) };
  }).sort((a, b) => a.shard - b.shard || (a.name < b.name ? -1 : 1));
}

const SOURCE = "benchmark";

class SqliteSink implements Sink {
  readonly #database: DatabaseSync;
  readonly #add: (made: Made) => void;

  constructor(file: string) {
    const database = new DatabaseSync(file);
    database.exec(
      "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN",
    );
    database.prepare("INSERT INTO snapshots VALUES (1, ?, ?)").run(FETCHED, SOURCE);
    const record = database.prepare("INSERT INTO records VALUES (?, ?, ?, NULL, NULL, ?, ?, ?)");
    const metadata = database.prepare("INSERT INTO metadata VALUES (?, ?, ?, ?, ?)");
    const fact = database.prepare("INSERT INTO facts VALUES (?, ?, 'health', '', 1, NULL, ?, ?, ?, ?)");
    this.#database = database;
    this.#add = ({ name, bytes, files }) => {
      const shard = shardOf(name);
      record.run(shard, name, GRAPH_INDEX, FETCHED, FETCHED, bytes);
      for (const row of files) metadata.run(shard, name, GRAPH_INDEX, row.file, row.fact);
      fact.run(shard, name, SOURCE, FETCHED, SOURCE, HEALTH);
    };
  }

  add(made: Made): void {
    this.#add(made);
  }

  end(): void {
    this.#database.exec("COMMIT; PRAGMA journal_mode = WAL");
    this.#database.close();
  }
}

/** One COPY for each table, at the same time. */
class PostgresSink implements Sink {
  readonly #url: string;
  readonly #records: Copy;
  readonly #metadata: Copy;
  readonly #facts: Copy;

  constructor(url: string) {
    this.#url = url;
    this.#records = new Copy(url, "records (owner, index_url, fetched_at, fresh_until, bytes)");
    this.#metadata = new Copy(url, "metadata (owner, index_url, file, fact)");
    this.#facts = new Copy(url, "facts (owner, kind, subject, since, source, observed_at, tool, body)");
  }

  async add({ name, bytes, files }: Made): Promise<void> {
    await this.#records.write([name, GRAPH_INDEX, FETCHED, FETCHED, binary(bytes)]);
    for (const { file, fact } of files) await this.#metadata.write([name, GRAPH_INDEX, binary(file), fact]);
    await this.#facts.write([name, "health", "", 1, SOURCE, FETCHED, SOURCE, binary(HEALTH)]);
  }

  async end(): Promise<void> {
    await Promise.all([this.#records.end(), this.#metadata.end(), this.#facts.end()]);
    const rest = `INSERT INTO thoth.snapshots VALUES (1, ${FETCHED}, '${SOURCE}')`;
    for (const statement of [rest, "VACUUM ANALYZE", "CHECKPOINT"]) {
      const child = psql(this.#url, statement);
      child.stdin?.end();
      await succeeded(child);
    }
  }
}

class Copy {
  readonly #child: ChildProcess;
  #lines: string[] = [];
  #length = 0;

  constructor(url: string, table: string) {
    this.#child = psql(url, `COPY thoth.${table} FROM STDIN`);
  }

  /** https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2 */
  async write(values: readonly (string | number)[]): Promise<void> {
    const line = values.map((value) => String(value).replaceAll("\\", "\\\\")).join("\t");
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length > 1 << 20) await this.#flush();
  }

  async end(): Promise<void> {
    await this.#flush();
    this.#child.stdin?.end();
    await succeeded(this.#child);
  }

  async #flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const text = `${this.#lines.join("\n")}\n`;
    this.#lines = [];
    this.#length = 0;
    if (this.#child.stdin?.write(text) === false) await once(this.#child.stdin, "drain");
  }
}

function psql(url: string, command: string): ChildProcess {
  const program = join(findPostgres() ?? "", "psql");
  return spawn(program, ["-q", "-X", "-v", "ON_ERROR_STOP=1", "-c", command, url], {
    stdio: ["pipe", "ignore", "inherit"],
  });
}

async function succeeded(child: ChildProcess): Promise<void> {
  const status = child.exitCode ?? ((await once(child, "exit")) as [number | null])[0];
  if (status !== 0) throw new Error(`psql ended with ${status}`);
}

function binary(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes).toString("hex")}`;
}
