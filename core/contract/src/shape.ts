// Short ways to write the schemas that occur everywhere.

import type { Schema } from "./schema.ts";

export const text: Schema = { type: "string" };
export const flag: Schema = { type: "boolean" };
export const count: Schema = { type: "integer", minimum: 0 };
export const seconds: Schema = { type: "number", minimum: 0 };
export const sha256: Schema = { type: "string", pattern: "^[0-9a-f]{64}$" };
export const normalizedName: Schema = { type: "string", pattern: "^[a-z0-9]+(-[a-z0-9]+)*$" };

export function listOf(items: Schema): Schema {
  return { type: "array", items };
}

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: "null" }] };
}

export function choiceOf(...values: readonly string[]): Schema {
  return { type: "string", enum: values };
}

/** An object with exactly these members; names ending in `?` may be absent. */
export function shapeOf(title: string, members: Readonly<Record<string, Schema>>): Schema {
  const properties: Record<string, Schema> = Object.create(null);
  const required: string[] = [];
  for (const [name, schema] of Object.entries(members)) {
    const optional = name.endsWith("?");
    const plain = optional ? name.slice(0, -1) : name;
    properties[plain] = schema;
    if (!optional) required.push(plain);
  }
  return { title, type: "object", properties, required, additionalProperties: false };
}

/** An object whose members are not ours to list. */
export const anyObject: Schema = { type: "object" };
