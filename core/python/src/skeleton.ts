// What of a module's text can tell what it offers: the bodies of functions are left out, but for what they store where
// others can see it. A light scanner, many times faster than the parser that reads what is left.

/** Names of functions whose bodies are kept whole. */
const KEPT = /^(?:__getattr__|__getattribute__)$/;
const DEFINITION = /^(?:async[ \t]+)?def[ \t]+([\p{L}\p{N}_]+)\s*(?:\[[^\]]*\]\s*)?\(\s*([\p{L}\p{N}_]*)/u;
const LONGEST_BODY = 400_000;
const MOST_STORES = 2000;

interface Line {
  readonly start: number;
  readonly end: number;
  /** Columns before its first character. */
  readonly indent: number;
  /** Offset of its first character. */
  readonly first: number;
}

/**
 * Python that defines the same names. A body becomes `pass`, and one statement each for what it stores: `self.x` for an
 * attribute of its first parameter, `setattr()` where that is computed, `global x`, and `globals().update()` where it may store anything, `__all__.unknown()`
 * where it may list anything, `setattr(X)` where it may store anything in what is named X.
 */
export function skeletonOf(text: string): string {
  const out: string[] = [];
  let body: { readonly indent: number; readonly from: number; readonly self: string } | undefined;
  let end = 0;
  for (const line of logicalLines(text)) {
    if (body !== undefined) {
      if (line.indent > body.indent) {
        end = line.end;
        continue;
      }
      out.push(...storesOf(text.slice(body.from, Math.min(end, body.from + LONGEST_BODY)), body));
      body = undefined;
    }
    const content = text.slice(line.first, line.end);
    const head = DEFINITION.exec(content);
    const pad = " ".repeat(line.indent);
    if (head !== null && !KEPT.test(head[1]!) && opensBlock(content)) {
      out.push(pad + content.trimEnd(), `${pad} pass`);
      body = { indent: line.indent, from: line.end, self: head[2]! };
    } else out.push(pad + shortened(content));
    end = line.end;
  }
  if (body !== undefined) out.push(...storesOf(text.slice(body.from, body.from + LONGEST_BODY), body));
  return `${out.join("\n")}\n`;
}

const LONGEST_STATEMENT = 20_000;

/** Documentation and long tables of data are left out. */
function shortened(content: string): string {
  if (isDocumentation(content)) return "pass";
  const assigned =
    content.length > LONGEST_STATEMENT ? /^([\p{L}_][\p{L}\p{N}_.]*)\s*=(?!=)/u.exec(content) : null;
  return assigned === null || assigned[1] === "__all__" ? content.trimEnd() : `${assigned[1]} = ...`;
}

/** The block follows on lines of its own. */
function opensBlock(content: string): boolean {
  const last = content.slice(content.lastIndexOf("\n") + 1);
  return /:\s*(?:#.*)?$/.test(last);
}

/** A statement that is nothing but a string. */
function isDocumentation(content: string): boolean {
  const match = /^[rRuUbB]{0,2}("""|'''|"|')/.exec(content);
  if (match === null) return false;
  const quotes = match[1]!;
  const close = endOfString(content, match[0].length, quotes);
  return /^[ \t]*(?:#.*)?$/.test(content.slice(close).trimEnd());
}

const STORES_ANYTHING =
  /\bglobals\(\)\s*\[[^\]\n]*\]\s*=(?!=)|\bglobals\(\)\s*\.\s*(?:update|setdefault)\b|\bsys\s*\.\s*modules\s*\[\s*__name__\s*\]/;

function storesOf(body: string, { indent, self }: { indent: number; self: string }): string[] {
  const pad = " ".repeat(indent + 1);
  const lines = new Set<string>();
  if (body.includes("globals()") || body.includes("modules")) {
    if (STORES_ANYTHING.test(body)) lines.add("globals().update()");
  }
  if (body.includes("__all__") && /\b__all__\s*(?:\.\s*(?:append|extend|insert)\b|\+=)/.test(body))
    lines.add("__all__.unknown()");
  if (body.includes("global "))
    for (const match of body.matchAll(/^[ \t]*global[ \t]+([\w, \t]+)$/gm)) lines.add(`global ${match[1]!}`);
  if (body.includes("setattr("))
    for (const match of body.matchAll(SETATTR)) {
      if (match[1] !== self) lines.add(`setattr(${match[1]!})`);
      else lines.add(match[2] === undefined ? "setattr()" : `self.${match[2]}`);
    }
  if (self !== "" && body.includes(self)) {
    const { attribute, table } = patternsFor(self);
    for (const match of body.matchAll(attribute))
      if (lines.size < MOST_STORES) lines.add(`self.${match[1]!}`);
    if (table.test(body)) lines.add("setattr()");
  }
  return [...lines].map((line) => pad + line);
}

const SETATTR = /\bsetattr\(\s*([\p{L}_][\p{L}\p{N}_]*)\s*,\s*(?:["'](\w+)["'])?/gu;

interface Patterns {
  readonly attribute: RegExp;
  readonly table: RegExp;
}

/** For the names that nearly all receivers have. */
const USUAL: ReadonlyMap<string, Patterns> = new Map(
  ["self", "cls"].map((name) => [name, makePatterns(name)]),
);

function patternsFor(self: string): Patterns {
  return USUAL.get(self) ?? makePatterns(self);
}

function makePatterns(self: string): Patterns {
  const behind = `\\s*(?::[^=\\n]{1,120})?(?:\\)\\s*)?(?:=(?!=)|,\\s*(?=${self}\\.)|,[^=\\n]{0,80}=(?!=))`;
  const held = `${self}\\.__dict__\\s*(?:\\[[^\\]\\n]*\\]\\s*=(?!=)|\\.\\s*update|=(?!=))`;
  return {
    attribute: new RegExp(`(?<![\\w.])${self}\\.([\\p{L}_][\\p{L}\\p{N}_]*)${behind}`, "gu"),
    table: new RegExp(`(?<![\\w.])(?:${held}|vars\\(${self}\\)\\s*(?:\\[|\\.update))`, "u"),
  };
}

const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const HASH = 0x23;
const BACKSLASH = 0x5c;
const DOUBLE = 0x22;
const SINGLE = 0x27;

/** Lines as the grammar has them: brackets, strings and backslashes join physical ones. Blank ones are left out. */
function* logicalLines(text: string): Generator<Line> {
  let at = 0;
  while (at < text.length) {
    const start = at;
    let indent = 0;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === SPACE) indent++;
      else if (code === TAB) indent = (indent >> 3) * 8 + 8;
      else if (code === 0x0c || code === 0xfeff) indent = 0;
      else break;
    }
    const code = text.charCodeAt(at);
    if (code === HASH) at = endOfLine(text, at) + 1;
    else if (code === LINE_FEED || code === RETURN) at++;
    else if (at < text.length) {
      const end = endOfLogical(text, at);
      yield { start, first: at, end, indent };
      at = end + 1;
    }
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

/** Offset of the line feed that ends a statement, or the text's length. */
function endOfLogical(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) {
      if (depth === 0) return at;
      at++;
    } else if (code === HASH) at = endOfLine(text, at);
    else if (code === DOUBLE || code === SINGLE) {
      const quote = text[at]!;
      const quotes = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
      at = endOfString(text, at + quotes.length, quotes);
    } else if (code === BACKSLASH) at += text.charCodeAt(at + 1) === RETURN ? 3 : 2;
    else {
      if (code === 0x28 || code === 0x5b || code === 0x7b) depth++;
      else if (code === 0x29 || code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
      at++;
    }
  }
  return text.length;
}

/** The offset behind a string; one in single quotes that is left open ends with its line. */
function endOfString(text: string, from: number, quotes: string): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === LINE_FEED && quotes.length === 1) return at;
    else if (text.startsWith(quotes, at)) return at + quotes.length;
  }
  return text.length;
}
