// The graph in one SQLite file (node:sqlite): WAL, so that several processes read while one writes.

import {
  type AnyFact,
  checkStorable,
  type FactKey,
  type FactKind,
  type FactQuery,
  type FileKey,
  factOf,
  type GraphSummary,
  isStorable,
  KEY_LIMIT,
  type MetadataUnavailable,
  type Owner,
  type OwnersQuery,
  type ProjectKey,
  type RefreshedProject,
  type ReleaseMetadata,
  type SavedMetadata,
  type SavedProject,
  type Snapshot,
  type SnapshotId,
  type StoredProject,
  type Write,
} from "@thoth/knowledge";
import { type PutRow, rowsOf, sortedTexts, TEXT_LIMIT } from "./changes.ts";
import type { GraphStore } from "./graph-store.ts";
import { checkedQuery, EMPTY, textOf, unknownSnapshot } from "./query.ts";
import { shardOf } from "./shard.ts";
import { type Row, SqliteConnection } from "./sqlite-connection.ts";
import { loadMetadata, loadProjects, refreshProjects, saveMetadata, saveProjects } from "./sqlite-records.ts";

const KEY = "shard = ? AND owner = ? AND kind = ? AND subject = ?";

/** Throws `database-failed`, `database-too-new`. */
export async function openSqliteGraph(path: string, patience: number): Promise<GraphStore> {
  return new SqliteGraph(await SqliteConnection.open(path, patience));
}

class SqliteGraph implements GraphStore {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  async snapshot(): Promise<Snapshot> {
    return await this.#connection.reading(() => this.#newest());
  }

  async snapshots(limit: number): Promise<readonly Snapshot[]> {
    const sql = "SELECT id, at, source FROM snapshots ORDER BY id DESC LIMIT ?";
    return await this.#connection.reading(() => this.#connection.all(sql, limit).map(snapshotOf));
  }

  async read(query: FactQuery, at?: SnapshotId): Promise<readonly AnyFact[]> {
    const checked = checkedQuery(query);
    return await this.#connection.reading(() => {
      const moment = this.#momentOf(at);
      return checked.owners.flatMap((owner) => this.#readOwner(owner, checked, moment));
    });
  }

  async owners({ kind, after = "", limit }: OwnersQuery, at?: SnapshotId): Promise<readonly Owner[]> {
    checkStorable(after, "the owner", KEY_LIMIT);
    const start = `SELECT DISTINCT owner FROM facts WHERE kind = ? AND owner > ?`;
    return await this.#connection.reading(() => {
      const moment = this.#momentOf(at);
      const rows =
        at === undefined
          ? this.#connection.all(`${start} AND until IS NULL ORDER BY owner LIMIT ?`, kind, after, limit)
          : this.#connection.all(
              `${start} AND since <= ? AND (until IS NULL OR until > ?) ORDER BY owner LIMIT ?`,
              ...[kind, after, moment, moment, limit],
            );
      return rows.map(([owner]) => owner as Owner);
    });
  }

  async write(write: Write): Promise<Snapshot> {
    const { puts, drops } = rowsOf(write);
    return await this.#connection.writing(() => {
      const newest = this.#newest();
      const next = newest.id + 1;
      let changed = 0;
      for (const put of puts) changed += this.#put(put, next);
      for (const drop of drops) changed += this.#end(drop, next);
      this.#keepState(write);
      if (changed === 0) return newest;
      const { at, source } = write;
      this.#connection.run("INSERT INTO snapshots (id, at, source) VALUES (?, ?, ?)", next, at, source);
      return { id: next, at, source };
    });
  }

  async jobState(job: string): Promise<string | undefined> {
    if (!isStorable(job, TEXT_LIMIT)) return undefined;
    const sql = "SELECT value FROM jobs WHERE job = ?";
    const row = await this.#connection.reading(() => this.#connection.get(sql, job));
    return row?.[0] as string | undefined;
  }

  async summary(): Promise<GraphSummary> {
    return await this.#connection.reading(() => {
      const counted = this.#connection.all(
        "SELECT kind, count(*) FROM facts WHERE until IS NULL GROUP BY kind ORDER BY kind",
      ) as unknown as readonly [FactKind, number][];
      const jobs = this.#connection.all("SELECT job, at FROM jobs ORDER BY job");
      return {
        snapshot: this.#newest(),
        facts: Object.fromEntries(counted),
        jobs: jobs.map(([job, at]) => ({ job: job as string, at: at as number })),
      };
    });
  }

  async loadProjects(keys: readonly ProjectKey[]): Promise<readonly (StoredProject | undefined)[]> {
    return await this.#connection.reading(() => loadProjects(this.#connection, keys));
  }

  async saveProjects(projects: readonly SavedProject[]): Promise<void> {
    await this.#connection.writing(() => saveProjects(this.#connection, projects));
  }

  async refreshProjects(projects: readonly RefreshedProject[]): Promise<void> {
    await this.#connection.writing(() => refreshProjects(this.#connection, projects));
  }

  async loadMetadata(
    files: readonly FileKey[],
  ): Promise<readonly (ReleaseMetadata | MetadataUnavailable | undefined)[]> {
    return await this.#connection.reading(() => loadMetadata(this.#connection, files));
  }

  async saveMetadata(files: readonly SavedMetadata[]): Promise<void> {
    await this.#connection.writing(() => saveMetadata(this.#connection, files));
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  #newest(): Snapshot {
    const row = this.#connection.get("SELECT id, at, source FROM snapshots ORDER BY id DESC LIMIT 1");
    return row === undefined ? EMPTY : snapshotOf(row);
  }

  #momentOf(at: SnapshotId | undefined): SnapshotId {
    const { id } = this.#newest();
    if (at !== undefined && !(at >= 0 && at <= id)) throw unknownSnapshot(at, id);
    return at ?? id;
  }

  #readOwner(owner: Owner, { kinds, subjects }: FactQuery, moment: SnapshotId): readonly AnyFact[] {
    const rows = this.#connection.all(
      `SELECT kind, subject, body, source, observed_at, tool FROM facts
       WHERE shard = ? AND owner = ?
         ${kinds === undefined ? "" : "AND kind IN (SELECT value FROM json_each(?))"}
         ${subjects === undefined ? "" : "AND subject IN (SELECT value FROM json_each(?))"}
         AND since <= ? AND (until IS NULL OR until > ?)
       ORDER BY kind, subject`,
      ...[shardOf(owner), owner, ...listed(kinds), ...listed(subjects), moment, moment],
    ) as unknown as readonly [FactKind, string, Uint8Array, string, number, string][];
    return rows.map(([kind, subject, body, source, observedAt, tool]) =>
      factOf({ owner, kind, subject }, textOf(body), { source, observedAt, tool }),
    );
  }

  /** Of how many facts what is known changed: 0 or 1. */
  #put({ key, body, provenance }: PutRow, next: SnapshotId): number {
    const known = this.#connection.get(
      `SELECT body = ? FROM facts WHERE ${KEY} AND until IS NULL`,
      body,
      ...keyValues(key),
    );
    if (known?.[0] === 1) return 0;
    if (known !== undefined) this.#end(key, next);
    const { source, observedAt, tool } = provenance;
    return this.#connection.run(
      `INSERT INTO facts (shard, owner, kind, subject, since, source, observed_at, tool, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[...keyValues(key), next, source, observedAt, tool, body],
    );
  }

  #end(key: FactKey, next: SnapshotId): number {
    return this.#connection.run(
      `UPDATE facts SET until = ? WHERE ${KEY} AND until IS NULL`,
      next,
      ...keyValues(key),
    );
  }

  #keepState({ state, at }: Write): void {
    if (state === undefined) return;
    const { job, value } = state;
    if (value === null) this.#connection.run("DELETE FROM jobs WHERE job = ?", job);
    else
      this.#connection.run("INSERT OR REPLACE INTO jobs (job, value, at) VALUES (?, ?, ?)", job, value, at);
  }
}

function keyValues({ owner, kind, subject }: FactKey): readonly (string | number)[] {
  return [shardOf(owner), owner, kind, subject];
}

function listed(texts: readonly string[] | undefined): readonly string[] {
  return texts === undefined ? [] : [JSON.stringify(sortedTexts(texts))];
}

function snapshotOf([id, at, source]: Row): Snapshot {
  return { id: id as number, at: at as number, source: source as string };
}
