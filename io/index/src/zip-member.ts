// The content of one member of a ZIP archive, checked against both of its headers while it streams.

import { createHash } from "node:crypto";
import { crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import { quote, ThothError } from "@thoth/pep";
import type { ByteSource } from "./byte-source.ts";
import { broken, fillBytes, readBytes, widen, type ZipMember } from "./zip-directory.ts";

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_SIZE = 30;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
const DESCRIPTOR_FLAG = 0x0008;
/** Encrypted, patched, strongly encrypted, names hidden. */
const REFUSED_FLAGS = 0x0001 | 0x0020 | 0x0040 | 0x2000;
/** Up to this size a member is inflated in one call, which is many times faster for small ones. */
const AT_ONCE = 1 << 20;
const CHUNK = 1 << 18;
/** Of what zlib takes. */
const SMALLEST_CHUNK = 64;

export interface MemberContent {
  readonly size: number;
  /** Digests by the algorithms asked for, as base64url without padding. */
  readonly digests: ReadonlyMap<string, string>;
  /** The bytes themselves, when asked for. */
  readonly bytes: Buffer | undefined;
}

export interface ContentRequest {
  readonly algorithms: readonly string[];
  readonly keep: boolean;
  /** Is given the content as it comes; nothing of it is checked before all of it has come. */
  readonly take?: ((chunk: Buffer) => void) | undefined;
  /** Is given what the archive holds of it, as it is packed there; of a stored member that is the content. */
  readonly takePacked?: ((chunk: Buffer) => void) | undefined;
  /**
   * Takes what is read of a small member before it is unpacked, instead of memory of its own: for whoever reads one member
   * after the other, and is done with each piece when it is given the next one.
   */
  readonly memory?: Buffer | undefined;
}

/**
 * Reads `member`, which must end exactly at `end` (where the next one begins). Nothing beyond its declared
 * size is ever produced. Throws `invalid-wheel`.
 */
export async function readMemberContent(
  file: ByteSource,
  member: ZipMember,
  end: number,
  request: ContentRequest,
): Promise<MemberContent> {
  const start = await checkLocalHeader(file, member);
  await checkEnd(file, member, start + member.compressedSize, end);
  const sink = new Sink(member, request);
  const isAtOnce = member.compressedSize <= AT_ONCE && member.size <= 8 * AT_ONCE;
  // A stream still holds a piece when the next one is read.
  const memory = member.method === 0 || isAtOnce ? request.memory : undefined;
  const packed = async (at: number, length: number) => {
    const place =
      memory !== undefined && length <= memory.length
        ? memory.subarray(0, length)
        : Buffer.allocUnsafe(length);
    const bytes = await fillBytes(file, start + at, place);
    request.takePacked?.(bytes);
    return bytes;
  };
  if (member.method === 0) await readStored(packed, member, sink);
  else if (isAtOnce) sink.add(inflateAtOnce(await packed(0, member.compressedSize), member));
  else await inflateStream(packed, member, sink);
  return sink.finish();
}

export function checkMemberForm(member: ZipMember): void {
  const shown = quote(member.name);
  if ((member.flags & REFUSED_FLAGS) !== 0) throw broken(`${shown} is encrypted`);
  if (member.method !== 0 && member.method !== 8) throw broken(`${shown} is compressed in an unknown way`);
  if (member.method === 0 && member.size !== member.compressedSize) throw broken(`${shown} has two sizes`);
  if (member.directory && member.size !== 0) throw broken(`the folder ${shown} has a content`);
}

/** Returns where the data begins. */
async function checkLocalHeader(file: ByteSource, member: ZipMember): Promise<number> {
  const header = await readBytes(file, member.offset, LOCAL_SIZE);
  const nameLength = header.readUInt16LE(26);
  const extraLength = header.readUInt16LE(28);
  const rest = await readBytes(file, member.offset + LOCAL_SIZE, nameLength + extraLength);
  const deferred = (member.flags & DESCRIPTOR_FLAG) !== 0;
  const extra = rest.subarray(nameLength);
  const [size = 0, compressedSize = 0] = widen(extra, [header.readUInt32LE(22), header.readUInt32LE(18)]);
  const crc = header.readUInt32LE(14);
  const sameSizes = size === member.size && compressedSize === member.compressedSize && crc === member.crc;
  const noSizes = size === 0 && compressedSize === 0 && crc === 0;
  // Some writers put all ones where the sizes follow the data.
  const unknownSizes = header.readUInt32LE(22) === 0xffffffff && header.readUInt32LE(18) === 0xffffffff;
  const agrees =
    header.readUInt32LE(0) === LOCAL_SIGNATURE &&
    header.readUInt16LE(6) === member.flags &&
    header.readUInt16LE(8) === member.method &&
    (sameSizes || (deferred && (noSizes || (unknownSizes && crc === 0)))) &&
    rest.subarray(0, nameLength).equals(member.nameBytes);
  if (!agrees) throw broken(`the two headers of ${quote(member.name)} disagree`);
  return member.offset + LOCAL_SIZE + nameLength + extraLength;
}

/** Between the data and the next member only a data descriptor may lie, and it must agree. */
async function checkEnd(file: ByteSource, member: ZipMember, dataEnd: number, end: number): Promise<void> {
  const left = end - dataEnd;
  if ((member.flags & DESCRIPTOR_FLAG) === 0) {
    if (left !== 0) throw broken(`${quote(member.name)} is overlapped or followed by hidden bytes`);
    return;
  }
  if (left !== 12 && left !== 16 && left !== 20 && left !== 24) {
    throw broken(`${quote(member.name)} is overlapped or followed by hidden bytes`);
  }
  const bytes = await readBytes(file, dataEnd, left);
  const signed = left === 16 || left === 24;
  const at = signed ? 4 : 0;
  const wide = left >= 20;
  const compressedSize = wide ? Number(bytes.readBigUInt64LE(at + 4)) : bytes.readUInt32LE(at + 4);
  const size = wide ? Number(bytes.readBigUInt64LE(at + 12)) : bytes.readUInt32LE(at + 8);
  const agrees =
    (!signed || bytes.readUInt32LE(0) === DESCRIPTOR_SIGNATURE) &&
    bytes.readUInt32LE(at) === member.crc &&
    compressedSize === member.compressedSize &&
    size === member.size;
  if (!agrees) throw broken(`what follows ${quote(member.name)} disagrees with the directory`);
}

/** Bytes of what the archive holds of a member. */
type ReadPacked = (at: number, length: number) => Promise<Buffer>;

async function readStored(packed: ReadPacked, member: ZipMember, sink: Sink): Promise<void> {
  for (let done = 0; done < member.size; done += CHUNK) {
    sink.add(await packed(done, Math.min(CHUNK, member.size - done)));
  }
}

function inflateAtOnce(packed: Buffer, member: ZipMember): Buffer {
  try {
    // All of it in one piece of memory.
    const options = {
      maxOutputLength: Math.max(1, member.size),
      chunkSize: Math.max(SMALLEST_CHUNK, member.size),
      info: true,
    };
    const { buffer, engine } = inflateRawSync(packed, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    if (engine.bytesWritten !== packed.length) throw broken(`hidden bytes follow ${quote(member.name)}`);
    return buffer;
  } catch (error) {
    throw inflateError(error, member);
  }
}

async function inflateStream(packed: ReadPacked, member: ZipMember, sink: Sink): Promise<void> {
  const inflate = createInflateRaw({ chunkSize: CHUNK });
  const feed = async () => {
    for (let done = 0; done < member.compressedSize && !inflate.destroyed; done += CHUNK) {
      const bytes = await packed(done, Math.min(CHUNK, member.compressedSize - done));
      if (!inflate.write(bytes)) await drained(inflate);
    }
    inflate.end();
  };
  const writing = feed().catch((error: unknown) => {
    inflate.destroy(error as Error);
  });
  try {
    for await (const chunk of inflate) sink.add(chunk as Buffer);
    if (inflate.bytesWritten !== member.compressedSize) {
      throw broken(`hidden bytes follow ${quote(member.name)}`);
    }
  } catch (error) {
    throw inflateError(error, member);
  } finally {
    inflate.destroy();
    await writing;
  }
}

function drained(inflate: ReturnType<typeof createInflateRaw>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      inflate.off("drain", done).off("close", done);
      resolve();
    };
    inflate.on("drain", done).on("close", done);
  });
}

function inflateError(error: unknown, member: ZipMember): Error {
  if (error instanceof ThothError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ERR_BUFFER_TOO_LARGE") return broken(`${quote(member.name)} is larger than it says`);
  if (/^Z_|^ERR_/.test(code)) return broken(`the data of ${quote(member.name)} is damaged`);
  return error as Error;
}

/** Takes the content as it comes, and stops it at the declared size. */
class Sink {
  private readonly member: ZipMember;
  private readonly hashes: Map<string, ReturnType<typeof createHash>>;
  private readonly kept: Buffer[] | undefined;
  private readonly take: ContentRequest["take"];
  private size = 0;
  private crc = 0;

  constructor(member: ZipMember, request: ContentRequest) {
    this.member = member;
    this.hashes = new Map(request.algorithms.map((name) => [name, createHash(name)]));
    this.kept = request.keep ? [] : undefined;
    this.take = request.take;
  }

  add(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.member.size) throw broken(`${quote(this.member.name)} is larger than it says`);
    this.crc = crc32(chunk, this.crc);
    for (const hash of this.hashes.values()) hash.update(chunk);
    this.kept?.push(chunk);
    this.take?.(chunk);
  }

  finish(): MemberContent {
    const shown = quote(this.member.name);
    if (this.size !== this.member.size) throw broken(`${shown} is smaller than it says`);
    if (this.crc !== this.member.crc) throw broken(`the check sum of ${shown} is wrong`);
    const digests = new Map([...this.hashes].map(([name, hash]) => [name, hash.digest("base64url")]));
    return {
      size: this.size,
      digests,
      bytes: this.kept === undefined ? undefined : Buffer.concat(this.kept),
    };
  }
}
