// What is of interest in a Python file when its code is judged: calls and where they are made, what flows into them by
// assignments, and lines of code. The parser goes on behind an error, so that a broken file tells what it holds.

import { parser } from "@lezer/python";

type Tree = ReturnType<typeof parser.parse>;
type NodeRef = Parameters<Parameters<Tree["iterate"]>[0]["enter"]>[0];

export interface PythonSource {
  readonly calls: readonly SourceCall[];
  readonly assignments: readonly SourceAssignment[];
  /** The first is the module itself, which runs when it is imported, class bodies included; the others are functions. */
  readonly scopes: readonly SourceScope[];
  /** Every name that the file writes, with how often. */
  readonly names: ReadonlyMap<string, number>;
  /** Lines that are not blank, no comment and no string that stands alone. */
  readonly lines: number;
}

export interface SourceScope {
  /** Empty for the module and for lambdas. */
  readonly name: string;
}

/** What an expression is made of; at most 64 of each kind are kept. */
interface Ingredients {
  /** Full names of what is called within. */
  readonly calls: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
  /** Literals, at most 2,000 characters of each. */
  readonly strings: ReadonlySet<string>;
}

export interface SourceCall extends Ingredients {
  /** With imports resolved: `base64.b64decode`. */
  readonly callee: string;
  /** From 1. */
  readonly line: number;
  /** Index in `scopes`. */
  readonly scope: number;
}

export interface SourceAssignment extends Ingredients {
  readonly name: string;
}

/** Characters of a file beyond which it is not parsed. */
export const LONGEST_SOURCE = 1024 * 1024;
const MOST_INGREDIENTS = 64;
const LONGEST_STRING = 2000;
const LONGEST_CALLEE = 200;
/** More open brackets than any Python accepts; the parser's time grows with them. */
const DEEPEST = 200;
const SCOPES = new Set(["FunctionDefinition", "LambdaExpression"]);

/** A text that is too long or too deep tells nothing but its lines. */
export function readSource(text: string): PythonSource {
  const reader = new SourceReader(text);
  if (text.length <= LONGEST_SOURCE && !isTooDeep(text)) {
    parser.parse(text).iterate({
      enter: (node) => reader.enter(node),
      leave: (node) => reader.leave(node),
    });
  }
  return reader.result();
}

interface Frame {
  readonly at: number;
  readonly callee: string | undefined;
  readonly name: string | undefined;
  readonly scope: number;
  readonly calls: Set<string>;
  readonly variables: Set<string>;
  readonly strings: Set<string>;
}

class SourceReader {
  readonly #text: string;
  readonly #lineOf: (at: number) => number;
  readonly #calls: SourceCall[] = [];
  readonly #assignments: SourceAssignment[] = [];
  readonly #scopes: SourceScope[] = [{ name: "" }];
  readonly #names = new Map<string, number>();
  readonly #aliases = new Map<string, string>();
  /** Stretches that are no code, in order. */
  readonly #silent: (readonly [from: number, to: number])[] = [];
  readonly #open: Frame[] = [];
  readonly #scope: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    this.#lineOf = lineFinder(text);
  }

  enter(node: NodeRef): void {
    const { name, from, to } = node;
    if (name === "Comment") this.#silent.push([from, to]);
    else if (name === "ExpressionStatement") this.#noteLoneString(node);
    else if (name === "ImportStatement")
      noteAliases(this.#text.slice(from, Math.min(to, from + 10_000)), this.#aliases);
    else if (SCOPES.has(name)) this.#openScope(node);
    else if (name === "CallExpression") this.#openFrame(from, this.#calleeOf(node), undefined);
    else if (name === "AssignStatement" || name === "NamedExpression")
      this.#openFrame(from, undefined, this.#targetOf(node));
    else if (name === "VariableName" || name === "PropertyName")
      this.#noteName(name, this.#text.slice(from, to));
    else if (name === "String" || name === "FormatString") this.#noteString(from, to);
  }

  leave({ name }: NodeRef): void {
    if (SCOPES.has(name)) this.#scope.pop();
    else if (name === "CallExpression" || name === "AssignStatement" || name === "NamedExpression")
      this.#close();
  }

  result(): PythonSource {
    const lines = countLines(this.#text, this.#silent);
    return {
      calls: this.#calls,
      assignments: this.#assignments,
      scopes: this.#scopes,
      names: this.#names,
      lines,
    };
  }

  #openScope(node: NodeRef): void {
    const name = node.name === "FunctionDefinition" ? node.node.getChild("VariableName") : null;
    this.#scopes.push({ name: name === null ? "" : this.#text.slice(name.from, name.to) });
    this.#scope.push(this.#scopes.length - 1);
  }

  #openFrame(at: number, callee: string | undefined, name: string | undefined): void {
    const scope = this.#scope.at(-1) ?? 0;
    this.#open.push({ at, callee, name, scope, calls: new Set(), variables: new Set(), strings: new Set() });
  }

  #close(): void {
    const frame = this.#open.pop();
    if (frame === undefined) return;
    const { at, callee, name, scope, calls, variables, strings } = frame;
    if (callee !== undefined)
      this.#calls.push({ callee, line: this.#lineOf(at), scope, calls, variables, strings });
    else if (name !== undefined) this.#assignments.push({ name, calls, variables, strings });
    const outer = this.#open.at(-1);
    if (outer === undefined) return;
    if (callee !== undefined) add(outer.calls, callee);
    for (const one of calls) add(outer.calls, one);
    for (const one of variables) add(outer.variables, one);
    for (const one of strings) add(outer.strings, one);
  }

  #calleeOf(node: NodeRef): string {
    const callee = node.node.firstChild;
    if (callee === null) return "";
    const text = this.#text
      .slice(Math.max(callee.from, callee.to - LONGEST_CALLEE), callee.to)
      .replace(/\s+/g, "");
    const dynamic = /^__import__\(["']([\w.]+)["']\)\.(.+)$/s.exec(text);
    if (dynamic !== null) return `${dynamic[1]}.${dynamic[2]}`;
    const dot = text.indexOf(".");
    const head = dot < 0 ? text : text.slice(0, dot);
    return (this.#aliases.get(head) ?? head) + (dot < 0 ? "" : text.slice(dot));
  }

  /** The one name that is set; undefined where that is something else. */
  #targetOf(node: NodeRef): string | undefined {
    const target = node.node.firstChild;
    return target?.name === "VariableName" ? this.#text.slice(target.from, target.to) : undefined;
  }

  #noteName(kind: string, name: string): void {
    this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
    const frame = this.#open.at(-1);
    if (kind === "VariableName" && frame !== undefined) add(frame.variables, name);
  }

  #noteString(from: number, to: number): void {
    const frame = this.#open.at(-1);
    if (frame !== undefined) add(frame.strings, this.#text.slice(from, Math.min(to, from + LONGEST_STRING)));
  }

  #noteLoneString(node: NodeRef): void {
    const only = node.node.firstChild;
    if (only !== null && only.nextSibling === null && /String$/.test(only.name))
      this.#silent.push([only.from, only.to]);
  }
}

function add(set: Set<string>, value: string): void {
  if (set.size < MOST_INGREDIENTS) set.add(value);
}

const CLAUSE = /^([\w.]+)(?:\s+as\s+(\w+))?$/;

/** `import a.b as c` → c is a.b; `from a import b as c` → c is a.b. */
function noteAliases(statement: string, aliases: Map<string, string>): void {
  const text = statement.replace(/#[^\n]*|[()\\]/g, " ");
  const [, from, list = ""] = /^\s*(?:from\s+([\w.]+)\s+)?import\s+([^;]*)/.exec(text) ?? [];
  if (from?.startsWith(".") === true) return;
  for (const clause of list.split(",")) {
    const [, name, as] = CLAUSE.exec(clause.trim()) ?? [];
    if (name === undefined) continue;
    if (from !== undefined) aliases.set(as ?? name, `${from}.${name}`);
    else if (as !== undefined) aliases.set(as, name);
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x28 || code === 0x5b || code === 0x7b) {
      depth++;
      if (depth > DEEPEST) return true;
    } else if (code === 0x29 || code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
  }
  return false;
}

/** Lines from 1; asked in any order. */
function lineFinder(text: string): (at: number) => number {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (at) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

function countLines(text: string, silent: readonly (readonly [from: number, to: number])[]): number {
  let count = 0;
  let counted = false;
  let next = 0;
  for (let at = 0; at < text.length; at++) {
    const stretch = silent[next];
    if (stretch !== undefined && at >= stretch[0]) {
      next++;
      if (stretch[1] <= at) continue;
      if (text.slice(at, stretch[1]).includes("\n")) counted = false;
      at = stretch[1] - 1;
      continue;
    }
    const code = text.charCodeAt(at);
    if (code === 10) counted = false;
    else if (!counted && code > 32) {
      counted = true;
      count++;
    }
  }
  return count;
}
