// The `[project]` table of pyproject.toml: https://packaging.python.org/en/latest/specifications/pyproject-toml/.
// What resolving needs must be right; what is wrong elsewhere is told as a warning.

import { quote, ThothError } from "./error.ts";
import {
  compact,
  describeType,
  fieldError,
  fieldOf,
  isTable,
  type Place,
  readAs,
  readTable,
  readText,
  readTextList,
  readTextTable,
  requireText,
  type Table,
  within,
} from "./fields.ts";
import { parseLicenceExpression } from "./licence-expression.ts";
import { type ExtraName, isValidName, normalizeName, type PackageName, parseExtraName } from "./name.ts";
import { type Requirement, readRequirements } from "./requirement.ts";
import { parseSpecifiers, type Specifiers } from "./specifier.ts";
import { parseVersion, type Version } from "./version.ts";

export interface ProjectExtra {
  readonly displayName: string;
  readonly requirements: readonly Requirement[];
}

/** PEP 639: an expression; or in old projects a text, or the path of a file. */
export type ProjectLicence =
  | { readonly kind: "expression"; readonly expression: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string };

export interface ProjectTable {
  readonly name: PackageName;
  readonly displayName: string;
  /** Absent where it is dynamic. */
  readonly version?: Version;
  readonly description?: string;
  readonly requiresPython?: Specifiers;
  readonly dependencies: readonly Requirement[];
  readonly optionalDependencies: ReadonlyMap<ExtraName, ProjectExtra>;
  /** Fields that only a build can tell. */
  readonly dynamic: ReadonlySet<string>;
  readonly licence?: ProjectLicence;
  /** Patterns of paths. */
  readonly licenceFiles?: readonly string[];
  readonly classifiers: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
}

/** The fields of the specification; those of `true` may be dynamic. */
const knownFields: ReadonlyMap<string, boolean> = new Map([
  ["name", false],
  ...(
    "version description readme requires-python license license-files authors maintainers keywords classifiers " +
    "urls scripts gui-scripts entry-points dependencies optional-dependencies import-names import-namespaces"
  )
    .split(" ")
    .map((field): [string, boolean] => [field, true]),
  ["dynamic", false],
]);

/** Throws invalid-project with `details.path`. Warnings go to `warn`. */
export function readProjectTable(table: Table, place: Place, warn: (warning: string) => void): ProjectTable {
  const displayName = requireText(table, "name", place);
  if (!isValidName(displayName)) {
    throw fieldError(within(place, "name"), `is ${quote(displayName)}, which is no valid name`);
  }
  const dynamic = readDynamic(table, place);
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ThothError) || error.code !== place.code) throw error;
      warn(error.message);
      return undefined;
    }
  };
  for (const key of Object.keys(table)) {
    if (!knownFields.has(key)) warn(fieldError(within(place, key), "is no field of a project").message);
  }
  const version = attempt(() => readAs(table, "version", place, parseVersion));
  if (fieldOf(table, "version") === undefined && !dynamic.has("version")) {
    warn(fieldError(within(place, "version"), "is missing and not dynamic").message);
  }
  return compact<ProjectTable>({
    name: normalizeName(displayName),
    displayName,
    version,
    description: attempt(() => readText(table, "description", place)),
    requiresPython: readAs(table, "requires-python", place, parseSpecifiers),
    dependencies: readRequirements(table, "dependencies", place) ?? [],
    optionalDependencies: readExtras(table, place),
    dynamic,
    licence: attempt(() => readLicence(table, place)),
    licenceFiles: attempt(() => readLicenceFiles(table, place)),
    classifiers: attempt(() => readTextList(table, "classifiers", place)) ?? [],
    scripts: attempt(() => readTextTable(table, "scripts", place)) ?? {},
  });
}

function readDynamic(table: Table, place: Place): ReadonlySet<string> {
  const at = within(place, "dynamic");
  const dynamic = new Set(readTextList(table, "dynamic", place));
  for (const field of dynamic) {
    if (knownFields.get(field) !== true) throw fieldError(at, `cannot have ${quote(field)}`);
    if (fieldOf(table, field) === undefined) continue;
    throw fieldError(at, `has ${quote(field)}, which the project says itself`);
  }
  return dynamic;
}

function readExtras(table: Table, place: Place): ReadonlyMap<ExtraName, ProjectExtra> {
  const extras = new Map<ExtraName, ProjectExtra>();
  const entries = readTable(table, "optional-dependencies", place) ?? {};
  const at = within(place, "optional-dependencies");
  for (const displayName of Object.keys(entries)) {
    const here = within(at, displayName);
    if (!isValidName(displayName)) throw fieldError(here, "is no valid name of an extra");
    const name = parseExtraName(displayName);
    const other = extras.get(name);
    if (other !== undefined) throw fieldError(here, `is the extra ${quote(other.displayName)} once more`);
    extras.set(name, { displayName, requirements: readRequirements(entries, displayName, at) ?? [] });
  }
  return extras;
}

function readLicence(table: Table, place: Place): ProjectLicence | undefined {
  const value = fieldOf(table, "license");
  const at = within(place, "license");
  if (value === undefined) return undefined;
  if (typeof value === "string") {
    return { kind: "expression", expression: readAs(table, "license", place, parseLicenceExpression) ?? "" };
  }
  if (!isTable(value)) throw fieldError(at, `must be text or a table, not ${describeType(value)}`);
  if (fieldOf(table, "license-files") !== undefined) {
    throw fieldError(at, "must be an expression where `license-files` is given");
  }
  const text = readText(value, "text", at);
  const path = readText(value, "file", at);
  if ((text === undefined) === (path === undefined))
    throw fieldError(at, "must have either `text` or `file`");
  return text === undefined ? { kind: "file", path: path! } : { kind: "text", text };
}

/** https://packaging.python.org/en/latest/specifications/glob-patterns/ */
function readLicenceFiles(table: Table, place: Place): readonly string[] | undefined {
  const patterns = readTextList(table, "license-files", place);
  patterns?.forEach((pattern, position) => {
    const at = within(within(place, "license-files"), position);
    if (pattern.startsWith("/")) throw fieldError(at, `is ${quote(pattern)}, which is not relative`);
    if (pattern.includes("..")) throw fieldError(at, `is ${quote(pattern)}, which leaves the folder`);
    if (
      !/^[\p{L}\p{N}_.\-/*?[\]]+$/u.test(pattern) ||
      /\[[^\]]*\[/.test(pattern) ||
      !bracketsClose(pattern)
    ) {
      throw fieldError(at, `is ${quote(pattern)}, which is no pattern of paths`);
    }
  });
  return patterns;
}

function bracketsClose(pattern: string): boolean {
  return !pattern.replace(/\[[^[\]]+\]/g, "").match(/[[\]]/);
}
