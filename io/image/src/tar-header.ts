// Headers of a TAR archive that say nothing of where and when it was made. Names that `ustar` has no room for, or no
// letters, get an extended header before theirs. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html

import { quote, ThothError } from "@thoth/pep";

export interface TarEntry {
  /** Without a slash at its beginning; that of a folder has none at its end. */
  readonly path: string;
  readonly kind: "file" | "folder" | "symlink";
  /** Permissions. */
  readonly mode: number;
  /** Bytes; 0 for what is no file. */
  readonly size: number;
  /** Where a link leads. */
  readonly link?: string;
  readonly user?: number;
  /** Seconds since 1970. */
  readonly time: number;
}

export const BLOCK = 512;
/** What follows the last entry. */
export const TAR_END = Buffer.alloc(2 * BLOCK);

const NAME = 100;
const PREFIX = 155;
/** Eleven octal digits. */
const LARGEST = 8 ** 11 - 1;
const TYPES = { file: "0", folder: "5", symlink: "2" } as const;

export function tarHeader(entry: TarEntry): Buffer {
  const path = entry.kind === "folder" ? `${entry.path}/` : entry.path;
  const extended = extensionOf({ ...entry, path });
  const header = headerOf({ ...entry, path }, TYPES[entry.kind]);
  if (extended === undefined) return header;
  const own = { ...entry, kind: "file" as const, path: "pax", mode: 0o644, size: extended.length, link: "" };
  return Buffer.concat([headerOf(own, "x"), extended, paddingFor(extended.length), header]);
}

/** What fills the last block of a content. */
export function paddingFor(size: number): Buffer {
  return ZEROS.subarray(0, (BLOCK - (size % BLOCK)) % BLOCK);
}

const ZEROS = Buffer.alloc(BLOCK);

function extensionOf({ path, link = "", size }: TarEntry): Buffer | undefined {
  const records: Buffer[] = [];
  if (splitName(path) === undefined) records.push(recordOf("path", path));
  if (!fits(link, NAME)) records.push(recordOf("linkpath", link));
  if (size > LARGEST) records.push(recordOf("size", String(size)));
  return records.length === 0 ? undefined : Buffer.concat(records);
}

/** `LENGTH key=value\n`, where the length counts its own digits. */
function recordOf(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

function fits(text: string, most: number): boolean {
  return text.length <= most && /^[\x20-\x7e]*$/.test(text);
}

/** Undefined where `ustar` cannot tell it. */
function splitName(path: string): readonly [prefix: string, name: string] | undefined {
  if (fits(path, NAME)) return ["", path];
  if (!fits(path, NAME + 1 + PREFIX)) return undefined;
  const slash = path.indexOf("/", path.length - NAME - 1);
  if (slash <= 0 || slash > PREFIX || slash === path.length - 1) return undefined;
  return [path.slice(0, slash), path.slice(slash + 1)];
}

function headerOf(entry: TarEntry, type: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  const [prefix, name] = splitName(entry.path) ?? ["", shortened(entry.path)];
  header.write(name, 0, "latin1");
  octal(header, { at: 100, width: 8, value: entry.mode });
  octal(header, { at: 108, width: 8, value: entry.user ?? 0 });
  octal(header, { at: 116, width: 8, value: 0 });
  octal(header, { at: 124, width: 12, value: entry.size > LARGEST ? 0 : entry.size });
  octal(header, { at: 136, width: 12, value: entry.time });
  header.write(" ".repeat(8), 148, "latin1");
  header.write(type, 156, "latin1");
  const { link = "" } = entry;
  header.write(fits(link, NAME) ? link : shortened(link), 157, "latin1");
  header.write("ustar\0" + "00", 257, "latin1");
  octal(header, { at: 329, width: 8, value: 0 });
  octal(header, { at: 337, width: 8, value: 0 });
  header.write(prefix, 345, "latin1");
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += header[at]!;
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** Something in the place of a name that the extended header tells. */
function shortened(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "_").slice(0, NAME);
}

function octal(header: Buffer, { at, width, value }: { at: number; width: number; value: number }): void {
  const text = value.toString(8).padStart(width - 1, "0");
  if (text.length >= width)
    throw new ThothError("limit-exceeded", `An archive has no room for the number ${quote(String(value))}.`);
  header.write(`${text}\0`, at, "latin1");
}
