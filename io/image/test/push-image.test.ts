// A whole image to registries of the specification's several kinds: with a list of referrers and without, busy, with tokens
// that end. Each is the smallest server that does what the specification says and checks what is sent to it.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { basicAuthorization, WebClient } from "@thoth/index";
import { blobDigest, parseImageReference } from "@thoth/ingest";
import { buildWheel } from "@thoth/testkit";
import { type Attachment, attach, referrersTag } from "../src/attachments.ts";
import type { BuiltImage } from "../src/build-image.ts";
import type { Descriptor } from "../src/image-documents.ts";
import { pathOfBlob } from "../src/layout-writer.ts";
import { type Pushed, pushImage } from "../src/push-image.ts";
import { imageOf, localWheel, makeFolder } from "./world.ts";

interface Manifest {
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly manifests?: readonly Descriptor[];
}

class SpecRegistry {
  host = "";
  listsReferrers = true;
  /** Answers 429 to so many requests, and how long it wants to be left alone. */
  busy = 0;
  pause: string | undefined;
  /** Requests that a token is good for; undefined: none is wanted. */
  tokenUses: number | undefined;
  /** The status of those who ask for a token. */
  tokenStatus = 200;
  readonly blobs = new Set<string>();
  readonly manifests = new Map<string, Manifest>();
  readonly seen: string[] = [];
  #tokens = 0;
  #uses = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
  }

  reset(): void {
    Object.assign(this, {
      listsReferrers: true,
      busy: 0,
      pause: undefined,
      tokenUses: undefined,
      tokenStatus: 200,
    });
    this.blobs.clear();
    this.manifests.clear();
    this.seen.length = 0;
    this.#tokens = 0;
    this.#uses = 0;
  }

  /** What `GET …/referrers/DIGEST` lists. */
  referrersOf(digest: string): readonly Manifest[] {
    return [...this.manifests]
      .filter(([name, { subject }]) => name.startsWith("sha256:") && subject?.digest === digest)
      .map(([, manifest]) => manifest);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const url = new URL(request.url ?? "", `http://${this.host}`);
    this.seen.push(`${request.method} ${url.pathname.replace(/sha256:[0-9a-f]+/, "DIGEST")}`);
    const end = (status: number, headers: Record<string, string> = {}, body = "") =>
      response.writeHead(status, headers).end(body);
    if (url.pathname === "/token") {
      const isKnown = request.headers.authorization === basicAuthorization("me", "word").reveal();
      this.#uses = 0;
      end(isKnown ? this.tokenStatus : 401, {}, JSON.stringify({ access_token: `token-${++this.#tokens}` }));
      return;
    }
    if (this.busy > 0) {
      this.busy--;
      end(429, this.pause === undefined ? {} : { "Retry-After": this.pause });
      return;
    }
    if (this.tokenUses !== undefined) {
      const isRight = request.headers.authorization === `Bearer token-${this.#tokens}`;
      if (!isRight || this.#uses++ >= this.tokenUses) {
        const realm = `Bearer realm="http://${this.host}/token",service="s"`;
        end(401, { "WWW-Authenticate": realm });
        return;
      }
    }
    const [, kind = "", name = ""] = /^\/v2\/team\/app\/(blobs|manifests)\/(.*)$/.exec(url.pathname) ?? [];
    if (kind === "blobs") this.#blob(request.method ?? "", { name, url, body: Buffer.concat(parts), end });
    else if (kind === "manifests")
      this.#manifest(request.method ?? "", { name, body: Buffer.concat(parts), end });
    else end(404);
  }

  #blob(method: string, { name, url, body, end }: { name: string; url: URL; body: Buffer; end: End }): void {
    if (method === "HEAD") end(this.blobs.has(name) ? 200 : 404);
    else if (method === "POST") end(202, { Location: "/v2/team/app/blobs/uploads/one" });
    else {
      assert.equal(blobDigest(body), url.searchParams.get("digest"));
      this.blobs.add(blobDigest(body));
      end(201);
    }
  }

  #manifest(method: string, { name, body, end }: { name: string; body: Buffer; end: End }): void {
    if (method === "GET") {
      const kept = this.manifests.get(name);
      end(kept === undefined ? 404 : 200, {}, JSON.stringify(kept));
      return;
    }
    const manifest = JSON.parse(body.toString("utf8")) as Manifest;
    const { config, layers = [], subject } = manifest;
    // What is named must be there: blobs come first.
    const named = [...(config === undefined ? [] : [config]), ...layers];
    if (named.some(({ digest }) => !this.blobs.has(digest))) {
      end(400);
      return;
    }
    this.manifests.set(name, manifest).set(blobDigest(body), manifest);
    end(201, this.listsReferrers && subject !== undefined ? { "OCI-Subject": subject.digest } : {});
  }
}

type End = (status: number, headers?: Record<string, string>, body?: string) => void;

describe("an image that is pushed", () => {
  const registry = new SpecRegistry();
  const folder = makeFolder();
  const layout = join(folder, "image");
  let built: BuiltImage;
  let attachments: readonly Attachment[];

  before(async () => {
    await registry.start();
    const wheel = buildWheel({ name: "good", version: "1.0", files: { "good/__init__.py": "good = 1\n" } });
    built = await imageOf([localWheel(folder, wheel)], layout);
    attachments = ["one", "two"].map((title) =>
      attach(
        { type: `application/${title}`, value: { title }, title },
        built.manifest.descriptor,
        "2026-01-31T00:00:00Z",
      ),
    );
    for (const { descriptor, bytes } of attachments.flatMap(({ blobs }) => blobs))
      writeFileSync(pathOfBlob(layout, descriptor.digest), bytes);
  });
  beforeEach(() => registry.reset());
  after(() => registry.close());

  async function push(): Promise<Pushed> {
    const client = new WebClient({ base: `http://${registry.host}/`, variables: {} });
    const { manifest, layers, configuration } = built;
    try {
      return await pushImage({
        ...{ client, layout, manifest, layers, attachments, configuration: configuration.descriptor },
        reference: parseImageReference(`${registry.host}/team/app:1`),
        credentials: basicAuthorization("me", "word"),
      });
    } finally {
      await client.close();
    }
  }

  const tag = () => referrersTag(built.manifest.descriptor.digest);

  test("has its referrers where the registry lists them, and no list under a tag", async () => {
    await push();
    const listed = registry.referrersOf(built.manifest.descriptor.digest);
    assert.deepEqual(
      listed.map(({ artifactType }) => artifactType),
      ["application/one", "application/two"],
    );
    assert.equal(registry.manifests.has(tag()), false);
    assert.ok(!registry.seen.some((line) => line.endsWith(tag())));
  });

  test("has them under a tag where the registry does not, beside those that were there", async () => {
    registry.listsReferrers = false;
    const other = { mediaType: "application/x", digest: `sha256:${"0".repeat(64)}`, size: 2 };
    registry.manifests.set(tag(), { mediaType: "application/x", manifests: [other] });
    await push();
    const digests = attachments.map(({ entry }) => entry.digest);
    const listed = () => registry.manifests.get(tag())?.manifests?.map(({ digest }) => digest);
    assert.deepEqual(listed(), [other.digest, ...digests]);
    await push();
    assert.deepEqual(listed(), [other.digest, ...digests]);
    assert.equal(registry.seen.filter((line) => line === `PUT /v2/team/app/manifests/${tag()}`).length, 1);
  });

  test("waits as long as a busy registry asks", async () => {
    Object.assign(registry, { busy: 2, pause: "1" });
    const { blobs } = await push();
    assert.equal(blobs.sent, built.layers.length + 1);
  });

  test("is given up where it should wait for long", async () => {
    Object.assign(registry, { busy: 100, pause: "3600" });
    await assert.rejects(push(), { code: "index-response-invalid" });
    assert.ok(registry.seen.length <= 3);
    assert.equal(registry.manifests.size, 0);
  });

  test("goes on with a new token where one has ended", async () => {
    registry.tokenUses = 6;
    await push();
    assert.ok(registry.seen.filter((line) => line === "GET /token").length > 2);
    assert.equal(registry.referrersOf(built.manifest.descriptor.digest).length, 2);
  });

  test("is refused where no token is given, and where the token is no use", async () => {
    Object.assign(registry, { tokenUses: 100, tokenStatus: 403 });
    await assert.rejects(push(), { code: "unauthorized" });
    Object.assign(registry, { tokenUses: 0, tokenStatus: 200 });
    await assert.rejects(push(), { code: "unauthorized" });
    assert.equal(registry.manifests.size, 0);
  });
});
