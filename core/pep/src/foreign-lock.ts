// A lock of another program, before it is known where its files lie: the model of PEP 751, but that a file may be
// known by its digest alone. What one program calls a category, a group or an extra is said by markers over
// `extras` and `dependency_groups`: https://packaging.python.org/en/latest/specifications/pylock-toml/#packages-marker

import { compact } from "./fields.ts";
import { tryParseSdistFilename, tryParseWheelFilename } from "./filename.ts";
import type { Marker } from "./marker.ts";
import type { ExtraName, PackageName } from "./name.ts";
import type { ProjectFile } from "./project-file.ts";
import type { Pylock, PylockFile, PylockPackage } from "./pylock.ts";
import { filenameOf } from "./url.ts";

export const lockFormats = ["pylock", "requirements", "pipfile-lock", "poetry", "uv", "pdm"] as const;
export type LockFormat = (typeof lockFormats)[number];

/** What a package's file must have at least is a digest. */
export type ForeignFile = PylockFile;

export interface ForeignPackage extends Omit<PylockPackage, "sdist" | "wheels"> {
  /** None where the package lies at a place of its own. */
  readonly files: readonly ForeignFile[];
}

export interface ForeignLock extends Omit<Pylock, "packages" | "lockVersion" | "createdBy" | "warnings"> {
  readonly format: LockFormat;
  readonly packages: readonly ForeignPackage[];
  /** The program's own statement of what the lock was made from: algorithm and digest. */
  readonly projectHash?: { readonly algorithm: string; readonly digest: string };
  /** Where it says that packages come from. */
  readonly places: Pick<ProjectFile, "indexes" | "noIndex" | "findLinks" | "trustedHosts">;
  /** What a reader should be told. Safe to print. */
  readonly warnings: readonly string[];
}

export const emptyForeignLock: Omit<ForeignLock, "format" | "packages"> = {
  places: { indexes: [], noIndex: false, findLinks: [], trustedHosts: [] },
  warnings: [],
};

/** The indexes that packages are bound to. The first stands in for the standard one where none needs that. */
export function placesOfPackages(packages: readonly ForeignPackage[]): ForeignLock["places"] {
  const fromIndexes = packages.filter(({ files }) => files.length > 0);
  const urls = [...new Set(fromIndexes.flatMap(({ index }) => index ?? []))];
  const areBound = fromIndexes.every(({ index }) => index !== undefined);
  return {
    ...emptyForeignLock.places,
    indexes: urls.map((url, position) => ({ url, role: areBound && position === 0 ? "default" : "extra" })),
  };
}

/** True where this extra is asked for. */
export function extraMarker(name: ExtraName): Marker {
  return membership(name, "extras");
}

/** True where this group is asked for. */
export function groupMarker(name: PackageName): Marker {
  return membership(name, "dependency_groups");
}

function membership(text: string, name: "extras" | "dependency_groups"): Marker {
  return {
    steps: [
      {
        kind: "comparison",
        left: { kind: "value", text },
        operator: "in",
        right: { kind: "variable", name },
      },
    ],
  };
}

/** The same lock where every file has a name and an address; else undefined, for an index must be asked. */
export function pylockOf(lock: ForeignLock, createdBy: string): Pylock | undefined {
  const packages: PylockPackage[] = [];
  for (const entry of lock.packages) {
    const whole = wholePackage(entry);
    if (whole === undefined) return undefined;
    packages.push(whole);
  }
  return pylockWith(lock, packages, createdBy);
}

/** The lock's own statements around `packages`. */
export function pylockWith(
  { environments, requiresPython, extras, dependencyGroups, defaultGroups, tool }: ForeignLock,
  packages: readonly PylockPackage[],
  createdBy: string,
): Pylock {
  return compact<Pylock>({
    lockVersion: "1.0",
    environments,
    requiresPython,
    extras,
    dependencyGroups,
    defaultGroups,
    createdBy,
    packages,
    tool,
  });
}

/** Undefined where a file lacks its name or its address. */
export function wholePackage({ files, ...entry }: ForeignPackage): PylockPackage | undefined {
  if (entry.vcs !== undefined || entry.directory !== undefined || entry.archive !== undefined) return entry;
  const wheels: PylockFile[] = [];
  let sdist: PylockFile | undefined;
  for (const file of files) {
    const name = file.name ?? filenameOf(file.url ?? file.path ?? "");
    if ((file.url === undefined && file.path === undefined) || name === "") return undefined;
    if (tryParseWheelFilename(name) !== undefined) wheels.push(file);
    // PEP 751 has room for one; eggs and installers have no place there.
    else if (tryParseSdistFilename(name) !== undefined) sdist ??= file;
  }
  if (sdist === undefined && wheels.length === 0) return undefined;
  return compact<PylockPackage>({
    ...entry,
    sdist,
    wheels: wheels.length === 0 ? undefined : wheels,
  });
}

/** `entry` as it stands in a PEP 751 lock. */
export function foreignPackage({ sdist, wheels = [], ...entry }: PylockPackage): ForeignPackage {
  return { ...entry, files: [...(sdist === undefined ? [] : [sdist]), ...wheels] };
}
