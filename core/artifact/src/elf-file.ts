// The frame of an ELF file: header, program headers, dynamic section and its table of names. Every offset and count
// is checked against the bytes that are there, and what can be repeated has an end.

import { ThothError } from "@thoth/pep";

const PROGRAM_LOAD = 1;
const PROGRAM_DYNAMIC = 2;
/** Entries of the dynamic section; real ones have some dozens. */
const MOST_DYNAMIC = 65_536;
const LONGEST_NAME = 4096;
/** Bytes of all names that are read of one file. */
const MOST_TEXT = 1 << 20;
const DT_STRTAB = 5;
const DT_STRSZ = 10;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

interface Segment {
  readonly address: number;
  readonly offset: number;
  readonly length: number;
}

interface ProgramHeader extends Segment {
  readonly type: number;
}

export function damaged(why: string): ThothError {
  return new ThothError("invalid-binary", `The ELF file is not valid: ${why}.`);
}

export class ElfFile {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  /** `e_machine`. */
  readonly machine: number;
  /** `e_flags`. */
  readonly flags: number;
  /** Values by tag, in the order of the file. */
  readonly dynamic: ReadonlyMap<number, readonly number[]>;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #segments: readonly Segment[];
  #names: Uint8Array | undefined;
  #textLeft = MOST_TEXT;

  /** Throws `invalid-binary`, as all of its functions do. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 52 || this.#view.getUint32(0) !== 0x7f454c46)
      throw damaged("it does not begin as one");
    const [kind, order] = [bytes[4], bytes[5]];
    if ((kind !== 1 && kind !== 2) || (order !== 1 && order !== 2)) throw damaged("its class is unknown");
    this.bits = kind === 1 ? 32 : 64;
    this.littleEndian = order === 1;
    if (this.bits === 64 && bytes.length < 64) throw damaged("it is cut off");
    this.machine = this.half(18);
    this.flags = this.#number(this.bits === 64 ? 48 : 36);
    const headers = this.#programHeaders();
    this.#segments = headers.filter(({ type }) => type === PROGRAM_LOAD);
    const section = headers.find(({ type }) => type === PROGRAM_DYNAMIC);
    this.dynamic = section === undefined ? new Map() : this.#readDynamic(section);
  }

  /** An unsigned number of two bytes at `at`. */
  half(at: number): number {
    if (!(at >= 0 && at + 2 <= this.#bytes.length)) throw damaged("it is cut off");
    return this.#view.getUint16(at, this.littleEndian);
  }

  /** An unsigned number of four bytes at `at`. */
  word(at: number): number {
    return this.#number(at);
  }

  /** Where the byte of an address lies in the file. */
  offsetOf(address: number): number {
    const segment = this.#segments.find(
      (one) => address >= one.address && address - one.address < one.length,
    );
    if (segment === undefined) throw damaged("an address leads nowhere");
    return segment.offset + (address - segment.address);
  }

  /** The name at `offset` of the table of names. */
  text(offset: number): string {
    const names = this.#nameTable();
    if (offset >= names.length) throw damaged("a name lies outside its table");
    const end = names.indexOf(0, offset);
    if (end < 0 || end - offset > LONGEST_NAME) throw damaged("a name does not end");
    this.#textLeft -= end - offset;
    if (this.#textLeft < 0) throw damaged("its names are too long together");
    try {
      return utf8.decode(names.subarray(offset, end));
    } catch {
      throw damaged("a name is not UTF-8");
    }
  }

  /** Whether some name of the table is `name` (ASCII), or ends so: linkers keep a name that ends another one within it. */
  holdsName(name: string): boolean {
    const table = this.#names ?? (this.dynamic.has(DT_STRTAB) ? this.#nameTable() : new Uint8Array());
    const wanted = new TextEncoder().encode(`${name}\0`);
    return includes(table, wanted);
  }

  #nameTable(): Uint8Array {
    if (this.#names === undefined) {
      const address = this.dynamic.get(DT_STRTAB)?.[0];
      const length = this.dynamic.get(DT_STRSZ)?.[0];
      if (address === undefined || length === undefined) throw damaged("its table of names is missing");
      const start = this.offsetOf(address);
      if (!(start + length <= this.#bytes.length)) throw damaged("its table of names is cut off");
      this.#names = this.#bytes.subarray(start, start + length);
    }
    return this.#names;
  }

  #number(at: number): number {
    if (!(at >= 0 && at + 4 <= this.#bytes.length)) throw damaged("it is cut off");
    return this.#view.getUint32(at, this.littleEndian);
  }

  /** An address, offset or size. What is too large to be exact is too large for every check that follows, too. */
  #wide(at: number): number {
    if (this.bits === 32) return this.#number(at);
    if (!(at >= 0 && at + 8 <= this.#bytes.length)) throw damaged("it is cut off");
    return Number(this.#view.getBigUint64(at, this.littleEndian));
  }

  #programHeaders(): ProgramHeader[] {
    const is64 = this.bits === 64;
    const start = this.#wide(is64 ? 32 : 28);
    const size = this.half(is64 ? 54 : 42);
    const count = this.half(is64 ? 56 : 44);
    if (count === 0) return [];
    if (count === 0xffff) throw damaged("it has too many program headers");
    if (size < (is64 ? 56 : 32)) throw damaged("its program headers are too short");
    if (!(start + size * count <= this.#bytes.length)) throw damaged("its program headers are cut off");
    return Array.from({ length: count }, (_, index) => this.#programHeader(start + index * size));
  }

  #programHeader(at: number): ProgramHeader {
    const is64 = this.bits === 64;
    const type = this.#number(at);
    const offset = this.#wide(at + (is64 ? 8 : 4));
    const address = this.#wide(at + (is64 ? 16 : 8));
    const length = this.#wide(at + (is64 ? 32 : 16));
    const used = type === PROGRAM_LOAD || type === PROGRAM_DYNAMIC;
    if (used && !(offset + length <= this.#bytes.length)) throw damaged("a segment is cut off");
    return { type, offset, address, length };
  }

  #readDynamic({ offset, length }: Segment): Map<number, number[]> {
    const step = this.bits === 64 ? 16 : 8;
    const count = Math.floor(length / step);
    if (count > MOST_DYNAMIC) throw damaged("its dynamic section is too long");
    const values = new Map<number, number[]>();
    for (let index = 0; index < count; index++) {
      const at = offset + index * step;
      const tag = this.#wide(at);
      if (tag === 0) break;
      const value = this.#wide(at + step / 2);
      const known = values.get(tag);
      if (known === undefined) values.set(tag, [value]);
      else known.push(value);
    }
    return values;
  }
}

function includes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const last = bytes.length - wanted.length;
  for (let at = bytes.indexOf(wanted[0]!); at >= 0 && at <= last; at = bytes.indexOf(wanted[0]!, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}
