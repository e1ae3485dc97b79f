// Graphs that another version of Thoth wrote, and databases that are none.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, suite, type TestContext, test } from "node:test";
import type { Owner } from "@thoth/knowledge";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import { PostgresConnection } from "../src/graph/postgres-connection.ts";
import { migratePostgres, POSTGRES_STEPS } from "../src/graph/postgres-schema.ts";
import { migrateSqlite, SQLITE_STEPS } from "../src/graph/sqlite-schema.ts";
import { openGraph } from "../src/index.ts";
import { INDEX, recordBytes, VALIDATORS } from "./conformance.ts";
import { repository } from "./graph-facts.ts";

const OPTIONS = { patience: 10_000, connections: 2 };
const FACT = repository("foo", 3);
const BODY = Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(FACT.body).sort())));

/** What was there is there, and what is new can be used. */
async function assertCurrent(place: string): Promise<void> {
  const graph = await openGraph(place);
  assert.deepEqual(await graph.read({ owners: ["foo" as Owner] }), [FACT]);
  assert.equal((await graph.write({ changes: [{ put: FACT }], at: 9, source: "test" })).id, 1);
  const key = { index: INDEX, name: "foo" };
  await graph.saveProjects([{ key, bytes: recordBytes("foo", 3), validators: VALIDATORS }]);
  assert.equal((await graph.loadProjects([key]))[0]?.record?.fileCount, 3);
  await graph.close();
}

suite("a graph in a SQLite file", () => {
  function makePath(context: TestContext): string {
    const folder = mkdtempSync(join(tmpdir(), "thoth-graph-"));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    return join(folder, "below", "graph.sqlite");
  }

  test("of every older version is brought up to date", async (t) => {
    for (let version = 1; version < SQLITE_STEPS.length; version++) {
      const path = join(makePath(t), "..", "..", "old.sqlite");
      const database = new DatabaseSync(path);
      migrateSqlite(database, SQLITE_STEPS.slice(0, version));
      database.exec("INSERT INTO snapshots VALUES (1, 5, 'old')");
      const { source, observedAt, tool } = FACT.provenance;
      database
        .prepare("INSERT INTO facts VALUES (?, 'foo', 'repository', '', 1, NULL, ?, ?, ?, ?)")
        .run(SHARD_OF_FOO, source, observedAt, tool, BODY);
      database.close();
      await assertCurrent(path);
    }
  });

  test("of a newer version is refused and left alone", async (t) => {
    const path = makePath(t);
    await (await openGraph(path)).close();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    await assert.rejects(openGraph(path), {
      code: "database-too-new",
      details: { found: 99, known: SQLITE_STEPS.length },
    });
    const later = new DatabaseSync(path);
    assert.equal(later.prepare("PRAGMA user_version").get()?.["user_version"], 99);
    later.close();
  });

  test("that is no database is refused and left alone", async (t) => {
    const path = join(makePath(t), "..", "..", "text");
    writeFileSync(path, "not a database ".repeat(1000));
    await assert.rejects(openGraph(path), { code: "database-failed" });
    await assert.rejects(openGraph(join(path, "below")), { code: "database-failed" });
  });

  test("that somebody else holds for too long is refused", async (t) => {
    const path = makePath(t);
    const graph = await openGraph(path, { patience: 50 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const write = () => graph.write({ changes: [{ put: FACT }], at: 1, source: "test" });
    await assert.rejects(write(), { code: "database-failed" });
    other.exec("ROLLBACK");
    assert.equal((await write()).id, 1);
    other.close();
    await graph.close();
  });
});

/** FNV-1a of `foo`, as published, modulo 64. */
const SHARD_OF_FOO = 0xa9f37ed7 % 64;

suite("a graph in PostgreSQL", { skip: missingPostgres() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());

  async function withConnection(
    url: string,
    body: (connection: PostgresConnection) => Promise<void>,
  ): Promise<void> {
    const connection = new PostgresConnection(url, OPTIONS);
    await body(connection);
    await connection.close();
  }

  test("of every older version is brought up to date", async () => {
    for (let version = 1; version < POSTGRES_STEPS.length; version++) {
      const url = server.createDatabase();
      await withConnection(url, async (connection) => {
        await migratePostgres(connection, POSTGRES_STEPS.slice(0, version));
        await connection.writing(async (session) => {
          await session.run("INSERT INTO thoth.snapshots VALUES (1, 5, 'old')");
          const { source, observedAt, tool } = FACT.provenance;
          await session.run(
            "INSERT INTO thoth.facts VALUES ('foo', 'repository', '', 1, NULL, $1, $2, $3, $4)",
            [source, observedAt, tool, BODY],
          );
        });
      });
      await assertCurrent(url);
    }
  });

  test("of a newer version is refused and left alone", async () => {
    const url = server.createDatabase();
    await (await openGraph(url)).close();
    await withConnection(url, async (connection) => {
      await connection.session((session) => session.run("UPDATE thoth.version SET version = 99"));
      await assert.rejects(openGraph(url), {
        code: "database-too-new",
        details: { found: 99, known: POSTGRES_STEPS.length },
      });
      const rows = await connection.session((session) => session.rows("SELECT version FROM thoth.version"));
      assert.deepEqual(rows, [[99]]);
    });
  });

  test("is made once when several open it at the same time", async () => {
    const url = server.createDatabase();
    const graphs = await Promise.all(Array.from({ length: 6 }, () => openGraph(url)));
    await graphs[0]?.write({ changes: [{ put: FACT }], at: 1, source: "test" });
    for (const graph of graphs) {
      assert.deepEqual(await graph.read({ owners: ["foo" as Owner] }), [FACT]);
      await graph.close();
    }
  });

  test("that somebody else holds for too long is refused", async () => {
    const url = server.createDatabase();
    const graph = await openGraph(url, { patience: 200 });
    const write = () => graph.write({ changes: [{ put: FACT }], at: 1, source: "test" });
    await withConnection(url, async (other) => {
      await other.writing(() => assert.rejects(write(), { code: "database-failed" }));
    });
    assert.equal((await write()).id, 1);
    await graph.close();
  });

  test("goes on after its connections were ended", async () => {
    const url = server.createDatabase();
    const graph = await openGraph(url, { connections: 1 });
    await graph.write({ changes: [{ put: FACT }], at: 1, source: "test" });
    await withConnection(url, (other) =>
      other.session(async (session) => {
        await session.rows(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()",
        );
      }),
    );
    // At most the one call that meets the broken connection fails, with a code that says so.
    const met = await graph.snapshot().catch((error: { code: string }) => error.code);
    assert.ok(met === "database-failed" || (typeof met === "object" && met.id === 1));
    assert.deepEqual(await graph.read({ owners: ["foo" as Owner] }), [FACT]);
    await graph.close();
  });

  test("that cannot be reached is told of without the password", async () => {
    const url = new URL(server.createDatabase());
    for (const change of [
      () => (url.pathname = "/nowhere"),
      () => (url.password = "s3cret-wrong"),
      () => (url.port = "1"),
    ]) {
      change();
      await assert.rejects(openGraph(url.href), (error: { code: string; message: string }) => {
        assert.equal(error.code, "database-failed");
        assert.ok(!error.message.includes(url.password));
        return true;
      });
    }
  });
});
