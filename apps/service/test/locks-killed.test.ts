// Whoever watches locks may be killed at any moment: no call is lost, and no change is told twice as two different ones. Real
// processes, killed without a warning.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { missingPostgres, type PostgresServer, randomFrom, startPostgres } from "@thoth/testkit";
import { formatQuestion } from "../src/questions/question.ts";
import {
  openWorld,
  outboxOf,
  type Receiver,
  rulesOf,
  SECRET,
  startReceiver,
  TENANT,
  until,
} from "./locks-world.ts";

const PROCESS = fileURLToPath(new URL("locks-process.ts", import.meta.url));
/** More of them are for whoever doubts: they take minutes. */
const ROUNDS = Number(process.env["THOTH_TEST_ROUNDS"] ?? 4);
const LOCKS = ["a", "b", "c"];
const SEED = Number(process.env["THOTH_TEST_SEED"] ?? Date.now() % 1_000_000);

interface Killing {
  readonly place: string;
  /** At a time. */
  readonly processes: number;
  readonly folder: string;
}

async function start({ place, folder }: Killing, receiver: Receiver): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROCESS, place, String(receiver.port), join(folder, "known")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", () => reject(new Error("it ended by itself")));
  });
  return child;
}

async function kill(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    }),
  );
}

async function killAtRandom(killing: Killing): Promise<void> {
  const random = randomFrom(SEED);
  const receiver = await startReceiver((_, response) => void sleep(random(30)).then(() => response.end()));
  await register(killing, receiver);
  let kills = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    writeFileSync(join(killing.folder, "known"), String(round));
    for (let time = 0; time < 3; time++) {
      const children = await Promise.all(
        Array.from({ length: killing.processes }, () => start(killing, receiver)),
      );
      await sleep(random(120));
      await kill(children);
      kills += children.length;
      await letTimePass(killing);
    }
    const children = await Promise.all(
      Array.from({ length: killing.processes }, () => start(killing, receiver)),
    );
    await settled(killing, round);
    await kill(children);
  }
  await receiver.close();
  checkTold(receiver);
  console.log(`${kills} processes killed, ${receiver.received.length} calls, seed ${SEED}`);
}

async function register({ place }: Killing, receiver: Receiver): Promise<void> {
  const service = await openWorld(place);
  const { database } = service;
  const outbox = outboxOf(service, rulesOf(""));
  const question = formatQuestion({
    kind: "advice",
    project: { content: "flask\n", form: "requirements" },
    recommendationType: "stable",
  });
  for (const name of LOCKS)
    await database.run(
      `INSERT INTO locks (id, tenant, name, question, callback, secret, created, due)
       VALUES ($1, $2, $1, $3, $4, $5, ${database.now}, ${database.now})`,
      [name, TENANT, question, receiver.url, outbox.seal(SECRET, { tenant: TENANT, url: receiver.url })],
    );
  await service.close();
}

/** So much that nobody holds any more what a dead process held. */
async function letTimePass({ place }: Killing): Promise<void> {
  const service = await openWorld(place);
  await service.database.run("UPDATE locks SET held = NULL");
  await service.database.run("UPDATE deliveries SET due = 0 WHERE state = 'ready'");
  await service.database.run("UPDATE service_jobs SET lease_until = 0 WHERE state = 'running'");
  await service.close();
}

async function settled({ place }: Killing, round: number): Promise<void> {
  const service = await openWorld(place);
  const count = async (sql: string) =>
    Number((await service.database.rows<{ count: number }>(sql))[0]?.count);
  await until(
    async () =>
      (await count(`SELECT count(*) AS count FROM locks WHERE told LIKE '%"version":"${round}"%'`)) ===
        LOCKS.length && (await count("SELECT count(*) AS count FROM deliveries WHERE state = 'ready'")) === 0,
    `round ${round} is told`,
    120_000,
  );
  await service.close();
}

/** The first round is what the second is compared with. */
function checkTold(receiver: Receiver): void {
  const bodies = new Map<unknown, string>();
  for (const { headers, body } of receiver.received) {
    const id = headers["webhook-id"];
    assert.equal(bodies.get(id) ?? body, body, "what is sent again is the same");
    bodies.set(id, body);
  }
  const told = [...bodies.values()].map((body) => {
    const { lock, changed } = JSON.parse(body).data;
    assert.equal(changed.length, 1);
    return `${lock.name} ${changed[0].from} ${changed[0].to}`;
  });
  const expected = LOCKS.flatMap((name) =>
    Array.from({ length: ROUNDS - 1 }, (_, at) => `${name} ${at + 1} ${at + 2}`),
  );
  assert.deepEqual(told.sort(), expected.sort());
}

describe("processes that are killed while they watch locks", () => {
  it("lose nothing, in SQLite", async () => {
    const folder = mkdtempSync(join(tmpdir(), "thoth-killed-"));
    try {
      await killAtRandom({ place: join(folder, "service.sqlite"), processes: 1, folder });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  describe("in PostgreSQL", { skip: missingPostgres() }, () => {
    let server: PostgresServer;
    before(async () => {
      server = await startPostgres();
    });
    after(async () => await server?.stop());
    it("lose nothing, several at a time", async () => {
      const folder = mkdtempSync(join(tmpdir(), "thoth-killed-"));
      try {
        await killAtRandom({ place: server.createDatabase(), processes: 3, folder });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
});
