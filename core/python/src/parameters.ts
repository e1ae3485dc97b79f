// The parameters of a definition, as its header says. https://docs.python.org/3/reference/compound_stmts.html#function-definitions

import type { ApiFunction, ApiParameter } from "@thoth/knowledge";
import { children, type SyntaxNode } from "./syntax.ts";

const MOST_PARAMETERS = 255;

/** Of a `ParamList`. `stub`: names that begin with two underscores are positional there (PEP 484). */
export function parametersOf(list: SyntaxNode, text: string, stub: boolean): ApiParameter[] {
  const found: ApiParameter[] = [];
  let keywordOnly = false;
  for (const segment of segmentsOf(list, text)) {
    const [first, second] = segment;
    if (found.length >= MOST_PARAMETERS) continue;
    if (first === undefined) {
      for (const [index, parameter] of found.entries()) found[index] = { ...parameter, kind: "positional" };
    } else if (first.name === "*") {
      keywordOnly = true;
      if (second?.name === "VariableName")
        found.push({ name: text.slice(second.from, second.to), kind: "rest", optional: true });
    } else if (first.name === "**") {
      if (second?.name === "VariableName")
        found.push({ name: text.slice(second.from, second.to), kind: "keywords", optional: true });
    } else if (first.name === "VariableName") {
      const name = text.slice(first.from, first.to);
      const old = stub && /^__.*(?<!__)$/.test(name);
      const optional = segment.some((node) => node.name === "AssignOp");
      found.push({ name, kind: keywordOnly ? "keyword" : old ? "positional" : "either", optional });
    }
  }
  return found;
}

/** What stands between commas; empty for a `/`, which the tree does not show. */
function* segmentsOf(list: SyntaxNode, text: string): Generator<SyntaxNode[]> {
  let segment: SyntaxNode[] = [];
  let from = list.from + 1;
  for (const child of children(list)) {
    if (child.name === "," || child.name === ")") {
      const written = text.slice(from, child.from).replace(/#.*/g, "");
      if (segment.length > 0 || written.trim() === "/") yield segment;
      segment = [];
      from = child.to;
    } else if (!child.type.isError && child.name !== "Comment" && child.name !== "(") segment.push(child);
  }
  if (segment.length > 0) yield segment;
}

/** Without the one that a method is called on. */
export function withoutReceiver(parameters: readonly ApiParameter[]): readonly ApiParameter[] {
  const [first] = parameters;
  return first?.kind === "either" || first?.kind === "positional" ? parameters.slice(1) : parameters;
}

/** What takes all that either takes: of overloads, or of definitions under conditions. */
export function mergeFunctions(one: ApiFunction, other: ApiFunction): ApiFunction {
  const places = (list: readonly ApiParameter[]) =>
    list.filter(({ kind }) => kind === "either" || kind === "positional");
  const [longer, shorter] =
    places(one.parameters).length >= places(other.parameters).length ? [one, other] : [other, one];
  const merged = longer.parameters.map((parameter) => mergeParameter(parameter, shorter.parameters));
  const names = new Set(merged.map(({ name }) => name));
  const kinds = new Set(merged.map(({ kind }) => kind));
  for (const parameter of shorter.parameters) {
    const gathers = parameter.kind === "rest" || parameter.kind === "keywords";
    if (gathers ? kinds.has(parameter.kind) : names.has(parameter.name)) continue;
    const named = parameter.kind === "either" || parameter.kind === "positional";
    merged.push({ ...parameter, kind: named ? "keyword" : parameter.kind, optional: true });
  }
  const returns = mergeReturns(one.returns, other.returns);
  return {
    kind: "function",
    parameters: merged,
    ...(returns === undefined ? {} : { returns }),
    ...(one.loose === true || other.loose === true ? { loose: true } : {}),
  };
}

function mergeParameter(parameter: ApiParameter, others: readonly ApiParameter[]): ApiParameter {
  const twin = others.find(({ name }) => name === parameter.name);
  if (twin === undefined) return { ...parameter, optional: true };
  const kind = twin.kind === parameter.kind ? parameter.kind : looserKind(parameter, twin);
  return { name: parameter.name, kind, optional: parameter.optional || twin.optional };
}

function looserKind(one: ApiParameter, other: ApiParameter): ApiParameter["kind"] {
  const kinds = [one.kind, other.kind];
  return kinds.includes("rest") || kinds.includes("keywords") ? one.kind : "either";
}

function mergeReturns(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (one === undefined || other === undefined) return undefined;
  return [...new Set([...one, ...other])].sort();
}
