// The metadata keys of the original and ours, read with tolerance: a key is text of JSON, an object (the oldest
// format), or text of text of JSON (as `horus lock --pipenv` of the original wrote it).

import type { JsonObject, JsonValue, Notebook } from "@thoth/notebook";
import { quote, ThothError } from "@thoth/pep";

/** Keys that this program writes. */
export const KEYS = {
  engine: "dependency_resolution_engine",
  requirements: "requirements",
  lock: "requirements_lock",
  config: "thoth_config",
  analysis: "thoth_analysis_id",
  kernel: "kernelspec",
  thoth: "thoth",
} as const;

const DEEPEST_WRAPPING = 3;
const LONGEST_TEXT = 64 * 1024 * 1024;

/** The own value of a key. */
export function valueAt(metadata: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(metadata, key) ? metadata[key] : undefined;
}

export function textAt(metadata: JsonObject, key: string): string | undefined {
  const value = valueAt(metadata, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The object that a key holds in whatever wrapping. Undefined: absent or empty. Throws invalid-notebook. */
export function objectAt(metadata: JsonObject, key: string): JsonObject | undefined {
  let value: unknown = valueAt(metadata, key);
  for (let depth = 0; typeof value === "string" && depth < DEEPEST_WRAPPING; depth++) {
    if (value.trim() === "") return undefined;
    if (value.length > LONGEST_TEXT) throw unreadable(key, "it is too long");
    try {
      value = JSON.parse(value);
    } catch (cause) {
      throw unreadable(key, "it is no JSON", cause);
    }
  }
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw unreadable(key, "it is no object");
  return value;
}

/** Whether it is written as the original reads it, neither as an object nor as text of text. The value must be readable. */
export function isTextOfObject(metadata: JsonObject, key: string): boolean {
  const text = textAt(metadata, key);
  return text !== undefined && isObject(JSON.parse(text));
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The own object of a key within an object. */
export function objectIn(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = object === undefined ? undefined : valueAt(object, key);
  return isObject(value) ? value : undefined;
}

export function textIn(object: JsonObject | undefined, key: string): string | undefined {
  return object === undefined ? undefined : textAt(object, key);
}

/** The texts of a list; of anything else none. */
export function textsIn(object: JsonObject | undefined, key: string): readonly string[] {
  const value = object === undefined ? undefined : valueAt(object, key);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function unreadable(key: string, why: string, cause?: unknown): ThothError {
  return new ThothError("invalid-notebook", `the notebook's metadata ${quote(key)} cannot be read: ${why}`, {
    hint: `Remove the key ${quote(key)} from the notebook's metadata.`,
    details: { key },
    cause,
  });
}

/** The engine that the metadata names. */
export function engineOf({ metadata }: Notebook): string | undefined {
  return textAt(metadata, KEYS.engine);
}
