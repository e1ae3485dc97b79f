// What is accepted is answered, once, whatever dies meanwhile: real processes, a real database, kills at random points.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type IndexServer,
  missingPostgres,
  type PostgresServer,
  randomFrom,
  startPostgres,
} from "@thoth/testkit";
import type { Database } from "../src/database/database.ts";
import { openDatabase } from "../src/database/open-database.ts";
import { type Accepted, ask, everythingIsAnswered, post, UNLIMITED } from "./accepted.ts";
import { questionOf, startSmallIndex } from "./offered-projects.ts";
import {
  type StartedProcess,
  type StartedService,
  startService,
  startWorkerProcess,
} from "./start-service.ts";

const KILLS = 50;

describe("faults", { skip: missingPostgres() }, () => {
  let index: IndexServer;
  let postgres: PostgresServer;
  let data: string;
  let place: string;
  let database: Database;

  before(async () => {
    index = await startSmallIndex();
    postgres = await startPostgres();
    data = mkdtempSync(join(tmpdir(), "thoth-faults-"));
  });
  after(async () => {
    await index?.close();
    await postgres?.stop();
    rmSync(data, { recursive: true, force: true });
  });

  const options = () => ({
    data,
    words: ["--database", place, "--index-url", index.indexUrl],
    variables: UNLIMITED,
  });

  async function opened(): Promise<void> {
    place = postgres.createDatabase();
    database = await openDatabase(place);
  }

  it(`loses nothing when servers and workers are killed at ${KILLS} random points`, async () => {
    await opened();
    const random = randomFrom(11);
    const servers = [await startService(options()), await startService(options())];
    const workers: StartedProcess[] = [
      await startWorkerProcess(options()),
      await startWorkerProcess(options()),
    ];
    const accepted: Accepted[] = [];
    let isOver = false;
    const asking = (async () => {
      for (let number = 0; !isOver; number++) {
        const one = await ask(servers[number % 2] as StartedService, number % 150);
        if (one !== undefined) accepted.push(one);
        await sleep(5);
      }
    })();
    for (let kill = 0; kill < KILLS; kill++) {
      await sleep(random(250));
      const at = random(2);
      if (random(2) === 0) {
        await servers[at]?.stop("SIGKILL");
        servers[at] = await startService(options());
      } else {
        await workers[at]?.stop("SIGKILL");
        workers[at] = await startWorkerProcess(options());
      }
    }
    isOver = true;
    await asking;
    try {
      assert.ok(accepted.length > 150, `${accepted.length} were accepted`);
      await everythingIsAnswered(database, accepted);
      const [first] = accepted as [Accepted];
      const url = `/api/v2/jobs/${first.id}/result`;
      const answers = await Promise.all(
        servers.flatMap(({ url: origin }) =>
          [1, 2].map(async () => await (await fetch(origin + url)).text()),
        ),
      );
      assert.equal(new Set(answers).size, 1);
    } finally {
      await Promise.all([...servers, ...workers].map(async (one) => await one.stop()));
      await database.close();
    }
  });

  it("goes on when PostgreSQL was stopped, ended at once, or cut its connections", async () => {
    await opened();
    const service = await startService({ ...options(), words: [...options().words, "--workers", "2"] });
    const accepted: Accepted[] = [];
    let isOver = false;
    const asking = (async () => {
      for (let number = 200; !isOver; number++) {
        const one = await ask(service, number);
        if (one !== undefined) accepted.push(one);
        await sleep(10);
      }
    })();
    try {
      await sleep(300);
      await postgres.halt();
      const unready = await fetch(`${service.url}/readyz`);
      assert.equal(unready.status, 503);
      assert.equal((await fetch(`${service.url}/healthz`)).status, 200);
      const refused = await post(service, questionOf(999));
      assert.equal(refused.status, 503);
      assert.ok(Number(refused.headers.get("retry-after")) > 0);
      assert.ok(!(await refused.text()).includes("127.0.0.1"), "where the database is, is told");
      await sleep(500);
      await postgres.resume();
      await sleep(700);
      await postgres.halt("SIGQUIT");
      await postgres.resume();
      await sleep(500);
      await database.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()",
      );
      await sleep(500);
      isOver = true;
      await asking;
      assert.ok(accepted.length > 20, `${accepted.length} were accepted`);
      await everythingIsAnswered(database, accepted);
    } finally {
      isOver = true;
      await postgres.halt();
      await postgres.resume();
      await service.stop();
      await database.close();
    }
  });

  it("answers a thousand identical requests at once by one job", async () => {
    await opened();
    const service = await startService({
      ...options(),
      words: [...options().words, "--workers", "1", "--requests", "2000"],
    });
    try {
      const answers = await Promise.all(
        Array.from({ length: 1000 }, async () => {
          const answer = await post(service, questionOf(500));
          await answer.arrayBuffer();
          return [answer.status, answer.headers.get("x-thoth-job")] as const;
        }),
      );
      assert.deepEqual(new Set(answers.map(([status]) => status < 300)), new Set([true]));
      assert.equal(new Set(answers.map(([, id]) => id)).size, 1);
      await everythingIsAnswered(database, [{ number: 500, id: String(answers[0]?.[1]) }]);
    } finally {
      await service.stop();
      await database.close();
    }
  });

  it("is not held up by clients that send slowly, half a body, or nothing", async () => {
    await opened();
    const service = await startService({ ...options(), words: [...options().words, "--workers", "1"] });
    const { port } = new URL(service.url);
    const sockets = Array.from({ length: 300 }, (_, at) => {
      const socket = connect(Number(port), "127.0.0.1").on("error", () => undefined);
      const head =
        "POST /api/v2/advice HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 500\r\n";
      if (at % 3 === 0) socket.write(head.slice(0, 60));
      else if (at % 3 === 1) socket.write(`${head}\r\n{"project":`);
      return socket;
    });
    try {
      await sleep(300);
      const began = performance.now();
      const answer = await post(service, questionOf(600));
      assert.equal(answer.status, 202);
      assert.ok(performance.now() - began < 2_000);
      // Half a body is nothing that was asked.
      for (const socket of sockets) socket.destroy();
      await sleep(200);
      const [row] = await database.rows<{ count: number }>("SELECT count(*) AS count FROM service_jobs");
      assert.equal(Number(row?.count), 1);
    } finally {
      for (const socket of sockets) socket.destroy();
      await service.stop();
      await database.close();
    }
  });

  it("gives back at a graceful stop what it has not done, and is done at once", async () => {
    await opened();
    const service = await startService({ ...options(), words: [...options().words, "--workers", "0"] });
    const accepted: Accepted[] = [];
    for (let number = 700; number < 740; number++) accepted.push((await ask(service, number)) as Accepted);
    const worker = await startWorkerProcess(options());
    await sleep(150);
    assert.equal(await worker.stop("SIGTERM"), 0);
    const [left] = await database.rows<{ running: number }>(
      "SELECT count(*) AS running FROM service_jobs WHERE state = 'running'",
    );
    assert.equal(Number(left?.running), 0);
    const next = await startWorkerProcess(options());
    try {
      await everythingIsAnswered(database, accepted);
    } finally {
      await next.stop();
      assert.equal(await service.stop("SIGTERM"), 0);
      await database.close();
    }
  });
});
