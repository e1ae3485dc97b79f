// One entry of the list of files.

import { CLOSE, COLON, COMMA, OPEN, plainText, QUOTE, simpleValue, space } from "./bytes.ts";
import { column, METADATA, NONE, PROVENANCE, PYTHON, sizeOf, TIME, YANKED } from "./memory.ts";
import { place } from "./names.ts";
import {
  behindDigest,
  digestIn,
  Metadata,
  readFilename,
  readHashes,
  readMetadata,
  readProvenance,
  readPython,
  readSize,
  readTime,
  readUrl,
  readYanked,
} from "./values.ts";

export function readEntry(at: usize, file: u32): usize {
  Metadata.core = NONE;
  Metadata.older = NONE;
  store<u32>(column(TIME, file), 0);
  store<u32>(column(PYTHON, file), NONE);
  store<u32>(column(YANKED, file), 0);
  store<u32>(column(PROVENANCE, file), 0);
  store<f64>(sizeOf(file), NaN);
  let seen: u32 = 0;
  at = space(at + 1);
  while (true) {
    if (load<u8>(at) !== QUOTE) return 0;
    const key = at + 1;
    const keyEnd = plainText(key);
    if (keyEnd === 0) return 0;
    at = space(keyEnd + 1);
    if (load<u8>(at) !== COLON) return 0;
    at = space(at + 1);
    const kind = kindOf(key, <u32>(keyEnd - key));
    if ((seen & kind) !== 0) return 0;
    seen |= kind;
    at = readValue(at, kind, file);
    if (at === 0) return 0;
    at = space(at);
    const byte = <u32>load<u8>(at);
    if (byte === CLOSE) break;
    if (byte !== COMMA) return 0;
    at = space(at + 1);
  }
  if ((seen & NEEDED) !== NEEDED) return 0;
  const metadata = Metadata.core === NONE ? Metadata.older : Metadata.core;
  store<u32>(column(METADATA, file), metadata === NONE ? 0 : metadata);
  return place(file) ? at + 1 : 0;
}

const KEY_FILENAME: u32 = 1;
const KEY_URL: u32 = 2;
const KEY_HASHES: u32 = 4;
const KEY_PYTHON: u32 = 8;
const KEY_SIZE: u32 = 16;
const KEY_TIME: u32 = 32;
const KEY_YANKED: u32 = 64;
const KEY_METADATA: u32 = 128;
const KEY_PROVENANCE: u32 = 256;
const KEY_OLDER_METADATA: u32 = 512;
const NEEDED: u32 = KEY_FILENAME | KEY_URL | KEY_HASHES;

function kindOf(key: usize, length: u32): u32 {
  switch (length) {
    case 3:
      return load<u16>(key) === 0x7275 && load<u8>(key + 2) === 0x6c ? KEY_URL : 0;
    case 4:
      return load<u32>(key) === 0x657a6973 ? KEY_SIZE : 0;
    case 6:
      // hashes, yanked
      if (load<u32>(key) === 0x68736168 && load<u16>(key + 4) === 0x7365) return KEY_HASHES;
      return load<u32>(key) === 0x6b6e6179 && load<u16>(key + 4) === 0x6465 ? KEY_YANKED : 0;
    case 8:
      return load<u64>(key) === 0x656d616e656c6966 ? KEY_FILENAME : 0;
    case 10:
      // provenance
      return load<u64>(key) === 0x6e616e65766f7270 && load<u16>(key + 8) === 0x6563 ? KEY_PROVENANCE : 0;
    case 11:
      // upload-time
      return load<u64>(key) === 0x742d64616f6c7075 && load<u32>(key + 7) === 0x656d6974 ? KEY_TIME : 0;
    case 13:
      // core-metadata
      return load<u64>(key) === 0x74656d2d65726f63 && load<u64>(key + 5) === 0x617461646174656d
        ? KEY_METADATA
        : 0;
    case 15:
      // requires-python
      return load<u64>(key) === 0x7365726975716572 && load<u64>(key + 7) === 0x6e6f687479702d73
        ? KEY_PYTHON
        : 0;
    case 18:
      // dist-info-metadata
      if (load<u64>(key) !== 0x666e692d74736964 || load<u64>(key + 10) !== 0x617461646174656d) return 0;
      return load<u16>(key + 8) === 0x2d6f ? KEY_OLDER_METADATA : 0;
    default:
      return 0;
  }
}

function readValue(at: usize, kind: u32, file: u32): usize {
  switch (kind) {
    case KEY_FILENAME:
      return readFilename(at, file);
    case KEY_URL:
      return readUrl(at, file);
    case KEY_HASHES:
      return readHashes(at, file);
    case KEY_PYTHON:
      return readPython(at, file);
    case KEY_SIZE:
      return readSize(at, file);
    case KEY_TIME:
      return readTime(at, file);
    case KEY_YANKED:
      return readYanked(at, file);
    case KEY_METADATA:
      return readMetadata(at, false);
    case KEY_OLDER_METADATA:
      return readMetadata(at, true);
    case KEY_PROVENANCE:
      return readProvenance(at, file);
    default:
      return otherValue(at);
  }
}

/** Of a key that does not matter, among them `data-dist-info-metadata`. */
function otherValue(at: usize): usize {
  if (load<u8>(at) !== OPEN) return simpleValue(at);
  const digest = digestIn(at);
  return digest === 0 ? 0 : behindDigest(digest);
}
