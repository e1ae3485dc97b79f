// Rules of a tenant: files that only its own questions mind. They are parsed when they are given, so that a slip is told to
// whoever made it and not to whoever asks next.

import type { PrescriptionFile } from "@thoth/prescriptions";
import { compilePrescriptions } from "@thoth/prescriptions/compile";
import type { Query } from "../database/database.ts";
import { checkFile, type FileKind, type FilePlace, makeRoom, refusedFile } from "./tenant-files.ts";
import type { Writing } from "./tenants.ts";

export const RULES: FileKind = {
  table: "rules",
  unit: "characters",
  longest: 128 * 1024,
  longestTogether: 512 * 1024,
};

/** How many units it has. Throws `invalid-request` with the first fault, `limit-exceeded`. */
export function countUnits({ id }: Pick<FilePlace, "id">, text: string): number {
  checkFile(RULES, id, text.length);
  // What PostgreSQL cannot keep as text is no text of a person either.
  if (text.includes("\0")) throw refusedFile("the rules have a character that is none");
  const { errors, counts } = compilePrescriptions([{ path: `${id}.yaml`, text }]);
  const [first] = errors;
  if (first !== undefined) {
    const more = errors.length === 1 ? "" : ` (and ${errors.length - 1} more)`;
    throw refusedFile(`line ${first.line} of the rules: ${first.message}${more}`);
  }
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Throws `limit-exceeded` where the tenant has too many. */
export async function saveRules(
  { database, query }: Writing,
  { tenant, id }: FilePlace,
  text: string,
): Promise<void> {
  await makeRoom(query, RULES, { tenant, id, length: text.length });
  await query.run(
    `INSERT INTO rules (tenant, id, content, changed) VALUES ($1, $2, $3, ${database.now})
     ON CONFLICT (tenant, id) DO UPDATE SET content = excluded.content, changed = excluded.changed`,
    [tenant, id, text],
  );
}

/** For whoever advises: in a stable order, so that the same rules have the same digest. */
export async function readRules(query: Query, tenant: string): Promise<readonly PrescriptionFile[]> {
  const rows = await query.rows<{ id: string; content: string }>(
    "SELECT id, content FROM rules WHERE tenant = $1",
    [tenant],
  );
  return rows
    .map(({ id, content }) => ({ path: `${id}.yaml`, text: content }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
