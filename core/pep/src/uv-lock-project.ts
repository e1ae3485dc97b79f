// Whether a uv.lock is that of a pyproject.toml: the lock repeats what the project asks for.
// https://docs.astral.sh/uv/concepts/projects/sync/#checking-the-lockfile

import { expandDependencyGroup } from "./dependency-groups.ts";
import { quote } from "./error.ts";
import {
  fieldOf,
  isTable,
  placeOf,
  readAs,
  readTable,
  readTableList,
  readTextList,
  type Table,
} from "./fields.ts";
import { readLockTables, readMarkerText, readName } from "./lock-tables.ts";
import { formatMarker, parseMarker } from "./marker.ts";
import { joinMarkers } from "./marker-combine.ts";
import { normalizeName } from "./name.ts";
import { type Pyproject, readPyproject } from "./pyproject.ts";
import { parseRequirement, type Requirement } from "./requirement.ts";
import { NO_SPECIFIERS, parseSpecifiers, type Specifiers } from "./specifier.ts";
import { parseToml } from "./toml.ts";
import { readUvSource } from "./uv-source.ts";

/** The first difference in words; undefined where there is none. Throws invalid-lock, invalid-project, limit-exceeded. */
export function compareUvLock(lock: string, pyproject: string): string | undefined {
  const { table, place: lockPlace, packages } = readLockTables(lock, "uv.lock");
  const place = placeOf("invalid-project", "The file `pyproject.toml`");
  const project = readPyproject(parseToml(pyproject, place), place);
  const root = packages.find(({ table: entry, place: at }) => readUvSource(entry, at).kind === "project");
  const metadata = root === undefined ? {} : (readTable(root.table, "metadata", root.place) ?? {});
  const python = readAs(table, "requires-python", lockPlace, parseSpecifiers) ?? NO_SPECIFIERS;
  const wanted = project.project?.requiresPython;
  if (wanted !== undefined && clausesOf(python) !== clausesOf(wanted))
    return `it is for Python ${quote(python.text)}, and ${quote(wanted.text)} is asked for`;
  const at = root?.place ?? lockPlace;
  return (
    difference(listed(metadata, "requires-dist", at), statedOf(project), "it asks for") ??
    groupDifference(readTable(metadata, "requires-dev", at) ?? {}, project, at)
  );
}

type LockPlace = ReturnType<typeof placeOf>;

/** The same clauses in any order. */
function clausesOf({ clauses }: Specifiers): string {
  return clauses
    .map(({ operator, version }) => operator + version)
    .sort()
    .join();
}

function listed(table: Table, key: string, place: LockPlace): readonly string[] {
  return (readTableList(table, key, place) ?? []).map((entry) => {
    const marker = readMarkerText(entry, "marker", place);
    const specifiers = readAs(entry, "specifier", place, parseSpecifiers) ?? NO_SPECIFIERS;
    return lineOf(
      readName(entry, "name", place),
      readTextList(entry, "extras", place) ?? [],
      // What lies at a place of its own is compared by name.
      isPlaced(entry) ? "" : clausesOf(specifiers),
      marker === undefined ? "" : formatMarker(marker),
    );
  });
}

function isPlaced(entry: Table): boolean {
  return ["git", "url", "path", "directory", "editable", "virtual"].some(
    (key) => fieldOf(entry, key) !== undefined,
  );
}

function lineOf(name: string, extras: readonly string[], specifiers: string, marker: string): string {
  const names = extras.length === 0 ? "" : `[${extras.map(normalizeName).sort().join()}]`;
  return `${normalizeName(name)}${names}${specifiers}${marker === "" ? "" : ` ; ${marker}`}`;
}

function statedLine(requirement: Requirement, placed: ReadonlySet<string>, extra?: string): string {
  const { name, extras, specifiers, url } = requirement;
  const own = extra === undefined ? undefined : parseMarker(`extra == "${extra}"`);
  const marker = joinMarkers([requirement.marker, own]);
  const isElsewhere = url !== undefined || placed.has(name);
  return lineOf(
    name,
    extras,
    isElsewhere ? "" : clausesOf(specifiers),
    marker === undefined ? "" : formatMarker(marker),
  );
}

/** Packages for which `tool.uv.sources` names another place than an index. */
function placedOf({ tool }: Pyproject): ReadonlySet<string> {
  const uv = fieldOf(tool, "uv");
  const sources = isTable(uv) ? fieldOf(uv, "sources") : undefined;
  if (!isTable(sources)) return new Set();
  return new Set(
    Object.keys(sources)
      .filter((name) => {
        const source = sources[name];
        return (Array.isArray(source) ? source : [source]).some(
          (one) => isTable(one) && fieldOf(one, "index") === undefined,
        );
      })
      .map(normalizeName),
  );
}

function statedOf(pyproject: Pyproject): readonly string[] {
  const placed = placedOf(pyproject);
  const { dependencies = [], optionalDependencies = new Map() } = pyproject.project ?? {};
  return [
    ...dependencies.map((requirement) => statedLine(requirement, placed)),
    ...Array.from(optionalDependencies, ([extra, { requirements }]) =>
      requirements.map((requirement: Requirement) => statedLine(requirement, placed, extra)),
    ).flat(),
  ];
}

function groupDifference(table: Table, pyproject: Pyproject, place: LockPlace): string | undefined {
  const placed = placedOf(pyproject);
  const groups = new Map<string, readonly string[]>();
  for (const name of pyproject.dependencyGroups.keys()) {
    const entries = expandDependencyGroup(pyproject.dependencyGroups, name);
    groups.set(
      name,
      entries.map(({ requirement }) => statedLine(requirement, placed)),
    );
  }
  const uv = fieldOf(pyproject.tool, "uv");
  const old = isTable(uv) ? (readTextList(uv, "dev-dependencies", place) ?? []) : [];
  if (old.length > 0) {
    const lines = old.map((line) => statedLine(parseRequirement(line), placed));
    groups.set("dev", [...(groups.get("dev") ?? []), ...lines]);
  }
  for (const name of new Set([...Object.keys(table), ...groups.keys()])) {
    const found = difference(
      listed(table, name, place),
      groups.get(name) ?? [],
      `the group ${name} asks for`,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function difference(locked: readonly string[], stated: readonly string[], what: string): string | undefined {
  const [inLock, inProject] = [new Set(locked.map(canonical)), new Set(stated.map(canonical))];
  const more = [...inProject].find((line) => !inLock.has(line));
  if (more !== undefined) return `${what} ${quote(more)} now`;
  const less = [...inLock].find((line) => !inProject.has(line));
  return less === undefined ? undefined : `${what} ${quote(less)} no longer`;
}

/** Markers that differ in quotation marks and in the order of their conditions. */
function canonical(line: string): string {
  const [requirement = "", marker] = line.split(" ; ");
  if (marker === undefined || / or |\(/.test(marker)) return line;
  return `${requirement} ; ${marker.split(" and ").sort().join(" and ")}`;
}
