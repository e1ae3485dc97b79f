// The queue, on both databases.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import type { Database } from "../src/database/database.ts";
import { openDatabase } from "../src/database/open-database.ts";
import type { Ask } from "../src/jobs/intake.ts";
import { JobQueue, type Lease, USUAL_QUEUE } from "../src/jobs/job-queue.ts";
import { Waiting } from "../src/jobs/waiting.ts";

const SHORT = { life: 3600_000, lease: 300, attempts: 3, losses: 4 };

function suite(open: () => Promise<Database>): void {
  let database: Database;
  let queue: JobQueue;
  let number = 0;

  before(async () => {
    database = await open();
    queue = new JobQueue(database, SHORT);
  });
  after(async () => await database?.close());

  async function tenant(most = 1000): Promise<string> {
    const id = `tenant-${++number}`;
    await database.run(
      "INSERT INTO tenants (id, name, created, most_jobs, per_minute) VALUES ($1, $1, 0, $2, 1000)",
      [id, most],
    );
    return id;
  }

  function question(of: string, more: Partial<Ask> = {}): Ask {
    const digest = `digest-${++number}`;
    return { tenant: of, kind: "advice", digest, question: "{}", priority: 1, force: false, ...more };
  }

  async function drain(): Promise<void> {
    for (let job = await queue.claim("drain"); job !== undefined; job = await queue.claim("drain"))
      await queue.finish(
        { worker: "drain", id: job.id, attempt: job.attempt },
        { document: Buffer.from("{}"), status: 0 },
      );
  }

  async function claimed(worker: string): Promise<Lease> {
    const job = await queue.claim(worker);
    assert.ok(job);
    return { worker, id: job.id, attempt: job.attempt };
  }

  it("answers the same question once, however many ask at a time", async () => {
    await drain();
    const mine = await tenant();
    const same = question(mine);
    const asked = await Promise.all(Array.from({ length: 50 }, () => queue.ask(same)));
    assert.equal(new Set(asked.map(({ job }) => job.id)).size, 1);
    assert.equal(asked.filter(({ isNew }) => isNew).length, 1);
    const lease = await claimed("one");
    assert.equal(await queue.claim("two"), undefined);
    assert.ok(await queue.finish(lease, { document: Buffer.from('{"a":1}'), status: 0 }));
    const again = await queue.ask(same);
    assert.equal(again.isNew, false);
    assert.equal(again.job.state, "done");
    assert.equal(Buffer.from((await queue.result(again.job.id))?.document ?? []).toString(), '{"a":1}');
    assert.equal((await queue.ask({ ...same, force: true })).isNew, true);
    await drain();
  });

  it("keeps what was said on the way, whatever is in it", async () => {
    const mine = await tenant();
    const { job } = await queue.ask(question(mine));
    await queue.addLines(job.id, ["first", "a\0b"]);
    const lease = await claimed("one");
    assert.ok(
      await queue.finish(lease, { document: Buffer.from("{}"), status: 0 }, ["half \ud800", '"last"\n']),
    );
    assert.deepEqual(
      (await queue.lines(job.id)).map(({ line }) => line),
      ["first", "a\ufffdb", "half \ufffd", '"last"\n'],
    );
  });

  it("keeps tenants apart", async () => {
    const [mine, yours] = [await tenant(), await tenant()];
    const same = question(mine);
    const [first, second] = [await queue.ask(same), await queue.ask({ ...same, tenant: yours })];
    assert.notEqual(first.job.id, second.job.id);
    assert.equal(await queue.read(yours, first.job.id), undefined);
    assert.equal(await queue.cancel(yours, first.job.id), undefined);
    await drain();
  });

  it("writes a result once, by whoever holds the lease", async () => {
    await drain();
    const { job } = await queue.ask(question(await tenant()));
    const late = await claimed("late");
    await sleep(SHORT.lease + 50);
    assert.equal(await queue.reap(), 1);
    const next = await claimed("next");
    assert.equal(next.attempt, 2);
    assert.equal(await queue.extend(late), false);
    assert.equal(await queue.finish(late, { document: Buffer.from('"late"'), status: 0 }), false);
    assert.equal(await queue.extend(next), true);
    assert.equal(await queue.finish(next, { document: Buffer.from('"next"'), status: 0 }), true);
    assert.equal(await queue.finish(next, { document: Buffer.from('"twice"'), status: 0 }), false);
    assert.equal(Buffer.from((await queue.result(job.id))?.document ?? []).toString(), '"next"');
  });

  it("buries what kills its workers, with the reason", async () => {
    await drain();
    const mine = await tenant();
    const { job } = await queue.ask(question(mine));
    for (let attempt = 1; attempt <= SHORT.losses; attempt++) {
      await claimed("victim");
      await sleep(SHORT.lease + 50);
      await queue.reap();
    }
    const dead = await queue.read(mine, job.id);
    assert.equal(dead?.state, "dead");
    assert.equal(dead?.failure?.code, "worker-lost");
    assert.equal(await queue.claim("next"), undefined);
  });

  it("tries again what may do better, and not what may not", async () => {
    await drain();
    const mine = await tenant();
    const failure = { code: "index-unreachable", message: "no" };
    const { job } = await queue.ask(question(mine));
    await queue.fail(await claimed("one"), failure, false);
    assert.equal((await queue.read(mine, job.id))?.state, "failed");
    const other = await queue.ask(question(mine));
    await queue.fail(await claimed("one"), failure, true);
    const waiting = await queue.read(mine, other.job.id);
    assert.equal(waiting?.state, "ready");
    assert.deepEqual(waiting?.failure, failure);
    // It is not due yet.
    assert.equal(await queue.claim("one"), undefined);
    await queue.cancel(mine, other.job.id);
  });

  it("lets those who ask little go before those who ask much", async () => {
    await drain();
    const [much, little] = [await tenant(), await tenant()];
    for (let at = 0; at < 20; at++) await queue.ask(question(much));
    await queue.ask(question(little));
    const order: string[] = [];
    for (let at = 0; at < 3; at++) {
      const job = await queue.claim("one");
      order.push(job?.tenant ?? "");
    }
    assert.ok(order.includes(little), order.join());
    await drain();
  });

  it("takes the more urgent of a tenant's first", async () => {
    await drain();
    const mine = await tenant();
    await queue.ask(question(mine));
    await queue.ask(question(mine));
    const urgent = await queue.ask(question(mine, { priority: 5 }));
    assert.equal((await queue.claim("one"))?.id, urgent.job.id);
    await drain();
  });

  it("refuses more open jobs than the tenant may have", async () => {
    const mine = await tenant(2);
    await queue.ask(question(mine));
    const kept = question(mine);
    await queue.ask(kept);
    await assert.rejects(queue.ask(question(mine)), { code: "quota-exceeded" });
    assert.equal((await queue.ask(kept)).isNew, false);
    await drain();
    assert.equal((await queue.ask(question(mine))).isNew, true);
    await drain();
  });

  it("cancels what waits and what runs, and nothing that has ended", async () => {
    await drain();
    const mine = await tenant();
    const { job } = await queue.ask(question(mine));
    const lease = await claimed("one");
    assert.equal((await queue.cancel(mine, job.id))?.state, "cancelled");
    assert.equal(await queue.extend(lease), false);
    assert.equal(await queue.finish(lease, { document: Buffer.from("1"), status: 0 }), false);
    assert.equal(await queue.result(job.id), undefined);
    const done = await queue.ask(question(mine));
    await drain();
    assert.equal((await queue.cancel(mine, done.job.id))?.state, "done");
  });

  it("wakes those who wait", async () => {
    await drain();
    const mine = await tenant();
    const waiting = new Waiting(database, queue);
    // A connection that listens is made in the background.
    await sleep(200);
    try {
      const { job } = await queue.ask(question(mine));
      const began = performance.now();
      const waited = waiting.wait(job, 5_000);
      await queue.finish(await claimed("one"), { document: Buffer.from("1"), status: 0 });
      assert.equal((await waited).state, "done");
      assert.ok(performance.now() - began < 900, "it was found by looking only");
      const other = await queue.ask(question(mine));
      assert.equal((await waiting.wait(other.job, 50)).state, "ready");
    } finally {
      waiting.close();
    }
  });

  it("tells pages, the newest first", async () => {
    const mine = await tenant();
    const ids: string[] = [];
    for (let at = 0; at < 5; at++) {
      ids.unshift((await queue.ask(question(mine))).job.id);
      await sleep(3);
    }
    const first = await queue.list(mine, { limit: 2 });
    assert.deepEqual(
      first.map(({ id }) => id),
      ids.slice(0, 3),
    );
    const last = first[1];
    const next = await queue.list(mine, { limit: 2, after: `${last?.created}:${last?.id}` });
    assert.deepEqual(
      next.map(({ id }) => id),
      ids.slice(2, 5),
    );
    assert.equal((await queue.list(mine, { limit: 10, state: "done" })).length, 0);
    await drain();
  });

  it("keeps nothing of a transaction that fails", async () => {
    const mine = await tenant();
    await assert.rejects(
      database.transaction(async (query) => {
        await query.run("UPDATE tenants SET most_jobs = 77 WHERE id = $1", [mine]);
        throw new Error("no");
      }),
      /no/,
    );
    const [row] = await database.rows<{ turn: number }>(
      "SELECT most_jobs AS turn FROM tenants WHERE id = $1",
      [mine],
    );
    assert.equal(row?.turn, 1000);
  });

  it("has usual settings that delay a lost job by less than ten seconds", () => {
    assert.ok(USUAL_QUEUE.lease + 2_000 < 10_000);
  });
}

describe("the queue in SQLite", () => suite(async () => await openDatabase(":memory:")));

describe("the queue in PostgreSQL", { skip: missingPostgres() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(async () => await server?.stop());
  suite(async () => await openDatabase(server.createDatabase()));
});
