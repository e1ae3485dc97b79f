// All advisories in one file: an index of package names that is searched where it lies, and for each package a
// piece that is read when somebody asks for it. Opening costs one pass over the index.
//
//   0  magic, 8 bytes          16  newest, float64      32  bytes of pieces
//   8  version of the format   24  packages             36  check sum of all before the pieces but itself
//  12  advisories              28  bytes of names
//  40  where each name begins, and where the last ends; the same of the pieces; the check sum of each piece as far
//      as its facts go; the names, sorted; the pieces
//
// A piece: bytes of its facts, check sum of its texts, facts, texts (advisory-piece.ts).
// Numbers are little-endian, of 32 bits where not said otherwise.

export const MAGIC = "thothadv";
export const FORMAT = 1;
export const HEADER = 40;
export const SUM_AT = 36;
export const PIECE_HEADER = 8;

export function sumIndex(bytes: Uint8Array, end: number): number {
  return (sumBytes(bytes, 0, SUM_AT) ^ Math.imul(sumBytes(bytes, HEADER, end), 31)) >>> 0;
}

/** FNV-1a over words of four bytes and what is left: it finds damage, not malice. */
export function sumBytes(bytes: Uint8Array, start: number, end: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sum = 0x811c9dc5;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    sum = Math.imul(sum ^ view.getUint32(at, true), 0x01000193);
    // A product moves bits up only; without this the upper bytes of a word would not reach the lower ones.
    sum ^= sum >>> 15;
  }
  for (; at < end; at++) sum = Math.imul(sum ^ bytes[at]!, 0x01000193);
  return sum >>> 0;
}
