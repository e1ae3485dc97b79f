// Tenants: who shares jobs, answers, rules, indexes and a quota. Two are there from the start: one for everybody without a
// token, one for whoever runs the service.

import type { TenantDocument } from "@thoth/contract/service";
import { quote, ThothError } from "@thoth/pep";
import type { Database, Query } from "../database/database.ts";
import { type KeptIndex, shownUrl } from "./private-indexes.ts";
import { tooOften } from "./rate-limiter.ts";
import { makeId } from "./token.ts";

export const PUBLIC = "public";
export const OPERATOR = "operator";

export interface Quota {
  /** Questions that are worked on at a time. */
  readonly jobs: number;
  /** New questions a minute. */
  readonly perMinute: number;
}

/** In a transaction of that database. */
export interface Writing {
  readonly database: Database;
  readonly query: Query;
}

export interface TenantRow {
  readonly id: string;
  readonly name: string;
  readonly created: number;
  readonly most_jobs: number;
  readonly per_minute: number;
  /** JSON: a list of `KeptIndex`. */
  readonly indexes: string;
}

const COLUMNS = "id, name, created, most_jobs, per_minute, indexes";
const MOST_QUOTA = 1_000_000;
/** Milliseconds. */
export const MINUTE = 60_000;

/**
 * Makes it where it is not there; its quota becomes what the settings say now. Several nodes may start at a time: a conflict
 * is named by no column, since the name is taken by the other one as well.
 */
export async function keepPublicTenant(database: Database, { jobs, perMinute }: Quota): Promise<void> {
  const values = [PUBLIC, jobs, perMinute];
  await database.run(
    `INSERT INTO tenants (id, name, created, most_jobs, per_minute) VALUES ($1, $1, ${database.now}, $2, $3)
     ON CONFLICT DO NOTHING`,
    values,
  );
  await database.run("UPDATE tenants SET most_jobs = $2, per_minute = $3 WHERE id = $1", values);
}

/** Throws `conflict` where the name is taken, in whatever case; `invalid-request` where the quota is none. */
export async function insertTenant(
  { database, query }: Writing,
  name: string,
  { jobs, perMinute }: Quota,
): Promise<TenantRow> {
  if (jobs > MOST_QUOTA || perMinute > MOST_QUOTA)
    throw new ThothError("invalid-request", `a quota is at most ${MOST_QUOTA}`, { details: { status: 422 } });
  const [row] = await query.rows<TenantRow>(
    `INSERT INTO tenants (id, name, created, most_jobs, per_minute) VALUES ($1, $2, ${database.now}, $3, $4)
     ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`,
    [`t-${makeId()}`, name, jobs, perMinute],
  );
  if (row === undefined) throw new ThothError("conflict", `there is a tenant of the name ${quote(name)}`);
  return row;
}

export async function readTenantRow(query: Query, id: string): Promise<TenantRow> {
  const [row] = await query.rows<TenantRow>(`SELECT ${COLUMNS} FROM tenants WHERE id = $1`, [id]);
  if (row === undefined) throw new Error(`there is no tenant ${id}, though somebody of it asks`);
  return row;
}

/** For tokens of other issuers; those that are there from the start are for nobody else to name. */
export async function findTenantByName(query: Query, name: string): Promise<string | undefined> {
  const [row] = await query.rows<{ id: string }>("SELECT id FROM tenants WHERE name = $1", [name]);
  return row === undefined || row.id === PUBLIC || row.id === OPERATOR ? undefined : row.id;
}

export function tenantDocumentOf(row: TenantRow): TenantDocument {
  const indexes = JSON.parse(row.indexes) as readonly KeptIndex[];
  return {
    id: row.id,
    name: row.name,
    created: new Date(row.created).toISOString(),
    quota: { jobs: row.most_jobs, perMinute: row.per_minute },
    indexes: indexes.map(({ url }) => shownUrl(url)),
  };
}

/**
 * Called where a new job is about to be made, in the transaction that makes it. Questions that are asked at the very same
 * moment do not see each other: as many may pass too much. Throws `quota-exceeded`, with the seconds until a question may be asked again.
 */
export async function checkQuestionRate(
  database: Database,
  tenant: string,
  query: Query = database,
): Promise<void> {
  const [row] = await query.rows<{ per_minute: number; asked: number; oldest: number | null; now: number }>(
    `SELECT t.per_minute, ${database.now} AS now,
       (SELECT count(*) FROM service_jobs WHERE tenant = $1 AND created > ${database.now} - $2) AS asked,
       (SELECT min(created) FROM service_jobs WHERE tenant = $1 AND created > ${database.now} - $2) AS oldest
     FROM tenants t WHERE t.id = $1`,
    [tenant, MINUTE],
  );
  if (row === undefined) throw new ThothError("unauthorized", "the tenant is not known");
  const { per_minute: most, asked, oldest, now } = row;
  if (Number(asked) < most) return;
  const retryAfter = Math.max(1, Math.ceil(((oldest ?? now) + MINUTE - now) / 1000));
  throw tooOften(`more than ${most} new questions of this tenant a minute`, retryAfter);
}
