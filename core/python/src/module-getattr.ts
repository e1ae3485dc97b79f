// What a module's `__getattr__` (PEP 562) gives: its statements are followed for one name after another, with the tables of
// names that the module keeps. Many of them exist only to say that a name is no more.

import {
  assignmentOf,
  children,
  dottedPath,
  parts,
  type SyntaxNode,
  stringItems,
  unquoted,
} from "./syntax.ts";

/** Names that a module keeps as keys or items. */
export interface Table {
  readonly keys: ReadonlySet<string>;
  /** It may hold others. */
  readonly open: boolean;
}

export interface Getter {
  readonly offers: readonly string[];
  readonly refuses: readonly string[];
  /** Names of which it is not known. */
  readonly perhaps: readonly string[];
  /** It raises for every other name. */
  readonly closed: boolean;
}

type Outcome = "returns" | "raises" | "falls";

interface Question {
  readonly text: string;
  readonly parameter: string;
  /** Undefined: a name that stands nowhere. */
  readonly name: string | undefined;
  readonly tables: ReadonlyMap<string, Table>;
}

const MOST_CANDIDATES = 3000;

/** `definition`: the `FunctionDefinition`. */
export function readGetter(definition: SyntaxNode, text: string, tables: ReadonlyMap<string, Table>): Getter {
  const parameter = definition.getChild("ParamList")?.getChild("VariableName");
  const body = definition.getChild("Body");
  if (parameter === null || parameter === undefined || body === null)
    return { offers: [], refuses: [], perhaps: [], closed: false };
  const ask = (name: string | undefined) =>
    outcomesOf(body, { text, parameter: text.slice(parameter.from, parameter.to), name, tables });
  const lists = { offers: [] as string[], refuses: [] as string[], perhaps: [] as string[] };
  for (const name of candidatesIn(body, text, tables)) {
    const outcomes = ask(name);
    const gives = outcomes.has("returns") || outcomes.has("falls");
    if (!gives) lists.refuses.push(name);
    else if (outcomes.has("raises")) lists.perhaps.push(name);
    else lists.offers.push(name);
  }
  const other = ask(undefined);
  return { ...lists, closed: !other.has("returns") && !other.has("falls") };
}

function candidatesIn(body: SyntaxNode, text: string, tables: ReadonlyMap<string, Table>): Set<string> {
  const names = new Set<string>();
  const add = (name: string): void => {
    if (names.size < MOST_CANDIDATES && /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) names.add(name);
  };
  body.cursor().iterate((node) => {
    if (node.name === "String") add(unquoted(text.slice(node.from, node.to)));
    else if (node.name === "VariableName")
      for (const key of tables.get(text.slice(node.from, node.to))?.keys ?? []) add(key);
  });
  return names;
}

/** How the statements of a block can end. */
function outcomesOf(block: SyntaxNode, question: Question): Set<Outcome> {
  const ends = new Set<Outcome>();
  for (const statement of children(block)) {
    const outcomes = outcomesOfStatement(statement, question);
    for (const outcome of outcomes) if (outcome !== "falls") ends.add(outcome);
    if (!outcomes.has("falls")) return ends;
  }
  return ends.add("falls");
}

const FALLS: ReadonlySet<Outcome> = new Set(["falls"]);

function outcomesOfStatement(statement: SyntaxNode, question: Question): ReadonlySet<Outcome> {
  switch (statement.name) {
    case "RaiseStatement":
      return new Set(["raises"]);
    case "ReturnStatement":
      return returned(statement, question);
    case "IfStatement":
      return branches(statement, question);
    case "TryStatement":
      return tried(statement, question);
    case "ForStatement":
    case "WhileStatement":
      return unionOf([FALLS, ...statement.getChildren("Body").map((body) => outcomesOf(body, question))]);
    case "WithStatement":
    case "StatementGroup":
      return outcomesOf(statement.getChild("Body") ?? statement, question);
    case "AssignStatement":
      return lookedUp(assignmentOf(statement).values, question);
    default:
      return FALLS;
  }
}

function unionOf(sets: readonly ReadonlySet<Outcome>[]): Set<Outcome> {
  return new Set(sets.flatMap((set) => [...set]));
}

/** What is there anyway, or comes from a base: a name that gets here is not there. */
const NOTHING_MORE =
  /^(?:globals\(\)\[\w+\]|vars\(\)\[\w+\]|object\.__getattribute__\(.*\)|super\(.*\)\.__getattr(?:ibute)?__\(\w+\)|(?:importlib\.)?import_module\(.*\))$/s;

function returned(statement: SyntaxNode, question: Question): ReadonlySet<Outcome> {
  const values = [...parts(statement)].slice(1);
  if (values.length === 1) {
    const [value] = values;
    const deprecated = SUBMODULE.exec(
      question.text.slice(value!.from, Math.min(value!.to, value!.from + 400)),
    );
    if (deprecated !== null) return listed(deprecated[1]!, question);
    if (NOTHING_MORE.test(question.text.slice(value!.from, value!.to))) return new Set(["raises"]);
    const found = lookedUp(values, question);
    if (!found.has("falls")) return found;
    if (found.has("raises")) return new Set(["raises", "returns"]);
  }
  return new Set(["returns"]);
}

/** How scipy keeps modules that have gone private: names that are not in the list raise, others may. */
const SUBMODULE = /^_sub_module_deprecation\(.*\ball=(\w+)/s;

function listed(table: string, { name, tables }: Question): ReadonlySet<Outcome> {
  const { keys, open } = tables.get(table) ?? { keys: new Set(), open: true };
  const gone = !open && (name === undefined || !keys.has(name));
  return new Set(gone ? ["raises"] : ["returns", "raises"]);
}

/** `TABLE[name]` raises where the table lacks the name. */
function lookedUp(
  values: readonly SyntaxNode[],
  { text, parameter, name, tables }: Question,
): ReadonlySet<Outcome> {
  for (const value of values) {
    const match = /^(\w+)\[(\w+)\]$/.exec(text.slice(value.from, Math.min(value.to, value.from + 200)));
    if (match === null || match[2] !== parameter) continue;
    const table = tables.get(match[1]!);
    if (table !== undefined && name !== undefined && table.keys.has(name)) return FALLS;
    return new Set(table?.open === false ? ["raises"] : ["raises", "falls"]);
  }
  return FALLS;
}

function tried(statement: SyntaxNode, question: Question): ReadonlySet<Outcome> {
  let clause = "";
  let body: ReadonlySet<Outcome> = FALLS;
  let otherwise: ReadonlySet<Outcome> = FALLS;
  const handlers: ReadonlySet<Outcome>[] = [];
  for (const child of children(statement)) {
    if (/^(?:try|except|else|finally)$/.test(child.name)) clause = child.name;
    if (child.name !== "Body") continue;
    const outcomes = outcomesOf(child, question);
    if (clause === "try") body = outcomes;
    else if (clause === "except") handlers.push(outcomes);
    else if (clause === "else") otherwise = outcomes;
  }
  const sets: ReadonlySet<Outcome>[] = [new Set([...body].filter((each) => each === "returns"))];
  if (body.has("raises")) sets.push(...(handlers.length === 0 ? [new Set<Outcome>(["raises"])] : handlers));
  if (body.has("falls")) sets.push(otherwise);
  return unionOf(sets);
}

function branches(statement: SyntaxNode, question: Question): ReadonlySet<Outcome> {
  const sets: ReadonlySet<Outcome>[] = [];
  let holds: boolean | undefined = true;
  for (const child of children(statement)) {
    if (child.name === "if" || child.name === "elif" || child.type.isError || child.name === "Comment")
      continue;
    if (child.name === "else") holds = true;
    else if (child.name !== "Body") holds = evaluate(child, question);
    else if (holds !== false) {
      sets.push(outcomesOf(child, question));
      if (holds === true) return unionOf(sets);
    }
  }
  return unionOf([...sets, FALLS]);
}

/** Undefined: it cannot be told. */
function evaluate(node: SyntaxNode, question: Question): boolean | undefined {
  const { text } = question;
  if (node.name === "ParenthesizedExpression") {
    const [inner] = [...parts(node)];
    return inner === undefined ? undefined : evaluate(inner, question);
  }
  if (node.name === "UnaryExpression" && node.firstChild?.name === "not") {
    const inner = node.lastChild === null ? undefined : evaluate(node.lastChild, question);
    return inner === undefined ? undefined : !inner;
  }
  if (node.name === "CallExpression") return startsWith(node, question);
  if (node.name !== "BinaryExpression") return undefined;
  const inner = [...parts(node)];
  const [left, right] = [inner[0]!, inner.at(-1)!];
  const operator = inner
    .slice(1, -1)
    .map(({ from, to }) => text.slice(from, to))
    .join(" ");
  if (operator === "and" || operator === "or") return joined(operator, [left, right], question);
  return compared(operator, [left, right], question);
}

function joined(
  operator: "and" | "or",
  sides: readonly SyntaxNode[],
  question: Question,
): boolean | undefined {
  const values = sides.map((side) => evaluate(side, question));
  if (values.includes(operator === "or")) return operator === "or";
  return values.includes(undefined) ? undefined : operator === "and";
}

function compared(
  operator: string,
  [left, right]: readonly [SyntaxNode, SyntaxNode],
  question: Question,
): boolean | undefined {
  const { text, parameter, name } = question;
  const isName = (node: SyntaxNode): boolean => text.slice(node.from, node.to) === parameter;
  if (operator === "==" || operator === "!=") {
    const other = isName(left) ? right : isName(right) ? left : undefined;
    if (other?.name !== "String") return undefined;
    return (unquoted(text.slice(other.from, other.to)) === name) === (operator === "==");
  }
  if ((operator !== "in" && operator !== "not in") || !isName(left)) return undefined;
  const inside = isInside(right, question);
  return inside === undefined ? undefined : inside === (operator === "in");
}

function isInside(container: SyntaxNode, { text, name, tables }: Question): boolean | undefined {
  const items = stringItems(container, text) ?? keysOf(container, text);
  if (items !== undefined) return name !== undefined && items.includes(name);
  const path = dottedPath(container, text);
  const table = path === undefined ? undefined : tables.get(path);
  if (table === undefined) return undefined;
  if (name !== undefined && table.keys.has(name)) return true;
  return table.open ? undefined : false;
}

/** Keys of a dictionary, where all are strings. */
export function keysOf(node: SyntaxNode, text: string): string[] | undefined {
  if (node.name !== "DictionaryExpression") return undefined;
  const keys: string[] = [];
  let key = true;
  for (const child of children(node)) {
    if (child.name === "," || child.name === "{") key = true;
    else if (child.name === ":") key = false;
    else if (key && child.name !== "Comment" && child.name !== "}") {
      if (child.name !== "String") return undefined;
      keys.push(unquoted(text.slice(child.from, child.to)));
      key = false;
    }
  }
  return keys;
}

/** What a value at a module's level keeps as keys or items, the first items of rows among them. */
export function tableOf(value: SyntaxNode, text: string, tables: ReadonlyMap<string, Table>): Table {
  if (value.name === "BinaryExpression") return sumOf(value, text, tables);
  const items =
    keysOf(value, text) ??
    stringItems(value, text) ??
    rowsOf(value, text) ??
    comprehended(value, text, tables);
  return { keys: new Set(items ?? []), open: items === undefined };
}

/** `NAMES + ["x"]` */
function sumOf(value: SyntaxNode, text: string, tables: ReadonlyMap<string, Table>): Table {
  const [left, sign, right] = [...parts(value)];
  if (
    left === undefined ||
    right === undefined ||
    text.slice(sign!.from, sign!.to) !== "+" ||
    right.name === "BinaryExpression"
  )
    return { keys: new Set(), open: true };
  const [one, other] = [left, right].map(
    (side) => tables.get(text.slice(side.from, side.to)) ?? tableOf(side, text, tables),
  );
  return { keys: new Set([...one!.keys, ...other!.keys]), open: one!.open || other!.open };
}

/** `[("x", …), ("y", …)]` */
function rowsOf(value: SyntaxNode, text: string): string[] | undefined {
  if (value.name !== "ArrayExpression" && value.name !== "TupleExpression") return undefined;
  const rows: string[] = [];
  for (const row of parts(value)) {
    const [first] = row.name === "TupleExpression" ? [...parts(row)] : [];
    if (first?.name !== "String") return undefined;
    rows.push(unquoted(text.slice(first.from, first.to)));
  }
  return rows;
}

/** `{name: … for name, … in TABLE}` */
function comprehended(
  value: SyntaxNode,
  text: string,
  tables: ReadonlyMap<string, Table>,
): readonly string[] | undefined {
  if (value.name !== "DictionaryComprehensionExpression") return undefined;
  const [key] = [...parts(value)];
  const loop = value.getChild("for");
  const last = value.lastChild?.prevSibling;
  if (key?.name !== "VariableName" || loop === null || last === null || last === undefined) return undefined;
  const name = text.slice(key.from, key.to);
  const bound = loop.nextSibling;
  const first = bound === null ? undefined : bound.name === "VariableName" ? bound : [...parts(bound)][0];
  if (first === undefined || text.slice(first.from, first.to) !== name) return undefined;
  const table = tables.get(text.slice(last.from, last.to));
  return table === undefined || table.open ? undefined : [...table.keys];
}

function startsWith(node: SyntaxNode, { text, parameter, name }: Question): boolean | undefined {
  const match = /^(\w+)\.startswith\((["'])([^"'\\]*)\2\)$/.exec(
    text.slice(node.from, Math.min(node.to, node.from + 200)),
  );
  if (match === null || match[1] !== parameter || name === undefined) return undefined;
  return name.startsWith(match[3]!);
}
