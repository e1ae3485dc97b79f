// What a file declares, by the cheapest way that exists: the file that PEP 658 puts beside it, ranges of the
// wheel, the whole wheel, what a source distribution states, and a build only where builds are allowed.

import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { MetadataUnavailable, ProjectRecord, ReleaseMetadata } from "@thoth/knowledge";
import { parseMetadata, quote, ThothError } from "@thoth/pep";
import type { ArtifactCache, ArtifactRequest } from "./artifact-cache.ts";
import { fetchBody } from "./body.ts";
import type { HttpClient } from "./http-client.ts";
import type { IndexLimits } from "./limits.ts";
import { readLocalFile } from "./local-place.ts";
import { FileGone, NoRanges } from "./ranged-file.ts";
import { fetchRemoteMetadata, type Layout } from "./remote-wheel.ts";
import { fetchSdistMetadata } from "./sdist-client.ts";
import type { StaticMetadata } from "./sdist-metadata.ts";
import { readWheelMetadata } from "./wheel-metadata.ts";

export type Fact = ReleaseMetadata | MetadataUnavailable;

/** A fact, and whether it stays true for as long as the file has this content. */
export interface Finding {
  readonly fact: Fact;
  readonly lasting: boolean;
}

export interface MetadataOptions {
  readonly client: HttpClient;
  readonly artifacts: ArtifactCache;
  readonly limits: IndexLimits;
  /** Undefined: builds are not allowed. */
  readonly build: ((sdistPath: string, signal: AbortSignal) => Promise<string>) | undefined;
}

/** One file of a record. */
interface Target {
  readonly record: ProjectRecord;
  readonly file: number;
  readonly filename: string;
  readonly url: string;
  readonly signal: AbortSignal | undefined;
}

export class MetadataClient {
  readonly #options: MetadataOptions;
  /** Origins that send a whole file when asked for a part. */
  readonly #rangeless = new Set<string>();
  /** Of the last wheel that was read of a project. */
  readonly #layouts = new WeakMap<ProjectRecord, Layout>();

  constructor(options: MetadataOptions) {
    this.#options = options;
  }

  /** Throws `index-unreachable`, `unauthorized`, `hash-mismatch`, `file-failed`. */
  async fetch(record: ProjectRecord, file: number, signal: AbortSignal | undefined): Promise<Finding> {
    const filename = record.filename(file);
    try {
      return await this.#fetch({ record, file, filename, url: record.url(file), signal });
    } catch (error) {
      const fact = unavailable(error, filename);
      if (fact === undefined) throw error;
      return { fact, lasting: fact.unavailable === "invalid-metadata" && !(error instanceof FileGone) };
    }
  }

  async #fetch(target: Target): Promise<Finding> {
    const { record, file } = target;
    const beside = await this.#fetchBeside(target);
    if (beside !== undefined) return understand(parseMetadata(beside), target);
    if (record.isSdist(file)) return await this.#ofSdist(target);
    return understand(parseMetadata(await this.#ofWheel(target)), target);
  }

  /** PEP 658. */
  async #fetchBeside({ record, file, filename, url, signal }: Target): Promise<Buffer | undefined> {
    const offered = record.coreMetadata(file);
    if (offered === false) return undefined;
    const { client, limits } = this.#options;
    let bytes: Buffer | undefined;
    if (url.startsWith("file:")) {
      bytes = await readLocalFile(`${fileURLToPath(url)}.metadata`, limits.metadataBytes);
    } else {
      const fetched = await fetchBody(client, {
        url: `${url}.metadata`,
        subject: `the metadata of ${quote(filename)}`,
        headers: { "accept-encoding": "gzip" },
        limit: limits.metadataBytes,
        signal,
      });
      // Offered, and not there: the file itself will tell.
      bytes = fetched.body;
    }
    if (bytes !== undefined && typeof offered === "string") checkHash(`${filename}.metadata`, bytes, offered);
    return bytes;
  }

  async #ofWheel(target: Target): Promise<Buffer> {
    const { record, file, filename, url, signal } = target;
    const { client, limits, artifacts } = this.#options;
    if (url.startsWith("file:")) return await readWheelMetadata(fileURLToPath(url), limits);
    const cached = await artifacts.find(requestOf(target));
    if (cached !== undefined) return await readWheelMetadata(cached.path, limits);
    const { origin } = new URL(url);
    if (!this.#rangeless.has(origin)) {
      try {
        const size = record.size(file);
        const wheel = { url, filename, size, layout: this.#layouts.get(record), limits, signal };
        const { bytes, layout } = await fetchRemoteMetadata(client, wheel);
        this.#layouts.set(record, layout);
        return bytes;
      } catch (error) {
        if (error instanceof NoRanges && error.ignored) this.#rangeless.add(origin);
        else if (!(error instanceof NoRanges) && !isDamage(error, record.size(file), limits)) throw error;
      }
    }
    return await this.#ofWholeWheel(target);
  }

  async #ofWholeWheel(target: Target): Promise<Buffer> {
    const { artifacts, limits } = this.#options;
    const size = target.record.size(target.file);
    if (size !== undefined && size > limits.wholeWheelBytes) {
      throw new ThothError("limit-exceeded", `it is too large to be fetched for its metadata`);
    }
    const { path } = await artifacts.fetch(requestOf(target), target.signal);
    return await readWheelMetadata(path, limits);
  }

  async #ofSdist(target: Target): Promise<Finding> {
    const request = requestOf(target);
    const stated = await fetchSdistMetadata(this.#options, request, target.signal);
    if (stated !== undefined) return understand(stated, target);
    const { build, artifacts } = this.#options;
    if (build === undefined) {
      const message = `${quote(target.filename)} has to be built to tell what it needs`;
      return { fact: { unavailable: "build-not-allowed", message }, lasting: true };
    }
    const { path } = await artifacts.fetch(request, target.signal);
    try {
      const text = await build(path, target.signal ?? new AbortController().signal);
      return understand(parseMetadata(text), target);
    } catch (error) {
      // An old release that cannot be built here is no candidate, and no reason to give up on the others.
      if (!(error instanceof ThothError) || error.code !== "environment-failed") throw error;
      const message = `${quote(target.filename)}: ${error.message.replace(/\.$/, "")}`;
      return { fact: { unavailable: "invalid-metadata", message }, lasting: false };
    }
  }
}

/** Parts that make no archive may come from a server that lies about them: the whole file, by its hash, does not. */
function isDamage(error: unknown, size: number | undefined, limits: IndexLimits): boolean {
  return error instanceof ThothError && error.code === "invalid-wheel" && (size ?? 0) <= limits.doubtedBytes;
}

function requestOf({ record, file, filename, url }: Target): ArtifactRequest {
  return { filename, url, hashes: record.hashes(file), size: record.size(file) };
}

function checkHash(filename: string, bytes: Buffer, expected: string): void {
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found === expected) return;
  throw new ThothError(
    "hash-mismatch",
    `${quote(filename)} has the sha256 \`${found}\`, not \`${expected}\` as the index page promises.`,
    {
      hint: "The file was replaced or damaged on its way.",
      details: { file: filename, algorithm: "sha256", expected, found },
    },
  );
}

/** A file must be what its name says. */
function understand(metadata: StaticMetadata, { record, file, filename }: Target): Finding {
  const version = record.versionText(record.releaseOf(file));
  const stated = metadata.version ?? version;
  if (metadata.name !== record.name || stated !== version) {
    const message = `${quote(filename)} says that it is ${quote(`${metadata.name} ${stated}`)}`;
    return { fact: { unavailable: "metadata-mismatch", message }, lasting: true };
  }
  const { name, requiresDist, requiresPython, providesExtra } = metadata;
  return { fact: { name, version, requiresDist, requiresPython, providesExtra }, lasting: true };
}

/** Undefined for what is no property of the file. */
function unavailable(error: unknown, filename: string): MetadataUnavailable | undefined {
  if (error instanceof FileGone) {
    return { unavailable: "invalid-metadata", message: `${quote(filename)} is not where the index says` };
  }
  if (!(error instanceof ThothError)) return undefined;
  const message = `${quote(filename)}: ${error.message.replace(/\.$/, "")}`;
  if (error.code === "limit-exceeded") return { unavailable: "limit-exceeded", message };
  if (error.code === "invalid-metadata" || error.code === "invalid-wheel") {
    return { unavailable: "invalid-metadata", message };
  }
  return undefined;
}
