// YAML 1.1 (https://yaml.org/spec/1.1/) by the library: what rules are written in where they are not plain, and
// where in a text a value stands. Nesting, aliases and what they multiply are bounded before anything is built.

import { quote } from "@thoth/pep";
import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { DEPTH_LIMIT, isYamlTable, type YamlTable, YamlTime, type YamlValue } from "./yaml-value.ts";

/** Values of one file, those that aliases repeat counted each time. */
const VALUE_LIMIT = 1_000_000;
const ALIAS_LIMIT = 10_000;
/** Directives, comments and the like outside the document. */
const TOKEN_LIMIT = 20_000;

export interface YamlFault {
  readonly code: "invalid-yaml" | "limit-exceeded";
  /** Says of the file what is wrong with it: `has …`, `is …`. */
  readonly reason: string;
  readonly offset: number;
}

/** A text that was read, with places. */
export interface YamlDocument {
  readonly value: YamlValue;
  readonly faults: readonly YamlFault[];
  /** Where the value at `path` begins, or its key; the nearest place above it where the path ends before. */
  locate(path: readonly (string | number)[], atKey: boolean): number;
  /** Line and column, both from 1. */
  position(offset: number): { readonly line: number; readonly column: number };
}

export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const tokens = readTokens(text, lines);
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const refuse = (fault: YamlFault) => ({
    value: null,
    faults: [fault],
    locate: () => fault.offset,
    position,
  });
  if (tokens.length > TOKEN_LIMIT) {
    return refuse({ code: "limit-exceeded", reason: "has too many lines beside its document", offset: 0 });
  }
  const deep = findDeepToken(tokens);
  if (deep !== undefined) {
    return refuse({
      code: "limit-exceeded",
      reason: `nests deeper than ${DEPTH_LIMIT} levels`,
      offset: deep,
    });
  }
  const documents = compose(tokens, text.length);
  const document = documents[0]!;
  if (documents.length > 1) {
    return refuse({
      code: "invalid-yaml",
      reason: "has more than one document",
      offset: documents[1]!.range[0],
    });
  }
  const problems = [...document.errors, ...document.warnings];
  if (problems.length > 0) {
    const faults = problems.map(({ message, pos }) => invalid(lowerFirst(message), pos[0]));
    return { value: null, faults, locate: () => 0, position };
  }
  return { ...convert(document), position, locate: (path, atKey) => locate(document, path, atKey) };
}

/** As far as to the second document, which is enough to refuse it. */
function readTokens(text: string, lines: LineCounter): CST.Token[] {
  const tokens: CST.Token[] = [];
  let documents = 0;
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    tokens.push(token);
    if (token.type === "document") documents++;
    if (documents > 1 || tokens.length > TOKEN_LIMIT) break;
  }
  return tokens;
}

/** Keys that occur twice are found when values are made of it: the library would compare each with each. */
function compose(tokens: readonly CST.Token[], length: number): readonly Document.Parsed[] {
  const composer = new Composer({
    version: "1.1",
    merge: true,
    uniqueKeys: false,
    logLevel: "silent",
    prettyErrors: false,
  });
  return [...composer.compose(tokens, true, length)] as Document.Parsed[];
}

function convert(document: Document.Parsed): {
  readonly value: YamlValue;
  readonly faults: readonly YamlFault[];
} {
  try {
    return { value: new Converter().value(document.contents), faults: [] };
  } catch (cause) {
    if (cause instanceof ConversionFault) return { value: null, faults: [cause.fault] };
    throw cause;
  }
}

/** Where the nesting becomes too deep. Looks at tokens, for to compose them would recurse as deeply. */
function findDeepToken(tokens: readonly CST.Token[]): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({
    token,
    depth: 0,
  }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > DEPTH_LIMIT) return token.offset;
    if (token.type === "document") {
      if (token.value !== undefined) open.push({ token: token.value, depth });
    } else if ("items" in token) {
      for (const item of token.items) {
        if (item.key !== undefined && item.key !== null) open.push({ token: item.key, depth: depth + 1 });
        if (item.value !== undefined) open.push({ token: item.value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

class ConversionFault extends Error {
  readonly fault: YamlFault;
  constructor(fault: YamlFault) {
    super(fault.reason);
    this.fault = fault;
  }
}

/** Turns nodes into values. An alias shares the value of its anchor; its size counts again. */
class Converter {
  readonly #anchors = new Map<string, { readonly value: YamlValue; readonly size: number }>();
  #size = 0;
  #aliases = 0;

  value(node: unknown): YamlValue {
    if (node === null) return null;
    if (isAlias(node)) return this.#alias(node);
    const before = this.#size;
    this.#charge(1, node as Node);
    const value = this.#own(node as Node);
    const anchor = (node as Node & { anchor?: string }).anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, { value, size: this.#size - before });
    return value;
  }

  #own(node: Node): YamlValue {
    if (node.tag !== undefined && !node.tag.startsWith("tag:yaml.org,2002:")) throw unknownTag(node);
    if (isMap(node)) return this.#table(node);
    if (isSeq(node)) return (node as YAMLSeq).items.map((item) => this.value(item));
    if (isScalar(node)) return scalarOf(node);
    throw unknownTag(node);
  }

  #table(node: YAMLMap): YamlTable {
    const table = new Map<string, YamlValue>();
    const merged: YamlTable[] = [];
    for (const pair of node.items) {
      if (isMergePair(pair)) merged.push(...this.#mergeSources(pair));
      else {
        const key = this.#key(pair, node);
        if (table.has(key))
          throw new ConversionFault(invalid(`has the key ${quote(key, 60)} twice`, offsetOf(pair.key)!));
        table.set(key, this.value(pair.value));
      }
    }
    // What stands in the mapping goes before what is merged into it, and an earlier source before a later one.
    for (const source of merged) {
      this.#charge(source.size, node);
      for (const [key, value] of source) if (!table.has(key)) table.set(key, value);
    }
    return table;
  }

  #key(pair: Pair, node: YAMLMap): string {
    const key = this.value(pair.key);
    if (typeof key === "string") return key;
    throw new ConversionFault(
      invalid("has a key that is no text", offsetOf(pair.key) ?? offsetOf(node) ?? 0),
    );
  }

  #mergeSources(pair: Pair): YamlTable[] {
    const source = this.value(pair.value);
    const sources = Array.isArray(source) ? (source as readonly YamlValue[]) : [source as YamlValue];
    return sources.map((one) => {
      if (isYamlTable(one)) return one;
      throw new ConversionFault(invalid("merges what is no mapping", offsetOf(pair.value) ?? 0));
    });
  }

  #alias(node: Alias): YamlValue {
    const target = this.#anchors.get(node.source);
    if (target === undefined) {
      throw new ConversionFault(invalid("has an alias of nothing that ends before it", offsetOf(node) ?? 0));
    }
    this.#aliases++;
    this.#charge(target.size, node);
    return target.value;
  }

  #charge(size: number, node: Node): void {
    this.#size += size;
    if (this.#size <= VALUE_LIMIT && this.#aliases <= ALIAS_LIMIT) return;
    const reason = "has too many values or aliases";
    throw new ConversionFault({ code: "limit-exceeded", reason, offset: offsetOf(node) ?? 0 });
  }
}

function scalarOf(node: Scalar): YamlValue {
  const { value } = node;
  // The library takes `y` and `n` for booleans, which few authors and no other common reader of YAML 1.1 do.
  if (typeof value === "boolean" && node.source?.length === 1) return node.source;
  if (value instanceof Date) return new YamlTime(node.source ?? value.toISOString());
  if (
    value === null ||
    typeof value === "string" ||
    typeof value === "boolean" ||
    typeof value === "number"
  ) {
    return value;
  }
  throw unknownTag(node);
}

function unknownTag(node: Node): ConversionFault {
  return new ConversionFault(
    invalid("has a value of a kind that rules have no use for", offsetOf(node) ?? 0),
  );
}

function isMergePair(pair: Pair): boolean {
  const { key } = pair;
  // The library turns a plain `<<` into a symbol; a quoted one is text.
  return isScalar(key) && (typeof key.value === "symbol" || (key.value === "<<" && key.type === "PLAIN"));
}

function locate(document: Document.Parsed, path: readonly (string | number)[], atKey: boolean): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? 0;
  for (const [place, part] of path.entries()) {
    const found = step(document, node, part);
    if (found === undefined) return offset;
    if (atKey && place === path.length - 1) return offsetOf(found.key) ?? offset;
    node = found.value;
    offset = offsetOf(node) ?? offsetOf(found.key) ?? offset;
  }
  return offset;
}

interface Found {
  readonly key: unknown;
  readonly value: unknown;
}

function step(document: Document.Parsed, holder: unknown, part: string | number): Found | undefined {
  const node = isAlias(holder) ? holder.resolve(document) : holder;
  if (isSeq(node)) return typeof part === "number" ? { key: undefined, value: node.items[part] } : undefined;
  if (!isMap(node)) return undefined;
  const own = node.items.find((pair) => isScalar(pair.key) && !isMergePair(pair) && pair.key.value === part);
  if (own !== undefined) return { key: own.key, value: own.value };
  for (const pair of node.items) {
    if (!isMergePair(pair)) continue;
    const source = isAlias(pair.value) ? pair.value.resolve(document) : pair.value;
    const holders: readonly unknown[] = isSeq(source) ? source.items : [source];
    for (const one of holders) {
      const found = step(document, one, part);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function offsetOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || isPair(node)) return undefined;
  return (node as { readonly range?: readonly number[] | null }).range?.[0];
}

function invalid(reason: string, offset: number): YamlFault {
  return { code: "invalid-yaml", reason, offset };
}

function lowerFirst(message: string): string {
  const line = message.split("\n", 1)[0]!;
  return `cannot be read: ${line.charAt(0).toLowerCase()}${line.slice(1).replace(/\.$/, "")}`;
}
