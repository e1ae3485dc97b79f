// Registries that mean no good, or lead to those that may not be asked: nothing inside is reached, by whatever way, and what
// credentials there are go where they belong.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ImageRegistry, SAMPLE_IMAGE, startWeb, type WebPage, type WebServer } from "@thoth/testkit";
import { type AskV1, askerOf } from "./ask-v1.ts";
import { type StartedService, startService } from "./start-service.ts";

const USER = "me";
const PASSWORD = "guarded-word-1b6f";
const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
const CREDENTIALS = { registry_user: USER, registry_password: PASSWORD };
const NAME = "thoth/base:1.0";

describe("registries that may not be believed", () => {
  /** An allowed one, another that is allowed, and one inside that is not. */
  let registry: WebServer;
  let tokens: WebServer;
  let inside: WebServer;
  let service: StartedService;
  let ask: AskV1;
  /** Where the challenge of the registry sends whoever asks. */
  let realm = "";

  before(async () => {
    const images = new ImageRegistry([SAMPLE_IMAGE]);
    registry = await startWeb({ answer: (url, headers) => challenged(images, url, headers.authorization) });
    tokens = await startWeb({ answer: (url) => images.token(url) });
    inside = await startWeb({ answer: () => ({ body: { token: "inside", secret: "of the cloud" } }) });
    const hosts = [registry, tokens].flatMap(({ origin }) => ["--allowed-host", `+${hostOf(origin)}`]);
    service = await startService({
      words: [...hosts, "--allowed-host", hostOf(inside.origin), "--workers", "1"],
      variables: {
        THOTH_SECRET_KEY: Buffer.alloc(32, 7).toString("base64"),
        THOTH_ANONYMOUS_QUESTION_RATE: "1000,1000",
      },
    });
    ask = askerOf(service.url);
  });
  after(async () => {
    await service?.stop();
    for (const server of [registry, tokens, inside]) await server?.close();
  });

  /** As `ImageRegistry` does it, with another realm. */
  function challenged(images: ImageRegistry, url: URL, authorization = ""): WebPage {
    const answer = images.answer(url.pathname.slice("/v2/".length), url, { authorization });
    if (answer.status !== 401) return answer;
    return { ...answer, headers: { "WWW-Authenticate": `Bearer realm="${realm}",service="world"` } };
  }

  const image = () => `${hostOf(registry.origin)}/${NAME}`;

  /** What both ways of asking come to. */
  async function refusals(more: Readonly<Record<string, string>> = {}) {
    const metadata = await ask("readImageMetadata", { image: image(), ...more });
    const { document } = await ask("analyzeImage", { image: image(), force: "true", ...more });
    const analysis = await ask.result("readImageAnalysis", String(document["analysis_id"]));
    return { metadata, analysis };
  }

  async function assertRefused(): Promise<void> {
    const { metadata, analysis } = await refusals(CREDENTIALS);
    assert.equal(metadata.status, 403, JSON.stringify(metadata.document));
    assert.equal(analysis.status, 400, JSON.stringify(analysis.document));
    assert.match(String(analysis.document["error"]), /may not be asked/);
    for (const { document } of [metadata, analysis])
      assert.ok(!JSON.stringify(document).includes(PASSWORD) && !JSON.stringify(document).includes("cloud"));
    assert.deepEqual(inside.requests, []);
  }

  const manifest = "/v2/thoth/base/manifests/1.0";

  it("are asked for tokens where they say, if that may be asked", async () => {
    realm = `${tokens.origin}/token`;
    const { metadata, analysis } = await refusals(CREDENTIALS);
    assert.deepEqual([metadata.status, analysis.status], [200, 200], JSON.stringify([metadata, analysis]));
    assert.ok(tokens.requests.every(({ headers }) => headers.authorization === BASIC));
    const sent = registry.requests.map(({ headers }) => headers.authorization);
    assert.ok(!sent.includes(BASIC));
  });

  it("lead nobody inside by a realm, of whatever form", async () => {
    const port = new URL(inside.origin).port;
    for (const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `[::ffff:127.0.0.1]:${port}`,
      "169.254.169.254",
    ]) {
      realm = `http://${host}/token`;
      await assertRefused();
    }
    for (const place of ["file:///etc/passwd", "gopher://127.0.0.1/", "/token", ""]) {
      realm = place;
      const { metadata, analysis } = await refusals();
      assert.deepEqual([metadata.status, analysis.status], [403, 400], place);
    }
  });

  it("lead nobody inside by redirects, of manifests and of blobs", async () => {
    realm = `${tokens.origin}/token`;
    const blob = registry.requests.find(({ path }) => path.includes("/blobs/"))?.path ?? "";
    for (const path of [manifest, blob, "/token"]) {
      const server = path === "/token" ? tokens : registry;
      server.spoil(path, { kind: "redirect", to: `${inside.origin}/latest/meta-data` });
      await assertRefused();
      server.spoil(path);
    }
  });

  it("that are away are nobody's fault", async () => {
    registry.spoil(manifest, { kind: "status", status: 500 });
    assert.equal((await ask("readImageMetadata", { image: image() })).status, 503);
    registry.spoil(manifest, { kind: "stall" });
    const began = performance.now();
    assert.equal((await ask("readImageMetadata", { image: image() })).status, 503);
    assert.ok(performance.now() - began < 20_000);
    registry.spoil(manifest);
  });

  it("that send something else are told as what they are", async () => {
    for (const body of ["<p>Sign in</p>", "[]", '{"schemaVersion":1}', `{"schemaVersion":2}`]) {
      registry.spoil(manifest, { kind: "body", body });
      assert.equal((await ask("readImageMetadata", { image: image() })).status, 400, body);
    }
    registry.spoil(manifest, { kind: "flood", size: 20_000_000 });
    assert.equal((await ask("readImageMetadata", { image: image() })).status, 400);
    registry.spoil(manifest);
  });
});

function hostOf(origin: string): string {
  return new URL(origin).host;
}
