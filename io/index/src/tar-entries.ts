// The members of a TAR archive as it streams by; of each its reader says whether it wants the content.
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html

import { ThothError } from "@thoth/pep";

export interface TarEntry {
  /** As written. */
  readonly name: string;
  readonly kind: "file" | "folder" | "symlink" | "hardlink" | "other";
  /** Bytes of its content. */
  readonly size: number;
  /** Where a link leads, as written. */
  readonly link: string;
}

/** Takes a content that is complete. */
export type TakeContent = (content: Buffer) => void;

const BLOCK = 512;
const LONGEST_NAME = 65_536;
const KINDS: ReadonlyMap<string, TarEntry["kind"]> = new Map([
  ["0", "file"],
  ["\0", "file"],
  ["7", "file"],
  ["1", "hardlink"],
  ["2", "symlink"],
  ["5", "folder"],
]);

export class TarEntries {
  readonly #begin: (entry: TarEntry) => TakeContent | undefined;
  readonly #most: number;
  readonly #header = Buffer.alloc(BLOCK);
  #filled = 0;
  #seen = 0;
  /** Bytes of the member that are still to come, and of the padding after it. */
  #left = 0;
  #padding = 0;
  #kept: Buffer[] | undefined;
  #use: TakeContent = () => undefined;
  /** What an extended header says of the next member. */
  #next: Partial<Pick<TarEntry, "name" | "link">> = {};
  #ended = false;

  /** `most`: bytes of the archive that are looked at. */
  constructor(begin: (entry: TarEntry) => TakeContent | undefined, most: number) {
    this.#begin = begin;
    this.#most = most;
  }

  /** True when the archive says that it is over. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether all members that have begun are complete. */
  get whole(): boolean {
    return this.#left === 0 && this.#filled === 0;
  }

  /** Throws `invalid-metadata`, `limit-exceeded`, or what the reader throws. */
  add(chunk: Buffer): void {
    this.#seen += chunk.length;
    if (this.#seen > this.#most) throw tarExceeded("unpackedBytes", this.#most);
    let at = 0;
    while (at < chunk.length && !this.#ended) {
      if (this.#left > 0) at = this.#content(chunk, at);
      else if (this.#padding > 0) {
        const step = Math.min(this.#padding, chunk.length - at);
        this.#padding -= step;
        at += step;
      } else {
        const step = Math.min(BLOCK - this.#filled, chunk.length - at);
        chunk.copy(this.#header, this.#filled, at, at + step);
        this.#filled += step;
        at += step;
        if (this.#filled === BLOCK) this.#open();
      }
    }
  }

  #content(chunk: Buffer, at: number): number {
    const step = Math.min(this.#left, chunk.length - at);
    this.#kept?.push(Buffer.from(chunk.subarray(at, at + step)));
    this.#left -= step;
    if (this.#left === 0) this.#finish();
    return at + step;
  }

  #finish(): void {
    if (this.#kept !== undefined) this.#use(Buffer.concat(this.#kept));
    this.#kept = undefined;
  }

  /** A header is complete. */
  #open(): void {
    this.#filled = 0;
    const header = this.#header;
    if (header.every((byte) => byte === 0)) {
      this.#ended = true;
      return;
    }
    if (!sumIsRight(header)) throw tarDamaged("a header of it has a wrong check sum");
    const size = numberAt(header, 124, 12);
    const type = String.fromCharCode(header[156]!);
    this.#left = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    this.#kept = undefined;
    if (type === "L" || type === "K" || type === "x") this.#extend(size, type);
    else if (type !== "g") this.#member(type, size);
    if (size === 0) this.#finish();
  }

  #extend(size: number, type: "L" | "K" | "x"): void {
    if (size > LONGEST_NAME) throw tarDamaged("a name in it is too long");
    this.#kept = [];
    this.#use = (content) => {
      const told =
        type === "x" ? paxNames(content) : { [type === "L" ? "name" : "link"]: untilZero(content) };
      this.#next = { ...this.#next, ...told };
    };
  }

  #member(type: string, size: number): void {
    const { name = nameOf(this.#header), link = untilZero(this.#header.subarray(157, 257)) } = this.#next;
    this.#next = {};
    const take = this.#begin({ name, kind: KINDS.get(type) ?? "other", size, link });
    if (take === undefined) return;
    this.#kept = [];
    this.#use = take;
  }
}

function nameOf(header: Buffer): string {
  const name = untilZero(header.subarray(0, 100));
  const ustar = header.toString("latin1", 257, 262) === "ustar" && header[262] === 0;
  const prefix = ustar ? untilZero(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function untilZero(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end);
}

/** Records of the form `LENGTH path=VALUE\n`. */
function paxNames(content: Buffer): Partial<Pick<TarEntry, "name" | "link">> {
  const names: { name?: string; link?: string } = {};
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(content.toString("latin1", at, space));
    if (!Number.isInteger(length) || length <= space - at || at + length > content.length)
      throw tarDamaged("an extended header of it is damaged");
    const record = content.toString("utf8", space + 1, at + length - 1);
    if (record.startsWith("path=")) names.name = record.slice(5);
    if (record.startsWith("linkpath=")) names.link = record.slice(9);
    at += length;
  }
  return names;
}

function sumIsRight(header: Buffer): boolean {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += header[at]!;
  return numberAt(header, 148, 8) === sum;
}

/** Octal digits, or (first bit set) a big-endian number. */
function numberAt(header: Buffer, start: number, length: number): number {
  if ((header[start]! & 0x80) !== 0) {
    let value = 0;
    for (let at = start + length - 8; at < start + length; at++) value = value * 256 + header[at]!;
    if (!Number.isSafeInteger(value)) throw tarDamaged("a size in it is impossible");
    return value;
  }
  const text = header
    .toString("latin1", start, start + length)
    .replace(/[\0 ]+$/g, "")
    .trim();
  if (!/^[0-7]*$/.test(text)) throw tarDamaged("a number in it is none");
  return text === "" ? 0 : Number.parseInt(text, 8);
}

export function tarDamaged(why: string): ThothError {
  return new ThothError("invalid-metadata", `the archive is not valid: ${why}`);
}

export function tarExceeded(limit: string, most: number): ThothError {
  return new ThothError("limit-exceeded", `the archive exceeds the limit of ${most} for ${limit}`, {
    details: { limit, most },
  });
}
