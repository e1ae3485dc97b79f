// What a write asks of a store, made ready: bodies in their one spelling, texts checked, one change of each fact.

import {
  BODY_LIMIT,
  type Change,
  checkStorable,
  type FactKey,
  formatBody,
  KEY_LIMIT,
  type Provenance,
  type Write,
} from "@thoth/knowledge";
import { compareCodePoints, quote, ThothError } from "@thoth/pep";

export interface PutRow {
  readonly key: FactKey;
  /** UTF-8 of the canonical JSON. */
  readonly body: Buffer;
  readonly provenance: Provenance;
}

export interface Rows {
  readonly puts: readonly PutRow[];
  readonly drops: readonly FactKey[];
}

/** Bytes of a source, a tool, the name of a job. */
export const TEXT_LIMIT = 4096;
/** Bytes of what a job keeps. */
const STATE_LIMIT = 2 ** 20;

/** Bytes of bodies, and rows, that are handed to a database at once. */
const BATCH_BYTES = 8 * 2 ** 20;
const BATCH_ROWS = 1000;

/** Throws `invalid-fact` and `limit-exceeded`. */
export function rowsOf(write: Write): Rows {
  checkStorable(write.source, "the source", TEXT_LIMIT);
  if (write.state !== undefined) {
    checkStorable(write.state.job, "the job", TEXT_LIMIT);
    checkStorable(write.state.value ?? "", "the state of a job", STATE_LIMIT);
  }
  const last = new Map<string, Change>();
  for (const change of write.changes) last.set(keyText("put" in change ? change.put : change.drop), change);
  const puts: PutRow[] = [];
  const drops: FactKey[] = [];
  for (const change of last.values()) {
    if ("drop" in change) drops.push(checkedKey(change.drop));
    else puts.push(putRow(change.put));
  }
  return { puts, drops };
}

function putRow(fact: Extract<Change, { put: unknown }>["put"]): PutRow {
  const { body, provenance } = fact;
  const key = checkedKey(fact);
  checkStorable(provenance.source, "the source", TEXT_LIMIT);
  checkStorable(provenance.tool, "the tool", TEXT_LIMIT);
  const bytes = Buffer.from(formatBody(body));
  if (bytes.length > BODY_LIMIT)
    throw new ThothError(
      "limit-exceeded",
      `what is said of ${quote(key.owner)} is ${bytes.length} bytes, more than ${BODY_LIMIT}`,
      { details: { owner: key.owner, kind: key.kind, limit: BODY_LIMIT } },
    );
  return { key, body: bytes, provenance };
}

function checkedKey({ owner, kind, subject }: FactKey): FactKey {
  checkStorable(owner, "the owner", KEY_LIMIT);
  checkStorable(subject, "the subject", KEY_LIMIT);
  return { owner, kind, subject };
}

/** One text for each key. */
function keyText({ owner, kind, subject }: FactKey): string {
  return JSON.stringify([kind, owner, subject]);
}

/** In parts that a database takes at once; a body larger than a part is one alone. */
export function* batches<T>(rows: readonly T[], size: (row: T) => number): Generator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const row of rows) {
    const added = size(row);
    if (batch.length >= BATCH_ROWS || (batch.length > 0 && bytes + added > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(row);
    bytes += added;
  }
  if (batch.length > 0) yield batch;
}

/** Without repetitions, in the order of their UTF-8 bytes, which is that of code points. */
export function sortedTexts<T extends string>(texts: readonly T[]): T[] {
  return [...new Set(texts)].sort(compareCodePoints);
}
