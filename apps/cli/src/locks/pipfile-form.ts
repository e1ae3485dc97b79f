// A Pipfile's object as TOML, in the order in which pipenv writes its sections.

import type { JsonObject, JsonValue } from "@thoth/notebook";
import { isObject, valueAt } from "../notebook/metadata-keys.ts";

export function pipfileText(pipfile: JsonObject): string {
  const parts: string[] = [];
  const sources = valueAt(pipfile, "source") ?? valueAt(pipfile, "sources");
  if (Array.isArray(sources))
    for (const source of sources) if (isObject(source)) parts.push(section("[[source]]", source));
  for (const name of Object.keys(pipfile)) {
    const table = valueAt(pipfile, name);
    if (name !== "source" && name !== "sources" && isObject(table))
      parts.push(section(`[${keyText(name)}]`, table));
  }
  return parts.join("\n");
}

function section(heading: string, table: JsonObject): string {
  const lines = Object.entries(table).flatMap(([key, value]) =>
    value === null ? [] : [`${keyText(key)} = ${valueText(value)}`],
  );
  return `${[heading, ...lines].join("\n")}\n`;
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quoted(key);
}

function valueText(value: JsonValue): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value))
    return `[${value
      .filter((item) => item !== null)
      .map(valueText)
      .join(", ")}]`;
  if (isObject(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== null);
    return `{${members.map(([key, member]) => `${keyText(key)} = ${valueText(member)}`).join(", ")}}`;
  }
  return String(value);
}

/** A basic string of TOML: JSON's escapes, and the one character more that TOML forbids. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}
