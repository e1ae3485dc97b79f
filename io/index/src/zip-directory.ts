// The central directory of a ZIP archive, read so that no two readers can understand the file differently:
// what this accepts has one meaning only. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

import { quote, ThothError } from "@thoth/pep";
import type { ByteSource } from "./byte-source.ts";

export interface ZipMember {
  readonly name: string;
  readonly directory: boolean;
  readonly flags: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
  /** File type and permissions of Unix; 0 when the archive does not say. */
  readonly mode: number;
  readonly nameBytes: Uint8Array;
}

export interface ZipDirectory {
  /** In the order of their local headers. */
  readonly members: readonly ZipMember[];
  /** Where the central directory begins, which is where the last member ends. */
  readonly start: number;
}

export interface DirectoryLimits {
  readonly members: number;
  readonly directoryBytes: number;
}

const END_SIGNATURE = 0x06054b50;
const END_SIZE = 22;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_SIZE = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_SIZE = 56;
const MEMBER_SIGNATURE = 0x02014b50;
const MEMBER_SIZE = 46;
const LONGEST_COMMENT = 0xffff;
const UTF8_FLAG = 0x0800;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Throws `invalid-wheel` or `limit-exceeded`. */
export async function readZipDirectory(
  file: ByteSource,
  fileSize: number,
  limits: DirectoryLimits,
): Promise<ZipDirectory> {
  const end = await readEnd(file, fileSize);
  if (end.count > limits.members) throw exceeded("members", limits.members, end.count);
  if (end.size > limits.directoryBytes) throw exceeded("directoryBytes", limits.directoryBytes, end.size);
  if (end.start + end.size !== end.position) throw broken("its directory does not end where it says");
  const bytes = await readBytes(file, end.start, end.size);
  const members: ZipMember[] = [];
  let position = 0;
  for (let index = 0; index < end.count; index++) {
    const [member, next] = readMember(bytes, position);
    members.push(member);
    position = next;
  }
  if (position !== bytes.length) throw broken("its directory has more entries than it says");
  return { members: members.sort((a, b) => a.offset - b.offset), start: end.start };
}

/** Bytes of the file; throws `invalid-wheel` when it ends too early. */
export async function readBytes(file: ByteSource, position: number, length: number): Promise<Buffer> {
  return await fillBytes(file, position, Buffer.allocUnsafe(length));
}

/** The same, in memory that is there. */
export async function fillBytes(file: ByteSource, position: number, bytes: Buffer): Promise<Buffer> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, position + filled);
    if (bytesRead === 0) throw broken("it is cut off");
    filled += bytesRead;
  }
  return bytes;
}

export function broken(why: string): ThothError {
  return new ThothError("invalid-wheel", `the archive is not valid: ${why}`);
}

export function exceeded(limit: string, most: number, value: number): ThothError {
  return new ThothError("limit-exceeded", `the archive exceeds the limit of ${most} for ${limit}`, {
    details: { limit, most, value },
  });
}

interface End {
  readonly count: number;
  readonly size: number;
  readonly start: number;
  /** Where the end record (the 64-bit one where there is one) begins. */
  readonly position: number;
}

async function readEnd(file: ByteSource, fileSize: number): Promise<End> {
  if (fileSize < END_SIZE) throw broken("it is too short");
  const length = Math.min(fileSize, END_SIZE + LONGEST_COMMENT);
  const tail = await readBytes(file, fileSize - length, length);
  const at = findEnd(tail);
  const position = fileSize - length + at;
  if (tail.readUInt16LE(at + 4) !== 0 || tail.readUInt16LE(at + 6) !== 0)
    throw broken("it has several parts");
  const count = tail.readUInt16LE(at + 10);
  if (count !== tail.readUInt16LE(at + 8)) throw broken("it has several parts");
  const end = { count, size: tail.readUInt32LE(at + 12), start: tail.readUInt32LE(at + 16), position };
  const hasLocator = at >= LOCATOR_SIZE && tail.readUInt32LE(at - LOCATOR_SIZE) === LOCATOR_SIGNATURE;
  if (hasLocator) return await readEnd64(file, tail.subarray(at - LOCATOR_SIZE, at), end);
  if (count === 0xffff || end.size === 0xffffffff || end.start === 0xffffffff) {
    throw broken("its 64-bit end record is missing");
  }
  return end;
}

/** The end record lies at the very end, but for its comment, which must not hold another one. */
function findEnd(tail: Buffer): number {
  let found: number | undefined;
  for (let at = tail.length - END_SIZE; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail.readUInt32LE(at) !== END_SIGNATURE) continue;
    if (at + END_SIZE + tail.readUInt16LE(at + 20) === tail.length) {
      if (found !== undefined) throw broken("it has two end records");
      found = at;
    } else if (found === undefined) {
      throw broken("something follows its end record");
    }
  }
  if (found === undefined) throw broken("it has no end record");
  return found;
}

async function readEnd64(file: ByteSource, locator: Buffer, end: End): Promise<End> {
  const position = bigToNumber(locator.readBigUInt64LE(8));
  if (position + END64_SIZE > end.position - LOCATOR_SIZE) throw broken("its 64-bit end record is misplaced");
  const record = await readBytes(file, position, END64_SIZE);
  const length = bigToNumber(record.readBigUInt64LE(4));
  if (record.readUInt32LE(0) !== END64_SIGNATURE || position + 12 + length !== end.position - LOCATOR_SIZE) {
    throw broken("its 64-bit end record is misplaced");
  }
  const wide = {
    count: bigToNumber(record.readBigUInt64LE(32)),
    size: bigToNumber(record.readBigUInt64LE(40)),
    start: bigToNumber(record.readBigUInt64LE(48)),
    position,
  };
  const agrees =
    (end.count === 0xffff || end.count === wide.count) &&
    (end.size === 0xffffffff || end.size === wide.size) &&
    (end.start === 0xffffffff || end.start === wide.start);
  if (!agrees) throw broken("its two end records disagree");
  return wide;
}

function readMember(bytes: Buffer, at: number): [ZipMember, number] {
  if (at + MEMBER_SIZE > bytes.length || bytes.readUInt32LE(at) !== MEMBER_SIGNATURE) {
    throw broken("its directory is damaged");
  }
  const nameLength = bytes.readUInt16LE(at + 28);
  const extraLength = bytes.readUInt16LE(at + 30);
  const commentLength = bytes.readUInt16LE(at + 32);
  const next = at + MEMBER_SIZE + nameLength + extraLength + commentLength;
  if (next > bytes.length) throw broken("its directory is damaged");
  if (bytes.readUInt16LE(at + 34) !== 0) throw broken("it has several parts");
  const nameBytes = bytes.subarray(at + MEMBER_SIZE, at + MEMBER_SIZE + nameLength);
  const flags = bytes.readUInt16LE(at + 8);
  const name = decodeName(nameBytes, flags);
  const extra = bytes.subarray(at + MEMBER_SIZE + nameLength, at + MEMBER_SIZE + nameLength + extraLength);
  const wide = widen(extra, [
    bytes.readUInt32LE(at + 24),
    bytes.readUInt32LE(at + 20),
    bytes.readUInt32LE(at + 42),
  ]);
  const [size = 0, compressedSize = 0, offset = 0] = wide;
  const member = {
    name,
    directory: name.endsWith("/"),
    flags,
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    compressedSize,
    size,
    offset,
    mode: bytes.readUInt16LE(at + 40),
    nameBytes,
  };
  return [member, next];
}

function decodeName(bytes: Uint8Array, flags: number): string {
  // Without the flag readers guess the encoding, and differently.
  if ((flags & UTF8_FLAG) === 0 && bytes.some((byte) => byte >= 0x80)) {
    throw broken("a member's name is not ASCII and not marked as UTF-8");
  }
  try {
    return utf8.decode(bytes);
  } catch {
    throw broken("a member's name is not UTF-8");
  }
}

/**
 * Sizes and offset of a member (size, compressed size, offset, in the order of the 64-bit extra field), where
 * those that are all ones stand in the extra field. Other fields must not say the name again.
 */
export function widen(extra: Buffer, narrow: readonly number[]): number[] {
  let wide: Buffer | undefined;
  for (let at = 0; at + 4 <= extra.length; ) {
    const id = extra.readUInt16LE(at);
    const length = extra.readUInt16LE(at + 2);
    if (at + 4 + length > extra.length) throw broken("an extra field is damaged");
    if (id === 0x7075) throw broken("a member has two names");
    if (id === 0x0001) {
      if (wide !== undefined) throw broken("a member has two sizes");
      wide = extra.subarray(at + 4, at + 4 + length);
    }
    at += 4 + length;
  }
  let used = 0;
  return narrow.map((value) => {
    if (value !== 0xffffffff || wide === undefined) return value;
    if (used + 8 > wide.length) throw broken("a 64-bit field is missing");
    used += 8;
    return bigToNumber(wide.readBigUInt64LE(used - 8));
  });
}

function bigToNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw broken(`${quote(String(value))} is no possible size`);
  return Number(value);
}
