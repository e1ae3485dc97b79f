// Backup and restore, with a real server.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { openDatabase } from "@thoth/service";
import { findPostgres, missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import { Client } from "pg";
import { parse } from "yaml";
import { chart, deploy } from "./chart.ts";

const home = mkdtempSync(join(tmpdir(), "thoth-backup-"));
const skip = missingPostgres();
const programs = findPostgres() ?? "";
const missing = ["pg_dump", "pg_restore", "psql"].filter((name) => !existsSync(join(programs, name)));

function script(name: string, words: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const done = spawnSync("sh", [`${deploy}postgresql/${name}.sh`, ...words], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "", HOME: home, LC_ALL: "C", PGBIN: programs, ...variables },
  });
  return { status: done.status, said: `${done.stdout}${done.stderr}` };
}

async function query<T>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

describe("backup and restore", { skip: skip || (missing.length > 0 && `no ${missing.join(", ")}`) }, () => {
  let server: PostgresServer;
  let source = "";
  const file = join(home, "thoth.dump");

  before(async () => {
    server = await startPostgres();
    source = server.createDatabase();
    await (await openDatabase(source)).close();
    await query(
      source,
      `CREATE SCHEMA thoth; CREATE TABLE thoth.facts (id bigint PRIMARY KEY, value jsonb, bytes bytea);
       INSERT INTO thoth.facts SELECT n, jsonb_build_object('name', 'žluťoučký ' || n), decode('00ff', 'hex')
       FROM generate_series(1, 1000) n;
       INSERT INTO service_jobs (id, tenant, kind, version, digest, question, priority, turn, state, created, run_after)
       SELECT id, 'all', 'advice', 1, id, '{}', 0, 1, state, 0, run_after FROM (VALUES
         ('due', 'ready', 1), ('later', 'ready', 9000000000000), ('begun', 'running', 1), ('over', 'done', 1)
       ) AS jobs (id, state, run_after)`,
    );
  });
  after(async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const facts =
    "SELECT count(*)::int AS count, md5(string_agg(f::text, '' ORDER BY id)) AS digest FROM thoth.facts f";

  test("what was saved comes back whole, for its owner alone", async () => {
    const saved = script("backup", [file], { THOTH_DATABASE: source });
    assert.equal(saved.status, 0, saved.said);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(!existsSync(`${file}.part`));
    const target = server.createDatabase();
    const restored = script("restore", [file, target]);
    assert.equal(restored.status, 0, restored.said);
    assert.deepEqual(await query(target, facts), await query(source, facts));
    for (const sql of [
      "SELECT * FROM service_jobs ORDER BY id",
      "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'thoth') ORDER BY 1, 2",
      "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'thoth') ORDER BY 1",
    ]) {
      const rows = await query(source, sql);
      assert.ok(rows.length > 3, sql);
      assert.deepEqual(await query(target, sql), rows);
    }
    // The service takes it as its own.
    await (await openDatabase(target, { migrate: false })).close();
  });

  test("the queue is as long as the autoscaler of workers counts", async () => {
    const template = readFileSync(`${chart}/templates/worker-autoscaler.yaml`, "utf8");
    const { worker } = parse(readFileSync(`${chart}/values.yaml`, "utf8")) as {
      worker: { autoscaling: { table: string } };
    };
    const [, text = ""] = /query: >-\n([^:]*)\n\s+targetQueryValue/.exec(template) ?? [];
    const sql = text.replace("{{ .table }}", worker.autoscaling.table);
    assert.deepEqual(await query(source, sql), [{ count: "1" }]);
  });

  test("a database that holds something is left alone", async () => {
    const target = server.createDatabase();
    await query(target, "CREATE TABLE mine (id int)");
    const { status, said } = script("restore", [file, target]);
    assert.equal(status, 1, said);
    assert.deepEqual(await query(target, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"), [
      { tablename: "mine" },
    ]);
  });

  test("a file that was cut off restores nothing", async () => {
    const cut = join(home, "cut.dump");
    writeFileSync(cut, readFileSync(file).subarray(0, -600));
    const target = server.createDatabase();
    assert.equal(script("restore", [cut, target]).status, 3);
    assert.deepEqual(
      await query(target, "SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'thoth')"),
      [],
    );
  });

  test("a backup that fails leaves the old one", () => {
    const before = readFileSync(file);
    const { status, said } = script("backup", [file, `${source}nowhere`]);
    assert.equal(status, 3, said);
    assert.ok(before.equals(readFileSync(file)));
    assert.ok(!existsSync(`${file}.part`));
  });

  test("a password with any character is sent, and shown nowhere", async () => {
    const password = "p@s:s/w?r d%25é#";
    await query(source, `CREATE ROLE odd SUPERUSER LOGIN PASSWORD '${password}'`);
    const url = source.replace(/\/\/[^@]*@/, `//odd:${encodeURIComponent(password)}@`);
    const { status, said } = script("backup", [join(home, "odd.dump"), url]);
    assert.equal(status, 0, said);
    const wrong = script("backup", [join(home, "wrong.dump"), url.replace("odd:", "odd:x")]);
    assert.equal(wrong.status, 3);
    assert.ok(!wrong.said.includes(encodeURIComponent(password)));
  });

  test("wrong usage is told as such", () => {
    for (const words of [[], [file, "mysql://db/thoth"], [file, "postgresql://db"]])
      assert.equal(script("backup", words).status, 2, words.join(" "));
    assert.equal(script("restore", [join(home, "nothing"), source]).status, 2);
  });
});
