// Knowledge in one SQLite file (node:sqlite): WAL, so that several processes read and write at once, one
// connection, statements prepared when first needed. What is saved is written in one transaction a little
// later; where writing fails, it stays in memory and the reader is told once.

import type { DatabaseSync } from "node:sqlite";
import {
  type KnowledgeStore,
  type MetadataUnavailable,
  type ProjectKey,
  type ProjectRecord,
  type ReleaseMetadata,
  readProject,
  type StoredProject,
  type Validators,
} from "@thoth/knowledge";
import { formatFact, parseFact } from "./fact.ts";
import {
  isBusy,
  isCorruption,
  isWorldsFault,
  moveAside,
  type OpenOptions,
  openDatabase,
} from "./open-database.ts";
import { BLOCKS_PER_GENERATION } from "./schema.ts";
import { stampOf } from "./stamp.ts";
import { Statements } from "./statements.ts";

export interface StoreOptions {
  /** Told at most once per kind of trouble; by default nobody. */
  readonly warn?: (message: string) => void;
  /** Seconds since 1970. */
  readonly now?: () => number;
  /** Milliseconds to wait for another process that writes. */
  readonly busyTimeout?: number;
}

/**
 * The store in the file `path`, or in memory with ":memory:"; it is opened or made when it is first asked for anything.
 * Never throws for what the disk does.
 */
export function openStore(path: string, options: StoreOptions = {}): KnowledgeStore {
  return new SqliteStore(path, options);
}

const WRITE_DELAY = 500;
const PENDING_LIMIT = 8 * 1024 * 1024;
const SWEEP_AGE = 24 * 3600;
/** Records that a process which lives on keeps at hand (the lock of notebook.in in such a process: 18 to 11 ms). */
const MOST_RECORDS = 2000;

interface PendingProject {
  readonly key: ProjectKey;
  readonly bytes: Uint8Array | null;
  readonly stored: StoredProject;
}

interface PendingFact {
  readonly key: ProjectKey;
  readonly file: Uint8Array;
  readonly fact: ReleaseMetadata | MetadataUnavailable;
}

class SqliteStore implements KnowledgeStore {
  readonly #path: string;
  readonly #now: () => number;
  readonly #openOptions: OpenOptions;
  #isOpen = false;
  /** What the file was when it was opened. */
  #opened: { readonly stamp: string | undefined; readonly version: number | undefined } | undefined;
  #database: DatabaseSync | undefined;
  #statements: Statements | undefined;
  #writable = false;
  #timer: NodeJS.Timeout | undefined;
  #pendingBytes = 0;
  readonly #ids = new Map<string, number>();
  /** Saved but not written; where nothing can be written, all that was saved. */
  readonly #projects = new Map<string, PendingProject>();
  readonly #refreshed = new Map<string, { key: ProjectKey; validators: Validators }>();
  readonly #facts = new Map<string, PendingFact>();
  /** What was read before; a generation never changes. */
  readonly #records = new Map<string, { readonly generation: number; readonly record: ProjectRecord }>();
  readonly #readFacts = new WeakMap<ProjectRecord, Map<number, ReleaseMetadata>>();

  constructor(path: string, options: StoreOptions) {
    this.#path = path;
    this.#now = options.now ?? (() => Math.floor(Date.now() / 1000));
    const warned = new Set<string>();
    this.#openOptions = {
      busyTimeout: options.busyTimeout ?? 5000,
      warn: (message) => {
        if (warned.has(message)) return;
        warned.add(message);
        options.warn?.(message);
      },
    };
  }

  loadProject(key: ProjectKey): StoredProject | undefined {
    const name = keyText(key);
    const pending = this.#projects.get(name);
    if (pending !== undefined) return pending.stored;
    const stored = this.#read((statements) => this.#readProject(statements, key));
    const refreshed = this.#refreshed.get(name);
    return stored === undefined || refreshed === undefined
      ? stored
      : { ...stored, validators: refreshed.validators };
  }

  projectNames(index: string, part: string): readonly string[] {
    const rows = this.#read((statements) => statements.selectNames.all(index, part)) as unknown;
    const names = new Set(((rows ?? []) as [string][]).map(([name]) => name));
    for (const { key, stored } of this.#projects.values()) {
      if (key.index !== index || !key.name.includes(part)) continue;
      if (stored.record === null) names.delete(key.name);
      else names.add(key.name);
    }
    return [...names];
  }

  saveProject(key: ProjectKey, bytes: Uint8Array | null, validators: Validators): void {
    const record = bytes === null ? null : readProject(bytes);
    if (record === undefined) throw new Error("not a project record");
    this.#refreshed.delete(keyText(key));
    this.#projects.set(keyText(key), { key, bytes, stored: { record, validators } });
    this.#schedule(bytes?.length ?? 0);
  }

  refreshProject(key: ProjectKey, validators: Validators): void {
    const pending = this.#projects.get(keyText(key));
    if (pending === undefined) this.#refreshed.set(keyText(key), { key, validators });
    else
      this.#projects.set(keyText(key), { ...pending, stored: { record: pending.stored.record, validators } });
    this.#schedule(100);
  }

  loadMetadata(project: ProjectRecord, file: number): ReleaseMetadata | MetadataUnavailable | undefined {
    const fingerprint = project.fingerprint(file);
    const pending = this.#facts.size === 0 ? undefined : this.#facts.get(factText(project, fingerprint));
    if (pending !== undefined) return pending.fact;
    const known = this.#readFacts.get(project)?.get(file);
    if (known !== undefined) return known;
    const fact = this.#read((statements) => {
      const id = this.#projectId(statements, project);
      if (id === undefined) return undefined;
      const row = statements.selectFact.get(id, fingerprint) as unknown as [string] | undefined;
      return row === undefined ? undefined : parseFact(row[0]);
    });
    if (fact !== undefined && !("unavailable" in fact)) this.#keepFact(project, file, fact);
    return fact;
  }

  /** What a file declares is the same for ever; that it cannot be had may change. */
  #keepFact(project: ProjectRecord, file: number, fact: ReleaseMetadata): void {
    let facts = this.#readFacts.get(project);
    if (facts === undefined) {
      facts = new Map();
      this.#readFacts.set(project, facts);
    }
    facts.set(file, fact);
  }

  saveMetadata(project: ProjectRecord, file: number, fact: ReleaseMetadata | MetadataUnavailable): void {
    this.#readFacts.get(project)?.delete(file);
    const fingerprint = project.fingerprint(file).slice();
    const key = { index: project.index, name: project.name };
    this.#facts.set(factText(project, fingerprint), { key, file: fingerprint, fact });
    this.#schedule(1000);
  }

  stamp(): string | undefined {
    const waiting = this.#projects.size + this.#refreshed.size + this.#facts.size > 0;
    return waiting || this.#path === ":memory:" ? undefined : stampOf(this.#path);
  }

  ownStamp(): string | undefined {
    this.flush();
    const stamp = this.stamp();
    const opened = this.#opened;
    if (opened === undefined || stamp === undefined || opened.stamp === stamp) return stamp;
    const database = this.#database;
    if (database === undefined || !this.#writable) return undefined;
    try {
      // While the lock is held the file is as these two say.
      database.exec("BEGIN IMMEDIATE");
      return dataVersion(database) === opened.version ? stampOf(this.#path) : undefined;
    } catch (error) {
      if (!isWorldsFault(error)) throw error;
      return undefined;
    } finally {
      if (database.isTransaction) database.exec("ROLLBACK");
    }
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#database === undefined || !this.#writable) return;
    if (this.#projects.size + this.#refreshed.size + this.#facts.size === 0) return;
    try {
      this.#write(this.#database);
    } catch (error) {
      this.#failed(error);
    }
  }

  close(): void {
    this.flush();
    this.#database?.close();
    this.#database = undefined;
    this.#statements = undefined;
    this.#writable = false;
    this.#isOpen = true;
  }

  #mustBeOpen(): void {
    if (!this.#isOpen) this.#open();
  }

  #open(): void {
    this.#isOpen = true;
    const stamp = this.stamp();
    const opened = openDatabase(this.#path, this.#openOptions);
    this.#opened = { stamp, version: opened && dataVersion(opened.database) };
    this.#database = opened?.database;
    this.#writable = opened?.writable ?? false;
    this.#statements = opened === undefined ? undefined : new Statements(opened.database);
    this.#ids.clear();
    this.#records.clear();
  }

  #read<T>(read: (statements: Statements) => T | undefined): T | undefined {
    this.#mustBeOpen();
    if (this.#statements === undefined) return undefined;
    try {
      return read(this.#statements);
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  /** What the disk did to us: a damaged file is replaced, any other trouble ends writing. */
  #failed(error: unknown): void {
    if (!isWorldsFault(error)) throw error;
    if (isCorruption(error)) {
      this.#database?.close();
      this.#database = undefined;
      this.#statements = undefined;
      this.#writable = false;
      if (moveAside(this.#path, this.#openOptions)) this.#open();
      return;
    }
    if (isBusy(error)) {
      this.#postpone();
      return;
    }
    this.#writable = false;
    this.#openOptions.warn(`nothing new is kept between runs: ${error.message}`);
  }

  /** Another process writes for long: try again later. */
  #postpone(): void {
    this.#timer ??= setTimeout(() => this.flush(), WRITE_DELAY).unref();
  }

  #readProject(statements: Statements, key: ProjectKey): StoredProject | undefined {
    const known = this.#records.get(keyText(key));
    if (known !== undefined) {
      const state = statements.selectState.get(key.index, key.name) as unknown as ProjectRow | undefined;
      if (state?.[5] === known.generation) return this.#storedOf(key, state, known.record);
    }
    const row = statements.selectProject.get(key.index, key.name) as unknown as ProjectRow | undefined;
    return row === undefined ? undefined : this.#storedOf(key, row);
  }

  /** The row as it is understood; `known` is the record of its generation, where that was read before. */
  #storedOf(key: ProjectKey, row: ProjectRow, known?: ProjectRecord): StoredProject | undefined {
    const [id, etag, lastModified, fetchedAt, freshUntil, generation, head] = row;
    this.#ids.set(keyText(key), id);
    if (fetchedAt === null || freshUntil === null) return undefined;
    const validators = {
      fetchedAt,
      freshUntil,
      ...(etag === null ? {} : { etag }),
      ...(lastModified === null ? {} : { lastModified }),
    };
    if (known !== undefined) return { record: known, validators };
    if (head === null || generation === null) return { record: null, validators };
    const record = readProject(head, (block) =>
      this.#read((current) => {
        const found = current.selectBlock.get(generation * BLOCKS_PER_GENERATION + block) as unknown;
        return (found as [Uint8Array] | undefined)?.[0];
      }),
    );
    if (record === undefined) return undefined;
    if (this.#records.size >= MOST_RECORDS) this.#records.clear();
    this.#records.set(keyText(key), { generation, record });
    return { record, validators };
  }

  #projectId(statements: Statements, key: ProjectKey): number | undefined {
    const known = this.#ids.get(keyText(key));
    if (known !== undefined) return known;
    const row = statements.selectProjectId.get(key.index, key.name) as unknown as [number] | undefined;
    if (row !== undefined) this.#ids.set(keyText(key), row[0]);
    return row?.[0];
  }

  #schedule(bytes: number): void {
    this.#mustBeOpen();
    this.#pendingBytes += bytes;
    if (!this.#writable) return;
    if (this.#pendingBytes > PENDING_LIMIT) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), WRITE_DELAY).unref();
  }

  #write(database: DatabaseSync): void {
    const statements = this.#statements ?? new Statements(database);
    database.exec("BEGIN IMMEDIATE");
    try {
      for (const pending of this.#projects.values()) this.#writeProject(statements, pending);
      for (const { key, validators } of this.#refreshed.values()) {
        const { etag, lastModified, fetchedAt, freshUntil } = validators;
        statements.refresh.run(
          etag ?? null,
          lastModified ?? null,
          fetchedAt,
          freshUntil,
          key.index,
          key.name,
        );
      }
      for (const { key, file, fact } of this.#facts.values()) {
        statements.insertOwner.run(key.index, key.name);
        statements.insertFact.run(formatFact(fact), file, key.index, key.name);
      }
      this.#sweep(statements);
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
    this.#projects.clear();
    this.#refreshed.clear();
    this.#facts.clear();
    this.#pendingBytes = 0;
  }

  #writeProject(statements: Statements, pending: PendingProject): void {
    const { key, stored } = pending;
    const { etag, lastModified, fetchedAt, freshUntil } = stored.validators;
    statements.retire.run(this.#now(), key.index, key.name);
    let generation: number | null = null;
    if (stored.record !== null) {
      generation = Number(statements.insertGeneration.run().lastInsertRowid);
      for (let block = 0; block < stored.record.blockCount; block++) {
        statements.insertBlock.run(
          generation * BLOCKS_PER_GENERATION + block,
          stored.record.blockBytes(block),
        );
      }
    }
    const head = stored.record?.headBytes() ?? null;
    const times = [etag ?? null, lastModified ?? null, fetchedAt, freshUntil, generation, head] as const;
    statements.upsertProject.run(key.index, key.name, ...times);
  }

  #sweep(statements: Statements): void {
    const before = this.#now() - SWEEP_AGE;
    const rows = statements.selectReplaced.all(before) as unknown as [number][];
    for (const [generation] of rows) {
      statements.deleteBlocks.run(
        generation * BLOCKS_PER_GENERATION,
        (generation + 1) * BLOCKS_PER_GENERATION,
      );
      statements.deleteGeneration.run(generation);
    }
  }
}

/** Changes when another connection writes. */
function dataVersion(database: DatabaseSync): number {
  return database.prepare("PRAGMA data_version").get()?.["data_version"] as number;
}

type ProjectRow = [
  id: number,
  etag: string | null,
  lastModified: string | null,
  fetchedAt: number | null,
  freshUntil: number | null,
  generation: number | null,
  head: Uint8Array | null,
];

function keyText(key: ProjectKey): string {
  return `${key.index}\n${key.name}`;
}

function factText(key: ProjectKey, fingerprint: Uint8Array): string {
  return `${keyText(key)}\n${String.fromCharCode(...fingerprint)}`;
}
