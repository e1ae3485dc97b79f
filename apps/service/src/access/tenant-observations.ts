// Observations of a tenant: parts of a graph that only its own questions mind. They are read when they are given, so that what is
// none is told to whoever gives it.

import type { FactKind } from "@thoth/knowledge";
import { quote, ThothError } from "@thoth/pep";
import { openGraph } from "@thoth/store";
import { importGraph } from "@thoth/store/graph";
import type { Query } from "../database/database.ts";
import type { Writing } from "./tenants.ts";

export interface ObservationsPlace {
  readonly tenant: string;
  readonly id: string;
}

/** Bytes of one file, of all of a tenant's, and of one unpacked. */
const LONGEST = 2 * 1024 * 1024;
const LONGEST_TOGETHER = 8 * 1024 * 1024;
const LONGEST_UNPACKED = 64 * 1024 * 1024;
const MOST_FILES = 50;
const KINDS: readonly FactKind[] = ["measurement", "observation"];
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** How many facts it has. Throws `invalid-request` where it is no part of a graph, `limit-exceeded`. */
export async function countFacts(
  { id }: Pick<ObservationsPlace, "id">,
  content: Uint8Array,
): Promise<number> {
  if (!ID.test(id)) throw refused(`${quote(id)} is no name of a file: it begins with a letter or digit`);
  if (content.length > LONGEST)
    throw new ThothError("limit-exceeded", `a file of observations has at most ${LONGEST} bytes`);
  const graph = await openGraph(":memory:");
  try {
    const open = async function* () {
      yield content;
    };
    const options = { at: 0, source: "tenant", limit: LONGEST_UNPACKED, kinds: KINDS };
    return (await importGraph(graph, open, options)).facts;
  } catch (error) {
    if (!(error instanceof ThothError) || error.code === "limit-exceeded") throw error;
    throw refused(error.message, error.hint);
  } finally {
    await graph.close();
  }
}

export interface GivenObservations {
  readonly content: Uint8Array;
  readonly facts: number;
}

/** Throws `limit-exceeded` where the tenant has too many. */
export async function saveObservations(
  { database, query }: Writing,
  { tenant, id }: ObservationsPlace,
  { content, facts }: GivenObservations,
): Promise<void> {
  // Files of one tenant wait for each other: their sum is limited.
  await query.run("UPDATE tenants SET name = name WHERE id = $1", [tenant]);
  const [row] = await query.rows<{ files: number; bytes: number | null }>(
    "SELECT count(*) AS files, sum(length(content)) AS bytes FROM observations WHERE tenant = $1 AND id <> $2",
    [tenant, id],
  );
  if (Number(row?.files) >= MOST_FILES)
    throw new ThothError("limit-exceeded", `a tenant has at most ${MOST_FILES} files of observations`);
  if (Number(row?.bytes) + content.length > LONGEST_TOGETHER)
    throw new ThothError(
      "limit-exceeded",
      `observations of a tenant have at most ${LONGEST_TOGETHER} bytes together`,
    );
  await query.run(
    `INSERT INTO observations (tenant, id, content, facts, changed) VALUES ($1, $2, $3, $4, ${database.now})
     ON CONFLICT (tenant, id) DO UPDATE SET content = excluded.content, facts = excluded.facts, changed = excluded.changed`,
    [tenant, id, content, facts],
  );
}

/** Whether it was there. */
export async function deleteObservations(query: Query, { tenant, id }: ObservationsPlace): Promise<boolean> {
  return (await query.run("DELETE FROM observations WHERE tenant = $1 AND id = $2", [tenant, id])) > 0;
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

function refused(message: string, hint?: string): ThothError {
  return new ThothError("invalid-request", message, { hint, details: { status: 422 } });
}
