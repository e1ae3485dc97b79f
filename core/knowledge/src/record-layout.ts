// The byte layout of a project record. A record is a head, read for every resolution and small, followed by blocks
// of file particulars (names, URLs, hashes, dates), read for the files that are chosen; a store may keep the blocks
// apart. Numbers are in the byte order of the machine: the magic number tells a foreign one.
//
// Most releases of a project have files of the same tag sets in the same order. Such a series is a shape; it is kept,
// and judged, once. The files of a release mostly agree on the Python bound and the yank too.
//
// Head, in bytes:  16 header words | releaseRank f64[R] | versionEnd u32[R] | firstFile u32[R+1] | earliest u32[R] | latest u32[R] |
//   shape u32[R] | shapeEnd u32[S] | blockEnd u32[B] | python u16[R] | series u16[N] | interpreter u16[T] |
//   platform u16[T] | flags u8[R] | version texts | lists (JSON) | padding to 8
// where the files of shape s have the tag sets series[shapeEnd[s-1]] to series[shapeEnd[s]-1].
// Block, in bytes: 6 header words | size f64[n] | nameEnd u32[n] | urlEnd u32[n] | uploadTime u32[n] |
//   python u16[n] | flags u8[n] | nameShared u8[n] | sha256 32*n | metadata sha256 32*n or nothing | path 32*n or nothing |
//   text: URL prefix, then of each file what its name and its URL have for themselves | rare particulars (JSON) | padding to 8
// where a name begins with the first nameShared bytes, all ASCII, of the name before it; and a URL is the prefix, its own text
// or a path, and maybe the name. A path stands for `01/23/45…ef/`, a digest in three folders as on the Python Package Index.

export const HEAD_MAGIC = 0x54_50_52_01;
export const BLOCK_MAGIC = 0x54_50_42_01;
/** Raised whenever bytes or fingerprints come to mean something else: older records are fetched anew. */
export const LAYOUT_VERSION = 6;

export const HEAD_WORDS = 16;
export const BLOCK_WORDS = 6;

/** Bytes of a SHA-256. */
export const DIGEST = 32;

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
  shapes: 9,
  series: 10,
  tagSets: 11,
} as const;

/** Positions of the header words of a block. */
export const BLOCK = {
  magic: 0,
  files: 1,
  textLength: 2,
  rareLength: 3,
  prefixLength: 4,
  columns: 5,
} as const;

/** Bits of the header word `columns`: those that a block has and others have not. */
export const COLUMNS = { metadataSha256: 1, path: 2 } as const;

/** Bits of a file's flags. */
export const FLAG = {
  sha256: 1,
  metadata: 2,
  metadataSha256: 4,
  urlEndsWithName: 8,
  yanked: 16,
  path: 32,
} as const;

/** Most bytes that a name can share with the one before. */
export const MOST_SHARED = 255;

/** Digits of the folders of a path. */
export const PATH_FOLDERS = [2, 2, 60] as const;

/**
 * Bits of a release's flags. `untimed`: some file has no upload time; `yanked`: all files are; `mixed`: files
 * differ in their Python bound or yank.
 */
export const RELEASE = { prerelease: 1, untimed: 2, yanked: 4, mixed: 8 } as const;

/** What the head keeps as JSON: read at most once per record, on demand. */
export interface RecordLists {
  readonly name: string;
  readonly index: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly interpreters: readonly string[];
  readonly platforms: readonly string[];
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

/** How many entries the columns of a head have. */
export interface HeadCounts {
  readonly releases: number;
  readonly blocks: number;
  readonly shapes: number;
  readonly series: number;
  readonly tagSets: number;
}

export interface HeadOffsets {
  readonly releaseRank: number;
  readonly versionEnd: number;
  readonly firstFile: number;
  readonly earliest: number;
  readonly latest: number;
  readonly shape: number;
  readonly shapeEnd: number;
  readonly blockEnd: number;
  readonly python: number;
  readonly series: number;
  readonly interpreter: number;
  readonly platform: number;
  readonly flags: number;
  readonly versionText: number;
}

/** Where each column of a head begins, in bytes. */
export function headOffsets(counts: HeadCounts): HeadOffsets {
  const { releases, blocks, shapes, series, tagSets } = counts;
  const releaseRank = HEAD_WORDS * 4;
  const versionEnd = releaseRank + releases * 8;
  const firstFile = versionEnd + releases * 4;
  const earliest = firstFile + (releases + 1) * 4;
  const latest = earliest + releases * 4;
  const shape = latest + releases * 4;
  const shapeEnd = shape + releases * 4;
  const blockEnd = shapeEnd + shapes * 4;
  const python = blockEnd + blocks * 4;
  const firstOfSeries = python + releases * 2;
  const interpreter = firstOfSeries + series * 2;
  const platform = interpreter + tagSets * 2;
  const flags = platform + tagSets * 2;
  const versionText = flags + releases;
  return {
    releaseRank,
    versionEnd,
    firstFile,
    earliest,
    latest,
    shape,
    shapeEnd,
    blockEnd,
    python,
    series: firstOfSeries,
    interpreter,
    platform,
    flags,
    versionText,
  };
}

export interface BlockOffsets {
  readonly size: number;
  readonly nameEnd: number;
  readonly urlEnd: number;
  readonly uploadTime: number;
  readonly python: number;
  readonly flags: number;
  readonly nameShared: number;
  readonly sha256: number;
  readonly metadataSha256: number;
  readonly path: number;
  readonly text: number;
}

/** Where each column of a block begins, in bytes. */
export function blockOffsets(files: number, columns: number): BlockOffsets {
  const size = BLOCK_WORDS * 4;
  const nameEnd = size + files * 8;
  const urlEnd = nameEnd + files * 4;
  const uploadTime = urlEnd + files * 4;
  const python = uploadTime + files * 4;
  const flags = python + files * 2;
  const nameShared = flags + files;
  const sha256 = nameShared + files;
  const metadataSha256 = sha256 + files * DIGEST;
  const path = metadataSha256 + ((columns & COLUMNS.metadataSha256) === 0 ? 0 : files * DIGEST);
  const text = path + ((columns & COLUMNS.path) === 0 ? 0 : files * DIGEST);
  return { size, nameEnd, urlEnd, uploadTime, python, flags, nameShared, sha256, metadataSha256, path, text };
}

export function padded(length: number): number {
  return (length + 7) & ~7;
}
