// A lock that a command line names: pylock.toml, a requirements file whose every line has a hash, or Pipfile.lock.

import { dirname, resolve } from "node:path";
import type { IndexSession } from "@thoth/index";
import {
  decodeRequirementsFile,
  type PackageName,
  type ProjectFile,
  type Pylock,
  parsePylock,
  quote,
  readProjectFile,
  ThothError,
  type Version,
} from "@thoth/pep";
import { readGivenFile } from "../files/read-file.ts";
import { inputOf } from "../project/file-input.ts";
import { loadNested } from "../project/nested-file.ts";
import { type NamedPlaces, NO_PLACES } from "../session/index-places.ts";
import { lockOfPins, type Pin } from "./pinned-lock.ts";

export interface GivenLock {
  readonly places: NamedPlaces;
  /** What paths in the lock are relative to. */
  readonly folder: string;
  /** What is locked, as far as it has a version. */
  readonly versions: readonly { readonly name: PackageName; readonly version: Version }[];
  /** Where the file holds it whole. */
  readonly lock?: Pylock;
  /** The lock itself; what only names versions and hashes asks the indexes for their files. */
  readonly load: (session: IndexSession, signal: AbortSignal) => Promise<Pylock>;
}

const MAXIMUM_BYTES = 64 * 1024 * 1024;

/** Throws usage, invalid-lock, invalid-requirement, limit-exceeded. */
export async function readLock(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<GivenLock> {
  const text = decodeRequirementsFile(await readGivenFile(path, MAXIMUM_BYTES));
  const folder = dirname(resolve(path));
  if (path.endsWith(".toml")) {
    const lock = parsePylock(text);
    const versions = lock.packages.flatMap(({ name, version }) =>
      version === undefined ? [] : [{ name, version }],
    );
    return { places: NO_PLACES, folder, versions, lock, load: async () => lock };
  }
  const file = readProjectFile(path, text, {
    load: loadNested,
    variable: (name) => environment[name],
    dev: true,
  });
  const pins = pinsOf(file, path);
  const { places } = inputOf({ ...file, requireHashes: false });
  return {
    places,
    folder,
    versions: pins,
    load: (session, signal) => lockOfPins(pins, { session, signal, createdBy: "thoth" }),
  };
}

function pinsOf({ requirements, locations }: ProjectFile, path: string): Pin[] {
  const [place] = locations;
  if (place !== undefined) throw noLock(path, place.location, "it is a place, not a version");
  return requirements.map(({ requirement, hashes }) => {
    const { name, marker, specifiers, url } = requirement;
    const [only, ...others] = specifiers.clauses;
    const version =
      only?.operator === "==" && others.length === 0 && !only.wildcard ? only.parsed : undefined;
    if (version === undefined || url !== undefined)
      throw noLock(path, requirement.displayName, "it is not pinned with ==");
    const known = new Set(
      hashes.filter(({ algorithm }) => algorithm === "sha256").map(({ digest }) => digest),
    );
    if (known.size === 0) throw noLock(path, requirement.displayName, "it has no SHA-256");
    return { name, version, hashes: known, ...(marker === undefined ? {} : { marker }) };
  });
}

function noLock(path: string, what: string, why: string): ThothError {
  return new ThothError(
    "invalid-lock",
    `${quote(path)} is no lock: ${quote(what)} cannot be installed from it, ${why}`,
    {
      hint: "Make a lock of it with `thoth lock`.",
      details: { path },
    },
  );
}
