// What uv keeps in `[tool.uv]` of pyproject.toml and of scripts, as far as it says what a project needs and where
// that comes from. https://docs.astral.sh/uv/reference/settings/

import { type DirectSource, readDirectSource } from "./direct-source.ts";
import {
  compact,
  convert,
  describeType,
  fieldError,
  fieldOf,
  isTable,
  type Place,
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
import { type Marker, parseMarker } from "./marker.ts";
import { isValidName, normalizeName, type PackageName, parsePackageName } from "./name.ts";
import type { ProjectFileIndex } from "./project-file.ts";
import { type Requirement, readRequirements } from "./requirement.ts";

export interface UvSource {
  readonly direct?: DirectSource;
  /** The name of one of the indexes. */
  readonly index?: string;
  readonly marker?: Marker;
}

export interface UvSettings {
  readonly indexes: readonly ProjectFileIndex[];
  readonly sources: ReadonlyMap<PackageName, readonly UvSource[]>;
  readonly constraints: readonly Requirement[];
  readonly devDependencies: readonly Requirement[];
  readonly findLinks: readonly string[];
  readonly noIndex: boolean;
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  readonly prereleases: readonly string[];
  /** What is there and not followed. */
  readonly warnings: readonly string[];
}

/** From the table `tool.uv`. Throws with the code of `place` and `details.path`. */
export function readUvSettings(table: Table, place: Place): UvSettings {
  const warnings: string[] = [];
  if (fieldOf(table, "override-dependencies") !== undefined) {
    warnings.push(fieldError(within(place, "override-dependencies"), "is not followed").message);
  }
  return {
    indexes: readIndexes(table, place),
    sources: readSources(table, place, warnings),
    constraints: readRequirements(table, "constraint-dependencies", place) ?? [],
    devDependencies: readRequirements(table, "dev-dependencies", place) ?? [],
    findLinks: readTextList(table, "find-links", place) ?? [],
    noIndex: readBoolean(table, "no-index", place) ?? false,
    noBinary: readNames(table, "no-binary", place),
    onlyBinary: readNames(table, "no-build", place),
    prereleases: readText(table, "prerelease", place) === "allow" ? [":all:"] : [],
    warnings,
  };
}

function readIndexes(table: Table, place: Place): readonly ProjectFileIndex[] {
  const indexes: ProjectFileIndex[] = [];
  readTableList(table, "index", place)?.forEach((entry, position) => {
    const at = within(within(place, "index"), position);
    const name = readText(entry, "name", at);
    const explicit = readBoolean(entry, "explicit", at) === true;
    const role = explicit ? "explicit" : readBoolean(entry, "default", at) === true ? "default" : "extra";
    indexes.push({ ...(name === undefined ? {} : { name }), url: requireText(entry, "url", at), role });
  });
  for (const url of readTextList(table, "extra-index-url", place) ?? []) indexes.push({ url, role: "extra" });
  const url = readText(table, "index-url", place);
  if (url !== undefined) indexes.push({ url, role: "default" });
  return indexes;
}

const mostSources = 100;

function readSources(
  table: Table,
  place: Place,
  warnings: string[],
): ReadonlyMap<PackageName, readonly UvSource[]> {
  const entries = readTable(table, "sources", place) ?? {};
  const sources = new Map<PackageName, readonly UvSource[]>();
  for (const name of Object.keys(entries)) {
    const at = within(within(place, "sources"), name);
    if (!isValidName(name)) throw fieldError(at, "is no valid name of a package");
    const value = entries[name];
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length > mostSources) throw fieldError(at, `has more than ${mostSources} sources`);
    const found = list.flatMap((entry) => readSource(entry, at, warnings));
    sources.set(normalizeName(name), found);
  }
  return sources;
}

function readSource(entry: unknown, place: Place, warnings: string[]): readonly UvSource[] {
  if (!isTable(entry)) throw fieldError(place, `must be a table, not ${describeType(entry)}`);
  const unfollowed = ["workspace", "extra", "group"].find((key) => fieldOf(entry, key) !== undefined);
  if (unfollowed !== undefined) {
    warnings.push(fieldError(within(place, unfollowed), "is not followed").message);
    return [];
  }
  return [
    compact<UvSource>({
      direct: readDirectSource(entry, place),
      index: readText(entry, "index", place),
      marker: readAs(entry, "marker", place, parseMarker),
    }),
  ];
}

/** `no-binary = true`, and the names of `no-binary-package`. */
function readNames(table: Table, key: "no-binary" | "no-build", place: Place): readonly string[] {
  const all = readBoolean(table, key, place) === true;
  const list = readTextList(table, `${key}-package`, place) ?? [];
  const at = within(place, `${key}-package`);
  const names = list.map((name, position) => convert(name, parsePackageName, within(at, position)));
  return all ? [":all:", ...names] : names;
}
