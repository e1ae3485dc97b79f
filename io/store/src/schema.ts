// The tables of the embedded store, and how an older file becomes a current one.

import type { DatabaseSync } from "node:sqlite";

/**
 * Step i leads from schema version i to i + 1; a released step is never edited.
 *
 * A project's head and its blocks lie apart: resolving reads heads, locking reads the few blocks that hold the
 * chosen files. Blocks belong to a generation, so whoever read a head finds its blocks although another
 * process has replaced the project meanwhile; replaced generations are swept after a day.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE projects (
     id INTEGER PRIMARY KEY,
     index_url TEXT NOT NULL,
     name TEXT NOT NULL,
     etag TEXT,
     last_modified TEXT,
     fetched_at INTEGER,
     fresh_until INTEGER,
     generation INTEGER,
     head BLOB,
     UNIQUE (index_url, name)
   );
   CREATE TABLE generations (id INTEGER PRIMARY KEY AUTOINCREMENT, replaced_at INTEGER);
   CREATE INDEX replaced_generations ON generations (replaced_at) WHERE replaced_at IS NOT NULL;
   CREATE TABLE blocks (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
   CREATE TABLE metadata (
     project INTEGER NOT NULL,
     file BLOB NOT NULL,
     fact TEXT NOT NULL,
     PRIMARY KEY (project, file)
   ) WITHOUT ROWID;`,
];

/** Blocks of one generation have the ids generation * BLOCKS_PER_GENERATION + block. */
export const BLOCKS_PER_GENERATION = 2 ** 20;

/** Brings the file up to date. False when it was written by a newer Thoth: leave it alone then. */
export function migrate(database: DatabaseSync): boolean {
  if (schemaVersion(database) === MIGRATIONS.length) return true;
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = schemaVersion(database);
    for (const step of MIGRATIONS.slice(version)) database.exec(step);
    if (version < MIGRATIONS.length) database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    database.exec("COMMIT");
    return version <= MIGRATIONS.length;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

export function schemaVersion(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
}

export function isCurrent(database: DatabaseSync): boolean {
  return schemaVersion(database) === MIGRATIONS.length;
}
