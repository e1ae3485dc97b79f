// The texts that Poetry and PDM hash to see whether a lock still fits its pyproject.toml: parts of it as Python's
// json module writes them, keys sorted.

import { quote } from "./error.ts";
import { fieldOf, isTable, type Place, placeOf, type Table } from "./fields.ts";
import { formatJson } from "./json.ts";
import { normalizeName } from "./name.ts";
import { parseToml, TomlTime } from "./toml.ts";

const projectKeys = ["requires-python", "dependencies", "optional-dependencies"] as const;
/** Poetry has always written these, as null where they are absent. */
const oldKeys = ["dependencies", "source", "extras", "dev-dependencies"] as const;

/**
 * Possible texts, the present one first: before Poetry 2.3 groups of the standard table did not count. Throws
 * invalid-project. https://python-poetry.org/docs/cli/#check
 */
export function poetryHashTexts(pyproject: string, filename = "pyproject.toml"): readonly string[] {
  const table = tableOf(pyproject, filename);
  const texts = [poetryHashText(table, true)];
  const without = poetryHashText(table, false);
  return without === texts[0] ? texts : [...texts, without];
}

function poetryHashText(table: Table, withGroups: boolean): string {
  const project = part(table, "project");
  const poetry = part(part(table, "tool"), "poetry");
  const groups = withGroups ? part(table, "dependency-groups") : {};
  const standard = pick(project, projectKeys);
  const hasGroups = Object.keys(groups).length > 0;
  const isStandard = Object.keys(standard).length > 0 || hasGroups;
  const own: Record<string, unknown> = pick(poetry, [...oldKeys, "group"]);
  if (!isStandard) for (const key of oldKeys) own[key] ??= null;
  if (!isStandard) return json(own);
  return json({
    ...(Object.keys(standard).length > 0 ? { project: standard } : {}),
    ...(hasGroups ? { "dependency-groups": groups } : {}),
    tool: { poetry: own },
  });
}

/** Throws invalid-project. https://pdm-project.org/latest/usage/lockfile/#hashes-in-the-lock-file */
export function pdmHashText(pyproject: string, filename = "pyproject.toml"): string {
  const table = tableOf(pyproject, filename);
  const project = part(table, "project");
  const pdm = part(part(table, "tool"), "pdm");
  const groups: Record<string, unknown> = Object.create(null);
  for (const [key, list] of Object.entries(part(table, "dependency-groups")))
    groups[normalizeName(key)] = list;
  for (const [key, list] of Object.entries(part(pdm, "dev-dependencies"))) {
    const known = groups[normalizeName(key)];
    groups[normalizeName(key)] = [
      ...(Array.isArray(known) ? known : []),
      ...(Array.isArray(list) ? list : []),
    ];
  }
  return json({
    sources: fieldOf(pdm, "source") ?? [],
    dependencies: fieldOf(project, "dependencies") ?? [],
    "dev-dependencies": groups,
    "optional-dependencies": fieldOf(project, "optional-dependencies") ?? {},
    "requires-python": fieldOf(project, "requires-python") ?? "",
    resolution: fieldOf(pdm, "resolution") ?? {},
  });
}

function tableOf(text: string, filename: string): Table {
  const place: Place = placeOf("invalid-project", `The file ${quote(filename)}`);
  return parseToml(text, place, { bigIntegers: true });
}

function part(table: Table, key: string): Table {
  const value = fieldOf(table, key);
  return isTable(value) ? value : {};
}

function pick(table: Table, keys: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = Object.create(null);
  for (const key of keys) {
    const value = fieldOf(table, key);
    if (value !== undefined) picked[key] = value;
  }
  return picked;
}

function json(value: unknown): string {
  return formatJson(timesAsText(value), { separators: [", ", ": "], floats: true });
}

/** No key that is hashed may hold a time; one that does is no cause to fail. */
function timesAsText(value: unknown): unknown {
  if (value instanceof TomlTime) return value.text;
  if (Array.isArray(value)) return value.map(timesAsText);
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, timesAsText(item)]));
}
