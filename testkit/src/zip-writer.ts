// Writes zip archives (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT) member by member, the same
// bytes for the same members. Every field can be made to lie, so that readers can be shown to notice.

import { crc32, deflateRawSync } from "node:zlib";
import type { Compressed } from "./zeros.ts";

export interface ZipMember {
  readonly name: string | Uint8Array;
  /** What the member holds, or an already compressed stream. */
  readonly data: string | Uint8Array | Compressed;
  /** Default: deflate. */
  readonly method?: "store" | "deflate";
  /** Unix mode with the file type, such as 0o120777 for a symbolic link. Default 0o100644. */
  readonly mode?: number;
  /** What the headers say instead of the truth. */
  readonly lies?: ZipLies;
}

export interface ZipLies {
  readonly crc?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  /** General purpose flags; bit 0 says encrypted. */
  readonly flags?: number;
  /** The name in the local header where it differs from the directory's. */
  readonly localName?: string;
  /** Written to the local header alone. */
  readonly localCrc?: number;
}

interface Laid {
  readonly header: Buffer;
  readonly body: Uint8Array;
  readonly directory: Buffer;
}

const UTF8_FLAG = 0x800;
/** 1980-01-01 00:00, the first moment that zip knows. */
const DOS_DATE = 0x21;

export function makeZip(members: readonly ZipMember[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const laid = layOut(member, offset);
    parts.push(laid.header, laid.body);
    directory.push(laid.directory);
    offset += laid.header.length + laid.body.length;
  }
  const length = directory.reduce((sum, entry) => sum + entry.length, 0);
  return Buffer.concat([...parts, ...directory, endRecord({ count: members.length, length, offset })]);
}

function layOut(member: ZipMember, offset: number): Laid {
  const name = bytesOf(member.name);
  const content = contentOf(member);
  const { lies = {} } = member;
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(lies.flags ?? UTF8_FLAG, 2);
  shared.writeUInt16LE(content.method, 4);
  shared.writeUInt16LE(0, 6);
  shared.writeUInt16LE(DOS_DATE, 8);
  shared.writeUInt32LE((lies.crc ?? content.crc) >>> 0, 10);
  shared.writeUInt32LE((lies.compressedSize ?? content.body.length) >>> 0, 14);
  shared.writeUInt32LE((lies.size ?? content.size) >>> 0, 18);
  shared.writeUInt16LE(name.length, 22);
  const local = Buffer.from(shared);
  const localName = lies.localName === undefined ? name : bytesOf(lies.localName);
  local.writeUInt16LE(localName.length, 22);
  if (lies.localCrc !== undefined) local.writeUInt32LE(lies.localCrc >>> 0, 10);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 6);
  tail.writeUInt32LE(offset, 10);
  return {
    header: Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), local, localName]),
    body: content.body,
    directory: Buffer.concat([Buffer.from("PK\x01\x02\x14\x03", "latin1"), shared, tail, name]),
  };
}

function contentOf(member: ZipMember): { method: number; body: Uint8Array; size: number; crc: number } {
  const { data } = member;
  if (typeof data === "object" && "deflated" in data) {
    return { method: 8, body: data.deflated, size: data.size, crc: data.crc };
  }
  const bytes = bytesOf(data);
  const stored = member.method === "store";
  const body = stored ? bytes : deflateRawSync(bytes);
  return { method: stored ? 0 : 8, body, size: bytes.length, crc: crc32(bytes) };
}

function endRecord({ count, length, offset }: { count: number; length: number; offset: number }): Buffer {
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(Math.min(count, 0xffff), 8);
  end.writeUInt16LE(Math.min(count, 0xffff), 10);
  end.writeUInt32LE(length, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** Text as UTF-8; bytes as they are. */
export function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? Buffer.from(value, "utf8") : value;
}
