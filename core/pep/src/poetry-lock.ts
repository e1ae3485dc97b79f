// poetry.lock, versions 1.0 to 2.1: what Poetry chose, with digests by file name. From 2.1 on each package says in
// which groups and under which markers it is needed; before, that follows from pyproject.toml and the dependencies.
// https://python-poetry.org/docs/basic-usage/#installing-with-poetrylock

import { quote, ThothError } from "./error.ts";
import {
  compact,
  convert,
  fieldError,
  fieldOf,
  type Place,
  readTable,
  readText,
  readTextList,
  requireText,
  type Table,
  within,
} from "./fields.ts";
import {
  emptyForeignLock,
  type ForeignFile,
  type ForeignLock,
  type ForeignPackage,
  placesOfPackages,
} from "./foreign-lock.ts";
import type { LockRoots } from "./lock-roots.ts";
import { type LockTables, nameOf, readDigest, readFiles, readLockTables, readName } from "./lock-tables.ts";
import type { Marker } from "./marker.ts";
import type { ExtraName, PackageName } from "./name.ts";
import { parsePoetryConstraint, uniteAlternatives } from "./poetry-constraint.ts";
import { type PoetryLockPackage, statedCondition } from "./poetry-lock-markers.ts";
import { poetryReach } from "./poetry-lock-reach.ts";
import type { PylockArchive } from "./pylock.ts";
import type { Specifiers } from "./specifier.ts";
import { parseVersion, type Version } from "./version.ts";
import { compareVersions } from "./version-order.ts";

/**
 * `roots` is what pyproject.toml asks for. Throws invalid-lock with `details.path` or `details.line`; invalid-project
 * where the lock is older than 2.1 and there are no roots; limit-exceeded.
 */
export function parsePoetryLock(text: string, filename = "poetry.lock", roots?: LockRoots): ForeignLock {
  const tables = readLockTables(text, filename);
  const metadata = readTable(tables.table, "metadata", tables.place);
  const at = within(tables.place, "metadata");
  if (metadata === undefined) throw fieldError(at, "is missing");
  const version = convert(
    requireText(metadata, "lock-version", at),
    parseVersion,
    within(at, "lock-version"),
  );
  checkVersion(version, within(at, "lock-version"));
  const packages = tables.packages.map(({ table, place }) => ({
    name: readName(table, "name", place),
    version: convert(requireText(table, "version", place), parseVersion, within(place, "version")),
    table,
    place,
  }));
  const conditions = conditionsOf(packages, { version, tables, roots });
  const needed = packages.flatMap((entry, position) =>
    conditions.has(position) ? [foreignOf(entry, conditions.get(position), metadata, at)] : [],
  );
  const names = namesOf(packages, tables, roots);
  return compact<ForeignLock>({
    ...emptyForeignLock,
    format: "poetry",
    requiresPython: readPython(metadata, at),
    extras: names.extras.length === 0 ? undefined : names.extras,
    dependencyGroups: names.groups.length === 0 ? undefined : names.groups,
    defaultGroups: names.defaults.length === 0 ? undefined : names.defaults,
    packages: needed,
    projectHash: { algorithm: "sha256", digest: readText(metadata, "content-hash", at) ?? "" },
    places: placesOfPackages(needed),
    warnings: names.warnings,
  });
}

function checkVersion(version: Version, place: Place): void {
  const [major] = version.release;
  if (major === 1 || major === 2) return;
  throw fieldError(place, `is ${quote(version.text)}; known are the versions from 1.0 to before 3`);
}

function readPython(metadata: Table, place: Place): Specifiers | undefined {
  const text = readText(metadata, "python-versions", place);
  // A union of ranges with gaps is said by no specifiers; the packages have their own markers.
  return text === undefined
    ? undefined
    : uniteAlternatives(convert(text, parsePoetryConstraint, within(place, "python-versions")));
}

interface Circumstances {
  readonly version: Version;
  readonly tables: LockTables;
  readonly roots: LockRoots | undefined;
}

/** By the position of the package; what nothing needs is absent. */
function conditionsOf(
  packages: readonly PoetryLockPackage[],
  { version, tables, roots }: Circumstances,
): ReadonlyMap<number, Marker | undefined> {
  if (compareVersions(version, parseVersion("2.1")) >= 0)
    return new Map(packages.map((entry, position) => [position, statedCondition(entry)]));
  if (roots !== undefined) return poetryReach(packages, roots);
  throw new ThothError(
    "invalid-project",
    `${tables.place.document} has version ${version.text}, which does not say what is asked for`,
    { hint: "Put the project's `pyproject.toml` beside it, or lock again with Poetry 2." },
  );
}

function namesOf(packages: readonly PoetryLockPackage[], { table, place }: LockTables, roots?: LockRoots) {
  const extras = readTable(table, "extras", place) ?? {};
  const at = within(place, "extras");
  const stated = new Set<PackageName>(roots?.groups.keys() ?? []);
  for (const { table: entry, place: here } of packages) {
    for (const group of readTextList(entry, "groups", here) ?? []) stated.add(nameOf(group, here));
  }
  stated.delete("main" as PackageName);
  const groups = [...stated].sort();
  const defaults = groups.filter((name) => roots?.groups.get(name)?.optional === false);
  const warnings =
    groups.length === 0 || roots !== undefined
      ? []
      : ["No pyproject.toml says which groups are optional: none is installed unless it is asked for."];
  return {
    extras: Object.keys(extras).map((name) => nameOf(name, within(at, name)) as string as ExtraName),
    groups,
    defaults,
    warnings,
  };
}

function foreignOf(
  { name, version, table, place }: PoetryLockPackage,
  marker: Marker | undefined,
  metadata: Table,
  at: Place,
): ForeignPackage {
  const source = readTable(table, "source", place) ?? {};
  const here = within(place, "source");
  const type = readText(source, "type", here) ?? "index";
  const files = filesOf({ name, table, place }, metadata, at);
  const common = compact<ForeignPackage>({ name, version, marker, files: [] });
  const url = () => requireText(source, "url", here);
  const subdirectory = readText(source, "subdirectory", here);
  switch (type) {
    case "index":
      return { ...common, files };
    case "legacy":
      return { ...common, files, index: url() };
    case "git":
      return {
        ...common,
        vcs: compact({
          type,
          url: url(),
          requestedRevision: readText(source, "reference", here),
          commitId: requireText(source, "resolved_reference", here),
          subdirectory,
        }),
      };
    case "directory":
      return {
        ...common,
        directory: { path: url(), ...(fieldOf(table, "develop") === true ? { editable: true } : {}) },
      };
    case "file":
    case "url":
      return {
        ...common,
        archive: compact<PylockArchive>({
          url: type === "url" ? url() : undefined,
          path: type === "file" ? url() : undefined,
          hashes: files[0]?.hashes ?? {},
          subdirectory,
        }),
      };
    default:
      throw fieldError(within(here, "type"), `is ${quote(type)}, which is not known`);
  }
}

/** With the package from 2.0 on; before, in `metadata.files` by the package's name; of old, digests without names. */
function filesOf(
  { name, table, place }: Pick<PoetryLockPackage, "name" | "table" | "place">,
  metadata: Table,
  at: Place,
): readonly ForeignFile[] {
  if (fieldOf(table, "files") !== undefined) return readFiles(table, "files", place);
  for (const key of ["files", "hashes"] as const) {
    const lists = readTable(metadata, key, at) ?? {};
    const here = within(at, key);
    const written = Object.keys(lists).find((listed) => nameOf(listed, within(here, listed)) === name);
    if (written === undefined) continue;
    if (key === "files") return readFiles(lists, written, here);
    const texts = readTextList(lists, written, here) ?? [];
    return texts.map((text, position) => ({
      hashes: readDigest(
        text.includes(":") ? text : `sha256:${text}`,
        within(within(here, written), position),
      ),
    }));
  }
  return [];
}
