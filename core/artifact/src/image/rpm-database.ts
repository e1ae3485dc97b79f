// What rpm has installed, from its database in the form of SQLite (`rpmdb.sqlite`, rpm 4.16 and later): one blob for
// each package, the header of its file without the leading mark.
// https://rpm-software-management.github.io/rpm/manual/format_header.html

import { ThothError } from "@thoth/pep";
import type { NativePackage } from "./native-packages.ts";
import { readSqliteTable } from "./sqlite-table.ts";

const TAG = { name: 1000, version: 1001, release: 1002, epoch: 1003, architecture: 1022 } as const;
const TYPE_INT32 = 4;
const TYPE_STRING = 6;
const TYPE_TEXT = 9;
/** Index entries of one header; those of the largest kernels have some hundreds. */
const MOST_ENTRIES = 65_536;
const LONGEST_TEXT = 4096;
const ENTRY = 16;
const utf8 = new TextDecoder("utf-8");

/** In the order of the database, without keys that rpm keeps as packages. Throws `invalid-binary`, `limit-exceeded`. */
export function readRpmDatabase(bytes: Uint8Array): readonly NativePackage[] {
  const found: NativePackage[] = [];
  for (const { values } of readSqliteTable(bytes, "Packages")) {
    const blob = values[1];
    if (!(blob instanceof Uint8Array)) throw damaged("a row holds no header");
    const one = readRpmHeader(blob);
    if (one.name !== "gpg-pubkey") found.push(one);
  }
  return found;
}

/** Throws `invalid-binary`. */
export function readRpmHeader(blob: Uint8Array): NativePackage {
  if (blob.length < 8) throw damaged("a header is cut off");
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const count = view.getUint32(0);
  const length = view.getUint32(4);
  const start = 8 + count * ENTRY;
  if (count > MOST_ENTRIES || start + length > blob.length) throw damaged("a header is cut off");
  const data = blob.subarray(start, start + length);
  const texts = new Map<number, string>();
  for (let index = 0; index < count; index++) {
    const at = 8 + index * ENTRY;
    const tag = view.getUint32(at);
    if (!WANTED.has(tag) || texts.has(tag)) continue;
    const type = view.getUint32(at + 4);
    const offset = view.getUint32(at + 8);
    if (tag === TAG.epoch && type === TYPE_INT32) texts.set(tag, String(numberAt(data, offset)));
    else if (tag !== TAG.epoch && (type === TYPE_STRING || type === TYPE_TEXT))
      texts.set(tag, textAt(data, offset));
  }
  const [name, version, release] = [texts.get(TAG.name), texts.get(TAG.version), texts.get(TAG.release)];
  if (name === undefined || version === undefined || release === undefined)
    throw damaged("a header does not say which package it is of");
  const epoch = texts.get(TAG.epoch);
  return {
    kind: "rpm",
    name,
    version: `${epoch === undefined ? "" : `${epoch}:`}${version}-${release}`,
    architecture: texts.get(TAG.architecture) ?? "",
  };
}

const WANTED: ReadonlySet<number> = new Set(Object.values(TAG));

function numberAt(data: Uint8Array, offset: number): number {
  if (offset + 4 > data.length) throw damaged("a value lies outside of its header");
  return new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(offset);
}

function textAt(data: Uint8Array, offset: number): string {
  const end = offset < data.length ? data.indexOf(0, offset) : -1;
  if (end < 0 || end - offset > LONGEST_TEXT) throw damaged("a text of a header does not end");
  return utf8.decode(data.subarray(offset, end));
}

function damaged(why: string): ThothError {
  return new ThothError("invalid-binary", `The database of rpm is not valid: ${why}.`);
}
