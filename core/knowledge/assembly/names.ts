// File names: what they begin with, which tells the release, and what they end in.

import { HYPHEN, same } from "./bytes.ts";
import { column, ENDING, Memory, NAME, NAME_END, NONE, OTHER, RUN, SDIST } from "./memory.ts";
import { endings, numberOf } from "./texts.ts";

export class Names {
  /** How many runs there are so far. */
  static runs: u32 = 0;
  /** `name-version-` of the wheel before, and its run. */
  static beginning: usize = 0;
  static beginningLength: u32 = 0;
  static wheelRun: u32 = 0;
}

function addRun(start: usize, end: usize): u32 {
  const run = Memory.runs + Names.runs * 8;
  store<u32>(run, <u32>start);
  store<u32>(run + 4, <u32>end);
  return Names.runs++;
}

/** To which run of files a file belongs, and what its name ends in. False when there are too many endings. */
export function place(file: u32): bool {
  const name: usize = load<u32>(column(NAME, file));
  const end: usize = load<u32>(column(NAME_END, file));
  const length = <u32>(end - name);
  let run: u32 = 0;
  let ending = OTHER;
  // .whl
  if (length > 4 && load<u32>(end - 4) === 0x6c68772e) {
    if (
      Names.beginningLength === 0 ||
      length < Names.beginningLength ||
      !same(name, Names.beginning, Names.beginningLength)
    ) {
      if (!beginWheel(name, end)) return leave(file);
    }
    run = Names.wheelRun;
    const start = min(name + Names.beginningLength, end - 4);
    ending = numberOf(endings, start, <u32>(end - 4 - start));
    if (ending === NONE) return false;
  } else {
    // .tar.gz
    let suffix: u32 = 0;
    if (length > 7 && load<u32>(end - 7) === 0x7261742e && load<u32>(end - 4) === 0x7a672e72) suffix = 7;
    // .zip
    else if (length > 4 && load<u32>(end - 4) === 0x70697a2e) suffix = 4;
    if (suffix === 0) return leave(file);
    run = addRun(name, end - suffix);
    ending = SDIST;
  }
  store<u32>(column(RUN, file), run);
  store<u32>(column(ENDING, file), ending);
  return true;
}

/** Of a file that is neither wheel nor sdist. */
function leave(file: u32): bool {
  store<u32>(column(RUN, file), 0);
  store<u32>(column(ENDING, file), OTHER);
  return true;
}

/** `name-version(-build)?-python-abi-platform.whl`, PEP 427. */
function beginWheel(name: usize, end: usize): bool {
  const nameEnd = hyphen(name, end);
  if (nameEnd === 0 || nameEnd === name) return false;
  const versionEnd = hyphen(nameEnd + 1, end);
  if (versionEnd === 0) return false;
  Names.beginning = name;
  Names.beginningLength = <u32>(versionEnd + 1 - name);
  Names.wheelRun = addRun(name, versionEnd + 1);
  return true;
}

function hyphen(at: usize, end: usize): usize {
  for (; at < end; at++) if (load<u8>(at) === HYPHEN) return at;
  return 0;
}
