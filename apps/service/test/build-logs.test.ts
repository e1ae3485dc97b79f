// Logs of builds, within what a tenant may keep, on both databases.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { ThothError } from "@thoth/pep";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import type { Database } from "../src/database/database.ts";
import { openDatabase } from "../src/database/open-database.ts";
import { BuildLogs } from "../src/jobs/build-logs.ts";

const quota = (error: unknown) => error instanceof ThothError && error.code === "quota-exceeded";

function suite(open: () => Promise<Database>): void {
  it("keeps as many a minute, and as much, as a tenant may have", async () => {
    const database = await open();
    try {
      await database.run(
        "INSERT INTO tenants (id, name, created, most_jobs, per_minute) VALUES ('a', 'a', 0, 9, 3), ('b', 'b', 0, 9, 3)",
      );
      const logs = new BuildLogs(database);
      const ids = [await logs.keep("a", { log: "1" }), await logs.keep("a", { log: "1" })];
      assert.notEqual(ids[0], ids[1]);
      const noise = { log: randomBytes(1000).toString("base64") };
      await logs.keep("a", noise);
      await assert.rejects(logs.keep("a", noise), quota);
      await logs.keep("b", noise);
      await database.run("UPDATE build_logs SET created = 0, size = 600000000 WHERE tenant = 'a'");
      await assert.rejects(logs.keep("a", noise), quota);
      await logs.forget(1000);
      const id = await logs.keep("a", noise);
      assert.deepEqual(await logs.read(id), noise);
      assert.equal(await logs.read(ids[0] ?? ""), undefined);
      await assert.rejects(logs.keep("nobody", noise), ThothError);
    } finally {
      await database.close();
    }
  });
}

describe("logs of builds in SQLite", () => suite(async () => await openDatabase(":memory:")));

describe("logs of builds in PostgreSQL", { skip: missingPostgres() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(async () => await server?.stop());
  suite(async () => await openDatabase(server.createDatabase()));
});
