// Stacks of several environments as one lock: what is the same everywhere is one entry, what is not needed everywhere has a
// marker, and a package with several versions has an entry for each, of which a machine sees one.
// https://packaging.python.org/en/latest/specifications/pylock-toml/

import {
  alternateMarkers,
  formatMarker,
  joinMarkers,
  type Marker,
  type MarkerEnvironment,
  type PackageName,
  type Pylock,
  parseMarker,
  parseSpecifiers,
  parseVersion,
  type Specifiers,
  separatingMarker,
  TELLING_VARIABLES,
} from "@thoth/pep";
import type { JointProduct } from "./joint-resolution.ts";
import {
  DEFAULT_GROUP,
  documentedPackage,
  environmentMarker,
  groupMarker,
  type LockDocument,
  type LockOptions,
  pylockPackage,
} from "./lock.ts";
import type { ChosenFile, ChosenPackage, Product } from "./project.ts";

/** A package in one version, for all environments that have it. */
export interface JointEntry {
  readonly item: ChosenPackage;
  readonly marker: Marker | undefined;
  /** Places of its environments among the products. */
  readonly environments: readonly number[];
}

type Held = readonly [environment: number, item: ChosenPackage];

/** Sorted by name, and a package's by the place of the first environment. */
export function jointEntries({ products }: JointProduct): readonly JointEntry[] {
  const all = products.map(markersOf);
  const held = products.flatMap(({ packages }, at) => packages.map((item): Held => [at, item]));
  const entries = Map.groupBy(held, ([, { name, version }]) => `${name} ${version}`);
  return [...entries.values()]
    .map((entry) => jointEntry(entry, all))
    .sort((a, b) =>
      a.item.name === b.item.name
        ? (a.environments[0] ?? 0) - (b.environments[0] ?? 0)
        : a.item.name < b.item.name
          ? -1
          : 1,
    );
}

/** Packages of which environments have different versions, by name. */
export function differencesOf(entries: readonly JointEntry[]): readonly PackageName[] {
  const times = Map.groupBy(entries, ({ item }) => item.name);
  return [...times].flatMap(([name, of]) => (of.length > 1 ? [name] : []));
}

function markersOf({ project }: Product): MarkerEnvironment {
  return project.target.markers;
}

function jointEntry(held: readonly Held[], all: readonly MarkerEnvironment[]): JointEntry {
  const items = held.map(([, item]) => item);
  const first = items[0] as ChosenPackage;
  const union = <K extends "extras" | "groups" | "requires" | "requiredBy">(key: K): ChosenPackage[K] =>
    [...new Set<string>(items.flatMap((item) => item[key]))].sort() as unknown as ChosenPackage[K];
  const files = new Map<string, ChosenFile>();
  for (const file of items.flatMap((item) => item.files)) files.set(file.filename, file);
  const listed = [...files.values()].sort((a, b) => (a.filename < b.filename ? -1 : 1));
  const isSame = items.every(({ requiresPython }) => requiresPython === first.requiresPython);
  return {
    item: {
      ...first,
      requiresPython: isSame ? first.requiresPython : undefined,
      files: listed,
      installs: listed.findIndex(({ filename }) => filename === first.files[first.installs]?.filename),
      extras: union("extras"),
      groups: union("groups"),
      requires: union("requires"),
      requiredBy: union("requiredBy"),
    },
    marker: jointMarker(held, all),
    environments: held.map(([at]) => at),
  };
}

/** Where a package belongs to other groups in some environments than in others, each has its say. */
function jointMarker(held: readonly Held[], all: readonly MarkerEnvironment[]): Marker | undefined {
  const ways = Map.groupBy(held, ([, { groups }]) => groupMarker(groups));
  const markers = [...ways].map(([group, of]) => {
    const chosen = of.map(([at]) => all[at] as MarkerEnvironment);
    return joinMarkers([separatingMarker(all, chosen), group === undefined ? undefined : parseMarker(group)]);
  });
  return alternateMarkers(markers);
}

/** Of all of the stacks, each file once. */
export function jointLockOf(joint: JointProduct, options: LockOptions = {}): Pylock {
  const entries = jointEntries(joint);
  const groups = [...new Set(entries.flatMap(({ item }) => item.groups))]
    .filter((group) => group !== DEFAULT_GROUP)
    .sort();
  const asked = new Set([...TELLING_VARIABLES, ...joint.products.flatMap(({ consulted }) => consulted)]);
  return {
    lockVersion: "1.0",
    environments: joint.products.map((product) => environmentMarker(markersOf(product), [...asked])),
    requiresPython: pythonsOf(joint),
    ...(groups.length === 0 ? {} : { dependencyGroups: groups, defaultGroups: groups }),
    createdBy: "thoth",
    packages: entries.map(({ item, marker, environments }) =>
      pylockPackage(item, {
        ...options,
        marker,
        dependencies: item.requires.flatMap((name) => dependenciesOn(name, entries, environments)),
      }),
    ),
  };
}

/** A name tells an entry apart where the package has one; else those versions that the environments have. */
function dependenciesOn(
  name: PackageName,
  entries: readonly JointEntry[],
  environments: readonly number[],
): readonly { readonly name: string; readonly version?: string }[] {
  const of = entries.filter(({ item }) => item.name === name);
  if (of.length < 2) return [{ name }];
  return of
    .filter((entry) => entry.environments.some((at) => environments.includes(at)))
    .map(({ item }) => ({ name, version: parseVersion(item.version).text }));
}

/** From the oldest to the newest; which of those between it is for stands in the environments. */
function pythonsOf({ products }: JointProduct): Specifiers {
  const pythons = products
    .map(({ project }) => project.target.pythonVersion.release.map(Number))
    .map(([major = 0, minor = 0]) => ({ major, minor, place: major * 1000 + minor }))
    .sort((a, b) => a.place - b.place);
  const [oldest, newest] = [pythons[0], pythons.at(-1)];
  if (oldest === undefined || newest === undefined) throw new Error("a lock is for one environment or more");
  return parseSpecifiers(
    oldest.place === newest.place
      ? `==${oldest.major}.${oldest.minor}.*`
      : `>=${oldest.major}.${oldest.minor},<${newest.major}.${newest.minor + 1}`,
  );
}

/** What `thoth lock --format json` prints of it. */
export function jointLockDocument(
  joint: JointProduct,
  names: readonly string[],
  options: LockOptions = {},
): LockDocument {
  const [first] = joint.products;
  const warnings = jointWarnings(joint, names);
  return {
    packages: jointEntries(joint).map(({ item, marker }) =>
      documentedPackage(item, marker === undefined ? undefined : formatMarker(marker), options),
    ),
    environment: { ...first?.project.target.markers },
    environments: joint.products.map(({ project }, at) => ({
      name: names[at] ?? "",
      markers: { ...project.target.markers },
    })),
    proof: joint.proof,
    objective: joint.objective,
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

/** Each once, with the environments that it is about where it is not about all. */
export function jointWarnings({ products }: JointProduct, names: readonly string[]): readonly string[] {
  const told = products.flatMap(({ warnings }, at) =>
    warnings.map((text) => [text, names[at] ?? ""] as const),
  );
  return [...Map.groupBy(told, ([text]) => text)].map(([text, of]) =>
    of.length === products.length ? text : `for ${of.map(([, name]) => name).join(", ")}: ${text}`,
  );
}
