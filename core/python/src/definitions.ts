// Functions and classes as their definitions say: signatures, bases, members.

import type { ApiClass, ApiFunction, ApiName, ApiParameter } from "@thoth/knowledge";
import { annotatedClasses } from "./annotation.ts";
import {
  belongsToProperty,
  type Decorator,
  decorated,
  decoratorsOf,
  isProperty,
  keepsClass,
  lastPart,
} from "./decorators.ts";
import { mergeFunctions, parametersOf, withoutReceiver } from "./parameters.ts";
import {
  assignmentOf,
  children,
  dottedPath,
  parts,
  type SyntaxNode,
  stringItems,
  unquoted,
} from "./syntax.ts";

/** Where a definition stands. */
export interface Place {
  readonly text: string;
  /** Dotted path of what holds it: a module, or a class in it. */
  readonly owner: string;
  /** Dotted name of the module. */
  readonly module: string;
  readonly stub: boolean;
}

export type Names = Map<string, ApiName>;

export const MOST_NAMES = 20_000;
const DEEPEST_CLASS = 8;

/** Gives a name its meaning; under a condition, what it may mean else stays possible. */
export function define(names: Names, name: string, meaning: ApiName, conditional: boolean): void {
  const before = names.get(name);
  if (before === undefined && names.size >= MOST_NAMES) return;
  names.set(name, before === undefined || !conditional ? meaning : eitherOf(before, meaning));
}

function eitherOf(before: ApiName, after: ApiName): ApiName {
  if (before.kind === "function" && after.kind === "function") return mergeFunctions(before, after);
  if (before.kind === "alias" && before.typing === true) return after;
  if (after.kind === "alias" && after.typing === true) return before;
  if (before.kind === "value") return after;
  if (after.kind === "value") return before;
  if (before.kind === "alias" && after.kind === "alias" && before.of === after.of) return before;
  return { kind: "value" };
}

/** What an annotation behind `:` or `->` says, seen from the module. */
export function typeOf(
  definition: SyntaxNode | null,
  { text, module }: Place,
): readonly string[] | undefined {
  const expression = definition?.lastChild;
  if (definition === null || expression === null || expression === undefined) return undefined;
  const classes = annotatedClasses(text.slice(expression.from, expression.to));
  if (classes === undefined || classes.length === 0) return undefined;
  return classes.map((path) => (/(?:^|\.)Self$/.test(path) ? "Self" : `${module}.${path}`));
}

export function functionOf(node: SyntaxNode, place: Place, decorators: readonly Decorator[]): ApiFunction {
  const list = node.getChild("ParamList");
  const written = list === null ? [] : parametersOf(list, place.text, place.stub);
  const inClass = place.owner !== place.module;
  const bound =
    inClass &&
    (nameOfDefinition(node, place.text) === "__new__" ||
      decorators.every(({ path }) => path !== "staticmethod"));
  const { parameters, loose } = decorated(bound ? withoutReceiver(written) : written, decorators);
  const manager = decorators.some(({ path }) => /contextmanager$/.test(path));
  const waits = node.firstChild?.name === "async";
  const returns = manager || waits ? undefined : typeOf(node.getChild("TypeDef"), place);
  return {
    kind: "function",
    parameters,
    ...(returns === undefined ? {} : { returns }),
    // A stub may be behind what it stands for.
    ...(loose || place.stub ? { loose: true } : {}),
  };
}

export function nameOfDefinition(node: SyntaxNode, text: string): string {
  const name = node.getChild("VariableName");
  return name === null ? "" : text.slice(name.from, name.to);
}

/** The definition below decorators. */
export function definitionIn(statement: SyntaxNode): SyntaxNode | undefined {
  if (statement.name !== "DecoratedStatement") return statement;
  return statement.getChild("FunctionDefinition") ?? statement.getChild("ClassDefinition") ?? undefined;
}

/** While the body of a class is read. */
interface Reading {
  readonly place: Place;
  readonly members: Names;
  readonly fields: ApiParameter[];
  readonly depth: number;
  overloaded: string;
  init?: readonly ApiParameter[];
  made?: readonly ApiParameter[];
  dynamic: boolean;
  items: boolean;
  stores: boolean;
  loose: boolean;
}

export function classOf(
  node: SyntaxNode,
  outer: Place,
  decorators: readonly Decorator[],
  depth = 0,
): ApiClass {
  const name = nameOfDefinition(node, outer.text);
  const place = { ...outer, owner: `${outer.owner}.${name}` };
  const members: Names = new Map();
  const reading: Reading = {
    place,
    members,
    fields: [],
    depth,
    overloaded: "",
    dynamic: false,
    items: false,
    stores: false,
    loose: false,
  };
  const bases = basesOf(node.getChild("ArgList"), reading);
  const body = node.getChild("Body");
  if (body !== null && depth <= DEEPEST_CLASS) readBody(body, reading, false);
  for (const decorator of decorators) decorateClass(decorator, reading);
  // One that makes objects of other classes may take what they take.
  if (reading.made !== undefined) reading.dynamic = true;
  if (reading.made !== undefined && reading.init !== undefined) reading.loose = true;
  const generated = generatedParameters(decorators, bases, reading);
  const parameters = reading.init ?? reading.made ?? generated;
  members.delete("__init__");
  return {
    kind: "class",
    bases,
    ...(parameters === undefined ? {} : { parameters }),
    members: Object.fromEntries(members),
    ...(reading.loose || place.stub ? { loose: true } : {}),
    ...(reading.dynamic ? { dynamic: true } : {}),
    ...(reading.items ? { items: true } : {}),
    ...(reading.stores ? { stores: true } : {}),
  };
}

const PLAIN_METACLASS = /(?:^|\.)(?:ABCMeta|type|_ProtocolMeta)$/;

function basesOf(list: SyntaxNode | null, reading: Reading): string[] {
  const bases: string[] = [];
  const { text, module } = reading.place;
  let keyword = "";
  for (const part of list === null ? [] : parts(list)) {
    if (part.name === "AssignOp") continue;
    if (part.nextSibling?.name === "AssignOp") {
      keyword = text.slice(part.from, part.to);
      continue;
    }
    const path = dottedPath(part.name === "MemberExpression" ? headOf(part) : part, text);
    if (keyword === "metaclass") metaclass(path, reading);
    else if (keyword === "" && path !== undefined) bases.push(`${module}.${path}`);
    else if (keyword === "" && !madeWithMetaclass(part, bases, reading)) unknownBase(reading);
    keyword = "";
  }
  return bases;
}

/** `Generic` of `Generic[T]`. */
function headOf(node: SyntaxNode): SyntaxNode {
  return node.getChild("[") === null ? node : (node.firstChild ?? node);
}

function metaclass(path: string | undefined, reading: Reading): void {
  if (path === undefined || !PLAIN_METACLASS.test(path)) unknownBase(reading);
}

function unknownBase(reading: Reading): void {
  reading.dynamic = true;
  reading.loose = true;
}

/** `six.with_metaclass(Meta, Base)` */
function madeWithMetaclass(node: SyntaxNode, bases: string[], reading: Reading): boolean {
  const { text, module } = reading.place;
  const callee = node.name === "CallExpression" ? node.firstChild : null;
  const list = node.getChild("ArgList");
  if (callee === null || list === null) return false;
  if (!/(?:^|\.)with_metaclass$/.test(dottedPath(callee, text) ?? "")) return false;
  const [meta, ...rest] = [...parts(list)].map((part) => dottedPath(part, text));
  metaclass(meta, reading);
  for (const path of rest) {
    if (path === undefined) unknownBase(reading);
    else bases.push(`${module}.${path}`);
  }
  return true;
}

function readBody(body: SyntaxNode, reading: Reading, conditional: boolean): void {
  for (const statement of children(body)) {
    switch (statement.name) {
      case "FunctionDefinition":
      case "ClassDefinition":
      case "DecoratedStatement":
        readDefinition(statement, reading, conditional);
        break;
      case "AssignStatement":
        readAssignment(statement, reading, conditional);
        break;
      case "IfStatement":
      case "TryStatement":
      case "WithStatement":
      case "ForStatement":
      case "WhileStatement":
        if (statement.name === "ForStatement") readTargets(statement, reading);
        for (const inner of statement.getChildren("Body")) readBody(inner, reading, true);
        break;
      case "StatementGroup":
        readBody(statement, reading, conditional);
        break;
      case "ImportStatement":
      case "ExpressionStatement":
      case "UpdateStatement":
        readOther(statement, reading);
    }
  }
}

/** What a loop in the body of a class counts with stays a member. */
function readTargets(loop: SyntaxNode, { members, place }: Reading): void {
  for (const child of children(loop)) {
    if (child.name === "in") return;
    for (const name of namesIn(child, place.text)) define(members, name, { kind: "value" }, true);
  }
}

/** Statements that may make members by the way. */
function readOther(statement: SyntaxNode, reading: Reading): void {
  const text = reading.place.text.slice(statement.from, statement.to);
  if (/\b(?:locals|vars|exec|globals)\s*\(/.test(text)) reading.dynamic = true;
  if (statement.name === "ImportStatement") {
    for (const part of parts(statement))
      if (part.name === "VariableName")
        define(reading.members, reading.place.text.slice(part.from, part.to), { kind: "value" }, true);
    if (statement.getChild("*") !== null) reading.dynamic = true;
  }
}

function readDefinition(statement: SyntaxNode, reading: Reading, conditional: boolean): void {
  const { place, members } = reading;
  const node = definitionIn(statement);
  if (node === undefined) return;
  const decorators = statement === node ? [] : decoratorsOf(statement, place.text);
  const name = nameOfDefinition(node, place.text);
  if (node.name === "ClassDefinition") {
    define(members, name, classOf(node, place, decorators, reading.depth + 1), conditional);
    return;
  }
  readStores(node, reading, decorators);
  if (name === "__getattr__" || name === "__getattribute__") readGetter(node, reading);
  if (decorators.some(belongsToProperty) && members.has(name)) return;
  if (decorators.some(isProperty)) {
    const type = typeOf(node.getChild("TypeDef"), place);
    define(members, name, { kind: "value", ...(type === undefined ? {} : { type }) }, conditional);
    return;
  }
  const overload = decorators.some((each) => lastPart(each) === "overload");
  const method = functionOf(node, place, decorators);
  define(members, name, method, conditional || (overload && reading.overloaded === name));
  reading.overloaded = overload ? name : "";
  if (name === "__init__") {
    const whole = members.get(name);
    reading.init = whole?.kind === "function" ? whole.parameters : method.parameters;
    if (method.loose === true) reading.loose = true;
  } else if (name === "__new__") reading.made = method.parameters;
}

/** What the skeleton says that a method stores. */
function readStores(node: SyntaxNode, reading: Reading, decorators: readonly Decorator[]): void {
  const { members, place } = reading;
  const ofClass =
    decorators.some(({ path }) => /^(?:class|static)method$/.test(path)) ||
    /^(?:__new__|__init_subclass__)$/.test(nameOfDefinition(node, place.text));
  const body = node.getChild("Body");
  for (const statement of body === null ? [] : body.getChildren("ExpressionStatement")) {
    const text = place.text.slice(statement.from, statement.to).trim();
    if (text === "setattr()") reading[ofClass ? "dynamic" : "stores"] = true;
    else if (/^self\.[\p{L}\p{N}_]+$/u.test(text) && !members.has(text.slice(5)))
      define(members, text.slice(5), { kind: "value" }, false);
  }
}

/** `__getattr__` that only raises adds nothing; one that gives what the object holds, items; any other, anything. */
function readGetter(node: SyntaxNode, reading: Reading): void {
  const { text } = reading.place;
  const returned: string[] = [];
  node.cursor().iterate((inner) => {
    if (inner.name === "ReturnStatement")
      returned.push(text.slice(inner.from, inner.to).replace(/\s+/g, " "));
  });
  for (const each of returned) {
    if (/^return self\[\w+\]$/.test(each)) reading.items = true;
    else if (
      !/^return (?:object\.__getattribute__\(self, \w+\)|super\([^)]*\)\.__getattr(?:ibute)?__\(\w+\))$/.test(
        each,
      )
    )
      reading.dynamic = true;
  }
}

function readAssignment(statement: SyntaxNode, reading: Reading, conditional: boolean): void {
  const { place, members } = reading;
  const { text, module, owner } = place;
  const { targets, values, annotation } = assignmentOf(statement);
  const type = typeOf(annotation, place);
  const path = values.length === 1 && annotation === null ? dottedPath(values[0]!, text) : undefined;
  const of = path !== undefined && members.has(path.split(".", 1)[0]!) ? owner : module;
  for (const group of targets) {
    const [first] = group;
    if (first !== undefined && /^(?:vars|locals)\(\)\[/.test(text.slice(first.from, first.from + 20)))
      reading.dynamic = true;
    for (const name of group.flatMap((target) => namesIn(target, text))) {
      if (name === "__slots__") readSlots(values[0], reading);
      if (annotation !== null) noteField(name, statement, reading);
      const plain = group.length === 1 && group[0]!.name === "VariableName";
      const meaning: ApiName =
        path !== undefined && plain
          ? { kind: "alias", of: `${of}.${path}` }
          : { kind: "value", ...(type === undefined ? {} : { type }) };
      define(members, name, meaning, conditional);
    }
  }
}

/** Attributes that its objects have a place for. */
function readSlots(value: SyntaxNode | undefined, reading: Reading): void {
  const { text } = reading.place;
  const single = value?.name === "String" ? [unquoted(text.slice(value.from, value.to))] : undefined;
  const slots = single ?? (value === undefined ? undefined : stringItems(value, text));
  if (slots === undefined) reading.dynamic = true;
  for (const slot of slots ?? []) define(reading.members, slot, { kind: "value" }, true);
}

/** Plain names that a target binds. */
export function namesIn(target: SyntaxNode, text: string): string[] {
  if (target.name === "VariableName") return [text.slice(target.from, target.to)];
  if (target.name === "MemberExpression") return [];
  return [...parts(target)].flatMap((part) => namesIn(part, text));
}

function noteField(name: string, statement: SyntaxNode, { fields, place }: Reading): void {
  const annotation = statement.getChild("TypeDef")!;
  if (/\bClassVar\b/.test(place.text.slice(annotation.from, annotation.to))) return;
  fields.push({ name, kind: "either", optional: statement.getChild("AssignOp") !== null });
}

const GENERATED = /^(?:dataclass|dataclasses\.dataclass)$/;
const GENERATED_OTHERWISE = /^(?:attr\.\w+|attrs\.\w+|attrs|define|frozen|mutable|attr_s|\w+\.dataclass)$/;
const NO_FIELDS = /\.(?:object|Generic|Protocol|ABC)$/;

function decorateClass(decorator: Decorator, reading: Reading): void {
  if (GENERATED.test(decorator.path) || keepsClass(decorator)) return;
  if (GENERATED_OTHERWISE.test(decorator.path)) reading.loose = true;
  else if (/define_aliases$/.test(decorator.path)) {
    for (const match of decorator.arguments.matchAll(/["'](\w+)["']/g))
      for (const verb of ["get", "set"])
        define(reading.members, `${verb}_${match[1]!}`, { kind: "value" }, true);
  } else {
    reading.dynamic = true;
    reading.loose = true;
  }
}

/** Parameters that are made of the fields. */
function generatedParameters(
  decorators: readonly Decorator[],
  bases: readonly string[],
  reading: Reading,
): readonly ApiParameter[] | undefined {
  const named = bases.length === 1 && /\.NamedTuple$/.test(bases[0]!);
  const generated = decorators.find(({ path }) => GENERATED.test(path));
  if (generated === undefined && !named) return undefined;
  const plain = named || bases.every((base) => NO_FIELDS.test(base));
  if (!plain || /\b(?:init|kw_only)\b/.test(generated?.arguments ?? "")) reading.loose = true;
  return reading.fields;
}
