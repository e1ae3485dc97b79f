// Bytes, and JSON as far as its form is known. Functions that read a part of the page take the place where it begins
// and return the place behind it, or 0 where the page is of another form. The page ends with a zero byte, which no
// function passes.

export const QUOTE: u32 = 0x22;
export const COMMA: u32 = 0x2c;
export const HYPHEN: u32 = 0x2d;
export const DOT: u32 = 0x2e;
export const SLASH: u32 = 0x2f;
export const COLON: u32 = 0x3a;
export const OPEN_LIST: u32 = 0x5b;
export const CLOSE_LIST: u32 = 0x5d;
export const OPEN: u32 = 0x7b;
export const CLOSE: u32 = 0x7d;

// Sets of bytes below 128, as 16 bytes: bit h of byte l tells whether the byte of the halves h and l is in the set.
export const TEXT: usize = memory.data(16, 16);
export const FILENAME: usize = memory.data(16, 16);
export const HOST: usize = memory.data(16, 16);
/** With the slashes. */
export const PATH: usize = memory.data(16, 16);
export const HEX: usize = memory.data(16, 16);

/** Bit h for the half h, and nothing for those of bytes from 128 on. */
const HALVES = v128(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);

/** The first place from `at` on whose byte is not in the set. */
export function behind(at: usize, set: usize): usize {
  const low = v128.load(set);
  while (true) {
    const bytes = v128.load(at);
    const row = i8x16.swizzle(low, v128.and(bytes, i8x16.splat(15)));
    const bit = i8x16.swizzle(HALVES, i8x16.shr_u(bytes, 4));
    const others = i8x16.bitmask(i8x16.eq(v128.and(row, bit), i8x16.splat(0)));
    if (others !== 0) return at + ctz(others);
    at += 16;
  }
}

function admit(set: usize, from: u32, to: u32): void {
  for (let byte = from; byte <= to; byte++) {
    const row = set + (byte & 15);
    store<u8>(row, <u8>(<u32>load<u8>(row) | (1 << (byte >> 4))));
  }
}

function admitLetters(set: usize): void {
  admit(set, 0x30, 0x39);
  admit(set, 0x61, 0x7a);
  if (set !== HOST) admit(set, 0x41, 0x5a);
  admit(set, HYPHEN, DOT);
}

export function makeSets(): void {
  // All but quotes and backslashes.
  admit(TEXT, 0x20, 0x21);
  admit(TEXT, 0x23, 0x5b);
  admit(TEXT, 0x5d, 0x7e);
  admitLetters(HOST);
  admitLetters(FILENAME);
  admitLetters(PATH);
  // _ ! +
  for (let set = FILENAME; ; set = PATH) {
    admit(set, 0x5f, 0x5f);
    admit(set, 0x21, 0x21);
    admit(set, 0x2b, 0x2b);
    if (set === PATH) break;
  }
  // / ~ % @ , =
  admit(PATH, SLASH, SLASH);
  admit(PATH, 0x7e, 0x7e);
  admit(PATH, 0x25, 0x25);
  admit(PATH, 0x40, 0x40);
  admit(PATH, COMMA, COMMA);
  admit(PATH, 0x3d, 0x3d);
  admit(HEX, 0x30, 0x39);
  admit(HEX, 0x61, 0x66);
}

/** Whether some slash before `end` has nothing, a dot or another slash behind it. */
export function hasOddSlash(at: usize, end: usize): bool {
  for (; at < end; at += 16) {
    const next = v128.load(at + 1);
    const odd = v128.or(
      v128.or(i8x16.eq(next, i8x16.splat(<u8>SLASH)), i8x16.eq(next, i8x16.splat(<u8>DOT))),
      i8x16.eq(next, i8x16.splat(<u8>QUOTE)),
    );
    let found = i8x16.bitmask(v128.and(i8x16.eq(v128.load(at), i8x16.splat(<u8>SLASH)), odd));
    if (end - at < 16) found &= (1 << (<i32>(end - at))) - 1;
    if (found !== 0) return true;
  }
  return false;
}

/** 32 bytes of 64 lower-case hexadecimal digits. */
export function unhex(target: usize, hex: usize): void {
  for (let half: u32 = 0; half < 2; half++) {
    const one = pairs(hex + half * 32);
    const other = pairs(hex + half * 32 + 16);
    v128.store(target + half * 16, i8x16.narrow_i16x8_u(one, other));
  }
}

/** Eight numbers of two digits each. */
function pairs(hex: usize): v128 {
  const digits = v128.load(hex);
  // A letter has 0x40, and is nine more than its lower half.
  const nines = v128.and(i8x16.ne(v128.and(digits, i8x16.splat(0x40)), i8x16.splat(0)), i8x16.splat(9));
  const values = i8x16.add(v128.and(digits, i8x16.splat(15)), nines);
  return v128.and(v128.or(i16x8.shl(values, 4), i16x8.shr_u(values, 8)), i16x8.splat(255));
}

export function same(one: usize, other: usize, length: u32): bool {
  const end = one + length;
  for (; one + 8 <= end; one += 8, other += 8) if (load<u64>(one) !== load<u64>(other)) return false;
  for (; one < end; one++, other++) if (load<u8>(one) !== load<u8>(other)) return false;
  return true;
}

/** How many bytes from both places on are the same; may be more than `most`, or fewer only where they differ. */
export function sameBytes(one: usize, other: usize, most: u32): u32 {
  let count: u32 = 0;
  while (count < most) {
    const difference = load<u64>(one + count) ^ load<u64>(other + count);
    if (difference !== 0) return count + (<u32>ctz(difference) >> 3);
    count += 8;
  }
  return count;
}

export function space(at: usize): usize {
  while (true) {
    const byte = <u32>load<u8>(at);
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) return at;
    at++;
  }
}

/** The closing quote of a text without escapes and of ASCII only; `at` is behind the opening one. */
export function plainText(at: usize): usize {
  const end = behind(at, TEXT);
  return load<u8>(end) === QUOTE ? end : 0;
}

/** Behind any text; the caller has the whole parsed where it matters what is in it. */
export function anyText(at: usize): usize {
  at++;
  while (true) {
    const byte = <u32>load<u8>(at);
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return 0;
    if (byte === 0x5c) {
      at++;
      if (<u32>load<u8>(at) < 0x20) return 0;
    }
    at++;
  }
}

/** Behind a value of a page's own, which the caller has parsed with the rest. */
export function anyValue(at: usize): usize {
  let depth = 0;
  while (true) {
    const byte = <u32>load<u8>(at);
    if (byte === 0) return 0;
    if (byte === QUOTE) {
      at = anyText(at);
      if (at === 0) return 0;
      if (depth === 0) return at;
      continue;
    }
    if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (byte === COMMA && depth === 0) return at;
    at++;
  }
}

export function isNull(at: usize): bool {
  return load<u32>(at) === 0x6c6c756e;
}

export function isTrue(at: usize): bool {
  return load<u32>(at) === 0x65757274;
}

export function isFalse(at: usize): bool {
  return load<u32>(at) === 0x736c6166 && load<u8>(at + 4) === 0x65;
}

/** Behind a value of a key that does not matter: a plain one, or nothing that is known here. */
export function simpleValue(at: usize): usize {
  const byte = <u32>load<u8>(at);
  if (byte === QUOTE) {
    const end = plainText(at + 1);
    return end === 0 ? 0 : end + 1;
  }
  if (isNull(at) || isTrue(at)) return at + 4;
  return isFalse(at) ? at + 5 : 0;
}
