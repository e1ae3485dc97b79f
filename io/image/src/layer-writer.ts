// Writes one layer: a TAR archive as members of gzip, one after the other. What a wheel holds packed stays packed as it is;
// only headers and what was made here are packed, by a compressor of our own: so the bytes of a layer depend on the wheels
// and on this code, and on no version of zlib. https://www.rfc-editor.org/rfc/rfc1952

import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { deflateFixed, STORED_END, storedBlocks } from "./fixed-deflate.ts";
import { paddingFor, TAR_END, type TarEntry, tarHeader } from "./tar-header.ts";

export interface WrittenLayer {
  /** `sha256:…` of the layer as it is stored. */
  readonly digest: string;
  /** Bytes of that. */
  readonly size: number;
  /** `sha256:…` of the archive. */
  readonly diffId: string;
}

/** Of the content of a file that a wheel holds. */
export interface PackedContent {
  readonly crc: number;
  readonly isDeflated: boolean;
  /** Gives the content, and what the archive holds of it. What it gives may be overwritten when it gives more. */
  readonly read: (take: (chunk: Buffer) => void, takePacked: (chunk: Buffer) => void) => Promise<void>;
}

/** Deflate, no name, no time, no particular compressor, a system that nobody knows. */
const MEMBER_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** Bytes that are packed as one member, and that are written at once. */
const MEMBER = 256 * 1024;
const WRITTEN = 1024 * 1024;

export class LayerWriter {
  readonly #file: number;
  readonly #archive = createHash("sha256");
  readonly #stored = createHash("sha256");
  /** Of the archive, and not packed yet. */
  #pending = Buffer.allocUnsafeSlow(2 * MEMBER);
  #pendingBytes = 0;
  /** Packed, and not written yet: always the same memory, of which nothing is left to be collected. */
  readonly #waiting = Buffer.allocUnsafeSlow(WRITTEN);
  #waitingBytes = 0;
  #size = 0;

  /** The file must not exist. */
  constructor(path: string) {
    this.#file = openSync(path, "wx", 0o644);
  }

  /** An entry with its content, where it has one. */
  add(entry: Omit<TarEntry, "size">, content: Buffer = Buffer.alloc(0)): void {
    this.#pack(tarHeader({ ...entry, size: content.length }));
    for (let at = 0; at < content.length; at += MEMBER) this.#pack(content.subarray(at, at + MEMBER));
    this.#pack(paddingFor(content.length));
  }

  /** A file as a wheel holds it. Throws what reading it throws: then the layer is of no use. */
  async addPacked(entry: TarEntry, content: PackedContent): Promise<void> {
    this.#pack(tarHeader(entry));
    if (entry.size > 0) {
      this.#flush();
      this.#write(MEMBER_HEADER);
      const takePacked = (chunk: Buffer) => {
        if (content.isDeflated) this.#write(chunk);
        else for (const block of storedBlocks(chunk)) this.#write(block);
      };
      await content.read((chunk) => void this.#archive.update(chunk), takePacked);
      if (!content.isDeflated) this.#write(STORED_END);
      this.#write(trailerOf(content.crc, entry.size));
    } else await content.read(ignore, ignore);
    this.#pack(paddingFor(entry.size));
  }

  finish(): WrittenLayer {
    this.#pack(TAR_END);
    this.#flush();
    this.#drain();
    closeSync(this.#file);
    return {
      digest: `sha256:${this.#stored.digest("hex")}`,
      size: this.#size,
      diffId: `sha256:${this.#archive.digest("hex")}`,
    };
  }

  /** Instead of `finish`; the file is for the caller to remove. */
  abandon(): void {
    closeSync(this.#file);
  }

  #pack(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#archive.update(bytes);
    const size = this.#pendingBytes + bytes.length;
    if (size > this.#pending.length) {
      const larger = Buffer.allocUnsafeSlow(size);
      this.#pending.copy(larger, 0, 0, this.#pendingBytes);
      this.#pending = larger;
    }
    this.#pending.set(bytes, this.#pendingBytes);
    this.#pendingBytes = size;
    if (size >= MEMBER) this.#flush();
  }

  #flush(): void {
    if (this.#pendingBytes === 0) return;
    const bytes = this.#pending.subarray(0, this.#pendingBytes);
    this.#pendingBytes = 0;
    for (const part of [MEMBER_HEADER, deflateFixed(bytes), trailerOf(crc32(bytes), bytes.length)])
      this.#write(part);
  }

  #write(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      const copied = bytes.copy(this.#waiting, this.#waitingBytes, at);
      at += copied;
      this.#waitingBytes += copied;
      if (this.#waitingBytes === WRITTEN) this.#drain();
    }
  }

  #drain(): void {
    const bytes = this.#waiting.subarray(0, this.#waitingBytes);
    this.#waitingBytes = 0;
    this.#size += bytes.length;
    this.#stored.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
  }
}

function trailerOf(crc: number, size: number): Buffer {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  return trailer;
}

function ignore(): void {}
