// Attacks by what a request looks like: headers, queries, paths, bytes that are no HTTP.

import assert from "node:assert/strict";
import { type Attacks, assertNothing, MARK, type World } from "./world.ts";

const TENANT = "/api/v2/tenant";

function statusesIn(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}

function get(world: World, path: string, ...lines: readonly string[]): string {
  const { host } = new URL(world.url);
  return [`GET ${path} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...lines, "", ""].join("\r\n");
}

function assertNothingRaw(world: World, text: string): void {
  assertNothing(world, { text, headers: new Headers(), status: 0, body: undefined });
}

export const attacksByRequests: Attacks = {
  "says by a header that it is another tenant": async (world) => {
    const names = [
      ..."x-tenant x-tenant-id tenant x-thoth-tenant x-forwarded-user x-remote-user x-user x-auth-request-user".split(
        " ",
      ),
    ];
    for (const name of names) {
      const answer = await world.bobs("GET", TENANT, { headers: { [name]: world.alice.id } });
      assert.equal(answer.body.id, world.bob.id, name);
    }
  },
  "says by a header that it asks for something else": async (world) => {
    const path = `/api/v2/jobs/${world.done}`;
    for (const name of [
      "x-original-url",
      "x-rewrite-url",
      "x-forwarded-path",
      "x-forwarded-prefix",
      "content-location",
    ]) {
      const answer = await world.bobs("GET", TENANT, { headers: { [name]: path } });
      assert.equal(answer.body.id, world.bob.id, name);
    }
  },
  "says by a header that it uses another method": async (world) => {
    for (const name of ["x-http-method-override", "x-http-method", "x-method-override"])
      await world.alices("GET", `/api/v2/jobs/${world.open}`, { headers: { [name]: "DELETE" } });
    assert.equal((await world.alices("GET", `/api/v2/jobs/${world.open}`)).body.state, "ready");
  },
  "says by the query that it is another tenant": async (world) => {
    for (const name of [
      "tenant",
      "Tenant",
      "tenant_id",
      "user",
      "as",
      "tenant[]",
      "__proto__[tenant]",
      "constructor",
    ]) {
      const answer = await world.bobs("GET", `${TENANT}?${name}=${world.alice.id}`);
      assert.equal(answer.status, 400, name);
    }
  },
  "sends a token in the query, which is for logs of proxies to find": async (world) => {
    const path = `${TENANT}?token=${world.alice.token}`;
    const both = await world.bobs("GET", path);
    assert.equal(both.status, 400);
    assertNothing(world, both);
    const alone = await world.call("GET", path);
    assert.ok(alone.status === 400 || alone.status === 401);
    assertNothing(world, alone);
    assert.ok(!world.logged.join().includes(world.alice.token.slice(-43)));
  },
  "sends the same place twice": async (world) => {
    const twice = [
      `/api/v2/comparison?before=x&before=${world.done}&after=x`,
      `/api/v2/comparison?before=x&after=x&after=${world.done}`,
      `/api/v2/jobs?state=done&state=ready`,
      `/api/v2/jobs?after[]=1:x`,
    ];
    for (const path of twice) assert.equal((await world.bobs("GET", path)).status, 400, path);
  },
  "sends two headers of who it is": async (world) => {
    const [mine, yours] = [world.bob.token, `thoth_${world.alice.tokenId}_${"A".repeat(43)}`];
    for (const pair of [
      [mine, yours],
      [yours, mine],
    ]) {
      const text = await world.raw(
        get(world, TENANT, ...pair.map((token) => `Authorization: Bearer ${token}`)),
      );
      assertNothingRaw(world, text);
    }
    const joined = await world.raw(get(world, TENANT, `Authorization: Bearer ${mine}, Bearer ${yours}`));
    assert.deepEqual(statusesIn(joined), [401]);
  },
  "spells the header of who it is in odd ways": async (world) => {
    const { token } = world.alice;
    for (const value of [
      `Bearer${token}`,
      `Basic ${token}`,
      token,
      `Bearer ${token} x`,
      `Bearer "${token}"`,
      "Bearer ",
      "Bearer null",
    ]) {
      const answer = await world.call("GET", TENANT, { headers: { authorization: value } });
      assert.equal(answer.status, 401, value);
    }
  },
  "continues a line of a header": async (world) => {
    const lines = [`Authorization: Bearer`, ` ${world.bob.token}`];
    const text = await world.raw(get(world, TENANT, ...lines));
    assert.ok(
      statusesIn(text).every((status) => status >= 400),
      text,
    );
  },
  "hides a request in the body of another": async (world) => {
    const { host } = new URL(world.url);
    const inner = get(world, `/api/v2/jobs/${world.done}`, `Authorization: Bearer ${world.bob.token}`);
    const heads = [
      [`Content-Length: ${inner.length}`, "Transfer-Encoding: chunked"],
      ["Content-Length: 0", `Content-Length: ${inner.length}`],
      ["Transfer-Encoding: chunked, identity"],
      ["Transfer-Encoding : chunked"],
      ["Content-Length: +0"],
    ];
    for (const lines of heads) {
      const head = [
        `POST /api/v2/tokens HTTP/1.1`,
        `Host: ${host}`,
        `Authorization: Bearer ${world.bob.token}`,
        ...lines,
      ];
      const text = await world.raw(`${head.join("\r\n")}\r\n\r\n0\r\n\r\n${inner}`);
      const statuses = statusesIn(text);
      assert.ok(statuses.length <= 1 && (statuses[0] ?? 400) === 400, `${lines} ${statuses}`);
      assertNothingRaw(world, text);
    }
  },
  "keeps a connection on which somebody else was known": async (world) => {
    const { host } = new URL(world.url);
    const head = (token: string) =>
      `GET ${TENANT} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    const last = `GET ${TENANT} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    const text = await world.raw(head(world.alice.token) + head(world.bob.token) + last);
    assert.deepEqual(statusesIn(text), [200, 200, 401]);
    const [, second = "", third = ""] = text.split(/(?=HTTP\/1\.1 )/);
    assert.ok(second.includes(world.bob.id));
    assertNothingRaw(world, second + third);
  },
  "writes an id in other letters or encodings": async (world) => {
    const id = world.done;
    const first = id.charCodeAt(0).toString(16);
    const ids = [
      id.toUpperCase(),
      `%${first}${id.slice(1)}`,
      `%25${first}${id.slice(1)}`,
      `${id}%00`,
      `${id}%20`,
      `%20${id}`,
      `${id}.`,
      `${id};x=1`,
      `${id}%2fresult`,
      `${id}%2e`,
      `${id}%c0%80`,
      `.%2f${id}`,
      `..%2fjobs%2f${id}`,
      `%ef%bd%81${id.slice(1)}`,
      `${id}%0d%0ax-tenant:%20${world.alice.id}`,
      `${id}/`,
      `/${id}`,
    ];
    for (const odd of ids)
      for (const rest of ["", "/result"]) {
        const text = await world.raw(
          get(world, `/api/v2/jobs/${odd}${rest}`, `Authorization: Bearer ${world.bob.token}`),
        );
        const [status = 400] = statusesIn(text);
        assert.ok(status === 404 || status === 400, `${odd} ${status} ${text}`);
        assert.ok(!text.includes(MARK), text);
      }
  },
  "writes the path in other letters or encodings": async (world) => {
    const paths = [
      `/api/v2/jobs/../jobs/${world.done}`,
      `/api/v2//jobs/${world.done}`,
      `//api/v2/jobs/${world.done}`,
      `/API/V2/JOBS/${world.done}`,
      `/api/v2/%6aobs/${world.done}`,
      `/api/v2/jobs\\${world.done}`,
      `/api/v2/jobs/${world.done}#`,
      `http://other.example/api/v2/jobs/${world.done}`,
    ];
    for (const path of paths) {
      const text = await world.raw(get(world, path, `Authorization: Bearer ${world.bob.token}`));
      const [status = 400] = statusesIn(text);
      assert.ok(status === 404 || status === 400, `${path} ${status}`);
      assert.ok(!text.includes(MARK), text);
    }
  },
  "writes SQL or patterns for ids": async (world) => {
    const ids = [
      "%25",
      "_",
      "adviser-%25",
      "'%20OR%20'1'='1",
      "x'--",
      "*",
      "$1",
      "%22",
      "x%27%3bDROP%20TABLE%20tokens%3b--",
    ];
    for (const id of ids)
      for (const [method, path] of [
        ["GET", `/api/v2/jobs/${id}`],
        ["DELETE", `/api/v2/jobs/${id}`],
        ["DELETE", `/api/v2/tokens/${id}`],
        ["DELETE", `/api/v2/tenant/rules/${id}`],
      ] as const) {
        const answer = await world.bobs(method, path);
        assert.equal(answer.status, 404, `${method} ${path}`);
        assertNothing(world, answer);
      }
    assert.equal((await world.alices("GET", TENANT)).status, 200);
  },
  "sends a body where there is none to be": async (world) => {
    const { host } = new URL(world.url);
    const body = JSON.stringify({ tenant: world.alice.id });
    const head = [
      `GET ${TENANT} HTTP/1.1`,
      `Host: ${host}`,
      "Connection: close",
      `Authorization: Bearer ${world.bob.token}`,
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
    ];
    const text = await world.raw(`${head.join("\r\n")}\r\n\r\n${body}`);
    assertNothingRaw(world, text);
  },
  "sends members twice in a body": async (world) => {
    const answer = await fetch(`${world.url}/api/v2/tokens`, {
      method: "POST",
      headers: { authorization: `Bearer ${world.bob.token}`, "content-type": "application/json" },
      body: '{"name":"x","scopes":["read"],"scopes":["admin"]}',
    });
    assert.equal(answer.status, 403);
  },
  "asks from the place of a proxy": async (world) => {
    for (const name of ["x-forwarded-for", "forwarded", "x-real-ip", "x-client-ip"]) {
      const answer = await world.call("GET", TENANT, { headers: { [name]: "127.0.0.1" } });
      assert.equal(answer.status, 401, name);
    }
  },
  "asks as a page of another site": async (world) => {
    const headers = { origin: "https://evil.example", cookie: `token=${world.alice.token}` };
    const answer = await world.call("GET", TENANT, { headers });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
  },
  "has its answers kept by caches for others": async (world) => {
    for (const path of [TENANT, "/api/v2/jobs", "/api/v2/tokens"])
      assert.equal((await world.alices("GET", path)).headers.get("cache-control"), "no-store", path);
  },
  "writes lines into the log": async (world) => {
    await world.raw(get(world, `/api/v2/jobs/x%0a%7b%22forged%22:1%7d`, "X-Request-Id: a{}b"));
    for (const line of world.logged) assert.ok(!line.includes("\n") && !line.includes("a{}b"), line);
  },
};
