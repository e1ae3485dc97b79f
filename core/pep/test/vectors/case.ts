// One parametrised case of a corpus: its values as JSON, with tables such as `{"$version": "1.0"}` for objects.

import assert from "node:assert/strict";

export type Case = Readonly<Record<string, unknown>>;
/** Throws where we do not agree; `CaseLeftOut` where the case asks for nothing that we have. */
export type Handler = (values: Case) => void;
export type Handlers = Readonly<Record<string, Handler>>;

export class CaseLeftOut extends Error {}

export function leaveOut(reason: string): never {
  throw new CaseLeftOut(reason);
}

/** A text, or the text of a version object. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const text = (value as { $version?: unknown } | null)?.$version;
  assert.equal(typeof text, "string", `no text: ${JSON.stringify(value)}`);
  return text as string;
}

export function isVersionObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "$version");
}

export function listOf(value: unknown): readonly unknown[] {
  const list = Array.isArray(value) ? value : (value as { $set?: unknown } | null)?.$set;
  assert.ok(Array.isArray(list), `no list: ${JSON.stringify(value)}`);
  return list;
}

export function textsOf(value: unknown): string[] {
  return listOf(value).map(textOf);
}

/** The name of a function of Python's `operator`: `eq`, `lt` and so on. */
export function operatorOf(value: unknown): string {
  return (value as { $fn: string }).$fn;
}

/** null is absence. */
export function choiceOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}
