// Writes the table of advisories (table-layout.ts): merged, scored and with their versions put in order, so that
// nothing of that is left to those who read it.

import { ThothError } from "@thoth/pep";
import { formatPiece } from "./advisory-piece.ts";
import { type FlawFacts, type MergeOptions, mergeAdvisories } from "./merge.ts";
import type { OsvAdvisory } from "./osv.ts";
import { FORMAT, HEADER, MAGIC, PIECE_HEADER, SUM_AT, sumBytes, sumIndex } from "./table-layout.ts";

export interface CompileOptions extends MergeOptions {
  /** False keeps the facts alone: no text that somebody wrote. Default true. */
  readonly summaries?: boolean | undefined;
}

export function compileAdvisories(
  advisories: readonly OsvAdvisory[],
  options: CompileOptions = {},
): Uint8Array {
  const { packages, newest, count } = mergeAdvisories(advisories, options);
  const encoder = new TextEncoder();
  const names = [...packages.keys()].map((name) => encoder.encode(name));
  const pieces = [...packages.values()].map((flaws) => encodePiece(flaws, options.summaries ?? true));
  const nameBytes = sumLengths(names);
  const pieceBytes = sumLengths(pieces.map((piece) => piece.bytes));
  const indexEnd = HEADER + 12 * names.length + 8 + nameBytes;
  if (indexEnd + pieceBytes > 0xffffffff) {
    throw new ThothError("limit-exceeded", "The table of advisories would be larger than 4 GiB.");
  }
  const bytes = new Uint8Array(indexEnd + pieceBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(encoder.encode(MAGIC));
  view.setUint32(8, FORMAT, true);
  view.setUint32(12, count, true);
  view.setFloat64(16, newest, true);
  view.setUint32(24, names.length, true);
  view.setUint32(28, nameBytes, true);
  view.setUint32(32, pieceBytes, true);
  writeParts(bytes, names, HEADER, indexEnd - nameBytes);
  const offsetsAt = HEADER + 4 * names.length + 4;
  writeParts(
    bytes,
    pieces.map((piece) => piece.bytes),
    offsetsAt,
    indexEnd,
  );
  const sumsAt = HEADER + 8 * names.length + 8;
  pieces.forEach((piece, place) => {
    view.setUint32(sumsAt + 4 * place, piece.sum, true);
  });
  view.setUint32(SUM_AT, sumIndex(bytes, indexEnd), true);
  return bytes;
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly sum: number;
}

function encodePiece(flaws: readonly FlawFacts[], summaries: boolean): Piece {
  const encoder = new TextEncoder();
  const piece = formatPiece(flaws, summaries);
  const facts = encoder.encode(piece.facts);
  const texts = encoder.encode(piece.texts);
  const bytes = new Uint8Array(PIECE_HEADER + facts.length + texts.length);
  const view = new DataView(bytes.buffer);
  const textsAt = PIECE_HEADER + facts.length;
  view.setUint32(0, facts.length, true);
  view.setUint32(4, sumBytes(texts, 0, texts.length), true);
  bytes.set(facts, PIECE_HEADER);
  bytes.set(texts, textsAt);
  return { bytes, sum: sumBytes(bytes, 0, textsAt) };
}

function sumLengths(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** Writes where each part begins and the last one ends to `index`, and the parts themselves to `at`. */
function writeParts(bytes: Uint8Array, parts: readonly Uint8Array[], index: number, at: number): void {
  const view = new DataView(bytes.buffer);
  let length = 0;
  parts.forEach((part, place) => {
    view.setUint32(index + 4 * place, length, true);
    bytes.set(part, at + length);
    length += part.length;
  });
  view.setUint32(index + 4 * parts.length, length, true);
}
