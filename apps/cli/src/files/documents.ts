// Where notebooks lie: on disk, or open in an editor, which alone may write them then.

import { resolve } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { type Guard, type GuardOptions, guardFile } from "./guard.ts";
import { readGivenFile } from "./read-file.ts";
import { replaceFile } from "./replace-file.ts";

export interface Documents {
  /** Throws usage, file-failed, limit-exceeded. */
  read(path: string, maximum: number): Promise<Uint8Array>;
  /** Replaces what `read` gave. Throws file-failed, or lock-out-of-date when it has been replaced meanwhile. */
  write(path: string, bytes: Uint8Array, expected: Uint8Array): Promise<void>;
  /** Nobody else of us changes it until it is released. Throws limit-exceeded. */
  guard(path: string, options: GuardOptions): Promise<Guard>;
}

export const onDisk: Documents = {
  read: readGivenFile,
  write: (path, bytes, expected) => replaceFile(path, bytes, { compare: true, expected }),
  guard: guardFile,
};

/** Some are open: what is written to them is handed back, and the disk is left alone. */
export class OpenDocuments implements Documents {
  readonly #open: Map<string, Uint8Array>;
  readonly #changed = new Map<string, Uint8Array>();

  /** By absolute path. */
  constructor(open: ReadonlyMap<string, Uint8Array>) {
    this.#open = new Map(open);
  }

  /** What was written, by path. */
  get changed(): ReadonlyMap<string, Uint8Array> {
    return this.#changed;
  }

  async read(path: string, maximum: number): Promise<Uint8Array> {
    const bytes = this.#open.get(resolve(path));
    if (bytes === undefined) return onDisk.read(path, maximum);
    if (bytes.length > maximum)
      throw new ThothError("limit-exceeded", `${quote(path)} is too large`, {
        details: { limit: "size", path },
      });
    return bytes;
  }

  async write(path: string, bytes: Uint8Array, expected: Uint8Array): Promise<void> {
    const place = resolve(path);
    const known = this.#open.get(place);
    if (known === undefined) return onDisk.write(path, bytes, expected);
    if (Buffer.compare(known, expected) !== 0)
      throw new ThothError("lock-out-of-date", `${quote(path)} was changed meanwhile`, { details: { path } });
    this.#open.set(place, bytes);
    this.#changed.set(place, bytes);
  }

  /** An open one is the caller's own copy. */
  async guard(path: string, options: GuardOptions): Promise<Guard> {
    return this.#open.has(resolve(path)) ? { release: async () => undefined } : onDisk.guard(path, options);
  }
}
