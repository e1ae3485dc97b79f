// Advisories and rules of the whole service, as the processes that resolve find them: advisories that were imported in their
// data directory, else those shipped with the program; rules that were shipped. A file that is replaced is read anew.

import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type AdvisoryReader, openAdvisories } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";
import { openPrescriptions, type Prescriptions } from "@thoth/prescriptions";
import type { ServiceSettings } from "../settings.ts";

/** In the folder of what can be made again: the data directory of the processes that resolve. */
export const OWN_DATA = join("home", ".local", "share", "thoth");
export const IMPORTED_ADVISORIES = join(OWN_DATA, "advisories.bin");

export type KnowledgePlaces = Pick<ServiceSettings, "data" | "advisories" | "prescriptions">;

export class KnowledgeFiles {
  readonly #advisories: OpenFile<AdvisoryReader>;
  readonly #rules: OpenFile<Prescriptions>;

  constructor({ data, advisories, prescriptions }: KnowledgePlaces) {
    this.#advisories = new OpenFile([join(data, IMPORTED_ADVISORIES), advisories], openAdvisories);
    this.#rules = new OpenFile([prescriptions], openPrescriptions);
  }

  /** Undefined where there are none. Throws with status 503 where they cannot be read. */
  async advisories(): Promise<AdvisoryReader | undefined> {
    return await this.#advisories.read();
  }

  /** Undefined where there are none. Throws likewise. */
  async rules(): Promise<Prescriptions | undefined> {
    return await this.#rules.read();
  }
}

/** The first of some files that is there, opened once as long as it stays the same. */
class OpenFile<T> {
  readonly #paths: readonly string[];
  readonly #open: (bytes: Uint8Array) => T;
  #kept: { readonly state: string; readonly opened: Promise<T> } | undefined;

  constructor(paths: readonly (string | undefined)[], open: (bytes: Uint8Array) => T) {
    this.#paths = paths.filter((path) => path !== undefined);
    this.#open = open;
  }

  async read(): Promise<T | undefined> {
    try {
      for (const path of this.#paths) {
        const state = await stateOf(path);
        if (state === undefined) continue;
        if (this.#kept?.state !== state) this.#kept = { state, opened: this.#load(path) };
        return await this.#kept.opened;
      }
      return undefined;
    } catch (cause) {
      // What is wrong with a file, and where it lies, is for the operator alone.
      throw new ThothError("file-failed", "what is known of packages cannot be read at the moment", {
        cause,
        details: { status: 503 },
      });
    }
  }

  async #load(path: string): Promise<T> {
    return this.#open(await readFile(path));
  }
}

/** Undefined where there is no such file. Another one has another. */
async function stateOf(path: string): Promise<string | undefined> {
  try {
    const { ino, mtimeMs, size } = await stat(path);
    return JSON.stringify([path, ino, mtimeMs, size]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
