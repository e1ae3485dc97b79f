// Reads JSON as positions in bytes instead of values, so that a notebook of hundreds of megabytes costs no more
// than its own bytes and an edit can leave every other byte alone. https://www.rfc-editor.org/rfc/rfc8259
// Two things beyond the RFC are let through, because Python writes them: NaN and the infinities.

import { ThothError } from "@thoth/pep";

/** Half-open range of byte offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Member {
  readonly key: string;
  /** From the opening quote of the key to the end of the value. */
  readonly start: number;
  readonly value: Span;
}

export interface JsonLimits {
  /** Deepest nesting of arrays and objects that is accepted. */
  readonly maxDepth: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const ESCAPABLE = new Set([...'"\\/bfnrtu'].map((character) => character.charCodeAt(0)));
const WORDS = ["true", "false", "null", "NaN", "Infinity", "-Infinity"].map((word) =>
  Uint8Array.from(word, (character) => character.charCodeAt(0)),
);

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function notJson(what: string, at: number): ThothError {
  return new ThothError("invalid-notebook", `The notebook is not JSON: ${what} at byte ${at}.`, {
    details: { reason: "not-json", at },
  });
}

/** The text of a span. Bytes that are no UTF-8 are refused. */
export function textOf(bytes: Uint8Array, span: Span): string {
  try {
    return decoder.decode(bytes.subarray(span.start, span.end));
  } catch (cause) {
    throw new ThothError("invalid-notebook", `The notebook is not UTF-8 text near byte ${span.start}.`, {
      details: { reason: "not-utf-8", at: span.start },
      cause,
    });
  }
}

/** The value of a span that `skipValue` has accepted. NaN and the infinities, of which JSON has none, read as null. */
export function parseSpan(bytes: Uint8Array, span: Span): unknown {
  const text = textOf(bytes, span);
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(finite(text));
  }
}

function finite(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (token) => (token[0] === '"' ? token : "null"));
}

export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) at++;
    else return at;
  }
}

/** The offset behind the string that begins at `from`. */
export function skipString(bytes: Uint8Array, from: number): number {
  if (bytes[from] !== QUOTE) throw notJson("a string is missing", from);
  let at = from + 1;
  for (;;) {
    const byte = bytes[at];
    if (byte === undefined) throw notJson("a string without end", from);
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) throw notJson("a control character in a string", at);
    if (byte === BACKSLASH) at = skipEscape(bytes, at);
    else at++;
  }
}

function skipEscape(bytes: Uint8Array, from: number): number {
  const kind = bytes[from + 1];
  if (kind === undefined || !ESCAPABLE.has(kind)) throw notJson("an unknown escape", from);
  if (kind !== 0x75) return from + 2;
  for (let digit = from + 2; digit < from + 6; digit++) {
    const byte = bytes[digit];
    if (byte === undefined || !isHexadecimal(byte)) throw notJson("an unfinished \\u escape", from);
  }
  return from + 6;
}

function isHexadecimal(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at])) at++;
  if (at === from) throw notJson("a digit is missing", from);
  return at;
}

function skipNumber(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === 0x2d ? from + 1 : from;
  at = bytes[at] === 0x30 ? at + 1 : skipDigits(bytes, at);
  if (bytes[at] === 0x2e) at = skipDigits(bytes, at + 1);
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at++;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++;
    at = skipDigits(bytes, at);
  }
  return at;
}

function skipScalar(bytes: Uint8Array, from: number): number {
  if (bytes[from] === QUOTE) return skipString(bytes, from);
  for (const word of WORDS) {
    if (word.every((byte, index) => bytes[from + index] === byte)) return from + word.length;
  }
  if (bytes[from] === 0x2d || isDigit(bytes[from])) return skipNumber(bytes, from);
  throw notJson(from >= bytes.length ? "the text ends too early" : "something that is no value", from);
}

/** The offset behind the value that begins at `from`; its grammar is checked, nothing is built. */
export function skipValue(bytes: Uint8Array, from: number, limits: JsonLimits): number {
  const open: number[] = [];
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (open.length >= limits.maxDepth) throw tooDeep(limits.maxDepth);
      const close = byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
      const inside = skipSpace(bytes, at + 1);
      if (bytes[inside] !== close) {
        open.push(close);
        at = close === CLOSE_OBJECT ? skipKey(bytes, inside) : inside;
        continue;
      }
      at = inside + 1;
    } else at = skipScalar(bytes, at);
    const next = afterValue(bytes, at, open);
    if (next.done) return next.at;
    at = next.at;
  }
}

/** Behind a value: closes what ends here, and stands at the next value or is done. */
function afterValue(bytes: Uint8Array, from: number, open: number[]): { done: boolean; at: number } {
  let at = from;
  while (open.length > 0) {
    const close = open[open.length - 1];
    const mark = skipSpace(bytes, at);
    if (bytes[mark] === COMMA) {
      const next = skipSpace(bytes, mark + 1);
      return { done: false, at: close === CLOSE_OBJECT ? skipKey(bytes, next) : next };
    }
    if (bytes[mark] !== close) throw notJson("a comma or a closing bracket is missing", mark);
    open.pop();
    at = mark + 1;
  }
  return { done: true, at };
}

/** From the key of a member to the beginning of its value. */
function skipKey(bytes: Uint8Array, from: number): number {
  const colon = skipSpace(bytes, skipString(bytes, from));
  if (bytes[colon] !== COLON) throw notJson("a colon is missing", colon);
  return skipSpace(bytes, colon + 1);
}

function tooDeep(maxDepth: number): ThothError {
  return new ThothError("limit-exceeded", `The notebook nests deeper than ${maxDepth} levels.`, {
    details: { limit: "depth", maximum: maxDepth },
  });
}

export function isObject(bytes: Uint8Array, span: Span): boolean {
  return bytes[span.start] === OPEN_OBJECT;
}

export function isArray(bytes: Uint8Array, span: Span): boolean {
  return bytes[span.start] === OPEN_ARRAY;
}

export function isString(bytes: Uint8Array, span: Span): boolean {
  return bytes[span.start] === QUOTE;
}

/** Members of the object that begins at `start`, in the order of the text, duplicates included. */
export function membersOf(
  bytes: Uint8Array,
  start: number,
  limits: JsonLimits,
): { members: Member[]; end: number } {
  const members: Member[] = [];
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE_OBJECT) return { members, end: at + 1 };
  for (;;) {
    const keyEnd = skipString(bytes, at);
    const valueStart = skipKey(bytes, at);
    const valueEnd = skipValue(bytes, valueStart, limits);
    const key = parseSpan(bytes, { start: at, end: keyEnd }) as string;
    members.push({ key, start: at, value: { start: valueStart, end: valueEnd } });
    at = skipSpace(bytes, valueEnd);
    if (bytes[at] === CLOSE_OBJECT) return { members, end: at + 1 };
    if (bytes[at] !== COMMA) throw notJson("a comma or a closing bracket is missing", at);
    at = skipSpace(bytes, at + 1);
  }
}

/** Spans of the elements of the array at `span`, which `skipValue` has accepted. */
export function elementsOf(bytes: Uint8Array, span: Span, limits: JsonLimits): Span[] {
  const elements: Span[] = [];
  let at = skipSpace(bytes, span.start + 1);
  while (at < span.end && bytes[at] !== CLOSE_ARRAY) {
    const end = skipValue(bytes, at, limits);
    elements.push({ start: at, end });
    at = skipSpace(bytes, end);
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1);
  }
  return elements;
}

/** The last member of that name: where a key stands twice, readers take the last. */
export function lastMember(members: readonly Member[], key: string): Member | undefined {
  return members.findLast((member) => member.key === key);
}
