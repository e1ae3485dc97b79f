// Locks that tell versions and digests alone: Pipfile.lock and requirements files with hashes.
// https://pipenv.pypa.io/en/latest/pipfile.html, https://pip.pypa.io/en/stable/topics/secure-installs/

import type { DirectSource } from "./direct-source.ts";
import { quote, ThothError } from "./error.ts";
import { compact, fieldError, placeOf, within } from "./fields.ts";
import {
  emptyForeignLock,
  type ForeignFile,
  type ForeignLock,
  type ForeignPackage,
  groupMarker,
} from "./foreign-lock.ts";
import { alternateMarkers, joinMarkers } from "./marker-combine.ts";
import { normalizeName, type PackageName } from "./name.ts";
import { type PipfileLockPackage, parsePipfileLock } from "./pipfile-lock.ts";
import type { ProjectFile, ProjectFileOptions } from "./project-file.ts";
import { pipfileLockProjectFile } from "./project-file-pipfile.ts";
import { requirementsProjectFile } from "./project-file-requirements.ts";
import type { Requirement } from "./requirement.ts";
import type { RequirementHash } from "./requirements-file.ts";
import type { Version } from "./version.ts";

export type PinsOptions = Pick<ProjectFileOptions, "load" | "variable">;

/** `develop` is the group `dev`; other categories are groups of their name. Throws invalid-lock, limit-exceeded. */
export function readPipfileLock(text: string, filename: string, options: PinsOptions): ForeignLock {
  const lock = parsePipfileLock(text, filename);
  const file = pipfileLockProjectFile(filename, text, options);
  const urls = new Map(file.indexes.map(({ name, url }) => [name, url]));
  const packages: ForeignPackage[] = [];
  const groups: PackageName[] = [];
  for (const [category, entries] of lock.categories) {
    const group =
      category === "default" ? undefined : normalizeName(category === "develop" ? "dev" : category);
    if (group !== undefined) groups.push(group);
    for (const entry of entries) {
      const { requirement, index, path } = entry;
      const place = { ...placeOf("invalid-lock", `The lock file ${quote(filename)}`), path };
      const url = index === undefined ? undefined : urls.get(index);
      if (index !== undefined && url === undefined)
        throw fieldError(within(place, "index"), `is ${quote(index)}, which is none of the sources`);
      packages.push(
        compact<ForeignPackage>({
          ...sourceOf(entry, filename),
          name: requirement.name,
          version: entry.direct === undefined ? versionOf(requirement, filename) : undefined,
          marker: joinMarkers([group && groupMarker(group), requirement.marker]),
          index: url,
        }),
      );
    }
  }
  return compact<ForeignLock>({
    ...emptyForeignLock,
    format: "pipfile-lock",
    requiresPython: file.requiresPython,
    dependencyGroups: groups.length === 0 ? undefined : groups,
    packages: merged(packages),
    projectHash: { algorithm: "sha256", digest: lock.hash },
    places: placesOf(file),
  });
}

/** Every requirement must be pinned and have a digest. Throws invalid-lock, invalid-requirement, limit-exceeded. */
export function readHashedRequirements(text: string, filename: string, options: PinsOptions): ForeignLock {
  const file = requirementsProjectFile(filename, text, options);
  const [location] = file.locations;
  if (location !== undefined) throw noLock(filename, location.location, "it is a place, not a version");
  const packages = file.requirements.map(({ requirement, hashes }) => {
    const version = versionOf(requirement, filename);
    const files = filesOf(hashes);
    if (files.length === 0) throw noLock(filename, requirement.displayName, "it has no SHA-256");
    return compact<ForeignPackage>({ name: requirement.name, version, marker: requirement.marker, files });
  });
  return {
    ...emptyForeignLock,
    format: "requirements",
    packages: merged(packages),
    places: placesOf(file),
    warnings: file.warnings,
  };
}

function placesOf({ indexes, noIndex, findLinks, trustedHosts }: ProjectFile): ForeignLock["places"] {
  return { indexes, noIndex, findLinks, trustedHosts };
}

/** What is listed under several markers, or for several purposes, is one package. */
function merged(packages: readonly ForeignPackage[]): readonly ForeignPackage[] {
  const groups = Map.groupBy(packages, ({ name, version, vcs, directory, archive, index }) =>
    JSON.stringify([name, version?.text, vcs, directory, archive, index]),
  );
  return Array.from(groups.values(), (group) => {
    const [first] = group as [ForeignPackage];
    const marker = alternateMarkers(group.map((entry) => entry.marker));
    const { marker: _, ...entry } = first;
    const digests = group.flatMap(({ files }) => files);
    const files = [...new Map(digests.map((file) => [JSON.stringify(file.hashes), file])).values()];
    return compact<ForeignPackage>({ ...entry, marker, files });
  });
}

function versionOf({ specifiers, displayName, url }: Requirement, filename: string): Version {
  const [only, ...others] = specifiers.clauses;
  const version = only?.operator === "==" && others.length === 0 && !only.wildcard ? only.parsed : undefined;
  if (version === undefined || url !== undefined)
    throw noLock(filename, displayName, "it is not pinned with ==");
  return version;
}

function sourceOf(
  { requirement, direct, hashes }: PipfileLockPackage,
  filename: string,
): Pick<ForeignPackage, "files" | "vcs" | "directory" | "archive"> {
  if (direct !== undefined) return { files: [], ...directOf(direct, hashes) };
  const files = filesOf(hashes);
  if (files.length === 0) throw noLock(filename, requirement.displayName, "it has no SHA-256");
  return { files };
}

function directOf(
  source: DirectSource,
  hashes: readonly RequirementHash[],
): Pick<ForeignPackage, "vcs" | "directory" | "archive"> {
  if (source.kind === "url") {
    const { url, subdirectory } = source;
    const digests = Object.fromEntries(hashes.map(({ algorithm, digest }) => [algorithm, digest]));
    return { archive: compact({ url, subdirectory, hashes: digests }) };
  }
  const { editable } = source;
  if (source.kind === "path") return { directory: compact({ path: source.path, editable }) };
  const { system, address, revision = "", subdirectory } = source;
  return { vcs: compact({ type: system, url: address, commitId: revision, subdirectory }) };
}

function filesOf(hashes: readonly RequirementHash[]): readonly ForeignFile[] {
  return hashes
    .filter(({ algorithm }) => algorithm === "sha256")
    .map(({ digest }) => ({ hashes: { sha256: digest } }));
}

function noLock(filename: string, what: string, why: string): ThothError {
  return new ThothError(
    "invalid-lock",
    `${quote(filename)} is no lock: ${quote(what)} cannot be installed from it, ${why}`,
    { hint: "Make a lock of it with `thoth lock`.", details: { path: filename } },
  );
}
