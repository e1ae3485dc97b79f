// What a tenant has of its own, for the process that answers its questions.

import type { Database } from "../database/database.ts";
import { readIndexes } from "./private-indexes.ts";
import { readRules } from "./tenant-rules.ts";
import type { Vault } from "./vault.ts";

/** `indexes`: with their credentials in them, for no log and no answer. `rules`: files by name. */
export interface OwnPlaces {
  readonly indexes: readonly string[];
  readonly rules: Readonly<Record<string, string>>;
}

/** Throws `database-failed` where credentials cannot be opened. */
export async function readOwnPlaces(
  database: Database,
  vault: Vault | undefined,
  tenant: string,
): Promise<OwnPlaces> {
  const indexes = await readIndexes(database, tenant, vault);
  const rules = await readRules(database, tenant);
  return {
    indexes: indexes.map(({ location }) => location.reveal()),
    rules: Object.fromEntries(rules.map(({ path, text }) => [path, text])),
  };
}
