// `__all__` as the statements of a module make it.

import type { ApiExports } from "@thoth/knowledge";
import { argumentsOf, dottedPath, parts, type SyntaxNode, stringItems, unquoted } from "./syntax.ts";

const MOST_EXPORTS = 20_000;

export class ExportList {
  readonly #text: string;
  readonly #modulePath: (path: string) => string;
  /** A function of the module adds what is not known. */
  unknown = false;
  #set = false;
  #open = false;
  #names = new Set<string>();
  #of = new Set<string>();

  /** `modulePath` tells the module that a name stands for. */
  constructor(text: string, modulePath: (path: string) => string) {
    this.#text = text;
    this.#modulePath = modulePath;
  }

  /** Undefined where the module sets none, or makes it of all that it has (`dir()`). */
  get value(): ApiExports | undefined {
    if (!this.#set) return undefined;
    const lists = { names: [...this.#names], of: [...this.#of] };
    return this.#open || this.unknown ? { ...lists, open: true } : lists;
  }

  /** `__all__ = …`; under a condition it may be what it was. */
  set(values: readonly SyntaxNode[], conditional: boolean): void {
    if (!conditional) {
      this.#open = false;
      this.#names = new Set();
      this.#of = new Set();
    }
    this.#set = true;
    const text = values.map(({ from, to }) => this.#text.slice(from, to)).join();
    if (/\b(?:dir|globals|locals|vars)\(\)/.test(text)) this.#set = false;
    else if (values.length === 1) this.#add(values[0]!);
    else for (const value of values) this.#name(value);
  }

  add(names: readonly string[]): void {
    this.#set = true;
    for (const name of names) if (this.#names.size < MOST_EXPORTS) this.#names.add(name);
  }

  /** `__all__ += …`, `__all__.extend(…)`, `__all__.append("x")`, `__all__.remove("x")`; others are none of its business. */
  update(statement: SyntaxNode): void {
    const first = statement.firstChild;
    if (first === null || !this.#text.startsWith("__all__", statement.from)) {
      // A function that is handed the list may put anything into it.
      if (
        /\(.*\b__all__\b/s.test(
          this.#text.slice(statement.from, Math.min(statement.to, statement.from + 400)),
        )
      )
        this.#open = true;
      return;
    }
    if (statement.name === "UpdateStatement") {
      const value = statement.lastChild;
      if (value !== null) this.#add(value);
      return;
    }
    const call = first.name === "CallExpression" ? first : undefined;
    const callee = call?.firstChild;
    const list = call?.getChild("ArgList");
    if (callee === null || callee === undefined || list === null || list === undefined) return;
    const [argument] = argumentsOf(list, this.#text);
    if (argument === undefined) return;
    switch (dottedPath(callee, this.#text)) {
      case "__all__.extend":
        this.#add(argument.value);
        break;
      case "__all__.append":
        this.#name(argument.value);
        break;
      case "__all__.remove":
        this.#names.delete(unquoted(this.#text.slice(argument.value.from, argument.value.to)));
        break;
      default:
        this.#open = true;
    }
  }

  #name(node: SyntaxNode): void {
    if (node.name === "String") this.add([unquoted(this.#text.slice(node.from, node.to))]);
    else this.#open = true;
  }

  /** A list, a sum of lists, or the list of another module. */
  #add(node: SyntaxNode): void {
    this.#set = true;
    const items = stringItems(node, this.#text);
    if (items !== undefined) {
      this.add(items);
      return;
    }
    if (node.name === "BinaryExpression") {
      this.#sum(node);
      return;
    }
    if (node.name === "CallExpression" || node.name === "ParenthesizedExpression") {
      this.#wrapped(node);
      return;
    }
    const path = dottedPath(node, this.#text);
    const match = path === undefined ? null : /^(.+)\.__all__$/.exec(path);
    if (match === null) this.#open = true;
    else this.#of.add(this.#modulePath(match[1]!));
  }

  #sum(node: SyntaxNode): void {
    // A sum of many lists leans to the left as deep as it is long.
    let left: SyntaxNode | null = node;
    const terms: SyntaxNode[] = [];
    while (left !== null && left.name === "BinaryExpression") {
      const inner: SyntaxNode[] = [...parts(left)];
      if (inner.length !== 3 || this.#text.slice(inner[1]!.from, inner[1]!.to) !== "+") {
        this.#open = true;
        return;
      }
      terms.push(inner[2]!);
      left = inner[0]!;
    }
    if (left !== null) terms.push(left);
    for (const term of terms.reverse()) {
      if (term.name === "BinaryExpression") this.#open = true;
      else if (this.#text.slice(term.from, term.to) !== "__all__") this.#add(term);
    }
  }

  /** `sorted([...])`, `list(x.__all__)` */
  #wrapped(node: SyntaxNode): void {
    const list = node.getChild("ArgList");
    const callee = node.firstChild;
    const [inner] =
      list === null ? [...parts(node)] : argumentsOf(list, this.#text).map(({ value }) => value);
    const plain =
      node.name === "ParenthesizedExpression" ||
      (callee !== null && /^(?:sorted|list|tuple|set)$/.test(this.#text.slice(callee.from, callee.to)));
    if (plain && inner !== undefined && inner.name !== node.name) this.#add(inner);
    else this.#open = true;
  }
}
