// The byte layout of a project record. A record is a head, read for every resolution, followed by blocks of
// file particulars (names, URLs, hashes), read only for the files somebody fetches or locks; a store may keep
// the blocks apart. Numbers are in the byte order of the machine: the magic number tells a foreign one.
//
// Head, in bytes:  16 header words | versionEnd u32[R] | firstFile u32[R+1] | blockEnd u32[B] |
//   uploadTime u32[F] | fingerprint u32[2F] | tagSet u16[F] | requiresPython u16[F] | yanked u8[F] |
//   version texts | lists (JSON) | padding to 8
// Block, in bytes: 6 header words | size f64[n] | nameEnd u32[n] | urlEnd u32[n] | flags u8[n] |
//   sha256 32*n | metadata sha256 32*n or nothing | text: URL prefix, then name and rest of URL of each file |
//   rare particulars (JSON) | padding to 8

export const HEAD_MAGIC = 0x54_50_52_01;
export const BLOCK_MAGIC = 0x54_50_42_01;
/** Raised whenever bytes or fingerprints come to mean something else: older records are fetched anew. */
export const LAYOUT_VERSION = 2;

export const HEAD_WORDS = 16;
export const BLOCK_WORDS = 6;

/** Files of one block; the last one of a record may have fewer. */
export const FILES_PER_BLOCK = 64;

/** In u16 columns: no entry. */
export const NONE = 0xffff;

/** Positions of the header words of a head. */
export const HEAD = {
  magic: 0,
  layout: 1,
  headLength: 2,
  totalLength: 3,
  releases: 4,
  files: 5,
  blocks: 6,
  versionTextLength: 7,
  listsLength: 8,
} as const;

/** Positions of the header words of a block. */
export const BLOCK = {
  magic: 0,
  files: 1,
  textLength: 2,
  rareLength: 3,
  prefixLength: 4,
  hashed: 5,
} as const;

/** Bits of a file's flags. */
export const FLAG = { sha256: 1, metadata: 2, metadataSha256: 4, urlEndsWithName: 8 } as const;

/** What the head keeps as JSON: read at most once per record, on demand. */
export interface RecordLists {
  readonly name: string;
  readonly index: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly tagSets: readonly string[];
  readonly requiresPython: readonly string[];
  readonly tracks?: readonly string[];
  readonly alternateLocations?: readonly string[];
}

/** What few files have, by position in the block. */
export interface RareParticulars {
  readonly yankReasons?: Readonly<Record<string, string>>;
  readonly hashes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly provenance?: Readonly<Record<string, string>>;
}

export interface HeadOffsets {
  readonly versionEnd: number;
  readonly firstFile: number;
  readonly blockEnd: number;
  readonly uploadTime: number;
  readonly fingerprint: number;
  readonly tagSet: number;
  readonly requiresPython: number;
  readonly yanked: number;
  readonly versionText: number;
}

/** Where each column of a head begins, in bytes. */
export function headOffsets(releases: number, files: number, blocks: number): HeadOffsets {
  const versionEnd = HEAD_WORDS * 4;
  const firstFile = versionEnd + releases * 4;
  const blockEnd = firstFile + (releases + 1) * 4;
  const uploadTime = blockEnd + blocks * 4;
  const fingerprint = uploadTime + files * 4;
  const tagSet = fingerprint + files * 8;
  const requiresPython = tagSet + files * 2;
  const yanked = requiresPython + files * 2;
  const versionText = yanked + files;
  return {
    versionEnd,
    firstFile,
    blockEnd,
    uploadTime,
    fingerprint,
    tagSet,
    requiresPython,
    yanked,
    versionText,
  };
}

export interface BlockOffsets {
  readonly size: number;
  readonly nameEnd: number;
  readonly urlEnd: number;
  readonly flags: number;
  readonly sha256: number;
  readonly metadataSha256: number;
  readonly text: number;
}

/** Where each column of a block begins, in bytes. */
export function blockOffsets(files: number, hashed: boolean): BlockOffsets {
  const size = BLOCK_WORDS * 4;
  const nameEnd = size + files * 8;
  const urlEnd = nameEnd + files * 4;
  const flags = urlEnd + files * 4;
  const sha256 = flags + files;
  const metadataSha256 = sha256 + files * 32;
  const text = metadataSha256 + (hashed ? files * 32 : 0);
  return { size, nameEnd, urlEnd, flags, sha256, metadataSha256, text };
}

export function padded(length: number): number {
  return (length + 7) & ~7;
}
