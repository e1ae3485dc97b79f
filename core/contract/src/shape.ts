// Short ways to write the schemas that occur everywhere. Each carries the type of the values that fit it, so that what is
// described once is known to the compiler too.

import type { Schema } from "./schema.ts";

declare const value: unique symbol;

/** A schema of values of type `T`. */
export interface Described<T> extends Schema {
  readonly [value]?: T;
}

/** What fits a schema. */
export type ValueOf<S extends Schema> = S extends Described<infer T> ? T : unknown;

export const text: Described<string> = { type: "string" };
export const flag: Described<boolean> = { type: "boolean" };
export const number: Described<number> = { type: "number" };
export const count: Described<number> = { type: "integer", minimum: 0 };
export const seconds: Described<number> = { type: "number", minimum: 0 };
export const sha256: Described<string> = { type: "string", pattern: "^[0-9a-f]{64}$" };
export const normalizedName: Described<string> = { type: "string", pattern: "^[a-z0-9]+(-[a-z0-9]+)*$" };

/** Text that a regular expression describes. */
export function textLike(pattern: string): Described<string> {
  return { type: "string", pattern };
}

export function listOf<S extends Schema>(items: S): Described<readonly ValueOf<S>[]> {
  return { type: "array", items };
}

export function nullable<S extends Schema>(schema: S): Described<ValueOf<S> | null> {
  return { anyOf: [schema, { type: "null" }] };
}

export function choiceOf<const T extends readonly string[]>(...values: T): Described<T[number]> {
  return { type: "string", enum: values };
}

type Members = Readonly<Record<string, Schema>>;
type OptionalOf<Name> = Name extends `${infer Plain}?` ? Plain : never;
type RequiredOf<Name> = Name extends `${string}?` ? never : Name;

export type ShapeOf<M extends Members> = {
  readonly [Name in keyof M as RequiredOf<Name>]: ValueOf<M[Name]>;
} & {
  readonly [Name in keyof M as OptionalOf<Name>]?: ValueOf<M[Name]> | undefined;
};

/** An object with exactly these members; names ending in `?` may be absent. */
export function shapeOf<const M extends Members>(title: string, members: M): Described<ShapeOf<M>> {
  return objectOf(title, members, false);
}

/** The same, where other members are nothing to mind: a client of another version may send them. */
export function openShapeOf<const M extends Members>(title: string, members: M): Described<ShapeOf<M>> {
  return objectOf(title, members, true);
}

function objectOf(title: string, members: Members, additionalProperties: boolean): Schema {
  const properties: Record<string, Schema> = Object.create(null);
  const required: string[] = [];
  for (const [name, schema] of Object.entries(members)) {
    const optional = name.endsWith("?");
    const plain = optional ? name.slice(0, -1) : name;
    properties[plain] = schema;
    if (!optional) required.push(plain);
  }
  return { title, type: "object", properties, required, additionalProperties };
}

/** An object whose members are not ours to list. */
export const anyObject: Described<Readonly<Record<string, unknown>>> = { type: "object" };
