// The values of an entry, read into columns (see bytes.ts for what functions return).

import {
  anyText,
  behind,
  CLOSE,
  COLON,
  DOT,
  FILENAME,
  HEX,
  HOST,
  HYPHEN,
  hasOddSlash,
  isFalse,
  isNull,
  isTrue,
  OPEN,
  PATH,
  plainText,
  QUOTE,
  SLASH,
  space,
} from "./bytes.ts";
import {
  column,
  NAME,
  NAME_END,
  NONE,
  PROVENANCE,
  PYTHON,
  SHA256,
  sizeOf,
  TIME,
  URL,
  URL_END,
  YANKED,
} from "./memory.ts";
import { numberOf, pythons } from "./texts.ts";

const LONGEST_FILENAME: u32 = 200;
const LONGEST_URL: u32 = 2048;

export function readFilename(at: usize, file: u32): usize {
  if (load<u8>(at) !== QUOTE) return 0;
  const start = at + 1;
  // Signs begin no usual name.
  if (load<u8>(start) <= DOT) return 0;
  const end = behind(start, FILENAME);
  if (load<u8>(end) !== QUOTE || <u32>(end - start) > LONGEST_FILENAME) return 0;
  store<u32>(column(NAME, file), <u32>start);
  store<u32>(column(NAME_END, file), <u32>end);
  return end + 1;
}

/** One that is absolute and as it should be: nothing is left to resolve. */
export function readUrl(at: usize, file: u32): usize {
  const start = at + 1;
  // "https://
  if (load<u64>(start) !== 0x2f2f3a7370747468 || load<u8>(at) !== QUOTE) return 0;
  const host = start + 8;
  const path = behind(host, HOST);
  const end = behind(path, PATH);
  if (path === host || load<u8>(end) !== QUOTE || <u32>(end - start) > LONGEST_URL) return 0;
  // A host may stand alone.
  if (end !== path && (load<u8>(path) !== SLASH || hasOddSlash(path, end))) return 0;
  store<u32>(column(URL, file), <u32>start);
  store<u32>(column(URL_END, file), <u32>end);
  return end + 1;
}

/** Of `{"sha256": "…"}`, as far as the quote behind the digest: the place of the digest. */
export function digestIn(at: usize): usize {
  if (load<u8>(at) !== OPEN) return 0;
  at = space(at + 1);
  // "sha256"
  if (load<u64>(at) !== 0x2236353261687322) return 0;
  at = space(at + 8);
  if (load<u8>(at) !== COLON) return 0;
  at = space(at + 1);
  if (load<u8>(at) !== QUOTE) return 0;
  const digest = at + 1;
  const end = behind(digest, HEX);
  return end - digest === 64 && load<u8>(end) === QUOTE ? digest : 0;
}

export function behindDigest(digest: usize): usize {
  const at = space(digest + 65);
  return load<u8>(at) === CLOSE ? at + 1 : 0;
}

export function readHashes(at: usize, file: u32): usize {
  const digest = digestIn(at);
  if (digest === 0) return 0;
  store<u32>(column(SHA256, file), <u32>digest);
  return behindDigest(digest);
}

/** What `core-metadata` and its older name said, as in the column; NONE where they were absent or `null`. */
export class Metadata {
  static core: u32 = NONE;
  static older: u32 = NONE;
}

export function readMetadata(at: usize, older: bool): usize {
  if (isNull(at)) return at + 4;
  let found: u32 = 0;
  let end: usize = 0;
  if (load<u8>(at) === OPEN) {
    const digest = digestIn(at);
    if (digest === 0) return 0;
    found = <u32>digest;
    end = behindDigest(digest);
  } else if (isTrue(at)) {
    found = 1;
    end = at + 4;
  } else if (isFalse(at)) end = at + 5;
  if (older) Metadata.older = found;
  else Metadata.core = found;
  return end;
}

export function readPython(at: usize, file: u32): usize {
  if (isNull(at)) return at + 4;
  if (load<u8>(at) !== QUOTE) return 0;
  const start = at + 1;
  const end = plainText(start);
  if (end === 0) return 0;
  if (end > start) {
    const number = numberOf(pythons, start, <u32>(end - start));
    if (number === NONE) return 0;
    store<u32>(column(PYTHON, file), number);
  }
  return end + 1;
}

export function readYanked(at: usize, file: u32): usize {
  if (isFalse(at)) return at + 5;
  if (isNull(at)) return at + 4;
  if (isTrue(at)) {
    store<u32>(column(YANKED, file), 1);
    return at + 4;
  }
  if (load<u8>(at) !== QUOTE) return 0;
  // An empty reason is none, and not yanked.
  if (load<u8>(at + 1) !== QUOTE) store<u32>(column(YANKED, file), <u32>at);
  return anyText(at);
}

export function readProvenance(at: usize, file: u32): usize {
  if (isNull(at)) return at + 4;
  if (load<u8>(at) !== QUOTE) return 0;
  store<u32>(column(PROVENANCE, file), <u32>at);
  const end = plainText(at + 1);
  return end === 0 ? 0 : end + 1;
}

/** Plain digits, as many as a float holds exactly. */
export function readSize(at: usize, file: u32): usize {
  if (isNull(at)) return at + 4;
  const start = at;
  let value: u64 = 0;
  let digit = <u32>load<u8>(at) - 0x30;
  if (digit > 9) return 0;
  while (digit <= 9) {
    value = value * 10 + digit;
    digit = <u32>load<u8>(++at) - 0x30;
  }
  const length = at - start;
  if (length > 15 || (length > 1 && load<u8>(start) === 0x30)) return 0;
  const next = <u32>load<u8>(at);
  // No fraction and no exponent.
  if (next === DOT || next === 0x65 || next === 0x45) return 0;
  store<f64>(sizeOf(file), <f64>value);
  return at;
}

/** Two digits, or a number that no part of a time has. */
function two(at: usize): u32 {
  const tens = <u32>load<u8>(at) - 0x30;
  const ones = <u32>load<u8>(at + 1) - 0x30;
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

export function readTime(at: usize, file: u32): usize {
  if (isNull(at)) return at + 4;
  if (load<u8>(at) !== QUOTE) return 0;
  const start = at + 1;
  // 2024-01-31T23:59:59.123456Z
  const year = two(start) * 100 + two(start + 2);
  const month = two(start + 5);
  const day = two(start + 8);
  const hour = two(start + 11);
  const minute = two(start + 14);
  const second = two(start + 17);
  if (year < 1971 || year > 2100 || month - 1 > 11 || day - 1 > 30) return 0;
  if (hour > 23 || minute > 59 || second > 59) return 0;
  if (load<u8>(start + 4) !== HYPHEN || load<u8>(start + 7) !== HYPHEN || load<u8>(start + 10) !== 0x54)
    return 0;
  if (load<u8>(start + 13) !== COLON || load<u8>(start + 16) !== COLON) return 0;
  if (day > 28 && day > daysOf(year, month)) return 0;
  at = start + 19;
  if (load<u8>(at) === DOT) {
    const fraction = ++at;
    while (<u32>load<u8>(at) - 0x30 <= 9) at++;
    if (at === fraction || at - fraction > 12) return 0;
  }
  if (load<u8>(at) !== 0x5a || load<u8>(at + 1) !== QUOTE) return 0;
  store<u32>(
    column(TIME, file),
    daysSince1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second,
  );
  return at + 2;
}

function daysOf(year: u32, month: u32): u32 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** By the proleptic Gregorian calendar, with March as the first month of a year. */
function daysSince1970(year: u32, month: u32, day: u32): u32 {
  if (month < 3) year--;
  const dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719468;
}
