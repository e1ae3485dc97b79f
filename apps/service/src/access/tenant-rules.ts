// Rules of a tenant: files that only its own questions mind. They are parsed when they are given, so that a slip is told to
// whoever made it and not to whoever asks next.

import { quote, ThothError } from "@thoth/pep";
import type { PrescriptionFile } from "@thoth/prescriptions";
import { compilePrescriptions } from "@thoth/prescriptions/compile";
import type { Query } from "../database/database.ts";
import type { Writing } from "./tenants.ts";

export interface RulesPlace {
  readonly tenant: string;
  readonly id: string;
}

/** Of one file, in characters; of all of a tenant's. */
const LONGEST = 128 * 1024;
const LONGEST_TOGETHER = 512 * 1024;
const MOST_FILES = 50;
/** Neither hidden nor metadata: those would be passed over, or speak for other files. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** How many units it has. Throws `invalid-request` with the first fault, `limit-exceeded`. */
export function countUnits({ id }: Pick<RulesPlace, "id">, text: string): number {
  if (!ID.test(id))
    throw refused(`${quote(id)} is no name of a file of rules: it begins with a letter or digit`);
  if (text.length > LONGEST)
    throw new ThothError("limit-exceeded", `a file of rules has at most ${LONGEST} characters`);
  // What PostgreSQL cannot keep as text is no text of a person either.
  if (text.includes("\0")) throw refused("the rules have a character that is none");
  const { errors, counts } = compilePrescriptions([{ path: `${id}.yaml`, text }]);
  const [first] = errors;
  if (first !== undefined) {
    const more = errors.length === 1 ? "" : ` (and ${errors.length - 1} more)`;
    throw refused(`line ${first.line} of the rules: ${first.message}${more}`);
  }
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Throws `limit-exceeded` where the tenant has too many. */
export async function saveRules(
  { database, query }: Writing,
  place: RulesPlace,
  text: string,
): Promise<void> {
  const { tenant, id } = place;
  // Files of one tenant wait for each other: their sum is limited.
  await query.run("UPDATE tenants SET name = name WHERE id = $1", [tenant]);
  await checkRoom(query, place, text);
  await query.run(
    `INSERT INTO rules (tenant, id, content, changed) VALUES ($1, $2, $3, ${database.now})
     ON CONFLICT (tenant, id) DO UPDATE SET content = excluded.content, changed = excluded.changed`,
    [tenant, id, text],
  );
}

async function checkRoom(query: Query, { tenant, id }: RulesPlace, text: string): Promise<void> {
  const [row] = await query.rows<{ files: number; characters: number | null }>(
    "SELECT count(*) AS files, sum(length(content)) AS characters FROM rules WHERE tenant = $1 AND id <> $2",
    [tenant, id],
  );
  if (Number(row?.files) >= MOST_FILES)
    throw new ThothError("limit-exceeded", `a tenant has at most ${MOST_FILES} files of rules`);
  if (Number(row?.characters) + text.length > LONGEST_TOGETHER)
    throw new ThothError(
      "limit-exceeded",
      `rules of a tenant have at most ${LONGEST_TOGETHER} characters together`,
    );
}

/** Whether it was there. */
export async function deleteRules(query: Query, { tenant, id }: RulesPlace): Promise<boolean> {
  return (await query.run("DELETE FROM rules WHERE tenant = $1 AND id = $2", [tenant, id])) > 0;
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

function refused(message: string): ThothError {
  return new ThothError("invalid-request", message, { details: { status: 422 } });
}
