// Particulars of up to FILES_PER_BLOCK files of a project record: names, URLs, hashes, sizes.

import {
  BLOCK,
  BLOCK_MAGIC,
  BLOCK_WORDS,
  type BlockOffsets,
  blockOffsets,
  DIGEST,
  FLAG,
  PATH_FOLDERS,
  type RareParticulars,
} from "./record-layout.ts";

const decoder = new TextDecoder();
const NOTHING_RARE: RareParticulars = {};

/** Positions are those within the block. */
export class FileBlock {
  readonly #bytes: Uint8Array;
  readonly #header: Uint32Array;
  readonly #offsets: BlockOffsets;
  readonly #nameEnd: Uint32Array;
  readonly #urlEnd: Uint32Array;
  readonly #uploadTime: Uint32Array;
  readonly #python: Uint16Array;
  /** Of the first files, as far as they were asked for. */
  readonly #names: string[] = [];
  #prefix: string | undefined;
  /** All text, when it is plain ASCII and bytes are characters; null when it is not. */
  #whole: string | null | undefined;
  #rare: RareParticulars | undefined;

  constructor(bytes: Uint8Array) {
    const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    this.#bytes = aligned;
    this.#header = new Uint32Array(aligned.buffer, aligned.byteOffset, BLOCK_WORDS);
    if (this.#header[BLOCK.magic] !== BLOCK_MAGIC) throw new Error("damaged block of a project record");
    const files = this.#header[BLOCK.files]!;
    this.#offsets = blockOffsets(files, this.#header[BLOCK.columns]!);
    const { buffer, byteOffset } = aligned;
    const words = (start: number) => new Uint32Array(buffer, byteOffset + start, files);
    this.#nameEnd = words(this.#offsets.nameEnd);
    this.#urlEnd = words(this.#offsets.urlEnd);
    this.#uploadTime = words(this.#offsets.uploadTime);
    this.#python = new Uint16Array(buffer, byteOffset + this.#offsets.python, files);
  }

  filename(position: number): string {
    for (let next = this.#names.length; next <= position; next++) {
      const start = next === 0 ? this.#header[BLOCK.prefixLength]! : this.#urlEnd[next - 1]!;
      const shared = this.#bytes[this.#offsets.nameShared + next]!;
      const own = this.#text(start, this.#nameEnd[next]!);
      this.#names.push(shared === 0 ? own : this.#names[next - 1]!.slice(0, shared) + own);
    }
    return this.#names[position]!;
  }

  url(position: number): string {
    this.#prefix ??= this.#text(0, this.#header[BLOCK.prefixLength]!);
    const rest = this.#has(position, FLAG.path)
      ? this.#path(position)
      : this.#text(this.#nameEnd[position]!, this.#urlEnd[position]!);
    return this.#prefix + rest + (this.#has(position, FLAG.urlEndsWithName) ? this.filename(position) : "");
  }

  #path(position: number): string {
    const digits = this.#digest(this.#offsets.path + position * DIGEST);
    let path = "";
    let start = 0;
    for (const length of PATH_FOLDERS) {
      path += `${digits.slice(start, start + length)}/`;
      start += length;
    }
    return path;
  }

  /** Seconds since 1970, or 0 when unknown. */
  uploadTime(position: number): number {
    return this.#uploadTime[position]!;
  }

  /** Number of the Requires-Python text, or NONE. */
  python(position: number): number {
    return this.#python[position]!;
  }

  isYanked(position: number): boolean {
    return this.#has(position, FLAG.yanked);
  }

  /** Eight bytes of the file's hashes, else of its URL. */
  fingerprint(position: number): Uint8Array {
    const found = new Uint8Array(8);
    if (this.#has(position, FLAG.sha256)) this.#mix(found, this.#offsets.sha256 + position * DIGEST);
    else hashText(found, this.url(position));
    if (this.#has(position, FLAG.metadataSha256))
      this.#mix(found, this.#offsets.metadataSha256 + position * DIGEST);
    return found;
  }

  size(position: number): number | undefined {
    const view = new Float64Array(
      this.#bytes.buffer,
      this.#bytes.byteOffset + this.#offsets.size + position * 8,
      1,
    );
    const size = view[0]!;
    return Number.isNaN(size) ? undefined : size;
  }

  sha256(position: number): string | undefined {
    return this.#has(position, FLAG.sha256)
      ? this.#digest(this.#offsets.sha256 + position * DIGEST)
      : undefined;
  }

  hashes(position: number): Readonly<Record<string, string>> {
    const sha256 = this.sha256(position);
    const others = this.rare.hashes?.[position];
    return { ...others, ...(sha256 === undefined ? {} : { sha256 }) };
  }

  coreMetadata(position: number): boolean | string {
    if (this.#has(position, FLAG.metadataSha256))
      return this.#digest(this.#offsets.metadataSha256 + position * DIGEST);
    return this.#has(position, FLAG.metadata);
  }

  get rare(): RareParticulars {
    this.#rare ??= this.#readRare();
    return this.#rare;
  }

  #readRare(): RareParticulars {
    const length = this.#header[BLOCK.rareLength]!;
    if (length === 0) return NOTHING_RARE;
    const start = this.#header[BLOCK.textLength]!;
    return JSON.parse(this.#text(start, start + length)) as RareParticulars;
  }

  #has(position: number, flag: number): boolean {
    return (this.#bytes[this.#offsets.flags + position]! & flag) !== 0;
  }

  #text(start: number, end: number): string {
    const { text } = this.#offsets;
    if (this.#whole === undefined) {
      const length = this.#header[BLOCK.textLength]!;
      const whole = decoder.decode(this.#bytes.subarray(text, text + length));
      this.#whole = whole.length === length ? whole : null;
    }
    return this.#whole !== null && end <= this.#whole.length
      ? this.#whole.slice(start, end)
      : decoder.decode(this.#bytes.subarray(text + start, text + end));
  }

  /** Adds the first bytes of a digest. */
  #mix(target: Uint8Array, start: number): void {
    for (let index = 0; index < target.length; index++) target[index]! ^= this.#bytes[start + index]!;
  }

  #digest(start: number): string {
    let digest = "";
    for (let index = start; index < start + DIGEST; index++) digest += HEX[this.#bytes[index]!]!;
    return digest;
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Two words of FNV-1a with a final mix, from two seeds. */
function hashText(target: Uint8Array, text: string): void {
  const words = new Uint32Array(target.buffer, target.byteOffset, 2);
  for (const [index, seed] of [0x811c9dc5, 0x2f0b4a1d].entries()) {
    let value = seed;
    for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
    value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
    words[index] = (value ^ (value >>> 13)) >>> 0;
  }
}
