// A new version takes over while people ask, and an old one lives on tables of tomorrow.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type IndexServer, missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import type { Database } from "../src/database/database.ts";
import { openDatabase } from "../src/database/open-database.ts";
import { type Balancer, startBalancer } from "./balancer.ts";
import { questionOf, startSmallIndex } from "./offered-projects.ts";
import { buildOlderVersion } from "./older-version.ts";
import {
  type StartedProcess,
  type StartedService,
  type StartOptions,
  startService,
  startWorkerProcess,
} from "./start-service.ts";
import { type Accepted, startTraffic, type Traffic } from "./traffic.ts";

const ANSWERED_WITHIN = 60_000;
const VARIABLES = {
  THOTH_PUBLIC_QUOTA: "100000,1000000",
  THOTH_ANONYMOUS_RATE: "1000000,1000000",
  THOTH_ANONYMOUS_QUESTION_RATE: "1000000,1000000",
  THOTH_ANONYMOUS: "ask,read",
};

let index: IndexServer;
let folder: string;
before(async () => {
  index = await startSmallIndex();
  folder = mkdtempSync(join(tmpdir(), "thoth-upgrade-"));
});
after(async () => {
  await index?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("an upgrade", { skip: missingPostgres() }, () => {
  let postgres: PostgresServer;
  let place: string;
  /** Whose logs are looked at. */
  const all: StartedProcess[] = [];
  before(async () => {
    postgres = await startPostgres();
    place = postgres.createDatabase();
  });
  after(async () => {
    await postgres?.stop();
  });

  function options(words: readonly string[] = [], cli?: string): StartOptions & { readonly data: string } {
    const all = ["--database", place, "--index-url", index.indexUrl, ...words];
    return { data: join(folder, "data"), words: all, variables: VARIABLES, cli };
  }

  /** One after the other, the next one before the last one goes. */
  async function replaceWorkers(workers: StartedProcess[]): Promise<void> {
    for (const [at, old] of workers.entries()) {
      const next = await startWorkerProcess(options());
      workers[at] = next;
      all.push(next);
      assert.equal(await old.stop("SIGTERM"), 0, old.said());
    }
  }

  async function replaceServers(
    servers: StartedService[],
    balancer: Balancer,
    leaves: (old: StartedService) => Promise<void>,
  ): Promise<void> {
    for (const [at, old] of servers.entries()) {
      const next = await startService(options(["--workers", "0", "--drain", "1"]));
      servers[at] = next;
      all.push(next);
      await balancer.add(next.url);
      await leaves(old);
      assert.equal(await old.stop("SIGTERM"), 0, old.said());
      balancer.remove(old.url);
    }
  }

  async function lastsUntil(traffic: Traffic, more: number): Promise<void> {
    const enough = traffic.accepted.length + more;
    while (traffic.accepted.length < enough && traffic.failures.length === 0) await sleep(50);
  }

  it("loses no question and answers each once, from an older version to this one and on", async (test) => {
    const older = buildOlderVersion(folder);
    test.diagnostic(
      older === undefined ? "no older version can be built: this one twice" : `from ${older.commit}`,
    );
    const nodes: StartedService[] = [];
    const hands: StartedProcess[] = [];
    const balancer = await startBalancer();
    for (let at = 0; at < 2; at++) {
      const node = await startService(options(["--workers", "0"], older?.cli));
      nodes.push(node);
      await balancer.add(node.url);
      hands.push(await startWorkerProcess(options([], older?.cli)));
    }
    all.push(...nodes, ...hands);
    const traffic = startTraffic(balancer.url);
    try {
      await lastsUntil(traffic, 40);
      const database = await openDatabase(place);
      await database.close();
      await replaceWorkers(hands);
      // The older one knows no time in which it only says that it goes: it is taken out before, as the chart does.
      await replaceServers(nodes, balancer, async ({ url }) => {
        balancer.remove(url);
        await sleep(500);
      });
      traffic.keepConnections();
      await lastsUntil(traffic, 40);
      await replaceWorkers(hands);
      await replaceServers(nodes, balancer, async () => undefined);
      await lastsUntil(traffic, 40);
      await traffic.stop();
      const complaints = all.flatMap(({ lines }) => lines.filter(({ level }) => level === "error"));
      assert.deepEqual([traffic.failures.slice(0, 20), complaints.slice(0, 5)], [[], []]);
      test.diagnostic(`${traffic.accepted.length} accepted, ${traffic.refused()} refused`);
      await everythingIsAnswered(place, traffic.accepted);
    } finally {
      await traffic.stop();
      await balancer.close();
      await Promise.all([...nodes, ...hands].map(async (one) => await one.stop("SIGKILL")));
    }
  });

  it("begins in several processes at once, on an empty database", async () => {
    place = postgres.createDatabase();
    const started = await Promise.allSettled(
      [1, 2, 3, 4].map(async () => await startService(options(["--workers", "0"]))),
    );
    const nodes = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    await Promise.all(nodes.map(async (one) => await one.stop()));
    assert.deepEqual(
      started.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : [])),
      [],
    );
    assert.equal(nodes.filter(({ token }) => token !== undefined).length, 1);
  });

  it("goes on serving while it says that it goes, and nobody who waits holds up its end", async () => {
    place = postgres.createDatabase();
    const service = await startService(options(["--workers", "0", "--drain", "2"]));
    const asked = await ask(service.url, 1);
    const id = asked.headers.get("x-thoth-job");
    const events = await fetch(`${service.url}/api/v2/jobs/${id}/events`);
    const watched = events.text();
    const waiting = ask(service.url, 1, "wait=30");
    await sleep(300);
    const began = performance.now();
    const ended = service.stop("SIGTERM");
    await sleep(500);
    const ready = await fetch(`${service.url}/readyz`);
    assert.equal(ready.status, 503);
    assert.equal(((await ready.json()) as { status: string }).status, "stopping");
    assert.equal((await fetch(`${service.url}/healthz`)).status, 200);
    const late = await ask(service.url, 2);
    assert.equal(late.status, 202);
    assert.equal(late.headers.get("connection"), "close");
    assert.equal((await waiting).status, 202);
    assert.match(await watched, /^event: job\n/);
    assert.equal(await ended, 0);
    const took = performance.now() - began;
    assert.ok(took > 2_000 && took < 8_000, `it took ${took} ms`);
  });
});

describe("tables of tomorrow", () => {
  it("are made where those of today are, whatever schema comes first", {
    skip: missingPostgres(),
  }, async () => {
    const postgres = await startPostgres();
    try {
      const place = postgres.createDatabase();
      const today = await openDatabase(place);
      // As if the newest migrations had not been yet; the server's user is called `thoth` as well.
      await today.run("DELETE FROM migrations WHERE number > 3");
      await today.run("ALTER TABLE service_jobs DROP COLUMN trace");
      await today.run("DROP INDEX jobs_ended, answers_of_job, acts_by_age");
      await today.run("DROP TABLE observations, shared_advisories, image_analyses, build_logs");
      await today.run("CREATE SCHEMA thoth");
      await today.close();
      const tomorrow = await openDatabase(place);
      const made = "SELECT count(*) AS count FROM information_schema.tables WHERE table_schema = 'thoth'";
      assert.deepEqual(
        (await tomorrow.rows(made)).map((row) => Number(row["count"])),
        [0],
      );
      assert.deepEqual(await tomorrow.rows("SELECT trace FROM public.service_jobs"), []);
      await tomorrow.close();
    } finally {
      await postgres.stop();
    }
  });

  it("do not disturb this version, in PostgreSQL", { skip: missingPostgres() }, async () => {
    const postgres = await startPostgres();
    try {
      await livesOn(postgres.createDatabase());
    } finally {
      await postgres.stop();
    }
  });

  it("do not disturb this version, in a file", async () => {
    await livesOn(join(folder, "tomorrow.sqlite"));
  });

  async function livesOn(place: string): Promise<void> {
    const database = await openDatabase(place);
    await makeTomorrow(database);
    await database.close();
    const words = ["--database", place, "--index-url", index.indexUrl, "--workers", "1"];
    const service = await startService({ words, variables: VARIABLES });
    try {
      const answer = await ask(service.url, 1, "wait=30");
      assert.equal(answer.status, 200);
      const id = answer.headers.get("x-thoth-job");
      const again = await ask(service.url, 1);
      assert.deepEqual([again.status, again.headers.get("x-thoth-job")], [200, id]);
      const job = `${service.url}/api/v2/jobs/${id}`;
      for (const [url, method, status] of [
        [job, "GET", 200],
        [`${job}/result`, "GET", 200],
        [`${job}/log`, "GET", 200],
        [`${job}/events`, "GET", 200],
        [`${service.url}/api/v2/jobs`, "GET", 200],
        [`${service.url}/api/v2/status`, "GET", 200],
        [`${service.url}/readyz`, "GET", 200],
        [job, "DELETE", 403],
      ] as const)
        assert.equal((await fetch(url, { method })).status, status, url);
      const made = await fetch(`${service.url}/api/v2/tenants`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${service.token}` },
        body: JSON.stringify({ name: "tomorrow" }),
      });
      assert.equal(made.status, 201);
    } finally {
      assert.equal(await service.stop(), 0);
    }
    await everythingIsAnswered(place, []);
  }
});

/** What a migration may add, of a version that this one does not know. */
async function makeTomorrow(database: Database): Promise<void> {
  const names =
    database.dialect === "postgres"
      ? "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()"
      : "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  const tables = (await database.rows<{ name: string }>(names)).map(({ name }) => name);
  assert.ok(tables.length > 10 && tables.includes("service_jobs"));
  for (const name of tables) await database.run(`ALTER TABLE ${name} ADD COLUMN tomorrow TEXT`);
  await database.run("CREATE TABLE tomorrow (id TEXT PRIMARY KEY)");
  await database.run("CREATE INDEX tomorrows ON service_jobs (tomorrow)");
  await database.run(`INSERT INTO migrations (number, at) VALUES (999, ${database.now})`);
}

async function ask(url: string, number: number, prefer = "wait=0"): Promise<Response> {
  return await fetch(`${url}/api/v2/advice`, {
    method: "POST",
    headers: { "content-type": "application/json", prefer },
    body: JSON.stringify(questionOf(number)),
  });
}

/** All that was asked has one job, which has one result. */
async function everythingIsAnswered(place: string, accepted: readonly Accepted[]): Promise<void> {
  const database = await openDatabase(place);
  try {
    const open = "SELECT count(*) AS count FROM service_jobs WHERE state = 'ready' OR state = 'running'";
    for (const end = Date.now() + ANSWERED_WITHIN; Date.now() < end; await sleep(200)) {
      const [row] = await database.rows<{ count: number }>(open);
      if (Number(row?.count) === 0) break;
    }
    const jobs = await database.rows<{ id: string; state: string; digest: string }>(
      "SELECT id, state, digest FROM service_jobs",
    );
    assert.deepEqual(new Set(jobs.map(({ state }) => state)), new Set(["done"]));
    assert.equal(new Set(jobs.map(({ digest }) => digest)).size, jobs.length);
    const results = await database.rows<{ job: string }>("SELECT job FROM results");
    assert.deepEqual(results.map(({ job }) => job).toSorted(), jobs.map(({ id }) => id).toSorted());
    const ids = new Set(jobs.map(({ id }) => id));
    const byNumber = new Map<number, string>();
    for (const { number, id } of accepted) {
      assert.ok(ids.has(id), `${id} is lost`);
      assert.equal(byNumber.get(number) ?? id, id, `question ${number} has two jobs`);
      byNumber.set(number, id);
    }
  } finally {
    await database.close();
  }
}
