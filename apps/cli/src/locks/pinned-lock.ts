// Pins of another program (pip, pipenv, a requirements file with hashes) as a lock: the indexes tell where the
// files of those versions lie.

import type { IndexSession } from "@thoth/index";
import type { ProjectRecord } from "@thoth/knowledge";
import {
  type Marker,
  type PackageName,
  type Pylock,
  type PylockFile,
  type PylockPackage,
  quote,
  type Specifiers,
  ThothError,
  type Version,
} from "@thoth/pep";
import { foundOf, learnProjects, releaseOf } from "../session/learn-projects.ts";

export interface Pin {
  readonly name: PackageName;
  readonly version: Version;
  /** SHA-256 of the files that may be used; empty: every file of the version. */
  readonly hashes: ReadonlySet<string>;
  readonly marker?: Marker | undefined;
  readonly requires?: readonly PackageName[];
}

export interface PinsOptions {
  readonly session: IndexSession;
  readonly signal: AbortSignal;
  readonly createdBy: string;
  readonly requiresPython?: Specifiers | undefined;
  readonly groups?: readonly string[];
}

/** Throws what `learnProjects` throws, package-not-found, no-matching-artifact, hash-mismatch. */
export async function lockOfPins(pins: readonly Pin[], options: PinsOptions): Promise<Pylock> {
  const { session, signal, createdBy, requiresPython, groups = [] } = options;
  const names = [...new Set(pins.map(({ name }) => name))];
  const learnt = await learnProjects(names, session, signal);
  const packages = pins
    .map((pin) => packageOf(pin, foundOf(learnt, pin.name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    lockVersion: "1.0",
    ...(requiresPython === undefined ? {} : { requiresPython }),
    ...(groups.length === 0 ? {} : { dependencyGroups: groups, defaultGroups: groups }),
    createdBy,
    packages,
  };
}

function packageOf(
  { name, version, hashes, marker, requires = [] }: Pin,
  record: ProjectRecord,
): PylockPackage {
  const release = releaseOf(record, version);
  if (release === undefined) {
    throw new ThothError("no-matching-artifact", `no index has ${quote(`${name}==${version.text}`)}`, {
      details: { package: name, version: version.text },
    });
  }
  const files = filesOf(record, release).filter(
    ({ hashes: { sha256 } }) => hashes.size === 0 || hashes.has(sha256 as string),
  );
  if (files.length === 0) {
    throw new ThothError(
      "hash-mismatch",
      `no file of ${quote(`${name}==${version.text}`)} has one of the hashes asked for`,
      {
        details: { package: name, version: version.text, expected: [...hashes].slice(0, 20) },
      },
    );
  }
  const sdist = files.find((file) => !file.name?.endsWith(".whl"));
  const wheels = files.filter((file) => file.name?.endsWith(".whl"));
  return {
    name,
    version,
    ...(marker === undefined ? {} : { marker }),
    ...(requires.length === 0 ? {} : { dependencies: requires.map((required) => ({ name: required })) }),
    ...(record.index === "" ? {} : { index: record.index }),
    ...(sdist === undefined ? {} : { sdist }),
    ...(wheels.length === 0 ? {} : { wheels }),
  };
}

/** Files with a SHA-256, by name. */
function filesOf(record: ProjectRecord, release: number): PylockFile[] {
  const files: PylockFile[] = [];
  for (let file = record.firstFile(release); file < record.firstFile(release + 1); file++) {
    const sha256 = record.sha256(file);
    if (sha256 === undefined) continue;
    const size = record.size(file);
    const time = record.uploadTime(file);
    files.push({
      name: record.filename(file),
      ...(time === 0 ? {} : { uploadTime: new Date(time * 1_000).toISOString().replace(".000Z", "Z") }),
      url: record.url(file),
      ...(size === undefined ? {} : { size }),
      hashes: { sha256 },
    });
  }
  return files.sort((a, b) => ((a.name as string) < (b.name as string) ? -1 : 1));
}
