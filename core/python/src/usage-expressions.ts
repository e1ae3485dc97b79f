// Expressions: what they stand for, and what they use on the way.

import { argumentsOf, children, parts, type SyntaxNode } from "./syntax.ts";
import { type Bound, joinMeanings, Scope } from "./usage-scope.ts";
import type { CallArguments, Meaning, Use } from "./use.ts";

const MOST_USES = 20_000;
const DEEPEST = 300;
const LONGEST_PATH = 300;

/** The state in which an expression is read. */
export abstract class ExpressionWalk {
  readonly uses: Use[] = [];
  /** What the code itself stores: `numpy:float`. */
  readonly stored = new Set<string>();
  scope: Scope = new Scope("module");
  text = "";
  cell = 0;
  /** More than none: what is read may be meant to fail. */
  guarded = 0;
  /** More than none: it was read before, and only tells what names mean. */
  silent = 0;
  #depth = 0;

  abstract lineOf(offset: number): number;

  note(use: Omit<Use, "cell" | "line" | "guarded">, node: SyntaxNode): void {
    if (this.silent > 0 || this.uses.length >= MOST_USES) return;
    const place = { cell: this.cell, line: this.lineOf(node.from) };
    this.uses.push({ ...use, ...place, ...(this.guarded > 0 ? { guarded: true } : {}) });
  }

  /** What a node stands for; everything in it is read. */
  evaluate(node: SyntaxNode): Bound {
    if (this.#depth > DEEPEST) return undefined;
    this.#depth++;
    try {
      return this.#evaluate(node);
    } finally {
      this.#depth--;
    }
  }

  #evaluate(node: SyntaxNode): Bound {
    switch (node.name) {
      case "VariableName":
        return this.scope.lookup(this.text.slice(node.from, node.to));
      case "MemberExpression":
        return this.#member(node, true);
      case "CallExpression":
        return this.#call(node);
      case "ParenthesizedExpression": {
        const inner = [...parts(node)];
        return inner.length === 1 ? this.evaluate(inner[0]!) : this.#all(node);
      }
      case "NamedExpression":
        return this.#named(node);
      case "ConditionalExpression":
        return this.#conditional(node);
      case "BinaryExpression":
        return this.#binary(node);
      case "LambdaExpression":
        return this.#lambda(node);
      case "ComprehensionExpression":
      case "ArrayComprehensionExpression":
      case "DictionaryComprehensionExpression":
      case "SetComprehensionExpression":
        return this.#comprehension(node);
      default:
        return this.#all(node);
    }
  }

  #all(node: SyntaxNode): undefined {
    for (const child of children(node)) this.evaluate(child);
  }

  #member(node: SyntaxNode, alone: boolean): Bound {
    const [object] = [...children(node)];
    const property = node.getChild("PropertyName");
    if (object === undefined) return undefined;
    const base = this.evaluate(object);
    if (property === null) {
      for (const child of [...children(node)].slice(1)) this.evaluate(child);
      return undefined;
    }
    const meaning = extended(base, this.text.slice(property.from, property.to));
    if (meaning !== undefined && alone) this.note({ paths: meaning, how: "read" }, property);
    return meaning;
  }

  #call(node: SyntaxNode): Bound {
    const callee = node.firstChild;
    const list = node.getChild("ArgList");
    if (callee === null) return undefined;
    const meaning = callee.name === "MemberExpression" ? this.#member(callee, false) : this.evaluate(callee);
    const given = list === null ? [] : argumentsOf(list, this.text);
    this.#storedBy(
      callee,
      given.map(({ value }) => value),
    );
    if (list !== null && list.getChild("for") !== null) this.#comprehension(list);
    else for (const { value } of given) this.evaluate(value);
    if (meaning === undefined) return undefined;
    const call: CallArguments = {
      positionals: given.filter(({ name, sign }) => name === undefined && sign === "").length,
      keywords: given.flatMap(({ name }) => (name === undefined ? [] : [name])),
      open: given.some(({ sign }) => sign !== ""),
    };
    this.note({ paths: meaning, how: "call", call }, callee.getChild("PropertyName") ?? callee);
    return called(meaning);
  }

  /** `setattr(np, "float", float)` */
  #storedBy(callee: SyntaxNode, [object, name]: readonly SyntaxNode[]): void {
    if (this.text.slice(callee.from, callee.to) !== "setattr" || object === undefined || name === undefined)
      return;
    const word = /^["'](\w+)["']$/.exec(this.text.slice(name.from, name.to));
    for (const path of this.scope.lookup(this.text.slice(object.from, object.to)) ?? [])
      this.stored.add(word === null ? path : joined(path, word[1]!));
  }

  #named(node: SyntaxNode): Bound {
    const [target, , value] = [...parts(node)];
    if (target === undefined || value === undefined) return undefined;
    const meaning = this.evaluate(value);
    if (target.name === "VariableName") this.scope.bind(this.text.slice(target.from, target.to), meaning);
    return meaning;
  }

  #conditional(node: SyntaxNode): Bound {
    const [yes, , condition, , no] = [...parts(node)];
    if (yes === undefined || condition === undefined || no === undefined) return this.#all(node);
    this.evaluate(condition);
    const doubt = isCheck(this.text.slice(condition.from, condition.to)) ? 1 : 0;
    this.guarded += doubt;
    const meaning = joinMeanings(this.evaluate(yes), this.evaluate(no));
    this.guarded -= doubt;
    return meaning;
  }

  /** `hasattr(np, "float") and np.float`; a long sum leans to the left as deep as it is long. */
  #binary(node: SyntaxNode): undefined {
    const rights: SyntaxNode[] = [];
    let left: SyntaxNode = node;
    let doubt = 0;
    while (left.name === "BinaryExpression") {
      const [first, ...rest] = [...parts(left)];
      if (first === undefined) break;
      rights.push(...rest.slice(-1));
      left = first;
    }
    this.evaluate(left);
    if (/\b(?:and|or)\b/.test(this.text.slice(node.from, Math.min(node.to, node.from + 2000))))
      doubt = isCheck(this.text.slice(left.from, left.to)) ? 1 : 0;
    this.guarded += doubt;
    for (const right of rights.reverse()) this.evaluate(right);
    this.guarded -= doubt;
  }

  /** Its body runs at another time, and its parameters hide what is outside. */
  #lambda(node: SyntaxNode): undefined {
    const inner = new Scope("function", this.scope);
    const list = node.getChild("ParamList");
    if (list !== null)
      for (const part of list.getChildren("VariableName"))
        inner.bind(this.text.slice(part.from, part.to), undefined);
    this.within(inner, () => {
      const body = node.lastChild;
      if (body !== null && body.name !== "ParamList") this.evaluate(body);
    });
  }

  /** Runs at once: names outside mean what they mean now; the first thing that it goes through stands outside. */
  #comprehension(node: SyntaxNode): undefined {
    const inner = new Scope("comprehension", this.scope);
    let clause = "";
    let first = true;
    const bodies: SyntaxNode[] = [];
    for (const child of children(node)) {
      if (/^(?:for|in|if)$/.test(child.name)) clause = child.name;
      else if (clause === "for") for (const name of boundNames(child, this.text)) inner.bind(name, undefined);
      else if (clause === "in" && first) {
        this.evaluate(child);
        first = false;
      } else bodies.push(child);
    }
    this.within(inner, () => {
      for (const body of bodies) this.evaluate(body);
    });
  }

  within(scope: Scope, run: () => void): void {
    const outer = this.scope;
    this.scope = scope;
    run();
    this.scope = outer;
  }
}

/** A condition that asks what there is. */
export function isCheck(condition: string): boolean {
  return /\b(?:hasattr|getattr|__version__|version_info|[Vv]ersion|VERSION|LooseVersion|parse_version|TYPE_CHECKING|find_spec|callable|signature|dir|_?HAS_?\w*|has_\w+)\b|\bin\s+(?:sys\.modules|globals\(\))/.test(
    condition,
  );
}

/** Plain names that a target binds. */
export function boundNames(target: SyntaxNode, text: string): string[] {
  if (target.name === "VariableName") return [text.slice(target.from, target.to)];
  if (!/^(?:Tuple|Array|Parenthesized)Expression$/.test(target.name)) return [];
  return [...parts(target)].flatMap((part) => boundNames(part, text));
}

/** `numpy` and `linalg` give `numpy:linalg`. */
export function joined(path: string, name: string): string {
  return `${path}${path.includes(":") ? "." : ":"}${name}`;
}

function extended(meaning: Bound, name: string): Bound {
  return limited(meaning?.map((path) => joined(path, name)));
}

function called(meaning: Meaning): Bound {
  return limited(meaning.filter((path) => path.includes(":")).map((path) => `${path}()`));
}

function limited(meaning: Bound): Bound {
  if (meaning === undefined || meaning.length === 0) return undefined;
  return meaning.some((path) => path.length > LONGEST_PATH) ? undefined : meaning;
}
