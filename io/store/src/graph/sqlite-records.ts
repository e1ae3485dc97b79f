// Records of projects and metadata of their files in a SQLite file.

import type {
  FileKey,
  MetadataUnavailable,
  ProjectKey,
  RefreshedProject,
  ReleaseMetadata,
  SavedMetadata,
  SavedProject,
  StoredProject,
} from "@thoth/knowledge";
import { formatFact, parseFact } from "../fact.ts";
import { checkedPlace, keptHeader, type RecordRow, storedProject } from "./record-row.ts";
import { shardOf } from "./shard.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

export function loadProjects(
  connection: SqliteConnection,
  keys: readonly ProjectKey[],
): readonly (StoredProject | undefined)[] {
  return keys.map(({ index, name }) => {
    const row = connection.get(
      `SELECT etag, last_modified, fetched_at, fresh_until, bytes FROM records
       WHERE shard = ? AND owner = ? AND index_url = ?`,
      ...[shardOf(name), name, index],
    );
    return row === undefined ? undefined : storedProject(row as unknown as RecordRow);
  });
}

export function saveProjects(connection: SqliteConnection, projects: readonly SavedProject[]): void {
  for (const { key, bytes, validators } of projects) {
    const { index, name } = checkedPlace(key);
    connection.run(
      `INSERT OR REPLACE INTO records (shard, owner, index_url, etag, last_modified, fetched_at, fresh_until, bytes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[shardOf(name), name, index],
      ...[keptHeader(validators.etag), keptHeader(validators.lastModified)],
      ...[validators.fetchedAt, validators.freshUntil, bytes],
    );
  }
}

export function refreshProjects(connection: SqliteConnection, projects: readonly RefreshedProject[]): void {
  for (const { key, validators } of projects) {
    connection.run(
      `UPDATE records SET etag = ?, last_modified = ?, fetched_at = ?, fresh_until = ?
       WHERE shard = ? AND owner = ? AND index_url = ?`,
      ...[keptHeader(validators.etag), keptHeader(validators.lastModified)],
      ...[validators.fetchedAt, validators.freshUntil, shardOf(key.name), checkedPlace(key).name, key.index],
    );
  }
}

export function loadMetadata(
  connection: SqliteConnection,
  files: readonly FileKey[],
): readonly (ReleaseMetadata | MetadataUnavailable | undefined)[] {
  return files.map(({ project, file }) => {
    const row = connection.get(
      "SELECT fact FROM metadata WHERE shard = ? AND owner = ? AND index_url = ? AND file = ?",
      ...[shardOf(project.name), project.name, project.index, project.fingerprint(file)],
    );
    return row === undefined ? undefined : parseFact(row[0] as string);
  });
}

export function saveMetadata(connection: SqliteConnection, files: readonly SavedMetadata[]): void {
  for (const { project, file, metadata } of files) {
    const { index, name } = checkedPlace(project);
    connection.run(
      "INSERT OR REPLACE INTO metadata (shard, owner, index_url, file, fact) VALUES (?, ?, ?, ?, ?)",
      ...[shardOf(name), name, index, project.fingerprint(file), formatFact(metadata)],
    );
  }
}
