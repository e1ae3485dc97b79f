// Packages that nobody wrote: thirty that need each other, and any number of others.

import { createHash } from "node:crypto";
import { encodeProject, ProjectRecord } from "@thoth/knowledge";
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

/** All of the same length. */
export function otherName(at: number): PackageName {
  const mixed = (Math.imul(at, 0x9e3779b1) >>> 0).toString(36).padStart(7, "0");
  return `lib-${mixed}-${String(at).padStart(7, "0")}` as PackageName;
}

export interface Made {
  readonly name: PackageName;
  readonly bytes: Buffer;
  /** Of each file: what it is known by, and what it declares. */
  readonly files: readonly { readonly file: Uint8Array; readonly fact: string }[];
}

/** `needs`: the requirements of each release, 1 to 10. */
function makePackage(name: PackageName, needs: (release: number) => readonly string[]): Made {
  const stem = name.replaceAll("-", "_");
  const files = Array.from({ length: RELEASES }, (_, at) => {
    const filename = `${stem}-${at + 1}.0-py3-none-any.whl`;
    return {
      filename,
      url: `https://files.test/${filename}`,
      hashes: { sha256: createHash("sha256").update(filename).digest("hex") },
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
  const declared = Array.from({ length: RELEASES }, (_, file) => ({
    file: record.fingerprint(file),
    fact: JSON.stringify([name, `${RELEASES - file}.0`, ">=3.8", [], needs(RELEASES - file)]),
  }));
  return { name, bytes: Buffer.from(bytes), files: declared };
}

/** Each needs two that follow it, some not their newest. */
export function projectPackage(at: number): Made {
  return makePackage(projectName(at), (release) =>
    [2 * at + 1, 2 * at + 2]
      .filter((next) => next < PROJECT_SIZE)
      .map((next) => `${projectName(next)}>=${Math.max(1, release - 3)}${next % 5 === 0 ? ",<9" : ""}`),
  );
}

const EXAMPLE = makePackage(otherName(0), (release) => [
  `${otherName(1)}>=${release >> 1}`,
  "typing-extensions>=4; python_version < '3.11'",
]);
const EXAMPLE_PLACES = placesOf(EXAMPLE.name);
const EXAMPLE_STEMS = placesOf(EXAMPLE.name.replaceAll("-", "_"));

/** Like the first of them in all but its name: nobody reads it, it takes the room. */
export function otherPackage(at: number): Made {
  const name = otherName(at);
  const bytes = Buffer.from(EXAMPLE.bytes);
  for (const place of EXAMPLE_PLACES) bytes.write(name, place, "latin1");
  for (const place of EXAMPLE_STEMS) bytes.write(name.replaceAll("-", "_"), place, "latin1");
  const files = EXAMPLE.files.map(({ file, fact }) => ({ file, fact: fact.replace(EXAMPLE.name, name) }));
  return { name, bytes, files };
}

/** Where the text stands in the record of the example. */
function placesOf(text: string): readonly number[] {
  const places: number[] = [];
  for (let at = EXAMPLE.bytes.indexOf(text); at >= 0; at = EXAMPLE.bytes.indexOf(text, at + 1))
    places.push(at);
  return places;
}
