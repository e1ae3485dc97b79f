// The projects that are of interest, and where their sources are.

import { createHash } from "node:crypto";
import type { AnyFact, KnowledgeGraph } from "@thoth/knowledge";
import { MOST_OWNERS } from "@thoth/knowledge";
import { compareVersions, type PackageName, type Version } from "@thoth/pep";

export interface WantedProjects {
  /** Sorted, each once. */
  readonly names: readonly PackageName[];
  /** Changes with the names. */
  readonly digest: string;
  /** Releases of which alone something is wanted, where it is told of files; sorted, each once. */
  readonly locked: ReadonlyMap<PackageName, readonly Version[]>;
}

export interface LockedRelease {
  readonly name: PackageName;
  readonly version: Version;
}

export function wantedProjects(
  names: Iterable<PackageName>,
  releases: Iterable<LockedRelease> = [],
): WantedProjects {
  const locked = new Map<PackageName, Version[]>();
  for (const { name, version } of releases) {
    const versions = locked.get(name) ?? [];
    if (versions.every((one) => compareVersions(one, version) !== 0)) versions.push(version);
    locked.set(name, versions.sort(compareVersions));
  }
  const sorted = [...new Set([...names, ...locked.keys()])].sort();
  return { names: sorted, digest: digestOf(sorted), locked };
}

export function digestOf(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** A repository, with the wanted projects that say that their source is there. */
export interface WantedRepository {
  /** As in URLs: `github.com`. */
  readonly host: string;
  /** As in URLs: `psf/requests`, in lower case. */
  readonly path: string;
  /** Sorted. */
  readonly projects: readonly PackageName[];
}

/** Those that the facts about the projects name, in the order of their hosts and paths. */
export async function wantedRepositories(
  graph: KnowledgeGraph,
  { names }: WantedProjects,
): Promise<readonly WantedRepository[]> {
  const found = new Map<string, { host: string; path: string; projects: PackageName[] }>();
  for (let at = 0; at < names.length; at += MOST_OWNERS) {
    const facts = await graph.read({ owners: names.slice(at, at + MOST_OWNERS), kinds: ["health"] });
    for (const fact of facts) addRepository(found, fact);
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, repository]) => repository);
}

function addRepository(
  found: Map<string, { host: string; path: string; projects: PackageName[] }>,
  { kind, owner, body }: AnyFact,
): void {
  if (kind !== "health" || body.repository === undefined) return;
  const { host, pathname } = new URL(body.repository);
  const path = pathname.slice(1).toLowerCase();
  const key = `${host}/${path}`;
  const known = found.get(key);
  if (known === undefined) found.set(key, { host, path, projects: [owner as PackageName] });
  else known.projects.push(owner as PackageName);
}
