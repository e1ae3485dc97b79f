// The modules of the repository and what each one imports, types included.

import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { trackedFiles } from "./tracked-files.ts";

export interface Import {
  readonly specifier: string;
  readonly line: number;
}

export interface Module {
  /** Path below the repository, with `/`. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** Length in lines. */
  readonly lines: number;
}

/** Statements that name another module: static, for effects only, and dynamic with a literal. */
const STATEMENT =
  /^[ \t]*(?:import|export)\b[^"'`;]*?\bfrom\s*"([^"]+)"|^[ \t]*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;

export function readModules(root: string): Module[] {
  return trackedFiles(root)
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, imports: findImports(text), lines: text.split("\n").length - 1 };
    });
}

export function findImports(text: string): Import[] {
  const imports: Import[] = [];
  let line = 1;
  let from = 0;
  for (const match of text.matchAll(STATEMENT)) {
    const specifier = match[1] ?? match[2] ?? match[3];
    if (specifier === undefined || isComment(text, match.index)) continue;
    line += countLines(text, from, match.index);
    from = match.index;
    imports.push({ specifier, line });
  }
  return imports;
}

/** Whether the line that holds `position` is a comment. */
function isComment(text: string, position: number): boolean {
  const start = text.lastIndexOf("\n", position) + 1;
  return /^\s*(?:\/\/|\*|\/\*)/.test(text.slice(start, position + 3));
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** The path of the module that a relative specifier names. */
export function resolveRelative(from: string, specifier: string): string {
  return normalize(join(dirname(from), specifier)).replaceAll("\\", "/");
}
