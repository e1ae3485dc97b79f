// What both writers of blocks need: block-encoder.ts and page-scanner.ts.

import type { RareParticulars } from "./record-layout.ts";

export interface Blocks {
  /** One block after the other; may be a view of memory that is used again. */
  readonly bytes: Uint8Array;
  /** Where each one ends. */
  readonly ends: Uint32Array;
}

export function joinBlocks(blocks: readonly Uint8Array[]): Blocks {
  const ends = new Uint32Array(blocks.length);
  let length = 0;
  for (const [index, block] of blocks.entries()) {
    length += block.length;
    ends[index] = length;
  }
  const bytes = new Uint8Array(length);
  for (const [index, block] of blocks.entries()) bytes.set(block, ends[index]! - block.length);
  return { bytes, ends };
}

/** What few files have. */
export interface Rare {
  readonly yankReason: string | undefined;
  /** Without the SHA-256. */
  readonly hashes: Readonly<Record<string, string>> | undefined;
  readonly provenance: string | undefined;
}

const encoder = new TextEncoder();

/** Of the files of a block. */
export function encodeRare(files: readonly (Rare | undefined)[]): Uint8Array {
  if (files.every((rare) => rare === undefined)) return NOTHING;
  const yankReasons: Record<string, string> = {};
  const hashes: Record<string, Readonly<Record<string, string>>> = {};
  const provenance: Record<string, string> = {};
  for (const [index, rare] of files.entries()) {
    if (rare?.yankReason !== undefined) yankReasons[index] = rare.yankReason;
    if (rare?.hashes !== undefined) hashes[index] = rare.hashes;
    if (rare?.provenance !== undefined) provenance[index] = rare.provenance;
  }
  const found: RareParticulars = {
    ...(isEmpty(yankReasons) ? {} : { yankReasons }),
    ...(isEmpty(hashes) ? {} : { hashes }),
    ...(isEmpty(provenance) ? {} : { provenance }),
  };
  return isEmpty(found) ? NOTHING : encoder.encode(JSON.stringify(found));
}

function isEmpty(table: object): boolean {
  for (const _ in table) return false;
  return true;
}

const NOTHING = new Uint8Array(0);
