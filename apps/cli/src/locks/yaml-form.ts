// YAML, for files that people read and write: environment.yml and .thoth.yaml. https://yaml.org/spec/1.2.2/

import type { JsonObject, JsonValue } from "@thoth/notebook";
import { quote, ThothError } from "@thoth/pep";
import { parseDocument, stringify } from "yaml";
import { isObject } from "../notebook/metadata-keys.ts";

const MOST_ALIASES = 100;

export function yamlText(value: JsonValue): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The configuration `.thoth.yaml`. Throws invalid-project. */
export function readConfigYaml(text: string, path: string): JsonObject {
  let value: unknown;
  try {
    const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    value = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
    throw new ThothError("invalid-project", `${quote(path)} is no YAML that can be read: ${why}`, {
      cause,
      details: { path },
    });
  }
  if (!isObject(value))
    throw new ThothError("invalid-project", `${quote(path)} holds no settings`, { details: { path } });
  // Dates and other values of YAML that JSON lacks become texts.
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
