// One member of a ZIP archive found in its directory without reading all the others: enough to tell what a
// wheel needs. What is installed goes through zip-directory.ts, which doubts everything.
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

import { broken, widen } from "./zip-directory.ts";

export interface DirectoryEnd {
  readonly start: number;
  readonly size: number;
}

export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly offset: number;
  readonly nameLength: number;
}

const END_SIZE = 22;
const LOCATOR_SIZE = 20;
const END64_SIZE = 56;
const MEMBER_SIZE = 46;
const LOCAL_SIZE = 30;
/** Flags of a local header: the content is encrypted, or its sizes stand behind it. */
const UNREADABLE = 1 | 8;
const MEMBER_MARK = Buffer.from("PK\u0001\u0002", "latin1");
/** Marks that are tried as the first whole entry of a part: the first one nearly always is. */
const MOST_STARTS = 64;

/**
 * Where the directory lies, told by the last bytes of an archive, which begin at `position`. Undefined: more
 * of them are needed. Throws `invalid-wheel`.
 */
export function locateEnd(tail: Buffer, position: number): DirectoryEnd | undefined {
  for (let at = tail.length - END_SIZE; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail.readUInt32LE(at) !== 0x06054b50) continue;
    if (at + END_SIZE + tail.readUInt16LE(at + 20) !== tail.length) continue;
    const narrow = { size: tail.readUInt32LE(at + 12), start: tail.readUInt32LE(at + 16) };
    const locator = at - LOCATOR_SIZE;
    if (locator < 0)
      return narrow.start === 0xffffffff && position > 0 ? undefined : checked(narrow, position + at);
    if (tail.readUInt32LE(locator) !== 0x07064b50) return checked(narrow, position + at);
    const record = Number(tail.readBigUInt64LE(locator + 8)) - position;
    if (record < 0) return undefined;
    if (record + END64_SIZE > locator || tail.readUInt32LE(record) !== 0x06064b50) {
      throw broken("its 64-bit end record is misplaced");
    }
    const wide = {
      size: Number(tail.readBigUInt64LE(record + 40)),
      start: Number(tail.readBigUInt64LE(record + 48)),
    };
    return checked(wide, position + record);
  }
  return undefined;
}

function checked(end: DirectoryEnd, record: number): DirectoryEnd {
  if (end.start + end.size > record) throw broken("its directory does not end where it says");
  return end;
}

/** Members in a folder at the top whose path ends in `ending`. Throws `invalid-wheel`. */
export function findMembers(directory: Buffer, ending: string): ZipEntry[] {
  const { found, end } = walk(directory, 0, ending);
  if (end !== directory.length) throw broken("its directory is damaged");
  return found.map((at) => readEntry(directory, at));
}

/** The same for the beginning of a directory that goes on. */
export function findMembersAtStart(part: Buffer, ending: string): ZipEntry[] {
  return walk(part, 0, ending).found.map((at) => readEntry(part, at));
}

/** The same for the end of a directory, from where its entries follow each other up to that end. */
export function findMembersAtEnd(part: Buffer, ending: string): ZipEntry[] {
  let start = part.indexOf(MEMBER_MARK);
  for (let tries = 0; start >= 0 && tries < MOST_STARTS; tries++) {
    const { found, end } = walk(part, start, ending);
    if (end === part.length) return found.map((at) => readEntry(part, at));
    start = part.indexOf(MEMBER_MARK, start + 1);
  }
  return [];
}

/** A member of the beginning of an archive, told by the headers of the members alone; undefined where those do not tell. */
export function findFirstMember(head: Buffer, name: string): ZipEntry | undefined {
  let at = 0;
  while (at + LOCAL_SIZE <= head.length && head.readUInt32LE(at) === 0x04034b50) {
    const nameLength = head.readUInt16LE(at + 26);
    const compressedSize = head.readUInt32LE(at + 18);
    const size = head.readUInt32LE(at + 22);
    if (
      (head.readUInt16LE(at + 6) & UNREADABLE) !== 0 ||
      compressedSize === 0xffffffff ||
      size === 0xffffffff
    )
      return undefined;
    const nameEnd = at + LOCAL_SIZE + nameLength;
    if (head.toString("utf8", at + LOCAL_SIZE, nameEnd) === name) {
      const crc = head.readUInt32LE(at + 14);
      return { name, method: head.readUInt16LE(at + 8), crc, compressedSize, size, offset: at, nameLength };
    }
    at = nameEnd + head.readUInt16LE(at + 28) + compressedSize;
  }
  return undefined;
}

/** Follows the entries from `start` as long as they are whole; `found` are those that were looked for. */
function walk(
  directory: Buffer,
  start: number,
  ending: string,
): { readonly found: readonly number[]; readonly end: number } {
  const wanted = Buffer.from(ending, "latin1");
  const found: number[] = [];
  let at = start;
  while (at + MEMBER_SIZE <= directory.length && directory.readUInt32LE(at) === 0x02014b50) {
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const nameEnd = at + MEMBER_SIZE + nameLength;
    const next = nameEnd + extraLength + directory.readUInt16LE(at + 32);
    if (next > directory.length) break;
    if (
      nameLength > wanted.length &&
      directory.compare(wanted, 0, wanted.length, nameEnd - wanted.length, nameEnd) === 0
    ) {
      const name = nameAt(directory, at);
      if (name.indexOf("/") === name.lastIndexOf("/")) found.push(at);
    }
    at = next;
  }
  return { found, end: at };
}

function nameAt(directory: Buffer, at: number): string {
  return directory.toString("utf8", at + MEMBER_SIZE, at + MEMBER_SIZE + directory.readUInt16LE(at + 28));
}

function readEntry(directory: Buffer, at: number): ZipEntry {
  const nameLength = directory.readUInt16LE(at + 28);
  const extraStart = at + MEMBER_SIZE + nameLength;
  const extra = directory.subarray(extraStart, extraStart + directory.readUInt16LE(at + 30));
  const [size = 0, compressedSize = 0, offset = 0] = widen(extra, [
    directory.readUInt32LE(at + 24),
    directory.readUInt32LE(at + 20),
    directory.readUInt32LE(at + 42),
  ]);
  return {
    name: nameAt(directory, at),
    method: directory.readUInt16LE(at + 10),
    crc: directory.readUInt32LE(at + 16),
    compressedSize,
    size,
    offset,
    nameLength,
  };
}
