// Writes the particulars of up to FILES_PER_BLOCK files (see record-layout.ts; read by file-block.ts).

import type { IndexFile } from "@thoth/pep";
import {
  BLOCK,
  BLOCK_MAGIC,
  BLOCK_WORDS,
  blockOffsets,
  DIGEST,
  FLAG,
  padded,
  type RareParticulars,
} from "./record-layout.ts";

const encoder = new TextEncoder();

/** What the encoder of the head knows of each file of the project; the block begins at `start`. */
export interface FileColumns {
  readonly start: number;
  readonly uploadTime: Uint32Array;
  readonly python: Uint16Array;
  /** What all URLs of the block begin with. */
  readonly prefix: string;
}

/** Written for pages of ten thousands of files: no list or string is made that can be done without. */
export function encodeBlock(files: readonly IndexFile[], columns: FileColumns): Uint8Array {
  const digests = joinDigests(files, ({ hashes }) => hashes["sha256"]);
  const hashed = files.some(({ coreMetadata }) => typeof coreMetadata === "string");
  const ofMetadata = hashed ? joinDigests(files, ({ coreMetadata }) => coreMetadata) : "";
  const text = gatherText(files, columns.prefix);
  const rare = encodeRare(files);
  const offsets = blockOffsets(files.length, hashed);
  const bytes = new Uint8Array(padded(offsets.text + text.bytes.length + rare.length));
  const header = new Uint32Array(bytes.buffer, 0, BLOCK_WORDS);
  header[BLOCK.magic] = BLOCK_MAGIC;
  header[BLOCK.files] = files.length;
  header[BLOCK.textLength] = text.bytes.length;
  header[BLOCK.rareLength] = rare.length;
  header[BLOCK.prefixLength] = text.prefixLength;
  header[BLOCK.hashed] = hashed ? 1 : 0;
  bytes.set(text.bytes, offsets.text);
  bytes.set(rare, offsets.text + text.bytes.length);
  encoder.encodeInto(digests, bytes.subarray(offsets.sha256, offsets.metadataSha256));
  encoder.encodeInto(ofMetadata, bytes.subarray(offsets.metadataSha256, offsets.text));
  new Uint32Array(bytes.buffer, offsets.nameEnd, files.length).set(text.nameEnd);
  new Uint32Array(bytes.buffer, offsets.urlEnd, files.length).set(text.urlEnd);
  const uploadTime = new Uint32Array(bytes.buffer, offsets.uploadTime, files.length);
  const python = new Uint16Array(bytes.buffer, offsets.python, files.length);
  const size = new Float64Array(bytes.buffer, offsets.size, files.length);
  for (let index = 0; index < files.length; index++) {
    const file = files[index]!;
    size[index] = file.size ?? Number.NaN;
    uploadTime[index] = columns.uploadTime[columns.start + index]!;
    python[index] = columns.python[columns.start + index]!;
    let flags = text.endsWithName[index]! === 1 ? FLAG.urlEndsWithName : 0;
    if (file.yanked !== false) flags |= FLAG.yanked;
    if (has(digests, index)) flags |= FLAG.sha256;
    if (file.coreMetadata !== false) flags |= has(ofMetadata, index) ? FLAG.metadataSha256 : FLAG.metadata;
    bytes[offsets.flags + index] = flags;
  }
  return bytes;
}

const NO_DIGEST = " ".repeat(DIGEST);

/** A SHA-256 of each file in turn, or as many spaces. */
function joinDigests(
  files: readonly IndexFile[],
  digestOf: (file: IndexFile) => string | boolean | undefined,
): string {
  const pieces: string[] = [];
  for (let index = 0; index < files.length; index++) {
    const digest = digestOf(files[index]!);
    pieces.push(typeof digest === "string" && digest.length === DIGEST ? digest : NO_DIGEST);
  }
  return pieces.join("");
}

function has(digests: string, index: number): boolean {
  return digests.length > index * DIGEST && digests.charCodeAt(index * DIGEST) !== SPACE;
}

const SPACE = 32;

interface BlockText {
  readonly bytes: Uint8Array;
  readonly prefixLength: number;
  readonly nameEnd: Uint32Array;
  readonly urlEnd: Uint32Array;
  /** 1 where the URL ends in the name. */
  readonly endsWithName: Uint8Array;
}

function gatherText(files: readonly IndexFile[], prefix: string): BlockText {
  const endsWithName = new Uint8Array(files.length);
  const pieces = [prefix];
  for (let index = 0; index < files.length; index++) {
    const { filename, url } = files[index]!;
    const ends = url.length - filename.length >= prefix.length && url.endsWith(filename);
    if (ends) endsWithName[index] = 1;
    pieces.push(filename, url.slice(prefix.length, ends ? url.length - filename.length : undefined));
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
  return { bytes, prefixLength, nameEnd, urlEnd, endsWithName };
}

function lengthOf(text: string, ascii: boolean): number {
  return ascii ? text.length : encoder.encode(text).length;
}

/**
 * What all URLs begin with, up to a slash; `wished`, which need not be all of it, where that does (such as the prefix of
 * other files of the project).
 */
export function commonPrefix(files: readonly IndexFile[], wished: string): string {
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

function encodeRare(files: readonly IndexFile[]): Uint8Array {
  let yankReasons: Record<string, string> | undefined;
  let hashes: Record<string, Record<string, string>> | undefined;
  let provenance: Record<string, string> | undefined;
  for (let index = 0; index < files.length; index++) {
    const file = files[index]!;
    if (typeof file.yanked === "string" && file.yanked !== "") {
      yankReasons ??= {};
      yankReasons[index] = file.yanked;
    }
    if (hasOtherHashes(file.hashes)) {
      hashes ??= {};
      hashes[index] = Object.fromEntries(Object.entries(file.hashes).filter(([name]) => name !== "sha256"));
    }
    if (file.provenance !== undefined) {
      provenance ??= {};
      provenance[index] = file.provenance;
    }
  }
  if (yankReasons === undefined && hashes === undefined && provenance === undefined) return NOTHING;
  const rare: RareParticulars = {
    ...(yankReasons === undefined ? {} : { yankReasons }),
    ...(hashes === undefined ? {} : { hashes }),
    ...(provenance === undefined ? {} : { provenance }),
  };
  return encoder.encode(JSON.stringify(rare));
}

function hasOtherHashes(hashes: Readonly<Record<string, string>>): boolean {
  for (const name in hashes) if (name !== "sha256") return true;
  return false;
}

const NOTHING = new Uint8Array(0);
