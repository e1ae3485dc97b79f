// What in a notebook's code a Python is known not to take: syntax of older ones, and names that left the standard library.

import { oldSyntax, type Use } from "@thoth/python";
import { readCellFacts } from "./cell-facts.ts";
import type { Notebook } from "./notebook.ts";
import { DEPARTURES } from "./python-departures.ts";
import { notebookUsage } from "./used-names.ts";

export interface PythonFinding {
  /** From 0. */
  readonly cell: number;
  /** In the cell, from 0. */
  readonly line: number;
  /** As a sentence names it. */
  readonly what: string;
  /** The first Python that does not take it. */
  readonly since: string;
}

/** In the order of the cells. Nothing that is told may be meant to fail. */
export function pythonFindings(notebook: Notebook): readonly PythonFinding[] {
  const found: PythonFinding[] = [];
  for (const { cell, plain } of readCellFacts(notebook).cells)
    if (plain.body === "python")
      found.push(...oldSyntax(plain.python).map((one) => ({ ...one, cell: cell })));
  for (const use of notebookUsage(notebook)) {
    if (use.guarded === true) continue;
    const departure = DEPARTURES.find(({ path }) => use.paths.every((one) => isOf(one, path, use)));
    if (departure === undefined) continue;
    const { cell, line } = use;
    found.push({ cell, line, what: `\`${departure.path.replace(":", ".")}\``, since: departure.since });
  }
  return distinct(found.sort((one, other) => one.cell - other.cell || one.line - other.line));
}

/** Whether a Python, such as `3.11`, does not take what was found. */
export function refuses(python: string, { since }: PythonFinding): boolean {
  const minor = (text: string): number => Number(text.split(".")[1]);
  return minor(python) >= minor(since);
}

function isOf(used: string, path: string, { call }: Use): boolean {
  const keyword = /\((\w+)=\)$/.exec(path);
  if (keyword !== null)
    return used === path.slice(0, keyword.index) && call?.keywords.includes(keyword[1] as string) === true;
  return used === path || (used.startsWith(path) && /^[.:(]/.test(used.slice(path.length)));
}

function distinct(findings: readonly PythonFinding[]): readonly PythonFinding[] {
  const seen = new Set<string>();
  return findings.filter(({ what }) => {
    if (seen.has(what)) return false;
    seen.add(what);
    return true;
  });
}
