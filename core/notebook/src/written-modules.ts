// Modules that a notebook makes itself: files that its cells write or download, and which of them it runs.

import type { CellFacts } from "./cell-facts.ts";
import { topOf } from "./distribution.ts";
import { splitCommands } from "./shell-line.ts";

export interface WrittenModules {
  /** Top-level names under which what is written can be imported. */
  readonly modules: ReadonlySet<string>;
  /** The notebook imports or runs that file. */
  readonly isLive: (path: string) => boolean;
}

const SOURCE = /\.(?:py|pyw|ipy|pyx)$/i;

export function writtenModules(cells: readonly CellFacts[]): WrittenModules {
  const modules = new Set<string>();
  const ran = new Set<string>();
  const imported = new Set<string>();
  for (const { plain, python, commands } of cells) {
    if (plain.body === "written") addModules(modules, plain.path ?? "");
    for (const { module } of python.imports) imported.add(module);
    for (const call of python.calls) {
      const [path, mode] = call.arguments;
      const writes = mode?.kind === "string" && /[wxa]/.test(mode.value);
      if (/^(?:io\.)?open$/.test(call.callee) && path?.kind === "string" && writes)
        addModules(modules, path.value);
    }
    for (const { kind, name, text, words } of commands) {
      if (kind === "magic" && /^(?:load_ext|reload_ext|aimport|import_ipynb)$/.test(name))
        imported.add(text.trim());
      else if (kind === "magic" && name === "run") ran.add(runPath(text));
      else if (kind === "shell")
        for (const command of commandWords(text, words)) readCommand(command, { modules, ran });
    }
  }
  const isLive = (path: string): boolean =>
    ran.has(bare(path)) || moduleNames(path).some((name) => imported.has(name));
  return { modules, isLive };
}

function commandWords(text: string, words: readonly string[] | undefined): (readonly string[])[] {
  return words === undefined
    ? splitCommands(text).map((command) => command.map((word) => word.text))
    : [words];
}

/** Downloads of source files, and programs that run them. */
function readCommand(words: readonly string[], into: { modules: Set<string>; ran: Set<string> }): void {
  const program = words[0]?.split("/").at(-1) ?? "";
  const sources = words.filter((word) => SOURCE.test(word.replace(/[?#].*$/, "")));
  if (/^(?:wget|curl|cp|mv|gsutil|gdown)$/.test(program)) {
    for (const word of sources) addModules(into.modules, fileOf(word));
  } else if (
    /^(?:python|ipython|pytest|nosetests|torchrun|accelerate|streamlit|mpirun|mpiexec|time|env)[0-9.]*$/.test(
      program,
    ) ||
    program.startsWith("{")
  ) {
    for (const word of sources) into.ran.add(bare(word));
  }
}

function fileOf(address: string): string {
  return address
    .replace(/[?#].*$/, "")
    .split("/")
    .at(-1)!;
}

function runPath(text: string): string {
  const words = splitCommands(text)[0]?.map((word) => word.text) ?? [];
  return bare(words.find((word) => !word.startsWith("-")) ?? "");
}

function bare(path: string): string {
  return path.replace(/^\.\//, "").replace(SOURCE, "");
}

function addModules(modules: Set<string>, path: string): void {
  for (const name of moduleNames(path)) modules.add(topOf(name));
}

/** `pkg/sub/mod.py` can be `pkg.sub.mod`, or `mod` where its folder is on the path. */
function moduleNames(path: string): string[] {
  if (!SOURCE.test(path)) return [];
  const parts = bare(path)
    .split(/[/\\]/)
    .filter((part) => part !== "" && part !== "." && part !== "..");
  if (parts.at(-1) === "__init__") parts.pop();
  const usable = parts.filter((part) => /^[A-Za-z_]\w*$/.test(part));
  if (usable.length === 0 || usable.length !== parts.length) return usable.slice(-1);
  const names = parts.map((_, index) => parts.slice(index).join("."));
  return [...names, ...parts.map((_, index) => parts.slice(0, index + 1).join("."))];
}
