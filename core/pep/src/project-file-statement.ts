// What a table says of one package, before it is told apart whether the package has a name to resolve by or only
// a place.

import type { DirectSource } from "./direct-source.ts";
import { ThothError } from "./error.ts";
import type { ProjectFileLocation, ProjectFileOptions, ProjectFileRequirement } from "./project-file.ts";
import type { Requirement } from "./requirement.ts";
import type { RequirementHash } from "./requirements-file.ts";
import { joinPath } from "./requirements-file-paths.ts";

export interface Statement {
  readonly requirement: Requirement;
  readonly direct?: DirectSource;
  /** The name of an index. */
  readonly index?: string;
  readonly prereleases?: boolean;
  readonly hashes?: readonly RequirementHash[];
  /** Where it stands in the file: `project.dependencies[2]`. */
  readonly path: string;
  readonly group: string;
}

export interface SortedStatements {
  readonly requirements: readonly ProjectFileRequirement[];
  readonly locations: readonly ProjectFileLocation[];
  readonly prereleases: readonly string[];
}

export function sortStatements(filename: string, statements: readonly Statement[]): SortedStatements {
  const requirements: ProjectFileRequirement[] = [];
  const locations: ProjectFileLocation[] = [];
  const prereleases = new Set<string>();
  for (const { requirement, direct, index, prereleases: allowed, hashes, path, group } of statements) {
    const stated = { source: `${filename}: ${path}`, group };
    if (allowed === true) prereleases.add(requirement.name);
    if (direct?.kind === "path") {
      const { name, extras, marker } = requirement;
      const location = joinPath(filename, direct.path);
      const editable = direct.editable === true;
      locations.push({
        ...stated,
        editable,
        location,
        name,
        extras,
        ...(marker === undefined ? {} : { marker }),
      });
      continue;
    }
    requirements.push({
      ...stated,
      requirement,
      editable: direct?.kind === "repository" ? direct.editable === true : false,
      hashes: hashes ?? [],
      ...(index === undefined ? {} : { index }),
    });
  }
  return { requirements, locations, prereleases: [...prereleases] };
}

const mostStatements = 200_000;

/**
 * Adds `more` to `all`. Throws limit-exceeded, for what includes each other may be many times larger than its file.
 */
export function addStatements(all: Statement[], more: readonly Statement[]): void {
  if (all.length + more.length > mostStatements) {
    throw new ThothError("limit-exceeded", `The project has more than ${mostStatements} requirements.`, {
      details: { limit: "requirements", allowed: mostStatements },
    });
  }
  for (const statement of more) all.push(statement);
}

/** The names asked for, all of `known` for `all`. */
export function askedNames(asked: ProjectFileOptions["extras"], known: Iterable<string>): readonly string[] {
  return asked === "all" ? [...known] : (asked ?? []);
}
