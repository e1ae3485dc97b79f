// Texts of which there are few, numbered in the order of their first appearance.

import { same } from "./bytes.ts";
import { NONE } from "./memory.ts";

const MOST_TEXTS: u32 = 8192;
const SLOTS: u32 = 16384;
/** Bytes of an entry: hash, place and length. */
const ENTRY: u32 = 12;
/** Whoever makes texts collide gets the parser that does not mind. */
const LONGEST_PROBE: u32 = 64;

// A table is how many texts it has (8 bytes), their entries, and by hash the slots with their numbers plus one.
const ENTRIES: u32 = 8;
const SLOTS_AT: u32 = ENTRIES + MOST_TEXTS * ENTRY;

export const endings: usize = memory.data(163848, 8);
export const pythons: usize = memory.data(163848, 8);

export function clear(table: usize): void {
  store<u32>(table, 0);
  memory.fill(table + SLOTS_AT, 0, SLOTS << 2);
}

export function countOf(table: usize): u32 {
  return load<u32>(table);
}

export function textAt(table: usize, number: u32): usize {
  return load<u32>(table + ENTRIES + number * ENTRY + 4);
}

export function lengthAt(table: usize, number: u32): u32 {
  return load<u32>(table + ENTRIES + number * ENTRY + 8);
}

/** The number of a text; NONE when there are too many. */
export function numberOf(table: usize, text: usize, length: u32): u32 {
  const hash = hashOf(text, length);
  for (let probe: u32 = 0; probe < LONGEST_PROBE; probe++) {
    const slot = table + SLOTS_AT + (((hash + probe) & (SLOTS - 1)) << 2);
    const taken = load<u32>(slot);
    if (taken === 0) return add(table, slot, hash, text, length);
    const entry = table + ENTRIES + (taken - 1) * ENTRY;
    if (load<u32>(entry) !== hash || load<u32>(entry + 8) !== length) continue;
    if (same(load<u32>(entry + 4), text, length)) return taken - 1;
  }
  return NONE;
}

function add(table: usize, slot: usize, hash: u32, text: usize, length: u32): u32 {
  const number = load<u32>(table);
  if (number >= MOST_TEXTS) return NONE;
  const entry = table + ENTRIES + number * ENTRY;
  store<u32>(entry, hash);
  store<u32>(entry + 4, <u32>text);
  store<u32>(entry + 8, length);
  store<u32>(slot, number + 1);
  store<u32>(table, number + 1);
  return number;
}

function hashOf(at: usize, length: u32): u32 {
  let hash: u64 = 0x9e3779b97f4a7c15 ^ length;
  const end = at + length;
  for (; at + 8 <= end; at += 8) hash = rotl<u64>((hash ^ load<u64>(at)) * 0xff51afd7ed558ccd, 29);
  for (; at < end; at++) hash = rotl<u64>((hash ^ load<u8>(at)) * 0xff51afd7ed558ccd, 29);
  hash ^= hash >> 32;
  return <u32>((hash * 0xc4ceb9fe1a85ec53) >> 32);
}
