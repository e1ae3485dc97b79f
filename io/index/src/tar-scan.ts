// A TAR archive read as it streams by, for a few small members: nothing is kept but what was asked for, and
// reading ends as soon as that is there. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html

import { ThothError } from "@thoth/pep";

export interface TarLimits {
  /** Bytes of the archive that are looked at. */
  readonly bytes: number;
  readonly memberBytes: number;
}

const BLOCK = 512;
const LONGEST_NAME = 65_536;

/** Collects the members that `wants` names. */
export class TarScan {
  readonly #wants: (name: string) => boolean;
  readonly #limits: TarLimits;
  readonly #header = Buffer.alloc(BLOCK);
  #filled = 0;
  #seen = 0;
  /** Bytes of the member that are still to come, and of the padding after it. */
  #left = 0;
  #padding = 0;
  #kept: Buffer[] | undefined;
  #use: (content: Buffer) => void = () => undefined;
  #nextName: string | undefined;
  #ended = false;
  readonly found = new Map<string, Buffer>();

  constructor(wants: (name: string) => boolean, limits: TarLimits) {
    this.#wants = wants;
    this.#limits = limits;
  }

  /** True when the archive says that it is over. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Throws `invalid-metadata` or `limit-exceeded`. */
  add(chunk: Buffer): void {
    this.#seen += chunk.length;
    if (this.#seen > this.#limits.bytes) throw exceeded("unpackedBytes", this.#limits.bytes);
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
        if (this.#filled === BLOCK) this.#begin();
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
  #begin(): void {
    this.#filled = 0;
    const header = this.#header;
    if (header.every((byte) => byte === 0)) {
      this.#ended = true;
      return;
    }
    if (!sumIsRight(header)) throw damaged("a header of it has a wrong check sum");
    const size = numberAt(header, 124, 12);
    const type = String.fromCharCode(header[156]!);
    this.#left = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    this.#kept = undefined;
    if (type === "L" || type === "x") this.#keepName(size, type);
    else if (type !== "g" && type !== "K") this.#member(type, size);
    if (size === 0) this.#finish();
  }

  #keepName(size: number, type: string): void {
    if (size > LONGEST_NAME) throw damaged("a name in it is too long");
    this.#kept = [];
    this.#use = (content) => {
      const name = type === "L" ? untilZero(content) : paxPath(content);
      if (name !== undefined) this.#nextName = name;
    };
  }

  #member(type: string, size: number): void {
    const name = this.#nextName ?? nameOf(this.#header);
    this.#nextName = undefined;
    const regular = type === "0" || type === "\0" || type === "7";
    if (!regular || !this.#wants(name)) return;
    if (size > this.#limits.memberBytes) throw exceeded("metadataBytes", this.#limits.memberBytes);
    if (this.found.has(name)) throw damaged("it has two members of one name");
    this.#kept = [];
    this.#use = (content) => this.found.set(name, content);
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
function paxPath(content: Buffer): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(content.toString("latin1", at, space));
    if (!Number.isInteger(length) || length <= space - at || at + length > content.length)
      throw damaged("an extended header of it is damaged");
    const record = content.toString("utf8", space + 1, at + length - 1);
    if (record.startsWith("path=")) path = record.slice(5);
    at += length;
  }
  return path;
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
    if (!Number.isSafeInteger(value)) throw damaged("a size in it is impossible");
    return value;
  }
  const text = header
    .toString("latin1", start, start + length)
    .replace(/[\0 ]+$/g, "")
    .trim();
  if (!/^[0-7]*$/.test(text)) throw damaged("a number in it is none");
  return text === "" ? 0 : Number.parseInt(text, 8);
}

function damaged(why: string): ThothError {
  return new ThothError("invalid-metadata", `the archive is not valid: ${why}`);
}

function exceeded(limit: string, most: number): ThothError {
  return new ThothError("limit-exceeded", `the archive exceeds the limit of ${most} for ${limit}`, {
    details: { limit, most },
  });
}
