// Statements: what they bind, in which order they run, and where what they use may be meant to fail.

import {
  assignmentOf,
  children,
  emptyTree,
  lineAt,
  lineStarts,
  parseTree,
  parts,
  readImportTokens,
  type SyntaxNode,
  statementTokens,
} from "./syntax.ts";
import { boundNames, ExpressionWalk, isCheck, joined } from "./usage-expressions.ts";
import { type Bound, Scope } from "./usage-scope.ts";
import type { CodeCell, Use } from "./use.ts";

const MOST_LOOPS = 3;
const MOST_FUNCTIONS = 5000;
const DEEPEST = 100;

/** A function whose body is read when all cells are. */
interface Pending {
  readonly node: SyntaxNode;
  readonly scope: Scope;
  readonly text: string;
  readonly cell: number;
  readonly starts: readonly number[];
  readonly guarded: number;
}

export class CodeWalk extends ExpressionWalk {
  readonly #module = this.scope;
  readonly #pending: Pending[] = [];
  #starts: readonly number[] = [0];
  #loops = 0;
  #depth = 0;

  lineOf(offset: number): number {
    return lineAt(this.#starts, offset);
  }

  readCell({ cell, text }: CodeCell): void {
    this.cell = cell;
    this.text = text;
    this.#starts = lineStarts(text);
    const tree = parseTree(text) ?? emptyTree();
    for (const statement of children(tree.topNode)) {
      const broken = isBroken(statement) ? 1 : 0;
      this.guarded += broken;
      this.#statement(statement);
      this.guarded -= broken;
    }
  }

  finish(): readonly Use[] {
    for (let at = 0; at < this.#pending.length; at++) this.#runLater(this.#pending[at]!);
    const stored = this.stored;
    const kept = this.uses.filter(({ paths }) => !paths.some((path) => isStored(path, stored)));
    return kept.sort((one, other) => one.cell - other.cell || one.line - other.line);
  }

  /** What imports bind, for code that stands above them. */
  foresee({ text }: CodeCell): void {
    if (!text.includes("import")) return;
    for (const statement of (parseTree(text) ?? emptyTree()).topNode.getChildren("ImportStatement"))
      for (const { module, level, names, as, whole } of readImportTokens(statementTokens(statement, text))) {
        if (level > 0) continue;
        for (const each of names ?? []) this.#module.later.set(each.as, [`${module}:${each.name}`]);
        if (names === undefined)
          this.#module.later.set(as!, [whole === true ? module : module.split(".", 1)[0]!]);
      }
  }

  #runLater({ node, scope, text, cell, starts, guarded }: Pending): void {
    this.text = text;
    this.cell = cell;
    this.#starts = starts;
    this.guarded = guarded;
    this.scope = scope;
    const body = node.getChild("Body");
    if (body !== null) this.#block(body);
  }

  #block(block: SyntaxNode): void {
    if (this.#depth > DEEPEST) return;
    this.#depth++;
    for (const statement of children(block)) this.#statement(statement);
    this.#depth--;
  }

  #statement(statement: SyntaxNode): void {
    switch (statement.name) {
      case "ImportStatement":
        this.#import(statement);
        break;
      case "AssignStatement":
        this.#assign(statement);
        break;
      case "UpdateStatement":
        this.#update(statement);
        break;
      case "FunctionDefinition":
      case "ClassDefinition":
      case "DecoratedStatement":
        this.#definition(statement);
        break;
      case "IfStatement":
        this.#branches(statement);
        break;
      case "ForStatement":
      case "WhileStatement":
        this.#loop(statement);
        break;
      case "TryStatement":
        this.#try(statement);
        break;
      case "WithStatement":
        this.#with(statement);
        break;
      case "MatchStatement":
        this.#match(statement);
        break;
      case "DeleteStatement":
      case "ScopeStatement":
        this.#forget(statement);
        break;
      case "StatementGroup":
        this.#block(statement);
        break;
      default:
        for (const child of children(statement)) this.evaluate(child);
    }
  }

  #bind(name: string, meaning: Bound): void {
    if (this.scope.foreign.has(name)) {
      this.#module.bind(name, undefined);
      this.#module.ever.set(name, undefined);
    } else this.scope.bind(name, meaning);
  }

  #import(statement: SyntaxNode): void {
    // The parser makes a statement of `import` in the middle of a sentence, too.
    if (/[\w,.][ \t]+$/.test(this.text.slice(Math.max(0, statement.from - 200), statement.from))) return;
    for (const { module, level, names, as, whole } of readImportTokens(
      statementTokens(statement, this.text),
    )) {
      const known = level === 0;
      if (names === undefined) {
        if (known) this.note({ paths: [module], how: "import" }, statement);
        this.#bind(as!, [whole === true ? module : module.split(".", 1)[0]!]);
        continue;
      }
      for (const { name, as: bound } of names) {
        if (name === "*") {
          if (known) this.note({ paths: [module], how: "import" }, statement);
          continue;
        }
        const path = `${module}:${name}`;
        if (known) this.note({ paths: [path], how: "from" }, statement);
        this.#bind(bound, known ? [path] : undefined);
      }
    }
  }

  #assign(statement: SyntaxNode): void {
    const { targets, values } = assignmentOf(statement);
    const meanings = values.map((value) => this.evaluate(value));
    const meaning = meanings.length === 1 ? meanings[0] : undefined;
    for (const group of targets) {
      const inner =
        group.length === 1 && group[0]!.name === "TupleExpression" ? [...parts(group[0]!)] : group;
      const alike = inner.length > 1 && inner.length === meanings.length;
      for (const [index, target] of inner.entries())
        if (values.length > 0)
          this.#target(target, alike ? meanings[index] : inner.length === 1 ? meaning : undefined);
    }
  }

  #target(target: SyntaxNode, meaning: Bound): void {
    if (target.name === "VariableName") {
      this.#bind(this.text.slice(target.from, target.to), meaning);
      return;
    }
    if (target.name === "MemberExpression") {
      const object = target.firstChild;
      const property = target.getChild("PropertyName");
      const base = object === null ? undefined : this.evaluate(object);
      if (property === null) for (const child of [...children(target)].slice(1)) this.evaluate(child);
      else
        for (const path of base ?? [])
          this.stored.add(joined(path, this.text.slice(property.from, property.to)));
      return;
    }
    for (const name of boundNames(target, this.text)) this.#bind(name, undefined);
  }

  #update(statement: SyntaxNode): void {
    const first = statement.firstChild;
    for (const child of children(statement)) this.evaluate(child);
    if (first?.name === "VariableName") this.#bind(this.text.slice(first.from, first.to), undefined);
  }

  #definition(statement: SyntaxNode): void {
    for (const decorator of statement.getChildren("Decorator")) this.#decorator(decorator);
    const node =
      statement.getChild("FunctionDefinition") ?? statement.getChild("ClassDefinition") ?? statement;
    const name = node.getChild("VariableName");
    if (node.name === "ClassDefinition") {
      const bases = node.getChild("ArgList");
      if (bases !== null) for (const child of parts(bases)) this.evaluate(child);
      const body = node.getChild("Body");
      if (body !== null) this.within(new Scope("class", this.scope), () => this.#block(body));
    } else this.#function(node);
    if (name !== null) this.#bind(this.text.slice(name.from, name.to), undefined);
  }

  #decorator(decorator: SyntaxNode): void {
    const words = [...children(decorator)].filter(
      ({ name }) => name === "VariableName" || name === "PropertyName",
    );
    const [first, ...rest] = words.map(({ from, to }) => this.text.slice(from, to));
    let meaning = first === undefined ? undefined : this.scope.lookup(first);
    for (const name of rest) meaning = meaning?.map((path) => joined(path, name));
    if (meaning !== undefined && rest.length > 0) this.note({ paths: meaning, how: "read" }, decorator);
    const list = decorator.getChild("ArgList");
    if (list !== null) for (const child of parts(list)) this.evaluate(child);
  }

  #function(node: SyntaxNode): void {
    const scope = new Scope("function", this.scope);
    const list = node.getChild("ParamList");
    for (const child of list === null ? [] : children(list)) {
      const fresh = /^(?:,|\(|\*\*?)$/.test(child.prevSibling?.name ?? "");
      if (child.name === "VariableName" && fresh)
        scope.bind(this.text.slice(child.from, child.to), undefined);
      else this.evaluate(child);
    }
    if (this.#pending.length >= MOST_FUNCTIONS || this.silent > 0) return;
    const { text, cell, guarded } = this;
    this.#pending.push({ node, scope, text, cell, guarded, starts: this.#starts });
  }

  #branches(statement: SyntaxNode): void {
    const before = this.scope.fork();
    const ends: Map<string, Bound>[] = [];
    let checks = 0;
    let complete = false;
    for (const child of children(statement)) {
      if (child.name === "else") complete = true;
      else if (child.name === "Body") {
        this.scope.names = new Map(before);
        this.guarded += checks;
        this.#block(child);
        this.guarded -= checks;
        ends.push(this.scope.names);
      } else if (child.name !== "if" && child.name !== "elif" && !child.type.isError) {
        if (isCheck(this.text.slice(child.from, child.to)) || isNever(this.text.slice(child.from, child.to)))
          checks = 1;
        this.evaluate(child);
      }
    }
    this.#meet(complete ? ends : [...ends, before]);
  }

  #meet([first, ...others]: readonly Map<string, Bound>[]): void {
    if (first === undefined) return;
    this.scope.names = new Map(first);
    for (const other of others) this.scope.join(other);
  }

  /** The body is read twice, first to see what names mean when it begins anew. */
  #loop(statement: SyntaxNode): void {
    let clause = "";
    for (const child of children(statement)) {
      if (/^(?:for|in|while|else)$/.test(child.name)) clause = child.name;
      else if (child.name === "Body" && clause !== "else") this.#repeated(child);
      else if (child.name === "Body") this.#block(child);
      else if (clause === "for") this.#target(child, undefined);
      else this.evaluate(child);
    }
  }

  #repeated(body: SyntaxNode): void {
    const before = this.scope.fork();
    this.#loops++;
    if (this.#loops <= MOST_LOOPS) {
      this.silent++;
      this.#block(body);
      this.silent--;
      const after = this.scope.names;
      this.scope.names = new Map(before);
      this.scope.join(after);
    } else for (const name of this.#assignedIn(body)) this.scope.bind(name, undefined);
    this.#block(body);
    this.#loops--;
    this.scope.join(before);
  }

  #assignedIn(body: SyntaxNode): Set<string> {
    const names = new Set<string>();
    body.cursor().iterate((node) => {
      if (node.name === "VariableName") names.add(this.text.slice(node.from, node.to));
    });
    return names;
  }

  #try(statement: SyntaxNode): void {
    const catches = handlersCatch(statement, this.text) ? 1 : 0;
    const before = this.scope.fork();
    let clause = "";
    for (const child of children(statement)) {
      if (/^(?:try|except|else|finally)$/.test(child.name)) clause = child.name;
      else if (child.name === "Body") {
        const doubt = clause === "finally" ? 0 : clause === "except" ? 1 : catches;
        const entered = clause === "except" ? this.scope.fork() : undefined;
        if (clause === "except") this.scope.join(before);
        this.guarded += doubt;
        this.#block(child);
        this.guarded -= doubt;
        if (entered !== undefined) this.scope.join(entered);
      } else if (clause === "except" && child.name === "VariableName" && child.prevSibling?.name === "as")
        this.#bind(this.text.slice(child.from, child.to), undefined);
      else this.evaluate(child);
    }
  }

  #with(statement: SyntaxNode): void {
    const head = this.text.slice(statement.from, statement.getChild("Body")?.from ?? statement.to);
    const doubt = /\b(?:suppress|raises|assertRaises\w*)\s*\(/.test(head) ? 1 : 0;
    for (const child of children(statement)) {
      if (child.name === "Body") {
        this.guarded += doubt;
        this.#block(child);
        this.guarded -= doubt;
      } else if (child.prevSibling?.name === "as") this.#target(child, undefined);
      else this.evaluate(child);
    }
  }

  #match(statement: SyntaxNode): void {
    const before = this.scope.fork();
    const ends = [before];
    for (const child of children(statement.getChild("MatchBody") ?? statement)) {
      if (child.name !== "MatchClause") continue;
      this.scope.names = new Map(before);
      for (const name of this.#assignedIn(child))
        if (this.scope.lookup(name) === undefined) this.scope.bind(name, undefined);
      const body = child.getChild("Body");
      if (body !== null) this.#block(body);
      ends.push(this.scope.names);
    }
    this.#meet(ends);
  }

  #forget(statement: SyntaxNode): void {
    for (const part of parts(statement)) {
      if (part.name !== "VariableName") continue;
      const name = this.text.slice(part.from, part.to);
      if (statement.name === "ScopeStatement") this.scope.foreign.add(name);
      else this.scope.bind(name, undefined);
    }
  }
}

function isNever(condition: string): boolean {
  return /^\s*(?:False|0|None)\s*$/.test(condition);
}

/** A statement with an error in it, other than in one of the statements that it holds. */
function isBroken(statement: SyntaxNode): boolean {
  let broken = false;
  statement.cursor().iterate((node) => {
    if (node.type.isError || node.name === "PrintStatement") broken = true;
    return !broken;
  });
  return broken;
}

/** Whether what is missing would be caught. */
function handlersCatch(statement: SyntaxNode, text: string): boolean {
  let clause = "";
  for (const child of children(statement)) {
    if (/^(?:try|except|else|finally)$/.test(child.name)) {
      if (child.name === "except" && child.nextSibling?.name === "Body") return true;
      clause = child.name;
    } else if (clause === "except" && child.name !== "Body") {
      const caught = text.slice(child.from, Math.min(child.to, child.from + 400));
      if (
        /\b(?:Base)?Exception\b|\b(?:Attribute|Import|ModuleNotFound|Type|Name|Value|Runtime|Key)Error\b|Warning/.test(
          caught,
        )
      )
        return true;
    }
  }
  return false;
}

/** The path, or what it begins with, is stored by the code. */
function isStored(path: string, stored: ReadonlySet<string>): boolean {
  if (stored.size === 0) return false;
  for (
    let at = path.length;
    at > 0;
    at = Math.max(path.lastIndexOf(".", at - 1), path.lastIndexOf(":", at - 1))
  )
    if (stored.has(path.slice(0, at).replace(/(?:\(\))+$/, ""))) return true;
  return false;
}
