// Streams that decompress to very many equal bytes, made without ever holding those bytes: one compressed block
// that ends on a byte boundary is repeated.

import { constants, crc32, deflateRawSync } from "node:zlib";

const BLOCK = 1 << 24;
const FINAL_BLOCK = Buffer.from([0x03, 0x00]);
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
const SPACE = 0x20;

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
  const block = deflateBlock(zeros);
  let crc = 0;
  for (let at = 0; at < count; at++) crc = crc32(zeros, crc);
  return { deflated: Buffer.concat([...repeat(block, count), FINAL_BLOCK]), size: count * BLOCK, crc };
}

/** A gzip file of `size` zeros. */
export function gzipZeros(size: number): Uint8Array {
  const { deflated, size: length, crc } = deflateZeros(size);
  return Buffer.concat([GZIP_HEADER, deflated, gzipTrailer(crc, length)]);
}

/**
 * The parts of a gzip stream of `size` spaces, one after another. Its checksum is wrong: whoever reads so far has
 * no limit.
 */
export function* gzipSpaces(size: number): Generator<Uint8Array> {
  yield GZIP_HEADER;
  const block = deflateBlock(Buffer.alloc(BLOCK, SPACE));
  for (let done = 0; done < size; done += BLOCK) yield block;
  yield Buffer.concat([FINAL_BLOCK, gzipTrailer(0, size)]);
}

function deflateBlock(bytes: Uint8Array): Buffer {
  return deflateRawSync(bytes, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
}

function gzipTrailer(crc: number, size: number): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return trailer;
}

function repeat<T>(value: T, count: number): T[] {
  return Array.from({ length: count }, () => value);
}
