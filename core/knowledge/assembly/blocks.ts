// Blocks of the record, see src/record-layout.ts.

import { behind, HEX, SLASH, same, sameBytes, unhex } from "./bytes.ts";
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

// Columns that a block may have.
const METADATA_DIGESTS: u32 = 1;
const PATHS: u32 = 2;

/** Bytes of a path: a digest in folders of 2, 2 and 60 digits. */
const PATH_LENGTH: u32 = 67;
/** Where the digits of a path are put together. */
const DIGITS: usize = memory.data(64, 16);

const MOST_SHARED: u32 = 255;

// Flags of a file.
const HAS_SHA256: u32 = 1;
const HAS_METADATA: u32 = 2;
const HAS_METADATA_SHA256: u32 = 4;
const URL_ENDS_WITH_NAME: u32 = 8;
const IS_YANKED: u32 = 16;
const HAS_PATH: u32 = 32;

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
  static shared: usize = 0;
  static digests: usize = 0;
  static metadataDigests: usize = 0;
  static paths: usize = 0;
  static text: usize = 0;
  static columns: u32 = 0;
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
    at = writeName(at, index, file, index === 0 ? file : fileAt(first + index - 1));
    at = writeUrl(at, index, file);
    writeNumbers(index, file);
  }
  const header = Memory.blocksEnd;
  store<u32>(header, magic);
  store<u32>(header + 4, count);
  store<u32>(header + 8, <u32>(at - Block.text));
  store<u32>(header + 12, rareLength);
  store<u32>(header + 16, Blocks.prefixLength);
  store<u32>(header + 20, Block.columns);
  Memory.blocksEnd = header + ((at - header + rareLength + 7) & ~7);
  memory.fill(at, 0, Memory.blocksEnd - at);
  return at;
}

function layOutBlock(first: u32, count: u32, rareLength: u32): void {
  const firstFile = fileAt(first);
  Block.columns = hasPath(firstFile, restLength(firstFile)) ? PATHS : 0;
  let textLength: u32 = Blocks.prefixLength;
  for (let index = first; index < first + count; index++) {
    const file = fileAt(index);
    textLength += nameLength(file) + urlLength(file);
    if (load<u32>(column(METADATA, file)) > 1) Block.columns |= METADATA_DIGESTS;
  }
  Block.sizes = Memory.blocksEnd + HEADER_WORDS * 4;
  Block.nameEnds = Block.sizes + count * 8;
  Block.urlEnds = Block.nameEnds + count * 4;
  Block.times = Block.urlEnds + count * 4;
  Block.pythons = Block.times + count * 4;
  Block.flags = Block.pythons + count * 2;
  Block.shared = Block.flags + count;
  Block.digests = Block.shared + count;
  Block.metadataDigests = Block.digests + count * DIGEST;
  Block.paths =
    Block.metadataDigests + ((Block.columns & METADATA_DIGESTS) === 0 ? 0 : <usize>(count * DIGEST));
  Block.text = Block.paths + ((Block.columns & PATHS) === 0 ? 0 : <usize>(count * DIGEST));
  makeRoom(Block.text + textLength + rareLength + 8);
}

/** What the name has for itself; it may be the first, and then is its own `before`. */
function writeName(at: usize, index: u32, file: u32, before: u32): usize {
  const name: usize = load<u32>(column(NAME, file));
  let shared: u32 = 0;
  if (index > 0) {
    const other: usize = load<u32>(column(NAME, before));
    const most = min(min(nameLength(file), nameLength(before)), MOST_SHARED);
    shared = min(most, sameBytes(name, other, most));
  }
  store<u8>(Block.shared + index, <u8>shared);
  const own = nameLength(file) - shared;
  memory.copy(at, name + shared, own);
  at += own;
  store<u32>(Block.nameEnds + (index << 2), <u32>(at - Block.text));
  return at;
}

/** What the URL has between prefix and name; begins the flags. */
function writeUrl(at: usize, index: u32, file: u32): usize {
  const rest = restLength(file);
  let flags = HAS_SHA256;
  if (rest < urlLength(file) - Blocks.prefixLength) flags |= URL_ENDS_WITH_NAME;
  const start = load<u32>(column(URL, file)) + Blocks.prefixLength;
  if ((Block.columns & PATHS) !== 0 && hasPath(file, rest)) {
    flags |= HAS_PATH;
    unhex(Block.paths + index * DIGEST, DIGITS);
  } else {
    if ((Block.columns & PATHS) !== 0) memory.fill(Block.paths + index * DIGEST, 0, DIGEST);
    memory.copy(at, start, rest);
    at += rest;
  }
  store<u32>(Block.urlEnds + (index << 2), <u32>(at - Block.text));
  store<u8>(Block.flags + index, <u8>flags);
  return at;
}

/** Bytes of the URL between prefix and name. */
function restLength(file: u32): u32 {
  const rest = urlLength(file) - Blocks.prefixLength;
  const length = nameLength(file);
  const end: usize = load<u32>(column(URL_END, file));
  return rest >= length && same(end - length, load<u32>(column(NAME, file)), length) ? rest - length : rest;
}

/** Whether the `rest` bytes of the URL between prefix and name are a path; its digits are then in DIGITS. */
function hasPath(file: u32, rest: u32): bool {
  if (rest !== PATH_LENGTH) return false;
  const path: usize = load<u32>(column(URL, file)) + Blocks.prefixLength;
  if (load<u8>(path + 2) !== SLASH || load<u8>(path + 5) !== SLASH || load<u8>(path + 66) !== SLASH)
    return false;
  store<u16>(DIGITS, load<u16>(path));
  store<u16>(DIGITS + 2, load<u16>(path + 3));
  memory.copy(DIGITS + 4, path + 6, 60);
  return behind(DIGITS, HEX) >= DIGITS + 64;
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
    if ((Block.columns & METADATA_DIGESTS) !== 0)
      memory.fill(Block.metadataDigests + index * DIGEST, 0, DIGEST);
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
