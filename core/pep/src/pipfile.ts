// Pipfile: https://pipenv.pypa.io/en/latest/pipfile.html. A package is a specifier, or a table that says more; the
// hash over the whole is what its lock is compared by.

import { type DirectSource, directTable, directUrl, readDirectSource } from "./direct-source.ts";
import { quote } from "./error.ts";
import {
  compact,
  convert,
  describeType,
  fieldError,
  fieldOf,
  isTable,
  type Place,
  placeOf,
  readAs,
  readBoolean,
  readTable,
  readTableList,
  readText,
  readTextList,
  requireText,
  type Table,
  within,
} from "./fields.ts";
import { formatMarker, type Marker, parseMarker } from "./marker.ts";
import { joinMarkers } from "./marker-combine.ts";
import { isValidName, normalizeName, parseExtraName } from "./name.ts";
import { pipfileHashText } from "./pipfile-hash.ts";
import type { Requirement } from "./requirement.ts";
import { NO_SPECIFIERS, parseSpecifiers, type Specifiers } from "./specifier.ts";
import { formatTomlKey, formatTomlTable, formatTomlValue, parseToml } from "./toml.ts";

export interface PipfileSource {
  readonly name?: string;
  /** May hold `${VARIABLE}`. */
  readonly url: string;
  readonly verifySsl: boolean;
}

export interface PipfilePackage {
  /** Its URL is that of `direct`, where that has one. */
  readonly requirement: Requirement;
  readonly direct?: DirectSource;
  /** The name of a source. */
  readonly index?: string;
  /** `packages.requests`. */
  readonly path: string;
}

export interface Pipfile {
  readonly sources: readonly PipfileSource[];
  /** By the name of their table: `packages`, `dev-packages`, and others of one's own. */
  readonly categories: ReadonlyMap<string, readonly PipfilePackage[]>;
  /** `python_version`, `python_full_version`. */
  readonly requires: Readonly<Record<string, string>>;
  /** `[pipenv]` and `[scripts]`, as they are. */
  readonly settings?: Table;
  readonly scripts?: Table;
  /** The SHA-256 of this text is the `hash` of the lock. */
  readonly hashText: string;
}

/** Tables of a Pipfile that are no packages; that of Thoth is for its service. */
const otherTables: ReadonlySet<string> = new Set([
  ...["source", "requires", "scripts", "pipfile", "pipenv"],
  "thoth",
]);

/** Throws invalid-project with `details.path` or `details.line`, or limit-exceeded. */
export function parsePipfile(text: string, filename = "Pipfile"): Pipfile {
  const place = placeOf("invalid-project", `The file ${quote(filename)}`);
  const table = parseToml(text, place, { bigIntegers: true });
  const categories = new Map<string, readonly PipfilePackage[]>();
  for (const key of ["packages", "dev-packages", ...Object.keys(table)]) {
    if (!otherTables.has(key)) categories.set(key, readPackages(table, key, place));
  }
  return compact<Pipfile>({
    sources: readSources(table, place),
    categories,
    requires: readRequires(table, place),
    settings: readTable(table, "pipenv", place),
    scripts: readTable(table, "scripts", place),
    hashText: pipfileHashText(table),
  });
}

export function readPipfileSource(table: Table, place: Place): PipfileSource {
  return compact<PipfileSource>({
    name: readText(table, "name", place),
    url: requireText(table, "url", place),
    // `"true"` in quotation marks is common.
    verifySsl: fieldOf(table, "verify_ssl") === "false" ? false : readSwitch(table, "verify_ssl", place),
  });
}

function readSwitch(table: Table, key: string, place: Place): boolean {
  return fieldOf(table, key) === "true" ? true : (readBoolean(table, key, place) ?? true);
}

function readSources(table: Table, place: Place): readonly PipfileSource[] {
  const at = within(place, "source");
  return (readTableList(table, "source", place) ?? []).map((source, position) =>
    readPipfileSource(source, within(at, position)),
  );
}

/** Versions of Python; a number that should have been text is read as it looks. */
function readRequires(table: Table, place: Place): Readonly<Record<string, string>> {
  const entries = readTable(table, "requires", place) ?? {};
  const requires: Record<string, string> = Object.create(null);
  for (const key of Object.keys(entries)) {
    const value = entries[key];
    const number = typeof value === "number" || typeof value === "bigint";
    requires[key] = number ? String(value) : requireText(entries, key, within(place, "requires"));
  }
  return requires;
}

function readPackages(table: Table, key: string, place: Place): readonly PipfilePackage[] {
  const entries = readTable(table, key, place) ?? {};
  const at = within(place, key);
  const seen = new Set<string>();
  return Object.keys(entries).map((displayName) => {
    const here = within(at, displayName);
    // `"requests[socks]" = "*"` is not written by pipenv, but by people.
    const { name, extras } = splitExtras(displayName);
    if (!isValidName(name)) throw fieldError(here, "is no valid name of a package");
    if (seen.has(normalizeName(name))) throw fieldError(here, "is a package that was there before");
    seen.add(normalizeName(name));
    return readPackage({ displayName: name, extras, value: fieldOf(entries, displayName), place: here });
  });
}

function splitExtras(key: string): { readonly name: string; readonly extras: readonly string[] } {
  const open = key.indexOf("[");
  if (open === -1 || !key.endsWith("]")) return { name: key, extras: [] };
  return { name: key.slice(0, open).trim(), extras: key.slice(open + 1, -1).split(",") };
}

interface Entry {
  readonly displayName: string;
  readonly extras: readonly string[];
  readonly value: unknown;
  readonly place: Place;
}

function readPackage({ displayName, extras, value, place }: Entry): PipfilePackage {
  const table = typeof value === "string" ? { version: value } : value;
  if (!isTable(table)) throw fieldError(place, `must be text or a table, not ${describeType(value)}`);
  const direct = readDirectSource(table, place);
  const listed = [...extras, ...(readTextList(table, "extras", place) ?? [])];
  const names = listed.map((extra) => convert(extra, parseExtraName, within(place, "extras")));
  return compact<PipfilePackage>({
    requirement: compact<Requirement>({
      name: normalizeName(displayName),
      displayName,
      extras: [...new Set(names)].sort(),
      specifiers: direct === undefined ? readVersion(table, place) : NO_SPECIFIERS,
      url: direct && directUrl(direct),
      marker: readMarker(table, place),
    }),
    direct,
    index: readText(table, "index", place),
    path: place.path,
  });
}

export function readVersion(table: Table, place: Place): Specifiers {
  const version =
    readText(table, "version", place)
      ?.trim()
      .replace(/^\((.*)\)$/s, "$1") ?? "*";
  return version === "*" ? NO_SPECIFIERS : convert(version, parseSpecifiers, within(place, "version"));
}

const markerKeys = [
  "os_name",
  "sys_platform",
  "platform_machine",
  "platform_python_implementation",
  "platform_release",
  "platform_system",
  "platform_version",
  "python_version",
  "python_full_version",
  "implementation_name",
  "implementation_version",
] as const;

/** `markers`, and variables of markers as keys: `sys_platform = "== 'win32'"`. */
export function readMarker(table: Table, place: Place): Marker | undefined {
  const parts = markerKeys.map((key) => readAs(table, key, place, (text) => parseMarker(`${key} ${text}`)));
  return joinMarkers([readAs(table, "markers", place, parseMarker), ...parts]);
}

/** A Pipfile that says the same. */
export function formatPipfile(pipfile: Omit<Pipfile, "hashText">): string {
  const { sources, categories, requires, settings, scripts } = pipfile;
  const parts = [
    formatTomlTable({ source: sources.map(sourceTable) }),
    ...Array.from(categories, ([category, packages]) => {
      const lines = packages.map((entry) => {
        return `${formatTomlKey(entry.requirement.displayName)} = ${formatTomlValue(packageValue(entry))}\n`;
      });
      return `[${formatTomlKey(category)}]\n${lines.join("")}`;
    }),
    formatTomlTable({ requires, pipenv: settings, scripts }),
  ];
  return parts.filter((part) => part !== "" && part !== "source = []\n").join("\n");
}

export function sourceTable({ name, url, verifySsl }: PipfileSource): Table {
  return compact<Table>({ name, url, verify_ssl: verifySsl });
}

function packageValue({ requirement, direct, index }: PipfilePackage): unknown {
  const { specifiers, extras, marker } = requirement;
  const version = specifiers.clauses.map((clause) => clause.operator + clause.version).join(",") || "*";
  const more = compact<Table>({
    extras: extras.length === 0 ? undefined : extras,
    index,
    markers: marker && formatPipfileMarker(marker),
  });
  if (direct !== undefined) return { ...directTable(direct), ...more };
  return Object.keys(more).length === 0 ? version : { version, ...more };
}

/** Pipenv writes markers with single quotation marks. */
export function formatPipfileMarker(marker: Marker): string {
  const text = formatMarker(marker);
  return text.includes("'") ? text : text.replaceAll('"', "'");
}
