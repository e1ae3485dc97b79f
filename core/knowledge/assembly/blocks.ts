// Blocks of the record, see src/record-layout.ts.

import { SLASH, same, unhex } from "./bytes.ts";
import {
  column,
  METADATA,
  Memory,
  makeRoom,
  NAME,
  NAME_END,
  PYTHON,
  SHA256,
  sizeOf,
  TIME,
  URL,
  URL_END,
  YANKED,
} from "./memory.ts";

/** Bytes of a SHA-256. */
const DIGEST: u32 = 32;

const HEADER_WORDS: u32 = 6;

// Flags of a file.
const HAS_SHA256: u32 = 1;
const HAS_METADATA: u32 = 2;
const HAS_METADATA_SHA256: u32 = 4;
const URL_ENDS_WITH_NAME: u32 = 8;
const IS_YANKED: u32 = 16;

class Blocks {
  /** What the URLs of the block before begin with. */
  static prefix: usize = 0;
  static prefixLength: u32 = 0;
}

/** Where the parts of the block that is being written begin. */
class Block {
  static sizes: usize = 0;
  static nameEnds: usize = 0;
  static urlEnds: usize = 0;
  static times: usize = 0;
  static pythons: usize = 0;
  static flags: usize = 0;
  static digests: usize = 0;
  static metadataDigests: usize = 0;
  static text: usize = 0;
  static hashed: bool = false;
}

export function beginBlocks(): void {
  Blocks.prefixLength = 0;
}

/**
 * Appends the block of `count` files, whose numbers stand in the order from `first` on, with room for rare particulars;
 * the place of that room.
 */
export function writeBlock(magic: u32, first: u32, count: u32, rareLength: u32): usize {
  commonPrefix(first, count);
  layOutBlock(first, count, rareLength);
  let at = Block.text;
  memory.copy(at, Blocks.prefix, Blocks.prefixLength);
  at += Blocks.prefixLength;
  for (let index: u32 = 0; index < count; index++) {
    const file = fileAt(first + index);
    at = writeNames(at, index, file);
    writeNumbers(index, file);
  }
  const header = Memory.blocksEnd;
  store<u32>(header, magic);
  store<u32>(header + 4, count);
  store<u32>(header + 8, <u32>(at - Block.text));
  store<u32>(header + 12, rareLength);
  store<u32>(header + 16, Blocks.prefixLength);
  store<u32>(header + 20, Block.hashed ? 1 : 0);
  Memory.blocksEnd = header + ((at - header + rareLength + 7) & ~7);
  memory.fill(at, 0, Memory.blocksEnd - at);
  return at;
}

function layOutBlock(first: u32, count: u32, rareLength: u32): void {
  Block.hashed = false;
  let textLength: u32 = Blocks.prefixLength;
  for (let index = first; index < first + count; index++) {
    const file = fileAt(index);
    textLength += nameLength(file) + urlLength(file);
    if (load<u32>(column(METADATA, file)) > 1) Block.hashed = true;
  }
  Block.sizes = Memory.blocksEnd + HEADER_WORDS * 4;
  Block.nameEnds = Block.sizes + count * 8;
  Block.urlEnds = Block.nameEnds + count * 4;
  Block.times = Block.urlEnds + count * 4;
  Block.pythons = Block.times + count * 4;
  Block.flags = Block.pythons + count * 2;
  Block.digests = Block.flags + count;
  Block.metadataDigests = Block.digests + count * DIGEST;
  Block.text = Block.metadataDigests + (Block.hashed ? <usize>(count * DIGEST) : 0);
  makeRoom(Block.text + textLength + rareLength + 8);
}

/** The name, and what the URL has between prefix and name; begins the flags. */
function writeNames(at: usize, index: u32, file: u32): usize {
  const name: usize = load<u32>(column(NAME, file));
  const length = nameLength(file);
  memory.copy(at, name, length);
  at += length;
  store<u32>(Block.nameEnds + (index << 2), <u32>(at - Block.text));
  const url: usize = load<u32>(column(URL, file));
  let rest = urlLength(file) - Blocks.prefixLength;
  const ends = rest >= length && same(url + urlLength(file) - length, name, length);
  if (ends) rest -= length;
  memory.copy(at, url + Blocks.prefixLength, rest);
  at += rest;
  store<u32>(Block.urlEnds + (index << 2), <u32>(at - Block.text));
  store<u8>(Block.flags + index, <u8>(ends ? HAS_SHA256 | URL_ENDS_WITH_NAME : HAS_SHA256));
  return at;
}

function writeNumbers(index: u32, file: u32): void {
  store<f64>(Block.sizes + (index << 3), load<f64>(sizeOf(file)));
  store<u32>(Block.times + (index << 2), load<u32>(column(TIME, file)));
  store<u16>(Block.pythons + (index << 1), <u16>load<u32>(column(PYTHON, file)));
  unhex(Block.digests + index * DIGEST, load<u32>(column(SHA256, file)));
  const metadata = load<u32>(column(METADATA, file));
  let flags = <u32>load<u8>(Block.flags + index);
  if (load<u32>(column(YANKED, file)) !== 0) flags |= IS_YANKED;
  if (metadata > 1) {
    flags |= HAS_METADATA_SHA256;
    unhex(Block.metadataDigests + index * DIGEST, metadata);
  } else {
    if (metadata === 1) flags |= HAS_METADATA;
    if (Block.hashed) memory.fill(Block.metadataDigests + index * DIGEST, 0, DIGEST);
  }
  store<u8>(Block.flags + index, <u8>flags);
}

function fileAt(index: u32): u32 {
  return load<u32>(Memory.order + (index << 2));
}

function nameLength(file: u32): u32 {
  return load<u32>(column(NAME_END, file)) - load<u32>(column(NAME, file));
}

function urlLength(file: u32): u32 {
  return load<u32>(column(URL_END, file)) - load<u32>(column(URL, file));
}

/** What all URLs of the files begin with, up to a slash; what those of the block before did, where that does. */
function commonPrefix(first: u32, count: u32): void {
  let wished = Blocks.prefixLength > 0;
  for (let index = first; wished && index < first + count; index++) wished = startsWithPrefix(fileAt(index));
  if (wished) return;
  const file = fileAt(first);
  Blocks.prefix = load<u32>(column(URL, file));
  Blocks.prefixLength = behindSlash(Blocks.prefix, urlLength(file));
  for (let index = first + 1; index < first + count; index++) {
    const other = fileAt(index);
    if (startsWithPrefix(other)) continue;
    const url: usize = load<u32>(column(URL, other));
    let equal: u32 = 0;
    while (equal < Blocks.prefixLength && load<u8>(url + equal) === load<u8>(Blocks.prefix + equal)) equal++;
    Blocks.prefixLength = behindSlash(Blocks.prefix, equal);
  }
}

function startsWithPrefix(file: u32): bool {
  const url: usize = load<u32>(column(URL, file));
  return urlLength(file) >= Blocks.prefixLength && same(url, Blocks.prefix, Blocks.prefixLength);
}

/** Behind the last slash before `length`, or 0. */
function behindSlash(text: usize, length: u32): u32 {
  while (length > 0 && load<u8>(text + length - 1) !== SLASH) length--;
  return length;
}
