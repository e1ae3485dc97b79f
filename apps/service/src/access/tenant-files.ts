// Files that a tenant keeps for its own questions: rules, and observations. How they are named, how many there may be, and that one
// who removes or reads them finds those of his own tenant alone.

import { quote, ThothError } from "@thoth/pep";
import type { Query } from "../database/database.ts";

export interface FilePlace {
  readonly tenant: string;
  readonly id: string;
}

/** A kind of file. */
export interface FileKind {
  /** Of the database, and what people call them. */
  readonly table: "rules" | "observations";
  /** What a length is counted in. */
  readonly unit: "characters" | "bytes";
  /** Of one file. */
  readonly longest: number;
  /** Of all of a tenant's. */
  readonly longestTogether: number;
}

const MOST_FILES = 50;
/** Neither hidden nor metadata: those would be passed over, or speak for other files. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Throws `invalid-request` for what is no name, `limit-exceeded`. */
export function checkFile({ table, unit, longest }: FileKind, id: string, length: number): void {
  if (!ID.test(id))
    throw refusedFile(`${quote(id)} is no name of a file of ${table}: it begins with a letter or digit`);
  if (length > longest)
    throw new ThothError("limit-exceeded", `a file of ${table} has at most ${longest} ${unit}`);
}

/** In the transaction that writes the file. Throws `limit-exceeded` where the tenant has too many. */
export async function makeRoom(
  query: Query,
  { table, unit, longestTogether }: FileKind,
  { tenant, id, length }: FilePlace & { readonly length: number },
): Promise<void> {
  // Files of one tenant wait for each other: their sum is limited.
  await query.run("UPDATE tenants SET name = name WHERE id = $1", [tenant]);
  const [row] = await query.rows<{ files: number; sum: number | null }>(
    `SELECT count(*) AS files, sum(length(content)) AS sum FROM ${table} WHERE tenant = $1 AND id <> $2`,
    [tenant, id],
  );
  if (Number(row?.files) >= MOST_FILES)
    throw new ThothError("limit-exceeded", `a tenant has at most ${MOST_FILES} files of ${table}`);
  if (Number(row?.sum) + length > longestTogether)
    throw new ThothError(
      "limit-exceeded",
      `${table} of a tenant have at most ${longestTogether} ${unit} together`,
    );
}

/** Whether it was there. */
export async function deleteFile(
  query: Query,
  { table }: FileKind,
  { tenant, id }: FilePlace,
): Promise<boolean> {
  return (await query.run(`DELETE FROM ${table} WHERE tenant = $1 AND id = $2`, [tenant, id])) > 0;
}

export function refusedFile(message: string, hint?: string): ThothError {
  return new ThothError("invalid-request", message, { hint, details: { status: 422 } });
}
