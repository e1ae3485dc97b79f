// The files of an index page as columns of numbers, which is what a record is made of. There are two sources: pages in the
// form in which indexes write them are read by page-scanner.ts; all others, by way of parsed files, here.

import type { IndexFile } from "@thoth/pep";
import { encodeBlocks } from "./block-encoder.ts";
import type { Blocks } from "./blocks.ts";

/** In the column of endings: an sdist, which has none, and a file that is neither wheel nor sdist. */
export const SDIST = 0xffff_ffff;
export const OTHER = 0xffff_fffe;
/** In the column of Python bounds: none. */
export const NO_PYTHON = 0xffff_ffff;

/** Columns are by file, in the order of the page. */
export interface PageColumns {
  readonly files: number;
  /** Number of what the name begins with. */
  readonly beginning: Uint32Array;
  /** `name-version-` of wheels, `name-version` of sdists; a text may have several numbers. */
  readonly beginnings: readonly string[];
  /** Number of what follows in the name of a wheel, or SDIST or OTHER. */
  readonly ending: Uint32Array;
  /** `(build-)?python-abi-platform`, if the name is as it should be. */
  readonly endings: readonly string[];
  readonly python: Uint32Array;
  /** Texts of Requires-Python. */
  readonly pythons: readonly string[];
  /** Seconds since 1970, 0 when unknown. */
  readonly uploadTime: Uint32Array;
  /** 0 where the file is not yanked. */
  readonly yanked: Uint32Array;
  /**
   * The blocks of a record, FILES_PER_BLOCK files each, of the files in `order`, whose Python bounds have the numbers
   * `python`. The columns are not to be used any more.
   */
  encodeBlocks(order: Uint32Array, python: Uint16Array): Blocks;
}

const LONGEST_FILENAME = 1024;

export function columnsOf(files: readonly IndexFile[]): PageColumns {
  const column = () => new Uint32Array(files.length);
  const [beginning, ending, python, uploadTime, yanked] = [column(), column(), column(), column(), column()];
  const names = new NameParts();
  const pythons = new Numbers();
  for (const [index, file] of files.entries()) {
    ending[index] = names.read(file.filename);
    beginning[index] = names.beginning;
    python[index] = file.requiresPython === undefined ? NO_PYTHON : pythons.of(file.requiresPython);
    uploadTime[index] = parseUploadTime(file.uploadTime);
    yanked[index] = file.yanked === false ? 0 : 1;
  }
  return {
    files: files.length,
    beginning,
    beginnings: names.beginnings,
    ending,
    endings: names.endings.texts,
    python,
    pythons: pythons.texts,
    uploadTime,
    yanked,
    encodeBlocks: (order, numbers) => {
      const chosen = Array.from(order, (index) => files[index]!);
      return encodeBlocks(chosen, { uploadTime: order.map((index) => uploadTime[index]!), python: numbers });
    },
  };
}

/** Takes file names apart. Files of a release mostly stand together, and few of the endings are new. */
class NameParts {
  readonly beginnings: string[] = [];
  readonly endings = new Numbers();
  /** Number of the beginning of the name that was read last. */
  beginning = 0;
  /** Of the wheel before. */
  #text = "";
  #number = 0;

  /** The number of the ending, SDIST or OTHER. */
  read(filename: string): number {
    if (filename.endsWith(".whl")) return this.#readWheel(filename);
    const suffix = filename.endsWith(".tar.gz") ? 7 : filename.endsWith(".zip") ? 4 : 0;
    if (suffix === 0 || filename.length > LONGEST_FILENAME) return OTHER;
    this.beginning = this.beginnings.push(filename.slice(0, -suffix)) - 1;
    return SDIST;
  }

  /** `name-version(-build)?-python-abi-platform.whl`, PEP 427. */
  #readWheel(filename: string): number {
    if (this.#text === "" || !filename.startsWith(this.#text)) {
      const nameEnd = filename.indexOf("-");
      const versionEnd = filename.indexOf("-", nameEnd + 1);
      if (nameEnd <= 0 || versionEnd < 0) return OTHER;
      this.#text = filename.slice(0, versionEnd + 1);
      this.#number = this.beginnings.push(this.#text) - 1;
    }
    this.beginning = this.#number;
    return this.endings.of(filename.slice(this.#text.length, -4));
  }
}

/** Numbers texts in the order of their first appearance. */
export class Numbers {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }
}

const LATEST_TIME = 0xffffffff;

/** Seconds since 1970 of an ISO 8601 time, or 0. */
function parseUploadTime(text: string | undefined): number {
  if (text === undefined) return 0;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`;
  const seconds = Math.floor(Date.parse(zoned) / 1000);
  return seconds > 0 && seconds <= LATEST_TIME ? seconds : 0;
}
