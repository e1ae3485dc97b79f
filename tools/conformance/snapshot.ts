// A frozen crawl of the Python Package Index: `{package: {version: {"dependencies": [PEP 508 text]}}}`. Read as
// an index that offers one wheel for every release.

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { encodeProject, type KnowledgeReader, ProjectRecord, type ReleaseMetadata } from "@thoth/knowledge";
import { type IndexFile, normalizeName, type PackageName, tryParseVersion } from "@thoth/pep";
import { buildWheel, type Offer } from "../../testkit/src/index.ts";

export interface SnapshotRelease {
  readonly version: string;
  readonly dependencies: readonly string[];
}

export interface Snapshot {
  readonly name: string;
  readonly projects: ReadonlyMap<PackageName, readonly SnapshotRelease[]>;
  /** Releases whose version is not PEP 440: no index may offer them. */
  readonly unversioned: readonly string[];
}

export function readSnapshot(path: string): Snapshot {
  const text = gunzipSync(readFileSync(path)).toString("utf8");
  const crawl = JSON.parse(text) as Record<
    string,
    Record<string, { readonly dependencies: readonly string[] }>
  >;
  const projects = new Map<PackageName, SnapshotRelease[]>();
  const unversioned: string[] = [];
  for (const [spelling, releases] of Object.entries(crawl)) {
    const name = normalizeName(spelling);
    const known = projects.get(name) ?? [];
    projects.set(name, known);
    for (const [text, { dependencies }] of Object.entries(releases)) {
      const version = tryParseVersion(text);
      if (version === undefined) unversioned.push(`${spelling} ${text}`);
      else if (!known.some((release) => release.version === version.text))
        known.push({ version: version.text, dependencies });
    }
  }
  return { name: basename(path, ".json.gz"), projects, unversioned };
}

export function offersOf({ projects }: Snapshot): Record<string, readonly Offer[]> {
  const entries = [...projects].map(([name, releases]) => {
    const offers = releases.map(({ version, dependencies }) =>
      buildWheel({ name, version, requires: dependencies }),
    );
    return [name, offers] as const;
  });
  return Object.fromEntries(entries);
}

/** The snapshot as knowledge that is all there. */
export class SnapshotKnowledge implements KnowledgeReader {
  readonly #snapshot: Snapshot;
  readonly #records = new Map<PackageName, ProjectRecord>();
  readonly #metadata = new Map<string, ReleaseMetadata>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  project(name: PackageName): ProjectRecord | null {
    const known = this.#records.get(name);
    if (known !== undefined) return known;
    const releases = this.#snapshot.projects.get(name);
    if (releases === undefined) return null;
    const files = releases.map((release) => this.#add(name, release));
    const page = {
      name,
      files,
      status: { status: "active" as const },
      tracks: [],
      alternateLocations: [],
      warnings: [],
    };
    const record = new ProjectRecord(encodeProject(page, "https://index.test/simple/"));
    this.#records.set(name, record);
    return record;
  }

  metadata(project: ProjectRecord, file: number): ReleaseMetadata | undefined {
    return this.#metadata.get(project.filename(file));
  }

  #add(name: PackageName, { version, dependencies }: SnapshotRelease): IndexFile {
    const filename = `${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`;
    const declared = {
      name,
      version,
      requiresDist: dependencies,
      requiresPython: undefined,
      providesExtra: extrasOf(dependencies),
    };
    this.#metadata.set(filename, declared);
    const hashes = { sha256: "0".repeat(64) };
    return { filename, url: `https://index.test/${filename}`, hashes, yanked: false, coreMetadata: false };
  }
}

/** Extras that the requirements' markers speak of; the crawl does not list them. */
function extrasOf(dependencies: readonly string[]): readonly string[] {
  const extras = dependencies.flatMap((text) =>
    [...text.matchAll(/\bextra\s*==\s*["']([^"']+)["']/g)].map((match) => match[1] ?? ""),
  );
  return [...new Set(extras.map((extra) => normalizeName(extra)))];
}
