// Turns install commands of cells into requirements of the notebook. A command that is taken over stays in its cell
// as a comment; one of which a part would be lost stays as it is, with a reason.

import { formatMarker, formatRequirement, type Requirement } from "@thoth/pep";
import { type CellFacts, readCellFacts } from "./cell-facts.ts";
import { discoverInstalls, type InstallCommand, joinIndexOptions } from "./discover-installs.ts";
import { editMetadata, splice } from "./edit.ts";
import type { IndexOptions } from "./install-line.ts";
import { metadataRequirements, pipfileOf } from "./metadata-requirements.ts";
import type { Notebook } from "./notebook.ts";
import { mergedPipfile } from "./pipfile.ts";
import { RequirementSet } from "./requirement-set.ts";
import { splitCommands } from "./shell-line.ts";
import { type Insertion, insertIntoSource } from "./source-edit.ts";

export interface ConversionContext {
  readonly pythonVersion: string;
}

export interface ConvertedCommand {
  readonly cell: number;
  /** Line in the cell, from 0. */
  readonly line: number;
  readonly command: string;
  readonly requirements: readonly string[];
}

export interface KeptCommand {
  readonly cell: number;
  readonly line: number;
  readonly command: string;
  readonly reason: string;
}

export interface Conversion {
  /** The notebook with its cells and its `requirements` changed; the same bytes where nothing was to convert. */
  readonly bytes: Uint8Array;
  /** All that the notebook's metadata now ask for, PEP 508. */
  readonly requirements: readonly string[];
  readonly indexOptions: IndexOptions;
  readonly converted: readonly ConvertedCommand[];
  readonly kept: readonly KeptCommand[];
  readonly warnings: readonly string[];
}

/** Options that do not change what is installed, or that the metadata can say. */
const CARRIED =
  /^(?:-[qvUIy]+|--(?:quiet|verbose|upgrade|user|yes|force-reinstall|ignore-installed|no-cache-dir|disable-pip-version-check|no-input|no-warn-script-location|no-warn-conflicts|break-system-packages|prefer-binary|system|pre|upgrade-strategy|progress-bar|root-user-action|exists-action|timeout|retries|use-feature|use-deprecated|cache-dir|index-url|pypi-url|default-index|extra-index-url|index|trusted-host|log|isolated|no-color|override-channels|no-update-deps|update-deps|no-pin|name|solver)|-[icn])\b/;

interface Line {
  readonly cell: CellFacts;
  readonly line: number;
  readonly commands: readonly InstallCommand[];
}

export function convertNotebook(notebook: Notebook, context: ConversionContext): Conversion {
  const { cells } = readCellFacts(notebook);
  const installs = discoverInstalls(cells, context.pythonVersion);
  const lines = linesOf(cells, installs.commands);
  const ambiguous = severalMarkers(installs.commands);
  const sources = new Map(notebook.cells.map((cell) => [cell.index, cell]));
  const converted: ConvertedCommand[] = [];
  const kept: KeptCommand[] = [];
  const taken: InstallCommand[] = [];
  const insertions = new Map<number, Insertion[]>();
  for (const found of lines) {
    const place = { cell: found.cell.cell, line: found.line };
    const source = sources.get(place.cell)!.source;
    const physical = physicalLines(source);
    const command = physical[found.line]!.text.trim();
    const reason = reasonToKeep(found, ambiguous);
    const edits = reason === undefined ? commentOut(found, physical) : undefined;
    if (reason !== undefined || edits === undefined) {
      kept.push({ ...place, command, reason: reason ?? "It is no statement of its own" });
      continue;
    }
    insertions.set(place.cell, [...(insertions.get(place.cell) ?? []), ...edits]);
    taken.push(...found.commands);
    const requirements = found.commands.flatMap(({ install }) =>
      install.requirements.map((named) => formatRequirement(named.requirement)),
    );
    converted.push({ ...place, command, requirements });
  }
  const indexOptions = joinIndexOptions(taken);
  const merged = mergeRequirements(notebook, taken);
  const bytes = written(notebook, { insertions, taken, merged, indexOptions });
  const requirements = merged.all.map(formatRequirement);
  return { bytes, requirements, indexOptions, converted, kept, warnings: merged.warnings };
}

/** Install commands by the line on which they stand. */
function linesOf(cells: readonly CellFacts[], commands: readonly InstallCommand[]): Line[] {
  const byCell = new Map(cells.map((cell) => [cell.cell, cell]));
  const lines = new Map<string, InstallCommand[]>();
  for (const command of commands) {
    const key = `${command.cell}:${command.line}`;
    const same = lines.get(key);
    if (same === undefined) lines.set(key, [command]);
    else same.push(command);
  }
  return [...lines.values()].map((found) => {
    const { cell, line } = found[0]!;
    return { cell: byCell.get(cell)!, line, commands: found };
  });
}

function reasonToKeep({ cell, line, commands }: Line, ambiguous: ReadonlySet<string>): string | undefined {
  const own = cell.plain.commands.find((command) => command.line === line && command.kind !== "help");
  if (own === undefined || commands.some(({ via }) => !/^[%!]/.test(via))) {
    return "It is a call, not a command of the cell";
  }
  const parts = splitCommands(own.text).length;
  if (own.kind === "shell" && parts > commands.length) return "Its line does other things as well";
  for (const { install, verdict } of commands) {
    if (verdict !== "always") return "It runs under a condition only";
    if (install.skipped.length > 0) return install.skipped[0];
    if (install.files.length > 0 || install.constraints.length > 0) return "It reads a file";
    const lost = install.flags.find((flag) => !CARRIED.test(flag));
    if (lost !== undefined && !(install.program === "conda" && /^(?:-c|--channel)\b/.test(lost))) {
      return `The notebook's metadata cannot say \`${lost.split(" ")[0]}\``;
    }
    if (install.requirements.some(({ editable }) => editable)) return "It installs a folder in editable form";
    if (install.requirements.length === 0) return "It names no distribution";
    const twice = install.requirements.find(({ requirement }) => ambiguous.has(requirement.name));
    if (twice !== undefined)
      return `The metadata cannot hold \`${twice.requirement.name}\` under several markers`;
  }
  return undefined;
}

/** Names that commands give with markers that differ: a Pipfile has room for one. */
function severalMarkers(commands: readonly InstallCommand[]): ReadonlySet<string> {
  const seen = new Map<string, string>();
  const names = new Set<string>();
  for (const { requirement } of commands.flatMap(({ install }) => install.requirements)) {
    const marker = requirement.marker === undefined ? "" : formatMarker(requirement.marker);
    if ((seen.get(requirement.name) ?? marker) !== marker) names.add(requirement.name);
    seen.set(requirement.name, marker);
  }
  return names;
}

interface PhysicalLine {
  readonly text: string;
  readonly start: number;
}

function physicalLines(source: string): PhysicalLine[] {
  const lines: PhysicalLine[] = [];
  let start = 0;
  for (const match of source.matchAll(/\r\n|\r|\n/g)) {
    lines.push({ text: source.slice(start, match.index), start });
    start = match.index + match[0].length;
  }
  lines.push({ text: source.slice(start), start });
  return lines;
}

/** Comment signs before the command's lines; `pass` keeps a block that holds nothing else. Undefined where it is a part of a statement. */
function commentOut({ cell, line }: Line, physical: readonly PhysicalLine[]): Insertion[] | undefined {
  const own = cell.plain.commands.find((command) => command.line === line && command.kind !== "help")!;
  const edits: Insertion[] = [];
  for (let number = line; number < line + own.lines; number++) {
    const { text, start } = physical[number]!;
    const indent = /^[ \t]*/.exec(text)![0].length;
    const first = number === line;
    if (first && own.kind === "shell" && cell.plain.body === "python" && text[indent] !== "!")
      return undefined;
    if (first && own.kind === "magic" && text[indent] !== "%" && !text.slice(indent).startsWith(own.name))
      return undefined;
    const inBlock = first && indent > 0 && cell.plain.body === "python";
    edits.push({ at: start + indent, text: inBlock ? "pass  # " : "# " });
  }
  return edits;
}

interface Merged {
  /** What the install commands changed or added. */
  readonly changed: readonly Requirement[];
  readonly all: readonly Requirement[];
  readonly warnings: readonly string[];
}

function mergeRequirements(notebook: Notebook, taken: readonly InstallCommand[]): Merged {
  const set = new RequirementSet();
  for (const { requirement } of metadataRequirements(notebook.metadata)?.requirements ?? [])
    set.add(requirement, "metadata");
  const names = new Set<string>();
  for (const { install } of taken) {
    for (const { requirement } of install.requirements) {
      set.add(requirement, install.program);
      names.add(requirement.name);
    }
  }
  const all = set.list();
  return { all, changed: all.filter(({ name }) => names.has(name)), warnings: set.warnings };
}

interface Changes {
  readonly insertions: ReadonlyMap<number, readonly Insertion[]>;
  readonly taken: readonly InstallCommand[];
  readonly merged: Merged;
  readonly indexOptions: IndexOptions;
}

function written(notebook: Notebook, { insertions, taken, merged, indexOptions }: Changes): Uint8Array {
  if (taken.length === 0) return notebook.bytes;
  const patches = notebook.cells.flatMap((cell) => {
    const edits = insertions.get(cell.index)?.toSorted((one, other) => one.at - other.at);
    return edits === undefined ? [] : insertIntoSource(notebook.bytes, cell.span, edits);
  });
  const pipfile = mergedPipfile(pipfileOf(notebook.metadata), merged.changed, indexOptions);
  return editMetadata(splice(notebook.bytes, patches), new Map([["requirements", JSON.stringify(pipfile)]]));
}
