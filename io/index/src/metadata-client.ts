// What a file declares, by the cheapest way that exists: the file that PEP 658 puts beside it, ranges of the
// wheel, the whole wheel, what a source distribution states, and a build only where builds are allowed.

import { createHash } from "node:crypto";
import type { MetadataUnavailable, ProjectRecord, ReleaseMetadata } from "@thoth/knowledge";
import { parseMetadata, quote, ThothError } from "@thoth/pep";
import { fetchBody } from "./body.ts";
import type { HttpClient } from "./http-client.ts";
import type { IndexLimits } from "./limits.ts";
import { FileGone, fetchRemoteMetadata, NoRanges } from "./remote-wheel.ts";

export type Fact = ReleaseMetadata | MetadataUnavailable;

/** A fact, and whether it stays true for as long as the file has this content. */
export interface Finding {
  readonly fact: Fact;
  readonly lasting: boolean;
}

export interface MetadataOptions {
  readonly client: HttpClient;
  readonly limits: IndexLimits;
}

export class MetadataClient {
  readonly #options: MetadataOptions;

  constructor(options: MetadataOptions) {
    this.#options = options;
  }

  /** Throws `index-unreachable`, `unauthorized`, `hash-mismatch`. */
  async fetch(record: ProjectRecord, file: number, signal: AbortSignal | undefined): Promise<Finding> {
    try {
      return await this.#fetch(record, file, signal);
    } catch (error) {
      const fact = unavailable(error, record.filename(file));
      if (fact === undefined) throw error;
      return { fact, lasting: fact.unavailable === "invalid-metadata" };
    }
  }

  async #fetch(record: ProjectRecord, file: number, signal: AbortSignal | undefined): Promise<Finding> {
    const beside = await this.#fetchBeside(record, file, signal);
    if (beside !== undefined) return understand(beside, record, file);
    if (record.tagSet(file) < 0) {
      const message = `${quote(record.filename(file))} would have to be built`;
      return { fact: { unavailable: "build-not-allowed", message }, lasting: false };
    }
    return understand(await this.#fetchWheel(record, file, signal), record, file);
  }

  /** PEP 658. */
  async #fetchBeside(
    record: ProjectRecord,
    file: number,
    signal: AbortSignal | undefined,
  ): Promise<Buffer | undefined> {
    const offered = record.coreMetadata(file);
    if (offered === false) return undefined;
    const filename = record.filename(file);
    const fetched = await fetchBody(this.#options.client, {
      url: `${record.url(file)}.metadata`,
      subject: `the metadata of ${quote(filename)}`,
      headers: { "accept-encoding": "gzip" },
      limit: this.#options.limits.metadataBytes,
      signal,
    });
    if (fetched.body === undefined) return undefined;
    if (typeof offered === "string") checkHash(`${filename}.metadata`, fetched.body, offered);
    return fetched.body;
  }

  async #fetchWheel(record: ProjectRecord, file: number, signal: AbortSignal | undefined): Promise<Buffer> {
    const { client, limits } = this.#options;
    return await fetchRemoteMetadata(client, {
      url: record.url(file),
      filename: record.filename(file),
      size: record.size(file),
      limits,
      signal,
    });
  }
}

function checkHash(filename: string, bytes: Buffer, expected: string): void {
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found === expected) return;
  throw new ThothError(
    "hash-mismatch",
    `${quote(filename)} has not the content that the index page promises: its SHA-256 is \`${found}\`, not \`${expected}\`.`,
    { details: { file: filename, algorithm: "sha256", expected, found } },
  );
}

function understand(bytes: Buffer, record: ProjectRecord, file: number): Finding {
  const metadata = parseMetadata(bytes);
  const version = record.versionText(record.releaseOf(file));
  if (metadata.name !== record.name || metadata.version !== version) {
    const found = `${metadata.name} ${metadata.version}`;
    const message = `${quote(record.filename(file))} says that it is ${quote(found)}`;
    return { fact: { unavailable: "metadata-mismatch", message }, lasting: true };
  }
  const { name, requiresDist, requiresPython, providesExtra } = metadata;
  return { fact: { name, version, requiresDist, requiresPython, providesExtra }, lasting: true };
}

/** Undefined for what is no property of the file. */
function unavailable(error: unknown, filename: string): MetadataUnavailable | undefined {
  if (error instanceof FileGone || error instanceof NoRanges) {
    return { unavailable: "invalid-metadata", message: `${quote(filename)} cannot be had from the index` };
  }
  if (!(error instanceof ThothError)) return undefined;
  const message = `${quote(filename)}: ${error.message.replace(/\.$/, "")}`;
  if (error.code === "limit-exceeded") return { unavailable: "limit-exceeded", message };
  if (error.code === "invalid-metadata" || error.code === "invalid-wheel") {
    return { unavailable: "invalid-metadata", message };
  }
  return undefined;
}
