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

// Classes of bytes.
export const TEXT: u32 = 1;
export const FILENAME: u32 = 2;
export const HOST: u32 = 4;
export const PATH: u32 = 8;
export const HEX: u32 = 16;

const classes: usize = memory.data(256);
export const hexValues: usize = memory.data(256);

export function is(byte: u32, kind: u32): bool {
  return (load<u8>(classes + byte) & kind) !== 0;
}

function classify(from: u32, to: u32, kinds: u32): void {
  for (let byte = from; byte <= to; byte++) store<u8>(classes + byte, <u8>(load<u8>(classes + byte) | kinds));
}

export function classifyAll(): void {
  classify(0x20, 0x7e, TEXT);
  store<u8>(classes + QUOTE, 0);
  store<u8>(classes + 0x5c, 0);
  classify(0x30, 0x39, FILENAME | HOST | PATH | HEX);
  classify(0x61, 0x7a, FILENAME | HOST | PATH);
  classify(0x61, 0x66, HEX);
  classify(0x41, 0x5a, FILENAME | PATH);
  // _ ! + - .
  classify(0x5f, 0x5f, FILENAME | PATH);
  classify(0x21, 0x21, FILENAME | PATH);
  classify(0x2b, 0x2b, FILENAME | PATH);
  classify(HYPHEN, HYPHEN, FILENAME | HOST | PATH);
  classify(DOT, DOT, FILENAME | HOST | PATH);
  // ~ % @ , =
  classify(0x7e, 0x7e, PATH);
  classify(0x25, 0x25, PATH);
  classify(0x40, 0x40, PATH);
  classify(COMMA, COMMA, PATH);
  classify(0x3d, 0x3d, PATH);
  for (let digit: u32 = 0; digit < 10; digit++) store<u8>(hexValues + 0x30 + digit, <u8>digit);
  for (let digit: u32 = 10; digit < 16; digit++) store<u8>(hexValues + 0x57 + digit, <u8>digit);
}

export function same(one: usize, other: usize, length: u32): bool {
  return memory.compare(one, other, length) === 0;
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
  let byte = <u32>load<u8>(at);
  while (is(byte, TEXT)) byte = load<u8>(++at);
  return byte === QUOTE ? at : 0;
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
