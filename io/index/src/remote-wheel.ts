// The METADATA of a wheel that stays where it is: the end of the archive with its directory, then the member,
// by HTTP ranges (https://www.rfc-editor.org/rfc/rfc9110#name-range-requests). Writers put `.dist-info` last,
// so one request is mostly enough, and two nearly always. Of a very long directory only the ends are read (see
// docs/decisions/0010-long-directories.md). What is read here is checked again at installation.

import { crc32, inflateRawSync } from "node:zlib";
import { ThothError } from "@thoth/pep";
import { fetchBody, giveBack } from "./body.ts";
import type { HttpClient } from "./http-client.ts";
import type { IndexLimits } from "./limits.ts";
import type { AnswerHead } from "./transport.ts";
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

/** Ranges do not help with this file: the server does not know them, or its answers do not fit together. */
export class NoRanges extends Error {
  /** The server sent the whole file. */
  readonly ignored: boolean;

  constructor(ignored: boolean) {
    super("no ranges");
    this.ignored = ignored;
  }
}

/** A file that the page names and the server does not have. */
export class FileGone extends Error {}

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
/** A server that ignores ranges may as well send a small file whole. */
const SMALL_FILE = 2 * 1024 * 1024;
const LOCAL_HEADER = 30;
const METADATA = ".dist-info/METADATA";

/** Throws NoRanges, FileGone, `invalid-wheel`, `limit-exceeded`, or as `HttpClient.get`. */
export async function fetchRemoteMetadata(client: HttpClient, wheel: RemoteWheel): Promise<RemoteMetadata> {
  const file = new RemoteFile(client, wheel);
  try {
    return await readMetadata(file, wheel);
  } finally {
    file.giveBack();
  }
}

async function readMetadata(file: RemoteFile, wheel: RemoteWheel): Promise<RemoteMetadata> {
  const entry = (await entryByHead(file, wheel)) ?? (await entryByTail(file, wheel));
  const packed = await fetchMember(file, entry);
  const layout = { end: entry.offset + packed.length, reach: file.size - entry.offset };
  return { bytes: unpack(packed, entry), layout };
}

/** Where other releases of the project begin with METADATA, far from the directory, the first members are asked. */
async function entryByHead(file: RemoteFile, wheel: RemoteWheel): Promise<ZipEntry | undefined> {
  const { layout, size } = wheel;
  if (layout === undefined || layout.reach <= LARGEST_KNOWN_TAIL || layout.end > LARGEST_HEAD)
    return undefined;
  if (size === undefined || size <= LARGEST_KNOWN_TAIL) return undefined;
  const length = withRoom(layout.end);
  await file.fetchHead(length);
  const entry = findFirstMember(file.view(0, length), ownMetadata(wheel));
  return entry === undefined ? undefined : checkEntry(entry, wheel);
}

async function entryByTail(file: RemoteFile, wheel: RemoteWheel): Promise<ZipEntry> {
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
  file: RemoteFile,
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

async function entryInWhole(file: RemoteFile, end: DirectoryEnd, wheel: RemoteWheel): Promise<ZipEntry> {
  await fetchDirectory(file, end);
  const found = findMembers(file.view(end.start, end.start + end.size), METADATA);
  const entry = found[0];
  if (entry === undefined) throw damaged("it has no METADATA");
  if (found.length > 1) throw damaged("it has several METADATA files");
  return checkEntry(entry, wheel);
}

/** With the directory comes what lies before it: RECORD, about half as long, and METADATA before that. */
async function fetchDirectory(file: RemoteFile, end: DirectoryEnd): Promise<void> {
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

async function fetchMember(file: RemoteFile, entry: ZipEntry): Promise<Buffer> {
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

function damaged(why: string): ThothError {
  return new ThothError("invalid-wheel", `the archive is not valid: ${why}`);
}

function tooLong(limit: string, most: number): ThothError {
  return new ThothError("limit-exceeded", `the archive exceeds the limit of ${most} for ${limit}`, {
    details: { limit, most },
  });
}

/** The part of a file that was fetched: always its end, growing towards its beginning, and single members. */
class RemoteFile {
  readonly #client: HttpClient;
  readonly #wheel: RemoteWheel;
  #segments: { start: number; bytes: Buffer }[] = [];
  #size = 0;
  #tailStart = 0;

  constructor(client: HttpClient, wheel: RemoteWheel) {
    this.#client = client;
    this.#wheel = wheel;
  }

  get size(): number {
    return this.#size;
  }

  get tailStart(): number {
    return this.#tailStart;
  }

  async fetchTail(length: number): Promise<void> {
    const known = this.#wheel.size;
    const range = known === undefined ? `bytes=-${length}` : `bytes=${known - length}-${known - 1}`;
    let { start, bytes, size } = await this.#request(range).catch(async (error: unknown) => {
      // Some servers know no ranges that count from the end, but tell the size with any other.
      if (known !== undefined || !(error instanceof NoRanges)) throw error;
      return await this.#request("bytes=0-0");
    });
    if (start + bytes.length !== size) {
      // The page does not know the size.
      ({ start, bytes, size } = await this.#request(`bytes=${Math.max(0, size - length)}-${size - 1}`));
      if (start + bytes.length !== size) throw new NoRanges(false);
    }
    this.#size = size;
    this.#add(start, bytes);
  }

  async fetchHead(length: number): Promise<void> {
    const { start, bytes, size } = await this.#request(`bytes=0-${length - 1}`);
    if (start !== 0 || bytes.length < length) throw new NoRanges(false);
    this.#size = size;
    this.#add(0, bytes);
  }

  /** Makes sure that the bytes from `start` up to `end` are there. */
  async fetch(start: number, end: number): Promise<void> {
    if (end > this.#size) throw damaged("it ends too early");
    if (this.#find(start, end) !== undefined) return;
    const answer = await this.#request(`bytes=${start}-${end - 1}`);
    if (answer.size !== this.#size || answer.start > start || answer.start + answer.bytes.length < end)
      throw new NoRanges(false);
    this.#add(answer.start, answer.bytes);
  }

  /** Bytes that were fetched. */
  view(start: number, end: number): Buffer {
    const segment = this.#find(start, end);
    if (segment === undefined) throw damaged("it ends too early");
    return segment.bytes.subarray(start - segment.start, end - segment.start);
  }

  /** Nothing that `view` gave may be used afterwards. */
  giveBack(): void {
    for (const { bytes } of this.#segments) giveBack(bytes);
    this.#segments = [];
  }

  #find(start: number, end: number): { start: number; bytes: Buffer } | undefined {
    return this.#segments.find((one) => one.start <= start && end <= one.start + one.bytes.length);
  }

  #add(start: number, bytes: Buffer): void {
    const tail = this.#segments.find((one) => one.start === start + bytes.length);
    const whole = tail === undefined ? bytes : Buffer.concat([bytes, tail.bytes]);
    this.#segments = [...this.#segments.filter((one) => one !== tail), { start, bytes: whole }];
    if (start + whole.length === this.#size) this.#tailStart = start;
  }

  async #request(range: string): Promise<{ start: number; bytes: Buffer; size: number }> {
    const { url, filename, limits, signal } = this.#wheel;
    const fetched = await fetchBody(this.#client, {
      url,
      subject: `\`${filename}\``,
      headers: { range, "accept-encoding": "identity" },
      limit: limits.directoryBytes + limits.metadataBytes,
      signal,
      wants: (head) => head.status === 206 || (head.status === 200 && lengthOf(head) <= SMALL_FILE),
    });
    const { body, status } = fetched;
    if (status === 404 || status === 410) throw new FileGone();
    if (body === undefined) throw new NoRanges(status === 200);
    if (status === 200) return { start: 0, bytes: body, size: body.length };
    const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/i.exec(
      fetched.headers.get("content-range") ?? "",
    );
    if (match === null) throw new NoRanges(false);
    const [start, last, size] = [Number(match[1]), Number(match[2]), Number(match[3])];
    if (last >= size || last - start + 1 !== body.length) throw new NoRanges(false);
    return { start, bytes: body, size };
  }
}

function lengthOf({ headers }: AnswerHead): number {
  const text = headers.get("content-length");
  return text === undefined ? Number.POSITIVE_INFINITY : Number(text);
}
