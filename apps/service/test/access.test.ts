// Tokens, tenants, indexes, rules and the audit trail, on both databases and over real HTTP.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import { bootstrapToken } from "../src/access/bootstrap-token.ts";
import { readIndexes } from "../src/access/private-indexes.ts";
import { readRules } from "../src/access/tenant-rules.ts";
import { checkQuestionRate } from "../src/access/tenants.ts";
import { formatToken, makeToken, parseToken } from "../src/access/token.ts";
import { makeVault, type Vault } from "../src/access/vault.ts";
import type { Database } from "../src/database/database.ts";
import { openDatabase } from "../src/database/open-database.ts";
import { JobQueue } from "../src/jobs/job-queue.ts";
import { dump, makeTenant, openRig, type Rig, SECRET_KEY } from "./access-rig.ts";

const RULES = `
units:
  steps:
    - name: Slow
      type: step
      should_include: { adviser_pipeline: true }
      match: { package_version: { name: flask, version: "<1" } }
      run: { score: -0.1 }
`;

function suite(openPlace: () => string): void {
  let database: Database;
  let rig: Rig;
  let admin: string;
  let mine: string;
  let place: string;

  before(async () => {
    place = openPlace();
    database = await openDatabase(place);
    const first = await bootstrapToken(database);
    assert.ok(first);
    admin = first.reveal();
    rig = await openRig(database);
    mine = await makeTenant(rig, admin, "mine");
  });
  after(async () => {
    await rig?.close();
    await database?.close();
  });

  const idOf = (token: string) => parseToken(token)?.id ?? "";
  const tokens = async (body: object, token = mine) =>
    await rig.call("POST", "/api/v2/tokens", { token, body });
  const made = async (scopes: readonly string[], more: object = {}, token = mine): Promise<string> => {
    const answer = await tokens({ name: "one", scopes, ...more }, token);
    assert.equal(answer.status, 201, answer.text);
    return answer.body.secret;
  };
  const statusOf = async (token: string, of = rig) =>
    (await of.call("GET", "/api/v2/tenant", { token })).status;

  it("makes the first token once, also when many start at a time", async () => {
    assert.equal(await bootstrapToken(database), undefined);
    const again = await Promise.all(Array.from({ length: 5 }, () => bootstrapToken(database)));
    assert.deepEqual(again, Array(5).fill(undefined));
  });

  it("takes a first token that is given, keeps it, and refuses another with its id", async () => {
    const given = makeToken();
    const text = formatToken(given).reveal();
    for (let times = 0; times < 2; times++) assert.equal(await bootstrapToken(database, text), undefined);
    assert.equal(await statusOf(text), 200);
    const other = formatToken({ id: given.id, secret: makeToken().secret }).reveal();
    await assert.rejects(bootstrapToken(database, other), { code: "usage" });
    await assert.rejects(bootstrapToken(database, "hunter2"), { code: "usage" });
  });

  it("keeps no secret of a token in any table or log", async () => {
    const token = await made(["read"]);
    assert.equal(await statusOf(token), 200);
    const kept = (await dump(database)) + rig.logged.join("\n");
    for (const text of [token, mine, admin]) {
      const secret = parseToken(text)?.secret.reveal() ?? "";
      assert.equal(secret.length, 43);
      assert.ok(!kept.includes(secret));
      assert.ok(kept.includes(createHash("sha256").update(secret).digest("hex")));
    }
    assert.equal(JSON.stringify(parseToken(token)), JSON.stringify({ id: idOf(token), secret: "***" }));
  });

  it("answers the same to a token that is unknown, wrong, revoked or over", async () => {
    const revoked = await made(["read"]);
    await rig.call("DELETE", `/api/v2/tokens/${idOf(revoked)}`, { token: mine });
    const over = await made(["read"]);
    await database.run("UPDATE tokens SET expires = 1 WHERE id = $1", [idOf(over)]);
    const good = parseToken(mine);
    assert.ok(good);
    const wrong = formatToken({ id: good.id, secret: makeToken().secret }).reveal();
    const bad = [
      formatToken(makeToken()).reveal(),
      wrong,
      revoked,
      over,
      "thoth_x",
      "abc",
      mine.toUpperCase(),
    ];
    const answers = await Promise.all(bad.map((token) => rig.call("GET", "/api/v2/tenant", { token })));
    const seen = new Set(
      answers.map(({ status, body }) => JSON.stringify([status, { ...body, request: "" }])),
    );
    assert.equal(seen.size, 1);
    assert.equal(answers[0]?.status, 401);
    assert.equal(answers[0]?.body.code, "unauthorized");
  });

  it("does not take a bad token for nobody's", async () => {
    const answer = await rig.call("GET", "/api/v2/tenant", { headers: { authorization: "Basic YTpi" } });
    assert.equal(answer.status, 401);
    assert.equal((await rig.call("GET", "/api/v2/tenant")).status, 401);
  });

  it("ends a token when its time is over, to the moment", async () => {
    const token = await made(["read"]);
    await database.run(`UPDATE tokens SET expires = ${database.now} + 400 WHERE id = $1`, [idOf(token)]);
    assert.equal(await statusOf(token), 200);
    await sleep(500);
    assert.equal(await statusOf(token), 401);
  });

  it("takes days, and refuses those that are over or none", async () => {
    const answer = await tokens({ name: "a day", scopes: ["read"], expires: "2999-12-31" });
    assert.equal(answer.body.token.expires, "3000-01-01T00:00:00.000Z");
    for (const expires of ["2020-01-01", "2999-02-30", "2999-13-01", "2999-01-01T25:00Z"])
      assert.equal((await tokens({ name: "none", scopes: ["read"], expires })).status, 422, expires);
  });

  it("lists tokens of the tenant alone, without secrets, and when they were used", async () => {
    const token = await made(["read", "read"]);
    await statusOf(token);
    const { body } = await rig.call("GET", "/api/v2/tokens", { token: mine });
    const listed = body.items.find(({ id }: { id: string }) => id === idOf(token));
    assert.deepEqual(listed.scopes, ["read"]);
    assert.ok(Date.parse(listed.used) > Date.now() - 60_000);
    assert.deepEqual(
      Object.keys(listed).sort(),
      "created expires id name revoked scopes tenant used".split(" "),
    );
    assert.ok(!body.items.some(({ id }: { id: string }) => id === idOf(admin)));
  });

  it("grants nothing that the maker does not have", async () => {
    const writer = await made(["write"]);
    const attempts = [["admin"], ["write", "admin"], ["read"], ["ask", "write"]];
    for (const scopes of attempts) {
      const answer = await tokens({ name: "more", scopes }, writer);
      assert.equal(answer.status, 403, scopes.join());
      assert.equal(answer.body.code, "forbidden");
    }
    assert.equal((await tokens({ name: "none", scopes: [] }, writer)).status, 422);
    assert.equal((await tokens({ name: "odd", scopes: ["root"] }, writer)).status, 400);
    assert.equal((await tokens({ name: "odd", scopes: ["read admin"] })).status, 400);
    assert.equal((await tokens({ name: "odd", scopes: ["read"], tenant: "operator" })).status, 400);
    assert.equal((await tokens({ name: "more", scopes: ["read"] }, await made(["ask", "read"]))).status, 403);
    assert.equal(
      (await rig.call("POST", "/api/v2/tenants", { token: mine, body: { name: "x" } })).status,
      403,
    );
    assert.equal(await statusOf(await made(["admin"], {}, admin)), 403);
  });

  it("lets nobody revoke a token that may do more", async () => {
    const strong = await made(["read", "write"]);
    const weak = await made(["write"]);
    const revoke = (token: string) => rig.call("DELETE", `/api/v2/tokens/${idOf(strong)}`, { token });
    assert.equal((await revoke(weak)).status, 403);
    assert.equal((await revoke(admin)).status, 404);
    assert.equal(await statusOf(strong), 200);
    const first = await revoke(strong);
    assert.ok(first.body.revoked);
    assert.deepEqual((await revoke(mine)).body, first.body);
    assert.equal(await statusOf(strong), 401);
  });

  it("minds within 5 seconds what another process revokes", async () => {
    const second = place === ":memory:" ? database : await openDatabase(place);
    const other = await openRig(second);
    try {
      const token = await made(["read"]);
      assert.equal(await statusOf(token, other), 200);
      await rig.call("DELETE", `/api/v2/tokens/${idOf(token)}`, { token: mine });
      const began = performance.now();
      while ((await statusOf(token, other)) === 200) {
        assert.ok(performance.now() - began < 5_000);
        await sleep(50);
      }
      assert.equal(await statusOf(token), 401);
    } finally {
      await other.close();
      if (second !== database) await second.close();
    }
  });

  it("makes tenants whose names differ by more than case", async () => {
    await makeTenant(rig, admin, "Acme");
    for (const name of ["Acme", "acme", "ACME", "public", "Operator"]) {
      const answer = await rig.call("POST", "/api/v2/tenants", { token: admin, body: { name } });
      assert.equal(answer.status, 409, name);
    }
    const most = { jobs: 2 ** 40, perMinute: 1 };
    const answer = await rig.call("POST", "/api/v2/tenants", {
      token: admin,
      body: { name: "big", quota: most },
    });
    assert.equal(answer.status, 422);
    const { body } = await rig.call("GET", "/api/v2/tenant", { token: mine });
    assert.equal(body.name, "mine");
    assert.deepEqual(body.quota, { jobs: 100, perMinute: 300 });
    assert.match(body.id, /^t-[0-9a-f]{16}$/);
  });

  it("seals credentials of indexes, shows none, and gives them to whoever asks the index", async () => {
    const tenant = (await rig.call("GET", "/api/v2/tenant", { token: mine })).body.id;
    const indexes = [
      { url: "https://pypi.example.org/simple/", username: "joe", password: "pass-w0rd/1" },
      { url: "https://tok%40n:s3cr%2Ft@a.index.example/simple" },
      { url: "https://b.index.example/simple/" },
    ];
    const answer = await rig.call("PUT", "/api/v2/tenant/indexes", { token: mine, body: { indexes } });
    assert.equal(answer.status, 200, answer.text);
    const shown = [indexes[0]?.url, "https://a.index.example/simple", indexes[2]?.url];
    assert.deepEqual(answer.body.indexes, shown);
    const kept = answer.text + (await dump(database)) + rig.logged.join("\n");
    for (const secret of ["pass-w0rd", "s3cr", "tok%40n", "tok@n", "joe"])
      assert.ok(!kept.includes(secret), secret);
    const read = async (vault: Vault | undefined) =>
      (await readIndexes(database, tenant, vault)).map(({ location }) => location.reveal());
    const own = await read(makeVault(SECRET_KEY));
    assert.deepEqual(own, [
      "https://joe:pass-w0rd%2F1@pypi.example.org/simple/",
      "https://tok%40n:s3cr%2Ft@a.index.example/simple",
      indexes[2]?.url,
    ]);
    assert.ok(!JSON.stringify(await readIndexes(database, tenant, makeVault(SECRET_KEY))).includes("pass"));
    const other = Buffer.alloc(32, 8).toString("base64");
    await assert.rejects(read(makeVault(other)), { code: "database-failed" });
    await assert.rejects(read(undefined), { code: "database-failed" });
    assert.deepEqual(await read(makeVault(`${other},${SECRET_KEY}`)), own);
  });

  it("opens no credentials that were moved to another tenant or index", async () => {
    const yours = await makeTenant(rig, admin, "thief");
    const [me, you] = await Promise.all(
      [mine, yours].map(async (token) => (await rig.call("GET", "/api/v2/tenant", { token })).body.id),
    );
    await database.run(
      "UPDATE tenants SET indexes = (SELECT indexes FROM tenants WHERE id = $1) WHERE id = $2",
      [me, you],
    );
    await assert.rejects(readIndexes(database, you, makeVault(SECRET_KEY)), { code: "database-failed" });
  });

  it("refuses indexes that are not allowed, and credentials without a key or in the open", async () => {
    const put = async (index: object, of = rig) =>
      await of.call("PUT", "/api/v2/tenant/indexes", { token: mine, body: { indexes: [index] } });
    const url = "https://pypi.example.org/simple/";
    const cases: readonly (readonly [object, number])[] = [
      [{ url: "https://evil.example/simple/", password: "pw-1" }, 403],
      [{ url: "https://pypi.example.org.evil.example/" }, 403],
      [{ url: "https://pypi.example.org:8443/" }, 403],
      [{ url: "https://pypi.example.org@evil.example/", password: "pw-1" }, 403],
      [{ url: "http://169.254.169.254/latest/" }, 403],
      [{ url: "http://127.0.0.1:5432/" }, 403],
      [{ url: "http://pypi.example.org/simple/", password: "pw-1" }, 422],
      [{ url: `${url}?token=pw-1` }, 422],
      [{ url: `${url}#pw-1` }, 422],
      [{ url: "https://a:%zz@pypi.example.org/", password: undefined }, 422],
      [{ url: "ftp://pypi.example.org/" }, 400],
      [{ url, username: "u".repeat(5000), password: "pw-1" }, 422],
    ];
    for (const [index, status] of cases) {
      const answer = await put(index);
      assert.equal(answer.status, status, `${JSON.stringify(index)} ${answer.text}`);
      assert.ok(!answer.text.includes("pw-1"), answer.text);
    }
    const plain = await openRig(database, { variables: { THOTH_SECRET_KEY: "" } });
    try {
      const answer = await put({ url, username: "u", password: "pw-1" }, plain);
      assert.equal(answer.status, 403);
      assert.match(answer.body.hint, /THOTH_SECRET_KEY/);
      assert.equal((await put({ url }, plain)).status, 200);
    } finally {
      await plain.close();
    }
  });

  it("takes rules that can be read, and forgets the answers that were given without them", async () => {
    const tenant = (await rig.call("GET", "/api/v2/tenant", { token: mine })).body.id;
    const put = async (id: string, text: string) =>
      await rig.call("PUT", `/api/v2/tenant/rules/${id}`, { token: mine, body: { text } });
    await database.run("INSERT INTO answers (tenant, digest, job) VALUES ($1, 'd', 'j')", [tenant]);
    assert.deepEqual((await put("slow", RULES)).body, { units: 1 });
    assert.deepEqual(await database.rows("SELECT * FROM answers WHERE tenant = $1", [tenant]), []);
    assert.deepEqual(await readRules(database, tenant), [{ path: "slow.yaml", text: RULES }]);
    const faulty = await put("bad", RULES.replace("score: -0.1", "score: much"));
    assert.equal(faulty.status, 422);
    assert.match(faulty.body.detail, /^line 8 of the rules/);
    assert.equal((await put("yaml", "units: [")).status, 422);
    assert.equal((await put("zero", "units: {} # \0")).status, 422);
    assert.equal((await put("long", `# ${"x".repeat(130 * 1024)}`)).status, 422);
    for (const id of [".hidden", "-x", "_prescription_metadata"])
      assert.equal((await put(id, RULES)).status, 422, id);
    const remove = async () => await rig.call("DELETE", "/api/v2/tenant/rules/slow", { token: mine });
    assert.equal((await remove()).status, 204);
    assert.equal((await remove()).status, 404);
  });

  it("bounds the rules of a tenant together", async () => {
    const token = await makeTenant(rig, admin, "many rules");
    const text = `${RULES}# ${"x".repeat(120 * 1024)}\n`;
    const statuses = [];
    for (let number = 0; number < 6; number++)
      statuses.push(
        (await rig.call("PUT", `/api/v2/tenant/rules/r${number}`, { token, body: { text } })).status,
      );
    assert.deepEqual(statuses, [200, 200, 200, 200, 422, 422]);
    assert.equal((await rig.call("PUT", "/api/v2/tenant/rules/r0", { token, body: { text } })).status, 200);
  });

  it("keeps who did what, in pages, and of one tenant alone", async () => {
    const token = await makeTenant(rig, admin, "audited");
    const ids = [];
    for (let number = 0; number < 7; number++) {
      const answer = await rig.call("POST", "/api/v2/tokens", {
        token,
        body: { name: "t", scopes: ["read"] },
        headers: { "x-request-id": `request-${number}` },
      });
      ids.push(answer.body.token.id);
    }
    const seen = [];
    for (let after = "", pages = 0; pages < 9; pages++) {
      const { body } = await rig.call("GET", `/api/v2/audit?limit=2${after}`, { token });
      seen.push(...body.items);
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    assert.deepEqual(new Set(seen.map(({ subject }) => subject)), new Set(ids));
    assert.equal(seen.length, 7);
    for (const { actor, action, at } of seen) {
      assert.deepEqual([actor, action], [`token:${idOf(token)}`, "token.make"]);
      assert.ok(Math.abs(Date.parse(at) - Date.now()) < 60_000);
    }
    assert.ok(seen.some(({ request }) => request === "request-3"));
    const odd = await rig.call("GET", "/api/v2/audit?after=x", { token });
    assert.equal(odd.status, 400);
    const { body } = await rig.call("GET", "/api/v2/audit?limit=100", { token: admin });
    assert.ok(body.items.some(({ action }: { action: string }) => action === "tenant.make"));
  });

  it("limits new questions of a tenant a minute, and tells when to come back", async () => {
    const token = await makeTenant(rig, admin, "quick", { jobs: 100, perMinute: 3 });
    const tenant = (await rig.call("GET", "/api/v2/tenant", { token })).body.id;
    const queue = new JobQueue(database);
    for (const digest of ["1", "2", "3"]) {
      await checkQuestionRate(database, tenant);
      await queue.ask({ tenant, kind: "advice", digest, question: "{}", priority: 1, force: false });
    }
    await assert.rejects(
      checkQuestionRate(database, tenant),
      (error: { code: string; details: { retryAfter: number } }) => {
        assert.equal(error.code, "quota-exceeded");
        assert.ok(error.details.retryAfter > 50 && error.details.retryAfter <= 60);
        return true;
      },
    );
    await database.run("UPDATE service_jobs SET created = created - 60000 WHERE tenant = $1", [tenant]);
    await checkQuestionRate(database, tenant);
  });

  it("limits what is asked without a token, by network, and bad tokens", async () => {
    const variables = { THOTH_ANONYMOUS_RATE: "3,60", THOTH_FAILURE_RATE: "2,60", THOTH_ANONYMOUS: "read" };
    const small = await openRig(database, { variables });
    const from = async (address: string, token?: string) => {
      const authorization = token === undefined ? undefined : `Bearer ${token}`;
      const asked = small.access.identify({ authorization, token: undefined, address });
      return await asked.then(
        ({ actor }) => actor,
        ({ code }) => code,
      );
    };
    const much = "quota-exceeded";
    try {
      const near = [];
      for (const last of "12345") near.push(await from(`2001:db8:1:2::${last}`));
      assert.deepEqual(near, ["anonymous", "anonymous", "anonymous", much, much]);
      assert.equal(await from("2001:db8:1:3::1"), "anonymous");
      assert.equal(await from("203.0.113.9"), "anonymous");
      const bad = [];
      for (let times = 0; times < 4; times++)
        bad.push(await from("203.0.113.7", formatToken(makeToken()).reveal()));
      assert.deepEqual(bad, ["unauthorized", "unauthorized", much, much]);
      assert.equal(await from("203.0.113.8", mine), `token:${idOf(mine)}`);
      // Who is known to be good is let in, whatever others send from there.
      assert.equal(await from("203.0.113.7", mine), `token:${idOf(mine)}`);
      for (let times = 0; times < 3; times++) await small.call("GET", "/api/v2/tenant");
      const limited = await small.call("GET", "/api/v2/tenant");
      assert.equal(limited.status, 429);
      assert.equal(limited.body.code, much);
      assert.equal(limited.headers.get("retry-after"), "1");
    } finally {
      await small.close();
    }
  });
}

describe("access, in memory", () => suite(() => ":memory:"));

describe("access, in a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "thoth-access-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  suite(() => join(folder, "service.db"));
});

describe("access, in PostgreSQL", { skip: missingPostgres() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(async () => await server?.stop());
  suite(() => server.createDatabase());
});
