// Where everything stands:  tables | interned texts | the page | columns of the files | runs | order | texts for the
// caller, and when the caller has read those, in the same place the blocks.

/** No entry is shorter: the digest alone has 64 characters. */
const SHORTEST_ENTRY: u32 = 100;
const COLUMNS: u32 = 12;

/** No number, in columns and of interned texts. */
export const NONE: u32 = 0xffff_ffff;
/** In the column of endings: the name is that of an sdist, or of no file that counts. */
export const SDIST: u32 = 0xffff_ffff;
export const OTHER: u32 = 0xffff_fffe;

// Columns of u32, by file.
export const NAME: u32 = 0;
export const NAME_END: u32 = 1;
export const URL: u32 = 2;
export const URL_END: u32 = 3;
export const SHA256: u32 = 4;
/** 0 none, 1 there is some, else the place of its digest. */
export const METADATA: u32 = 5;
/** Seconds since 1970, or 0. */
export const TIME: u32 = 6;
/** Number of the interned text, or NONE. */
export const PYTHON: u32 = 7;
/** Number of the run of files whose names begin alike. */
export const RUN: u32 = 8;
/** Number of the interned text, SDIST or OTHER. */
export const ENDING: u32 = 9;
/** 0 no, 1 yes, else the place of the quote before the reason. */
export const YANKED: u32 = 10;
/** 0 none, else the place of the quote before it. */
export const PROVENANCE: u32 = 11;

export class Memory {
  static body: usize = 0;
  static bodyEnd: usize = 0;
  /** Of files, in columns. */
  static capacity: u32 = 0;
  /** A column of f64. */
  static sizes: usize = 0;
  static columns: usize = 0;
  /** Of each run, where what its names begin with begins and ends. */
  static runs: usize = 0;
  /** Numbers of files, written by the caller. */
  static order: usize = 0;
  static texts: usize = 0;
  static blocksEnd: usize = 0;
}

/** Traps when there is no memory. */
export function makeRoom(end: usize): void {
  const pages = <i32>((end + 0xffff) >> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) unreachable();
}

/** Room for a page of so many bytes. */
export function layOut(length: u32): void {
  Memory.body = (__heap_base + 7) & ~7;
  Memory.bodyEnd = Memory.body + length;
  Memory.capacity = length / SHORTEST_ENTRY + 1;
  Memory.sizes = (Memory.bodyEnd + 8) & ~7;
  Memory.columns = Memory.sizes + (Memory.capacity << 3);
  Memory.runs = Memory.columns + ((COLUMNS * Memory.capacity) << 2);
  Memory.order = Memory.runs + (Memory.capacity << 3);
  Memory.texts = (Memory.order + (Memory.capacity << 2) + 7) & ~7;
  Memory.blocksEnd = Memory.texts;
  makeRoom(Memory.texts);
  store<u8>(Memory.bodyEnd, 0);
}

export function column(which: u32, file: u32): usize {
  return Memory.columns + ((which * Memory.capacity + file) << 2);
}

export function sizeOf(file: u32): usize {
  return Memory.sizes + (file << 3);
}
