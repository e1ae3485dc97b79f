// Dependencies that setuptools reads from a file beside pyproject.toml: dynamic by name, but no build is needed.
// https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html#dynamic-metadata

import { quote, ThothError } from "./error.ts";
import { fieldOf, type Place, readTable, readTextList, type Table, within } from "./fields.ts";
import { normalizeName } from "./name.ts";
import { addStatements, type Statement } from "./project-file-statement.ts";
import type { Pyproject } from "./pyproject.ts";
import { parseRequirementsFile } from "./requirements-file.ts";
import { joinPath } from "./requirements-file-paths.ts";

export interface SetuptoolsRequest {
  readonly filename: string;
  readonly extras: readonly string[];
  readonly place: Place;
  readonly load: ((path: string) => string) | undefined;
}

const mostFiles = 100;

/** Undefined where the file does not say where they stand, or no file can be read. */
export function setuptoolsStatements(
  pyproject: Pyproject,
  request: SetuptoolsRequest,
): readonly Statement[] | undefined {
  const { project, tool } = pyproject;
  const { load, place } = request;
  const at = within(within(within(place, "tool"), "setuptools"), "dynamic");
  const setuptools = readTable(tool, "setuptools", within(place, "tool"));
  const dynamic = setuptools && readTable(setuptools, "dynamic", within(within(place, "tool"), "setuptools"));
  if (dynamic === undefined || load === undefined || project === undefined) return undefined;
  const found: Statement[] = [];
  const take = (table: Table, key: string, where: Place): boolean => {
    const entry = readTable(table, key, where);
    if (entry === undefined) return false;
    for (const path of readFiles(entry, within(where, key))) {
      addStatements(found, readStatements(joinPath(request.filename, path), load));
    }
    return true;
  };
  if (project.dynamic.has("dependencies") && !take(dynamic, "dependencies", at)) return undefined;
  const optional = readTable(dynamic, "optional-dependencies", at) ?? {};
  for (const extra of request.extras) {
    const key = Object.keys(optional).find((name) => normalizeName(name) === normalizeName(extra));
    if (key === undefined || !take(optional, key, within(at, "optional-dependencies"))) return undefined;
  }
  return found;
}

function readFiles(entry: Table, place: Place): readonly string[] {
  const file = fieldOf(entry, "file");
  const files = typeof file === "string" ? [file] : (readTextList(entry, "file", place) ?? []);
  if (files.length <= mostFiles) return files;
  throw new ThothError("limit-exceeded", `${place.document} names more than ${mostFiles} files.`, {
    details: { limit: "files", allowed: mostFiles },
  });
}

/** One requirement a line; options and nested files are not for setuptools. */
function readStatements(path: string, load: (path: string) => string): readonly Statement[] {
  const file = parseRequirementsFile(load(path), { name: path });
  return file.requirements.map((line) => {
    if (line.kind === "requirement") {
      return { requirement: line.requirement, path: `${path}:${line.position.line}`, group: "default" };
    }
    throw new ThothError(
      "invalid-requirement",
      `Line ${line.position.line} of ${quote(path)} names no package.`,
      {
        details: { file: path, line: line.position.line },
      },
    );
  });
}
