// The graph in PostgreSQL. Rows of facts are never changed but for their end, so what is read as of a snapshot is one
// state, in however many statements.

import {
  type AnyFact,
  checkStorable,
  type FactKey,
  type FactKind,
  type FactQuery,
  type FileKey,
  factOf,
  type GraphSummary,
  isStorable,
  KEY_LIMIT,
  type MetadataUnavailable,
  type Owner,
  type OwnersQuery,
  type ProjectKey,
  type RefreshedProject,
  type ReleaseMetadata,
  type SavedMetadata,
  type SavedProject,
  type Snapshot,
  type SnapshotId,
  type StoredProject,
  type Write,
} from "@thoth/knowledge";
import { rowsOf, TEXT_LIMIT } from "./changes.ts";
import type { GraphStore } from "./graph-store.ts";
import {
  type ConnectionOptions,
  PostgresConnection,
  type ServerRow,
  type Session,
} from "./postgres-connection.ts";
import {
  loadMetadata,
  loadProjects,
  refreshProjects,
  saveMetadata,
  saveProjects,
} from "./postgres-records.ts";
import { migratePostgres } from "./postgres-schema.ts";
import { endFacts, putFacts } from "./postgres-write.ts";
import { checkedQuery, EMPTY, textOf, unknownSnapshot } from "./query.ts";

/** Facts of one answer. */
const PAGE = 2000;

/** Throws `database-failed`, `database-too-new`. */
export async function openPostgresGraph(url: string, options: ConnectionOptions): Promise<GraphStore> {
  const connection = new PostgresConnection(url, options);
  try {
    await migratePostgres(connection);
    return new PostgresGraph(connection);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

class PostgresGraph implements GraphStore {
  readonly #connection: PostgresConnection;

  constructor(connection: PostgresConnection) {
    this.#connection = connection;
  }

  async snapshot(): Promise<Snapshot> {
    return await this.#connection.session(newestOf);
  }

  async snapshots(limit: number): Promise<readonly Snapshot[]> {
    const sql = "SELECT id, at, source FROM thoth.snapshots ORDER BY id DESC LIMIT $1";
    return await this.#connection.session(async (session) =>
      (await session.rows(sql, [limit])).map(snapshotOf),
    );
  }

  async read(query: FactQuery, at?: SnapshotId): Promise<readonly AnyFact[]> {
    const checked = checkedQuery(query);
    return await this.#connection.session(async (session) => {
      const moment = await momentOf(session, at);
      const facts: AnyFact[] = [];
      while (true) {
        const page = await readPage(session, checked, { moment, after: facts.at(-1) });
        facts.push(...page);
        if (page.length < PAGE) return facts;
      }
    });
  }

  async owners({ kind, after = "", limit }: OwnersQuery, at?: SnapshotId): Promise<readonly Owner[]> {
    checkStorable(after, "the owner", KEY_LIMIT);
    return await this.#connection.session(async (session) => {
      const start = "SELECT DISTINCT owner FROM thoth.facts WHERE kind = $1 AND owner > $2";
      const rows =
        at === undefined
          ? await session.rows(`${start} AND until IS NULL ORDER BY owner LIMIT $3`, [kind, after, limit])
          : await session.rows(
              `${start} AND since <= $4 AND (until IS NULL OR until > $4) ORDER BY owner LIMIT $3`,
              [kind, after, limit, await momentOf(session, at)],
            );
      return rows.map(([owner]) => owner as Owner);
    });
  }

  async write(write: Write): Promise<Snapshot> {
    const { puts, drops } = rowsOf(write);
    return await this.#connection.writing(async (session) => {
      const newest = await newestOf(session);
      const next = newest.id + 1;
      const changed = (await putFacts(session, puts, next)) + (await endFacts(session, drops, next));
      await keepState(session, write);
      if (changed === 0) return newest;
      const { at, source } = write;
      await session.run("INSERT INTO thoth.snapshots (id, at, source) VALUES ($1, $2, $3)", [
        next,
        at,
        source,
      ]);
      return { id: next, at, source };
    });
  }

  async jobState(job: string): Promise<string | undefined> {
    if (!isStorable(job, TEXT_LIMIT)) return undefined;
    const sql = "SELECT value FROM thoth.jobs WHERE job = $1";
    const [row] = await this.#connection.session((session) => session.rows(sql, [job]));
    return row?.[0] as string | undefined;
  }

  async summary(): Promise<GraphSummary> {
    return await this.#connection.session(async (session) => {
      const counted = await session.rows(
        "SELECT kind, count(*) FROM thoth.facts WHERE until IS NULL GROUP BY kind ORDER BY kind",
      );
      const jobs = await session.rows("SELECT job, at FROM thoth.jobs ORDER BY job");
      return {
        snapshot: await newestOf(session),
        facts: Object.fromEntries(counted as readonly [FactKind, number][]),
        jobs: jobs.map(([job, at]) => ({ job: job as string, at: at as number })),
      };
    });
  }

  async loadProjects(keys: readonly ProjectKey[]): Promise<readonly (StoredProject | undefined)[]> {
    return await this.#connection.session((session) => loadProjects(session, keys));
  }

  async saveProjects(projects: readonly SavedProject[]): Promise<void> {
    await this.#connection.writing((session) => saveProjects(session, projects));
  }

  async refreshProjects(projects: readonly RefreshedProject[]): Promise<void> {
    await this.#connection.writing((session) => refreshProjects(session, projects));
  }

  async loadMetadata(
    files: readonly FileKey[],
  ): Promise<readonly (ReleaseMetadata | MetadataUnavailable | undefined)[]> {
    return await this.#connection.session((session) => loadMetadata(session, files));
  }

  async saveMetadata(files: readonly SavedMetadata[]): Promise<void> {
    await this.#connection.writing((session) => saveMetadata(session, files));
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

async function newestOf(session: Session): Promise<Snapshot> {
  const [row] = await session.rows("SELECT id, at, source FROM thoth.snapshots ORDER BY id DESC LIMIT 1");
  return row === undefined ? EMPTY : snapshotOf(row);
}

async function momentOf(session: Session, at: SnapshotId | undefined): Promise<SnapshotId> {
  const { id } = await newestOf(session);
  if (at !== undefined && !(at >= 0 && at <= id)) throw unknownSnapshot(at, id);
  return at ?? id;
}

async function readPage(
  session: Session,
  { owners, kinds, subjects }: FactQuery,
  { moment, after }: { readonly moment: SnapshotId; readonly after: FactKey | undefined },
): Promise<readonly AnyFact[]> {
  const rows = await session.rows(
    `SELECT fact.owner, kind, subject, body, source, observed_at, tool
     FROM unnest($1::text[]) AS given (owner), LATERAL (
       SELECT * FROM thoth.facts AS one
       WHERE one.owner = given.owner
         AND ($2::text[] IS NULL OR kind = ANY($2)) AND ($3::text[] IS NULL OR subject = ANY($3))
         AND since <= $4 AND (until IS NULL OR until > $4)
         AND ($5::text IS NULL OR (one.owner, kind, subject) > ($5, $6, $7))
       OFFSET 0) AS fact
     ORDER BY fact.owner, kind, subject LIMIT ${PAGE}`,
    [
      after === undefined ? owners : owners.slice(owners.indexOf(after.owner)),
      kinds ?? null,
      subjects ?? null,
      moment,
      after?.owner ?? null,
      after?.kind ?? null,
      after?.subject ?? null,
    ],
  );
  return (rows as readonly [string, string, string, Buffer, string, number, string][]).map(
    ([owner, kind, subject, body, source, observedAt, tool]) =>
      factOf({ owner: owner as Owner, kind: kind as FactKind, subject }, textOf(body), {
        source,
        observedAt,
        tool,
      }),
  );
}

async function keepState(session: Session, { state, at }: Write): Promise<void> {
  if (state === undefined) return;
  if (state.value === null) {
    await session.run("DELETE FROM thoth.jobs WHERE job = $1", [state.job]);
    return;
  }
  await session.run(
    `INSERT INTO thoth.jobs (job, value, at) VALUES ($1, $2, $3)
     ON CONFLICT (job) DO UPDATE SET value = excluded.value, at = excluded.at`,
    [state.job, state.value, at],
  );
}

function snapshotOf([id, at, source]: ServerRow): Snapshot {
  return { id: id as number, at: at as number, source: source as string };
}
