// Observations of a tenant: parts of a graph that only its own questions mind. They are read when they are given, so that what is
// none is told to whoever gives it.

import { Readable } from "node:stream";
import type { FactKind } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";
import { checkGraphFile } from "@thoth/store/graph";
import type { Query } from "../database/database.ts";
import { checkFile, type FileKind, type FilePlace, makeRoom, refusedFile } from "./tenant-files.ts";
import type { Writing } from "./tenants.ts";

export const OBSERVATIONS: FileKind = {
  table: "observations",
  unit: "bytes",
  longest: 2 * 1024 * 1024,
  longestTogether: 8 * 1024 * 1024,
};
/** Bytes of one file unpacked. */
const LONGEST_UNPACKED = 64 * 1024 * 1024;
const KINDS: readonly FactKind[] = ["measurement", "observation"];

/** How many facts it has. Throws `invalid-request` where it is no part of a graph, `limit-exceeded`. */
export async function countFacts({ id }: Pick<FilePlace, "id">, content: Uint8Array): Promise<number> {
  checkFile(OBSERVATIONS, id, content.length);
  try {
    return await checkGraphFile(Readable.from([content]), { limit: LONGEST_UNPACKED, kinds: KINDS });
  } catch (error) {
    if (!(error instanceof ThothError) || error.code === "limit-exceeded") throw error;
    throw refusedFile(error.message, error.hint);
  }
}

export interface GivenObservations {
  readonly content: Uint8Array;
  readonly facts: number;
}

/** Throws `limit-exceeded` where the tenant has too many. */
export async function saveObservations(
  { database, query }: Writing,
  { tenant, id }: FilePlace,
  { content, facts }: GivenObservations,
): Promise<void> {
  await makeRoom(query, OBSERVATIONS, { tenant, id, length: content.length });
  await query.run(
    `INSERT INTO observations (tenant, id, content, facts, changed) VALUES ($1, $2, $3, $4, ${database.now})
     ON CONFLICT (tenant, id) DO UPDATE SET content = excluded.content, facts = excluded.facts, changed = excluded.changed`,
    [tenant, id, content, facts],
  );
}

/** For whoever advises, by id. */
export async function readObservations(
  query: Query,
  tenant: string,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const rows = await query.rows<{ id: string; content: Uint8Array }>(
    "SELECT id, content FROM observations WHERE tenant = $1 ORDER BY id",
    [tenant],
  );
  return Object.fromEntries(rows.map(({ id, content }) => [id, content]));
}
