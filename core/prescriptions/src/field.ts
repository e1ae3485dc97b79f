// Reading values that must have a shape. A value that has not is reported and a harmless one is returned in its
// place, so that reading goes on and finds the other faults; whoever asked drops the unit if anything was reported.

import { quote } from "@thoth/pep";
import type { Choice } from "./inclusion.ts";
import type { ProblemCode } from "./problem.ts";
import type { Report } from "./report.ts";
import { isYamlList, isYamlTable, type YamlTable, YamlTime, type YamlValue } from "./yaml-value.ts";

/** A value of a file, and where it stands. */
export class Field {
  readonly value: YamlValue;
  readonly parent: Field | undefined;
  readonly key: string | number;
  readonly report: Report;

  constructor(value: YamlValue, report: Report, parent?: Field, key: string | number = "") {
    this.value = value;
    this.report = report;
    this.parent = parent;
    this.key = key;
  }

  child(key: string | number, value: YamlValue): Field {
    return new Field(value, this.report, this, key);
  }

  path(): (string | number)[] {
    const path: (string | number)[] = [];
    for (let at: Field = this; at.parent !== undefined; at = at.parent) path.unshift(at.key);
    return path;
  }

  /** How a sentence calls it. */
  label(): string {
    const named: Field = typeof this.key === "number" && this.parent !== undefined ? this.parent : this;
    const name = named.key === "" ? "the file" : quote(String(named.key), 60);
    return named === this ? name : `an entry of ${name}`;
  }

  fail(code: ProblemCode, message: string): void {
    this.report.addError({ code, message, path: this.path(), atKey: false });
  }

  failAtKey(code: ProblemCode, message: string): void {
    this.report.addError({ code, message, path: this.path(), atKey: true });
  }

  warn(code: ProblemCode, message: string): void {
    this.report.addWarning({ code, message, path: this.path(), atKey: false });
  }
}

export type Read<T> = (field: Field) => T;

/** A mapping that has been seen to have no other keys than those allowed. */
export interface Fields {
  readonly field: Field;
  readonly table: YamlTable;
}

const EMPTY: YamlTable = new Map();

export function readTable(field: Field, allowed: readonly string[]): Fields {
  const table = readAnyTable(field);
  for (const [key, value] of table) {
    if (allowed.includes(key)) continue;
    const known = allowed.map((name) => quote(name)).join(", ");
    const message = `${capitalise(field.label())} has no key ${quote(key, 60)}; it may have ${known}.`;
    field.child(key, value).failAtKey("unknown-key", message);
  }
  return { field, table };
}

/** A mapping with whatever keys. */
export function readAnyTable(field: Field): YamlTable {
  if (isYamlTable(field.value)) return field.value;
  wrongType(field, "a mapping");
  return EMPTY;
}

export function optional<T>({ field, table }: Fields, key: string, read: Read<T>): T | undefined {
  const value = table.get(key);
  return value === undefined ? undefined : read(field.child(key, value));
}

/** Undefined where the key is missing, which is reported. */
export function required<T>(fields: Fields, key: string, read: Read<T>): T | undefined {
  if (!fields.table.has(key)) {
    // A value that is no mapping at all was reported already.
    if (fields.table !== EMPTY) missing(fields.field, key);
    return undefined;
  }
  return optional(fields, key, read);
}

function missing(field: Field, key: string): void {
  field.fail("missing-key", `${capitalise(field.label())} needs the key ${quote(key)}.`);
}

export function readText(field: Field): string {
  if (typeof field.value === "string") {
    if (field.value.trim() !== "") return field.value;
    field.fail("invalid-value", `${capitalise(field.label())} must not be empty.`);
    return "";
  }
  wrongType(field, "a text");
  return "";
}

export function readBoolean(field: Field): boolean {
  if (typeof field.value === "boolean") return field.value;
  wrongType(field, "`true` or `false`");
  return false;
}

export function readInteger(field: Field): number {
  if (typeof field.value === "number" && Number.isSafeInteger(field.value)) return field.value;
  wrongType(field, "a whole number");
  return 0;
}

export function readWord<T extends string>(words: readonly T[]): Read<T> {
  return (field) => {
    const found = words.find((word) => word === field.value);
    if (found !== undefined) return found;
    const among = words.map((word) => quote(word)).join(", ");
    const code = typeof field.value === "string" ? "invalid-value" : "wrong-type";
    field.fail(
      code,
      `${capitalise(field.label())} is ${showValue(field.value)} but must be one of ${among}.`,
    );
    return words[0]!;
  };
}

export function nullable<T>(read: Read<T>): Read<T | null> {
  return (field) => (field.value === null ? null : read(field));
}

/** A list of at least `least` entries. */
export function readList<T>(field: Field, read: Read<T>, least = 1): T[] {
  if (!isYamlList(field.value)) {
    wrongType(field, "a list");
    return [];
  }
  if (field.value.length < least) {
    const entries = least === 1 ? "an entry" : `${least} entries`;
    field.fail("invalid-value", `${capitalise(field.label())} needs at least ${entries}.`);
  }
  return field.value.map((item, place) => read(field.child(place, item)));
}

export function listOf<T>(read: Read<T>, least = 1): Read<T[]> {
  return (field) => readList(field, read, least);
}

/** One entry, or a list of them. */
export function oneOrMore<T>(read: Read<T>): Read<T[]> {
  return (field) => (isYamlList(field.value) ? readList(field, read) : [read(field)]);
}

/** A list, or `{not: list}`. */
export function choiceOf<T>(read: Read<T>): Read<Choice<T>> {
  return (field) => {
    if (!isYamlTable(field.value)) return { negated: false, items: readList(field, read) };
    const items = optional(readTable(field, ["not"]), "not", listOf(read));
    if (items === undefined)
      field.fail("missing-key", `${capitalise(field.label())} needs a list or the key \`not\`.`);
    return { negated: true, items: items ?? [] };
  };
}

/** Reports where more than one of `keys` is there. */
export function exclude({ field, table }: Fields, keys: readonly string[]): void {
  const present = [...table.keys()].filter((key) => keys.includes(key));
  if (present.length < 2) return;
  const [first, second] = present as [string, string];
  const message = `${capitalise(field.label())} cannot have both ${quote(first)} and ${quote(second)}.`;
  field.child(second, null).failAtKey("conflicting-keys", message);
}

export function wrongType(field: Field, expected: string): void {
  field.fail(
    "wrong-type",
    `${capitalise(field.label())} is ${showValue(field.value)} but must be ${expected}.`,
  );
}

/** A short text of a value. */
export function showValue(value: YamlValue): string {
  if (isYamlTable(value)) return "a mapping";
  if (isYamlList(value)) return "a list";
  return quote(value instanceof YamlTime ? value.text : String(value), 60);
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
