// The tables of the graph in a SQLite file, and how an older file becomes a current one.

import type { DatabaseSync } from "node:sqlite";
import { ThothError } from "@thoth/pep";

/**
 * Step i leads from schema version i to i + 1; a released step is never edited.
 *
 * A row of `facts` is one version of a fact, true from snapshot `since` on and before snapshot `until`; it is never
 * changed but for its end. Texts are compared as bytes of UTF-8, which is what BINARY does.
 */
export const SQLITE_STEPS: readonly string[] = [
  `CREATE TABLE snapshots (id INTEGER PRIMARY KEY, at REAL NOT NULL, source TEXT NOT NULL) STRICT;
   CREATE TABLE jobs (job TEXT PRIMARY KEY, value TEXT NOT NULL, at REAL NOT NULL) STRICT, WITHOUT ROWID;
   CREATE TABLE facts (
     shard INTEGER NOT NULL,
     owner TEXT NOT NULL,
     kind TEXT NOT NULL,
     subject TEXT NOT NULL,
     since INTEGER NOT NULL,
     until INTEGER,
     source TEXT NOT NULL,
     observed_at REAL NOT NULL,
     tool TEXT NOT NULL,
     body BLOB NOT NULL,
     PRIMARY KEY (shard, owner, kind, subject, since)
   ) STRICT;
   CREATE UNIQUE INDEX known_facts ON facts (shard, owner, kind, subject) WHERE until IS NULL;
   CREATE INDEX known_owners ON facts (kind, owner) WHERE until IS NULL;
   CREATE INDEX all_owners ON facts (kind, owner, since, until);`,
  `CREATE TABLE records (
     shard INTEGER NOT NULL,
     owner TEXT NOT NULL,
     index_url TEXT NOT NULL,
     etag TEXT,
     last_modified TEXT,
     fetched_at REAL NOT NULL,
     fresh_until REAL NOT NULL,
     bytes BLOB,
     PRIMARY KEY (shard, owner, index_url)
   ) STRICT;
   CREATE TABLE metadata (
     shard INTEGER NOT NULL,
     owner TEXT NOT NULL,
     index_url TEXT NOT NULL,
     file BLOB NOT NULL,
     fact TEXT NOT NULL,
     PRIMARY KEY (shard, owner, index_url, file)
   ) STRICT, WITHOUT ROWID;`,
];

/** One at a time: whoever comes second finds the work done. Throws `database-too-new`. */
export function migrateSqlite(database: DatabaseSync, steps: readonly string[] = SQLITE_STEPS): void {
  if (versionOf(database) === steps.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = versionOf(database);
    if (version > steps.length) throw tooNew(version, steps.length);
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
}

export function tooNew(found: number, known: number): ThothError {
  return new ThothError("database-too-new", "the knowledge graph was written by a newer version of Thoth", {
    hint: "Update Thoth, or name another database.",
    details: { found, known },
  });
}
