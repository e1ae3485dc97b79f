// uv.lock, version 1: what each package needs, and from which files it comes. The packages that it was made for (the
// members of the workspace) stand among the others, with a source that is a folder.
// https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile

import { quote, ThothError } from "./error.ts";
import {
  compact,
  convert,
  fieldError,
  fieldOf,
  type Place,
  readAs,
  readCount,
  readTable,
  readTableList,
  readText,
  readTextList,
  type Table,
  within,
} from "./fields.ts";
import {
  emptyForeignLock,
  extraMarker,
  type ForeignLock,
  type ForeignPackage,
  groupMarker,
  placesOfPackages,
} from "./foreign-lock.ts";
import { type LockEdge, reachedWhen } from "./lock-graph.ts";
import {
  nameOf,
  readFiles,
  readLockedFile,
  readLockTables,
  readMarkerText,
  readName,
} from "./lock-tables.ts";
import { type Marker, parseMarker } from "./marker.ts";
import { joinMarkers } from "./marker-combine.ts";
import type { ExtraName, PackageName } from "./name.ts";
import { parseSpecifiers } from "./specifier.ts";
import { readUvSource, type UvSource } from "./uv-source.ts";
import { parseVersion, type Version } from "./version.ts";

export interface UvPackage {
  readonly name: PackageName;
  readonly version?: Version;
  readonly source: UvSource;
  readonly table: Table;
  readonly place: Place;
}

/** Groups that are installed where nothing is asked for: https://docs.astral.sh/uv/concepts/projects/dependencies/. */
const ordinaryGroups = ["dev"];

export interface UvLockOptions {
  /** `tool.uv.default-groups`: names, or `all`. */
  readonly defaultGroups?: readonly string[] | "all";
}

/** Throws invalid-lock with `details.path` or `details.line`, or limit-exceeded. */
export function parseUvLock(text: string, filename = "uv.lock", options: UvLockOptions = {}): ForeignLock {
  const { table, place, packages: tables } = readLockTables(text, filename);
  checkVersion(table, place);
  if ((readTableListOrLists(table, place)?.length ?? 0) > 0) throw hasConflicts(place);
  const packages = tables.map(({ table: entry, place: at }) => readEntry(entry, at));
  const roots = packages.filter(({ source }) => source.kind === "project");
  if (roots.length > 1) throw manyMembers(place, roots);
  const graph = new Graph(packages);
  const root = roots[0];
  const { extras, groups, edges } =
    root === undefined ? scriptRoot(table, place, graph) : rootOf(root, graph);
  const reached = reachedWhen(edges, (node) => graph.edgesOf(node));
  const wanted = options.defaultGroups ?? ordinaryGroups;
  const defaults = wanted === "all" ? groups : groups.filter((name) => wanted.includes(name));
  const needed = packages.flatMap((entry, position) => {
    const node = String(position);
    return entry !== root && reached.has(node) ? [foreignOf(entry, reached.get(node))] : [];
  });
  const at = within(place, "supported-markers");
  const supported = readTextList(table, "supported-markers", place);
  return compact<ForeignLock>({
    ...emptyForeignLock,
    format: "uv",
    environments: supported?.map((marker, position) => convert(marker, parseMarker, within(at, position))),
    requiresPython: readAs(table, "requires-python", place, parseSpecifiers),
    extras: extras.length === 0 ? undefined : extras,
    dependencyGroups: groups.length === 0 ? undefined : groups,
    defaultGroups: defaults.length === 0 ? undefined : defaults,
    packages: needed,
    places: placesOfPackages(needed),
  });
}

function checkVersion(table: Table, place: Place): void {
  const version = readCount(table, "version", place);
  if (version === 1) return;
  throw fieldError(within(place, "version"), `is ${version ?? "missing"}; known is version 1`);
}

/** `conflicts` is a list of lists. */
function readTableListOrLists(table: Table, place: Place): readonly unknown[] | undefined {
  const value = fieldOf(table, "conflicts");
  if (value === undefined || Array.isArray(value)) return value as readonly unknown[] | undefined;
  throw fieldError(within(place, "conflicts"), "must be a list");
}

function hasConflicts(place: Place): ThothError {
  return withHint(
    fieldError(
      within(place, "conflicts"),
      "names extras or groups that exclude each other, which is not read",
    ),
    "Export one of them with `uv export --format pylock.toml`.",
  );
}

function manyMembers(place: Place, roots: readonly UvPackage[]): ThothError {
  const names = roots.slice(0, 10).map(({ name }) => name);
  return withHint(
    fieldError(within(place, "package"), `has several members of a workspace: ${quote(names.join(", "))}`),
    "Export the one that you mean with `uv export --format pylock.toml --package NAME`.",
  );
}

function withHint(error: ThothError, hint: string): ThothError {
  return new ThothError(error.code, error.message, { hint, details: error.details, cause: error.cause });
}

function readEntry(table: Table, place: Place): UvPackage {
  return compact<UvPackage>({
    name: readName(table, "name", place),
    version: readAs(table, "version", place, parseVersion),
    source: readUvSource(table, place),
    table,
    place,
  });
}

interface Root {
  readonly extras: readonly ExtraName[];
  readonly groups: readonly PackageName[];
  readonly edges: readonly LockEdge[];
}

/** The lock of a script has no project; what the script asks for stands in the manifest. */
function scriptRoot(table: Table, place: Place, graph: Graph): Root {
  const manifest = readTable(table, "manifest", place) ?? {};
  const edges = graph.edges(manifest, "requirements", within(place, "manifest"));
  if (edges.length > 0) return { extras: [], groups: [], edges };
  throw withHint(
    fieldError(
      within(place, "package"),
      "has no project at `.` and no script, so it is not known what is asked for",
    ),
    "Export the member that you mean with `uv export --format pylock.toml --package NAME`.",
  );
}

function rootOf({ table, place }: UvPackage, graph: Graph): Root {
  const extras = tablesOf(table, "optional-dependencies", place);
  const groups = tablesOf(table, "dev-dependencies", place);
  return {
    extras: extras.map(({ name }) => name as string as ExtraName),
    groups: groups.map(({ name }) => name),
    edges: [
      ...graph.edges(table, "dependencies", place),
      ...extras.flatMap(({ entries, key, at, name }) =>
        graph.edges(entries, key, at, extraMarker(name as string as ExtraName)),
      ),
      ...groups.flatMap(({ entries, key, at, name }) => graph.edges(entries, key, at, groupMarker(name))),
    ],
  };
}

/** The lists of a table, by name in normal form; all that the specification of names allows. */
function tablesOf(table: Table, key: string, place: Place) {
  const entries = readTable(table, key, place) ?? {};
  const at = within(place, key);
  return Object.keys(entries).map((name) => ({
    entries,
    key: name,
    at,
    name: nameOf(name, within(at, name)),
  }));
}

/** Nodes are positions, `3`, and positions with an extra, `3[more]`. */
class Graph {
  readonly #packages: readonly UvPackage[];
  readonly #byName: ReadonlyMap<PackageName, readonly number[]>;

  constructor(packages: readonly UvPackage[]) {
    this.#packages = packages;
    this.#byName = Map.groupBy(packages.keys(), (position) => (packages[position] as UvPackage).name);
  }

  edgesOf(node: string): readonly LockEdge[] {
    const [position = "", extra] = node.split(/[[\]]/);
    const { table, place } = this.#packages[Number(position)] as UvPackage;
    if (extra === undefined) return this.edges(table, "dependencies", place);
    const found = tablesOf(table, "optional-dependencies", place).find(({ name }) => name === extra);
    return found === undefined ? [] : this.edges(found.entries, found.key, found.at);
  }

  /** One for each package of the list, and for each of its extras, under `condition` too. */
  edges(table: Table, key: string, place: Place, condition?: Marker): LockEdge[] {
    const at = within(place, key);
    return (readTableList(table, key, place) ?? []).flatMap((entry, position) => {
      const here = within(at, position);
      const to = this.#find(entry, here);
      const marker = joinMarkers([condition, readMarkerText(entry, "marker", here)]);
      const extras = readTextList(entry, "extra", here) ?? readTextList(entry, "extras", here) ?? [];
      return [`${to}`, ...extras.map((extra) => `${to}[${nameOf(extra, here)}]`)].map((node) => ({
        to: node,
        marker,
      }));
    });
  }

  /** The one that the name tells, else the version, else the source. */
  #find(table: Table, place: Place): number {
    const name = readName(table, "name", place);
    const version = readText(table, "version", place);
    const source = readTable(table, "source", place);
    const found = (this.#byName.get(name) ?? []).filter((position) => {
      const entry = this.#packages[position] as UvPackage;
      return (
        (version === undefined ||
          entry.version?.text === version ||
          fieldOf(entry.table, "version") === version) &&
        (source === undefined || sameTable(source, readTable(entry.table, "source", entry.place)))
      );
    });
    if (found.length === 1) return found[0] as number;
    const problem = found.length === 0 ? "which the lock does not have" : "of which the lock has several";
    throw fieldError(place, `asks for ${quote(name)}, ${problem}`);
  }
}

function sameTable(left: Table, right: Table | undefined): boolean {
  const text = (table: Table) => JSON.stringify(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
  return right !== undefined && text(left) === text(right);
}

function foreignOf(
  { name, version, source, table, place }: UvPackage,
  marker: Marker | undefined,
): ForeignPackage {
  const sdist = readTable(table, "sdist", place);
  const files = [
    ...(sdist === undefined ? [] : [readAt(sdist, source, within(place, "sdist"))]),
    ...readFiles(table, "wheels", place).map((file) => addressed(file, source)),
  ];
  const common = compact<ForeignPackage>({ name, version, marker, files: [] });
  switch (source.kind) {
    case "index":
      return { ...common, index: source.url, files };
    case "vcs":
      return { ...common, vcs: source.vcs };
    case "directory":
    case "project":
      return { ...common, directory: source.directory };
    case "archive":
      return { ...common, archive: { ...source.archive, hashes: hashesOf(files, place) } };
    default:
      return source satisfies never;
  }
}

/** The file of a direct source has no address of its own. */
function readAt(table: Table, source: UvSource, place: Place) {
  return addressed(readLockedFile(table, place), source);
}

/** Paths in a flat index are relative to it. */
function addressed<T extends { readonly path?: string }>(file: T, source: UvSource): T {
  if (file.path === undefined || source.kind !== "index" || source.folder === undefined) return file;
  return { ...file, path: `${source.folder.replace(/[\\/]$/, "")}/${file.path}` };
}

function hashesOf(files: ForeignPackage["files"], place: Place): Readonly<Record<string, string>> {
  const [file] = files;
  if (file !== undefined) return file.hashes;
  throw fieldError(place, "has no digest");
}
