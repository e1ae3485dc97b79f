// A registry that has its moods: connections that end, pieces that are lost, tokens, places on another host.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { basicAuthorization, WebClient } from "@thoth/index";
import { parseImageReference } from "@thoth/ingest";
import { keptCredentials } from "../src/kept-credentials.ts";
import { RegistryWriter } from "../src/registry-writer.ts";
import { makeFolder } from "./world.ts";

const folder = makeFolder();
const content = randomBytes(100_000);
const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
const blob = { mediaType: "application/octet-stream", digest, size: content.length };
const path = join(folder, "blob");
writeFileSync(path, content);

interface Mood {
  /** Ends the connection at these pieces. */
  cuts: number[];
  /** Answers 500 at these pieces, though it took half of them. */
  halves: number[];
  wantsToken: boolean;
  location: string | undefined;
}

describe("what is given to a registry", () => {
  const mood: Mood = { cuts: [], halves: [], wantsToken: false, location: undefined };
  let received = Buffer.alloc(0);
  let pieces = 0;
  const blobs = new Map<string, Buffer>();
  const seen: string[] = [];
  const server = createServer((request, response) => void answer(request, response));
  let host = "";

  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    host = `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  });
  after(() => server.close());

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const url = new URL(request.url ?? "", `http://${host}`);
    seen.push(`${request.method} ${url.pathname.replace(/sha256:.*/, "DIGEST")}`);
    const end = (status: number, headers: Record<string, string> = {}) =>
      response.writeHead(status, headers).end();
    if (url.pathname === "/token") {
      assert.equal(request.headers.authorization, basicAuthorization("me", "word").reveal());
      response.writeHead(200).end(JSON.stringify({ token: url.searchParams.getAll("scope").join("+") }));
      return;
    }
    const isKnown = request.headers.authorization === "Bearer repository:team/app:pull,push";
    if (mood.wantsToken && !isKnown) {
      end(401, { "WWW-Authenticate": `Bearer realm="http://${host}/token",service="s",scope="x"` });
      return;
    }
    const location = mood.location ?? "/v2/team/app/blobs/uploads/one?state=x";
    if (request.method === "HEAD") end(blobs.has(url.pathname.split("/").at(-1) ?? "") ? 200 : 404);
    else if (request.method === "POST") {
      received = Buffer.alloc(0);
      end(202, { Location: location });
    } else if (request.method === "PATCH") takePiece(request, response, body);
    else if (request.method === "GET")
      end(204, { Location: location, Range: `0-${Math.max(0, received.length - 1)}` });
    else {
      const whole = Buffer.concat([received, body]);
      const found = `sha256:${createHash("sha256").update(whole).digest("hex")}`;
      if (found === url.searchParams.get("digest")) blobs.set(found, whole);
      end(found === url.searchParams.get("digest") ? 201 : 400);
    }
  }

  function takePiece(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const at = pieces++;
    if (mood.cuts.includes(at)) {
      request.socket.destroy();
      return;
    }
    const start = Number(/^(\d+)-/.exec(request.headers["content-range"] ?? "")?.[1]);
    if (start !== received.length) {
      response.writeHead(416).end();
      return;
    }
    const isHalf = mood.halves.includes(at);
    received = Buffer.concat([received, isHalf ? body.subarray(0, body.length >> 1) : body]);
    response.writeHead(isHalf ? 500 : 202, { Location: "/v2/team/app/blobs/uploads/one?state=y" }).end();
  }

  async function give(change: Partial<Mood>, piece = 30_000): Promise<string> {
    Object.assign(mood, { cuts: [], halves: [], wantsToken: false, location: undefined }, change);
    blobs.clear();
    seen.length = 0;
    pieces = 0;
    const client = new WebClient({ base: `http://${host}/`, variables: {} });
    const reference = parseImageReference(`${host}/team/app:1`);
    const credentials = basicAuthorization("me", "word");
    try {
      const writer = new RegistryWriter({ client, reference, credentials, piece });
      const fate = await writer.blob(path, blob);
      assert.deepEqual(blobs.get(digest), content);
      assert.equal(await writer.blob(path, blob), "present");
      return fate;
    } finally {
      await client.close();
    }
  }

  test("goes at once where it is short", async () => {
    assert.equal(await give({}, 1 << 20), "sent");
    assert.deepEqual(seen.slice(0, 3), [
      "HEAD /v2/team/app/blobs/DIGEST",
      "POST /v2/team/app/blobs/uploads/",
      "PUT /v2/team/app/blobs/uploads/one",
    ]);
  });

  test("goes in pieces", async () => {
    await give({});
    assert.equal(seen.filter((line) => line.startsWith("PATCH")).length, 4);
  });

  test("goes on where the connection ended, and where the registry stopped within a piece", async () => {
    await give({ cuts: [1], halves: [3] });
    assert.equal(seen.filter((line) => line.startsWith("GET")).length, 2);
  });

  test("comes with a token, which is asked for once", async () => {
    await give({ wantsToken: true });
    assert.equal(seen.filter((line) => line === "GET /token").length, 1);
  });

  test("does not go to a place without encryption elsewhere", async () => {
    await assert.rejects(give({ location: "http://registry.example/upload" }), {
      code: "index-response-invalid",
    });
    await assert.rejects(give({ location: "file:///etc/passwd" }), { code: "index-response-invalid" });
  });

  test("gives up after some attempts", async () => {
    await assert.rejects(give({ cuts: [0, 1, 2, 3, 4, 5, 6] }), { code: "index-unreachable" });
  });
});

describe("kept credentials", () => {
  const reference = (text: string) => parseImageReference(text);
  const kept = async (text: string, auths: object) => {
    const file = join(folder, "auth.json");
    writeFileSync(file, JSON.stringify({ auths }));
    return (await keptCredentials(reference(text), { REGISTRY_AUTH_FILE: file }))?.reveal();
  };
  const auth = (user: string) => ({ auth: Buffer.from(`${user}:word`).toString("base64") });
  const basic = (user: string) => basicAuthorization(user, "word").reveal();

  test("the longest name that fits", async () => {
    const auths = { "quay.io": auth("all"), "quay.io/me": auth("mine"), "quay.io/you": auth("yours") };
    assert.equal(await kept("quay.io/me/app:1", auths), basic("mine"));
    assert.equal(await kept("quay.io/she/app:1", auths), basic("all"));
    assert.equal(await kept("ghcr.io/me/app:1", auths), undefined);
  });

  test("as Docker writes its own", async () => {
    assert.equal(await kept("me/app:1", { "https://index.docker.io/v1/": auth("hub") }), basic("hub"));
  });

  test("what is damaged has none", async () => {
    for (const auths of [{ "quay.io": { auth: "%%%" } }, { "quay.io": 3 }, { "quay.io": null }])
      assert.equal(await kept("quay.io/me/app:1", auths), undefined);
    writeFileSync(join(folder, "broken.json"), "{");
    const variables = { REGISTRY_AUTH_FILE: join(folder, "broken.json") };
    assert.equal(await keptCredentials(reference("quay.io/a:1"), variables), undefined);
  });

  test("of the first file that has some", async () => {
    const home = makeFolder();
    const variables = { HOME: home, DOCKER_CONFIG: home };
    writeFileSync(join(home, "config.json"), JSON.stringify({ auths: { "quay.io": auth("docker") } }));
    assert.equal((await keptCredentials(reference("quay.io/a:1"), variables))?.reveal(), basic("docker"));
  });
});
