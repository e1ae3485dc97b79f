// YAML, for files that people read and write: environment.yml and .thoth.yaml. https://yaml.org/spec/1.2.2/

import type { JsonObject, JsonValue } from "@thoth/notebook";
import { quote, ThothError } from "@thoth/pep";
import { parseDocument, stringify } from "yaml";
import { isObject } from "../notebook/metadata-keys.ts";

const MOST_ALIASES = 100;

export function yamlText(value: JsonValue): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The same text, comments and all, but for these values. It must be one that can be read. */
export function withYamlValues(
  text: string,
  values: readonly (readonly [path: readonly (string | number)[], value: JsonValue])[],
): string {
  const document = parseDocument(text);
  for (const [path, value] of values) document.setIn(path, document.createNode(value));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** The configuration `.thoth.yaml`. Throws invalid-project. */
export function readConfigYaml(text: string, path: string): JsonObject {
  let value: unknown;
  try {
    const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true, logLevel: "error" });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    // Dates and other values of YAML that JSON lacks become texts.
    value = JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: MOST_ALIASES })));
  } catch (cause) {
    const [line] = cause instanceof Error ? cause.message.split("\n", 1) : [String(cause)];
    const why = cause instanceof RangeError ? "it is nested too deeply" : line;
    throw new ThothError("invalid-project", `${quote(path)} is no YAML that can be read: ${why}`, {
      cause,
      details: { path },
    });
  }
  // Empty, or of comments alone.
  if (value === null) return {};
  if (!isObject(value))
    throw new ThothError("invalid-project", `${quote(path)} holds no settings`, {
      hint: "It is a mapping: each line names a setting, then a colon, then its value.",
      details: { path },
    });
  return value;
}
