// Turns a cell in IPython's syntax into plain Python with the same line numbers, and lists what was taken out:
// magics, shell commands, help. https://ipython.readthedocs.io/en/stable/interactive/python-ipython-diff.html

import { type StatementLine, statementLines } from "@thoth/python";
import { type BodyKind, CELL_MAGICS, PYTHON_LINE_MAGICS } from "./magics.ts";

/** A magic, a shell command or a question for help. */
export interface Command {
  readonly kind: "magic" | "shell" | "help";
  /** Name of the magic; empty for a shell command. */
  readonly name: string;
  /** Arguments of the magic, or the shell command. */
  readonly text: string;
  /** Line in the cell, from 0. */
  readonly line: number;
  /** Column of the command's first character. */
  readonly column: number;
  /** The text as written. */
  readonly written: string;
  /** Physical lines it covers. */
  readonly lines: number;
}

export interface PlainCell {
  /** Python with one line for each line of the cell; empty lines where nothing is Python. */
  readonly python: string;
  readonly commands: readonly Command[];
  readonly body: BodyKind;
  /** The cell magic that rules the whole cell. */
  readonly magic?: { readonly name: string; readonly text: string; readonly line: number };
  /** File that the cell writes. */
  readonly path?: string;
}

const CELL_MAGIC = /^%%([A-Za-z_!][\w.]*|!)(?:[ \t]+(.*))?$/;
const LINE_MAGIC = /^%[ \t]*([A-Za-z_][\w.]*)[ \t]*(.*)$/s;
/** IPython runs these without their per cent sign. */
const AUTOMAGIC =
  /^(?:pip|conda|mamba|micromamba|uv)[ \t]+(?:install|uninstall|list|freeze|show|pip)\b(?![ \t]*[=.(,:])/;
const TARGETS = /^[\w\s.,*()[\]'"]+$/;
const HELP = /^[%\w.*[\]()'", ]+\?{1,2}$/;

/** Reads one code cell. Cell magics may stand under one another (`%%time` above `%%bash`). */
export function plainCell(source: string): PlainCell {
  const lines = dedent(withoutPrompts(source.replace(/\r\n?/g, "\n").split("\n")));
  const outer: Command[] = [];
  let first = lines.findIndex((line) => line.trim() !== "");
  for (;;) {
    const match = first < 0 ? null : CELL_MAGIC.exec(lines[first]!.trimEnd());
    if (match === null) return plainBody(lines, outer);
    const name = match[1]!;
    const text = match[2] ?? "";
    const kind = cellMagicKind(name, text);
    outer.push({
      kind: "magic",
      name: `%${name}`,
      text,
      line: first,
      column: 0,
      written: lines[first]!,
      lines: 1,
    });
    lines[first] = "";
    if (kind !== "python") return closedBody(lines, { kind, name, text, line: first, outer });
    first++;
    while (first < lines.length && lines[first]!.trim() === "") first++;
    if (first === lines.length) return plainBody(lines, outer);
  }
}

interface ClosedBody {
  readonly kind: BodyKind;
  readonly name: string;
  readonly text: string;
  readonly line: number;
  readonly outer: readonly Command[];
}

/** The body of a cell magic that is not Python of this process. */
function closedBody(lines: readonly string[], { kind, name, text, line, outer }: ClosedBody): PlainCell {
  const magic = { name, text, line };
  const blank = lines.map(() => "").join("\n");
  switch (kind) {
    case "shell":
      return { python: blank, commands: [...outer, ...shellCommands(lines)], body: kind, magic };
    case "written":
      return { python: lines.join("\n"), commands: outer, body: kind, magic, path: writtenPath(text) };
    case "python-process":
    case "python2-process":
      return { python: lines.join("\n"), commands: outer, body: kind, magic };
    default:
      return { python: blank, commands: outer, body: kind, magic };
  }
}

function writtenPath(text: string): string {
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "-a" && word !== "--append");
  return (words.join(" ") || "").replace(/^(['"])(.*)\1$/, "$2");
}

function shellCommands(lines: readonly string[]): Command[] {
  return statementLines(lines.join("\n"), () => true)
    .filter(({ text }) => text.trim() !== "" && !text.trimStart().startsWith("#"))
    .map(({ text, line, lines: count }) => ({
      kind: "shell",
      name: "",
      text: text.trim(),
      line,
      column: text.length - text.trimStart().length,
      written: text,
      lines: count,
    }));
}

function cellMagicKind(name: string, text: string): BodyKind {
  if (name === "script") return scriptKind(text);
  return CELL_MAGICS.get(name.toLowerCase()) ?? "other";
}

function scriptKind(text: string): BodyKind {
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => !word.startsWith("-"));
  const program = (words[0] ?? "").split("/").at(-1)!;
  if (/^python[0-9.]*$/.test(program))
    return program.startsWith("python2") ? "python2-process" : "python-process";
  return /^(?:ba|z|da)?sh$/.test(program) ? "shell" : "other";
}

function plainBody(lines: readonly string[], outer: readonly Command[]): PlainCell {
  const commands: Command[] = [...outer];
  const python: string[] = [];
  for (const statement of statementLines(lines.join("\n"), isCommand)) {
    const found = statement.starts ? commandOf(statement) : undefined;
    if (found === undefined) python.push(statement.text);
    else {
      commands.push(found.command);
      python.push(found.python, ...Array.from({ length: statement.lines - 1 }, () => ""));
    }
  }
  return { python: python.join("\n"), commands, body: "python" };
}

/** Where the command of an assignment such as `files = !ls` begins, or -1. */
function assignedAt(text: string): number {
  const equals = text.indexOf("=");
  if (equals <= 0 || text[equals + 1] === "=" || !TARGETS.test(text.slice(0, equals))) return -1;
  let at = equals + 1;
  while (text[at] === " " || text[at] === "\t") at++;
  return text[at] === "!" || (text[at] === "%" && /[A-Za-z_]/.test(text[at + 1] ?? "")) ? at : -1;
}

function isCommand(text: string): boolean {
  const bare = text.trim();
  if (bare === "" || bare.startsWith("#")) return false;
  if (/^[%!?]/.test(bare) || /^[/,;][A-Za-z_]/.test(bare) || AUTOMAGIC.test(bare)) return true;
  return (bare.endsWith("?") && HELP.test(bare)) || assignedAt(text) >= 0;
}

function commandOf(statement: StatementLine): { command: Command; python: string } | undefined {
  const { text, line, lines } = statement;
  if (!isCommand(text)) return undefined;
  const column = text.length - text.trimStart().length;
  const indent = text.slice(0, column);
  const place = { line, lines, written: text };
  const assigned = assignedAt(text);
  const bare = text.trim();
  if (assigned >= 0 && !/^[%!?]/.test(bare)) {
    const command = escaped(text.slice(assigned).trimEnd(), { ...place, column: assigned });
    return { command, python: `${text.slice(0, assigned)}${pythonOf(command) ?? "None"}` };
  }
  const command = escaped(bare, { ...place, column });
  return { command, python: indent + (pythonOf(command) ?? "pass") };
}

type CommandPlace = Pick<Command, "line" | "lines" | "written" | "column">;

function escaped(text: string, place: CommandPlace): Command {
  if (text.endsWith("?") && HELP.test(text)) return { kind: "help", name: "", text, ...place };
  if (text.startsWith("!")) return { kind: "shell", name: "", text: text.replace(/^!!?\s*/, ""), ...place };
  const magic = LINE_MAGIC.exec(AUTOMAGIC.test(text) ? `%${text}` : text.replace(/^%%/, "%"));
  if (magic === null) return { kind: "help", name: "", text, ...place };
  // "% pip" with a space is no magic of that name: IPython looks for one without a name.
  if (/^%[ \t]/.test(text)) return { kind: "magic", name: "", text: text.slice(1).trim(), ...place };
  return { kind: "magic", name: magic[1]!, text: magic[2]!.trim(), ...place };
}

/** The Python inside a magic that runs a statement: `%time import numpy`. */
function pythonOf(command: Command): string | undefined {
  const valued = command.kind === "magic" ? PYTHON_LINE_MAGICS.get(command.name) : undefined;
  if (valued === undefined) return undefined;
  let rest = command.text;
  for (;;) {
    const option = /^-([A-Za-z])(\S*)\s*/.exec(rest);
    if (option === null) break;
    rest = rest.slice(option[0].length);
    if (option[2] === "" && valued.includes(option[1]!)) rest = rest.replace(/^\S+\s*/, "");
  }
  return rest === "" ? undefined : rest;
}

/** Takes the prompts off a pasted session. */
function withoutPrompts(lines: readonly string[]): string[] {
  const first = lines.find((line) => line.trim() !== "") ?? "";
  const prompt = [/^\s*(?:>>>|\.\.\.)(?: |$)/, /^\s*(?:In \[\d+\]|\s*\.{3,}): ?/].find((form) =>
    form.test(first),
  );
  return prompt === undefined ? [...lines] : lines.map((line) => line.replace(prompt, ""));
}

/** Takes off the indentation of the first line, as IPython does. */
function dedent(lines: readonly string[]): string[] {
  const first = lines.find((line) => line.trim() !== "") ?? "";
  const indent = /^[ \t]*/.exec(first)![0];
  if (indent === "") return [...lines];
  return lines.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
}
