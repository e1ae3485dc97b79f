// Advisories of a service lie in its database, where all its machines find them. Who refreshes or imports them beside that
// database begins with those that are there, and leaves there what came of it.

import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { ThothError } from "@thoth/pep";
import type { Database } from "@thoth/service";
import { replaceFile } from "../files/replace-file.ts";
import { type Invocation, textOption } from "../frame/command.ts";
import { importedPath, refreshedPath } from "../session/known-advisories.ts";
import { readRefreshed } from "../session/refreshed.ts";

/** Only `work` counts where no service has that database. Throws `database-failed`, and what `work` throws. */
export async function besideSharedAdvisories<T>(invocation: Invocation, work: () => Promise<T>): Promise<T> {
  const place = textOption(invocation.options, "database");
  if (place?.includes("://") !== true) return await work();
  const { openSharing } = await import("@thoth/service");
  const database = await openSharing(place);
  if (database === undefined) return await work();
  try {
    const before = await take(invocation, database);
    const result = await work();
    await give(invocation, database, before);
    return result;
  } finally {
    await database.close();
  }
}

interface Advisories {
  readonly table: Uint8Array;
  readonly origin: string;
}

/** What the database has now; undefined where that is nothing, or damaged: then what comes takes its place. */
async function take(invocation: Invocation, database: Database): Promise<Advisories | undefined> {
  const { readSharedAdvisories } = await import("@thoth/service");
  const shared = await readSharedAdvisories(database).catch((error: unknown) => {
    if (!(error instanceof ThothError) || error.code !== "index-response-invalid") throw error;
    invocation.terminal.warn(error.message);
    return undefined;
  });
  if (shared === undefined) return undefined;
  const { table, origin } = shared;
  await replaceFile(importedPath(invocation), table, { makeFolders: true });
  if (origin === "") await rm(refreshedPath(invocation), { force: true });
  else await replaceFile(refreshedPath(invocation), origin);
  return shared;
}

async function give(
  invocation: Invocation,
  database: Database,
  before: Advisories | undefined,
): Promise<void> {
  const path = importedPath(invocation);
  if (!existsSync(path)) return;
  const table = readFileSync(path);
  const record = refreshedPath(invocation);
  const origin = readRefreshed(record, table) === undefined ? "" : readFileSync(record, "utf8");
  if (before !== undefined && before.origin === origin && table.equals(before.table)) return;
  const { shareAdvisories } = await import("@thoth/service");
  await shareAdvisories(database, { table, origin });
  invocation.terminal.note("all machines of the service take these advisories from its database");
}
