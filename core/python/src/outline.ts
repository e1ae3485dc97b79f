// What one module offers, read from its text alone: nothing is run, and no other module is looked at. Where it points to
// others, it says so by their names. https://docs.python.org/3/reference/import.html

import type { ApiExports, ApiModule, ApiName } from "@thoth/knowledge";
import { decoratorsOf } from "./decorators.ts";
import {
  classOf,
  define,
  definitionIn,
  functionOf,
  MOST_NAMES,
  type Names,
  nameOfDefinition,
  namesIn,
  type Place,
  typeOf,
} from "./definitions.ts";
import { ExportList } from "./export-list.ts";
import { attachedNames, lazyStructure } from "./lazy-loading.ts";
import { type Getter, readGetter, type Table, tableOf } from "./module-getattr.ts";
import { skeletonOf } from "./skeleton.ts";
import {
  argumentsOf,
  assignmentOf,
  children,
  dottedPath,
  type ImportStatement,
  parseTree,
  readImportTokens,
  type SyntaxNode,
  statementTokens,
} from "./syntax.ts";

export interface ModulePlace {
  /** Dotted name. */
  readonly name: string;
  /** It is the `__init__` of a package. */
  readonly package: boolean;
  readonly stub: boolean;
}

export interface Outline extends ApiModule {
  /** All of it stands in the stub beside it (`lazy_loader.attach_stub`). */
  readonly inStub?: boolean;
}

/** Longest text of a module that is read, in characters. */
export const LONGEST_MODULE = 8 * 1024 * 1024;
const DEEPEST = 40;

class OutlineReader {
  readonly place: Place;
  readonly module: ModulePlace;
  readonly names: Names = new Map();
  readonly stars: string[] = [];
  readonly exports: ExportList;
  /** In a stub: what is meant for others although it is an alias. */
  readonly reexported = new Set<string>();
  readonly tables = new Map<string, Table>();
  /** What it puts into other modules, dotted. */
  readonly patches = new Set<string>();
  overloaded = "";
  dynamic = false;
  getter: Getter | undefined;
  inStub = false;

  constructor(text: string, module: ModulePlace) {
    this.module = module;
    this.place = { text, owner: module.name, module: module.name, stub: module.stub };
    this.exports = new ExportList(text, (path) => this.modulePath(path));
  }

  /** What a name at the module's level stands for, if it is a module. */
  modulePath(path: string): string {
    const [first = "", ...rest] = path.split(".");
    const meaning = this.names.get(first);
    const base = meaning?.kind === "alias" ? meaning.of : `${this.module.name}.${first}`;
    return [base, ...rest].join(".");
  }

  readBlock(block: SyntaxNode, conditional: boolean, typing: boolean, depth = 0): void {
    for (const statement of children(block)) this.#statement(statement, { conditional, typing, depth });
  }

  #statement(statement: SyntaxNode, where: Where): void {
    switch (statement.name) {
      case "ImportStatement":
        this.#import(statement, where);
        break;
      case "FunctionDefinition":
      case "ClassDefinition":
      case "DecoratedStatement":
        this.#definition(statement, where);
        break;
      case "AssignStatement":
        this.#assignment(statement, where);
        break;
      case "UpdateStatement":
      case "ExpressionStatement":
        this.#effect(statement);
        break;
      case "DeleteStatement":
        this.#delete(statement, where);
        break;
      case "TypeDefinition": {
        const name = nameOfDefinition(statement, this.place.text);
        define(this.names, name, { kind: "value" }, where.conditional);
        break;
      }
      default:
        this.#compound(statement, where);
    }
  }

  /** All branches: which of them runs depends on where. */
  #compound(statement: SyntaxNode, { typing, depth }: Where): void {
    if (depth > DEEPEST) return;
    const { text } = this.place;
    let forTypes = typing;
    let loops = false;
    for (const child of children(statement)) {
      if (child.name === "Body") {
        this.readBlock(child, true, forTypes, depth + 1);
        forTypes = typing;
      } else if (
        statement.name === "IfStatement" &&
        /\bTYPE_CHECKING\b/.test(text.slice(child.from, child.to))
      )
        forTypes = !/^\s*not\b/.test(text.slice(child.from, child.to)) || typing;
      else if (statement.name === "ForStatement" && child.name === "in") loops = true;
      else if (statement.name === "ForStatement" && !loops)
        for (const name of namesIn(child, text)) define(this.names, name, { kind: "value" }, true);
      else if (statement.name === "WithStatement" && child.name === "VariableName")
        define(this.names, text.slice(child.from, child.to), { kind: "value" }, true);
    }
    if (statement.name === "StatementGroup")
      for (const inner of children(statement))
        this.#statement(inner, { conditional: false, typing, depth: depth + 1 });
    if (statement.name === "ForStatement" && /\bsetattr\(/.test(text.slice(statement.from, statement.to)))
      this.#patchClasses(text.slice(statement.from, statement.to));
  }

  #import(statement: SyntaxNode, where: Where): void {
    for (const each of readImportTokens(statementTokens(statement, this.place.text))) this.#bind(each, where);
  }

  #bind({ module, level, names, as, whole }: ImportStatement, { conditional, typing }: Where): void {
    const base = this.#absolute(module, level);
    if (base === undefined) return;
    if (names === undefined && whole === true && as === module) this.reexported.add(as);
    const alias = (of: string): ApiName => ({ kind: "alias", of, ...(typing ? { typing } : {}) });
    if (names === undefined) {
      if (this.module.stub && whole !== true) {
        this.#hidden(as!, base.split(".", 1)[0]!);
        return;
      }
      define(this.names, as!, alias(whole === true ? base : base.split(".", 1)[0]!), conditional);
      return;
    }
    for (const { name, as: bound, renamed } of names) {
      if (name === "*") {
        if (!typing && !this.stars.includes(base)) this.stars.push(base);
      } else {
        define(this.names, bound, alias(`${base}.${name}`), conditional);
        if (renamed) this.reexported.add(bound);
      }
    }
  }

  #hidden(name: string, of: string): void {
    define(this.names, name, { kind: "alias", of, typing: true }, false);
  }

  #absolute(module: string, level: number): string | undefined {
    if (level === 0) return module;
    const parts = this.module.name.split(".");
    const kept = parts.length - level + (this.module.package ? 1 : 0);
    if (kept < 1) return undefined;
    return [...parts.slice(0, kept), ...(module === "" ? [] : [module])].join(".");
  }

  #definition(statement: SyntaxNode, { conditional }: Where): void {
    const { text } = this.place;
    const node = definitionIn(statement);
    if (node === undefined) return;
    const name = nameOfDefinition(node, text);
    const decorators = statement === node ? [] : decoratorsOf(statement, text);
    if (node.name === "ClassDefinition") {
      if (decorators.some(({ path }) => path.endsWith(".export"))) this.dynamic = true;
      define(this.names, name, classOf(node, this.place, decorators), conditional);
      return;
    }
    this.#globals(node);
    if (name === "__getattr__") this.getter = readGetter(node, text, this.tables);
    const overload = decorators.some(({ path }) => /(?:^|\.)overload$/.test(path));
    const again = (overload || this.module.stub) && this.overloaded === name;
    define(this.names, name, functionOf(node, this.place, decorators), conditional || again);
    this.overloaded = overload ? name : "";
  }

  /** What the skeleton says that a function stores in the module. */
  #globals(node: SyntaxNode): void {
    const { text } = this.place;
    const body = node.getChild("Body");
    for (const statement of body === null ? [] : children(body)) {
      if (statement.name === "ScopeStatement") {
        for (const part of statement.getChildren("VariableName"))
          define(this.names, text.slice(part.from, part.to), { kind: "value" }, true);
      } else if (text.startsWith("globals().update(", statement.from)) this.dynamic = true;
      else if (text.startsWith("__all__.unknown(", statement.from)) this.exports.unknown = true;
    }
  }

  #assignment(statement: SyntaxNode, { conditional }: Where): void {
    const { text } = this.place;
    const { targets, values, annotation } = assignmentOf(statement);
    const value = values.length === 1 ? values[0] : undefined;
    if (this.#attached(targets, value)) return;
    if (value !== undefined && /^(?:globals|vars)\(\)$/.test(text.slice(value.from, value.to)))
      this.dynamic = true;
    const type = typeOf(annotation, this.place);
    const path = value === undefined || annotation !== null ? undefined : dottedPath(value, text);
    for (const group of targets) {
      const [target] = group;
      if (group.length === 1 && target?.name === "MemberExpression") this.#store(target, values);
      for (const name of group.flatMap((each) => namesIn(each, text))) {
        if (name === "__all__") this.exports.set(values, conditional);
        if (name === "__path__") this.dynamic = true;
        if (group.length === 1 && value !== undefined && this.tables.size < MOST_NAMES)
          this.#table(name, value);
        const plain = group.length === 1 && target?.name === "VariableName";
        const meaning: ApiName =
          path !== undefined && plain
            ? { kind: "alias", of: `${this.module.name}.${path}` }
            : { kind: "value", ...(type === undefined ? {} : { type }) };
        define(this.names, name, meaning, conditional);
        this.reexported.add(name);
      }
    }
  }

  #table(name: string, value: SyntaxNode): void {
    this.tables.set(name, tableOf(value, this.place.text, this.tables));
  }

  /** `TABLE["x"] = …`, `Class.x = …`, `sys.modules["x"] = …` */
  #store(target: SyntaxNode, values: readonly SyntaxNode[]): void {
    const { text } = this.place;
    const written = text.slice(target.from, Math.min(target.to, target.from + 400));
    if (/^(?:globals\(\)|vars\(\)|locals\(\)|sys\s*\.\s*modules)\s*\[/.test(written)) this.dynamic = true;
    const item = /^(\w+)\[(?:["'](\w+)["'])?/.exec(written);
    if (item !== null) this.#addKeys(item[1]!, item[2] === undefined ? undefined : [item[2]]);
    const member = /^(\w+)\.(\w+)$/.exec(written);
    if (member === null) return;
    const owner = this.names.get(member[1]!);
    if (owner?.kind === "alias") this.patches.add(`${owner.of}.${member[2]!}`);
    if (owner?.kind !== "class") return;
    const path = values.length === 1 ? dottedPath(values[0]!, text) : undefined;
    const meaning: ApiName =
      path === undefined ? { kind: "value" } : { kind: "alias", of: `${this.module.name}.${path}` };
    const members = Object.fromEntries([...Object.entries(owner.members), [member[2]!, meaning]]);
    this.names.set(member[1]!, { ...owner, members, ...(member[2] === "__init__" ? { loose: true } : {}) });
  }

  #addKeys(name: string, keys: readonly string[] | undefined): void {
    const table = this.tables.get(name);
    if (table === undefined) return;
    const all = new Set([...table.keys, ...(keys ?? [])]);
    this.tables.set(name, { keys: all, open: table.open || keys === undefined });
  }

  #attached(targets: readonly (readonly SyntaxNode[])[], value: SyntaxNode | undefined): boolean {
    if (value?.name !== "CallExpression") return false;
    const { text } = this.place;
    const bound = targets.flat().flatMap((target) => namesIn(target, text));
    if (!bound.includes("__getattr__") && !/_LazyModule\(/.test(text.slice(value.from, value.from + 200)))
      return false;
    const found = attachedNames(value, text, this.module.name) ?? lazyStructure(value, this.place);
    if (found === undefined) {
      this.dynamic = true;
      return true;
    }
    if (found === "stub") this.inStub = true;
    else {
      for (const [name, meaning] of found) define(this.names, name, meaning, true);
      if (bound.includes("__all__")) this.exports.add([...found.keys()]);
    }
    this.getter ??= { offers: [], refuses: [], perhaps: [], closed: true };
    return true;
  }

  /** Statements that are made for what they do. */
  #effect(statement: SyntaxNode): void {
    const { text } = this.place;
    this.exports.update(statement);
    const written = text.slice(statement.from, Math.min(statement.to, statement.from + 4000));
    if (
      /^(?:globals|vars|locals)\(\)\s*(?:\.\s*(?:update|setdefault)\b|\[)|^(?:exec|setattr)\(|\b__path__\b/.test(
        written,
      )
    ) {
      const other = /^setattr\(\s*(\w+)\s*,\s*["'](\w+)["']/.exec(written);
      const target = other === null ? undefined : this.names.get(other[1]!);
      if (target?.kind === "alias") this.patches.add(`${target.of}.${other![2]!}`);
      else if (!this.#patchClasses(written) || !written.startsWith("setattr(")) this.dynamic = true;
      return;
    }
    const call = statement.firstChild;
    if (call?.name !== "CallExpression" || call.firstChild === null) return;
    const callee = dottedPath(call.firstChild, text) ?? "";
    const update = /^(\w+)\.update$/.exec(callee);
    if (update !== null) {
      const [argument] = argumentsOf(call.getChild("ArgList")!, text);
      const more = argument === undefined ? undefined : tableOf(argument.value, text, this.tables);
      this.#addKeys(update[1]!, more?.open === false ? [...more.keys] : undefined);
    } else if (!HARMLESS.test(callee)) this.#patchClasses(written, callee);
  }

  /** Anything may be stored in what has that name. */
  patch(name: string): void {
    const owner = this.names.get(name);
    if (owner?.kind === "class") this.names.set(name, { ...owner, dynamic: true, loose: true });
  }

  /** A call that is handed a class of the module may add to it. Returns whether there was one. */
  #patchClasses(written: string, callee = ""): boolean {
    let patched = false;
    const own = callee.split(".", 1)[0]!;
    for (const [word] of written.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) {
      const owner = this.names.get(word);
      // A class that is asked to complete itself does so in a method, whose stores are known.
      if (owner?.kind !== "class" || word === own) continue;
      patched = true;
      this.patch(word);
    }
    return patched;
  }

  #delete(statement: SyntaxNode, { conditional }: Where): void {
    if (conditional) return;
    for (const part of statement.getChildren("VariableName"))
      this.names.delete(this.place.text.slice(part.from, part.to));
  }
}

interface Where {
  readonly conditional: boolean;
  readonly typing: boolean;
  readonly depth: number;
}

const HARMLESS =
  /(?:^|\.)(?:register\w*|_?simplefilter|filterwarnings|pickle|append|add|insert|extend|print|warn|constructor|set_module|setdefault|assert_\w+)$/;

/** Reads a module; a text that is longer than is read, or is no Python at all, gives one of which nothing is certain. */
export function outlineOf(source: string, module: ModulePlace): Outline {
  const text = source.length > LONGEST_MODULE ? "" : skeletonOf(source);
  const tree = parseTree(text);
  if (tree === undefined || source.length > LONGEST_MODULE) return { names: {}, dynamic: true };
  const reader = new OutlineReader(text, module);
  reader.readBlock(tree.topNode, false, false);
  for (const match of text.matchAll(/^[ ]*setattr\(([\p{L}_][\p{L}\p{N}_]*)\)$/gmu)) reader.patch(match[1]!);
  return finished(reader);
}

function finished(reader: OutlineReader): Outline {
  const { names, stars, getter } = reader;
  const hidden = reader.module.stub ? hiddenInStub(reader) : names;
  for (const name of getter?.offers ?? []) if (!hidden.has(name)) hidden.set(name, { kind: "value" });
  const exports: ApiExports | undefined = reader.exports.value;
  const refuses = (getter?.refuses ?? []).filter((name) => !hidden.has(name));
  const perhaps = (getter?.perhaps ?? []).filter((name) => !hidden.has(name));
  return {
    names: Object.fromEntries(hidden),
    ...(stars.length === 0 ? {} : { stars }),
    ...(exports === undefined ? {} : { exports }),
    ...(reader.dynamic || getter?.closed === false ? { dynamic: true } : {}),
    ...(reader.patches.size === 0 ? {} : { patches: [...reader.patches] }),
    ...(refuses.length === 0 ? {} : { refuses }),
    ...(perhaps.length === 0 ? {} : { perhaps }),
    ...(reader.inStub ? { inStub: true } : {}),
  };
}

/** PEP 484: what a stub imports is its own affair, unless it is imported under its own name or listed. */
function hiddenInStub({ names, exports, reexported }: OutlineReader): Names {
  const listed = new Set(exports.value?.names ?? []);
  const shown: Names = new Map();
  for (const [name, meaning] of names) {
    const hidden = meaning.kind === "alias" && !listed.has(name) && !reexported.has(name);
    // A stub need not know all members of a class.
    shown.set(
      name,
      hidden
        ? { ...meaning, typing: true }
        : meaning.kind === "class"
          ? { ...meaning, dynamic: true }
          : meaning,
    );
  }
  return shown;
}
