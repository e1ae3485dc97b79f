// What an image is made of: a manifest, or a list of them for several platforms; and its configuration.
// https://github.com/opencontainers/image-spec: manifest.md, image-index.md, config.md. What Docker calls "schema 2" is alike.

import { quote } from "@thoth/pep";
import { notUnderstood, Reading } from "../sources/reading.ts";
import { DIGEST } from "./image-reference.ts";

const INDEXES = new Set([
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
]);
const MANIFESTS = new Set([
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
]);
const CONFIGURATIONS = new Set([
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
]);

export const MANIFEST_TYPES: readonly string[] = [...INDEXES, ...MANIFESTS];

const MOST_MANIFESTS = 1000;
const MOST_LAYERS = 500;
const LARGEST_CONFIGURATION = 8 * 1024 * 1024;
const MOST_VARIABLES = 1000;
const MOST_LABELS = 1000;

export interface FetchedManifest {
  readonly body: Uint8Array;
  readonly digest: string;
  readonly contentType: string;
}

/** Bytes that a manifest names. */
export interface Blob {
  readonly digest: string;
  readonly size: number;
}

export type Packing = "none" | "gzip" | "zstd";

export interface Layer extends Blob {
  readonly packing: Packing;
}

export type Manifest =
  | {
      readonly kind: "index";
      readonly manifests: readonly { readonly digest: string; readonly platform: string }[];
    }
  | { readonly kind: "image"; readonly configuration: Blob; readonly layers: readonly Layer[] };

/** Throws `index-response-invalid`, `limit-exceeded`. */
export function parseManifest({ body, contentType }: FetchedManifest, name: string): Manifest {
  const subject = `the manifest of ${quote(name)}`;
  const document = Reading.parse(body, subject);
  const type = document.maybe("mediaType")?.text(200) ?? contentType;
  if (document.get("schemaVersion").count() !== 2)
    throw notUnderstood(subject, "its schema is not the second");
  if (INDEXES.has(type)) return { kind: "index", manifests: platformsOf(document) };
  if (!MANIFESTS.has(type)) throw notUnderstood(subject, `it is ${quote(type)}`);
  const configuration = document.get("config");
  const kind = configuration.get("mediaType").text(200);
  if (!CONFIGURATIONS.has(kind)) throw notUnderstood(subject, `it is of no image, but of ${quote(kind)}`);
  const layers = document.get("layers").list(MOST_LAYERS);
  return {
    kind: "image",
    configuration: blobOf(configuration, subject, LARGEST_CONFIGURATION),
    layers: layers.map((layer) => ({
      ...blobOf(layer, subject, Number.MAX_SAFE_INTEGER),
      packing: packingOf(layer.get("mediaType").text(200), subject),
    })),
  };
}

/** `linux/amd64`, `linux/arm64/v8`. */
function platformsOf(document: Reading) {
  return document
    .get("manifests")
    .list(MOST_MANIFESTS)
    .flatMap((manifest) => {
      const platform = manifest.maybe("platform");
      const digest = manifest.get("digest").text(200);
      if (platform === undefined || !DIGEST.test(digest)) return [];
      const parts = ["os", "architecture", "variant"].flatMap((part) => platform.maybe(part)?.text(50) ?? []);
      return [{ digest, platform: parts.join("/") }];
    });
}

function blobOf(descriptor: Reading, subject: string, most: number): Blob {
  const digest = descriptor.get("digest").text(200);
  if (!DIGEST.test(digest)) throw notUnderstood(subject, `${quote(digest)} is no SHA-256`);
  const size = descriptor.get("size").count();
  if (size > most) throw notUnderstood(subject, `what it names has ${size} bytes`);
  return { digest, size };
}

const LAYER =
  /^application\/vnd\.(?:oci\.image\.layer\.v1|docker\.image\.rootfs\.diff)\.tar(?:[.+](gzip|zstd))?$/;

function packingOf(type: string, subject: string): Packing {
  const match = LAYER.exec(type);
  if (match === null) throw notUnderstood(subject, `layers such as ${quote(type)} are not read here`);
  return (match[1] as "gzip" | "zstd" | undefined) ?? "none";
}

/** Of a platform that runs here. */
export function forPlatform(
  manifests: readonly { readonly digest: string; readonly platform: string }[],
  architecture: string,
): string | undefined {
  const wanted = `linux/${architecture}`;
  const own = manifests.find(({ platform }) => platform === wanted);
  return (own ?? manifests.find(({ platform }) => platform.startsWith(`${wanted}/`)))?.digest;
}

export interface ImageConfiguration {
  readonly architecture: string;
  readonly created: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/** Throws `index-response-invalid`, `limit-exceeded`. */
export function parseConfiguration(body: Uint8Array, name: string): ImageConfiguration {
  const subject = `the configuration of ${quote(name)}`;
  const document = Reading.parse(body, subject);
  const os = document.get("os").text(50);
  if (os !== "linux") throw notUnderstood(subject, `it is for ${quote(os)}`);
  const variables = document.maybe("config")?.maybe("Env")?.list(MOST_VARIABLES) ?? [];
  const environment = new Map<string, string>();
  for (const variable of variables) {
    const text = variable.text(32_000);
    const at = text.indexOf("=");
    if (at > 0) environment.set(text.slice(0, at).slice(0, 200), text.slice(at + 1));
  }
  return {
    architecture: document.get("architecture").text(50),
    created: document.maybe("created")?.time(),
    environment: Object.fromEntries(environment),
  };
}

/** What a configuration says of an image, of whatever system. */
export interface ImageParticulars {
  readonly architecture: string;
  readonly os: string;
  /** As it is written; undefined: it does not say. */
  readonly created: string | undefined;
  /** Of the Docker that made it. */
  readonly dockerVersion: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** As `NAME=VALUE`. */
  readonly variables: readonly string[];
}

/** Throws `index-response-invalid`, `limit-exceeded`. */
export function parseParticulars(body: Uint8Array, name: string): ImageParticulars {
  const document = Reading.parse(body, `the configuration of ${quote(name)}`);
  return {
    architecture: document.get("architecture").text(50),
    os: document.get("os").text(50),
    created: document.maybe("created")?.text(64),
    dockerVersion: document.maybe("docker_version")?.text(100),
    labels: document.maybe("config")?.maybe("Labels")?.texts(MOST_LABELS) ?? {},
    variables: (document.maybe("config")?.maybe("Env")?.list(MOST_VARIABLES) ?? []).map((one) =>
      one.text(32_000),
    ),
  };
}
