// A lock as a project file: what it lists, pinned, so that a lock can be locked again for another purpose.

import {
  emptyProjectFile,
  type ProjectFile,
  type ProjectFileLocation,
  type ProjectFileRequirement,
} from "./project-file.ts";
import type { Pylock, PylockPackage } from "./pylock.ts";
import type { RequirementHash } from "./requirements-file.ts";
import { joinPath } from "./requirements-file-paths.ts";
import { NO_SPECIFIERS, parseSpecifiers } from "./specifier.ts";

export function pylockProjectFile(filename: string, lock: Pylock): ProjectFile {
  const requirements: ProjectFileRequirement[] = [];
  const locations: ProjectFileLocation[] = [];
  lock.packages.forEach((entry, position) => {
    const stated = { source: `${filename}: packages[${position}]`, group: "default", editable: false };
    const marker = entry.marker === undefined ? {} : { marker: entry.marker };
    const path = entry.directory?.path ?? (urlOf(entry) === undefined ? entry.archive?.path : undefined);
    if (path !== undefined) {
      const editable = entry.directory?.editable === true;
      const location = joinPath(filename, path);
      locations.push({ ...stated, editable, location, name: entry.name, extras: [], ...marker });
      return;
    }
    const url = urlOf(entry);
    const specifiers =
      url === undefined && entry.version !== undefined
        ? parseSpecifiers(`==${entry.version.text}`)
        : NO_SPECIFIERS;
    const requirement = { name: entry.name, displayName: entry.name, extras: [], specifiers, ...marker };
    requirements.push({
      ...stated,
      requirement: url === undefined ? requirement : { ...requirement, url },
      hashes: hashesOf(entry),
    });
  });
  const { requiresPython, warnings = [] } = lock;
  return {
    ...emptyProjectFile,
    kind: "pylock",
    requirements,
    locations,
    ...(requiresPython === undefined ? {} : { requiresPython }),
    files: [filename],
    warnings,
  };
}

function urlOf({ archive, vcs }: PylockPackage): string | undefined {
  if (archive !== undefined) return archive.url;
  const address = vcs?.url ?? vcs?.path;
  return vcs === undefined || address === undefined ? undefined : `${vcs.type}+${address}@${vcs.commitId}`;
}

function hashesOf(entry: PylockPackage): readonly RequirementHash[] {
  const files = [entry.archive, entry.sdist, ...(entry.wheels ?? [])];
  return files.flatMap((file) =>
    Object.entries(file?.hashes ?? {}).map(([algorithm, digest]) => ({
      algorithm,
      digest: digest.toLowerCase(),
    })),
  );
}
