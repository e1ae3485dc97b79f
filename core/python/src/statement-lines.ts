// Which physical lines of a cell begin a statement: those outside brackets, strings and continued lines. Only there
// can IPython's own syntax stand. A light scanner, because it must also get over code that is broken.

/** One line of a cell and what it begins. */
export interface StatementLine {
  readonly text: string;
  /** Number of the first physical line, from 0. */
  readonly line: number;
  /** Physical lines it covers where it is a command of IPython continued by backslashes; else 1. */
  readonly lines: number;
  /** A statement begins here. */
  readonly starts: boolean;
}

interface State {
  depth: number;
  /** The quotes that close the open triple-quoted string, or empty. */
  quotes: string;
  continued: boolean;
}

const RESTART =
  /^(?:import\s+[A-Za-z_]|from\s+[A-Za-z_.][\w.]*\s+import\b|%%?(?:pip|conda|matplotlib|load_ext)\b|!\s*[\w{./])/;

/** Splits at line feeds; `isCommand` tells of a line that begins a statement whether IPython takes it whole. */
export function statementLines(source: string, isCommand: (text: string) => boolean): StatementLine[] {
  const physical = source.split("\n");
  const result: StatementLine[] = [];
  const state: State = { depth: 0, quotes: "", continued: false };
  for (let line = 0; line < physical.length; line++) {
    const text = physical[line]!;
    if (state.quotes === "" && state.depth > 0 && RESTART.test(text)) state.depth = 0;
    const starts = state.quotes === "" && state.depth === 0 && !state.continued;
    if (starts && isCommand(text)) {
      const command = continuedCommand(physical, line);
      result.push({ ...command, line, starts });
      line += command.lines - 1;
      continue;
    }
    result.push({ text, line, lines: 1, starts });
    advance(text, state);
  }
  return result;
}

/** A command and the lines that backslashes at line ends add to it. */
function continuedCommand(physical: readonly string[], from: number): { text: string; lines: number } {
  const parts: string[] = [];
  for (let line = from; ; line++) {
    const text = line === from ? physical[line]! : physical[line]!.trimStart();
    const goes = text.endsWith("\\") && line + 1 < physical.length;
    parts.push(goes ? text.slice(0, -1) : text);
    if (!goes) return { text: parts.join(" "), lines: parts.length };
  }
}

function advance(text: string, state: State): void {
  let at = 0;
  state.continued = false;
  while (at < text.length) {
    if (state.quotes !== "") {
      at = insideTriple(text, at, state);
      continue;
    }
    const character = text[at]!;
    if (character === "#") return;
    if (character === '"' || character === "'") at = openString(text, at, state);
    else {
      if (character === "(" || character === "[" || character === "{") state.depth++;
      else if (character === ")" || character === "]" || character === "}")
        state.depth = Math.max(0, state.depth - 1);
      else if (character === "\\" && at === text.length - 1) state.continued = true;
      at++;
    }
  }
}

function insideTriple(text: string, from: number, state: State): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(state.quotes, at)) {
      state.quotes = "";
      return at + 3;
    }
  }
  return text.length;
}

/** The offset behind a string on one line; a triple quote leaves the string open in `state`. */
function openString(text: string, from: number, state: State): number {
  const quote = text[from]!;
  const triple = quote.repeat(3);
  if (text.startsWith(triple, from)) {
    state.quotes = triple;
    return from + 3;
  }
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === "\\") {
      if (at === text.length - 1) state.continued = true;
      at++;
    } else if (text[at] === quote) return at + 1;
  }
  return text.length;
}
