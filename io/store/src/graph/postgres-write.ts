// Writes facts into PostgreSQL, many in one statement. What a body says is compared by its digest, so that only those
// that changed are sent.

import { createHash } from "node:crypto";
import type { FactKey, SnapshotId } from "@thoth/knowledge";
import { batches, type PutRow } from "./changes.ts";
import type { Session } from "./postgres-connection.ts";

/** Of how many facts what is known changed. */
export async function putFacts(session: Session, puts: readonly PutRow[], next: SnapshotId): Promise<number> {
  let changed = 0;
  for (const batch of batches(puts, () => 0)) {
    const news = await changedOf(session, batch);
    await endFacts(
      session,
      news.map(({ key }) => key),
      next,
    );
    for (const part of batches(news, ({ body }) => body.length)) await insertFacts(session, part, next);
    changed += news.length;
  }
  return changed;
}

/** Without those that say what is known already. */
async function changedOf(session: Session, puts: readonly PutRow[]): Promise<readonly PutRow[]> {
  const rows = await session.rows(
    `SELECT given.at FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) WITH ORDINALITY
       AS given (owner, kind, subject, digest, at)
     JOIN thoth.facts AS known ON known.owner = given.owner AND known.kind = given.kind
       AND known.subject = given.subject AND known.until IS NULL AND sha256(known.body) = given.digest`,
    [...keyColumns(puts.map(({ key }) => key)), puts.map(({ body }) => digestOf(body))],
  );
  const same = new Set(rows.map(([at]) => (at as number) - 1));
  return puts.filter((_, at) => !same.has(at));
}

/** Of how many facts what is known changed. */
export async function endFacts(
  session: Session,
  keys: readonly FactKey[],
  next: SnapshotId,
): Promise<number> {
  let changed = 0;
  for (const batch of batches(keys, () => 0)) {
    changed += await session.run(
      `UPDATE thoth.facts AS known SET until = $4
       FROM unnest($1::text[], $2::text[], $3::text[]) AS given (owner, kind, subject)
       WHERE known.owner = given.owner AND known.kind = given.kind AND known.subject = given.subject
         AND known.until IS NULL`,
      [...keyColumns(batch), next],
    );
  }
  return changed;
}

async function insertFacts(session: Session, puts: readonly PutRow[], next: SnapshotId): Promise<void> {
  await session.run(
    `INSERT INTO thoth.facts (owner, kind, subject, since, source, observed_at, tool, body)
     SELECT owner, kind, subject, $4::bigint, source, observed_at, tool, body
     FROM unnest($1::text[], $2::text[], $3::text[], $5::text[], $6::double precision[], $7::text[], $8::bytea[])
       AS given (owner, kind, subject, source, observed_at, tool, body)`,
    [
      ...keyColumns(puts.map(({ key }) => key)),
      next,
      puts.map(({ provenance }) => provenance.source),
      puts.map(({ provenance }) => provenance.observedAt),
      puts.map(({ provenance }) => provenance.tool),
      puts.map(({ body }) => body),
    ],
  );
}

function keyColumns(keys: readonly FactKey[]): readonly (readonly string[])[] {
  return [keys.map(({ owner }) => owner), keys.map(({ kind }) => kind), keys.map(({ subject }) => subject)];
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
