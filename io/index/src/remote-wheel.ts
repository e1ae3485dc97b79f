// The METADATA of a wheel that stays where it is: the end of the archive with its directory, then the member,
// by HTTP ranges (https://www.rfc-editor.org/rfc/rfc9110#name-range-requests). Writers put `.dist-info` last,
// so one request is mostly enough, and two nearly always. Of a very long directory only the ends are read (see
// docs/decisions/0010-long-directories.md). What is read here is checked again at installation.

import { crc32, inflateRawSync } from "node:zlib";
import { ThothError } from "@thoth/pep";
import type { HttpClient } from "./http-client.ts";
import type { IndexLimits } from "./limits.ts";
import { damaged, RangedFile } from "./ranged-file.ts";
import {
  type DirectoryEnd,
  findFirstMember,
  findMembers,
  findMembersAtEnd,
  findMembersAtStart,
  locateEnd,
  type ZipEntry,
} from "./zip-scan.ts";

export interface RemoteWheel {
  readonly url: string;
  readonly filename: string;
  /** As the index page says; it may lie. */
  readonly size: number | undefined;
  /** That of another release of the project; most are laid out alike. */
  readonly layout: Layout | undefined;
  readonly limits: IndexLimits;
  readonly signal: AbortSignal | undefined;
}

/** Where METADATA lies. */
export interface Layout {
  /** Bytes from the beginning of the file to its end. */
  readonly end: number;
  /** Bytes from its beginning to the end of the file. */
  readonly reach: number;
}

export interface RemoteMetadata {
  readonly bytes: Buffer;
  readonly layout: Layout;
}

const LARGEST_AT_ONCE = 48 * 1024;
const TAIL = 16 * 1024;
/** Of a file whose layout is not known: METADATA of nine in ten wheels lies in a tail of this and TAIL. */
const SHARE_OF_TAIL = 1 / 16;
const LARGEST_TAIL = 192 * 1024;
const LARGEST_KNOWN_TAIL = 256 * 1024;
const LARGEST_HEAD = 128 * 1024;
/** Bytes from which on a wheel mostly has its METADATA far from its end, and a long tail would be for nothing. */
const LARGE_FILE = 32 * 1024 * 1024;
const TAIL_OF_LARGE = 32 * 1024;
/** Bytes of a directory before the tail that are fetched without a second thought. */
const REST_AT_ONCE = 128 * 1024;
const DIRECTORY_START = 16 * 1024;
const LOCAL_HEADER = 30;
const METADATA = ".dist-info/METADATA";

/** Throws NoRanges, FileGone, `invalid-wheel`, `limit-exceeded`, or as `HttpClient.get`. */
export async function fetchRemoteMetadata(client: HttpClient, wheel: RemoteWheel): Promise<RemoteMetadata> {
  const file = new RangedFile(client, wheel);
  try {
    return await readMetadata(file, wheel);
  } finally {
    file.giveBack();
  }
}

async function readMetadata(file: RangedFile, wheel: RemoteWheel): Promise<RemoteMetadata> {
  const entry = (await entryByHead(file, wheel)) ?? (await entryByTail(file, wheel));
  const packed = await fetchMember(file, entry);
  const layout = { end: entry.offset + packed.length, reach: file.size - entry.offset };
  return { bytes: unpack(packed, entry), layout };
}

/** Where other releases of the project begin with METADATA, far from the directory, the first members are asked. */
async function entryByHead(file: RangedFile, wheel: RemoteWheel): Promise<ZipEntry | undefined> {
  const { layout, size } = wheel;
  if (layout === undefined || layout.reach <= LARGEST_KNOWN_TAIL || layout.end > LARGEST_HEAD)
    return undefined;
  if (size === undefined || size <= LARGEST_KNOWN_TAIL) return undefined;
  const length = withRoom(layout.end);
  await file.fetchHead(length);
  const entry = findFirstMember(file.view(0, length), ownMetadata(wheel));
  return entry === undefined ? undefined : checkEntry(entry, wheel);
}

async function entryByTail(file: RangedFile, wheel: RemoteWheel): Promise<ZipEntry> {
  await file.fetchTail(tailLength(wheel));
  let end = locateEnd(file.view(file.tailStart, file.size), file.tailStart);
  if (end === undefined) {
    // A long comment, or a 64-bit record just before what was fetched.
    await file.fetch(Math.max(0, file.size - 80 * 1024), file.tailStart);
    end = locateEnd(file.view(file.tailStart, file.size), file.tailStart);
    if (end === undefined) throw damaged("it has no directory");
  }
  if (end.size > wheel.limits.directoryBytes) throw tooLong("directoryBytes", wheel.limits.directoryBytes);
  return (await entryInParts(file, end, wheel)) ?? (await entryInWhole(file, end, wheel));
}

function tailLength({ size, layout }: RemoteWheel): number {
  if (size === undefined) return TAIL;
  if (layout !== undefined && layout.reach <= LARGEST_KNOWN_TAIL)
    return Math.min(size, withRoom(layout.reach));
  if (size <= LARGEST_AT_ONCE) return size;
  if (size >= LARGE_FILE) return TAIL_OF_LARGE;
  return Math.min(LARGEST_TAIL, TAIL + Math.ceil(size * SHARE_OF_TAIL));
}

/** Bytes for what had so many in another release. */
function withRoom(bytes: number): number {
  return Math.ceil(bytes * 1.1) + 2048;
}

function ownMetadata({ filename }: RemoteWheel): string {
  return `${filename.split("-", 2).join("-")}${METADATA}`;
}

/**
 * Of a directory much longer than its fetched end: the entry from that end or from the first bytes, where it
 * nearly always stands, and by the name that the wheel's own asks for. Undefined: all of the directory will tell.
 */
async function entryInParts(
  file: RangedFile,
  end: DirectoryEnd,
  wheel: RemoteWheel,
): Promise<ZipEntry | undefined> {
  if (end.start + REST_AT_ONCE >= file.tailStart) return undefined;
  let found = findMembersAtEnd(file.view(file.tailStart, end.start + end.size), METADATA);
  if (found.length === 0) {
    const until = end.start + DIRECTORY_START;
    await file.fetch(end.start, until);
    found = findMembersAtStart(file.view(end.start, until), METADATA);
  }
  return found.length === 1 && found[0]?.name === ownMetadata(wheel)
    ? checkEntry(found[0], wheel)
    : undefined;
}

async function entryInWhole(file: RangedFile, end: DirectoryEnd, wheel: RemoteWheel): Promise<ZipEntry> {
  await fetchDirectory(file, end);
  const found = findMembers(file.view(end.start, end.start + end.size), METADATA);
  const entry = found[0];
  if (entry === undefined) throw damaged("it has no METADATA");
  if (found.length > 1) throw damaged("it has several METADATA files");
  return checkEntry(entry, wheel);
}

/** With the directory comes what lies before it: RECORD, about half as long, and METADATA before that. */
async function fetchDirectory(file: RangedFile, end: DirectoryEnd): Promise<void> {
  if (end.start >= file.tailStart) return;
  const before = end.size > REST_AT_ONCE ? 0 : Math.ceil(end.size * 0.6) + TAIL;
  await file.fetch(Math.max(0, end.start - before), file.tailStart);
}

function checkEntry(entry: ZipEntry, wheel: RemoteWheel): ZipEntry {
  if (entry.size > wheel.limits.metadataBytes) throw tooLong("metadataBytes", wheel.limits.metadataBytes);
  if (entry.compressedSize > entry.size + 65_536)
    throw damaged("its METADATA is packed in an impossible way");
  return entry;
}

async function fetchMember(file: RangedFile, entry: ZipEntry): Promise<Buffer> {
  const { offset, compressedSize, nameLength } = entry;
  const slack = 256;
  await file.fetch(offset, Math.min(file.size, offset + LOCAL_HEADER + nameLength + slack + compressedSize));
  const header = file.view(offset, offset + LOCAL_HEADER);
  if (header.readUInt32LE(0) !== 0x04034b50) throw damaged("its directory leads nowhere");
  const name = file.view(offset + LOCAL_HEADER, offset + LOCAL_HEADER + nameLength);
  if (header.readUInt16LE(26) !== nameLength || name.toString("utf8") !== entry.name)
    throw damaged("the two headers of METADATA disagree");
  const start = offset + LOCAL_HEADER + header.readUInt16LE(26) + header.readUInt16LE(28);
  await file.fetch(start, start + compressedSize);
  return file.view(start, start + compressedSize);
}

function unpack(packed: Buffer, entry: ZipEntry): Buffer {
  const bytes = entry.method === 0 ? Buffer.from(packed) : inflate(packed, entry);
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc)
    throw damaged("the check sum of METADATA is wrong");
  return bytes;
}

function inflate(packed: Buffer, entry: ZipEntry): Buffer {
  if (entry.method !== 8) throw damaged("METADATA is compressed in an unknown way");
  try {
    // One piece, which the content does not fill.
    const chunkSize = Math.max(64, entry.size + 1);
    return inflateRawSync(packed, { chunkSize, maxOutputLength: Math.max(1, entry.size) });
  } catch (error) {
    if (error instanceof Error && "code" in error) throw damaged("METADATA cannot be unpacked");
    throw error;
  }
}

function tooLong(limit: string, most: number): ThothError {
  return new ThothError("limit-exceeded", `the archive exceeds the limit of ${most} for ${limit}`, {
    details: { limit, most },
  });
}
