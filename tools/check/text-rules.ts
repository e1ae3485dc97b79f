// Rules on the text of files: sizes, what the pure floor must not touch, and paths of one machine.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Module } from "./modules.ts";
import { trackedFiles } from "./tracked-files.ts";

const MOST_LINES = 600;
/** Tables, and programs of another language that are bundled: not written as TypeScript. */
const TABLES = ["core/notebook/src/distribution-table.ts", "io/inspection/src/python-programs.ts"];

export function checkSizes(modules: readonly Module[]): string[] {
  return modules
    .filter(({ path, lines }) => lines > MOST_LINES && !TABLES.includes(path))
    .map(({ path, lines }) => `${path}: ${lines} lines, more than ${MOST_LINES}`);
}

/** Modules of Node that compute and touch nothing. */
const PURE_MODULES = new Set(["node:crypto"]);
const IMPURE =
  /\bMath\.random\(|\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|^\s*(?:export )?async |\bawait [a-z]|\blocaleCompare\(|\btoLocale[A-Z]|\bIntl\.|\bprocess\.|\bsetTimeout\(|\bfetch\(/;

/** The floor `core/` is synchronous and deterministic: no input or output, no clock, no chance, no locale. */
export function checkPurity(modules: readonly Module[], root: string): string[] {
  const core = modules.filter(({ path }) => /^core\/[^/]+\/src\//.test(path));
  return core.flatMap(({ path, imports }) => {
    const entered = imports
      .filter(({ specifier }) => specifier.startsWith("node:") && !PURE_MODULES.has(specifier))
      .map(({ specifier, line }) => `${path}:${line}: core must not use \`${specifier}\``);
    return [...entered, ...matchingLines(root, path, IMPURE, "core must not use")];
  });
}

/** Folders that are the same on no two machines; `/home/me/` and its like are examples. Built here so that this file does not hold them itself. */
const MACHINE_PATH = new RegExp(
  `(?<![\\w.$}~-])/(?:root|work|home/(?!u/|me/|user/)[a-z]+|Users/[a-z]+|opt/${"wheels"})/`,
);
const TEXT = /\.(?:ts|mjs|js|json|md|py|sh|toml|ipynb|yml|yaml)$|^[^.]+$/;

export function checkMachinePaths(root: string): string[] {
  return trackedFiles(root)
    .filter((path) => TEXT.test(path) && path !== "package-lock.json")
    .flatMap((path) => matchingLines(root, path, MACHINE_PATH, "holds a path of one machine:"));
}

function matchingLines(root: string, path: string, pattern: RegExp, what: string): string[] {
  const found: string[] = [];
  const lines = readFileSync(join(root, path), "utf8").split("\n");
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:\/\/|\*|\/\*)/.test(line) && what.startsWith("core")) continue;
    const match = pattern.exec(what.startsWith("core") ? line.replace(/"(?:[^"\\]|\\.)*"/g, '""') : line);
    if (match !== null) found.push(`${path}:${index + 1}: ${what} \`${match[0].trim()}\``);
  }
  return found;
}
