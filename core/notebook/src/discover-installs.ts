// Collects the install commands of a notebook: pip, conda, uv, in magics, shell lines, scripts and calls.

import { parseRequirementsFile, type Requirement, type RequirementLine, ThothError } from "@thoth/pep";
import type { CellFacts, GuardedCommand, SkippedCell } from "./cell-facts.ts";
import { conditionVerdict, type Verdict } from "./guard.ts";
import { type IndexOptions, type InstallLine, NO_INDEX_OPTIONS, readInstallLine } from "./install-line.ts";
import { type ShellCommand, splitCommands } from "./shell-line.ts";

export interface InstallCommand {
  readonly cell: number;
  /** Line in the cell, from 0. */
  readonly line: number;
  readonly via: string;
  readonly install: InstallLine;
  /** Under which conditions it runs. */
  readonly verdict: Verdict;
}

export interface Installs {
  readonly commands: readonly InstallCommand[];
  readonly skipped: readonly SkippedCell[];
}

const PIP_MAGICS = new Map([
  ["pip", "pip"],
  ["pip3", "pip"],
  ["conda", "conda"],
  ["mamba", "mamba"],
  ["micromamba", "micromamba"],
  ["uv", "uv"],
]);
const SHELL_MAGICS = new Set(["sx", "system", "!", "%sx", "%bash", "%sh", "%system"]);

export function discoverInstalls(cells: readonly CellFacts[], pythonVersion: string): Installs {
  const commands: InstallCommand[] = [];
  const skipped: SkippedCell[] = [];
  for (const { cell, commands: written } of cells) {
    for (const command of written) {
      for (const found of installsOf(command)) {
        const verdict = verdictOf(command, pythonVersion);
        commands.push({ cell, line: command.line, via: found.via, install: found.install, verdict });
        for (const reason of found.install.skipped) skipped.push({ cell, reason });
      }
      if (command.kind === "magic" && command.name === "" && /^pip\s+install\b/.test(command.text)) {
        skipped.push({
          cell,
          reason: "`% pip` with a space is not the magic `%pip`: IPython does not run it",
        });
      }
    }
  }
  return { commands, skipped };
}

function verdictOf({ guards }: GuardedCommand, pythonVersion: string): Verdict {
  const verdict = conditionVerdict(guards, pythonVersion);
  // In a handler of a failed import the command is what makes the notebook work.
  return verdict === "always" && guards.some(({ kind }) => kind === "handler") ? "perhaps" : verdict;
}

interface Found {
  readonly via: string;
  readonly install: InstallLine;
}

function installsOf(command: GuardedCommand): Found[] {
  const prefix = command.kind === "magic" ? PIP_MAGICS.get(command.name) : undefined;
  const shell = command.kind === "shell" || SHELL_MAGICS.has(command.name);
  if (prefix === undefined && !shell) return [];
  const text = prefix === undefined ? command.text : `${prefix} ${command.text}`;
  const lists = command.words === undefined ? splitCommands(text) : [listed(command.words)];
  return lists.flatMap((words) => {
    const install = readInstallLine(words);
    if (install === undefined) return [];
    return [{ via: viaOf(command, install), install }];
  });
}

function listed(words: readonly string[]): ShellCommand {
  return words.map((text) => ({ text, variable: /[$`{}]/.test(text) }));
}

function viaOf(command: GuardedCommand, install: InstallLine): string {
  if (command.via === "!") return `!${install.program}`;
  return command.via.startsWith("%") && PIP_MAGICS.has(command.name) ? `%${command.name}` : command.via;
}

/** Options of all commands that may run, the later ones last. */
export function joinIndexOptions(commands: readonly InstallCommand[]): IndexOptions {
  let joined = NO_INDEX_OPTIONS;
  for (const { install, verdict } of commands) {
    if (verdict !== "never" && install.program === "pip") joined = joinTwo(joined, install.index);
  }
  return joined;
}

function joinTwo(one: IndexOptions, other: IndexOptions): IndexOptions {
  const join = (left: readonly string[], right: readonly string[]) => [...new Set([...left, ...right])];
  const indexUrl = other.indexUrl ?? one.indexUrl;
  return {
    ...(indexUrl === undefined ? {} : { indexUrl }),
    extraIndexUrls: join(one.extraIndexUrls, other.extraIndexUrls),
    findLinks: join(one.findLinks, other.findLinks),
    noIndex: one.noIndex || other.noIndex,
    prereleases: one.prereleases || other.prereleases,
    trustedHosts: join(one.trustedHosts, other.trustedHosts),
    onlyBinary: join(one.onlyBinary, other.onlyBinary),
    noBinary: join(one.noBinary, other.noBinary),
  };
}

/** Requirements of a requirements file that a cell writes; undefined where no cell writes it, or it cannot be read. */
export function writtenRequirements(cells: readonly CellFacts[], path: string): Requirement[] | undefined {
  const name = path.replace(/^\.\//, "");
  const cell = cells.find(
    ({ plain }) => plain.body === "written" && plain.path?.replace(/^\.\//, "") === name,
  );
  if (cell === undefined) return undefined;
  try {
    const file = parseRequirementsFile(cell.plain.python.trimStart(), { name });
    return file.requirements.flatMap(requirementOf);
  } catch (error) {
    if (error instanceof ThothError) return undefined;
    throw error;
  }
}

function requirementOf(line: RequirementLine): Requirement[] {
  return line.kind === "requirement" ? [line.requirement] : [];
}
