// Streams that decompress to very many zero bytes, made without ever holding those bytes: one compressed block
// that ends on a byte boundary is repeated.

import { constants, crc32, deflateRawSync } from "node:zlib";

const BLOCK = 1 << 24;
const FINAL_BLOCK = Buffer.from([0x03, 0x00]);

export interface Compressed {
  /** A raw deflate stream (RFC 1951). */
  readonly deflated: Uint8Array;
  readonly size: number;
  readonly crc: number;
}

/** A raw deflate stream of `size` zeros (a multiple of 16 MiB); about a thousandth of that long. */
export function deflateZeros(size: number): Compressed {
  const count = Math.ceil(size / BLOCK);
  const zeros = Buffer.alloc(BLOCK);
  const block = deflateRawSync(zeros, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  let crc = 0;
  for (let at = 0; at < count; at++) crc = crc32(zeros, crc);
  return { deflated: Buffer.concat([...repeat(block, count), FINAL_BLOCK]), size: count * BLOCK, crc };
}

/** A gzip file of `size` zeros. */
export function gzipZeros(size: number): Uint8Array {
  const { deflated, size: length, crc } = deflateZeros(size);
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(length >>> 0, 4);
  return Buffer.concat([header, deflated, trailer]);
}

function repeat<T>(value: T, count: number): T[] {
  return Array.from({ length: count }, () => value);
}
