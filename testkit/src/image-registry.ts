// Container images made in memory, and a registry that has them: tokens, lists for several platforms, blobs by their digests.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md

import { mkdirSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { sha256 } from "./offer.ts";
import { makeTar, type TarMember } from "./tar-writer.ts";
import type { WebPage } from "./web-server.ts";

export interface WorldLayer {
  /** Or the archive of them. */
  readonly members: readonly TarMember[] | Uint8Array;
  /** Default gzip. */
  readonly packing?: "none" | "gzip" | "zstd";
}

export interface WorldImage {
  /** As in `thoth/base`. */
  readonly repository: string;
  readonly tag: string;
  readonly layers: readonly WorldLayer[];
  /** Default: that of this process. */
  readonly architecture?: string;
  readonly environment?: readonly string[];
  /** Whether the tag leads to a list of images for several platforms. Default true. */
  readonly listed?: boolean;
  /** The manifest instead of the right one. */
  readonly manifest?: unknown;
}

export const OCI = "application/vnd.oci.image";
/** This machine's, as the names of platforms have it. */
export const ARCHITECTURE = process.arch === "x64" ? "amd64" : process.arch;

export interface Stored {
  readonly type: string;
  readonly body: Uint8Array;
}

export class ImageRegistry {
  /** By `repository/tag`; put another in its place to move a tag. */
  readonly images = new Map<string, WorldImage>();
  /** Given out so far; a token that is not among them is not accepted. */
  readonly tokens = new Set<string>();

  constructor(images: readonly WorldImage[]) {
    for (const image of images) this.images.set(`${image.repository}:${image.tag}`, image);
  }

  /** `rest`: what follows `/v2/`. */
  answer(rest: string, url: URL, { authorization = "" }: IncomingMessage["headers"]): WebPage {
    const [, repository = "", kind, name = ""] = /^(.+)\/(manifests|blobs)\/([^/]+)$/.exec(rest) ?? [];
    if (!this.tokens.has(authorization)) {
      const challenge = `Bearer realm="${url.origin}/token",service="world",scope="repository:${repository}:pull"`;
      return { status: 401, headers: { "WWW-Authenticate": challenge }, body: { errors: [] } };
    }
    const stored = this.#stored(repository, kind === "manifests" ? name : undefined).get(name);
    if (stored === undefined) return { status: 404, body: { errors: [{ code: "MANIFEST_UNKNOWN" }] } };
    const digest = digestOf(stored.body);
    return { headers: { "Content-Type": stored.type, "Docker-Content-Digest": digest }, body: stored.body };
  }

  token(url: URL): WebPage {
    const token = Buffer.from(url.searchParams.get("scope") ?? "").toString("hex");
    this.tokens.add(`Bearer ${token}`);
    return { body: { token, expires_in: 300 } };
  }

  /** Of all images of a repository, by tag and digest. */
  #stored(repository: string, tag: string | undefined): ReadonlyMap<string, Stored> {
    const found = new Map<string, Stored>();
    for (const image of this.images.values()) {
      if (image.repository !== repository) continue;
      const { manifest, blobs } = makeImage(image);
      for (const one of [manifest, ...blobs]) found.set(digestOf(one.body), one);
      const list = image.listed === false ? manifest : listOf(image, manifest);
      found.set(digestOf(list.body), list);
      if (image.tag === tag) found.set(tag, list);
    }
    return found;
  }
}

/** The digest of the manifest by which an image is known. */
export function imageDigest(image: WorldImage): string {
  return digestOf(makeImage(image).manifest.body);
}

/** What a registry is given of an image: its parts, what names them, and a list that names that and nothing else. */
export function partsOfImage(image: WorldImage) {
  const { manifest, blobs } = makeImage(image);
  const { architecture = ARCHITECTURE, listed = true } = image;
  const own = { ...descriptorOf(manifest), platform: { architecture, os: "linux" } };
  return { blobs, manifest, list: listed ? listing([own]) : undefined };
}

const made = new WeakMap<WorldImage, { readonly manifest: Stored; readonly blobs: readonly Stored[] }>();

function makeImage(image: WorldImage) {
  const known = made.get(image);
  if (known !== undefined) return known;
  const layers = image.layers.map(({ members, packing = "gzip" }) => {
    const tar = members instanceof Uint8Array ? members : makeTar(members);
    const body = packing === "none" ? tar : packing === "gzip" ? gzipSync(tar) : zstdCompressSync(tar);
    const type = `${OCI}.layer.v1.tar${packing === "none" ? "" : `+${packing}`}`;
    return { type, body, diffId: digestOf(tar) };
  });
  const configuration = json(`${OCI}.config.v1+json`, {
    architecture: image.architecture ?? ARCHITECTURE,
    os: "linux",
    created: "2024-02-03T04:05:06.123456789Z",
    config: { Env: image.environment ?? ["PATH=/usr/bin"] },
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
  });
  const type = `${OCI}.manifest.v1+json`;
  const manifest = json(
    type,
    image.manifest ?? {
      schemaVersion: 2,
      mediaType: type,
      config: descriptorOf(configuration),
      layers: layers.map(descriptorOf),
    },
  );
  const whole = { manifest, blobs: [configuration, ...layers] };
  made.set(image, whole);
  return whole;
}

/** Writes an OCI layout of an image into a new folder. https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
export function writeImageLayout(folder: string, image: WorldImage): void {
  const { manifest, blobs } = makeImage(image);
  mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
  for (const { body } of [manifest, ...blobs])
    writeFileSync(join(folder, "blobs/sha256", sha256(body)), body);
  const annotations = { "org.opencontainers.image.ref.name": image.tag };
  const index = { schemaVersion: 2, manifests: [{ ...descriptorOf(manifest), annotations }] };
  writeFileSync(join(folder, "index.json"), JSON.stringify(index));
  writeFileSync(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
}

function listOf({ architecture = ARCHITECTURE }: WorldImage, manifest: Stored): Stored {
  const other = { ...descriptorOf(manifest), digest: `sha256:${"0".repeat(64)}` };
  return listing([
    { ...other, platform: { architecture: "s390x", os: "linux" } },
    { ...descriptorOf(manifest), platform: { architecture, os: "linux" } },
    { ...other, platform: { architecture: "unknown", os: "unknown" } },
  ]);
}

function listing(manifests: readonly object[]): Stored {
  const type = `${OCI}.index.v1+json`;
  return json(type, { schemaVersion: 2, mediaType: type, manifests });
}

function descriptorOf({ type, body }: Stored) {
  return { mediaType: type, digest: digestOf(body), size: body.length };
}

function json(type: string, value: unknown): Stored {
  return { type, body: Buffer.from(JSON.stringify(value)) };
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${sha256(bytes)}`;
}
