// One place for the database of the service: a `postgresql://` URL, or a file.

import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Database } from "./database.ts";
import { migrate } from "./migrations.ts";

export interface OpenDatabaseOptions {
  readonly connections?: number;
  /** Whether tables are made or changed; else they must be there. */
  readonly migrate?: boolean;
}

export function isServer(place: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(place);
}

/** Throws `database-failed`. */
export async function openDatabase(
  place: string,
  { connections, migrate: mayMigrate = true }: OpenDatabaseOptions = {},
): Promise<Database> {
  const database = await connect(place, connections);
  try {
    await migrate(database, mayMigrate);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** As it is: no table is looked at. */
export async function connect(place: string, connections: number | undefined): Promise<Database> {
  if (isServer(place)) {
    const { openPostgres } = await import("./postgres-database.ts");
    return openPostgres(place, connections === undefined ? {} : { connections });
  }
  const { openSqlite } = await import("./sqlite-database.ts");
  if (place !== ":memory:") mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
  return openSqlite(place);
}
