// The syntax tree of Python as the parser gives it, and the few things that every reader of it needs. The parser goes
// on behind an error, so broken text still tells what it holds. https://docs.python.org/3/reference/grammar.html

import { parser } from "@lezer/python";

export type SyntaxTree = ReturnType<typeof parser.parse>;
export type SyntaxNode = SyntaxTree["topNode"];
export type SyntaxNodeRef = Parameters<Parameters<SyntaxTree["iterate"]>[0]["enter"]>[0];

/** Nodes deeper than this are not looked at: no Python accepts them. */
export const MAXIMUM_TREE_DEPTH = 1000;

/** Undefined: brackets are open deeper than any Python accepts; the parser's time grows with them. */
export function parseTree(text: string): SyntaxTree | undefined {
  return isTooDeep(text) ? undefined : parser.parse(plainNumbers(text));
}

/** `1.` with nothing behind the point is no number to the parser: the point becomes a space, offsets stay. */
function plainNumbers(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}_])(\d[\d_]*)\.(?=[\s,)\]}:;*/+-])/gu, "$1 ");
}

export function emptyTree(): SyntaxTree {
  return parser.parse("");
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x28 || code === 0x5b || code === 0x7b) {
      depth++;
      if (depth > MAXIMUM_TREE_DEPTH) return true;
    } else if (code === 0x29 || code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
  }
  return false;
}

export function* children(node: SyntaxNode): Generator<SyntaxNode> {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) yield child;
}

/** Without comments, commas, brackets and what is an error. */
export function* parts(node: SyntaxNode): Generator<SyntaxNode> {
  for (const child of children(node))
    if (!child.type.isError && child.name !== "Comment" && !/^[()[\]{},]$/.test(child.name)) yield child;
}

const LONGEST_PATH = 400;

/** `a.b.c` where the node is a name or attributes of one, written in at most 400 characters. */
export function dottedPath(node: SyntaxNode, text: string): string | undefined {
  if (node.name !== "VariableName" && node.name !== "MemberExpression") return undefined;
  if (node.to - node.from > LONGEST_PATH) return undefined;
  const path = text.slice(node.from, node.to).replace(/\s+/g, "");
  return /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u.test(path) ? path : undefined;
}

/** Offsets at which the lines of a text begin. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Number of the line in which an offset lies, from 0. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export interface ImportedName {
  readonly name: string;
  readonly as: string;
  /** `x as x`, too. */
  readonly renamed: boolean;
}

/** What an import statement binds and asks for. */
export interface ImportStatement {
  /** Dotted name behind `import` or `from`; for a relative import what follows the dots. */
  readonly module: string;
  /** Leading dots. */
  readonly level: number;
  /** Names behind `from … import`, `*` for all; undefined for a plain `import`. */
  readonly names?: readonly ImportedName[];
  /** The name that a plain import binds, and whether it stands for the whole path (`as`) or for its first part. */
  readonly as?: string;
  readonly whole?: boolean;
}

/** The modules of one statement; tokens as the tree has them, without comments. */
export function readImportTokens(tokens: readonly string[]): ImportStatement[] {
  const bare = tokens.filter((token) => token !== "(" && token !== ")");
  if (bare[0] !== "from") return dottedNames(bare.slice(1)).map(plainImport);
  const split = bare.indexOf("import");
  if (split < 0) return [];
  const head = bare.slice(1, split).join("");
  const level = /^\.*/.exec(head)![0].length;
  const module = head.slice(level);
  if (module === "" && level === 0) return [];
  const names = dottedNames(bare.slice(split + 1)).map(({ name, as }) => ({
    name,
    as: as ?? name,
    renamed: as !== undefined,
  }));
  return [{ module, level, names }];
}

interface Named {
  readonly name: string;
  readonly as?: string;
}

function plainImport({ name, as }: Named): ImportStatement {
  const first = name.split(".", 1)[0]!;
  return { module: name, level: 0, as: as ?? first, whole: as !== undefined || first === name };
}

/** `a.b as c, d` → `a.b` as `c`, `d`. */
function dottedNames(tokens: readonly string[]): Named[] {
  const names: Named[] = [];
  let name = "";
  let as: string | undefined;
  for (const token of [...tokens, ","]) {
    if (token === ",") {
      if (name !== "") names.push(as === undefined || as === "" ? { name } : { name, as });
      name = "";
      as = undefined;
    } else if (token === "as") as = "";
    else if (as !== undefined) as += token;
    else name += token;
  }
  return names;
}

/** Texts of the direct children of a statement. */
export function statementTokens(node: SyntaxNode, text: string): string[] {
  return [...children(node)]
    .filter((child) => !child.type.isError && child.name !== "Comment")
    .map((child) => text.slice(child.from, child.to));
}

export interface Assignment {
  /** What stands before each `=`; several nodes where it is a tuple without brackets. */
  readonly targets: readonly (readonly SyntaxNode[])[];
  /** What stands behind the last `=`; empty for an annotation alone. */
  readonly values: readonly SyntaxNode[];
  readonly annotation: SyntaxNode | null;
}

/** Of an `AssignStatement`. */
export function assignmentOf(statement: SyntaxNode): Assignment {
  const groups: SyntaxNode[][] = [[]];
  for (const part of parts(statement)) {
    if (part.name === "AssignOp") groups.push([]);
    else if (part.name !== "TypeDef") groups.at(-1)!.push(part);
  }
  const annotation = statement.getChild("TypeDef");
  if (groups.length === 1) return { targets: groups, values: [], annotation };
  return { targets: groups.slice(0, -1), values: groups.at(-1)!, annotation };
}

/** Arguments of a call, in order; those with a name have it, those behind `*` and `**` have the sign. */
export interface Argument {
  readonly name: string | undefined;
  readonly sign: "" | "*" | "**";
  readonly value: SyntaxNode;
}

/** Of an `ArgList`. */
export function argumentsOf(list: SyntaxNode, text: string): Argument[] {
  const found: Argument[] = [];
  let name: string | undefined;
  let sign: Argument["sign"] = "";
  let fresh = true;
  for (const child of children(list)) {
    // What follows is the loop of a generator that is the argument.
    if (child.name === "for") break;
    if (child.name === "," || child.name === "(") {
      fresh = true;
      name = undefined;
      sign = "";
    } else if (child.type.isError || child.name === "Comment" || child.name === ")") continue;
    else if (child.name === "*" || child.name === "**") sign = child.name;
    else if (child.name === "AssignOp") fresh = true;
    else if (child.name === "VariableName" && child.nextSibling?.name === "AssignOp")
      name = text.slice(child.from, child.to);
    else if (fresh) {
      found.push({ name, sign, value: child });
      fresh = false;
    }
  }
  return found;
}

/** Strings of a list, tuple or set; undefined where it holds anything else. */
export function stringItems(node: SyntaxNode, text: string): string[] | undefined {
  if (!/^(?:Array|Tuple|Set)Expression$|^ParenthesizedExpression$/.test(node.name)) return undefined;
  const items: string[] = [];
  for (const part of parts(node)) {
    if (part.name !== "String") return undefined;
    items.push(unquoted(text.slice(part.from, part.to)));
  }
  return items;
}

/** The value of a string literal; escapes other than those of quotes, backslashes and line ends are left alone. */
export function unquoted(literal: string): string {
  const match = /^[A-Za-z]*("""|'''|"|')/.exec(literal);
  if (match === null) return literal;
  const quotes = match[1]!;
  const end = literal.endsWith(quotes) ? literal.length - quotes.length : literal.length;
  const body = literal.slice(match[0].length, Math.max(match[0].length, end));
  if (/^[^"']*r/i.test(literal)) return body;
  return body.replace(/\\([\\'"n]|\n)/g, (_, escaped: string) =>
    escaped === "n" ? "\n" : escaped === "\n" ? "" : escaped,
  );
}
