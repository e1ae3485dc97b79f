// Records of projects and metadata of their files in PostgreSQL: one statement for many, in which each row is looked up
// by its key, whatever the server believes of a table that it has no statistics of.

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
import { batches } from "./changes.ts";
import type { Session } from "./postgres-connection.ts";
import { checkedPlace, keptHeader, type RecordRow, storedProject } from "./record-row.ts";

export async function loadProjects(
  session: Session,
  keys: readonly ProjectKey[],
): Promise<readonly (StoredProject | undefined)[]> {
  const found = new Map<number, StoredProject | undefined>();
  const rows = await session.rows(
    `SELECT given.at, etag, last_modified, fetched_at, fresh_until, bytes
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (owner, index_url, at),
       LATERAL (SELECT * FROM thoth.records AS one
         WHERE one.owner = given.owner AND one.index_url = given.index_url LIMIT 1) AS kept`,
    [keys.map(({ name }) => name), keys.map(({ index }) => index)],
  );
  for (const [at, ...row] of rows) found.set(at as number, storedProject(row as unknown as RecordRow));
  return keys.map((_, at) => found.get(at + 1));
}

export async function saveProjects(session: Session, projects: readonly SavedProject[]): Promise<void> {
  for (const batch of batches(
    lastOf(projects, ({ key }) => placeText(key)),
    ({ bytes }) => bytes?.length ?? 0,
  )) {
    const keys = batch.map(({ key }) => checkedPlace(key));
    await session.run(
      `INSERT INTO thoth.records (owner, index_url, etag, last_modified, fetched_at, fresh_until, bytes)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::double precision[],
         $6::double precision[], $7::bytea[])
       ON CONFLICT (owner, index_url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
         fetched_at = excluded.fetched_at, fresh_until = excluded.fresh_until, bytes = excluded.bytes`,
      [
        keys.map(({ name }) => name),
        keys.map(({ index }) => index),
        batch.map(({ validators }) => keptHeader(validators.etag)),
        batch.map(({ validators }) => keptHeader(validators.lastModified)),
        batch.map(({ validators }) => validators.fetchedAt),
        batch.map(({ validators }) => validators.freshUntil),
        batch.map(({ bytes }) => (bytes === null ? null : Buffer.from(bytes))),
      ],
    );
  }
}

export async function refreshProjects(
  session: Session,
  projects: readonly RefreshedProject[],
): Promise<void> {
  const last = lastOf(projects, ({ key }) => placeText(key));
  for (const batch of batches(last, () => 0)) {
    await session.run(
      `UPDATE thoth.records AS kept SET etag = given.etag, last_modified = given.last_modified,
         fetched_at = given.fetched_at, fresh_until = given.fresh_until
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::double precision[], $6::double precision[])
         AS given (owner, index_url, etag, last_modified, fetched_at, fresh_until)
       WHERE kept.owner = given.owner AND kept.index_url = given.index_url`,
      [
        batch.map(({ key }) => checkedPlace(key).name),
        batch.map(({ key }) => key.index),
        batch.map(({ validators }) => keptHeader(validators.etag)),
        batch.map(({ validators }) => keptHeader(validators.lastModified)),
        batch.map(({ validators }) => validators.fetchedAt),
        batch.map(({ validators }) => validators.freshUntil),
      ],
    );
  }
}

export async function loadMetadata(
  session: Session,
  files: readonly FileKey[],
): Promise<readonly (ReleaseMetadata | MetadataUnavailable | undefined)[]> {
  const found = new Map<number, ReleaseMetadata | MetadataUnavailable | undefined>();
  const rows = await session.rows(
    `SELECT given.at, fact
     FROM unnest($1::text[], $2::text[], $3::bytea[]) WITH ORDINALITY AS given (owner, index_url, file, at),
       LATERAL (SELECT fact FROM thoth.metadata AS one
         WHERE one.owner = given.owner AND one.index_url = given.index_url AND one.file = given.file
         LIMIT 1) AS kept`,
    [
      files.map(({ project }) => project.name),
      files.map(({ project }) => project.index),
      files.map(fingerprintOf),
    ],
  );
  for (const [at, fact] of rows) found.set(at as number, parseFact(fact as string));
  return files.map((_, at) => found.get(at + 1));
}

export async function saveMetadata(session: Session, files: readonly SavedMetadata[]): Promise<void> {
  const last = lastOf(
    files,
    (saved) => `${placeText(saved.project)}\n${fingerprintOf(saved).toString("latin1")}`,
  );
  for (const batch of batches(last, ({ metadata }) => formatFact(metadata).length)) {
    const keys = batch.map(({ project }) => checkedPlace({ index: project.index, name: project.name }));
    await session.run(
      `INSERT INTO thoth.metadata (owner, index_url, file, fact)
       SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[])
       ON CONFLICT (owner, index_url, file) DO UPDATE SET fact = excluded.fact`,
      [
        keys.map(({ name }) => name),
        keys.map(({ index }) => index),
        batch.map(fingerprintOf),
        batch.map(({ metadata }) => formatFact(metadata)),
      ],
    );
  }
}

/** One statement may name a row once. */
function lastOf<T>(rows: readonly T[], keyOf: (row: T) => string): readonly T[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

function placeText({ index, name }: ProjectKey): string {
  return `${index}\n${name}`;
}

function fingerprintOf({ project, file }: FileKey): Buffer {
  return Buffer.from(project.fingerprint(file));
}
