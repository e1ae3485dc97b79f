// pyproject.toml: the build system (PEP 518), the project (PEP 621), dependency groups (PEP 735) and `[tool]`.
// https://packaging.python.org/en/latest/specifications/pyproject-toml/

import { type DependencyGroups, readDependencyGroups } from "./dependency-groups.ts";
import { quote } from "./error.ts";
import {
  compact,
  fieldError,
  fieldOf,
  type Place,
  placeOf,
  readTable,
  readText,
  readTextList,
  type Table,
  within,
} from "./fields.ts";
import { type ProjectTable, readProjectTable } from "./pyproject-project.ts";
import { type Requirement, readRequirements } from "./requirement.ts";
import { parseToml } from "./toml.ts";

export interface BuildSystem {
  readonly requires: readonly Requirement[];
  /** Absent: setuptools, in the way of old. */
  readonly buildBackend?: string;
  /** Folders of the project in which the backend is looked for. */
  readonly backendPath?: readonly string[];
}

export interface Pyproject {
  readonly buildSystem?: BuildSystem;
  readonly project?: ProjectTable;
  readonly dependencyGroups: DependencyGroups;
  /** As it is. */
  readonly tool: Table;
  /** Safe to print. */
  readonly warnings: readonly string[];
}

const mostWarnings = 100;

/** Throws invalid-project with `details.path` or `details.line`, or limit-exceeded. */
export function parsePyproject(text: string, filename = "pyproject.toml"): Pyproject {
  const place = placeOf("invalid-project", `The file ${quote(filename)}`);
  return readPyproject(parseToml(text, place), place);
}

export function readPyproject(table: Table, place: Place): Pyproject {
  const warnings: string[] = [];
  const warn = (warning: string) => {
    if (warnings.length < mostWarnings) warnings.push(warning);
  };
  const project = readTable(table, "project", place);
  return compact<Pyproject>({
    buildSystem: readBuildSystem(table, place),
    project: project && readProjectTable(project, within(place, "project"), warn),
    dependencyGroups: readDependencyGroups(table, "dependency-groups", place),
    tool: readTable(table, "tool", place) ?? {},
    warnings,
  });
}

function readBuildSystem(table: Table, place: Place): BuildSystem | undefined {
  const part = readTable(table, "build-system", place);
  if (part === undefined) return undefined;
  const at = within(place, "build-system");
  if (fieldOf(part, "requires") === undefined) throw fieldError(within(at, "requires"), "is missing");
  return compact<BuildSystem>({
    requires: readRequirements(part, "requires", at) ?? [],
    buildBackend: readText(part, "build-backend", at),
    backendPath: readTextList(part, "backend-path", at),
  });
}
