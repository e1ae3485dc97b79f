// Writes the particulars of files in blocks (see record-layout.ts; read by file-block.ts).

import type { IndexFile } from "@thoth/pep";
import { type Blocks, encodeRare, joinBlocks, type Rare } from "./blocks.ts";
import {
  BLOCK,
  BLOCK_MAGIC,
  BLOCK_WORDS,
  blockOffsets,
  COLUMNS,
  DIGEST,
  FILES_PER_BLOCK,
  FLAG,
  MOST_SHARED,
  PATH_FOLDERS,
  padded,
} from "./record-layout.ts";

const encoder = new TextEncoder();

/** What is known of each file already. */
export interface KnownColumns {
  readonly uploadTime: Uint32Array;
  readonly python: Uint16Array;
}

export function encodeBlocks(files: readonly IndexFile[], columns: KnownColumns): Blocks {
  const blocks: Uint8Array[] = [];
  let prefix = "";
  for (let start = 0; start < files.length; start += FILES_PER_BLOCK) {
    const end = Math.min(start + FILES_PER_BLOCK, files.length);
    const own = files.slice(start, end);
    prefix = commonPrefix(own, prefix);
    const uploadTime = columns.uploadTime.subarray(start, end);
    blocks.push(encodeBlock(own, { uploadTime, python: columns.python.subarray(start, end) }, prefix));
  }
  return joinBlocks(blocks);
}

function encodeBlock(files: readonly IndexFile[], known: KnownColumns, prefix: string): Uint8Array {
  const hashed = files.some(({ coreMetadata }) => isDigest(coreMetadata));
  const text = gatherText(files, prefix);
  const rare = encodeRare(files.map(rareOf));
  const columns = (hashed ? COLUMNS.metadataSha256 : 0) | (text.hasPaths ? COLUMNS.path : 0);
  const offsets = blockOffsets(files.length, columns);
  const bytes = new Uint8Array(padded(offsets.text + text.bytes.length + rare.length));
  const header = new Uint32Array(bytes.buffer, 0, BLOCK_WORDS);
  header[BLOCK.magic] = BLOCK_MAGIC;
  header[BLOCK.files] = files.length;
  header[BLOCK.textLength] = text.bytes.length;
  header[BLOCK.rareLength] = rare.length;
  header[BLOCK.prefixLength] = text.prefixLength;
  header[BLOCK.columns] = columns;
  bytes.set(text.bytes, offsets.text);
  bytes.set(rare, offsets.text + text.bytes.length);
  new Uint32Array(bytes.buffer, offsets.nameEnd, files.length).set(text.nameEnd);
  new Uint32Array(bytes.buffer, offsets.urlEnd, files.length).set(text.urlEnd);
  new Uint32Array(bytes.buffer, offsets.uploadTime, files.length).set(known.uploadTime);
  new Uint16Array(bytes.buffer, offsets.python, files.length).set(known.python);
  bytes.set(text.nameShared, offsets.nameShared);
  const size = new Float64Array(bytes.buffer, offsets.size, files.length);
  for (const [index, file] of files.entries()) {
    const { coreMetadata } = file;
    const sha256 = file.hashes["sha256"];
    const path = text.paths[index];
    size[index] = file.size ?? Number.NaN;
    let flags = text.endsWithName[index]! === 1 ? FLAG.urlEndsWithName : 0;
    if (file.yanked !== false) flags |= FLAG.yanked;
    if (path !== undefined) {
      flags |= FLAG.path;
      writeDigest(bytes, offsets.path + index * DIGEST, path);
    }
    if (isDigest(sha256)) {
      flags |= FLAG.sha256;
      writeDigest(bytes, offsets.sha256 + index * DIGEST, sha256);
    }
    if (isDigest(coreMetadata)) {
      flags |= FLAG.metadataSha256;
      writeDigest(bytes, offsets.metadataSha256 + index * DIGEST, coreMetadata);
    } else if (coreMetadata !== false) flags |= FLAG.metadata;
    bytes[offsets.flags + index] = flags;
  }
  return bytes;
}

function isDigest(value: string | boolean | undefined): value is string {
  return typeof value === "string" && value.length === DIGEST * 2;
}

function writeDigest(bytes: Uint8Array, start: number, digest: string): void {
  for (let index = 0; index < DIGEST; index++)
    bytes[start + index] = Number.parseInt(digest.slice(index * 2, index * 2 + 2), 16);
}

interface BlockText {
  readonly bytes: Uint8Array;
  readonly prefixLength: number;
  readonly nameEnd: Uint32Array;
  readonly nameShared: Uint8Array;
  readonly urlEnd: Uint32Array;
  /** 1 where the URL ends in the name. */
  readonly endsWithName: Uint8Array;
  /** Digits. */
  readonly paths: readonly (string | undefined)[];
  /** That the first file has one decides. */
  readonly hasPaths: boolean;
}

function gatherText(files: readonly IndexFile[], prefix: string): BlockText {
  const endsWithName = new Uint8Array(files.length);
  const nameShared = new Uint8Array(files.length);
  const paths: (string | undefined)[] = [];
  const pieces = [prefix];
  let before = "";
  for (let index = 0; index < files.length; index++) {
    const { filename, url } = files[index]!;
    const ends = url.length - filename.length >= prefix.length && url.endsWith(filename);
    if (ends) endsWithName[index] = 1;
    const shared = sharedBeginning(before, filename);
    nameShared[index] = shared;
    const rest = url.slice(prefix.length, ends ? url.length - filename.length : undefined);
    const path = index === 0 || paths[0] !== undefined ? pathOf(rest) : undefined;
    paths.push(path);
    pieces.push(filename.slice(shared), path === undefined ? rest : "");
    before = filename;
  }
  const joined = pieces.join("");
  const bytes = encoder.encode(joined);
  const ascii = bytes.length === joined.length;
  const prefixLength = lengthOf(prefix, ascii);
  const nameEnd = new Uint32Array(files.length);
  const urlEnd = new Uint32Array(files.length);
  let end = prefixLength;
  for (let index = 0; index < files.length; index++) {
    end += lengthOf(pieces[index * 2 + 1]!, ascii);
    nameEnd[index] = end;
    end += lengthOf(pieces[index * 2 + 2]!, ascii);
    urlEnd[index] = end;
  }
  const hasPaths = paths[0] !== undefined;
  return { bytes, prefixLength, nameEnd, nameShared, urlEnd, endsWithName, paths, hasPaths };
}

function sharedBeginning(one: string, other: string): number {
  const most = Math.min(one.length, other.length, MOST_SHARED);
  let shared = 0;
  while (
    shared < most &&
    one.charCodeAt(shared) === other.charCodeAt(shared) &&
    other.charCodeAt(shared) < 0x80
  )
    shared++;
  return shared;
}

const PATH = new RegExp(`^${PATH_FOLDERS.map((length) => `([0-9a-f]{${length}})/`).join("")}$`);

/** The digits of a path. */
function pathOf(rest: string): string | undefined {
  return PATH.exec(rest)?.slice(1).join("");
}

function lengthOf(text: string, ascii: boolean): number {
  return ascii ? text.length : encoder.encode(text).length;
}

/**
 * What all URLs begin with, up to a slash; `wished`, which need not be all of it, where that does (such as the prefix of
 * other files of the project).
 */
function commonPrefix(files: readonly IndexFile[], wished: string): string {
  if (wished !== "" && files.every(({ url }) => url.startsWith(wished))) return wished;
  const first = files[0]?.url ?? "";
  let prefix = first.slice(0, first.lastIndexOf("/") + 1);
  for (let index = 1; index < files.length; index++) {
    const { url } = files[index]!;
    if (url.startsWith(prefix)) continue;
    let same = 0;
    while (url.charCodeAt(same) === prefix.charCodeAt(same)) same++;
    prefix = same === 0 ? "" : prefix.slice(0, prefix.lastIndexOf("/", same - 1) + 1);
  }
  return prefix;
}

function rareOf(file: IndexFile): Rare {
  const hashes = Object.entries(file.hashes).filter(([name]) => name !== "sha256");
  return {
    yankReason: typeof file.yanked === "string" && file.yanked !== "" ? file.yanked : undefined,
    hashes: hashes.length === 0 ? undefined : Object.fromEntries(hashes),
    provenance: file.provenance,
  };
}
