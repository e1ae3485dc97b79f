// A requirements file as a project file.

import {
  emptyProjectFile,
  type ProjectFile,
  type ProjectFileIndex,
  type ProjectFileLocation,
  type ProjectFileOptions,
  type ProjectFileRequirement,
} from "./project-file.ts";
import { parseRequirementsFile, type RequirementLine } from "./requirements-file.ts";
import { joinPath } from "./requirements-file-paths.ts";
import { hasScheme } from "./requirements-file-requirement.ts";
import { NO_SPECIFIERS } from "./specifier.ts";

export function requirementsProjectFile(
  filename: string,
  text: string,
  options: ProjectFileOptions,
): ProjectFile {
  const { load, variable, constraints } = options;
  const file = parseRequirementsFile(text, {
    name: filename,
    ...(load === undefined ? {} : { read: load }),
    ...(variable === undefined ? {} : { variable }),
    ...(constraints === undefined ? {} : { constraints }),
  });
  const indexes: ProjectFileIndex[] = file.extraIndexUrls.map((url) => ({ url, role: "extra" }));
  if (file.indexUrl !== undefined) indexes.unshift({ url: file.indexUrl, role: "default" });
  const { named, located } = sortLines(file.requirements);
  return {
    ...emptyProjectFile,
    kind: "requirements",
    requirements: named,
    locations: located,
    // A constraint that is a path has a name all the same; only its URL could bind, and a path has none.
    constraints: sortLines(file.constraints).named,
    indexes,
    noIndex: file.noIndex,
    findLinks: file.findLinks,
    noBinary: file.noBinary,
    onlyBinary: file.onlyBinary,
    prereleases: file.allReleases,
    requireHashes: file.requireHashes,
    trustedHosts: file.trustedHosts,
    files: file.files,
    warnings: file.warnings,
  };
}

export interface SortedLines {
  readonly named: readonly ProjectFileRequirement[];
  readonly located: readonly ProjectFileLocation[];
}

/** Lines that name a package, and those that only say where one lies. */
export function sortLines(lines: readonly RequirementLine[], group = "default"): SortedLines {
  const named: ProjectFileRequirement[] = [];
  const located: ProjectFileLocation[] = [];
  for (const line of lines) {
    const { file, line: number } = line.position;
    const stated = { source: `${file}:${number}`, group, editable: line.editable };
    const entry = asRequirement(line);
    if (entry !== undefined) {
      named.push({ ...stated, requirement: entry, hashes: line.hashes });
      continue;
    }
    const { location, name, extras, marker } = asLocation(line);
    located.push({
      ...stated,
      location: hasScheme(location) ? location : joinPath(file, location),
      ...(name === undefined ? {} : { name }),
      extras,
      ...(marker === undefined ? {} : { marker }),
    });
  }
  return { named, located };
}

function asRequirement(line: RequirementLine): ProjectFileRequirement["requirement"] | undefined {
  if (line.kind === "requirement") {
    const { requirement } = line;
    return requirement.url === undefined || hasScheme(requirement.url) ? requirement : undefined;
  }
  const { location, name, extras, marker } = line;
  if (name === undefined || !hasScheme(location)) return undefined;
  return {
    name,
    displayName: name,
    extras: [...extras].sort(),
    specifiers: NO_SPECIFIERS,
    url: location,
    ...(marker === undefined ? {} : { marker }),
  };
}

function asLocation(
  line: RequirementLine,
): Pick<ProjectFileLocation, "location" | "name" | "extras" | "marker"> {
  if (line.kind === "location") return line;
  const { url, ...rest } = line.requirement;
  return { ...rest, location: url! };
}
