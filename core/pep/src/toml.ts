// TOML 1.0 (https://toml.io/en/v1.0.0). Reading is smol-toml's, but for date-times, which it holds in
// milliseconds while lock files have microseconds: they are kept as their text. Writing is ours, so that the
// same value is the same bytes for ever.

import { parse, TomlDate, TomlError } from "smol-toml";
import { ThothError } from "./error.ts";
import { depthExceeded, isTable, type Place, type Table } from "./fields.ts";

const depthLimit = 100;
const lengthLimit = 32 * 1024 * 1024;
/** Digits of one number; integers have 64 bits by the specification. */
const digitLimit = 400;

/** A date, a time or both, as its RFC 3339 text. */
export class TomlTime {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  /** In JSON a time is its text. */
  toJSON(): string {
    return this.text;
  }
}

export interface TomlOptions {
  /** The line of the file on which the text begins; 1 where not given. */
  readonly firstLine?: number;
  /** Integers as bigint, so that 3 and 3.0 differ. Else only those that no number can hold. */
  readonly bigIntegers?: boolean;
}

export function parseToml(text: string, place: Place, options: TomlOptions = {}): Table {
  if (text.length > lengthLimit) {
    throw new ThothError("limit-exceeded", `${place.document} is longer than ${lengthLimit} characters.`, {
      details: { limit: "length", allowed: lengthLimit },
    });
  }
  checkTokens(text, place, options.firstLine ?? 1);
  const mark = unusedMark(text);
  const times: string[] = [];
  const marked = markTimes(text, mark, times);
  let table: Table;
  try {
    table = parse(marked, {
      maxDepth: depthLimit,
      integersAsBigInt: options.bigIntegers === true ? true : "asNeeded",
    });
  } catch (cause) {
    throw tomlFailure(cause, place, options.firstLine ?? 1);
  }
  restoreTimes(table, { mark, times, place });
  return table;
}

/** A text that occurs nowhere in `text`: longer by one than the longest of its kind there. */
function unusedMark(text: string): string {
  let longest = -1;
  for (let at = text.indexOf("time:"); at !== -1; at = text.indexOf("time:", at + 5)) {
    let start = at;
    while (text[start - 1] === "~") start -= 1;
    longest = Math.max(longest, at - start);
  }
  return `${"~".repeat(longest + 1)}time:`;
}

const notable = /["'#.\n=[\]{},]|\d[\d_]*/g;

/** Roughly what each token outside strings costs in memory. */
const weights: ReadonlyMap<string, number> = new Map([
  ["[", 2],
  ["{", 2],
  [".", 2],
  ["=", 1],
  [",", 1],
]);
const weightLimit = 800_000;

/** Refuses what is short to write and dear to read: keys of many parts, numbers of many digits, tables without end. */
function checkTokens(text: string, place: Place, firstLine: number): void {
  notable.lastIndex = 0;
  let dots = 0;
  let weight = 0;
  for (let match = notable.exec(text); match !== null; match = notable.exec(text)) {
    const token = match[0];
    weight += weights.get(token) ?? 0;
    if (weight > weightLimit) throw tooManyValues(place);
    if (token === '"' || token === "'") notable.lastIndex = endOfString(text, match.index);
    else if (token === "#") notable.lastIndex = endOfLine(text, match.index);
    else if (token === ".") {
      dots += 1;
      if (dots >= depthLimit) throw depthExceeded(place.document, depthLimit);
    } else if (token.length === 1 && (token < "0" || token > "9")) dots = 0;
    else if (token.length > digitLimit) {
      const line = firstLine + text.slice(0, match.index).split("\n").length - 1;
      const problem = `is not valid TOML at line ${line}: a number has more than ${digitLimit} digits`;
      throw new ThothError(place.code, `${place.document} ${problem}.`, { details: { line } });
    }
  }
}

function tooManyValues(place: Place): ThothError {
  return new ThothError("limit-exceeded", `${place.document} has too many tables and values.`, {
    details: { limit: "values", allowed: weightLimit },
  });
}

function tomlFailure(cause: unknown, place: Place, firstLine: number): ThothError {
  if (!(cause instanceof TomlError)) {
    return new ThothError(place.code, `${place.document} is not valid TOML.`, { cause });
  }
  const reason = cause.message.split("\n", 1)[0]!.replace(/^Invalid TOML document: /, "");
  if (reason.includes("excessively nested")) return depthExceeded(place.document, depthLimit);
  const line = firstLine + cause.line - 1;
  return new ThothError(place.code, `${place.document} is not valid TOML at line ${line}: ${reason}.`, {
    details: { line, column: cause.column },
  });
}

const timePattern = /\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)?/y;

/** Replaces every date-time outside strings and comments by a string that names its place in `times`. */
function markTimes(text: string, mark: string, times: string[]): string {
  if (!/\d[Tt ]\d\d:/.test(text)) return text;
  const parts: string[] = [];
  let copied = 0;
  let position = 0;
  while (position < text.length) {
    const character = text[position]!;
    if (character === '"' || character === "'") position = endOfString(text, position);
    else if (character === "#") position = endOfLine(text, position);
    else if (character >= "0" && character <= "9" && /[\s=[,{]/.test(text[position - 1] ?? " ")) {
      timePattern.lastIndex = position;
      const literal = timePattern.exec(text)?.[0];
      if (literal === undefined || Number.isNaN(Date.parse(literal.replace(" ", "T")))) position += 1;
      else {
        parts.push(text.slice(copied, position), `"${mark}${times.length}"`);
        times.push(literal.replace(" ", "T").replace("t", "T").replace("z", "Z"));
        position += literal.length;
        copied = position;
      }
    } else position += 1;
  }
  parts.push(text.slice(copied));
  return parts.join("");
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end;
}

/** The position after the string that opens at `start`; a string without an end stops at its line or at the text. */
function endOfString(text: string, start: number): number {
  const mark = text[start]!;
  const long = text.startsWith(mark.repeat(3), start);
  let position = start + (long ? 3 : 1);
  while (position < text.length) {
    const character = text[position];
    if (character === "\\" && mark === '"') position += 2;
    else if (long ? text.startsWith(mark.repeat(3), position) : character === mark || character === "\n") {
      position += long ? 3 : 1;
      while (long && text[position] === mark) position += 1;
      return position;
    } else position += 1;
  }
  return text.length;
}

interface Restoration {
  readonly mark: string;
  readonly times: readonly string[];
  readonly place: Place;
}

function restoreTimes(root: Table, restoration: Restoration): void {
  const open: { readonly holder: Record<string, unknown>; readonly depth: number }[] = [];
  open.push({ holder: root as Record<string, unknown>, depth: 1 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.depth > depthLimit) throw depthExceeded(restoration.place.document, depthLimit);
    const { holder } = next;
    for (const key of Object.keys(holder)) {
      const value = holder[key];
      if (typeof value === "string") {
        if (value.startsWith(restoration.mark)) {
          const time = restoration.times[Number(value.slice(restoration.mark.length))];
          if (time !== undefined) holder[key] = new TomlTime(time);
        }
      } else if (value instanceof TomlDate) holder[key] = new TomlTime(value.toISOString());
      else if (typeof value === "object" && value !== null) {
        open.push({ holder: value as Record<string, unknown>, depth: next.depth + 1 });
      }
    }
  }
}

const bareKey = /^[A-Za-z0-9_-]+$/;

export function formatTomlKey(key: string): string {
  return bareKey.test(key) ? key : formatTomlText(key);
}

const shortEscapes: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

export function formatTomlText(text: string): string {
  // Markers and Windows paths stay readable: a literal string has no escapes.
  if (/["\\]/.test(text) && /^[\u0020-\u0026\u0028-\u007e]*$/.test(text)) return `'${text}'`;
  const escaped = text
    .toWellFormed()
    .replace(/["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
      return (
        shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0").toUpperCase()}`
      );
    });
  return `"${escaped}"`;
}

/** One line. Undefined and null entries of tables are left out. */
export function formatTomlValue(value: unknown): string {
  if (typeof value === "string") return formatTomlText(value);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") return formatNumber(value);
  if (value instanceof TomlTime) return value.text;
  if (Array.isArray(value)) return `[${value.map(formatTomlValue).join(", ")}]`;
  if (!isTable(value)) throw new Error(`no TOML for a value of type ${typeof value}`);
  const entries = presentKeys(value).map((key) => `${formatTomlKey(key)} = ${formatTomlValue(value[key])}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Number.isInteger(value))
    return Math.abs(value) < 1e21 ? BigInt(value).toString() : `${value}`.replace("e+", "e");
  return String(value);
}

/** A list with one item per line, the form in which lists of requirements are kept. */
export function formatTomlLines(items: readonly unknown[]): string {
  if (items.length === 0) return "[]";
  return `[\n${items.map((item) => `    ${formatTomlValue(item)},\n`).join("")}]`;
}

function presentKeys(table: Table): readonly string[] {
  return Object.keys(table).filter((key) => table[key] !== undefined && table[key] !== null);
}

/** Tables with headers down to `headers` levels, inline below; plain values before tables, each in given order. */
export function formatTomlTable(
  table: Table,
  options: { path?: readonly string[]; headers?: number } = {},
): string {
  const path = options.path ?? [];
  const headers = options.headers ?? Number.POSITIVE_INFINITY;
  const lines: string[] = [];
  const sections: string[] = [];
  for (const key of presentKeys(table)) {
    const value = table[key];
    if (path.length >= headers || !hasHeader(value)) {
      lines.push(`${formatTomlKey(key)} = ${formatTomlValue(value)}\n`);
      continue;
    }
    const inner = [...path, key];
    const name = inner.map(formatTomlKey).join(".");
    for (const part of (Array.isArray(value) ? value : [value]) as readonly Table[]) {
      const body = formatTomlTable(part, { path: inner, headers });
      const header = Array.isArray(value) ? `[[${name}]]\n` : `[${name}]\n`;
      // A table of nothing but tables needs no header of its own.
      sections.push(body.startsWith("[") && !Array.isArray(value) ? body : `${header}${body}`);
    }
  }
  return [lines.join(""), ...sections].filter((part) => part !== "").join("\n");
}

function hasHeader(value: unknown): value is Table | readonly Table[] {
  return isTable(value) || (Array.isArray(value) && value.length > 0 && value.every(isTable));
}
