// Walks the syntax tree of a cell: imports, calls and the attributes that hint at what is needed at run time. The
// parser goes on behind an error, so a broken cell still tells what it holds.

import { parser } from "@lezer/python";
import { type Guard, type GuardedStretch, GuardTracker, MAXIMUM_TREE_DEPTH } from "./python-guards.ts";
import { statementLines } from "./statement-lines.ts";

type Tree = ReturnType<typeof parser.parse>;
type SyntaxNode = Tree["topNode"];

export interface ImportUse {
  /** Dotted name behind `import` or `from`; for a relative import what follows the dots. */
  readonly module: string;
  /** Names behind `from … import`; `*` for all. */
  readonly names: readonly string[];
  /** Leading dots. */
  readonly level: number;
  readonly form: "import" | "from" | "dynamic";
  readonly line: number;
  readonly guards: readonly Guard[];
}

export type Literal =
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "list"; readonly items: readonly Literal[] }
  | { readonly kind: "other"; readonly text: string };

export interface CallUse {
  /** Callee as written, white space removed: `pd.read_excel`. */
  readonly callee: string;
  readonly arguments: readonly Literal[];
  readonly keywords: ReadonlyMap<string, Literal>;
  readonly line: number;
  /** Lines it covers. */
  readonly lines: number;
  readonly guards: readonly Guard[];
}

export interface PythonFacts {
  readonly imports: readonly ImportUse[];
  readonly calls: readonly CallUse[];
  /** Number of places where the text is no Python. */
  readonly errors: number;
  readonly definitions: number;
  readonly assignments: number;
  /** Names that the cell reads, and attributes: `style`, `EmailStr`. */
  readonly words: ReadonlySet<string>;
  /** Dotted names as written, such as `np.random.rand`. */
  readonly members: ReadonlySet<string>;
  /** What names mean after the cell's imports: `np` is `numpy`, `Image` is `PIL.Image`. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Variables of the environment that the cell sets to a plain text. */
  readonly environment: ReadonlyMap<string, string>;
  guardsAt(line: number): readonly Guard[];
}

/** Longest text of one cell that is parsed, in characters. */
export const LONGEST_CELL = 2 * 1024 * 1024;
const MAXIMUM_ARGUMENTS = 64;

interface Walk {
  readonly text: string;
  readonly lineOf: (offset: number) => number;
}

export function readPython(text: string): PythonFacts {
  const deep = isTooDeep(text);
  const tree = parser.parse(deep ? "" : text);
  const starts = lineStarts(text);
  const tracker = new GuardTracker(text);
  const walk: Walk = { text, lineOf: (offset) => lineAt(starts, offset) };
  const imports: ImportUse[] = [];
  const calls: CallUse[] = [];
  const words = new Set<string>();
  const members = new Set<string>();
  const aliases = new Map<string, string>();
  const environment = new Map<string, string>();
  const counts = { errors: deep ? 1 : 0, definitions: 0, assignments: 0 };
  tree.iterate({
    enter(reference) {
      tracker.enter(reference);
      const { name, type } = reference;
      const { guards } = tracker;
      if (type.isError) counts.errors++;
      else if (tracker.depth > MAXIMUM_TREE_DEPTH) return;
      else if (name === "ImportStatement") {
        if (isProse(reference.from, text)) return;
        append(imports, importsOf(reference.node, guards, walk));
        noteAliases(statementTokens(reference.node, walk), aliases);
      } else if (name === "CallExpression") calls.push(callOf(reference.node, guards, walk));
      else if (name === "MemberExpression") {
        const chain = text.slice(reference.from, Math.min(reference.to, reference.from + LONGEST_MEMBER + 1));
        if (chain.length <= LONGEST_MEMBER && MEMBER.test(chain)) members.add(chain.replace(/\s+/g, ""));
      } else if (name === "VariableName" || name === "PropertyName")
        words.add(text.slice(reference.from, reference.to));
      else if (name === "FunctionDefinition" || name === "ClassDefinition") counts.definitions++;
      else if (name === "AssignStatement") {
        counts.assignments++;
        const set = ENVIRONMENT.exec(
          text.slice(reference.from, Math.min(reference.to, reference.from + 200)),
        );
        if (set !== null) environment.set(set[1]!, set[2]!);
      }
    },
    leave: () => tracker.leave(),
  });
  if (counts.errors > 0) append(imports, missedImports(imports, walk));
  const guardsAt = lineGuards(tracker.stretches, walk);
  return {
    imports: [...imports, ...dynamicImports(calls)],
    calls,
    words,
    members,
    aliases,
    environment,
    ...counts,
    guardsAt,
  };
}

const LONGEST_MEMBER = 160;
const MEMBER = /^[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)+$/;

/** `import a.b as c` → c is a.b; `import a.b` → a is a; `from a import b as c` → c is a.b. */
function noteAliases(tokens: readonly string[], aliases: Map<string, string>): void {
  const split = tokens.indexOf("import");
  if (split < 0) return;
  const from = tokens[0] === "from" ? tokens.slice(1, split).join("") : undefined;
  if (from?.startsWith(".") === true) return;
  let name = "";
  let as: string | undefined;
  const note = () => {
    const [top = ""] = name.split(".");
    if (from !== undefined && name !== "") aliases.set(as ?? name, `${from}.${name}`);
    else if (name !== "") aliases.set(as ?? top, as === undefined ? top : name);
    name = "";
    as = undefined;
  };
  for (const token of [...tokens.slice(split + 1), ","]) {
    if (token === ",") note();
    else if (token === "as") as = "";
    else if (token === "(" || token === ")") continue;
    else if (as !== undefined) as += token;
    else name += token;
  }
}

const ENVIRONMENT = /^(?:os\.)?environ\[["'](\w+)["']\]\s*=\s*["']([\w.-]*)["']/;

/** The parser makes a statement of `import` in the middle of a sentence, too. */
function isProse(offset: number, text: string): boolean {
  return /[\w,.][ \t]+$/.test(text.slice(Math.max(0, offset - 200), offset));
}

/** Lists here may be longer than a call takes arguments. */
function append<Item>(list: Item[], more: readonly Item[]): void {
  for (const item of more) list.push(item);
}

/** More open brackets than any Python accepts; the parser's time grows with them. */
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

/** Conditions of a line, by its first character; the table is made when it is first asked. */
function lineGuards(stretches: readonly GuardedStretch[], walk: Walk): (line: number) => readonly Guard[] {
  let table: Map<number, readonly Guard[]> | undefined;
  return (line) => {
    if (table === undefined) {
      table = new Map();
      for (const { from, to, guards } of stretches) {
        const last = walk.lineOf(Math.max(from, to - 1));
        for (let each = walk.lineOf(from) + 1; each <= last; each++) table.set(each, guards);
      }
    }
    return table.get(line) ?? [];
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function* children(node: SyntaxNode): Generator<SyntaxNode> {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) yield child;
}

function importsOf(node: SyntaxNode, guards: readonly Guard[], walk: Walk): ImportUse[] {
  const place = { line: walk.lineOf(node.from), guards };
  return readImport(statementTokens(node, walk)).map((use) => ({ ...use, ...place }));
}

function statementTokens(node: SyntaxNode, walk: Walk): string[] {
  return [...children(node)]
    .filter((child) => !child.type.isError && child.name !== "Comment")
    .map((child) => walk.text.slice(child.from, child.to));
}

type BareImport = Pick<ImportUse, "module" | "names" | "level" | "form">;

function readImport(tokens: readonly string[]): BareImport[] {
  if (tokens[0] === "from") return readFrom(tokens.slice(1));
  return dottedNames(tokens.slice(1)).map((module) => ({ module, names: [], level: 0, form: "import" }));
}

function readFrom(tokens: readonly string[]): BareImport[] {
  const split = tokens.indexOf("import");
  if (split < 0) return [];
  const head = tokens.slice(0, split).join("");
  const dots = /^\.*/.exec(head)![0].length;
  const module = head.slice(dots);
  if (module === "" && dots === 0) return [];
  const rest = tokens.slice(split + 1).filter((token) => token !== "(" && token !== ")");
  return [{ module, names: dottedNames(rest), level: dots, form: "from" }];
}

/** `a.b as c, d` → `a.b`, `d`. */
function dottedNames(tokens: readonly string[]): string[] {
  const names: string[] = [];
  let current = "";
  let renamed = false;
  for (const token of [...tokens, ","]) {
    if (token === ",") {
      if (current !== "") names.push(current);
      current = "";
      renamed = false;
    } else if (token === "as") renamed = true;
    else if (!renamed) current += token;
  }
  return names;
}

const IMPORT_LINE =
  /^[ \t]*(?:import[ \t]+([A-Za-z_][\w.]*(?:[ \t]+as[ \t]+\w+)?(?:[ \t]*,[ \t]*[A-Za-z_][\w.]*(?:[ \t]+as[ \t]+\w+)?)*)|from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+([\w*, \t(]+))/;

/** Import lines that the tree of a broken cell does not hold; lines inside strings and comments do not count. */
function missedImports(found: readonly ImportUse[], walk: Walk): ImportUse[] {
  const seen = new Set(found.map((use) => use.line));
  const missed: ImportUse[] = [];
  for (const { text, line, starts } of statementLines(walk.text, () => false)) {
    const match = starts && !seen.has(line) ? IMPORT_LINE.exec(text) : null;
    if (match === null) continue;
    const tokens = match[0].match(/[A-Za-z_]\w*|[.,*(]/g) ?? [];
    for (const use of readImport(tokens)) missed.push({ ...use, line, guards: indentGuards(text) });
  }
  return missed;
}

/** What an indented line of a broken cell stands under is not known: it counts as conditional. */
function indentGuards(text: string): readonly Guard[] {
  return /^[ \t]/.test(text) ? [{ kind: "then", group: -1, condition: "" }] : [];
}

const DYNAMIC = /(?:^|\.)(?:import_module|__import__|importorskip)$/;

function dynamicImports(calls: readonly CallUse[]): ImportUse[] {
  return calls.flatMap((call) => {
    const name = call.arguments[0] ?? call.keywords.get("name");
    if (!DYNAMIC.test(call.callee) || name?.kind !== "string") return [];
    if (!/^[A-Za-z_][\w.]*$/.test(name.value)) return [];
    return [
      {
        module: name.value,
        names: [],
        level: 0,
        form: "dynamic" as const,
        line: call.line,
        guards: call.guards,
      },
    ];
  });
}

function callOf(node: SyntaxNode, guards: readonly Guard[], walk: Walk): CallUse {
  const callee = node.firstChild;
  const list = node.getChild("ArgList");
  const keywords = new Map<string, Literal>();
  const positional: Literal[] = [];
  let key: string | undefined;
  for (const child of list === null ? [] : children(list)) {
    if (positional.length + keywords.size >= MAXIMUM_ARGUMENTS) break;
    if (/^[(),]$/.test(child.name) || child.type.isError || child.name === "Comment") continue;
    if (child.name === "AssignOp") continue;
    if (child.name === "VariableName" && child.nextSibling?.name === "AssignOp") {
      key = walk.text.slice(child.from, child.to);
      continue;
    }
    const value = literalOf(child, walk, 2);
    if (key === undefined) positional.push(value);
    else keywords.set(key, value);
    key = undefined;
  }
  const first = walk.lineOf(node.from);
  return {
    callee: callee === null ? "" : calleeText(callee, walk),
    arguments: positional,
    keywords,
    line: first,
    lines: walk.lineOf(node.to) - first + 1,
    guards,
  };
}

function calleeText(node: SyntaxNode, walk: Walk): string {
  const text = walk.text.slice(Math.max(node.from, node.to - 200), node.to);
  return text.replace(/\s+/g, "");
}

function literalOf(node: SyntaxNode, walk: Walk, depth: number): Literal {
  const text = walk.text.slice(node.from, node.to);
  if (node.name === "String") return { kind: "string", value: unquoted(text) };
  if (node.name === "FormatString" && node.getChild("FormatReplacement") === null)
    return { kind: "string", value: unquoted(text) };
  if (node.name === "ContinuedString")
    return {
      kind: "string",
      value: [...children(node)].map((part) => unquoted(walk.text.slice(part.from, part.to))).join(""),
    };
  if ((node.name === "ArrayExpression" || node.name === "TupleExpression") && depth > 0) {
    const items = [...children(node)].filter(
      (child) => !/^[()[\],]$/.test(child.name) && !child.type.isError,
    );
    return {
      kind: "list",
      items: items.slice(0, MAXIMUM_ARGUMENTS).map((child) => literalOf(child, walk, depth - 1)),
    };
  }
  return { kind: "other", text: text.slice(0, 400) };
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
