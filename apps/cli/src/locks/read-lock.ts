// A lock that a command line names, of whatever program: pylock.toml, a requirements file whose every line has a
// hash, Pipfile.lock, poetry.lock, uv.lock, pdm.lock.

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { IndexSession } from "@thoth/index";
import {
  decodeRequirementsFile,
  type ForeignLock,
  type ForeignPackage,
  type LockFormat,
  lockFormatOf,
  type PackageName,
  type Pylock,
  parsePylock,
  readForeignLock,
  type Version,
} from "@thoth/pep";
import { readGivenFile, readGivenText } from "../files/read-file.ts";
import { loadNested } from "../project/nested-file.ts";
import type { NamedPlaces } from "../session/index-places.ts";
import { completeLock } from "./complete-lock.ts";

export interface GivenLock {
  readonly places: NamedPlaces;
  /** What paths in the lock are relative to. */
  readonly folder: string;
  /** What is locked, as far as it has a version. */
  readonly versions: readonly { readonly name: PackageName; readonly version: Version }[];
  /** As the file says it. */
  readonly foreign: ForeignLock;
  /** Where the file is a pylock.toml. */
  readonly lock?: Pylock;
  /** The lock itself, or what of it is needed; what only names versions and hashes asks the indexes for their files. */
  readonly load: (session: IndexSession, signal: AbortSignal, isNeeded?: IsNeeded) => Promise<Pylock>;
}

export type IsNeeded = (entry: ForeignPackage) => boolean;

const MAXIMUM_BYTES = 64 * 1024 * 1024;
/** Formats that leave to pyproject.toml what is asked for. */
const ofProjects: ReadonlySet<LockFormat> = new Set(["poetry", "uv", "pdm"]);

/** Throws usage, invalid-lock, invalid-requirement, invalid-project, limit-exceeded. */
export async function readLock(
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
  wanted?: LockFormat,
): Promise<GivenLock> {
  const text = decodeRequirementsFile(await readGivenFile(path, MAXIMUM_BYTES));
  const folder = dirname(resolve(path));
  const format = wanted ?? lockFormatOf(path, text);
  const beside = join(folder, "pyproject.toml");
  const pyproject = ofProjects.has(format) && existsSync(beside) ? await readGivenText(beside) : undefined;
  const foreign = readForeignLock(path, text, {
    format,
    load: loadNested,
    variable: (name) => environment[name],
    ...(pyproject === undefined ? {} : { pyproject }),
  });
  const lock = format === "pylock" ? parsePylock(text) : undefined;
  return {
    places: namedPlaces(foreign),
    folder,
    versions: foreign.packages.flatMap(({ name, version }) =>
      version === undefined ? [] : [{ name, version }],
    ),
    foreign,
    ...(lock === undefined ? {} : { lock }),
    load: async (session, signal, isNeeded = () => true) =>
      lock ??
      (await completeLock({ ...foreign, packages: foreign.packages.filter(isNeeded) }, { session, signal })),
  };
}

function namedPlaces({ places: { indexes, noIndex, findLinks, trustedHosts } }: ForeignLock): NamedPlaces {
  const first = indexes.find(({ role }) => role === "default");
  return {
    ...(first === undefined ? {} : { indexUrl: first.url }),
    extraIndexUrls: indexes.filter((place) => place !== first).map(({ url }) => url),
    findLinks,
    noIndex,
    trustedHosts,
  };
}
