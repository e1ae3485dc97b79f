// Writes small ELF files for tests: one loaded segment, a dynamic section, names and versions, and no section headers.

export interface ElfPlan {
  readonly bits: 32 | 64;
  readonly littleEndian: boolean;
  readonly machine: number;
  readonly soname?: string;
  readonly needs: readonly string[];
  readonly symbols: readonly (readonly [library: string, versions: readonly string[]])[];
  readonly provides: readonly string[];
}

/** Where the file is loaded: addresses and offsets differ. */
const BASE = 0x10000;

export function writeElf(plan: ElfPlan): Uint8Array {
  const wide = plan.bits === 64;
  const names = new Names();
  const soname = plan.soname === undefined ? undefined : names.add(plan.soname);
  const needs = plan.needs.map((name) => names.add(name));
  const header = wide ? 64 : 52;
  const programs = header + 2 * (wide ? 56 : 32);
  const sized = new Writer(plan);
  const verneed = writeNeeds(plan, names);
  const verdef = writeProvides(plan, names);
  const table = names.bytes();
  const places = { verneed: programs, verdef: programs + verneed.length };
  const tableAt = places.verdef + verdef.length;
  const dynamicAt = Math.ceil((tableAt + table.length) / 8) * 8;
  const entries: [number, number][] = [
    ...needs.map((at): [number, number] => [1, at]),
    ...(soname === undefined ? [] : [[14, soname] as [number, number]]),
    [5, BASE + tableAt],
    [10, table.length],
    ...(plan.symbols.length === 0
      ? []
      : [
          [0x6ffffffe, BASE + places.verneed] as [number, number],
          [0x6fffffff, plan.symbols.length] as [number, number],
        ]),
    ...(plan.provides.length === 0
      ? []
      : [
          [0x6ffffffc, BASE + places.verdef] as [number, number],
          [0x6ffffffd, plan.provides.length] as [number, number],
        ]),
    [0, 0],
  ];
  const dynamicLength = entries.length * (wide ? 16 : 8);
  const total = dynamicAt + dynamicLength;
  writeHeader(sized, plan, header);
  writeProgram(sized, wide, { type: 1, at: 0, length: total });
  writeProgram(sized, wide, { type: 2, at: dynamicAt, length: dynamicLength });
  sized.raw(verneed);
  sized.raw(verdef);
  sized.raw(table);
  while (sized.length < dynamicAt) sized.raw(new Uint8Array(1));
  for (const [tag, value] of entries) {
    sized.wide(tag);
    sized.wide(value);
  }
  return sized.bytes();
}

function writeHeader(out: Writer, plan: ElfPlan, header: number): void {
  out.raw(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, plan.bits === 64 ? 2 : 1, plan.littleEndian ? 1 : 2, 1, 0));
  out.raw(new Uint8Array(8));
  out.half(3);
  out.half(plan.machine);
  out.word(1);
  out.wide(0);
  out.wide(header);
  out.wide(0);
  out.word(0);
  for (const value of [header, plan.bits === 64 ? 56 : 32, 2, plan.bits === 64 ? 64 : 40, 0, 0])
    out.half(value);
}

function writeProgram(
  out: Writer,
  wide: boolean,
  { type, at, length }: Record<"type" | "at" | "length", number>,
): void {
  out.word(type);
  if (wide) out.word(5);
  for (const value of [at, BASE + at, BASE + at, length, length]) out.wide(value);
  if (!wide) out.word(5);
  out.wide(8);
}

function writeNeeds(plan: ElfPlan, names: Names): Uint8Array {
  const out = new Writer(plan);
  for (const [index, [library, versions]] of plan.symbols.entries()) {
    const isLast = index === plan.symbols.length - 1;
    out.half(1);
    out.half(versions.length);
    out.word(names.add(library));
    out.word(16);
    out.word(isLast ? 0 : 16 + 16 * versions.length);
    for (const [inner, version] of versions.entries()) {
      out.word(0);
      out.half(0);
      out.half(inner + 2);
      out.word(names.add(version));
      out.word(inner === versions.length - 1 ? 0 : 16);
    }
  }
  return out.bytes();
}

function writeProvides(plan: ElfPlan, names: Names): Uint8Array {
  const out = new Writer(plan);
  for (const [index, version] of plan.provides.entries()) {
    for (const value of [1, 0, index + 2, 1]) out.half(value);
    out.word(0);
    out.word(20);
    out.word(index === plan.provides.length - 1 ? 0 : 28);
    out.word(names.add(version));
    out.word(0);
  }
  return out.bytes();
}

class Names {
  #parts: Buffer[] = [Buffer.alloc(1)];
  #length = 1;

  add(name: string): number {
    const at = this.#length;
    const part = Buffer.from(`${name}\0`);
    this.#parts.push(part);
    this.#length += part.length;
    return at;
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

class Writer {
  readonly #plan: ElfPlan;
  #parts: Uint8Array[] = [];
  length = 0;

  constructor(plan: ElfPlan) {
    this.#plan = plan;
  }

  raw(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.length += bytes.length;
  }

  half(value: number): void {
    const part = Buffer.alloc(2);
    if (this.#plan.littleEndian) part.writeUInt16LE(value);
    else part.writeUInt16BE(value);
    this.raw(part);
  }

  word(value: number): void {
    const part = Buffer.alloc(4);
    if (this.#plan.littleEndian) part.writeUInt32LE(value);
    else part.writeUInt32BE(value);
    this.raw(part);
  }

  wide(value: number): void {
    if (this.#plan.bits === 32) {
      this.word(value);
      return;
    }
    const part = Buffer.alloc(8);
    if (this.#plan.littleEndian) part.writeBigUInt64LE(BigInt(value));
    else part.writeBigUInt64BE(BigInt(value));
    this.raw(part);
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
