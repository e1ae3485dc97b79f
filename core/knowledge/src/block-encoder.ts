// Writes the particulars of up to FILES_PER_BLOCK files (see record-layout.ts; read by file-block.ts).

import type { IndexFile } from "@thoth/pep";
import {
  BLOCK,
  BLOCK_MAGIC,
  BLOCK_WORDS,
  blockOffsets,
  FLAG,
  padded,
  type RareParticulars,
} from "./record-layout.ts";

const encoder = new TextEncoder();

export function encodeBlock(files: readonly IndexFile[]): Uint8Array {
  const hashed = files.some((file) => typeof file.coreMetadata === "string");
  const prefix = commonPrefix(files);
  const text = gatherText(files, prefix);
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
  new Uint32Array(bytes.buffer, offsets.nameEnd, files.length).set(text.nameEnd);
  new Uint32Array(bytes.buffer, offsets.urlEnd, files.length).set(text.urlEnd);
  const size = new Float64Array(bytes.buffer, offsets.size, files.length);
  for (const [index, file] of files.entries()) {
    size[index] = file.size ?? Number.NaN;
    let flags = text.endsWithName[index] === true ? FLAG.urlEndsWithName : 0;
    if (writeDigest(bytes, offsets.sha256 + index * 32, file.hashes["sha256"])) flags |= FLAG.sha256;
    const metadata = file.coreMetadata;
    if (metadata === true) flags |= FLAG.metadata;
    else if (metadata !== false) {
      const kept = writeDigest(bytes, offsets.metadataSha256 + index * 32, metadata);
      flags |= kept ? FLAG.metadataSha256 : FLAG.metadata;
    }
    bytes[offsets.flags + index] = flags;
  }
  return bytes;
}

interface BlockText {
  readonly bytes: Uint8Array;
  readonly prefixLength: number;
  readonly nameEnd: readonly number[];
  readonly urlEnd: readonly number[];
  readonly endsWithName: readonly boolean[];
}

function gatherText(files: readonly IndexFile[], prefix: string): BlockText {
  const nameEnd: number[] = [];
  const urlEnd: number[] = [];
  const endsWithName: boolean[] = [];
  const pieces = [prefix];
  for (const { filename, url } of files) {
    const ends = url.length - filename.length >= prefix.length && url.endsWith(filename);
    endsWithName.push(ends);
    pieces.push(filename, url.slice(prefix.length, ends ? url.length - filename.length : undefined));
  }
  const joined = pieces.join("");
  const bytes = encoder.encode(joined);
  const ascii = bytes.length === joined.length;
  const lengths = pieces.map((piece) => (ascii ? piece.length : encoder.encode(piece).length));
  let end = lengths[0]!;
  for (let index = 0; index < files.length; index++) {
    end += lengths[index * 2 + 1]!;
    nameEnd.push(end);
    end += lengths[index * 2 + 2]!;
    urlEnd.push(end);
  }
  return { bytes, prefixLength: lengths[0]!, nameEnd, urlEnd, endsWithName };
}

/** Of the URLs' folders: what all of them begin with, up to a slash. */
function commonPrefix(files: readonly IndexFile[]): string {
  const first = files[0]?.url ?? "";
  let length = first.lastIndexOf("/") + 1;
  for (const { url } of files) {
    let same = 0;
    while (same < length && url.charCodeAt(same) === first.charCodeAt(same)) same++;
    length = same;
  }
  return length === 0 ? "" : first.slice(0, first.lastIndexOf("/", length - 1) + 1);
}

function encodeRare(files: readonly IndexFile[]): Uint8Array {
  const yankReasons: Record<string, string> = {};
  const hashes: Record<string, Record<string, string>> = {};
  const provenance: Record<string, string> = {};
  for (const [index, file] of files.entries()) {
    if (typeof file.yanked === "string" && file.yanked !== "") yankReasons[index] = file.yanked;
    const others = Object.entries(file.hashes).filter(([name]) => name !== "sha256");
    if (others.length > 0) hashes[index] = Object.fromEntries(others);
    if (file.provenance !== undefined) provenance[index] = file.provenance;
  }
  const rare: RareParticulars = {
    ...(Object.keys(yankReasons).length > 0 ? { yankReasons } : {}),
    ...(Object.keys(hashes).length > 0 ? { hashes } : {}),
    ...(Object.keys(provenance).length > 0 ? { provenance } : {}),
  };
  return Object.keys(rare).length === 0 ? new Uint8Array(0) : encoder.encode(JSON.stringify(rare));
}

/** Writes 64 hexadecimal digits as 32 bytes; false when the text is anything else. */
function writeDigest(bytes: Uint8Array, start: number, text: string | undefined): boolean {
  if (text?.length !== 64) return false;
  for (let index = 0; index < 32; index++) {
    const high = digit(text.charCodeAt(index * 2));
    const low = digit(text.charCodeAt(index * 2 + 1));
    if (high < 0 || low < 0) {
      bytes.fill(0, start, start + 32);
      return false;
    }
    bytes[start + index] = (high << 4) | low;
  }
  return true;
}

function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}
