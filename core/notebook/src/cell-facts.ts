// All that the cells of a notebook say, read once: imports, calls, commands and the files that cells write.

import type { Guard } from "@thoth/python";
import { type CallUse, type Literal, LONGEST_CELL, type PythonFacts, readPython } from "@thoth/python";
import { type Command, type PlainCell, plainCell } from "./ipython.ts";
import type { Notebook } from "./notebook.ts";

/** What is known of a cell of code. */
export interface CellFacts {
  readonly cell: number;
  readonly plain: PlainCell;
  readonly python: PythonFacts;
  /** Commands of the cell, those that calls make among them. */
  readonly commands: readonly GuardedCommand[];
}

export interface GuardedCommand {
  /** What runs it: `%` and `!` for IPython, else the callee such as `subprocess.run`. */
  readonly via: string;
  readonly kind: "magic" | "shell";
  readonly name: string;
  readonly text: string;
  readonly line: number;
  readonly guards: readonly Guard[];
  /** The words where the command is given as a list. */
  readonly words?: readonly string[];
}

export interface SkippedCell {
  readonly cell: number;
  readonly reason: string;
}

export interface NotebookFacts {
  readonly cells: readonly CellFacts[];
  readonly skipped: readonly SkippedCell[];
}

/** Code of all cells together that is read at most, in characters. */
const LONGEST_CODE = 32 * 1024 * 1024;
const MAXIMUM_CELLS = 100_000;

export function readCellFacts(notebook: Notebook): NotebookFacts {
  const cells: CellFacts[] = [];
  const skipped: SkippedCell[] = [];
  let left = LONGEST_CODE;
  for (const { index, type, source } of notebook.cells.slice(0, MAXIMUM_CELLS)) {
    if (type !== "code") continue;
    if (source.length > LONGEST_CELL || source.length > left) {
      skipped.push({ cell: index, reason: `It is too long to read: ${source.length} characters` });
      continue;
    }
    left -= source.length;
    const facts = readCell(index, source);
    cells.push(facts);
    skipped.push(...remarks(facts));
  }
  return { cells, skipped };
}

function readCell(cell: number, source: string): CellFacts {
  const plain = plainCell(source);
  const python = readPython(isPython(plain) ? plain.python : "");
  const own = plain.commands
    .filter(({ kind }) => kind !== "help")
    .map((command) => ({ ...ownCommand(command, plain), guards: python.guardsAt(command.line) }));
  return { cell, plain, python, commands: [...own, ...python.calls.flatMap(commandsOfCall)] };
}

/** A body that is Python: of the notebook itself, of another process, or of a module that is written. */
function isPython(plain: PlainCell): boolean {
  switch (plain.body) {
    case "python":
    case "python-process":
    case "python2-process":
      return true;
    case "written":
      return /\.(?:py|pyw|ipy|pyx)$/i.test(plain.path ?? "");
    default:
      return false;
  }
}

function ownCommand(command: Command, plain: PlainCell): Omit<GuardedCommand, "guards"> {
  const { name, text, line } = command;
  const magic = plain.magic === undefined ? "" : `%%${plain.magic.name}`;
  if (command.kind === "magic") return { via: `%${name}`, kind: "magic", name, text, line };
  return { via: plain.body === "shell" ? magic : "!", kind: "shell", name: "", text, line };
}

function remarks({ cell, plain, python }: CellFacts): SkippedCell[] {
  if (plain.body === "python2-process")
    return [{ cell, reason: "Python 2 runs it, in a process of its own" }];
  if (plain.body === "other") return [{ cell, reason: `\`%%${plain.magic?.name ?? ""}\` is not Python` }];
  if (python.errors === 0) return [];
  const reason =
    python.errors === 1
      ? "One place in it is not Python 3; the rest was read"
      : "Parts of it are not Python 3; the rest was read";
  return [{ cell, reason }];
}

const SHELL_CALLS =
  /^(?:os\.(?:system|popen)|subprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)|(?:run|call|check_call|check_output|Popen|system)|get_ipython\(\)\.(?:system|getoutput|system_raw)|ip(?:ython)?\.system)$/;
const PIP_CALLS = /^(?:pip(?:\._internal)?(?:\.cli\.main)?\.main|pipmain|pip_main|main)$/;
const MAGIC_CALLS = /\.(?:magic|run_line_magic|run_cell_magic)$/;
const WEB_INSTALLS = /^(?:micropip|piplite)\.install$/;

/** Commands that a call makes: `subprocess.run([sys.executable, "-m", "pip", …])`, `get_ipython().system("…")`. */
function commandsOfCall(call: CallUse): GuardedCommand[] {
  const [first, second, third] = call.arguments;
  const place = { via: call.callee.slice(0, 60), line: call.line, guards: call.guards };
  if (MAGIC_CALLS.test(call.callee) && first?.kind === "string") {
    return [{ ...place, kind: "magic", ...magicOf(call.callee, first.value, { second, third }) }];
  }
  if (WEB_INSTALLS.test(call.callee)) {
    const words = first === undefined ? [] : wordsOf(first);
    return [{ ...place, kind: "shell", name: "", text: "", words: ["pip", "install", ...words] }];
  }
  if (PIP_CALLS.test(call.callee) && first?.kind === "list") {
    return [{ ...place, kind: "shell", name: "", text: "", words: ["pip", ...wordsOf(first)] }];
  }
  if (!SHELL_CALLS.test(call.callee)) return [];
  const given = first ?? call.keywords.get("args");
  if (given?.kind === "string") return [{ ...place, kind: "shell", name: "", text: given.value }];
  if (given?.kind === "list") return [{ ...place, kind: "shell", name: "", text: "", words: wordsOf(given) }];
  return given?.kind === "other" ? formatted(given.text, place) : [];
}

/** `f"{sys.executable} -m pip install {name}"`, or a text with `.split()` behind it. */
function formatted(text: string, place: Pick<GuardedCommand, "via" | "line" | "guards">): GuardedCommand[] {
  const match = /^[fFrRbBuU]{0,2}(["'])((?:[^"'\\]|\\.)*)\1(?:\.(?:split|format)\(.*)?$/s.exec(text);
  return match === null ? [] : [{ ...place, kind: "shell", name: "", text: match[2]! }];
}

function magicOf(
  callee: string,
  first: string,
  rest: { second?: Literal | undefined; third?: Literal | undefined },
) {
  if (callee.endsWith(".magic")) {
    const match = /^%?(\S+)\s*(.*)$/s.exec(first.trim());
    return { name: match?.[1] ?? "", text: match?.[2] ?? "" };
  }
  const line = rest.second?.kind === "string" ? rest.second.value : "";
  const body =
    callee.endsWith("run_cell_magic") && rest.third?.kind === "string" ? `\n${rest.third.value}` : "";
  return { name: first, text: line + body };
}

function wordsOf(literal: Literal): string[] {
  if (literal.kind === "string") return [literal.value];
  if (literal.kind === "list") return literal.items.flatMap(wordsOf);
  return [literal.text === "sys.executable" ? "python" : `{${literal.text}}`];
}
