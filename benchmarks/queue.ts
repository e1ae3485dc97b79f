// The queue of the service against pg-boss, with the settings that were found best for it: jobs that do nothing, from being
// asked for in a transaction to the result's being heard of, over one PostgreSQL whose commits are on disk.
//
// Usage: npm run bench -- queue [--json] [--seconds=N]

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { startPostgres } from "@thoth/testkit";
import { Pool } from "pg";
import { PgBoss } from "pg-boss";
import { openDatabase } from "../apps/service/src/database/open-database.ts";
import { JobQueue } from "../apps/service/src/jobs/job-queue.ts";
import { Waiting } from "../apps/service/src/jobs/waiting.ts";
import { writeMarked } from "./marked.ts";

const SECONDS = 8;
const ASKERS = 16;
/** Jobs a second, where they come at fixed times. */
const RATE = 20;

export interface Options {
  readonly json: boolean;
  readonly arguments: readonly string[];
}

interface Queue {
  /** Resolves when the result is heard of. */
  ask(): Promise<void>;
  close(): Promise<void>;
}

interface Figures {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  readonly loaded99: number;
}

export async function run(options: Options): Promise<void> {
  const named = options.arguments.find((word) => word.startsWith("--seconds="));
  const seconds = Number(named?.slice("--seconds=".length) ?? SECONDS);
  const postgres = await startPostgres({ fsync: "on", synchronous_commit: "on" });
  try {
    const rows: Record<string, Figures> = {};
    for (const [name, open] of Object.entries({ "own table": openOwn, "pg-boss": openBoss })) {
      const queue = await open(postgres.createDatabase());
      try {
        rows[name] = await measure(queue, seconds);
      } finally {
        await queue.close();
      }
    }
    if (options.json) console.log(JSON.stringify({ benchmark: "queue", rows }));
    else {
      const text = table(rows);
      console.log(text);
      writeMarked("queue", text, "docs/decisions/0031-queue.md");
    }
  } finally {
    await postgres.stop();
  }
}

async function measure(queue: Queue, seconds: number): Promise<Figures> {
  for (let warm = 0; warm < 20; warm++) await queue.ask();
  const steady = await atFixedTimes(queue, seconds);
  const began = performance.now();
  const loaded: number[] = [];
  const asker = async () => {
    while (performance.now() - began < seconds * 1000) loaded.push(await timed(queue));
  };
  await Promise.all(Array.from({ length: ASKERS }, asker));
  const took = (performance.now() - began) / 1000;
  return {
    p50: at(steady, 0.5),
    p99: at(steady, 0.99),
    perSecond: loaded.length / took,
    loaded99: at(loaded, 0.99),
  };
}

async function atFixedTimes(queue: Queue, seconds: number): Promise<number[]> {
  const asked: Promise<number>[] = [];
  for (let number = 0; number < seconds * RATE; number++) {
    asked.push(timed(queue));
    await sleep(1000 / RATE);
  }
  return await Promise.all(asked);
}

async function timed(queue: Queue): Promise<number> {
  const began = performance.now();
  await queue.ask();
  return performance.now() - began;
}

function at(times: number[], share: number): number {
  times.sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}

/** Two workers in this process, as the service's are, that do nothing. */
async function openOwn(url: string): Promise<Queue> {
  const database = await openDatabase(url);
  await database.run(
    "INSERT INTO tenants (id, name, created, most_jobs, per_minute) VALUES ('a', 'a', 0, 1000000, 1000000)",
  );
  const queue = new JobQueue(database);
  const waiting = new Waiting(database, queue);
  let isOver = false;
  let wake = Promise.withResolvers<void>();
  const unlisten = database.listen("jobs", () => {
    wake.resolve();
    wake = Promise.withResolvers();
  });
  const worker = async (name: string) => {
    while (!isOver) {
      const woken = wake.promise;
      const job = await queue.claim(name);
      if (job === undefined) await Promise.race([woken, sleep(500)]);
      else
        await queue.finish(
          { worker: name, id: job.id, attempt: job.attempt },
          { document: Buffer.from("{}"), status: 0 },
        );
    }
  };
  const working = [worker("one"), worker("two")];
  await sleep(300);
  return {
    ask: async () => {
      const { job } = await queue.ask({
        tenant: "a",
        kind: "advice",
        digest: randomUUID(),
        question: "{}",
        priority: 1,
        force: false,
      });
      await waiting.wait(job, 60_000);
    },
    close: async () => {
      isOver = true;
      wake.resolve();
      await Promise.all(working);
      unlisten();
      waiting.close();
      await database.close();
    },
  };
}

async function openBoss(url: string): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: url,
    useListenNotify: true,
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
  } as ConstructorParameters<typeof PgBoss>[0] & object);
  boss.on("error", () => undefined);
  await boss.start();
  await boss.createQueue("advice", { notify: true, retryLimit: 2, heartbeatSeconds: 10 } as object);
  const pool = new Pool({ connectionString: url, max: 10 });
  await pool.query("CREATE TABLE asked (id uuid PRIMARY KEY, question text NOT NULL, result text)");
  const heard = new Map<string, () => void>();
  const listener = await pool.connect();
  listener.on("notification", ({ payload = "" }) => heard.get(payload)?.());
  await listener.query("LISTEN ended");
  for (let worker = 0; worker < 2; worker++)
    await boss.work<{ id: string }>(
      "advice",
      {
        pollingIntervalSeconds: 0.5,
        notifyPollingIntervalSeconds: 0.5,
        batchSize: 2,
        burstWhenBatchFull: true,
      } as object,
      async (jobs) => {
        for (const { data } of jobs) {
          await pool.query("UPDATE asked SET result = '{}' WHERE id = $1 AND result IS NULL", [data.id]);
          await pool.query("SELECT pg_notify('ended', $1)", [data.id]);
        }
      },
    );
  return {
    ask: async () => {
      const id = randomUUID();
      const ended = new Promise<void>((resolve) => heard.set(id, resolve));
      const client = await pool.connect();
      const db = { executeSql: async (text: string, values?: unknown[]) => await client.query(text, values) };
      await client.query("BEGIN");
      await client.query("INSERT INTO asked (id, question) VALUES ($1, '{}')", [id]);
      await boss.send("advice", { id }, { db } as object);
      await client.query("COMMIT");
      client.release();
      await ended;
      heard.delete(id);
    },
    close: async () => {
      await boss.stop({ graceful: false });
      listener.release(true);
      await pool.end();
    },
  };
}

function table(rows: Readonly<Record<string, Figures>>): string {
  const lines = Object.entries(rows).map(
    ([name, { p50, p99, perSecond, loaded99 }]) =>
      `| ${name} | ${p50.toFixed(0)} / ${p99.toFixed(0)} ms | ${perSecond.toFixed(0)} | ${loaded99.toFixed(0)} ms |`,
  );
  return [
    `| queue | p50 / p99 at ${RATE} jobs a second | jobs a second, ${ASKERS} askers | p99 then |`,
    "|---|---|---|---|",
    ...lines,
  ].join("\n");
}
