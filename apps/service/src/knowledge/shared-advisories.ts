// Advisories of the whole service, in its database: whoever refreshes them puts them there, and every process takes them from
// there. So machines need no folder in common, and a backup of the database has them too.

import { createHash } from "node:crypto";
import { ADVISORIES_FORM, openAdvisories } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";
import type { Database, Query } from "../database/database.ts";
import { connect, isServer } from "../database/open-database.ts";

export interface SharedAdvisories {
  /** Compiled. */
  readonly table: Uint8Array;
  /** JSON: which source they were refreshed from, and how to ask it whether it has changed; empty: they were imported. */
  readonly origin: string;
}

/** SHA-256, in hexadecimal digits. */
export function digestOfTable(table: Uint8Array): string {
  return createHash("sha256").update(table).digest("hex");
}

/** Throws what `openAdvisories` throws where the table is none of this form. */
export async function shareAdvisories(
  database: Database,
  { table, origin }: SharedAdvisories,
): Promise<void> {
  openAdvisories(table);
  await database.run(
    `INSERT INTO shared_advisories (form, digest, content, origin, changed) VALUES ($1, $2, $3, $4, ${database.now})
     ON CONFLICT (form) DO UPDATE SET digest = excluded.digest, content = excluded.content, origin = excluded.origin,
       changed = excluded.changed`,
    [ADVISORIES_FORM, digestOfTable(table), table, origin],
  );
}

/** Undefined where there are none, or only those of the digest that is known. Throws `index-response-invalid` where they are damaged. */
export async function readSharedAdvisories(
  query: Query,
  known?: string,
): Promise<SharedAdvisories | undefined> {
  const [row] = await query.rows<{ digest: string; content: Uint8Array; origin: string }>(
    "SELECT digest, content, origin FROM shared_advisories WHERE form = $1 AND digest <> $2",
    [ADVISORIES_FORM, known ?? ""],
  );
  if (row === undefined) return undefined;
  const { content: table, origin } = row;
  if (digestOfTable(table) !== row.digest)
    throw new ThothError("index-response-invalid", "The advisories in the database are damaged.", {
      hint: "Put them there anew with `thoth knowledge refresh`.",
    });
  openAdvisories(table);
  return { table, origin };
}

/** Undefined where the place is no server, or a graph alone and no service. Throws `database-failed`. */
export async function openSharing(place: string): Promise<Database | undefined> {
  if (!isServer(place)) return undefined;
  const database = await connect(place, 1);
  try {
    const [row] = await database.rows<{ there: boolean }>(
      "SELECT to_regclass('shared_advisories') IS NOT NULL AS there",
    );
    if (row?.there === true) return database;
  } catch (error) {
    await database.close();
    throw error;
  }
  await database.close();
  return undefined;
}
