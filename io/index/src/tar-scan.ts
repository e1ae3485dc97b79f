// A TAR archive read as it streams by, for a few small members: nothing is kept but what was asked for, and
// reading ends as soon as that is there.

import { TarEntries, type TarEntry, tarDamaged, tarExceeded } from "./tar-entries.ts";

export interface TarLimits {
  /** Bytes of the archive that are looked at. */
  readonly bytes: number;
  readonly memberBytes: number;
}

/** Collects the members that `wants` names. */
export class TarScan {
  readonly #wants: (name: string) => boolean;
  readonly #limits: TarLimits;
  readonly #entries: TarEntries;
  readonly found = new Map<string, Buffer>();

  constructor(wants: (name: string) => boolean, limits: TarLimits) {
    this.#wants = wants;
    this.#limits = limits;
    this.#entries = new TarEntries((entry) => this.#begin(entry), limits.bytes);
  }

  /** True when the archive says that it is over. */
  get ended(): boolean {
    return this.#entries.ended;
  }

  /** Throws `invalid-metadata` or `limit-exceeded`. */
  add(chunk: Buffer): void {
    this.#entries.add(chunk);
  }

  #begin({ name, kind, size }: TarEntry) {
    if (kind !== "file" || !this.#wants(name)) return undefined;
    if (size > this.#limits.memberBytes) throw tarExceeded("metadataBytes", this.#limits.memberBytes);
    if (this.found.has(name)) throw tarDamaged("it has two members of one name");
    return (content: Buffer) => this.found.set(name, content);
  }
}
