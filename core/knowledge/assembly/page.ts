// Reads the files of an index page in the form in which indexes write them, and writes blocks of a project record.
// AssemblyScript: tools/page-code.ts makes src/page-code.ts of it, and src/page-scanner.ts calls it.

import { beginBlocks, writeBlock } from "./blocks.ts";
import {
  anyValue,
  CLOSE,
  CLOSE_LIST,
  COLON,
  COMMA,
  makeSets,
  OPEN,
  OPEN_LIST,
  plainText,
  QUOTE,
  space,
} from "./bytes.ts";
import { readEntry } from "./entry.ts";
import { column, layOut, Memory, makeRoom, PROVENANCE, YANKED } from "./memory.ts";
import { Names } from "./names.ts";
import { clear, countOf, endings, lengthAt, pythons, textAt } from "./texts.ts";

export { writeBlock };

/** What the caller reads after a scan: words, at the positions that `ANSWER` in src/page-scanner.ts names. */
const answer: usize = memory.data(48, 8);

let files: u32 = 0;

/** Where the caller is to put a page of so many bytes. */
export function begin(length: u32): usize {
  layOut(length);
  return Memory.body;
}

/**
 * Reads the page that was put where `begin` said. False when its list of files is not in the usual form: it is
 * then for the real parser, which also gets what stands around that list.
 */
export function scan(): bool {
  files = 0;
  Names.runs = Names.beginningLength = 0;
  clear(endings);
  clear(pythons);
  beginBlocks();
  let at = space(Memory.body);
  if (load<u8>(at) !== OPEN) return false;
  at = space(at + 1);
  let listStart: usize = 0;
  let listEnd: usize = 0;
  while (true) {
    if (load<u8>(at) !== QUOTE) return false;
    const key = at + 1;
    const keyEnd = plainText(key);
    if (keyEnd === 0) return false;
    at = space(keyEnd + 1);
    if (load<u8>(at) !== COLON) return false;
    at = space(at + 1);
    // files
    if (keyEnd - key === 5 && load<u32>(key) === 0x656c6966 && load<u8>(key + 4) === 0x73) {
      if (listStart !== 0) return false;
      listStart = at;
      at = listEnd = readList(at);
    } else at = anyValue(at);
    if (at === 0) return false;
    at = space(at);
    const byte = <u32>load<u8>(at);
    if (byte === CLOSE) break;
    if (byte !== COMMA) return false;
    at = space(at + 1);
  }
  if (listStart === 0 || space(at + 1) !== Memory.bodyEnd) return false;
  gatherTexts();
  say(0, files);
  say(1, <u32>listStart);
  say(2, <u32>listEnd);
  say(3, Memory.capacity);
  say(4, <u32>Memory.columns);
  say(5, <u32>Memory.order);
  say(6, <u32>Memory.texts);
  say(7, <u32>(Memory.blocksEnd - Memory.texts));
  say(8, Names.runs);
  say(9, countOf(endings));
  say(10, countOf(pythons));
  say(11, hasRare() ? 1 : 0);
  Memory.blocksEnd = Memory.texts;
  return true;
}

function say(position: u32, value: u32): void {
  store<u32>(answer + (position << 2), value);
}

function hasRare(): bool {
  for (let file: u32 = 0; file < files; file++) {
    if (load<u32>(column(YANKED, file)) > 1 || load<u32>(column(PROVENANCE, file)) !== 0) return true;
  }
  return false;
}

export function answerAt(): usize {
  return answer;
}

function readList(at: usize): usize {
  if (load<u8>(at) !== OPEN_LIST) return 0;
  at = space(at + 1);
  if (load<u8>(at) === CLOSE_LIST) return at + 1;
  while (load<u8>(at) === OPEN) {
    at = readEntry(at, files);
    if (at === 0) return 0;
    files++;
    at = space(at);
    const byte = <u32>load<u8>(at);
    if (byte === CLOSE_LIST) return at + 1;
    if (byte !== COMMA) return 0;
    at = space(at + 1);
  }
  return 0;
}

/** What names begin with and end in, and Python bounds, each with a line feed, which none of them contains. */
function gatherTexts(): void {
  Memory.blocksEnd = Memory.texts;
  for (let run: u32 = 0; run < Names.runs; run++) {
    const at = Memory.runs + run * 8;
    addText(load<u32>(at), load<u32>(at + 4) - load<u32>(at));
  }
  gatherList(endings);
  gatherList(pythons);
}

function gatherList(table: usize): void {
  const count = countOf(table);
  for (let number: u32 = 0; number < count; number++) addText(textAt(table, number), lengthAt(table, number));
}

function addText(text: usize, length: u32): void {
  makeRoom(Memory.blocksEnd + length + 1);
  memory.copy(Memory.blocksEnd, text, length);
  Memory.blocksEnd += length;
  store<u8>(Memory.blocksEnd++, 0x0a);
}

export function blocksEndAt(): usize {
  return Memory.blocksEnd;
}

makeSets();
