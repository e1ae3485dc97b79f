// Writes tar archives in the POSIX "ustar" form, gzipped, the same bytes for the same members; long names in pax
// headers. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html

import { gzipSync } from "node:zlib";
import { bytesOf } from "./zip-writer.ts";

export interface TarMember {
  readonly name: string;
  readonly data?: string | Uint8Array;
  /** Default 0o644. */
  readonly mode?: number;
  readonly link?: { readonly kind: "symbolic" | "hard"; readonly target: string };
  /** The length written to the header where it differs from the truth. */
  readonly saidSize?: number;
}

const BLOCK = 512;

export function makeTarGz(members: readonly TarMember[]): Uint8Array {
  return gzipSync(makeTar(members), { level: 6 });
}

export function makeTar(members: readonly TarMember[]): Uint8Array {
  const parts = members.flatMap(layOut);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function layOut(member: TarMember): Uint8Array[] {
  const data = bytesOf(member.data ?? "");
  const name = Buffer.from(member.name, "utf8");
  const before = name.length > 100 ? paxHeader(member.name) : [];
  const size = member.saidSize ?? data.length;
  const header = headerBlock({ name, size, mode: member.mode ?? 0o644, link: member.link });
  return [...before, header, ...padded(data)];
}

/** An extended header that gives the path of the next member. */
function paxHeader(path: string): Uint8Array[] {
  const body = ` path=${path}\n`;
  const bytes = Buffer.byteLength(body);
  let length = bytes + 1;
  while (String(length).length + bytes !== length) length = String(length).length + bytes;
  const record = Buffer.from(`${length}${body}`, "utf8");
  return [
    headerBlock({ name: Buffer.from("PaxHeader"), size: record.length, mode: 0o644, type: "x" }),
    ...padded(record),
  ];
}

function headerBlock(of: {
  name: Buffer;
  size: number;
  mode: number;
  type?: string;
  link?: TarMember["link"];
}): Uint8Array {
  const header = Buffer.alloc(BLOCK);
  of.name.copy(header, 0, 0, 100);
  header.write(octal(of.mode, 7), 100, "latin1");
  header.write(octal(0, 7), 108, "latin1");
  header.write(octal(0, 7), 116, "latin1");
  header.write(octal(of.size, 11), 124, "latin1");
  header.write(octal(0, 11), 136, "latin1");
  header.write("        ", 148, "latin1");
  header.write(
    of.type ?? (of.link === undefined ? "0" : of.link.kind === "symbolic" ? "2" : "1"),
    156,
    "latin1",
  );
  if (of.link !== undefined) header.write(of.link.target.slice(0, 100), 157, "utf8");
  header.write("ustar\x0000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return header;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0").slice(-digits);
}

function padded(data: Uint8Array): Uint8Array[] {
  return [data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)];
}
