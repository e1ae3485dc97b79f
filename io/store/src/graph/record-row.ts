// A row of the table of records, as both stores keep it.

import { checkStorable, KEY_LIMIT, type ProjectKey, readProject, type StoredProject } from "@thoth/knowledge";

export type RecordRow = readonly [
  etag: string | null,
  lastModified: string | null,
  fetchedAt: number,
  freshUntil: number,
  bytes: Uint8Array | null,
];

/** Undefined for a record that is damaged, or of another layout. */
export function storedProject(row: RecordRow): StoredProject | undefined {
  const [etag, lastModified, fetchedAt, freshUntil, bytes] = row;
  const record = bytes === null ? null : readProject(bytes);
  if (record === undefined) return undefined;
  const validators = {
    fetchedAt,
    freshUntil,
    ...(etag === null ? {} : { etag }),
    ...(lastModified === null ? {} : { lastModified }),
  };
  return { record, validators };
}

/** Throws `invalid-fact`. */
export function checkedPlace<Key extends ProjectKey>(key: Key): Key {
  checkStorable(key.name, "the project", KEY_LIMIT);
  checkStorable(key.index, "the index", KEY_LIMIT);
  return key;
}

/** What a server said about its page, where it can be kept; without it the page is asked for anew. */
export function keptHeader(text: string | undefined): string | null {
  return text === undefined || text.includes("\0") || !text.isWellFormed() ? null : text;
}
