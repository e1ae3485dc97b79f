// What takes documents one after the other from wherever they lie, within the limits of a source.

import type { FileHandle } from "node:fs/promises";
import { ThothError } from "@thoth/pep";
import { SOURCE_LIMITS } from "./source-limits.ts";

export interface SinkOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called now and then, and at the end, with the number of documents so far. */
  readonly onProgress?: ((documents: number) => void) | undefined;
}

const BETWEEN_NEWS = 500;

export abstract class DocumentSink {
  readonly #options: SinkOptions;
  #documents = 0;
  #bytes = 0;

  constructor(options: SinkOptions) {
    this.#options = options;
  }

  /** Whether a document of that name is one of the kind. */
  abstract wants(name: string): boolean;
  protected abstract take(name: string, content: Uint8Array): void;
  protected abstract refuse(name: string, reason: string): void;

  /** Documents that were looked at. */
  get documents(): number {
    return this.#documents;
  }

  /** Throws the reason of the signal. */
  checkSignal(): void {
    this.#options.signal?.throwIfAborted();
  }

  /** Throws `limit-exceeded` for a source that is too large. */
  add(name: string, content: Uint8Array): void {
    this.#begin(content.length);
    this.take(name, content);
  }

  /** For a document of which the size alone is known. */
  addTooLarge(name: string): void {
    this.#begin(0);
    this.refuse(name, `it is larger than ${SOURCE_LIMITS.documentBytes} bytes`);
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

  protected tellProgress(): void {
    this.#options.onProgress?.(this.#documents);
  }

  #begin(bytes: number): void {
    this.checkSignal();
    this.#documents++;
    this.#bytes += bytes;
    if (this.#documents > SOURCE_LIMITS.documents) throw exceeded("documents");
    if (this.#bytes > SOURCE_LIMITS.bytes) throw exceeded("bytes");
    if (this.#documents % BETWEEN_NEWS === 0) this.tellProgress();
  }
}

export function exceeded(limit: keyof typeof SOURCE_LIMITS): ThothError {
  const most = SOURCE_LIMITS[limit];
  return new ThothError("limit-exceeded", `the source exceeds the limit of ${most} for ${limit}`, {
    details: { limit, most },
  });
}
