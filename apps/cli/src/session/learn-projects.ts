// What the indexes tell of projects that are known by name, all asked for together.

import { unknownNameHint } from "@thoth/adviser";
import type { IndexSession } from "@thoth/index";
import type { ProjectRecord } from "@thoth/knowledge";
import { compareVersions, type PackageName, quote, ThothError, type Version } from "@thoth/pep";

/** Asked for at once, so that what is left to ask is soon looked through. */
const BATCH = 200;

/** Null: no index has it. Undefined: nothing is kept of it, and nobody may be asked offline. */
export type Learnt = ReadonlyMap<PackageName, ProjectRecord | null | undefined>;

/** Throws index-unreachable, index-response-invalid, unauthorized, limit-exceeded. */
export async function learnProjects(
  names: readonly PackageName[],
  session: IndexSession,
  signal: AbortSignal,
): Promise<Learnt> {
  const learnt = new Map<PackageName, ProjectRecord | null | undefined>();
  for (let start = 0; start < names.length; start += BATCH) {
    let projects = names.slice(start, start + BATCH);
    for (;;) {
      projects = projects.filter((name) => {
        const record = session.project(name);
        const isLost = record === undefined && session.offline && !session.hasOtherPlaces([name]);
        if (record !== undefined || isLost) learnt.set(name, record);
        return !learnt.has(name);
      });
      if (projects.length === 0) break;
      await session.supply({ projects, metadata: [] }, signal);
    }
  }
  return learnt;
}

/** Throws as `learnProjects`, and package-not-found. */
export async function learnProject(
  name: PackageName,
  session: IndexSession,
  signal: AbortSignal,
): Promise<ProjectRecord> {
  return foundOf(await learnProjects([name], session, signal), name);
}

/** Throws package-not-found, and index-unreachable where that cannot be told offline. */
export function foundOf(learnt: Learnt, name: PackageName): ProjectRecord {
  const record = learnt.get(name);
  if (record === undefined) throw notKept(name);
  if (record !== null) return record;
  throw new ThothError("package-not-found", `no index has ${quote(name)}`, {
    hint: unknownNameHint(name),
    details: { package: name },
  });
}

/** What is not in the cache may well exist. */
export function notKept(name: string): ThothError {
  return new ThothError(
    "index-unreachable",
    `${quote(name)} is not in the cache, and no index is asked offline`,
    { hint: "Run the command once without --offline.", details: { package: name, offline: true } },
  );
}

/** The release of the record with that version. */
export function releaseOf(record: ProjectRecord, version: Version): number | undefined {
  for (let release = 0; release < record.releaseCount; release++) {
    if (compareVersions(record.version(release), version) === 0) return release;
  }
  return undefined;
}
