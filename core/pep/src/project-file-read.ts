// Which reader a project's file needs: by its name, else by what it looks like.

import { quote, ThothError } from "./error.ts";
import { placeOf } from "./fields.ts";
import { emptyProjectFile, type ProjectFile, type ProjectFileOptions } from "./project-file.ts";
import { pylockProjectFile } from "./project-file-lock.ts";
import { pipfileLockProjectFile, pipfileProjectFile } from "./project-file-pipfile.ts";
import { pyprojectProjectFile } from "./project-file-pyproject.ts";
import { requirementsProjectFile } from "./project-file-requirements.ts";
import { isPylockFilename } from "./pylock.ts";
import { parsePylock } from "./pylock-read.ts";
import { findScriptBlock, parseScriptMetadata } from "./script-block.ts";
import { parseToml } from "./toml.ts";

/**
 * Reads requirements.txt or .in, Pipfile, Pipfile.lock, pyproject.toml, pylock.toml, or a Python script. `filename`
 * is a path as people know it: sources and nested files are told by it. Throws invalid-project,
 * invalid-requirement, invalid-lock or limit-exceeded.
 */
export function readProjectFile(
  filename: string,
  text: string,
  options: ProjectFileOptions = {},
): ProjectFile {
  const file = readByKind(filename, text, options);
  if (options.constraints !== true) return file;
  return {
    ...file,
    requirements: [],
    locations: [],
    constraints: [...file.requirements, ...file.constraints],
  };
}

function readByKind(filename: string, text: string, options: ProjectFileOptions): ProjectFile {
  const kind = kindOf(filename, text);
  switch (kind) {
    case "requirements":
      return requirementsProjectFile(filename, text, options);
    case "script":
      return scriptProjectFile(filename, text);
    case "pylock":
      return pylockProjectFile(filename, parsePylock(text));
    case "pipfile":
      return pipfileProjectFile(filename, text, options);
    case "pipfile-lock":
      return pipfileLockProjectFile(filename, text, options);
    case "toml":
      return tomlProjectFile(filename, text, options);
    default:
      return kind satisfies never;
  }
}

type Form = "requirements" | "pipfile" | "pipfile-lock" | "script" | "pylock" | "toml";

/** Files that people try, and what to do instead. */
const foreign: readonly (readonly [RegExp, string])[] = [
  [/^setup\.(?:py|cfg)$/, "Move the requirements to `pyproject.toml`, or list them in `requirements.in`."],
  [/^(?:uv|poetry|pdm)\.lock$/, "Give the file that it was made from, such as `pyproject.toml`."],
  [/\.ya?ml$/, "List the packages that pip installs in `requirements.in`."],
];

function kindOf(filename: string, text: string): Form {
  const name = filename.slice(Math.max(filename.lastIndexOf("/"), filename.lastIndexOf("\\")) + 1);
  const hint = foreign.find(([pattern]) => pattern.test(name))?.[1];
  if (hint !== undefined) {
    throw new ThothError(
      "invalid-project",
      `${quote(filename)} is not a file that requirements are read from.`,
      {
        hint,
      },
    );
  }
  if (isPylockFilename(name)) return "pylock";
  if (name === "Pipfile") return "pipfile";
  if (name === "Pipfile.lock") return "pipfile-lock";
  if (name.endsWith(".toml")) return "toml";
  if (name.endsWith(".py") || name.endsWith(".pyw")) return "script";
  if (/\.(?:txt|in)$/.test(name)) return "requirements";
  if (findScriptBlock(text) !== undefined) return "script";
  const first = firstLine(text);
  if (first.startsWith("{")) return "pipfile-lock";
  return /^\[.{1,200}\]$|^[\w.-]{1,100}\s{0,20}=[^=]/.test(first) ? "toml" : "requirements";
}

/** The first line that says something. */
function firstLine(text: string): string {
  for (const line of text.slice(0, 10_000).split("\n")) {
    const said = line.trim();
    if (said !== "" && !said.startsWith("#")) return said;
  }
  return "";
}

function scriptProjectFile(filename: string, text: string): ProjectFile {
  const metadata = parseScriptMetadata(text);
  if (metadata === undefined) {
    throw new ThothError("invalid-project", `The script ${quote(filename)} does not say what it needs.`, {
      hint: "Add a comment block `# /// script` with `dependencies`.",
    });
  }
  const { requiresPython, dependencies } = metadata;
  return {
    ...emptyProjectFile,
    kind: "script",
    requirements: dependencies.map((requirement, position) => ({
      requirement,
      source: `${filename}: dependencies[${position}]`,
      group: "default",
      editable: false,
      hashes: [],
    })),
    ...(requiresPython === undefined ? {} : { requiresPython }),
    files: [filename],
  };
}

function tomlProjectFile(filename: string, text: string, options: ProjectFileOptions): ProjectFile {
  const table = parseToml(text, placeOf("invalid-project", `The file ${quote(filename)}`));
  if (Object.hasOwn(table, "lock-version")) return pylockProjectFile(filename, parsePylock(text));
  if (Object.hasOwn(table, "packages") || Object.hasOwn(table, "dev-packages")) {
    return pipfileProjectFile(filename, text, options);
  }
  return pyprojectProjectFile(filename, table, options);
}
