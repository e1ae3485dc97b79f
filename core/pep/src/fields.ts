// Typed reading of tables that come from outside (JSON, TOML). Only own keys count, so a key such as
// `constructor` is just a key; an error names the place, such as `packages[3].name`.

import { type ErrorCode, quote, ThothError } from "./error.ts";

export type Table = Readonly<Record<string, unknown>>;

/** Where a value stands in a document: what an error says about it. */
export interface Place {
  readonly code: ErrorCode;
  /** How the document is called in a sentence, such as `The lock file`. */
  readonly document: string;
  readonly path: string;
}

export function placeOf(code: ErrorCode, document: string): Place {
  return { code, document, path: "" };
}

export function within(place: Place, key: string | number): Place {
  const step = typeof key === "number" ? `[${key}]` : place.path === "" ? key : `.${key}`;
  return { ...place, path: place.path + step };
}

/** `problem` completes the sentence "<document>: <path> …". */
export function fieldError(place: Place, problem: string, cause?: unknown): ThothError {
  const where = place.path === "" ? place.document : `${place.document}: ${quote(place.path)}`;
  return new ThothError(place.code, `${where} ${problem}.`, { details: { path: place.path }, cause });
}

export function isTable(value: unknown): value is Table {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The own value of `key`; absent and null are both undefined. */
export function fieldOf(table: Table, key: string): unknown {
  return Object.hasOwn(table, key) ? (table[key] ?? undefined) : undefined;
}

export function describeType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
    case "bigint":
      return "a number";
    case "boolean":
      return "a boolean";
    default:
      return isTable(value) ? "a table" : "a time";
  }
}

function mismatch(place: Place, key: string, expected: string, value: unknown): ThothError {
  return fieldError(within(place, key), `must be ${expected}, not ${describeType(value)}`);
}

export function readText(table: Table, key: string, place: Place): string | undefined {
  const value = fieldOf(table, key);
  if (value === undefined || typeof value === "string") return value;
  throw mismatch(place, key, "text", value);
}

/** What `parse` makes of the text; its failure gets the code and the place of the document. */
export function convert<T>(text: string, parse: (text: string) => T, place: Place): T {
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof ThothError) || cause.code === "limit-exceeded") throw cause;
    throw fieldError(place, `is wrong: ${cause.message.replace(/\.$/, "")}`, cause);
  }
}

export function readAs<T>(
  table: Table,
  key: string,
  place: Place,
  parse: (text: string) => T,
): T | undefined {
  const text = readText(table, key, place);
  return text === undefined ? undefined : convert(text, parse, within(place, key));
}

export function requireText(table: Table, key: string, place: Place): string {
  const value = readText(table, key, place);
  if (value === undefined) throw fieldError(within(place, key), "is missing");
  return value;
}

export function readBoolean(table: Table, key: string, place: Place): boolean | undefined {
  const value = fieldOf(table, key);
  if (value === undefined || typeof value === "boolean") return value;
  throw mismatch(place, key, "a boolean", value);
}

/** A whole number that is not negative. */
export function readCount(table: Table, key: string, place: Place): number | undefined {
  const value = fieldOf(table, key);
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw mismatch(place, key, "a whole number that is not negative", value);
}

export function readTable(table: Table, key: string, place: Place): Table | undefined {
  const value = fieldOf(table, key);
  if (value === undefined) return undefined;
  if (isTable(value)) return value;
  throw mismatch(place, key, "a table", value);
}

export function readList(table: Table, key: string, place: Place): readonly unknown[] | undefined {
  const value = fieldOf(table, key);
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value;
  throw mismatch(place, key, "a list", value);
}

export function readTextList(table: Table, key: string, place: Place): readonly string[] | undefined {
  const list = readList(table, key, place);
  list?.forEach((item, position) => {
    if (typeof item === "string") return;
    throw fieldError(within(within(place, key), position), `must be text, not ${describeType(item)}`);
  });
  return list as readonly string[] | undefined;
}

export function readTableList(table: Table, key: string, place: Place): readonly Table[] | undefined {
  const list = readList(table, key, place);
  list?.forEach((item, position) => {
    if (isTable(item)) return;
    throw fieldError(within(within(place, key), position), `must be a table, not ${describeType(item)}`);
  });
  return list as readonly Table[] | undefined;
}

/** A table of texts as a record without a prototype, in the order of the document. */
export function readTextTable(
  table: Table,
  key: string,
  place: Place,
): Readonly<Record<string, string>> | undefined {
  const entries = readTable(table, key, place);
  if (entries === undefined) return undefined;
  const result: Record<string, string> = Object.create(null);
  for (const name of Object.keys(entries)) result[name] = requireText(entries, name, within(place, key));
  return result;
}

/** Fails with limit-exceeded when tables and lists stand in each other deeper than `limit`. */
export function checkDepth(value: unknown, limit: number, document: string): void {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value !== "object" || next.value === null) continue;
    if (next.depth > limit) throw depthExceeded(document, limit);
    const depth = next.depth + 1;
    for (const inner of Object.values(next.value)) {
      if (typeof inner === "object") open.push({ value: inner, depth });
    }
  }
}

export function depthExceeded(document: string, limit: number): ThothError {
  return new ThothError("limit-exceeded", `${document} nests deeper than ${limit} levels.`, {
    details: { limit: "depth", allowed: limit },
  });
}

/** The object without its undefined entries, which exact optional properties ask for. */
export function compact<T extends object>(object: { readonly [K in keyof T]: T[K] | undefined }): T {
  const result: Partial<T> = {};
  for (const key of Object.keys(object) as (keyof T)[]) {
    const value = object[key];
    if (value !== undefined) result[key] = value;
  }
  return result as T;
}
