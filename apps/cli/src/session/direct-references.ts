// Requirements with a URL of their own: only what the user named is ever fetched from there. The file is fetched
// once and stands in for the package's whole page, so the resolver and the lock need to know nothing of it.

import { stat } from "node:fs/promises";
import type { ProjectRequirement } from "@thoth/adviser";
import { IndexSession, type IndexSessionOptions } from "@thoth/index";
import { encodeProject, type ProjectRecord, readProject } from "@thoth/knowledge";
import {
  filenameOf,
  type PackageName,
  type Pylock,
  type PylockFile,
  type PylockPackage,
  quote,
  ThothError,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from "@thoth/pep";
import { hashOfFile } from "../files/hash-file.ts";
import { withoutCredentials } from "../notebook/pipfile-metadata.ts";

/** URL by package. */
export type DirectReferences = ReadonlyMap<PackageName, string>;

export function readDirectReferences(requirements: readonly ProjectRequirement[]): DirectReferences {
  const references = new Map<PackageName, string>();
  for (const { requirement, source } of requirements) {
    const { name, url } = requirement;
    if (url === undefined) continue;
    const before = references.get(name);
    if (before !== undefined && before !== url) {
      throw new ThothError(
        "unsatisfiable",
        `${quote(name)} is asked from two places: ${quote(before)} and ${quote(url)}`,
        {
          details: { source },
        },
      );
    }
    references.set(name, url);
  }
  return references;
}

/** A session that answers for some packages with the one file that the user named. */
class ReferringSession extends IndexSession {
  readonly #records: ReadonlyMap<PackageName, ProjectRecord>;

  constructor(options: IndexSessionOptions, records: ReadonlyMap<PackageName, ProjectRecord>) {
    super(options);
    this.#records = records;
  }

  override project(name: PackageName): ProjectRecord | null | undefined {
    return this.#records.get(name) ?? super.project(name);
  }
}

/** Fetches every file that is named, and opens a session that knows them. */
export async function openReferring(
  options: IndexSessionOptions,
  references: DirectReferences,
  signal: AbortSignal,
): Promise<IndexSession> {
  const records = new Map<PackageName, ProjectRecord>();
  const fetcher = new IndexSession(options);
  try {
    for (const [name, url] of references) records.set(name, await recordOf(fetcher, { name, url, signal }));
  } finally {
    await fetcher.close();
  }
  return new ReferringSession(options, records);
}

interface Reference {
  readonly name: PackageName;
  readonly url: string;
  readonly signal: AbortSignal;
}

/** Before any upload there is: the date of a file that the user named never excludes it. */
const NO_DATE = "1970-01-01T00:00:01Z";

async function recordOf(session: IndexSession, { name, url, signal }: Reference): Promise<ProjectRecord> {
  const { place, hashes } = split(url);
  const filename = filenameOf(place);
  const found = tryParseWheelFilename(filename)?.name ?? tryParseSdistFilename(filename)?.name;
  if (found === undefined || !/^(https?|file):/i.test(place)) {
    throw new ThothError(
      "invalid-requirement",
      `${quote(url)} is not the place of a wheel or source distribution`,
      {
        hint: "Repositories and folders have no hash to lock: build a wheel of it and name that.",
        details: { package: name },
      },
    );
  }
  if (found !== name) {
    throw new ThothError("metadata-mismatch", `${quote(filename)} is not a file of ${quote(name)}`, {
      details: { package: name, found },
    });
  }
  const path = await session.artifact({ filename, url: place, hashes }, signal);
  const sha256 = hashes["sha256"] ?? (await hashOfFile(path));
  const { size } = await stat(path);
  const file = {
    filename,
    url: withoutCredentials(place),
    hashes: { sha256 },
    yanked: false,
    coreMetadata: false,
    size,
    uploadTime: NO_DATE,
  };
  const page = {
    name,
    files: [file],
    status: { status: "active" as const },
    tracks: [],
    alternateLocations: [],
    warnings: [],
  };
  const record = readProject(encodeProject(page, ""));
  if (record === undefined) throw new Error("a record just encoded cannot be read");
  return record;
}

/** `#sha256=…` behind the URL. */
function split(url: string): { readonly place: string; readonly hashes: Readonly<Record<string, string>> } {
  const [place = "", fragment = ""] = url.split("#", 2);
  const sha256 = /(?:^|&)sha256=([0-9a-fA-F]{64})(?:&|$)/.exec(fragment)?.[1];
  return { place, hashes: sha256 === undefined ? {} : { sha256: sha256.toLowerCase() } };
}

/** The lock without the dates that were made up for files that the user named. */
export function withoutDates(lock: Pylock, references: DirectReferences): Pylock {
  if (references.size === 0) return lock;
  return {
    ...lock,
    packages: lock.packages.map((entry) => (references.has(entry.name) ? undated(entry) : entry)),
  };
}

function undated({ wheels, sdist, ...rest }: PylockPackage): PylockPackage {
  return {
    ...rest,
    ...(wheels === undefined ? {} : { wheels: wheels.map(undatedFile) }),
    ...(sdist === undefined ? {} : { sdist: undatedFile(sdist) }),
  };
}

function undatedFile({ uploadTime: _, ...file }: PylockFile): PylockFile {
  return file;
}
