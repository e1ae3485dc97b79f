// Locks that are watched: over HTTP, and what the loop tells, on both databases.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findViolations } from "@thoth/contract";
import { changedDocument } from "@thoth/contract/service";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import { Audit } from "../src/access/audit.ts";
import { bootstrapToken } from "../src/access/bootstrap-token.ts";
import type { Job } from "../src/jobs/job.ts";
import { lockHandlers } from "../src/locks/lock-handlers.ts";
import { LockWatch } from "../src/locks/lock-watch.ts";
import type { OpenService } from "../src/open-service.ts";
import { checkQuestion } from "../src/questions/check-question.ts";
import { type AdviceQuestion, parseQuestion } from "../src/questions/question.ts";
import { type Answered, makeTenant, openRig, type Rig } from "./access-rig.ts";
import {
  adviceOf,
  fail,
  openWorld,
  outboxOf,
  type Receiver,
  rulesOf,
  SECRET,
  senderOf,
  startReceiver,
  until,
  workOnce,
} from "./locks-world.ts";
import { Death, Mortality, mortalDatabase } from "./mortal-database.ts";

const PROJECT = { content: "flask\n", form: "requirements" };

function suite(openPlace: () => string): void {
  let service: OpenService;
  let rig: Rig;
  let receiver: Receiver;
  let mine: string;
  let others: string;
  let stamp = "0";
  /** A loop as one process has it. */
  let loop: LockWatch;
  const loopOf = () =>
    new LockWatch({
      service,
      outbox: outboxOf(service, rulesOf(`+127.0.0.1:${receiver.port}`)),
      knowledgeStamp: async () => stamp,
      look: 20,
      failed: fail,
    });

  before(async () => {
    service = await openWorld(openPlace());
    receiver = await startReceiver();
    const { database } = service;
    const admin = (await bootstrapToken(database))?.reveal() ?? "";
    const handlers = lockHandlers({
      service,
      outbox: outboxOf(service, rulesOf(`+127.0.0.1:${receiver.port}`)),
      audit: new Audit(database),
      check: (question) => checkQuestion(question, service),
    });
    rig = await openRig(database, { handlers });
    mine = await makeTenant(rig, admin, "mine", { jobs: 50, perMinute: 10_000 });
    others = await makeTenant(rig, admin, "others", { jobs: 2, perMinute: 10_000 });
    loop = loopOf();
  });
  after(async () => {
    await rig?.close();
    await receiver?.close();
    await service?.close();
  });

  afterEach(async () => {
    for (const table of ["locks", "deliveries"]) await service.database.run(`DELETE FROM ${table}`);
    await service.database.run("UPDATE service_jobs SET state = 'cancelled' WHERE state = 'ready'");
  });

  const watch = async (name: string, more: object = {}, token = mine): Promise<Answered> =>
    await rig.call("POST", "/api/v2/locks", {
      token,
      body: { name, question: { project: PROJECT }, ...more },
    });
  const forget = async (id: string, token = mine) =>
    (await rig.call("DELETE", `/api/v2/locks/${id}`, { token })).status;
  const list = async (query = "", token = mine) => await rig.call("GET", `/api/v2/locks${query}`, { token });
  const callback = () => ({ callback: { url: receiver.url, secret: SECRET } });
  const steps = async () => {
    while (await loop.step());
  };
  const questions: AdviceQuestion[] = [];
  const work = async (answer: (job: Job, question: AdviceQuestion) => unknown) =>
    await workOnce(service, (job) => {
      const question = parseQuestion(job.question) as AdviceQuestion;
      questions.push(question);
      return answer(job, question);
    });
  /** What lies in the outbox, and is no more there after. */
  const deliveries = async () => {
    const rows = await service.database.rows<{ id: string; body: string }>(
      "SELECT id, body FROM deliveries ORDER BY created",
    );
    await service.database.run("DELETE FROM deliveries");
    return rows.map(({ body }) => {
      const document = JSON.parse(body);
      assert.deepEqual(findViolations(changedDocument, document), []);
      return document.data;
    });
  };
  const learn = async (news: string) => {
    stamp = news;
    await steps();
  };

  it("are registered, listed page by page, and forgotten, each by its tenant alone", async () => {
    const made = await Promise.all(["one", "two", "three"].map((name) => watch(name)));
    assert.deepEqual(
      made.map(({ status }) => status),
      [201, 201, 201],
    );
    assert.equal((await watch("one")).status, 409);
    assert.equal((await watch("one")).body.code, "conflict");
    const foreign = await watch("one", {}, others);
    assert.equal(foreign.status, 201);
    const first = await list("?limit=2");
    const rest = await list(`?limit=2&after=${first.body.next}`);
    const names = [...first.body.items, ...rest.body.items].map(({ name }) => name);
    assert.deepEqual(names.sort(), ["one", "three", "two"]);
    assert.equal(rest.body.next, null);
    assert.equal((await list("?after=x")).status, 400);
    assert.equal(await forget(foreign.body.id), 404);
    for (const { body } of made) assert.equal(await forget(body.id), 204);
    assert.equal(await forget(made[0]?.body.id), 404);
    assert.equal(await forget(foreign.body.id, others), 204);
    const [acts] = await service.database.rows<{ count: number }>(
      "SELECT count(*) AS count FROM acts WHERE action LIKE 'lock.%'",
    );
    assert.equal(Number(acts?.count), 8);
  });

  it("are refused where they could never be asked or called back", async () => {
    const of = async (more: object) => (await watch("odd", more)).status;
    const project = { content: "-r /etc/passwd\n", form: "requirements" };
    assert.equal(await of({ question: { project } }), 422);
    assert.equal(await of({ question: { project: PROJECT, asOf: "2026-01-01" } }), 422);
    assert.equal(await of({ question: { project: PROJECT, callback: { url: "https://a.example/" } } }), 422);
    assert.equal(await of({ question: { project: PROJECT, indexUrls: ["https://a.example/"] } }), 422);
    assert.equal(await of({ callback: { url: "https://10.0.0.1/", secret: SECRET } }), 422);
    assert.equal(await of({ callback: { url: "https://a.example/", secret: "short" } }), 422);
    assert.equal(await of({ callback: { url: "https://a.example/" } }), 400);
    assert.equal((await list()).body.items.length, 0);
  });

  it("are never shown with their secret", async () => {
    const { body, text } = await watch("secret", callback());
    assert.equal(body.callback, receiver.url);
    const [row] = await service.database.rows<{ secret: string }>("SELECT secret FROM locks");
    for (const shown of [text, (await list()).text, row?.secret ?? SECRET])
      assert.ok(!shown.includes(SECRET.slice(8)));
    await forget(body.id);
  });

  it("call back when the stack moves, and only then", async () => {
    const { body } = await watch("quiet", callback());
    await steps();
    // The first answer is what later ones are compared with.
    await work(() => adviceOf({ stack: { flask: "2.0", jinja2: "3.0" } }));
    await steps();
    assert.deepEqual(await deliveries(), []);
    const [seen] = (await list()).body.items;
    assert.ok(seen.advised.job);
    // Nothing new is known: nothing is asked.
    await steps();
    assert.equal(await work(() => undefined), undefined);
    await learn("1");
    await work(() =>
      adviceOf({ stack: { flask: "2.0", jinja2: "3.0" }, before: { flask: "2.0", jinja2: "3.0" } }),
    );
    await steps();
    assert.deepEqual(await deliveries(), []);
    await learn("2");
    const before = { flask: "2.0", jinja2: "3.0" };
    const levels = [{ level: "vulnerability(>=high)", yours: 1, advised: 0 }];
    const had = { flask: ["CVE-2026-1"] };
    const job = await work(() =>
      adviceOf({ stack: { flask: "2.1", markupsafe: "2.1" }, before, had, levels }),
    );
    // It was asked with what was told as the lock.
    assert.match(
      questions.at(-1)?.project.lock ?? "",
      /^flask==2\.0 --hash=sha256:[0-9a-f]{64}\njinja2==3\.0 /,
    );
    await steps();
    const [told, ...more] = await deliveries();
    assert.deepEqual(more, []);
    assert.equal(told.job, job?.id);
    assert.deepEqual(told.lock, { id: body.id, name: "quiet" });
    assert.deepEqual(told.changed, [
      {
        name: "flask",
        from: "2.0",
        to: "2.1",
        cleared: ["CVE-2026-1"],
        added: [],
        reasons: [{ type: "INFO", message: "clears CVE-2026-1", package_name: "flask" }],
      },
      { name: "jinja2", from: "3.0", to: null, cleared: [], added: [], reasons: [] },
      { name: "markupsafe", from: null, to: "2.1", cleared: [], added: [], reasons: [] },
    ]);
    assert.deepEqual(told.levels, [{ level: "vulnerability(>=high)", before: 1, after: 0 }]);
    await forget(body.id);
  });

  it("are compared at first with the lock that is in use", async () => {
    const project = {
      ...PROJECT,
      lock: `flask==1.0 --hash=sha256:${"0".repeat(64)}\n`,
      lockForm: "requirements",
    };
    const { body } = await watch("in use", { question: { project }, ...callback() });
    await steps();
    await work(() => adviceOf({ stack: { flask: "2.0" }, before: { flask: "1.0" } }));
    await steps();
    const [told] = await deliveries();
    assert.deepEqual([told.changed[0].from, told.changed[0].to], ["1.0", "2.0"]);
    await forget(body.id);
  });

  it("are no news where a search without a proof finds another stack that is not better", async () => {
    const { body } = await watch("feasible", callback());
    await steps();
    await work(() => adviceOf({ stack: { flask: "2.0" } }));
    await steps();
    const before = { flask: "2.0" };
    const outcomes = [
      [3, 3, 0],
      [3, 4, 0],
      [4, 3, 1],
    ] as const;
    for (const [yours, advised, calls] of outcomes) {
      await learn(`feasible ${yours} ${advised}`);
      const levels = [{ level: "lag(direct)", yours, advised }];
      await work(() => adviceOf({ stack: { flask: "1.9" }, before, proof: "feasible", levels }));
      await steps();
      assert.equal((await deliveries()).length, calls, `${yours} ${advised}`);
    }
    await forget(body.id);
  });

  it("tell why they could not be advised, and go on the next time", async () => {
    const { body } = await watch("failing", callback());
    await steps();
    await work(() => ({ error: { code: "unsatisfiable", message: "there is no stack" } }));
    await steps();
    const [row] = (await list()).body.items;
    assert.deepEqual(row.failure, { code: "unsatisfiable", message: "there is no stack" });
    assert.equal(row.advised, null);
    await learn("failing");
    await work(() => adviceOf({ stack: { flask: "2.0" } }));
    await steps();
    const [again] = (await list()).body.items;
    assert.equal(again.failure, undefined);
    assert.deepEqual(await deliveries(), []);
    await forget(body.id);
  });

  it("are asked for again at the latest after a day", async () => {
    const { body } = await watch("daily");
    await steps();
    await work(() => adviceOf({ stack: { flask: "2.0" } }));
    await steps();
    const { now } = service.database;
    const [row] = await service.database.rows<{ left: number }>(`SELECT due - ${now} AS left FROM locks`);
    assert.ok(row && row.left > 23 * 3_600_000 && row.left <= 24 * 3_600_000);
    await service.database.run(`UPDATE locks SET due = ${now}`);
    await steps();
    assert.ok(await work(() => adviceOf({ stack: { flask: "2.0" } })));
    await steps();
    await forget(body.id);
  });

  it("wait where the tenant asks too much, and are not lost", async () => {
    for (const name of ["a", "b", "c"]) await watch(name, {}, others);
    await steps();
    let answered = 0;
    for (let round = 0; round < 3; round++) {
      while (await work(() => adviceOf({ stack: { flask: "2.0" } }))) answered++;
      await service.database.run(
        `UPDATE locks SET due = ${service.database.now}, held = NULL WHERE told IS NULL AND job IS NULL`,
      );
      await steps();
    }
    assert.equal(answered, 3);
  });

  it("become due again where something is learnt while they are worked on", async () => {
    const { body } = await watch("racing");
    await steps();
    await learn("while it is worked on");
    await work(() => adviceOf({ stack: { flask: "2.0" } }));
    await steps();
    assert.ok(await work(() => adviceOf({ stack: { flask: "2.0" }, before: { flask: "2.0" } })));
    await steps();
    assert.equal(await work(() => undefined), undefined);
    await forget(body.id);
  });

  it("are not asked over and over by processes that know different things", async () => {
    const { body } = await watch("two minds");
    const [one, two] = [loopOf(), loopOf()];
    let asked = 0;
    for (let round = 0; round < 6; round++) {
      for (const [loop, news] of [
        [one, "x"],
        [two, "y"],
      ] as const) {
        stamp = news;
        while (await loop.step());
        while (await work(() => adviceOf({ stack: { flask: "2.0" } }))) asked++;
        while (await loop.step());
      }
    }
    assert.ok(asked <= 3, `${asked}`);
    await forget(body.id);
  });

  it("lose no call and tell no change twice, at whatever moment a process dies", async () => {
    await watch("mortal", callback());
    const outbox = outboxOf(service, rulesOf(`+127.0.0.1:${receiver.port}`));
    let version = 0;
    const advise = async () => {
      const before = version === 0 ? {} : { flask: `${version}` };
      while (await work(() => adviceOf({ stack: { flask: `${version + 1}` }, before })));
    };
    await steps();
    await advise();
    await steps();
    for (version = 1; ; version++) {
      const mortality = new Mortality(version);
      const mortal = new LockWatch({
        service: {
          database: mortalDatabase(service.database, mortality),
          queue: service.queue,
          ask: async (wish) => await mortality.between(() => service.ask(wish)),
        },
        outbox,
        knowledgeStamp: async () => `version ${version}`,
        failed: fail,
      });
      stamp = `version ${version}`;
      const died = await liveOn(mortal, advise);
      await service.database.run("UPDATE locks SET held = NULL");
      await steps();
      await advise();
      await steps();
      const told = await deliveries();
      assert.deepEqual(
        told.map(({ changed: [{ from, to }] }) => [from, to]),
        [[`${version}`, `${version + 1}`]],
        `after ${version} moments`,
      );
      if (!died) break;
    }
    assert.ok(version > 15, `${version}`);
  });

  it("are called back once however many loops run", async (t) => {
    const names = Array.from({ length: 6 }, (_, at) => `many ${at}`);
    for (const name of names) await watch(name, callback());
    const loops = Array.from({ length: 4 }, loopOf);
    const sender = senderOf(service, rulesOf(`+127.0.0.1:${receiver.port}`));
    const all = [...loops, sender];
    for (const one of all) one.start();
    t.after(() => Promise.all(all.map((one) => one.stop())));
    const answering = async (stack: Readonly<Record<string, string>>, before = {}) => {
      let answered = 0;
      await until(async () => {
        while (await work(() => adviceOf({ stack, before }))) answered++;
        const [row] = await service.database.rows<{ count: number }>(
          `SELECT count(*) AS count FROM locks WHERE told LIKE $1`,
          [`%"${stack["flask"]}"%`],
        );
        return Number(row?.count) === names.length;
      }, "all are advised");
      return answered;
    };
    assert.equal(await answering({ flask: "2.0" }), names.length);
    stamp = "many";
    assert.equal(await answering({ flask: "2.1" }, { flask: "2.0" }), names.length);
    await until(() => receiver.documents().size >= names.length, "all are told");
    await sleep(200);
    assert.equal(receiver.received.length, names.length);
  });
}

/** Whether it died. */
async function liveOn(watch: LockWatch, advise: () => Promise<void>): Promise<boolean> {
  try {
    while (await watch.step());
    await advise();
    while (await watch.step());
    return false;
  } catch (error) {
    if (error instanceof Death || (error instanceof Error && error.cause instanceof Death)) return true;
    throw error;
  }
}

describe("watched locks", () => {
  describe("in SQLite", () => {
    const folder = mkdtempSync(join(tmpdir(), "thoth-locks-"));
    after(() => rmSync(folder, { recursive: true, force: true }));
    suite(() => join(folder, "service.sqlite"));
  });
  describe("in PostgreSQL", { skip: missingPostgres() }, () => {
    let server: PostgresServer;
    before(async () => {
      server = await startPostgres();
    });
    after(async () => await server?.stop());
    suite(() => server.createDatabase());
  });
});
