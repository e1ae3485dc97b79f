// Packages that nobody wrote: thirty that need each other, and any number of others.

import { encodeProject, ProjectRecord, type ReleaseMetadata } from "@thoth/knowledge";
import type { PackageName } from "@thoth/pep";

export const GRAPH_INDEX = "https://index.test/simple/";
export const PROJECT_SIZE = 30;
const RELEASES = 10;
/** First upload: seconds since 1970. */
const FIRST = Date.UTC(2015, 0, 1) / 1000;
const YEAR = 365 * 86_400;

/** Packages of the project, whose names are those of others too. */
export function projectName(at: number): PackageName {
  return `bench-${(at * 7919) % 1000}-p${at}` as PackageName;
}

export function otherName(at: number): PackageName {
  return `lib-${((at * 2_654_435_761) >>> 0).toString(36)}-${at}` as PackageName;
}

export interface Made {
  readonly name: PackageName;
  readonly record: ProjectRecord;
  readonly metadata: readonly ReleaseMetadata[];
}

/** `needs`: the requirements of each release, 1 to 10. */
export function makePackage(name: PackageName, needs: (release: number) => readonly string[]): Made {
  const stem = name.replaceAll("-", "_");
  const files = Array.from({ length: RELEASES }, (_, at) => {
    const filename = `${stem}-${at + 1}.0-py3-none-any.whl`;
    return {
      filename,
      url: `https://files.test/${filename}`,
      hashes: { sha256: digest(name, at) },
      requiresPython: ">=3.8",
      uploadTime: new Date((FIRST + at * YEAR) * 1000).toISOString(),
      size: 10_000 + at,
      yanked: false,
      coreMetadata: true,
    };
  });
  const page = { name, files, status: { status: "active" as const } };
  const bytes = encodeProject({ ...page, tracks: [], alternateLocations: [], warnings: [] }, GRAPH_INDEX);
  const record = new ProjectRecord(bytes);
  // Newest first, as the record has them.
  const metadata = Array.from({ length: RELEASES }, (_, file) => ({
    name,
    version: `${RELEASES - file}.0`,
    requiresDist: needs(RELEASES - file),
    requiresPython: ">=3.8",
    providesExtra: [],
  }));
  return { name, record, metadata };
}

/** Each needs two that follow it, some not their newest. */
export function projectPackage(at: number): Made {
  return makePackage(projectName(at), (release) =>
    [2 * at + 1, 2 * at + 2]
      .filter((next) => next < PROJECT_SIZE)
      .map((next) => `${projectName(next)}>=${Math.max(1, release - 3)}${next % 5 === 0 ? ",<9" : ""}`),
  );
}

export function otherPackage(at: number): Made {
  return makePackage(otherName(at), (release) => [
    `${otherName(at >> 1)}>=${release >> 1}`,
    `${otherName(at >> 2)}!=3.0`,
    "typing-extensions>=4; python_version < '3.11'",
  ]);
}

/** 64 digits that differ from file to file. */
function digest(name: string, at: number): string {
  let hash = 0x811c9dc5 ^ at;
  for (let place = 0; place < name.length; place++)
    hash = Math.imul(hash ^ name.charCodeAt(place), 0x01000193);
  const first = (hash >>> 0).toString(16).padStart(8, "0");
  const second = (Math.imul(hash, 0x85ebca6b) >>> 0).toString(16).padStart(8, "0");
  return `${first}${second}`.repeat(4);
}
