// Documents and wheels that pass by: bounded, checked, and with credentials for their own origin alone.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { suite, type TestContext, test } from "node:test";
import { ThothError } from "@thoth/pep";
import { buildWheel, startWeb, type WebServer } from "@thoth/testkit";
import { bearerAuthorization, WebClient } from "../src/index.ts";

const wheel = buildWheel({ name: "foo", version: "1.0" });
const WHEEL = `/${wheel.filename}`;

async function open(t: TestContext): Promise<{ web: WebServer; client: WebClient }> {
  const web = await startWeb({
    answer: (url) => (url.pathname === WHEEL ? { body: wheel.bytes } : { body: Buffer.alloc(100_000, 7) }),
  });
  const client = new WebClient({
    base: web.origin,
    variables: { HOME: "/nowhere" },
    limits: { stallSeconds: 0.5 },
  });
  t.after(async () => {
    await client.close();
    await web.close();
  });
  return { web, client };
}

const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const failing = (code: string) => (error: unknown) => error instanceof ThothError && error.code === code;

suite("a body that passes by", () => {
  test("is given on as it comes, up to a limit", async (t) => {
    const { web, client } = await open(t);
    const receive = async (limit: number, path = "/x") => {
      let length = 0;
      const take = async (chunk: Buffer) => {
        await new Promise((resolve) => setImmediate(resolve));
        length += chunk.length;
      };
      const { status } = await client.receive({ url: web.origin + path, subject: "it", limit }, take);
      return [status, length];
    };
    assert.deepEqual(await receive(100_000), [200, 100_000]);
    await assert.rejects(receive(99_999), failing("limit-exceeded"));
    web.spoil("/x", { kind: "flood", size: 1_000_000 });
    await assert.rejects(receive(200_000), failing("limit-exceeded"));
    web.spoil("/x", { kind: "cut", after: 100 });
    await assert.rejects(receive(100_000), failing("index-unreachable"));
    web.spoil("/x", { kind: "status", status: 206, body: "part" });
    await assert.rejects(receive(100_000), failing("index-response-invalid"));
    web.spoil("/x", { kind: "status", status: 404, body: "gone" });
    assert.deepEqual(await receive(100_000), [404, 0]);
  });

  test("ends with what its reader throws", async (t) => {
    const { web, client } = await open(t);
    const request = { url: `${web.origin}/x`, subject: "it", limit: 1e6 };
    const reason = new Error("enough");
    const thrown = () => {
      throw reason;
    };
    await assert.rejects(client.receive(request, thrown), reason);
    await assert.rejects(
      client.receive(request, () => Promise.reject(reason)),
      reason,
    );
  });

  test("is asked for with what is for its own origin, which redirects do not carry on", async (t) => {
    const [one, two] = [await open(t), await open(t)];
    const authorization = bearerAuthorization("geheim");
    one.web.spoil("/x", { kind: "redirect", to: `${two.web.origin}/y` });
    one.web.spoil("/z", { kind: "redirect", to: "/y" });
    for (const path of ["/x", "/z"])
      await one.client.get({ url: one.web.origin + path, subject: "it", limit: 1e6, authorization });
    assert.deepEqual(
      one.web.requests.map(({ path, headers }) => [path, headers.authorization]),
      [
        ["/x", "Bearer geheim"],
        ["/z", "Bearer geheim"],
        ["/y", "Bearer geheim"],
      ],
    );
    assert.deepEqual(
      two.web.requests.map(({ path, headers }) => [path, headers.authorization]),
      [["/y", undefined]],
    );
  });
});

suite("a wheel that passes by", () => {
  const request = (web: WebServer, more: { sha256?: string; most?: number } = {}) => ({
    url: web.origin + WHEEL,
    filename: wheel.filename,
    sha256: sha256Of(wheel.bytes),
    most: 1e6,
    seconds: 10,
    signal: undefined,
    ...more,
  });
  const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith("thoth-file-"));

  test("is read, and leaves nothing", async (t) => {
    const { web, client } = await open(t);
    const before = leftovers();
    const archive = await client.fetchWheel(request(web));
    assert.deepEqual(leftovers(), before);
    const member = archive?.members.find(({ name }) => name.endsWith("/METADATA"));
    assert.ok(archive !== undefined && member !== undefined);
    assert.equal((await archive.read(member, 1e6))?.toString(), wheel.metadata);
    assert.equal(archive.size, wheel.bytes.length);
    await archive.close();
  });

  test("is refused where it is another, too large, damaged or not there", async (t) => {
    const { web, client } = await open(t);
    const before = leftovers();
    await assert.rejects(
      client.fetchWheel(request(web, { sha256: "0".repeat(64) })),
      failing("hash-mismatch"),
    );
    await assert.rejects(client.fetchWheel(request(web, { most: 10 })), failing("limit-exceeded"));
    const text = Buffer.from("no archive");
    web.spoil(WHEEL, { kind: "body", body: text });
    await assert.rejects(
      client.fetchWheel(request(web, { sha256: sha256Of(text) })),
      failing("invalid-wheel"),
    );
    web.spoil(WHEEL, { kind: "status", status: 404 });
    assert.equal(await client.fetchWheel(request(web)), undefined);
    assert.deepEqual(leftovers(), before);
  });

  test("of which parts are asked for is none where its server sends all of a large one", async (t) => {
    const { web, client } = await open(t);
    const place = { filename: wheel.filename, size: undefined, signal: undefined };
    const archive = await client.openWheel({ ...place, url: web.origin + WHEEL });
    assert.equal(archive?.size, wheel.bytes.length);
    await archive?.close();
    web.spoil(WHEEL, { kind: "flood", size: 3_000_000 });
    assert.equal(await client.openWheel({ ...place, url: web.origin + WHEEL }), undefined);
  });
});
