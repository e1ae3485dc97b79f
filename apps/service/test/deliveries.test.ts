// Callbacks: what is sent, how often, and where to.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { findViolations } from "@thoth/contract";
import { endedDocument } from "@thoth/contract/service";
import { ThothError } from "@thoth/pep";
import { makeCertificate, missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import { parsePlace } from "../src/locks/callback-place.ts";
import { JobEnds } from "../src/locks/job-ends.ts";
import { Outbox } from "../src/locks/outbox.ts";
import { post } from "../src/locks/post.ts";
import { usualDelay } from "../src/locks/sender.ts";
import type { OpenService } from "../src/open-service.ts";
import {
  type Answer,
  adviceOf,
  fail,
  listen,
  openWorld,
  outboxOf,
  type Received,
  rulesOf,
  SECRET,
  senderOf,
  startReceiver,
  TENANT,
  until,
  VAULT,
  workOnce,
} from "./locks-world.ts";

const LISTED = "+127.0.0.1:";
const DOCUMENT = {
  type: "lock.changed",
  timestamp: "2026-12-01T00:00:00Z",
  data: {
    lock: { id: "1", name: "one" },
    job: "job",
    asOf: "2026-12-01",
    recommendationType: "stable",
    changed: [],
    levels: [],
    reasons: [],
  },
} as const;

interface Row {
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
  readonly failure: string | null;
  readonly due: number;
}

function suite(openPlace: () => string): void {
  let service: OpenService;

  before(async () => {
    service = await openWorld(openPlace());
  });
  after(async () => await service?.close());

  const rowOf = async (id: string): Promise<Row> => {
    const [row] = await service.database.rows<Row>(
      "SELECT id, state, attempt, failure, due FROM deliveries WHERE id = $1",
      [id],
    );
    assert.ok(row);
    return row;
  };

  /** One delivery, sent by as many senders as wished, until it is settled. */
  const sent = async (answer: Answer, { senders = 1, secret = SECRET as string | null } = {}) => {
    const receiver = await startReceiver(answer);
    const rules = rulesOf(LISTED + receiver.port, { time: 300 });
    const outbox = outboxOf(service, rules);
    const all = Array.from({ length: senders }, () => senderOf(service, rules));
    const { url } = receiver;
    const id = await service.database.transaction((query) =>
      outbox.deliver(query, {
        tenant: TENANT,
        url,
        secret: outbox.seal(secret ?? undefined, { tenant: TENANT, url }),
        document: DOCUMENT,
      }),
    );
    for (const sender of all) sender.start();
    await until(async () => (await rowOf(id)).state !== "ready", "it is settled");
    await Promise.all(all.map((sender) => sender.stop()));
    await receiver.close();
    return { id, row: await rowOf(id), received: receiver.received };
  };
  const status = (...statuses: readonly number[]): Answer => {
    return (_, response, count) => {
      response.statusCode = statuses[Math.min(count, statuses.length) - 1] ?? 200;
      response.end();
    };
  };

  it("signs as Standard Webhooks says", async () => {
    const { id, row, received } = await sent(status(204));
    assert.equal(row.state, "sent");
    const [{ headers, body }] = received as [Received];
    assert.equal(headers["webhook-id"], id);
    assert.equal(headers["content-type"], "application/json");
    const timestamp = headers["webhook-timestamp"];
    assert.ok(Math.abs(Number(timestamp) - Date.now() / 1000) < 30);
    const expected = createHmac("sha256", Buffer.alloc(32, 5)).update(`${id}.${timestamp}.${body}`);
    assert.equal(headers["webhook-signature"], `v1,${expected.digest("base64")}`);
    assert.deepEqual(JSON.parse(body), DOCUMENT);
  });

  it("takes a secret of another form as it is, and signs nothing without one", async () => {
    const { id, received } = await sent(status(200), { secret: "not-a-whsec-secret" });
    const [{ headers, body }] = received as [Received];
    const expected = createHmac("sha256", "not-a-whsec-secret").update(
      `${id}.${headers["webhook-timestamp"]}.${body}`,
    );
    assert.equal(headers["webhook-signature"], `v1,${expected.digest("base64")}`);
    const other = await sent(status(200), { secret: null });
    assert.equal(other.received[0]?.headers["webhook-signature"], undefined);
  });

  it("keeps secrets sealed", async () => {
    const { id } = await sent(status(200));
    const [row] = await service.database.rows<{ secret: string }>(
      "SELECT secret FROM deliveries WHERE id = $1",
      [id],
    );
    assert.ok(row && !row.secret.includes(SECRET.slice(10)));
    assert.throws(() =>
      outboxOf(service, rulesOf("")).open(row.secret, { tenant: TENANT, url: "https://other.example/" }),
    );
  });

  it("sends again what was not taken, with the same id, body and a signature of its time", async () => {
    const { row, received } = await sent(status(500, 302, 200));
    assert.equal(row.state, "sent");
    assert.equal(received.length, 3);
    assert.equal(new Set(received.map(({ headers }) => headers["webhook-id"])).size, 1);
    assert.equal(new Set(received.map(({ body }) => body)).size, 1);
  });

  it("gives up with a reason", async () => {
    const { row, received } = await sent(status(503));
    assert.equal(row.state, "dead");
    assert.equal(row.failure, "it answered 503");
    assert.equal(received.length, 4);
  });

  it("gives up where nobody answers in time", async () => {
    const { row } = await sent(() => undefined);
    assert.equal(row.state, "dead");
    assert.equal(row.failure, "no answer within 0.3 seconds");
  });

  it("waits as long as it is told", async () => {
    const times: number[] = [];
    await sent((_, response, count) => {
      times.push(performance.now());
      response.writeHead(count === 1 ? 429 : 200, count === 1 ? { "retry-after": "1" } : {}).end();
    });
    assert.ok((times[1] ?? 0) - (times[0] ?? 0) >= 900);
  });

  it("stops at 410, and forgets the place", async () => {
    const { row, received } = await sent(status(410));
    assert.equal(row.state, "dead");
    assert.equal(received.length, 1);
  });

  it("does not read what is answered beyond a little", async () => {
    let written = 0;
    const { row } = await sent((_, response) => {
      const part = Buffer.alloc(64 * 1024);
      const more = () => {
        if (response.destroyed || written > 64 * 1024 * 1024) return;
        written += part.length;
        response.write(part, () => setImmediate(more));
      };
      more();
    });
    assert.equal(row.state, "sent");
    assert.ok(written < 16 * 1024 * 1024, `${written}`);
  });

  it("refuses a head without end", async () => {
    const { row } = await sent((_, response) => {
      response.socket?.write(`HTTP/1.1 200 OK\r\n${"x-a: b\r\n".repeat(10_000)}`);
    });
    assert.equal(row.state, "dead");
    assert.equal(row.failure, "HPE_HEADER_OVERFLOW");
  });

  it("is sent once however many processes send", async () => {
    const { received } = await sent((_, response) => void sleep(50).then(() => response.end()), {
      senders: 5,
    });
    assert.equal(received.length, 1);
  });

  it("is sent by another where its sender died", async () => {
    const receiver = await startReceiver();
    const rules = rulesOf(LISTED + receiver.port);
    const outbox = outboxOf(service, rules);
    const { url } = receiver;
    const id = await outbox.deliver(service.database, {
      tenant: TENANT,
      url,
      secret: null,
      document: DOCUMENT,
    });
    // As whoever has begun an attempt leaves it.
    await service.database.run(
      `UPDATE deliveries SET attempt = 1, due = ${service.database.now} + 300 WHERE id = $1`,
      [id],
    );
    const sender = senderOf(service, rules);
    sender.start();
    await until(() => receiver.received.length > 0, "it is sent");
    await until(async () => (await rowOf(id)).state === "sent", "it is settled");
    assert.equal((await rowOf(id)).attempt, 2);
    await sender.stop();
    await receiver.close();
  });

  it("does not let slow receivers of one tenant hold up others", async () => {
    const slow = await startReceiver(() => undefined);
    const quick = await startReceiver();
    const rules = rulesOf(`${LISTED}${slow.port},${LISTED}${quick.port}`, { time: 5_000 });
    const outbox = outboxOf(service, rules);
    for (let at = 0; at < 40; at++)
      await outbox.deliver(service.database, {
        tenant: "slow",
        url: slow.url,
        secret: null,
        document: DOCUMENT,
      });
    await outbox.deliver(service.database, {
      tenant: "quick",
      url: quick.url,
      secret: null,
      document: DOCUMENT,
    });
    const sender = senderOf(service, rules);
    sender.start();
    await until(() => quick.received.length > 0, "the other one is told", 4_000);
    await sender.stop();
    // What was broken off is as if it had not been begun.
    const [left] = await service.database.rows<{ count: number }>(
      "SELECT count(*) AS count FROM deliveries WHERE tenant = 'slow' AND state = 'ready' AND attempt = 0",
    );
    assert.equal(Number(left?.count), 40);
    await service.database.run("DELETE FROM deliveries WHERE tenant = 'slow'");
    await slow.close();
    await quick.close();
  });

  it("tells the end of a job once, however many look for it and however often it is asked for", async () => {
    const receiver = await startReceiver();
    const rules = rulesOf(LISTED + receiver.port);
    const outbox = outboxOf(service, rules);
    const question = { kind: "advice", project: { content: "flask", form: "requirements" } } as const;
    const { job } = await service.ask({
      tenant: TENANT,
      question: { ...question, recommendationType: "stable" },
      priority: 1,
      force: true,
    });
    const { url } = receiver;
    for (let time = 0; time < 3; time++)
      await outbox.callWhenEnded(service.database, { tenant: TENANT, job: job.id, url, secret: SECRET });
    const ends = Array.from(
      { length: 4 },
      () => new JobEnds({ database: service.database, outbox, failed: fail }),
    );
    for (const one of ends) one.start();
    await sleep(50);
    assert.equal(receiver.received.length, 0);
    await workOnce(service, () => adviceOf({ stack: { flask: "3.0" } }));
    const sender = senderOf(service, rules);
    sender.start();
    await until(() => receiver.received.length > 0, "it is told");
    await sleep(100);
    await Promise.all([...ends.map((one) => one.stop()), sender.stop()]);
    assert.equal(receiver.received.length, 1);
    const [document] = receiver.documents().values();
    assert.deepEqual(findViolations(endedDocument, document), []);
    const told = document?.data["job"] as { readonly id: string; readonly state: string } | undefined;
    assert.equal(told?.id, job.id);
    assert.equal(told?.state, "done");
    await receiver.close();
  });

  it("needs a key for secrets, and secrets of some length", () => {
    const keyless = new Outbox({ database: service.database, vault: undefined, places: rulesOf("") });
    const url = "https://example.org/";
    assert.throws(() => keyless.check({ url, secret: SECRET }), isInvalid);
    keyless.check({ url });
    const outbox = new Outbox({ database: service.database, vault: VAULT, places: rulesOf("") });
    assert.throws(() => outbox.check({ url, secret: "short" }), isInvalid);
  });
}

function isInvalid(error: unknown): boolean {
  return error instanceof ThothError && error.code === "invalid-request";
}

describe("deliveries", () => {
  describe("in SQLite", () => {
    const folder = mkdtempSync(join(tmpdir(), "thoth-deliveries-"));
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

describe("times between attempts", () => {
  it("grow, spread, and end after about a day", () => {
    const delays: number[] = [];
    for (let attempt = 1, delay = usualDelay(1); delay !== undefined; delay = usualDelay(++attempt))
      delays.push(delay);
    const hours = delays.reduce((sum, delay) => sum + delay, 0) / 3_600_000;
    assert.ok(hours > 19 && hours < 32, `${hours}`);
    assert.ok((delays[0] ?? 0) < 7_000);
  });
});

/** Each leads inside, in a spelling of its own. */
const INTERNAL = [
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0x7f.1/",
  "https://017700000001/",
  "https://0177.0.0.1/",
  "https://127.0.0.1./",
  "https://１２７.０.０.１/",
  "https://①②⑦.⓪.⓪.①/",
  "https://127%2e0%2e0%2e1/",
  "https://0/",
  "https://0.0.0.0/",
  "https://10.0.0.1/",
  "https://172.16.0.1/",
  "https://192.168.1.1/",
  "https://100.64.0.1/",
  "https://169.254.169.254/latest/meta-data/",
  "https://[::1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[::127.0.0.1]/",
  "https://[0:0:0:0:0:ffff:a9fe:a9fe]/",
  "https://[64:ff9b::7f00:1]/",
  "https://[64:ff9b:1::1]/",
  "https://[fe80::1]/",
  "https://[fd00:ec2::254]/",
  "https://[fc00::1]/",
  "https://[2002:7f00:1::]/",
  "https://[ff02::1]/",
  "https://224.0.0.1/",
  "https://255.255.255.255/",
];

/** What is no place of a web server, or says more than where it is. */
const ODD = [
  "http://example.org/",
  "ftp://example.org/",
  "file:///etc/passwd",
  "gopher://example.org:70/",
  "javascript:alert(1)",
  "data:text/plain,a",
  "https://user@example.org/",
  "https://user:password@example.org/",
  "https://example.org@127.0.0.1/",
  "https://example.org:22/",
  "https://example.org:25/",
  "https://example.org:6379@127.0.0.1/",
  "https://example.org:6667/",
  "https://example.org:0/",
  "https://[fe80::1%25eth0]/",
  "https://example.org:99999/",
  "https://",
  "",
  "//example.org/",
];

describe("places that strangers name", () => {
  const strict = rulesOf("", { plain: false });

  for (const url of INTERNAL)
    it(`refuses ${url}`, async () => {
      assert.throws(() => parsePlace(url, strict), isInvalid);
      // Nor is there a connection, should it have been written to the table otherwise.
      const parsed = URL.parse(url);
      if (parsed === null) return;
      const posted = await post(
        { url: parsed, headers: {}, body: "", signal: new AbortController().signal },
        strict,
      );
      assert.equal(posted.kind, "failed");
      assert.match(posted.reason, /not a public one/);
    });

  for (const url of ODD)
    it(`refuses ${url || "nothing"}`, () => assert.throws(() => parsePlace(url, strict), isInvalid));

  for (const url of [
    "https://example.org/",
    "https://example.org:8443/a?b",
    "https://93.184.215.14/",
    "https://[2606:4700::1111]/",
  ])
    it(`takes ${url}`, () => assert.equal(parsePlace(url, strict).href, new URL(url).href));

  it("refuses names that lead inside, where they are connected to", async () => {
    const receiver = await startReceiver();
    for (const host of ["localhost", "LOCALHOST.", "localhost6", "ip6-localhost", "a.localhost"]) {
      const url = new URL(`http://${host}:${receiver.port}/`);
      parsePlace(url.href, rulesOf(""));
      const posted = await post(
        { url, headers: {}, body: "", signal: new AbortController().signal },
        rulesOf(""),
      );
      assert.equal(posted.kind, "failed", host);
      // Where the system does not know the name it leads nowhere.
      assert.match(posted.reason, /not a public one|ENOTFOUND|EAI_AGAIN/, host);
    }
    assert.equal(receiver.received.length, 0);
    await receiver.close();
  });

  it("follows no redirect", async () => {
    const inner = await startReceiver();
    for (const status of [301, 302, 303, 307, 308]) {
      const outer = await startReceiver((_, response) =>
        response.writeHead(status, { location: inner.url }).end(),
      );
      const rules = rulesOf(LISTED + outer.port);
      const url = new URL(outer.url);
      const posted = await post({ url, headers: {}, body: "", signal: new AbortController().signal }, rules);
      assert.deepEqual(posted, { kind: "answered", status, retryAfter: undefined });
      await outer.close();
    }
    assert.equal(inner.received.length, 0);
    await inner.close();
  });

  it("takes an internal host that the operator lists, on the port that he lists", async () => {
    const receiver = await startReceiver();
    const other = await startReceiver();
    const rules = rulesOf(`+localhost:${receiver.port}`);
    const at = async ({ port }: { port: number }, host = "localhost") =>
      await post(
        {
          url: new URL(`http://${host}:${port}/`),
          headers: {},
          body: "{}",
          signal: new AbortController().signal,
        },
        rules,
      );
    assert.equal((await at(receiver)).kind, "answered");
    assert.equal((await at(other)).kind, "failed");
    assert.equal((await at(receiver, "127.0.0.1")).kind, "failed");
    // Without a `+` it is a host of the internet.
    const plain = rulesOf(`localhost:${other.port}`);
    const posted = await post(
      {
        url: new URL(`http://localhost:${other.port}/`),
        headers: {},
        body: "",
        signal: new AbortController().signal,
      },
      plain,
    );
    assert.equal(posted.kind, "failed");
    await receiver.close();
    await other.close();
  });

  it("uses no proxy that the environment names", async () => {
    const proxy = await startReceiver();
    process.env["HTTP_PROXY"] = proxy.url;
    const receiver = await startReceiver();
    const url = new URL(receiver.url);
    await post(
      { url, headers: {}, body: "", signal: new AbortController().signal },
      rulesOf(LISTED + receiver.port),
    );
    delete process.env["HTTP_PROXY"];
    assert.equal(proxy.received.length, 0);
    assert.equal(receiver.received.length, 1);
    await proxy.close();
    await receiver.close();
  });

  it("checks certificates", async () => {
    const { key, certificate } = makeCertificate();
    const server = createTlsServer({ key, cert: certificate }, (_, response) => response.end());
    const port = await listen(server);
    const url = new URL(`https://localhost:${port}/`);
    const attempt = { url, headers: {}, body: "", signal: new AbortController().signal };
    const posted = await post(attempt, rulesOf(`+localhost:${port}`));
    assert.deepEqual(posted, { kind: "failed", reason: "DEPTH_ZERO_SELF_SIGNED_CERT" });
    const trusting = rulesOf(`+localhost:${port}`, { certificates: certificate });
    assert.equal((await post(attempt, trusting)).kind, "answered");
    server.closeAllConnections();
    server.close();
  });
});
