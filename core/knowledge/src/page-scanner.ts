// Pages in the form in which indexes write them, read from their bytes by WebAssembly (assembly/, made to page-code.ts):
// a fifth of the time, and of the memory, of parsing them into objects first. Whatever is unusual on a page leaves the
// whole of it to the parsers of @thoth/pep, so that there is one judgement about what is odd.

import { type PageContext, type ProjectPage, parseProjectPage, resolveFileUrl } from "@thoth/pep";
import { type Blocks, encodeRare, type Rare } from "./blocks.ts";
import { PAGE_CODE } from "./page-code.ts";
import type { PageColumns } from "./page-columns.ts";
import { BLOCK_MAGIC, FILES_PER_BLOCK } from "./record-layout.ts";

export interface ScannedPage {
  /** The page with an empty list of files. */
  readonly surroundings: ProjectPage;
  readonly columns: PageColumns;
}

/** The functions of assembly/page.ts. */
interface PageMachine {
  readonly memory: { readonly buffer: ArrayBuffer };
  begin(length: number): number;
  scan(): number;
  answerAt(): number;
  writeBlock(magic: number, first: number, count: number, rareLength: number): number;
  blocksEndAt(): number;
}

/** Positions in the answer of `scan`, and of columns. */
const ANSWER = {
  files: 0,
  listStart: 1,
  listEnd: 2,
  capacity: 3,
  columns: 4,
  order: 5,
  texts: 6,
  textsLength: 7,
  beginnings: 8,
  endings: 9,
  pythons: 10,
  rare: 11,
} as const;
const COLUMN = { uploadTime: 6, python: 7, beginning: 8, ending: 9, yanked: 10, provenance: 11 } as const;

/** Longer pages are not worth the memory, which is kept for the next one. */
const LONGEST_PAGE = 64 * 1024 * 1024;
const MOST_KEPT = 32 * 1024 * 1024;

const utf8 = new TextDecoder();
let machine: PageMachine | undefined;
/** Where WebAssembly is switched off, all pages go the long way. */
let isUnavailable = false;

/** Undefined for a page that is not in the usual form. Its columns hold until the next call. */
export function scanPage(body: Uint8Array, context: PageContext): ScannedPage | undefined {
  if (isUnavailable || body.length > LONGEST_PAGE || body.length === 0) return undefined;
  try {
    machine ??= startMachine();
  } catch {
    isUnavailable = true;
    return undefined;
  }
  const running = machine;
  try {
    const start = running.begin(body.length);
    new Uint8Array(running.memory.buffer, start, body.length).set(body);
    return running.scan() === 0 ? undefined : readAnswer(running, start, body, context);
  } catch {
    // Out of memory, or not the page of the project, or no JSON: the parser finds the words.
    return undefined;
  } finally {
    if (running.memory.buffer.byteLength > MOST_KEPT) machine = undefined;
  }
}

/** As far as it is needed: Node's own declarations have the types without the values. */
interface WebAssemblyApi {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

function startMachine(): PageMachine {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const signs = atob(PAGE_CODE);
  const code = new Uint8Array(signs.length);
  for (let at = 0; at < code.length; at++) code[at] = signs.charCodeAt(at);
  return new Instance(new Module(code)).exports as PageMachine;
}

function readAnswer(
  running: PageMachine,
  start: number,
  body: Uint8Array,
  context: PageContext,
): ScannedPage {
  const { buffer } = running.memory;
  const answer = new Uint32Array(buffer, running.answerAt(), Object.keys(ANSWER).length);
  const files = answer[ANSWER.files]!;
  const column = (which: number) =>
    new Uint32Array(buffer, answer[ANSWER.columns]! + which * answer[ANSWER.capacity]! * 4, files);
  const texts = utf8
    .decode(new Uint8Array(buffer, answer[ANSWER.texts]!, answer[ANSWER.textsLength]!))
    .split("\n");
  const endingsStart = answer[ANSWER.beginnings]!;
  const pythonsStart = endingsStart + answer[ANSWER.endings]!;
  const before = utf8.decode(body.subarray(0, answer[ANSWER.listStart]! - start));
  const behind = utf8.decode(body.subarray(answer[ANSWER.listEnd]! - start));
  const yanked = column(COLUMN.yanked);
  const rare =
    answer[ANSWER.rare] === 0
      ? undefined
      : readRare(new Uint8Array(buffer), yanked, column(COLUMN.provenance), context);
  return {
    surroundings: parseProjectPage(`${before}[]${behind}`, context),
    columns: {
      files,
      beginning: column(COLUMN.beginning),
      beginnings: texts.slice(0, endingsStart),
      ending: column(COLUMN.ending),
      endings: texts.slice(endingsStart, pythonsStart),
      python: column(COLUMN.python),
      pythons: texts.slice(pythonsStart, pythonsStart + answer[ANSWER.pythons]!),
      uploadTime: column(COLUMN.uploadTime),
      yanked,
      encodeBlocks: (order, python) => {
        const numbers = column(COLUMN.python);
        for (let index = 0; index < order.length; index++) numbers[order[index]!] = python[index]!;
        new Uint32Array(buffer, answer[ANSWER.order]!, order.length).set(order);
        return writeBlocks(running, answer[ANSWER.texts]!, order, rare);
      },
    },
  };
}

/** By file. */
function readRare(
  bytes: Uint8Array,
  yanked: Uint32Array,
  provenance: Uint32Array,
  context: PageContext,
): ReadonlyMap<number, Rare> {
  const found = new Map<number, Rare>();
  for (let file = 0; file < yanked.length; file++) {
    const reason = yanked[file]! > 1 ? textAt(bytes, yanked[file]!) : undefined;
    const url =
      provenance[file] === 0 ? undefined : resolveFileUrl(textAt(bytes, provenance[file]!), context);
    if (reason !== undefined || url !== undefined)
      found.set(file, { yankReason: reason, hashes: undefined, provenance: url });
  }
  return found;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];

/** The JSON text whose opening quote stands at `start`. Throws SyntaxError. */
function textAt(bytes: Uint8Array, start: number): string {
  let end = start + 1;
  while (bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1;
  return JSON.parse(utf8.decode(bytes.subarray(start, end + 1))) as string;
}

function writeBlocks(
  running: PageMachine,
  start: number,
  order: Uint32Array,
  rare: ReadonlyMap<number, Rare> | undefined,
): Blocks {
  const ends = new Uint32Array(Math.ceil(order.length / FILES_PER_BLOCK));
  for (let block = 0; block < ends.length; block++) {
    const first = block * FILES_PER_BLOCK;
    const count = Math.min(FILES_PER_BLOCK, order.length - first);
    const particulars = rare === undefined ? NOTHING : encodeRare(rareOf(rare, order, first, count));
    const at = running.writeBlock(BLOCK_MAGIC, first, count, particulars.length);
    // Memory may have grown, and views of what it was are void.
    if (particulars.length > 0) new Uint8Array(running.memory.buffer, at).set(particulars);
    ends[block] = running.blocksEndAt() - start;
  }
  return { bytes: new Uint8Array(running.memory.buffer, start, running.blocksEndAt() - start), ends };
}

function rareOf(
  rare: ReadonlyMap<number, Rare>,
  order: Uint32Array,
  first: number,
  count: number,
): (Rare | undefined)[] {
  const found: (Rare | undefined)[] = [];
  for (let index = first; index < first + count; index++) found.push(rare.get(order[index]!));
  return found;
}

const NOTHING = new Uint8Array(0);
