// pyproject.toml as a project file: the project's own table, or Poetry's; dependency groups; and what uv keeps in
// `[tool.uv]`. https://docs.astral.sh/uv/concepts/projects/dependencies/

import { expandDependencyGroup } from "./dependency-groups.ts";
import { quote, ThothError } from "./error.ts";
import { placeOf, type Table } from "./fields.ts";
import { formatMarker, type Marker } from "./marker.ts";
import { joinMarkers } from "./marker-combine.ts";
import { type ExtraName, normalizeName, parseExtraName } from "./name.ts";
import {
  emptyProjectFile,
  type ProjectFile,
  type ProjectFileOptions,
  type ProjectFileRequirement,
} from "./project-file.ts";
import { type Pyproject, readPyproject } from "./pyproject.ts";
import type { ProjectTable } from "./pyproject-project.ts";
import type { Requirement } from "./requirement.ts";

export function pyprojectProjectFile(
  filename: string,
  table: Table,
  options: ProjectFileOptions,
): ProjectFile {
  const place = placeOf("invalid-project", `The file ${quote(filename)}`);
  const pyproject = readPyproject(table, place);
  const { project } = pyproject;
  const requirements = [
    ...(project === undefined ? [] : projectRequirements(project, filename, options)),
    ...groupRequirements(pyproject, filename, options),
  ];
  return {
    ...emptyProjectFile,
    kind: "pyproject",
    ...(project === undefined ? {} : { name: project.name }),
    ...(project?.requiresPython === undefined ? {} : { requiresPython: project.requiresPython }),
    requirements,
    files: [filename],
    warnings: pyproject.warnings,
  };
}

type Statement = Pick<ProjectFileRequirement, "requirement" | "source" | "group">;

function stated({ requirement, source, group }: Statement): ProjectFileRequirement {
  return { requirement, source, group, editable: false, hashes: [] };
}

interface WantedExtra {
  readonly name: ExtraName;
  /** Under which the project asks for it itself. */
  readonly marker: Marker | undefined;
}

const mostExtras = 10_000;

/** A project may ask for its own extras, `name[extra]`: that is what the extra asks for. */
function projectRequirements(
  project: ProjectTable,
  filename: string,
  options: ProjectFileOptions,
): readonly ProjectFileRequirement[] {
  const found: ProjectFileRequirement[] = [];
  const wanted: WantedExtra[] = [];
  const take = (requirements: readonly Requirement[], path: string, outer: Marker | undefined) => {
    requirements.forEach((requirement, position) => {
      const marker = joinMarkers([outer, requirement.marker]);
      if (requirement.name === project.name) {
        for (const name of requirement.extras) wanted.push({ name, marker });
        return;
      }
      const source = `${filename}: ${path}[${position}]`;
      found.push(stated({ requirement: withMarker(requirement, marker), source, group: "default" }));
    });
  };
  take(project.dependencies, "project.dependencies", undefined);
  const asked = options.extras === "all" ? project.optionalDependencies.keys() : (options.extras ?? []);
  for (const name of asked) wanted.push({ name: parseExtraName(name), marker: undefined });
  const done = new Set<string>();
  for (const { name, marker } of wanted) {
    const key = `${name};${marker === undefined ? "" : formatMarker(marker)}`;
    if (done.has(key)) continue;
    if (done.add(key).size > mostExtras) throw tooManyExtras(filename);
    const extra = project.optionalDependencies.get(name);
    if (extra === undefined) throw unknownExtra(name, project);
    take(extra.requirements, `project.optional-dependencies.${extra.displayName}`, marker);
  }
  return found;
}

function withMarker(requirement: Requirement, marker: Marker | undefined): Requirement {
  return marker === undefined || marker === requirement.marker ? requirement : { ...requirement, marker };
}

function tooManyExtras(filename: string): ThothError {
  return new ThothError("limit-exceeded", `The extras of ${quote(filename)} include each other too often.`, {
    details: { limit: "extras", allowed: mostExtras },
  });
}

function unknownExtra(name: ExtraName, project: ProjectTable): ThothError {
  const known = Array.from(project.optionalDependencies.values(), (extra) => extra.displayName);
  return new ThothError(
    "invalid-project",
    `The project ${quote(project.displayName)} has no extra ${quote(name)}.`,
    {
      hint: known.length === 0 ? undefined : `There are ${quote(known.join(", "))}.`,
      details: { extra: name, known: known.slice(0, 100) },
    },
  );
}

function groupRequirements(
  { dependencyGroups }: Pyproject,
  filename: string,
  options: ProjectFileOptions,
): readonly ProjectFileRequirement[] {
  const asked = new Set(
    options.groups === "all" ? dependencyGroups.keys() : (options.groups ?? []).map(normalizeName),
  );
  const dev = normalizeName("dev");
  if (options.dev === true && dependencyGroups.has(dev)) asked.add(dev);
  return Array.from(asked).flatMap((name) =>
    expandDependencyGroup(dependencyGroups, name).map(({ requirement, group, path }) =>
      stated({ requirement, group, source: `${filename}: ${path}` }),
    ),
  );
}
