// Takes documents one after the other and keeps what they say, within the limits of a source.

import type { FileHandle } from "node:fs/promises";
import { type OsvAdvisory, parseOsv } from "@thoth/knowledge/compile";
import { quote, ThothError } from "@thoth/pep";
import type { AdvisoryDocuments, ReadAdvisoriesOptions, SkippedDocument } from "./advisory-documents.ts";
import { decodeDocument } from "./decode-document.ts";
import { SOURCE_LIMITS } from "./source-limits.ts";

const BETWEEN_NEWS = 500;
const MOST_SHOWN = 300;

export class AdvisoryCollector {
  readonly #options: ReadAdvisoriesOptions;
  readonly #advisories: OsvAdvisory[] = [];
  readonly #skipped: SkippedDocument[] = [];
  #documents = 0;
  #bytes = 0;

  constructor(options: ReadAdvisoriesOptions) {
    this.#options = options;
  }

  wants(name: string): boolean {
    return /\.(?:json|ya?ml)$/i.test(name);
  }

  /** Throws the reason of the signal. */
  checkSignal(): void {
    this.#options.signal?.throwIfAborted();
  }

  /** Throws `limit-exceeded` for a source that is too large. */
  add(name: string, content: Uint8Array): void {
    this.#begin(content.length);
    const document = decodeDocument(name, content);
    const result =
      document.kind === "value"
        ? parseOsv(document.value)
        : { kind: "skipped" as const, reason: document.reason };
    if (result.kind === "skipped") this.#skip(name, result.reason);
    else this.#advisories.push(result.advisory);
  }

  /** For a document of which the size alone is known. */
  addTooLarge(name: string): void {
    this.#begin(0);
    this.#skip(name, `it is larger than ${SOURCE_LIMITS.documentBytes} bytes`);
  }

  async addFile(name: string, file: FileHandle): Promise<void> {
    const { size } = await file.stat();
    if (size > SOURCE_LIMITS.documentBytes) return this.addTooLarge(name);
    // The file may have grown since: no more than its size is read.
    const content = Buffer.alloc(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(content, filled, size - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.add(name, content.subarray(0, filled));
  }

  finish(): AdvisoryDocuments {
    this.#options.onProgress?.(this.#documents);
    return { advisories: this.#advisories, skipped: this.#skipped, documents: this.#documents };
  }

  #begin(bytes: number): void {
    this.checkSignal();
    this.#documents++;
    this.#bytes += bytes;
    if (this.#documents > SOURCE_LIMITS.documents) throw exceeded("documents");
    if (this.#bytes > SOURCE_LIMITS.bytes) throw exceeded("bytes");
    if (this.#documents % BETWEEN_NEWS === 0) this.#options.onProgress?.(this.#documents);
  }

  #skip(name: string, reason: string): void {
    this.#skipped.push({ name: quote(name, MOST_SHOWN).slice(1, -1), reason });
  }
}

export function exceeded(limit: "documents" | "bytes" | "depth"): ThothError {
  const most = SOURCE_LIMITS[limit];
  return new ThothError("limit-exceeded", `the source exceeds the limit of ${most} for ${limit}`, {
    details: { limit, most },
  });
}
