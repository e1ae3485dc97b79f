// Requirements in a notebook's metadata: a Pipfile as JSON text (once or twice encoded), or, in the oldest form, as
// an object. https://pipenv.pypa.io/en/latest/pipfile.html

import { normalizeName, parseRequirement, quote, type Requirement, ThothError } from "@thoth/pep";
import type { JsonObject, JsonValue } from "./cell.ts";

export interface MetadataRequirement {
  readonly requirement: Requirement;
  /** Name of the source it must come from. */
  readonly index?: string;
  readonly dev: boolean;
}

export interface MetadataSource {
  readonly name?: string;
  readonly url: string;
  readonly verify: boolean;
}

export interface MetadataRequirements {
  readonly requirements: readonly MetadataRequirement[];
  readonly sources: readonly MetadataSource[];
  /** `3.8` of `requires`. */
  readonly pythonVersion?: string;
  /** Entries that could not be read, one sentence each. */
  readonly warnings: readonly string[];
}

const MAXIMUM_TEXT = 16 * 1024 * 1024;
const MAXIMUM_ENTRIES = 10_000;

/** Undefined where the notebook carries none. Throws `invalid-notebook` where what it carries is no Pipfile. */
export function metadataRequirements(metadata: JsonObject): MetadataRequirements | undefined {
  const value = unwrapped(member(metadata, "requirements"));
  if (value === undefined || value === null || value === "") return undefined;
  if (!isTable(value)) {
    throw new ThothError(
      "invalid-notebook",
      "The `requirements` in the notebook's metadata are no Pipfile.",
      {
        details: { reason: "requirements" },
      },
    );
  }
  const warnings: string[] = [];
  const requirements = [
    ...packages(member(value, "packages"), { dev: false, warnings }),
    ...packages(member(value, "dev-packages"), { dev: true, warnings }),
  ];
  const version = pythonOf(member(value, "requires"));
  const sources = sourcesOf(member(value, "source") ?? member(value, "sources"));
  return { requirements, sources, warnings, ...(version === undefined ? {} : { pythonVersion: version }) };
}

/** The Pipfile itself, unwrapped. */
export function pipfileOf(metadata: JsonObject): JsonObject | undefined {
  const value = unwrapped(member(metadata, "requirements"));
  if (value === undefined || value === null || value === "") return undefined;
  if (isTable(value)) return value;
  throw new ThothError("invalid-notebook", "The `requirements` in the notebook's metadata are no Pipfile.", {
    details: { reason: "requirements" },
  });
}

/** JSON in a text, at most three times over: the original wrote it twice. */
function unwrapped(value: JsonValue | undefined): JsonValue | undefined {
  let inner = value;
  for (let round = 0; round < 3 && typeof inner === "string" && inner.trim() !== ""; round++) {
    if (inner.length > MAXIMUM_TEXT) {
      throw new ThothError("limit-exceeded", "The `requirements` in the notebook's metadata are too long.", {
        details: { limit: "length", maximum: MAXIMUM_TEXT },
      });
    }
    try {
      inner = JSON.parse(inner) as JsonValue;
    } catch (cause) {
      throw new ThothError("invalid-notebook", "The `requirements` in the notebook's metadata are no JSON.", {
        details: { reason: "requirements" },
        cause,
      });
    }
  }
  return inner;
}

function isTable(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function member(table: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function packages(
  table: JsonValue | undefined,
  reading: { dev: boolean; warnings: string[] },
): MetadataRequirement[] {
  if (table === undefined || table === null) return [];
  if (!isTable(table)) {
    reading.warnings.push("The packages in the notebook's metadata are no table");
    return [];
  }
  const entries = Object.entries(table);
  if (entries.length > MAXIMUM_ENTRIES) {
    throw new ThothError("limit-exceeded", `The notebook's metadata asks for ${entries.length} packages.`, {
      details: { limit: "requirements", maximum: MAXIMUM_ENTRIES, found: entries.length },
    });
  }
  return entries.flatMap(([name, value]) => {
    const text = requirementText(name, value);
    try {
      if (text === undefined) throw new ThothError("invalid-requirement", "not to be read");
      const requirement = parseRequirement(text, { lenient: true });
      const index = isTable(value) ? member(value, "index") : undefined;
      const named = { ...requirement, displayName: normalizeName(requirement.displayName) };
      return [{ requirement: named, dev: reading.dev, ...(typeof index === "string" ? { index } : {}) }];
    } catch (error) {
      if (!(error instanceof ThothError)) throw error;
      reading.warnings.push(`${quote(name)} in the notebook's metadata cannot be read as a requirement`);
      return [];
    }
  });
}

/** PEP 508 text of an entry; undefined for what has none, such as a path. */
function requirementText(name: string, value: JsonValue): string | undefined {
  if (typeof value === "string") return `${name}${specifierOf(value)}`;
  if (!isTable(value)) return undefined;
  const extras = member(value, "extras");
  const list = Array.isArray(extras) ? extras.filter((extra) => typeof extra === "string") : [];
  const head = `${name}${list.length === 0 ? "" : `[${list.join(",")}]`}`;
  const url = urlOf(value);
  if (url === undefined && (Object.hasOwn(value, "path") || Object.hasOwn(value, "file"))) return undefined;
  const version = member(value, "version");
  const body = url === undefined ? specifierOf(typeof version === "string" ? version : "*") : ` @ ${url}`;
  const marker = markerOf(value);
  return marker === undefined ? head + body : `${head}${body} ; ${marker}`;
}

function urlOf(table: JsonObject): string | undefined {
  const file = member(table, "file");
  if (typeof file === "string" && /^https?:\/\//.test(file)) return file;
  for (const system of ["git", "hg", "svn", "bzr"]) {
    const url = member(table, system);
    if (typeof url !== "string") continue;
    const reference = member(table, "ref");
    return `${system}+${url}${typeof reference === "string" && reference !== "" ? `@${reference}` : ""}`;
  }
  return undefined;
}

const MARKER_KEYS = [
  "python_version",
  "python_full_version",
  "os_name",
  "sys_platform",
  "platform_machine",
  "platform_system",
  "implementation_name",
  "platform_python_implementation",
];

function markerOf(table: JsonObject): string | undefined {
  const parts: string[] = [];
  const markers = member(table, "markers");
  if (typeof markers === "string" && markers.trim() !== "") parts.push(markers);
  for (const key of MARKER_KEYS) {
    const condition = member(table, key);
    if (typeof condition === "string") parts.push(`${key} ${condition}`);
  }
  return parts.length === 0
    ? undefined
    : parts.map((part) => (parts.length > 1 ? `(${part})` : part)).join(" and ");
}

function specifierOf(value: string): string {
  const text = value.trim();
  return text === "*" || text === "" ? "" : /^[<>=!~]/.test(text) ? text : `==${text}`;
}

function pythonOf(requires: JsonValue | undefined): string | undefined {
  if (!isTable(requires)) return undefined;
  const version = member(requires, "python_full_version") ?? member(requires, "python_version");
  return typeof version === "string" && /^\d+(?:\.\d+)*$/.test(version) ? version : undefined;
}

function sourcesOf(value: JsonValue | undefined): MetadataSource[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, 100).flatMap((source) => {
    if (!isTable(source)) return [];
    const url = member(source, "url");
    const name = member(source, "name");
    if (typeof url !== "string" || !/^(?:https?|file):/i.test(url)) return [];
    return [
      { url, verify: member(source, "verify_ssl") !== false, ...(typeof name === "string" ? { name } : {}) },
    ];
  });
}
