// A chosen stack as documents: the lock file of PEP 751, pip's requirements with hashes, and the JSON that
// `thoth lock --format json` prints. https://packaging.python.org/en/latest/specifications/pylock-toml/

import {
  formatMarker,
  type Marker,
  type MarkerComparison,
  type MarkerEnvironment,
  markerGiven,
  type PackageName,
  type Pylock,
  type PylockFile,
  type PylockPackage,
  parseMarker,
  parseSpecifiers,
  parseVersion,
} from "@thoth/pep";
import type { ChosenFile, ChosenPackage, Product } from "./project.ts";

export interface LockOptions {
  /** SHA-256 of files for which the index gives none, by URL. */
  readonly hashes?: ReadonlyMap<string, string>;
}

/** The group of the project itself; every other group stands in markers. */
export const DEFAULT_GROUP = "default";

/** Files that must be fetched before the stack can be locked: those to be installed whose SHA-256 no index tells. */
export function missingHashes(product: Product): readonly ChosenFile[] {
  return product.packages.flatMap(({ files, installs }) => {
    const file = files[installs] as ChosenFile;
    return file.hashes["sha256"] === undefined ? [file] : [];
  });
}

/** The stack as a lock: of each release all artifacts that a machine with this Python might install. */
export function lockOf(product: Product, options: LockOptions = {}): Pylock {
  const { target } = product.project;
  const groups = [...new Set(product.packages.flatMap((item) => item.groups))]
    .filter((group) => group !== DEFAULT_GROUP)
    .sort();
  const [major, minor] = target.pythonVersion.release;
  return {
    lockVersion: "1.0",
    environments: [environmentOf(product)],
    requiresPython: parseSpecifiers(`==${major}.${minor}.*`),
    ...(groups.length === 0 ? {} : { dependencyGroups: groups, defaultGroups: groups }),
    createdBy: "thoth",
    packages: product.packages.map((item) => {
      const marker = groupMarker(item.groups);
      return pylockPackage(item, {
        ...options,
        marker: marker === undefined ? undefined : parseMarker(marker),
        dependencies: item.requires.map((name) => ({ name })),
      });
    }),
  };
}

/** The environments in which the same choice holds: this Python, and what the markers on the way asked about. */
function environmentOf({ project, consulted }: Product): Marker {
  return environmentMarker(project.target.markers, consulted);
}

/** An implementation, a Python, and the values of what else is asked about. */
export function environmentMarker(markers: MarkerEnvironment, asked: readonly string[]): Marker {
  const parts = [...new Set(["implementation_name", "python_version", ...asked])]
    .sort()
    .map((name) => `${name} == '${(markers as Readonly<Record<string, string>>)[name] ?? ""}'`);
  return parseMarker(parts.join(" and "));
}

export interface EntryOptions extends LockOptions {
  readonly marker: Marker | undefined;
  readonly dependencies: NonNullable<PylockPackage["dependencies"]>;
}

export function pylockPackage(
  item: ChosenPackage,
  { marker, dependencies, ...options }: EntryOptions,
): PylockPackage {
  const files = lockedFiles(item, options);
  const sdist = files.find(({ isSdist }) => isSdist);
  const wheels = files.filter(({ isSdist }) => !isSdist);
  const bounds = item.requiresPython === undefined ? undefined : tolerantSpecifiers(item.requiresPython);
  return {
    name: item.name,
    version: parseVersion(item.version),
    ...(marker === undefined ? {} : { marker }),
    ...(bounds === undefined ? {} : { requiresPython: bounds }),
    ...(dependencies.length === 0 ? {} : { dependencies }),
    ...(item.index === "" ? {} : { index: item.index }),
    ...(sdist === undefined ? {} : { sdist: pylockFile(sdist) }),
    ...(wheels.length === 0 ? {} : { wheels: wheels.map(pylockFile) }),
  };
}

function tolerantSpecifiers(text: string) {
  try {
    return parseSpecifiers(text);
  } catch {
    return undefined;
  }
}

/** Packages of the project itself need no marker; the rest belong to their groups. */
export function groupMarker(groups: readonly string[]): string | undefined {
  if (groups.includes(DEFAULT_GROUP) || groups.length === 0) return undefined;
  return groups.map((group) => `'${group}' in dependency_groups`).join(" or ");
}

interface LockedFile extends ChosenFile {
  readonly sha256: string;
}

/** The files of known hash. */
function lockedFiles({ files }: ChosenPackage, { hashes }: LockOptions): LockedFile[] {
  const locked: LockedFile[] = [];
  for (const file of files) {
    const sha256 = file.hashes["sha256"] ?? hashes?.get(file.url);
    if (sha256 !== undefined) locked.push({ ...file, sha256 });
  }
  return locked;
}

function pylockFile({ filename, url, size, uploaded, sha256 }: LockedFile): PylockFile {
  return {
    name: filename,
    ...(uploaded === 0 ? {} : { uploadTime: `${new Date(uploaded * 1000).toISOString().slice(0, 19)}Z` }),
    url,
    ...(size === undefined ? {} : { size }),
    hashes: { sha256 },
  };
}

export interface LockedEnvironment {
  /** Such as `3.12:macos-arm64`. */
  readonly name: string;
  readonly markers: Readonly<Record<string, string>>;
}

/** A package that has not the version of the lock that was preferred. */
export interface MovedPackage {
  readonly name: PackageName;
  /** The version of that lock. */
  readonly from: string;
  readonly to: string;
  /** Names of the environments that have the other version. */
  readonly environments: readonly string[];
  /** Absent where another package asks for it, or nothing is known. */
  readonly why?: string;
}

/** What `thoth lock --format json` prints. */
export interface LockDocument {
  readonly packages: readonly {
    readonly name: PackageName;
    readonly version: string;
    readonly index: string;
    readonly extras?: readonly string[];
    readonly marker?: string;
    readonly artifacts: readonly { filename: string; url: string; sha256: string; size?: number }[];
    readonly requires: readonly PackageName[];
    readonly requiredBy: readonly PackageName[];
  }[];
  /** Of several environments the first. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where the lock is for several. */
  readonly environments?: readonly LockedEnvironment[];
  readonly proof: Product["proof"];
  readonly objective: Product["objective"];
  readonly warnings?: readonly string[];
  /** Where the versions of another lock were preferred. */
  readonly moved?: readonly MovedPackage[];
}

export function lockDocument(product: Product, options: LockOptions = {}): LockDocument {
  const { target } = product.project;
  return {
    packages: product.packages.map((item) => documentedPackage(item, groupMarker(item.groups), options)),
    environment: { ...target.markers },
    proof: product.proof,
    objective: product.objective,
    ...(product.warnings.length === 0 ? {} : { warnings: product.warnings }),
  };
}

export function documentedPackage(
  item: ChosenPackage,
  marker: string | undefined,
  options: LockOptions,
): LockDocument["packages"][number] {
  return {
    name: item.name,
    version: item.version,
    index: item.index,
    ...(item.extras.length === 0 ? {} : { extras: item.extras }),
    ...(marker === undefined ? {} : { marker }),
    artifacts: lockedFiles(item, options).map(({ filename, url, sha256, size }) =>
      size === undefined ? { filename, url, sha256 } : { filename, url, sha256, size },
    ),
    requires: item.requires,
    requiredBy: item.requiredBy,
  };
}

const PUBLIC_INDEX = "https://pypi.org/simple";

/**
 * The lock as requirements that `pip install --require-hashes` accepts: one pin a package, the SHA-256 of each of
 * its artifacts, where it is wanted, and the indexes that hold them. Packages that are no files of an index are left out.
 */
export function requirementsText(lock: Pylock): string {
  const lines: string[] = [];
  const pinned = lock.packages.filter(
    ({ version, wheels, sdist }) => version !== undefined && (wheels ?? sdist) !== undefined,
  );
  const [first, ...rest] = [...new Set(pinned.map(({ index }) => index?.replace(/\/$/, "")))].filter(
    (index) => index !== undefined,
  );
  if (first !== undefined && first !== PUBLIC_INDEX) lines.push(indexLine("--index-url", first));
  for (const index of rest) lines.push(indexLine("--extra-index-url", index));
  for (const { name, version, wheels = [], sdist, marker } of pinned) {
    const files = sdist === undefined ? wheels : [...wheels, sdist];
    const hashes = [
      ...new Set(
        files.flatMap(({ hashes: { sha256 } }) => (sha256 === undefined ? [] : [`--hash=sha256:${sha256}`])),
      ),
    ];
    const where = marker && markerGiven(marker, namesGroup);
    const pin = `${name}==${version?.text}${where === undefined ? "" : ` ; ${formatMarker(where)}`}`;
    lines.push([pin, ...hashes.sort().map((hash) => `    ${hash}`)].join(" \\\n"));
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** What pip cannot know: to it all groups belong together. */
function namesGroup({ left, right }: MarkerComparison): boolean {
  return [left, right].some(
    (term) => term.kind === "variable" && ["dependency_groups", "extras", "extra"].includes(term.name),
  );
}

/** A folder is a place of links to pip, not an index. */
function indexLine(option: string, index: string): string {
  return `${/^file:/i.test(index) ? "--find-links" : option} ${index}`;
}
