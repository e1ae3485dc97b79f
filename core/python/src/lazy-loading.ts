// Modules that load what they offer when it is asked for, by a table: `lazy_loader.attach` (https://scientific-python.org/specs/spec-0001/)
// and the `_LazyModule` that transformers and its kin use.

import type { ApiName } from "@thoth/knowledge";
import type { Place } from "./definitions.ts";
import { keysOf } from "./module-getattr.ts";
import { argumentsOf, children, dottedPath, type SyntaxNode, stringItems, unquoted } from "./syntax.ts";

/** Of `attach(__name__, submodules, submod_attrs)`; `stub` for `attach_stub`; undefined for any other call. */
export function attachedNames(
  call: SyntaxNode,
  text: string,
  module: string,
): ReadonlyMap<string, ApiName> | "stub" | undefined {
  const callee = call.firstChild === null ? undefined : dottedPath(call.firstChild, text);
  const list = call.getChild("ArgList");
  if (list === null || callee === undefined) return undefined;
  if (/(?:^|\.)attach_stub$/.test(callee)) return "stub";
  if (!/(?:^|\.)_?attach$/.test(callee)) return undefined;
  const [, ...given] = argumentsOf(list, text);
  const found = new Map<string, ApiName>();
  for (const [index, { name, value }] of given.entries()) {
    const role = name ?? ["submodules", "submod_attrs"][index];
    if (role === "submodules") {
      const items = stringItems(value, text) ?? keysOf(value, text);
      if (items === undefined) return undefined;
      for (const item of items) found.set(item, { kind: "alias", of: `${module}.${item}` });
    } else if (role === "submod_attrs" && !addTable(value, found, { text, module })) return undefined;
  }
  return found;
}

/** Of `_LazyModule(__name__, file, _import_structure, …)`, whose table is filled above it. */
export function lazyStructure(
  call: SyntaxNode,
  { text, module }: Place,
): ReadonlyMap<string, ApiName> | undefined {
  const list = call.getChild("ArgList");
  if (list === null) return undefined;
  const [, , table] = argumentsOf(list, text);
  const name = table === undefined ? undefined : dottedPath(table.value, text);
  if (name === undefined) return undefined;
  const found = new Map<string, ApiName>();
  const escaped = name.replaceAll(".", "\\.");
  let top: SyntaxNode = call;
  while (top.parent !== null) top = top.parent;
  let understood = false;
  top.cursor().iterate((node) => {
    if (
      node.name === "CallExpression" ||
      node.name === "FunctionDefinition" ||
      node.name === "ClassDefinition"
    )
      return extended(node.node, found, { text, module, escaped });
    if (node.name !== "AssignStatement") return true;
    const statement = node.node;
    const value = statement.lastChild;
    const first = statement.firstChild;
    if (value === null || first === null) return false;
    const target = text.slice(first.from, first.to);
    if (target === name) understood = addTable(value, found, { text, module });
    const item = new RegExp(`^${escaped}\\[["']([\\w.]+)["']\\]$`).exec(target);
    if (item !== null) addItems(item[1]!, value, found, { text, module });
    return false;
  });
  return understood ? found : undefined;
}

interface Reading {
  readonly text: string;
  readonly module: string;
}

/** `_import_structure["x"].append("Y")` and `extend`. Returns whether to look inside. */
function extended(
  node: SyntaxNode,
  found: Map<string, ApiName>,
  reading: Reading & { escaped: string },
): boolean {
  if (node.name !== "CallExpression") return false;
  const { text, escaped } = reading;
  const callee = node.firstChild;
  const list = node.getChild("ArgList");
  if (callee === null || list === null) return true;
  const match = new RegExp(`^${escaped}\\[["']([\\w.]+)["']\\]\\.(append|extend)$`).exec(
    text.slice(callee.from, callee.to),
  );
  const [argument] = argumentsOf(list, text);
  if (match === null || argument === undefined) return true;
  const { value } = argument;
  if (match[2] === "append" && value.name === "String")
    addName(match[1]!, unquoted(text.slice(value.from, value.to)), found, reading);
  else addItems(match[1]!, value, found, reading);
  return false;
}

/** `{"module": ["name", …]}`; false where it is anything else. */
function addTable(node: SyntaxNode, found: Map<string, ApiName>, reading: Reading): boolean {
  if (node.name !== "DictionaryExpression") return false;
  const { text } = reading;
  let key: string | undefined;
  for (const child of children(node)) {
    if (child.name === "," || child.name === "{") key = undefined;
    else if (child.name === ":" || child.name === "}" || child.name === "Comment") continue;
    else if (key === undefined) {
      if (child.name !== "String") return false;
      key = unquoted(text.slice(child.from, child.to));
    } else if (!addItems(key, child, found, reading)) return false;
  }
  return true;
}

function addItems(key: string, node: SyntaxNode, found: Map<string, ApiName>, reading: Reading): boolean {
  const items = stringItems(node, reading.text);
  if (!key.includes(".")) found.set(key, { kind: "alias", of: `${reading.module}.${key}` });
  for (const item of items ?? []) addName(key, item, found, reading);
  return items !== undefined;
}

function addName(key: string, name: string, found: Map<string, ApiName>, { module }: Reading): void {
  found.set(name, { kind: "alias", of: `${module}.${key}.${name}` });
}
