// How much of an image is read, of all its layers together: whoever made it may have meant to fill a disk or a memory.

import { ThothError } from "@thoth/pep";

export interface ImageLimits {
  /** Bytes of all layers, as they are sent. */
  readonly bytes: number;
  /** Bytes that are unpacked. */
  readonly unpacked: number;
}

const GIB = 2 ** 30;
const MOST_FILES = 2_000_000;
/** Characters of the names of all files. */
const MOST_CHARACTERS = 256 * 1024 * 1024;

export const USUAL_LIMITS: ImageLimits = limitsFor(16 * GIB);

/** For images of at most so many bytes. */
export function limitsFor(bytes: number): ImageLimits {
  return { bytes, unpacked: Math.max(GIB, 4 * bytes) };
}

export class ImageBudget {
  readonly #unpacked: number;
  #bytes = 0;
  #files = 0;
  #characters = 0;

  constructor({ unpacked }: ImageLimits) {
    this.#unpacked = unpacked;
  }

  /** Throws `limit-exceeded`. */
  unpack(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#unpacked) throw tooMuch("unpackedBytes", this.#unpacked);
  }

  /** Throws `limit-exceeded`. */
  file(characters: number): void {
    this.#files++;
    this.#characters += characters;
    if (this.#files > MOST_FILES) throw tooMuch("files", MOST_FILES);
    if (this.#characters > MOST_CHARACTERS) throw tooMuch("characters", MOST_CHARACTERS);
  }
}

function tooMuch(limit: string, most: number): ThothError {
  return new ThothError("limit-exceeded", `An image exceeds the limit of ${most} for ${limit}.`, {
    details: { limit, most },
  });
}
