// Walks the syntax tree of a cell: imports, calls and the attributes that hint at what is needed at run time. The
// parser goes on behind an error, so a broken cell still tells what it holds.

import { type Guard, type GuardedStretch, GuardTracker } from "./python-guards.ts";
import { statementLines } from "./statement-lines.ts";
import {
  children,
  emptyTree,
  lineAt,
  lineStarts,
  MAXIMUM_TREE_DEPTH,
  parseTree,
  readImportTokens,
  type SyntaxNode,
  statementTokens,
  unquoted,
} from "./syntax.ts";

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
  const whole = parseTree(text);
  const tree = whole ?? emptyTree();
  const starts = lineStarts(text);
  const tracker = new GuardTracker(text);
  const walk: Walk = { text, lineOf: (offset) => lineAt(starts, offset) };
  const imports: ImportUse[] = [];
  const calls: CallUse[] = [];
  const words = new Set<string>();
  const environment = new Map<string, string>();
  const counts = { errors: whole === undefined ? 1 : 0, definitions: 0, assignments: 0 };
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
      } else if (name === "CallExpression") calls.push(callOf(reference.node, guards, walk));
      else if (name === "VariableName" || name === "PropertyName")
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
    environment,
    ...counts,
    guardsAt,
  };
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

function importsOf(node: SyntaxNode, guards: readonly Guard[], walk: Walk): ImportUse[] {
  const place = { line: walk.lineOf(node.from), guards };
  return readImport(statementTokens(node, walk.text)).map((use) => ({ ...use, ...place }));
}

type BareImport = Pick<ImportUse, "module" | "names" | "level" | "form">;

function readImport(tokens: readonly string[]): BareImport[] {
  return readImportTokens(tokens).map(({ module, level, names }) => ({
    module,
    level,
    names: names?.map(({ name }) => name) ?? [],
    form: names === undefined ? "import" : "from",
  }));
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
