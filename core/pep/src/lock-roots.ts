// What a pyproject.toml asks for as Poetry and PDM read it: for every use, of each group, of each extra.
// https://python-poetry.org/docs/pyproject/, https://pdm-project.org/latest/usage/dependency/

import { expandDependencyGroup } from "./dependency-groups.ts";
import { quote } from "./error.ts";
import {
  convert,
  type Place,
  placeOf,
  readTable,
  readTableList,
  readText,
  readTextList,
  type Table,
  within,
} from "./fields.ts";
import { nameOf } from "./lock-tables.ts";
import type { ExtraName, PackageName } from "./name.ts";
import { type Poetry, readPoetry } from "./poetry.ts";
import type { ProjectFileIndex } from "./project-file.ts";
import { replaceVariables } from "./project-file-pipfile.ts";
import { poetryGroupStatements } from "./project-file-poetry.ts";
import { type Pyproject, parsePyproject } from "./pyproject.ts";
import { parseRequirement, type Requirement } from "./requirement.ts";
import type { ReadVariable } from "./requirements-file-lines.ts";

export interface LockRoots {
  readonly requirements: readonly Requirement[];
  readonly groups: ReadonlyMap<PackageName, LockRootGroup>;
  readonly extras: ReadonlyMap<ExtraName, readonly Requirement[]>;
}

/** Of PDM, whose lock does not say where packages come from. */
export interface PdmRoots extends LockRoots {
  readonly indexes: readonly ProjectFileIndex[];
}

export interface LockRootGroup {
  readonly requirements: readonly Requirement[];
  /** Not installed unless it is asked for. */
  readonly optional: boolean;
}

/** Throws invalid-project, limit-exceeded. */
export function parsePoetryRoots(text: string, filename = "pyproject.toml"): LockRoots {
  const place = placeOf("invalid-project", `The file ${quote(filename)}`);
  const pyproject = parsePyproject(text, filename);
  const poetry = readPoetry(
    readTable(pyproject.tool, "poetry", within(place, "tool")) ?? {},
    within(within(place, "tool"), "poetry"),
  );
  return {
    requirements: mainOf(pyproject, poetry),
    groups: groupsOf(pyproject, poetry),
    extras: extrasOf(pyproject, poetry),
  };
}

/** Where `[project]` lists dependencies, those of `[tool.poetry]` only add to them. */
function mainOf({ project }: Pyproject, poetry: Poetry): readonly Requirement[] {
  const old = poetry.dependencies.filter(({ optional }) => !optional).map(({ requirement }) => requirement);
  const listed = project?.dependencies ?? [];
  const known = new Set(listed.map(({ name }) => name));
  return listed.length === 0 ? old : [...listed, ...old.filter(({ name }) => known.has(name))];
}

function groupsOf(pyproject: Pyproject, poetry: Poetry): ReadonlyMap<PackageName, LockRootGroup> {
  const names = new Set([...pyproject.dependencyGroups.keys(), ...poetry.groups.keys()]);
  return new Map(
    Array.from(names, (name) => {
      const standard = pyproject.dependencyGroups.has(name)
        ? expandDependencyGroup(pyproject.dependencyGroups, name).map(({ requirement }) => requirement)
        : [];
      const own = poetryGroupStatements(poetry, name).map(({ requirement }) => requirement);
      const optional = poetry.groups.get(name)?.optional ?? false;
      return [name, { requirements: [...standard, ...own], optional }];
    }),
  );
}

function extrasOf({ project }: Pyproject, poetry: Poetry): ReadonlyMap<ExtraName, readonly Requirement[]> {
  const extras = new Map<ExtraName, readonly Requirement[]>();
  for (const [name, { requirements }] of project?.optionalDependencies ?? []) extras.set(name, requirements);
  for (const [name, names] of poetry.extras) {
    const wanted = new Set(names);
    const found = poetry.dependencies.filter(({ requirement }) => wanted.has(requirement.name));
    extras.set(name, [...(extras.get(name) ?? []), ...found.map(({ requirement }) => requirement)]);
  }
  return extras;
}

/**
 * PDM installs every group of development unless it is told otherwise. Throws invalid-project, limit-exceeded.
 */
export function parsePdmRoots(text: string, variable?: ReadVariable, filename = "pyproject.toml"): PdmRoots {
  const { project, dependencyGroups, tool } = parsePyproject(text, filename);
  const place = within(placeOf("invalid-project", `The file ${quote(filename)}`), "tool");
  const at = within(place, "pdm");
  const pdm = readTable(tool, "pdm", place) ?? {};
  const own = readTable(pdm, "dev-dependencies", at) ?? {};
  const groups = new Map<PackageName, LockRootGroup>();
  for (const name of dependencyGroups.keys()) {
    const requirements = expandDependencyGroup(dependencyGroups, name).map(({ requirement }) => requirement);
    groups.set(name, { requirements, optional: false });
  }
  const here = within(at, "dev-dependencies");
  for (const key of Object.keys(own)) {
    const name = nameOf(key, within(here, key));
    const known = groups.get(name)?.requirements ?? [];
    // `-e file:///…` is a place, which no lock can pin.
    const texts = (readTextList(own, key, here) ?? []).filter((line) => !line.startsWith("-"));
    const stated = texts.map((line) => convert(line, parseRequirement, within(here, key)));
    groups.set(name, { requirements: [...known, ...stated], optional: false });
  }
  const extras = Array.from(
    project?.optionalDependencies ?? [],
    ([name, { requirements }]) => [name, requirements] as const,
  );
  return {
    requirements: project?.dependencies ?? [],
    groups,
    extras: new Map(extras),
    indexes: readSources(pdm, at, variable),
  };
}

/** The source `pypi` stands in for the standard index. https://pdm-project.org/latest/usage/config/#configure-the-package-indexes */
function readSources(
  table: Table,
  place: Place,
  variable: ReadVariable | undefined,
): readonly ProjectFileIndex[] {
  const at = within(place, "source");
  return (readTableList(table, "source", place) ?? []).flatMap((source, position) => {
    const here = within(at, position);
    const url = readText(source, "url", here);
    if (url === undefined || readText(source, "type", here) === "find_links") return [];
    const role = readText(source, "name", here) === "pypi" ? "default" : "extra";
    return [{ url: replaceVariables(url, variable), role }];
  });
}
