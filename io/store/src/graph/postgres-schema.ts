// The tables of the graph in PostgreSQL, and how an older database becomes a current one. They lie in a schema of their
// own and are named with it, so that nothing depends on the state of a session.

import { ThothError } from "@thoth/pep";
import type { PostgresConnection, Session } from "./postgres-connection.ts";
import { tooNew } from "./sqlite-schema.ts";

/**
 * Step i leads from schema version i to i + 1; a released step is never edited.
 *
 * Everything that grows with the number of projects spreads by the hash of its owner, which every primary key begins with.
 * Texts are compared as bytes of UTF-8. A row of `facts` is one version of a fact, true from snapshot `since` on and
 * before snapshot `until`; it is never changed but for its end.
 */
export const POSTGRES_STEPS: readonly string[] = [
  `CREATE TABLE thoth.snapshots (id bigint PRIMARY KEY, at double precision NOT NULL, source text NOT NULL);
   CREATE TABLE thoth.jobs (
     job text COLLATE "C" PRIMARY KEY,
     value text NOT NULL,
     at double precision NOT NULL
   );
   CREATE TABLE thoth.facts (
     owner text COLLATE "C" NOT NULL,
     kind text COLLATE "C" NOT NULL,
     subject text COLLATE "C" NOT NULL,
     since bigint NOT NULL,
     until bigint,
     source text NOT NULL,
     observed_at double precision NOT NULL,
     tool text NOT NULL,
     body bytea NOT NULL,
     PRIMARY KEY (owner, kind, subject, since)
   ) PARTITION BY HASH (owner);
   ${partitions("facts", 16)}
   CREATE UNIQUE INDEX known_facts ON thoth.facts (owner, kind, subject) WHERE until IS NULL;
   CREATE INDEX known_owners ON thoth.facts (kind, owner) WHERE until IS NULL;
   CREATE INDEX all_owners ON thoth.facts (kind, owner, since, until);`,
  `CREATE TABLE thoth.records (
     owner text COLLATE "C" NOT NULL,
     index_url text COLLATE "C" NOT NULL,
     etag text,
     last_modified text,
     fetched_at double precision NOT NULL,
     fresh_until double precision NOT NULL,
     bytes bytea,
     PRIMARY KEY (owner, index_url)
   ) PARTITION BY HASH (owner);
   ${partitions("records", 16)}
   CREATE TABLE thoth.metadata (
     owner text COLLATE "C" NOT NULL,
     index_url text COLLATE "C" NOT NULL,
     file bytea NOT NULL,
     fact text NOT NULL,
     PRIMARY KEY (owner, index_url, file)
   ) PARTITION BY HASH (owner);
   ${partitions("metadata", 16)}`,
];

function partitions(table: string, count: number): string {
  return Array.from(
    { length: count },
    (_, at) =>
      `CREATE TABLE thoth.${table}_${String(at).padStart(2, "0")} PARTITION OF thoth.${table}
       FOR VALUES WITH (MODULUS ${count}, REMAINDER ${at});`,
  ).join("\n");
}

/** One at a time: whoever comes second finds the work done. Throws `database-failed`, `database-too-new`. */
export async function migratePostgres(
  connection: PostgresConnection,
  steps: readonly string[] = POSTGRES_STEPS,
): Promise<void> {
  if ((await connection.session(versionOf)) === steps.length) return;
  await connection.writing(async (session) => {
    const version = await versionOf(session);
    if (version > steps.length) throw tooNew(version, steps.length);
    if (version === 0) {
      await session.rows("CREATE SCHEMA IF NOT EXISTS thoth");
      await session.rows("CREATE TABLE thoth.version (version integer NOT NULL)");
      await session.rows("INSERT INTO thoth.version VALUES (0)");
    }
    for (const step of steps.slice(version)) await session.script(step);
    await session.rows("UPDATE thoth.version SET version = $1", [steps.length]);
  });
}

async function versionOf(session: Session): Promise<number> {
  // From the catalogue itself: what a session has once not found by its name, it may go on not finding within a transaction.
  const [state] = await session.rows(
    `SELECT EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'thoth' AND c.relname = 'version'), current_setting('server_encoding')`,
  );
  const [isThere, encoding] = state ?? [];
  if (encoding !== "UTF8")
    throw new ThothError("database-failed", `the encoding of the database is \`${encoding}\``, {
      hint: "Make one whose encoding is UTF8.",
    });
  if (isThere !== true) return 0;
  const [row] = await session.rows("SELECT version FROM thoth.version");
  return (row?.[0] as number | undefined) ?? 0;
}
