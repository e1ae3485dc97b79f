// What a person reads while a notebook is worked on.

import { isAbsolute, relative, resolve } from "node:path";
import type { Discovery } from "@thoth/notebook";
import { formatRequirement, normalizeName, type Pylock, parseRequirement, quote } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { plural, shellWord } from "../frame/printable.ts";
import { KEYS, objectIn } from "./metadata-keys.ts";
import type { NotebookFile } from "./notebook-file.ts";
import type { NotebookRequirements } from "./notebook-requirements.ts";

/** `churn.ipynb   Python 3.11 · 14 cells · no lock yet` */
export function tellHeader({ terminal }: Invocation, file: NotebookFile, python: string): void {
  const lock =
    objectIn(objectIn(file.notebook.metadata, KEYS.thoth), "lock") === undefined
      ? "no lock yet"
      : "with a lock";
  const cells = file.notebook.cells.filter(({ type }) => type === "code").length;
  terminal.note(`${shownPath(file.path)}   Python ${python} · ${plural(cells, "code cell")} · ${lock}`);
  for (const warning of [...file.notebook.warnings, ...file.notebook.repaired]) terminal.warn(warning);
}

const MOST_NAMES = 60;

export function tellRequirements(
  { terminal }: Invocation,
  requirements: NotebookRequirements,
  discovery: Discovery,
): void {
  if (requirements.origin === "metadata") {
    const names = requirements.input.requirements.map(({ requirement }) => formatRequirement(requirement));
    terminal.entry("needs", names.length === 0 ? "nothing beyond Python" : listed(names));
    return;
  }
  const seen = new Set<string>();
  const found: string[] = [];
  for (const { module, distribution } of discovery.imports) {
    if (distribution === undefined || seen.has(`${module} ${distribution}`)) continue;
    seen.add(`${module} ${distribution}`);
    found.push(normalizeName(module) === distribution ? distribution : `${module} → ${distribution}`);
  }
  const imported = new Set(discovery.imports.map(({ distribution }) => distribution));
  const others = discovery.requirements.filter((text) => !imported.has(parseRequirement(text).name));
  const all = [...found, ...others];
  terminal.entry("imports", all.length === 0 ? "nothing beyond Python" : listed(all));
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(", ");
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}

/** What the reader should decide: modules that nobody provides, imports that the requirements do not name. */
export function tellQuestions({ terminal }: Invocation, path: string, asked: Asked): void {
  const { discovery, requirements } = asked;
  for (const { module, candidates } of discovery.questions)
    terminal.entry("question", questionText(path, module, candidates));
  if (requirements.origin === "code") return;
  for (const { module, distribution } of unnamedImports(asked)) {
    terminal.entry(
      "question",
      `the code imports ${quote(module)}, which the requirements do not name (\`horus requirements ${shellWord(path)} --add ${distribution}\` adds ${distribution})`,
    );
  }
}

export interface Asked {
  readonly discovery: Discovery;
  readonly requirements: NotebookRequirements;
  /** A lock that stays: what it holds for whatever reason can be imported. */
  readonly lock?: Pylock | undefined;
}

/** Imports that neither the requirements name nor the lock holds, one a distribution. */
export function unnamedImports({ discovery, requirements, lock }: Asked) {
  const known = new Set<string>(requirements.input.requirements.map(({ requirement }) => requirement.name));
  for (const { name } of lock?.packages ?? []) known.add(name);
  const unnamed: { readonly module: string; readonly distribution: string }[] = [];
  for (const { module, distribution, kind } of discovery.imports) {
    if (distribution === undefined || kind !== "required" || known.has(normalizeName(distribution))) continue;
    known.add(normalizeName(distribution));
    unnamed.push({ module, distribution });
  }
  return unnamed;
}

/** What is not known of a module, and what to do. */
export function questionText(path: string, module: string, candidates: readonly string[]): string {
  const others = candidates.filter((name) => name !== normalizeName(module));
  const named = others.length === 0 ? "" : ` (perhaps ${others.slice(0, 5).join(" or ")})`;
  const example = candidates[0] ?? "PACKAGE";
  return `nobody we know provides ${quote(module)}${named}. Left out; \`horus requirements ${shellWord(path)} --add ${example}\` adds it if you mean it`;
}

/** From the current folder where it lies below it: a short path is read, a long one is not. */
export function shownPath(path: string): string {
  const way = relative(process.cwd(), resolve(path));
  return way === "" || way.startsWith("..") || isAbsolute(way) ? path : way;
}
