// The index on loopback answers as the specification says, and goes wrong as asked.

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { parseProjectPage } from "@thoth/pep";
import { buildSdist, buildWheel, type IndexOptions, type IndexServer, startIndex } from "../src/index.ts";

const wheel = buildWheel({
  name: "flask",
  version: "1.0",
  requires: ["werkzeug>=1"],
  requiresPython: ">=3.8",
});
const sdist = buildSdist({ name: "flask", version: "1.0" });
const JSON_TYPE = "application/vnd.pypi.simple.v1+json";
const servers: IndexServer[] = [];

async function start(options: IndexOptions = {}): Promise<IndexServer> {
  const server = await startIndex({
    projects: { Flask: [wheel, { artifact: sdist, yanked: "old <b>" }] },
    ...options,
  });
  servers.push(server);
  return server;
}

async function page(server: IndexServer, accept: string): Promise<ReturnType<typeof parseProjectPage>> {
  const url = `${server.indexUrl}flask/`;
  const answer = await fetch(url, { headers: { Accept: accept } });
  const contentType = answer.headers.get("content-type") ?? undefined;
  return parseProjectPage(await answer.text(), { url, contentType });
}

after(() => Promise.all(servers.map((server) => server.close())));

describe("pages", () => {
  for (const accept of [JSON_TYPE, "text/html"]) {
    it(`list the files for ${accept}`, async () => {
      const server = await start();
      const { files, warnings } = await page(server, accept);
      assert.deepEqual(warnings, []);
      assert.deepEqual(
        files.map(({ filename }) => filename),
        ["flask-1.0-py3-none-any.whl", "flask-1.0.tar.gz"],
      );
      assert.equal(files[0]?.url, server.urlOf(wheel.filename));
      const body = await (await fetch(`${files[0]?.url}.metadata`)).text();
      assert.equal(body, wheel.metadata);
    });
  }

  it("are revalidated", async () => {
    const server = await start();
    const first = await fetch(`${server.indexUrl}flask/`);
    const etag = first.headers.get("etag") ?? "";
    await first.arrayBuffer();
    const second = await fetch(`${server.indexUrl}flask/`, { headers: { "If-None-Match": etag } });
    assert.equal(second.status, 304);
    assert.deepEqual(
      server.requests.map(({ path, status }) => [path, status]),
      [
        ["/simple/flask/", 200],
        ["/simple/flask/", 304],
      ],
    );
  });

  it("ask for the account", async () => {
    const server = await start({ authentication: { username: "me", password: "p@ss" } });
    assert.equal((await fetch(server.indexUrl)).status, 401);
    const Authorization = `Basic ${Buffer.from("me:p@ss").toString("base64")}`;
    assert.equal((await fetch(server.indexUrl, { headers: { Authorization } })).status, 200);
  });
});

describe("ranges", () => {
  const length = wheel.bytes.length;
  const tail = Buffer.from(wheel.bytes.subarray(-10));
  const cases = [
    ["honoured", 206, tail],
    ["ignored", 200, Buffer.from(wheel.bytes)],
    ["refused", 416, Buffer.alloc(0)],
    ["no-suffix", 416, Buffer.alloc(0)],
    ["lying", 206, Buffer.from(wheel.bytes.subarray(0, 10))],
    ["whole", 206, Buffer.from(wheel.bytes)],
  ] as const;
  for (const [ranges, status, expected] of cases) {
    it(`are ${ranges}`, async () => {
      const server = await start({ ranges });
      const answer = await fetch(server.urlOf(wheel.filename), { headers: { Range: "bytes=-10" } });
      assert.equal(answer.status, status);
      if (status === 206)
        assert.equal(answer.headers.get("content-range"), `bytes ${length - 10}-${length - 1}/${length}`);
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), expected);
    });
  }
});

describe("faults", () => {
  const path = "/simple/flask/";

  it("come in order and pass", async () => {
    const server = await start({
      faults: {
        [path]: [
          { kind: "status", status: 503, retryAfter: "1", times: 2 },
          { kind: "reset", times: 1 },
        ],
      },
    });
    const url = `${server.indexUrl}flask/`;
    for (const status of [503, 503]) assert.equal((await fetch(url)).status, status);
    await assert.rejects(fetch(url));
    assert.equal((await fetch(url)).status, 200);
    server.spoil(path, { kind: "body", body: "<a href=x>", contentType: "text/html" });
    assert.equal(await (await fetch(url)).text(), "<a href=x>");
    server.spoil(path);
    assert.equal((await fetch(url)).status, 200);
  });

  it("cut a body off", async () => {
    const server = await start({ faults: { "*": { kind: "cut", after: 20 } } });
    const answer = await fetch(server.urlOf(wheel.filename));
    assert.equal(answer.headers.get("content-length"), String(wheel.bytes.length));
    await assert.rejects(answer.arrayBuffer());
  });

  it("send more than anybody wants, at the client's pace", async () => {
    const server = await start({
      faults: {
        [path]: { kind: "bomb", size: 2 ** 33 },
        "/simple/": { kind: "flood", size: 2 ** 33, prefix: "{" },
      },
    });
    for (const url of [`${server.indexUrl}flask/`, server.indexUrl]) {
      const controller = new AbortController();
      const answer = await fetch(url, { signal: controller.signal });
      let seen = 0;
      for await (const part of answer.body ?? []) {
        seen += (part as Uint8Array).length;
        if (seen > 2 ** 25) break;
      }
      controller.abort();
      assert.ok(seen > 2 ** 25);
    }
  });

  it("redirect, and send slowly", async () => {
    const server = await start({
      faults: {
        [path]: { kind: "redirect", to: path },
        [`/files/${wheel.filename}`]: { kind: "slow", bytes: 400, everyMs: 1 },
      },
    });
    const answer = await fetch(`${server.indexUrl}flask/`, { redirect: "manual" });
    assert.equal(answer.headers.get("location"), path);
    const slow = await fetch(server.urlOf(wheel.filename));
    assert.equal((await slow.arrayBuffer()).byteLength, wheel.bytes.length);
  });
});
