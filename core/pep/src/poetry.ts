// `[tool.poetry]` of pyproject.toml: https://python-poetry.org/docs/pyproject/. Poetry names versions in its own
// way, and says in tables what a requirement says in its marker.

import { type DirectSource, directUrl, readDirectSource } from "./direct-source.ts";
import { quote, ThothError } from "./error.ts";
import {
  compact,
  convert,
  describeType,
  fieldError,
  fieldOf,
  isTable,
  type Place,
  readBoolean,
  readTable,
  readTableList,
  readText,
  readTextList,
  type Table,
  within,
} from "./fields.ts";
import { type Marker, parseMarker } from "./marker.ts";
import { alternateMarkers, joinMarkers } from "./marker-combine.ts";
import { type ExtraName, isValidName, normalizeName, type PackageName, parseExtraName } from "./name.ts";
import { parsePoetryConstraint, uniteAlternatives } from "./poetry-constraint.ts";
import type { ProjectFileIndex } from "./project-file.ts";
import type { Requirement } from "./requirement.ts";
import { NO_SPECIFIERS, type Specifiers } from "./specifier.ts";

export interface PoetryDependency {
  readonly requirement: Requirement;
  readonly direct?: DirectSource;
  /** Only for the extras that name it. */
  readonly optional: boolean;
  readonly prereleases: boolean;
  /** The name of one of the indexes. */
  readonly index?: string;
  /** `tool.poetry.dependencies.requests`. */
  readonly path: string;
}

export interface PoetryGroup {
  readonly displayName: string;
  readonly optional: boolean;
  readonly dependencies: readonly PoetryDependency[];
  readonly includes: readonly PackageName[];
}

export interface Poetry {
  readonly name?: PackageName;
  readonly python?: Specifiers;
  readonly dependencies: readonly PoetryDependency[];
  readonly groups: ReadonlyMap<PackageName, PoetryGroup>;
  readonly extras: ReadonlyMap<ExtraName, readonly PackageName[]>;
  readonly indexes: readonly ProjectFileIndex[];
}

/** From the table `tool.poetry`. Throws with the code of `place` and `details.path`. */
export function readPoetry(table: Table, place: Place): Poetry {
  const name = readText(table, "name", place);
  const python = fieldOf(readTable(table, "dependencies", place) ?? {}, "python");
  const at = within(within(place, "dependencies"), "python");
  return compact<Poetry>({
    name: name !== undefined && isValidName(name) ? normalizeName(name) : undefined,
    python: typeof python === "string" ? readVersions(python, at) : undefined,
    dependencies: readDependencies(table, "dependencies", place),
    groups: readGroups(table, place),
    extras: readExtras(table, place),
    indexes: readIndexes(table, place),
  });
}

function readDependencies(table: Table, key: string, place: Place): readonly PoetryDependency[] {
  const entries = readTable(table, key, place) ?? {};
  const at = within(place, key);
  return Object.keys(entries).flatMap((name) => {
    if (normalizeName(name) === "python") return [];
    if (!isValidName(name)) throw fieldError(within(at, name), "is no valid name of a package");
    const value = fieldOf(entries, name);
    // Several tables: other versions under other markers.
    if (!Array.isArray(value)) return [readDependency(name, value, within(at, name))];
    return value.map((part, position) => readDependency(name, part, within(within(at, name), position)));
  });
}

function readDependency(displayName: string, value: unknown, place: Place): PoetryDependency {
  const table: Table = typeof value === "string" ? { version: value } : (value as Table);
  if (!isTable(table)) throw fieldError(place, `must be text or a table, not ${describeType(value)}`);
  const direct = readDirectSource(table, place);
  const version = readText(table, "version", place);
  const specifiers =
    direct !== undefined || version === undefined
      ? NO_SPECIFIERS
      : readVersions(version, within(place, "version"));
  const marker = readConditions(table, place);
  const extras = readTextList(table, "extras", place)?.map((extra, position) => {
    return convert(extra, parseExtraName, within(within(place, "extras"), position));
  });
  return compact<PoetryDependency>({
    requirement: compact<Requirement>({
      name: normalizeName(displayName),
      displayName,
      extras: [...new Set(extras)].sort(),
      specifiers,
      url: direct && directUrl(direct),
      marker,
    }),
    direct,
    optional: readBoolean(table, "optional", place) ?? false,
    prereleases:
      (readBoolean(table, "allow-prereleases", place) ?? readBoolean(table, "allows-prereleases", place)) ===
      true,
    index: readText(table, "source", place),
    path: place.path,
  });
}

function readVersions(text: string, place: Place): Specifiers {
  const specifiers = uniteAlternatives(convert(text, parsePoetryConstraint, place));
  if (specifiers !== undefined) return specifiers;
  throw new ThothError(
    place.code,
    fieldError(place, `is ${quote(text)}, which no requirement can say`).message,
    {
      hint: "Name one range, with `!=` for what it leaves out.",
      details: { path: place.path },
    },
  );
}

/** `python`, `platform` and `markers` as one marker. */
function readConditions(table: Table, place: Place): Marker | undefined {
  const python = readText(table, "python", place);
  const platform = readText(table, "platform", place);
  const markers = readText(table, "markers", place);
  return joinMarkers([
    python === undefined ? undefined : convert(python, pythonMarker, within(place, "python")),
    platform === undefined ? undefined : convert(platform, platformMarker, within(place, "platform")),
    markers === undefined ? undefined : convert(markers, parseMarker, within(place, "markers")),
  ]);
}

/** Two parts are enough for `python_version`, where it means the same. */
function pythonMarker(text: string): Marker | undefined {
  return alternateMarkers(
    parsePoetryConstraint(text).map(({ clauses }) =>
      joinMarkers(
        clauses.map(({ operator, version, parsed, wildcard }) => {
          const parts = parsed?.release.length ?? 0;
          const short =
            (parts <= 2 && (operator === ">=" || operator === "<")) ||
            (parts === 2 && (operator === "==" || operator === "!="));
          const written = wildcard && parts === 2 ? version.slice(0, -2) : version;
          return parseMarker(`${short ? "python_version" : "python_full_version"} ${operator} "${written}"`);
        }),
      ),
    ),
  );
}

/** `linux`, `!=win32`, `darwin || linux`. */
function platformMarker(text: string): Marker | undefined {
  const words = (part: string) => part.split(/[\s,]+/).filter((word) => word !== "");
  return alternateMarkers(
    text.split(/\|\|?/).map((part) =>
      joinMarkers(
        words(part.replace(/(!=|==?)\s{1,100}/g, "$1")).map((word) => {
          const match = /^(!=|==?)?([\w.-]{1,100})$/.exec(word);
          if (match !== null)
            return parseMarker(`sys_platform ${match[1] === "!=" ? "!=" : "=="} "${match[2]}"`);
          throw new ThothError("invalid-requirement", `${quote(text)} is not a valid platform`);
        }),
      ),
    ),
  );
}

function readGroups(table: Table, place: Place): ReadonlyMap<PackageName, PoetryGroup> {
  const groups = new Map<PackageName, PoetryGroup>();
  const entries = readTable(table, "group", place) ?? {};
  for (const displayName of Object.keys(entries)) {
    const at = within(within(place, "group"), displayName);
    const group = readTable(entries, displayName, within(place, "group")) ?? {};
    const name = normalizeName(displayName);
    if (groups.has(name)) throw fieldError(at, "is a group that was there before");
    groups.set(name, {
      displayName,
      optional: readBoolean(group, "optional", at) ?? false,
      dependencies: readDependencies(group, "dependencies", at),
      includes: (readTextList(group, "include-groups", at) ?? []).map(normalizeName),
    });
  }
  const old = readDependencies(table, "dev-dependencies", place);
  if (old.length === 0) return groups;
  const dev = normalizeName("dev");
  const group = groups.get(dev) ?? { displayName: "dev", optional: false, dependencies: [], includes: [] };
  return groups.set(dev, { ...group, dependencies: [...group.dependencies, ...old] });
}

function readExtras(table: Table, place: Place): ReadonlyMap<ExtraName, readonly PackageName[]> {
  const extras = new Map<ExtraName, readonly PackageName[]>();
  const entries = readTable(table, "extras", place) ?? {};
  const at = within(place, "extras");
  for (const key of Object.keys(entries)) {
    const names = readTextList(entries, key, at) ?? [];
    extras.set(convert(key, parseExtraName, within(at, key)), names.map(normalizeName));
  }
  return extras;
}

const standardIndex = "https://pypi.org/simple/";

/** A primary source stands in for the standard index; a supplemental one beside it. */
function readIndexes(table: Table, place: Place): readonly ProjectFileIndex[] {
  const sources = (readTableList(table, "source", place) ?? []).map((source, position) => {
    const at = within(within(place, "source"), position);
    const name = readText(source, "name", at);
    const url = readText(source, "url", at) ?? (name?.toLowerCase() === "pypi" ? standardIndex : undefined);
    if (url === undefined) throw fieldError(within(at, "url"), "is missing");
    return { name, url, priority: readText(source, "priority", at) ?? "primary" };
  });
  const rank = (priority: string) =>
    ["default", "primary", "secondary", "supplemental", "explicit"].indexOf(priority);
  const ordered = [...sources].sort((left, right) => rank(left.priority) - rank(right.priority));
  return ordered.map(({ name, url, priority }, position) => {
    const primary = priority === "primary" || priority === "default";
    const role = priority === "explicit" ? "explicit" : primary && position === 0 ? "default" : "extra";
    return { ...(name === undefined ? {} : { name }), url, role };
  });
}
