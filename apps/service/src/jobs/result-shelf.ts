// Results that were read lately. A result never changes, so that what is here is as good as what the database has.

import type { KeptResult } from "./job.ts";

/** Bytes. */
const MOST = 64 * 1024 * 1024;

export class ResultShelf {
  /** The one that was used longest ago first. */
  readonly #results = new Map<string, KeptResult>();
  #bytes = 0;

  get(id: string): KeptResult | undefined {
    const found = this.#results.get(id);
    if (found !== undefined) {
      this.#results.delete(id);
      this.#results.set(id, found);
    }
    return found;
  }

  put(id: string, result: KeptResult): void {
    if (this.#results.has(id) || sizeOf(result) > MOST / 4) return;
    this.#results.set(id, result);
    this.#bytes += sizeOf(result);
    for (const [oldest, old] of this.#results) {
      if (this.#bytes <= MOST) break;
      this.#results.delete(oldest);
      this.#bytes -= sizeOf(old);
    }
  }
}

function sizeOf({ document, gzip }: KeptResult): number {
  return document.byteLength + gzip.byteLength;
}
