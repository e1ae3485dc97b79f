// What has ended long ago is forgotten, on both databases.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import type { Database } from "../src/database/database.ts";
import { openDatabase } from "../src/database/open-database.ts";
import { BuildLogs } from "../src/jobs/build-logs.ts";
import { ImageAnalyses } from "../src/jobs/image-analyses.ts";
import { JobQueue } from "../src/jobs/job-queue.ts";
import { Retention } from "../src/jobs/retention.ts";

const HOUR = 3_600_000;

function suite(open: () => Promise<Database>): void {
  it("forgets jobs with all that is theirs, and keeps what is new, open, or still needed", async () => {
    const database = await open();
    try {
      await database.run(
        "INSERT INTO tenants (id, name, created, most_jobs, per_minute) VALUES ('a', 'a', 0, 1000, 1000)",
      );
      const queue = new JobQueue(database);
      const ids: string[] = [];
      for (const digest of ["old", "needed", "new", "open"]) {
        const ask = {
          tenant: "a",
          kind: "advice",
          digest,
          question: "{}",
          priority: 1,
          force: false,
        } as const;
        ids.push((await queue.ask(ask)).job.id);
      }
      const [old = "", needed = "", young = "", waiting = ""] = ids;
      for (const id of ids.slice(0, 3)) {
        const job = await queue.claim("w");
        assert.equal(job?.id, id);
        await queue.finish({ worker: "w", id, attempt: 1 }, { document: Buffer.from("{}"), status: 0 }, [
          "said",
        ]);
      }
      await database.run(`UPDATE service_jobs SET finished = ${database.now} - $1 WHERE id = $2 OR id = $3`, [
        2 * HOUR,
        old,
        needed,
      ]);
      await database.run("UPDATE service_jobs SET created = 0 WHERE id = $1", [waiting]);
      await database.run(
        "INSERT INTO callbacks (job, url, tenant, created) VALUES ($1, 'https://a', 'a', 0)",
        [needed],
      );
      const analyses = new ImageAnalyses(database);
      for (const id of [old, young]) await analyses.keep({ id, tenant: "a" }, ["sha256:0"]);
      const logs = new BuildLogs(database);
      const [oldLog, youngLog] = [await logs.keep("a", { log: "old" }), await logs.keep("a", { log: "new" })];
      await database.run(`UPDATE build_logs SET created = ${database.now} - $1 WHERE id = $2`, [
        2 * HOUR,
        oldLog,
      ]);
      const retention = new Retention({
        database,
        keep: HOUR,
        failed: (error) => assert.fail(String(error)),
      });
      assert.equal(await retention.step(), false);
      const left = await database.rows<{ id: string }>("SELECT id FROM service_jobs");
      assert.deepEqual(left.map(({ id }) => id).sort(), [needed, young, waiting].sort());
      for (const table of ["results", "log_lines", "answers", "image_analyses"])
        assert.deepEqual(await database.rows(`SELECT 1 FROM ${table} WHERE job = $1`, [old]), []);
      assert.ok(await queue.result(young));
      assert.equal((await analyses.find("sha256:0", "a"))?.id, young);
      assert.deepEqual([await logs.read(oldLog), await logs.read(youngLog)], [undefined, { log: "new" }]);
      const again = {
        tenant: "a",
        kind: "advice",
        digest: "old",
        question: "{}",
        priority: 1,
        force: false,
      } as const;
      assert.equal((await queue.ask(again)).isNew, true);
    } finally {
      await database.close();
    }
  });
}

describe("retention in SQLite", () => suite(async () => await openDatabase(":memory:")));

describe("retention in PostgreSQL", { skip: missingPostgres() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(async () => await server?.stop());
  suite(async () => await openDatabase(server.createDatabase()));
});
