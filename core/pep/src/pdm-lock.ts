// pdm.lock, version 4: what PDM chose; a package with extras is an entry of its own beside the plain one. With the
// strategy `inherit_metadata` each says its groups and marker; without, these follow from pyproject.toml.
// https://pdm-project.org/latest/usage/lockfile/

import { quote, ThothError } from "./error.ts";
import {
  compact,
  convert,
  fieldError,
  fieldOf,
  type Place,
  readAs,
  readTable,
  readTableList,
  readText,
  readTextList,
  requireText,
  type Table,
  within,
} from "./fields.ts";
import {
  emptyForeignLock,
  extraMarker,
  type ForeignFile,
  type ForeignLock,
  type ForeignPackage,
  groupMarker,
} from "./foreign-lock.ts";
import type { LockRoots, PdmRoots } from "./lock-roots.ts";
import { nameOf, readFiles, readLockTables, readMarkerText, readName } from "./lock-tables.ts";
import type { Marker } from "./marker.ts";
import { alternateMarkers, joinMarkers } from "./marker-combine.ts";
import type { ExtraName, PackageName } from "./name.ts";
import { type PdmLockPackage, pdmReach } from "./pdm-lock-reach.ts";
import { parseSpecifiers, type Specifiers } from "./specifier.ts";
import { parseVersion, type Version } from "./version.ts";

/**
 * `roots` is what pyproject.toml asks for. Throws invalid-lock with `details.path` or `details.line`; invalid-project
 * where the lock does not say what is asked for and there are no roots; limit-exceeded.
 */
export function parsePdmLock(text: string, filename = "pdm.lock", roots?: PdmRoots): ForeignLock {
  const { table, place, packages: tables } = readLockTables(text, filename);
  const metadata = readTable(table, "metadata", place);
  const at = within(place, "metadata");
  if (metadata === undefined) throw fieldError(at, "is missing");
  const version = convert(
    requireText(metadata, "lock_version", at),
    parseVersion,
    within(at, "lock_version"),
  );
  if (version.release[0] !== 4)
    throw fieldError(within(at, "lock_version"), `is ${quote(version.text)}; known is version 4`);
  const packages = tables.map(({ table: entry, place: here }) =>
    compact<PdmLockPackage>({
      name: readName(entry, "name", here),
      version: readAs(entry, "version", here, parseVersion),
      extras: (readTextList(entry, "extras", here) ?? []).map((extra) =>
        nameOf(extra, within(here, "extras")),
      ),
      table: entry,
      place: here,
    }),
  );
  const names = namesOf(metadata, at, roots);
  const conditions = conditionsOf(packages, { place, roots, extras: new Set(names.extras) });
  return compact<ForeignLock>({
    ...emptyForeignLock,
    format: "pdm",
    requiresPython: readPython(metadata, at),
    extras: names.extras.length === 0 ? undefined : names.extras,
    dependencyGroups: names.groups.length === 0 ? undefined : names.groups,
    defaultGroups: names.defaults.length === 0 ? undefined : names.defaults,
    packages: united(packages, conditions).map(({ entry, marker }) =>
      foreignOf(entry, marker, { metadata, at }),
    ),
    projectHash: readHash(metadata, at),
    places: { ...emptyForeignLock.places, indexes: roots?.indexes ?? [] },
    warnings: [...names.warnings, ...targetWarnings(metadata, at)],
  });
}

function readHash(metadata: Table, place: Place): ForeignLock["projectHash"] | undefined {
  const [algorithm, digest] = (readText(metadata, "content_hash", place) ?? "").split(":");
  return algorithm === undefined || digest === undefined ? undefined : { algorithm, digest };
}

function readPython(metadata: Table, place: Place): Specifiers | undefined {
  const targets = readTableList(metadata, "targets", place) ?? [];
  const at = within(place, "targets");
  const only = targets.length === 1 ? targets[0] : undefined;
  return only === undefined ? undefined : readAs(only, "requires_python", within(at, 0), parseSpecifiers);
}

function targetWarnings(metadata: Table, place: Place): readonly string[] {
  const targets = readTableList(metadata, "targets", place) ?? [];
  const isNarrow = targets.some((target) => fieldOf(target, "platform") !== undefined);
  return isNarrow
    ? ["The lock was made for certain platforms; whether this is one of them is not checked."]
    : [];
}

/** PDM calls extras groups too; only pyproject.toml tells them apart. */
function namesOf(metadata: Table, place: Place, roots: LockRoots | undefined) {
  const stated = (readTextList(metadata, "groups", place) ?? [...(roots?.groups.keys() ?? [])]).map((name) =>
    nameOf(name, within(place, "groups")),
  );
  const others = stated.filter((name) => name !== "default");
  const isExtra = (name: PackageName) =>
    roots?.extras.has(name as string as ExtraName) === true && !roots.groups.has(name);
  const groups = others.filter((name) => !isExtra(name));
  const warnings =
    others.length === 0 || roots !== undefined
      ? []
      : [
          "No pyproject.toml says which groups are for development: none is installed unless it is asked for.",
        ];
  return {
    extras: others.filter(isExtra).map((name) => name as string as ExtraName),
    groups,
    defaults: roots === undefined ? [] : groups.filter((name) => roots.groups.has(name)),
    warnings,
  };
}

interface Circumstances {
  readonly place: Place;
  readonly roots: LockRoots | undefined;
  readonly extras: ReadonlySet<string>;
}

function conditionsOf(
  packages: readonly PdmLockPackage[],
  { place, roots, extras }: Circumstances,
): ReadonlyMap<number, Marker | undefined> {
  if (packages.every(({ table }) => fieldOf(table, "groups") !== undefined)) {
    return new Map(packages.map((entry, position) => [position, statedCondition(entry, extras)]));
  }
  if (roots !== undefined) return pdmReach(packages, roots);
  throw new ThothError("invalid-project", `${place.document} does not say in which groups its packages are`, {
    hint: "Put the project's `pyproject.toml` beside it, or lock with the strategy `inherit_metadata`.",
  });
}

function statedCondition({ table, place }: PdmLockPackage, extras: ReadonlySet<string>): Marker | undefined {
  const groups = (readTextList(table, "groups", place) ?? []).map((name) =>
    nameOf(name, within(place, "groups")),
  );
  const inGroups = alternateMarkers(
    groups.map((name) => {
      if (name === "default") return undefined;
      return extras.has(name) ? extraMarker(name as string as ExtraName) : groupMarker(name);
    }),
  );
  return joinMarkers([inGroups, readMarkerText(table, "marker", place)]);
}

/** A package and the same with extras are one. */
function united(packages: readonly PdmLockPackage[], conditions: ReadonlyMap<number, Marker | undefined>) {
  const groups = Map.groupBy(
    [...packages.keys()].filter((position) => conditions.has(position)),
    (position) => {
      const { name, version, table } = packages[position] as PdmLockPackage;
      return JSON.stringify([name, version?.text, fieldOf(table, "path"), fieldOf(table, "url")]);
    },
  );
  return Array.from(groups.values(), (positions) => {
    const plain = positions.find((position) => packages[position]?.extras.length === 0) ?? positions[0];
    return {
      entry: packages[plain as number] as PdmLockPackage,
      marker: alternateMarkers(positions.map((position) => conditions.get(position))),
    };
  });
}

function foreignOf(
  { name, version, table, place }: PdmLockPackage,
  marker: Marker | undefined,
  { metadata, at }: { readonly metadata: Table; readonly at: Place },
): ForeignPackage {
  const files = filesOf({ name, version, table, place }, metadata, at);
  const common = compact<ForeignPackage>({ name, version, marker, files: [] });
  const subdirectory = readText(table, "subdirectory", place);
  for (const type of ["git", "hg", "svn", "bzr"]) {
    const url = readText(table, type, place);
    if (url === undefined) continue;
    const requestedRevision = readText(table, "ref", place);
    const commitId = requireText(table, "revision", place);
    return { ...common, vcs: compact({ type, url, requestedRevision, commitId, subdirectory }) };
  }
  const path = readText(table, "path", place);
  const url = readText(table, "url", place);
  const hashes = files[0]?.hashes ?? {};
  if (url !== undefined) return { ...common, archive: compact({ url, hashes, subdirectory }) };
  if (path === undefined) return { ...common, files };
  if (/\.(?:whl|zip|tar\.gz|tgz)$/.test(path)) return { ...common, archive: { path, hashes } };
  return {
    ...common,
    directory: { path, ...(fieldOf(table, "editable") === true ? { editable: true } : {}) },
  };
}

/** With the package; in older locks in `metadata.files` by name and version. */
function filesOf(
  {
    name,
    version,
    table,
    place,
  }: Pick<PdmLockPackage, "name" | "table" | "place"> & { version: Version | undefined },
  metadata: Table,
  at: Place,
): readonly ForeignFile[] {
  if (fieldOf(table, "files") !== undefined) return readFiles(table, "files", place);
  const lists = readTable(metadata, "files", at) ?? {};
  const here = within(at, "files");
  const written = Object.keys(lists).find((key) => {
    const [listed = "", text] = key.split(" ");
    return nameOf(listed, within(here, key)) === name && text === fieldOf(table, "version");
  });
  if (written === undefined || version === undefined) return [];
  return readFiles(lists, written, here);
}
