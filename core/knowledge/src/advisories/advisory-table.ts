// Reads the table of advisories (table-layout.ts) where it lies. This file and what it imports know nothing of how
// advisories are merged and scored.

import { type PackageName, quote, ThothError } from "@thoth/pep";
import type { AdvisoryCatalogue, StoredFlaw } from "../advisory.ts";
import { readPiece } from "./advisory-piece.ts";
import { FORMAT, HEADER, MAGIC, PIECE_HEADER, SUM_AT, sumBytes, sumIndex } from "./table-layout.ts";

/** Throws `index-response-invalid` for bytes that are no such table or a damaged one. */
export function openAdvisories(bytes: Uint8Array): AdvisoryCatalogue {
  return new AdvisoryTable(bytes);
}

class AdvisoryTable implements AdvisoryCatalogue {
  readonly newest: number;
  readonly count: number;
  readonly identity: string;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #packages: number;
  readonly #namesAt: number;
  readonly #piecesAt: number;
  readonly #read = new Map<PackageName, readonly StoredFlaw[]>();

  constructor(bytes: Uint8Array) {
    if (bytes.length < HEADER || !startsWithMagic(bytes)) throw damaged("they are of another kind");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const format = view.getUint32(8, true);
    if (format !== FORMAT) throw damaged(`they have the form ${format}, and this program reads ${FORMAT}`);
    this.#packages = view.getUint32(24, true);
    this.#namesAt = HEADER + 12 * this.#packages + 8;
    this.#piecesAt = this.#namesAt + view.getUint32(28, true);
    if (this.#piecesAt + view.getUint32(32, true) !== bytes.length) throw damaged("their length is wrong");
    const sum = view.getUint32(SUM_AT, true);
    if (sumIndex(bytes, this.#piecesAt) !== sum) throw damaged("the check sum of the index is wrong");
    this.count = view.getUint32(12, true);
    this.newest = view.getFloat64(16, true);
    // The index holds the check sums of all facts.
    this.identity = [this.newest, this.count, bytes.length, sum].join(" ");
    this.#bytes = bytes;
    this.#view = view;
  }

  get packages(): readonly PackageName[] {
    return Array.from({ length: this.#packages }, (_, place) => {
      const at = HEADER + 4 * place;
      const [start, end] = [this.#view.getUint32(at, true), this.#view.getUint32(at + 4, true)];
      return utf8.decode(this.#bytes.subarray(this.#namesAt + start, this.#namesAt + end)) as PackageName;
    });
  }

  flaws(name: PackageName): readonly StoredFlaw[] {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const place = this.#find(name);
    if (place === undefined) return NONE;
    const flaws = this.#readPiece(name, place);
    this.#read.set(name, flaws);
    return flaws;
  }

  /** Names are ASCII: bytes compare as the text does. */
  #find(name: PackageName): number | undefined {
    let low = 0;
    let high = this.#packages;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compareName(name, middle);
      if (order === 0) return middle;
      if (order > 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  #compareName(name: string, place: number): number {
    const start = this.#view.getUint32(HEADER + 4 * place, true);
    const length = this.#view.getUint32(HEADER + 4 * place + 4, true) - start;
    const from = this.#namesAt + start;
    const shared = Math.min(length, name.length);
    for (let at = 0; at < shared; at++) {
      const difference = name.charCodeAt(at) - (this.#bytes[from + at] ?? 0);
      if (difference !== 0) return difference;
    }
    return name.length - length;
  }

  #readPiece(name: PackageName, place: number): readonly StoredFlaw[] {
    const view = this.#view;
    const bytes = this.#bytes;
    const offsets = HEADER + 4 * this.#packages + 4 + 4 * place;
    const start = this.#piecesAt + view.getUint32(offsets, true);
    const end = this.#piecesAt + view.getUint32(offsets + 4, true);
    const sum = view.getUint32(HEADER + 8 * this.#packages + 8 + 4 * place, true);
    const wrongSum = () => damaged(`the check sum of ${quote(name)} is wrong`);
    if (end > bytes.length || start + PIECE_HEADER > end) throw wrongSum();
    const textsAt = start + PIECE_HEADER + view.getUint32(start, true);
    if (textsAt > end || sumBytes(bytes, start, textsAt) !== sum) throw wrongSum();
    const textsSum = view.getUint32(start + 4, true);
    return readPiece(name, utf8.decode(bytes.subarray(start + PIECE_HEADER, textsAt)), () => {
      if (sumBytes(bytes, textsAt, end) !== textsSum) throw wrongSum();
      return utf8.decode(bytes.subarray(textsAt, end));
    });
  }
}

const NONE: readonly StoredFlaw[] = Object.freeze([]);
const utf8 = new TextDecoder();

function damaged(why: string): ThothError {
  return new ThothError("index-response-invalid", `The bytes are no table of advisories: ${why}.`, {
    hint: "Make the table again from the advisories.",
  });
}

function startsWithMagic(bytes: Uint8Array): boolean {
  for (let at = 0; at < MAGIC.length; at++) if (bytes[at] !== MAGIC.charCodeAt(at)) return false;
  return true;
}
