// The tables, and how they came to be. A migration only adds what code that does not know of it can live with: a table, a
// column that may be absent, an index. So two versions can be at work at once, and the older one survives the newer's tables.

import { ThothError } from "@thoth/pep";
import type { Database, Query } from "./database.ts";

/** Any number, the same in every version of Thoth: the lock of those who change tables. */
const MIGRATORS = 7408;

type Dialect = Database["dialect"];

const bytes: Readonly<Record<Dialect, string>> = { postgres: "BYTEA", sqlite: "BLOB" };

const MIGRATIONS: readonly ((dialect: Dialect) => readonly string[])[] = [
  (dialect) => [
    `CREATE TABLE tenants (
      id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created BIGINT NOT NULL,
      most_jobs INTEGER NOT NULL, per_minute INTEGER NOT NULL, indexes TEXT NOT NULL DEFAULT '[]')`,
    `CREATE TABLE tokens (
      id TEXT PRIMARY KEY, tenant TEXT NOT NULL REFERENCES tenants(id), name TEXT NOT NULL, digest TEXT NOT NULL UNIQUE,
      scopes TEXT NOT NULL, created BIGINT NOT NULL, expires BIGINT, revoked BIGINT, used BIGINT)`,
    `CREATE INDEX tokens_of_tenant ON tokens (tenant, created)`,
    // The knowledge graph has a table of jobs too, in a schema that some servers look into first.
    `CREATE TABLE service_jobs (
      id TEXT PRIMARY KEY, tenant TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL,
      question TEXT NOT NULL, priority INTEGER NOT NULL, turn BIGINT NOT NULL, state TEXT NOT NULL,
      created BIGINT NOT NULL, run_after BIGINT NOT NULL, started BIGINT, finished BIGINT,
      attempt INTEGER NOT NULL DEFAULT 0, worker TEXT, lease_until BIGINT, progress TEXT, failure TEXT)`,
    // The names of states are told here once more, since an index of a part must say which.
    `CREATE INDEX jobs_ready ON service_jobs (turn, created) WHERE state = 'ready'`,
    `CREATE INDEX jobs_of_turn ON service_jobs (tenant, turn) WHERE state = 'ready'`,
    `CREATE INDEX jobs_waiting ON service_jobs (run_after) WHERE state = 'ready'`,
    `CREATE INDEX jobs_leased ON service_jobs (lease_until) WHERE state = 'running'`,
    `CREATE INDEX jobs_open ON service_jobs (tenant, state) WHERE state = 'ready' OR state = 'running'`,
    `CREATE INDEX jobs_dead ON service_jobs (finished) WHERE state = 'dead'`,
    `CREATE INDEX jobs_of_tenant ON service_jobs (tenant, created DESC, id)`,
    `CREATE TABLE results (job TEXT PRIMARY KEY REFERENCES service_jobs(id), document ${bytes[dialect]} NOT NULL, status INTEGER NOT NULL)`,
    `CREATE TABLE answers (
      tenant TEXT NOT NULL, digest TEXT NOT NULL, job TEXT NOT NULL, PRIMARY KEY (tenant, digest))`,
    `CREATE TABLE log_lines (job TEXT NOT NULL, number INTEGER NOT NULL, at BIGINT NOT NULL, line TEXT NOT NULL, PRIMARY KEY (job, number))`,
    `CREATE TABLE workers (id TEXT PRIMARY KEY, version TEXT NOT NULL, seen BIGINT NOT NULL, jobs INTEGER NOT NULL)`,
    `CREATE TABLE acts (
      id TEXT PRIMARY KEY, tenant TEXT NOT NULL, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
      subject TEXT NOT NULL, request TEXT NOT NULL)`,
    `CREATE INDEX acts_of_tenant ON acts (tenant, at DESC, id)`,
    `CREATE TABLE rules (tenant TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, changed BIGINT NOT NULL, PRIMARY KEY (tenant, id))`,
    `CREATE TABLE locks (
      id TEXT PRIMARY KEY, tenant TEXT NOT NULL, name TEXT NOT NULL, question TEXT NOT NULL, callback TEXT, secret TEXT,
      created BIGINT NOT NULL, job TEXT, told TEXT, advised BIGINT, due BIGINT NOT NULL, UNIQUE (tenant, name))`,
    `CREATE INDEX locks_due ON locks (due)`,
    `CREATE TABLE deliveries (
      id TEXT PRIMARY KEY, tenant TEXT NOT NULL, url TEXT NOT NULL, body TEXT NOT NULL, secret TEXT, attempt INTEGER NOT NULL DEFAULT 0,
      due BIGINT NOT NULL, state TEXT NOT NULL, failure TEXT, created BIGINT NOT NULL)`,
    `CREATE INDEX deliveries_due ON deliveries (due) WHERE state = 'ready'`,
  ],
  () => [
    // Until when a process works on the lock.
    `ALTER TABLE locks ADD COLUMN held BIGINT`,
    `ALTER TABLE locks ADD COLUMN failure TEXT`,
    `CREATE INDEX locks_asked ON locks (job) WHERE job IS NOT NULL`,
    `CREATE TABLE knowledge_stamps (stamp TEXT PRIMARY KEY, seen BIGINT NOT NULL)`,
    `CREATE TABLE callbacks (
      job TEXT NOT NULL, url TEXT NOT NULL, tenant TEXT NOT NULL, secret TEXT, created BIGINT NOT NULL, PRIMARY KEY (job, url))`,
    `CREATE TABLE github_events (id TEXT PRIMARY KEY, at BIGINT NOT NULL)`,
    `CREATE TABLE github_updates (
      repository TEXT PRIMARY KEY, installation BIGINT NOT NULL, wanted INTEGER NOT NULL, state TEXT NOT NULL, due BIGINT NOT NULL,
      held BIGINT, attempt INTEGER NOT NULL DEFAULT 0, job TEXT, project TEXT, issue INTEGER, pull INTEGER, failure TEXT)`,
    `CREATE INDEX github_updates_due ON github_updates (due) WHERE state <> 'idle'`,
  ],
  // Names that differ by case alone would be taken for each other.
  () => ["CREATE UNIQUE INDEX tenants_by_name ON tenants (lower(name))"],
  // The span in which a job was made.
  () => ["ALTER TABLE service_jobs ADD COLUMN trace TEXT"],
  // What ended long ago is found without looking at everything.
  () => [
    "CREATE INDEX jobs_ended ON service_jobs (finished) WHERE finished IS NOT NULL",
    "CREATE INDEX answers_of_job ON answers (job)",
    "CREATE INDEX acts_by_age ON acts (at)",
  ],
  (dialect) => [
    `CREATE TABLE observations (
      tenant TEXT NOT NULL, id TEXT NOT NULL, content ${bytes[dialect]} NOT NULL, facts INTEGER NOT NULL, changed BIGINT NOT NULL,
      PRIMARY KEY (tenant, id))`,
  ],
  // Each form of the table of advisories on its own: versions that read different ones may be at work at once.
  (dialect) => [
    `CREATE TABLE shared_advisories (
      form INTEGER PRIMARY KEY, digest TEXT NOT NULL, content ${bytes[dialect]} NOT NULL, origin TEXT NOT NULL, changed BIGINT NOT NULL)`,
  ],
  (dialect) => [
    // Analyses that may be found by the digest of what they are of.
    `CREATE TABLE image_analyses (
      digest TEXT NOT NULL, job TEXT NOT NULL, tenant TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (digest, job))`,
    "CREATE INDEX image_analyses_of_job ON image_analyses (job)",
    `CREATE TABLE build_logs (
      id TEXT PRIMARY KEY, tenant TEXT NOT NULL, content ${bytes[dialect]} NOT NULL, size BIGINT NOT NULL, created BIGINT NOT NULL)`,
    "CREATE INDEX build_logs_of_tenant ON build_logs (tenant, created)",
    "CREATE INDEX build_logs_by_age ON build_logs (created)",
  ],
];

/** Throws `database-failed` where tables are missing and may not be made. */
export async function migrate(database: Database, mayChange: boolean): Promise<void> {
  const version = await versionOf(database);
  if (version >= MIGRATIONS.length) return;
  if (!mayChange)
    throw new ThothError(
      "database-failed",
      "the tables of the database are older than this version of Thoth",
      {
        hint: "Run `thoth serve --migrate-only` first.",
      },
    );
  await database.transaction(async (query) => {
    if (database.dialect === "postgres") {
      await query.rows("SELECT pg_advisory_xact_lock($1)", [MIGRATORS]);
      await stayWhereTablesAre(query);
    }
    await query.run("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, at BIGINT NOT NULL)");
    const done = await newest(query);
    for (let number = done; number < MIGRATIONS.length; number++) {
      for (const statement of MIGRATIONS[number]?.(database.dialect) ?? []) await query.run(statement);
      await query.run(`INSERT INTO migrations (number, at) VALUES ($1, ${database.now})`, [number + 1]);
    }
  });
}

/**
 * For a user called `thoth` the schema of the knowledge graph comes first as soon as there is one: new tables would be made in
 * it, beside those that are full.
 */
async function stayWhereTablesAre(query: Query): Promise<void> {
  await query.rows(
    `SELECT set_config('search_path', quote_ident(n.nspname), true)
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('migrations')`,
  );
}

async function versionOf(database: Database): Promise<number> {
  const there =
    database.dialect === "postgres"
      ? "SELECT to_regclass('migrations') IS NOT NULL AS there"
      : "SELECT count(*) > 0 AS there FROM sqlite_schema WHERE name = 'migrations'";
  const [row] = await database.rows<{ there: boolean | number }>(there);
  return row?.there ? await newest(database) : 0;
}

async function newest(query: Query): Promise<number> {
  const [row] = await query.rows<{ number: number | null }>("SELECT max(number) AS number FROM migrations");
  return row?.number ?? 0;
}
