// The compiled file: eight bytes of magic, the length of a JSON header, the header, columns of little-endian 32-bit
// integers, and the packed texts of all units one after the other in UTF-8. Columns, with U units, N names and P postings:
//   kind U, inclusion U, prescription U, end of text U, end of postings N, postings P.

import { ThothError } from "@thoth/pep";

/** `THOTHPR` and the version of this layout. */
const MAGIC = [0x54, 0x48, 0x4f, 0x54, 0x48, 0x50, 0x52, 1];
const HEADER_START = MAGIC.length + 4;

export interface LayoutContent {
  /** Per unit. */
  readonly kinds: readonly number[];
  readonly inclusionOf: readonly number[];
  readonly prescriptionOf: readonly number[];
  /** Packed. */
  readonly texts: readonly string[];
  readonly skeletons: readonly string[];
  /** JSON texts. */
  readonly strings: readonly string[];
  readonly inclusions: readonly string[];
  readonly prescriptions: readonly string[];
  /** Sorted; the empty one is that of units which concern every package. */
  readonly names: readonly string[];
  /** Numbers of units per name, ascending. */
  readonly postings: readonly (readonly number[])[];
  readonly named: readonly (readonly [reference: string, numbers: readonly number[]])[];
}

interface Header {
  readonly units: number;
  readonly postings: number;
  readonly names: readonly string[];
  readonly inclusions: readonly unknown[];
  readonly prescriptions: readonly unknown[];
  readonly named: readonly (readonly [string, readonly number[]])[];
  readonly skeletons: readonly string[];
  readonly strings: readonly string[];
}

export interface Layout {
  readonly header: Header;
  readonly kinds: Uint32Array;
  readonly inclusionOf: Uint32Array;
  readonly prescriptionOf: Uint32Array;
  readonly textEnds: Uint32Array;
  readonly postingEnds: Uint32Array;
  readonly postings: Uint32Array;
  /** The texts of the units. */
  readonly texts: Uint8Array;
}

export function writeLayout(content: LayoutContent): Uint8Array {
  const encoder = new TextEncoder();
  const texts = content.texts.map((text) => encoder.encode(text));
  const postings = content.postings.flat();
  const header = encoder.encode(headerText(content, postings.length));
  const columns = [
    content.kinds,
    content.inclusionOf,
    content.prescriptionOf,
    ends(texts.map((text) => text.length)),
    ends(content.postings.map((list) => list.length)),
    postings,
  ];
  const integers = columns.reduce((sum, column) => sum + column.length, 0);
  const textLength = texts.reduce((sum, text) => sum + text.length, 0);
  const bytes = new Uint8Array(HEADER_START + header.length + 4 * integers + textLength);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint32(MAGIC.length, header.length, true);
  bytes.set(header, HEADER_START);
  let at = HEADER_START + header.length;
  for (const column of columns) {
    for (const number of column) {
      view.setUint32(at, number, true);
      at += 4;
    }
  }
  for (const text of texts) {
    bytes.set(text, at);
    at += text.length;
  }
  return bytes;
}

function headerText(content: LayoutContent, postings: number): string {
  const parts = [
    `"units":${content.texts.length}`,
    `"postings":${postings}`,
    `"names":${JSON.stringify(content.names)}`,
    `"inclusions":[${content.inclusions.join(",")}]`,
    `"prescriptions":[${content.prescriptions.join(",")}]`,
    `"named":${JSON.stringify(content.named)}`,
    `"skeletons":${JSON.stringify(content.skeletons)}`,
    `"strings":[${content.strings.join(",")}]`,
  ];
  return `{${parts.join(",")}}`;
}

/** Throws `file-failed` where `bytes` are not what `writeLayout` makes. */
export function readLayout(bytes: Uint8Array): Layout {
  if (bytes.length < HEADER_START || MAGIC.some((byte, place) => bytes[place] !== byte)) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerEnd = HEADER_START + view.getUint32(MAGIC.length, true);
  if (headerEnd > bytes.length) throw damaged();
  const header = readHeader(bytes.subarray(HEADER_START, headerEnd));
  let at = headerEnd;
  const column = (length: number): Uint32Array => {
    if (!(length >= 0) || at + 4 * length > bytes.length) throw damaged();
    const start = at;
    at += 4 * length;
    return readColumn(new Uint8Array(bytes.subarray(start, at)));
  };
  const layout = {
    header,
    kinds: column(header.units),
    inclusionOf: column(header.units),
    prescriptionOf: column(header.units),
    textEnds: column(header.units),
    postingEnds: column(header.names.length),
    postings: column(header.postings),
    texts: bytes.subarray(at),
  };
  if (layout.texts.length !== (layout.textEnds.at(-1) ?? 0)) throw damaged();
  return layout;
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** `bytes` have a buffer of their own. */
function readColumn(bytes: Uint8Array): Uint32Array {
  const integers = new Uint32Array(bytes.buffer);
  if (IS_LITTLE_ENDIAN) return integers;
  const view = new DataView(bytes.buffer);
  return integers.map((_, place) => view.getUint32(4 * place, true));
}

function readHeader(bytes: Uint8Array): Header {
  let header: Partial<Header> | null;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Header> | null;
  } catch (cause) {
    if (cause instanceof SyntaxError) throw damaged(cause);
    throw cause;
  }
  if (header === null || !LISTS.every((list) => Array.isArray(header[list]))) throw damaged();
  return header as Header;
}

const LISTS = ["names", "inclusions", "prescriptions", "named", "skeletons", "strings"] as const;

function ends(lengths: readonly number[]): number[] {
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return end;
  });
}

function damaged(cause?: unknown): ThothError {
  return new ThothError("file-failed", "The compiled prescriptions are damaged or of another version", {
    hint: "Compile the prescriptions again.",
    cause,
  });
}
