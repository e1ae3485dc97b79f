// Whoever has one notebook open, or a cell of one, need not know which commands take one: it becomes their first argument.

import { ThothError } from "@thoth/pep";
import type { CommandSpec, OptionSpec, ProgramSpec } from "./command.ts";

/** Set by `%horus` where it calls the command: the file of the cell's notebook, empty where nobody knows it. */
export const CELL_NOTEBOOK = "THOTH_CELL_NOTEBOOK";

/** The words with the notebook, where their command takes one. */
export function withNotebook(
  spec: ProgramSpec,
  words: readonly string[],
  notebook: string,
): readonly string[] {
  const [command = "", ...rest] = words;
  return takesNotebook(commandOf(spec, words)) ? [command, notebook, ...rest] : words;
}

/** The words of a cell, which may name another notebook than the cell's. Throws usage where no notebook is known. */
export function withNotebookOfCell(
  spec: ProgramSpec,
  words: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const notebook = variables[CELL_NOTEBOOK];
  const command = commandOf(spec, words);
  const rest = words.slice(1);
  if (notebook === undefined || !takesNotebook(command) || rest.includes("--help") || rest.includes("-h"))
    return words;
  if (firstArgument(command, rest)?.endsWith(".ipynb") === true) return words;
  if (notebook !== "") return withNotebook(spec, words, notebook);
  throw new ThothError("usage", "nobody says here which notebook this cell is in", {
    hint: `Save it, or name it: \`%${spec.name} ${command.name} NOTEBOOK.ipynb\`.`,
  });
}

function commandOf({ commands }: ProgramSpec, [command]: readonly string[]): CommandSpec | undefined {
  return commands.find(({ name }) => name === command);
}

function takesNotebook(command: CommandSpec | undefined): command is CommandSpec {
  return command?.arguments?.[0]?.files?.includes(".ipynb") === true;
}

/** The first word that is neither an option nor an option's value. */
function firstArgument({ options = [] }: CommandSpec, words: readonly string[]): string | undefined {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === "--") return words[at + 1];
    if (!word.startsWith("-")) return word;
    const option = options.find(({ flags }) => flags.split(/[\s,]+/).includes(word));
    if (option !== undefined) at += valuesOf(option, words.slice(at + 1));
  }
  return undefined;
}

/** How many of the words that follow are the option's. */
function valuesOf({ flags, variadic = false }: OptionSpec, words: readonly string[]): number {
  if (!flags.includes("<")) return 0;
  const end = words.findIndex((word) => word.startsWith("-"));
  return variadic ? (end < 0 ? words.length : end) : 1;
}
