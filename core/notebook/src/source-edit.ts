// Puts text into the source of a cell without touching another byte of the notebook: offsets in the source are
// turned into offsets in the JSON text that holds it.

import { elementsOf, isString, type Span } from "./json-scan.ts";
import { MAXIMUM_DEPTH } from "./notebook.ts";

export interface Insertion {
  /** Offset in the source, in UTF-16 units. */
  readonly at: number;
  /** Printable ASCII without quotes and backslashes. */
  readonly text: string;
}

export interface InsertedBytes extends Span {
  readonly bytes: Uint8Array;
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const LETTER_U = 0x75;

/** Patches for insertions in ascending order; `span` is that of the source, a text or a list of texts. */
export function insertIntoSource(
  bytes: Uint8Array,
  span: Span,
  insertions: readonly Insertion[],
): InsertedBytes[] {
  const texts = isString(bytes, span) ? [span] : elementsOf(bytes, span, { maxDepth: MAXIMUM_DEPTH });
  const patches: InsertedBytes[] = [];
  const encoder = new TextEncoder();
  let next = 0;
  let unit = 0;
  for (const text of texts) {
    let at = text.start + 1;
    for (;;) {
      // Between two texts of a list the later one takes it: that is where its line begins.
      const ends = bytes[at] === QUOTE;
      while (insertions[next]?.at === unit && !(ends && text !== texts.at(-1))) {
        patches.push({ start: at, end: at, bytes: encoder.encode(insertions[next]!.text) });
        next++;
      }
      if (ends || at >= text.end) break;
      const step = stepOf(bytes, at);
      at += step.bytes;
      unit += step.units;
    }
  }
  return patches;
}

/** Bytes and UTF-16 units of the character or escape at an offset. */
function stepOf(bytes: Uint8Array, at: number): { bytes: number; units: number } {
  const byte = bytes[at]!;
  if (byte === BACKSLASH) return { bytes: bytes[at + 1] === LETTER_U ? 6 : 2, units: 1 };
  if (byte < 0x80) return { bytes: 1, units: 1 };
  if (byte < 0xe0) return { bytes: 2, units: 1 };
  return byte < 0xf0 ? { bytes: 3, units: 1 } : { bytes: 4, units: 2 };
}
