// The plain part of YAML in which generated rules are written: block mappings and sequences, scalars of one line,
// `>` and `|` blocks. Some fifty times as fast as the library. Whatever is not surely plain is given up, never
// guessed: the caller then asks the library, and a test compares both over the whole corpus.

import { DEPTH_LIMIT, type YamlTable, YamlTime, type YamlValue } from "./yaml-value.ts";

/** Thrown inside this file alone: the text is left to the library. */
const NOT_PLAIN = Symbol("not plain");

/** What `text` says, or undefined where it is not plain YAML (which does not mean that it is wrong). */
export function readPlainYaml(text: string): YamlTable | undefined {
  if (!text.endsWith("\n") || /[^\n\x20-\x7e]/.test(text)) return undefined;
  try {
    const value = new PlainReader(text).document();
    return value instanceof Map ? value : undefined;
  } catch (cause) {
    if (cause === NOT_PLAIN) return undefined;
    throw cause;
  }
}

const SPACE = 32;
const HYPHEN = 45;
const COLON = 58;
const NEWLINE = 10;

class PlainReader {
  readonly #text: string;
  /** Where the line after the current one begins. */
  #next = 0;
  /** The column at which the current line's content begins; -1 after the last line. */
  #indent = -1;
  #start = 0;
  /** Past the last character that is no space. */
  #end = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): YamlValue {
    this.#advance();
    if (this.#indent !== 0) throw NOT_PLAIN;
    const value = this.#node(0);
    if (this.#indent >= 0) throw NOT_PLAIN;
    return value;
  }

  /** To the next line that is not blank. */
  #advance(): void {
    const text = this.#text;
    while (this.#next < text.length) {
      const newline = text.indexOf("\n", this.#next);
      let start = this.#next;
      let end = newline;
      while (start < newline && text.charCodeAt(start) === SPACE) start++;
      while (end > start && text.charCodeAt(end - 1) === SPACE) end--;
      const indent = start - this.#next;
      this.#next = newline + 1;
      if (start === end) continue;
      this.#indent = indent;
      this.#start = start;
      this.#end = end;
      return;
    }
    this.#indent = -1;
  }

  /** A blank line in or after a block has a meaning of its own. */
  #advanceInBlock(): void {
    const expected = this.#next;
    this.#advance();
    const start = this.#indent < 0 ? this.#text.length : this.#start - this.#indent;
    if (start !== expected) throw NOT_PLAIN;
  }

  #node(depth: number): YamlValue {
    if (depth > DEPTH_LIMIT) throw NOT_PLAIN;
    return this.#atItem() ? this.#sequence(depth) : this.#mapping(depth);
  }

  #atItem(): boolean {
    const { charCode, after } = this.#look();
    return charCode === HYPHEN && (after === SPACE || after === NEWLINE);
  }

  #look(): { readonly charCode: number; readonly after: number } {
    return { charCode: this.#text.charCodeAt(this.#start), after: this.#text.charCodeAt(this.#start + 1) };
  }

  #sequence(depth: number): YamlValue[] {
    const indent = this.#indent;
    const items: YamlValue[] = [];
    while (this.#indent === indent && this.#atItem()) {
      this.#start++;
      if (this.#start === this.#end) {
        this.#advance();
        items.push(this.#indent > indent ? this.#node(depth + 1) : null);
        continue;
      }
      while (this.#text.charCodeAt(this.#start) === SPACE) this.#start++;
      if (this.#keyEnd() < 0) items.push(this.#inline(indent));
      else {
        // A mapping that begins on the line of its hyphen is indented as its first key.
        this.#indent = this.#start - this.#text.lastIndexOf("\n", this.#start) - 1;
        items.push(this.#mapping(depth + 1));
      }
    }
    if (this.#indent > indent) throw NOT_PLAIN;
    return items;
  }

  #mapping(depth: number): Map<string, YamlValue> {
    if (depth > DEPTH_LIMIT) throw NOT_PLAIN;
    const indent = this.#indent;
    const table = new Map<string, YamlValue>();
    while (this.#indent === indent) {
      const colon = this.#keyEnd();
      if (colon < 0) break;
      const key = this.#text.slice(this.#start, colon);
      if (table.has(key) || isWord(key)) throw NOT_PLAIN;
      this.#start = colon + 1;
      table.set(key, this.#mappingValue(indent, depth));
    }
    if (this.#indent >= indent && !(this.#indent === indent && this.#atItem())) throw NOT_PLAIN;
    return table;
  }

  #mappingValue(indent: number, depth: number): YamlValue {
    if (this.#start === this.#end) {
      this.#advance();
      if (this.#indent > indent) return this.#node(depth + 1);
      return this.#indent === indent && this.#atItem() ? this.#sequence(depth + 1) : null;
    }
    while (this.#text.charCodeAt(this.#start) === SPACE) this.#start++;
    return this.#inline(indent);
  }

  /** Where the key that the current line begins with ends; -1 where it begins with none that is surely plain. */
  #keyEnd(): number {
    const text = this.#text;
    let at = this.#start;
    if (!isLetter(text.charCodeAt(at))) return -1;
    while (at < this.#end && isKeyCharacter(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) !== COLON) return -1;
    const after = text.charCodeAt(at + 1);
    return after === SPACE || after === NEWLINE ? at : -1;
  }

  /** The scalar that stands at the current place, inside a collection that is indented by `indent`. */
  #inline(indent: number): YamlValue {
    const source = this.#text.slice(this.#start, this.#end);
    const first = source.charCodeAt(0);
    // `>` and `|`
    if (first === 62 || first === 124) return this.#block(source, indent);
    const value = scalarOf(source);
    this.#advance();
    // It goes on in the next line.
    if (this.#indent > indent) throw NOT_PLAIN;
    return value;
  }

  #block(header: string, indent: number): string {
    const folded = header.startsWith(">");
    if (header.length > 2 || (header.length === 2 && header[1] !== "-")) throw NOT_PLAIN;
    this.#advanceInBlock();
    const inner = this.#indent;
    if (inner <= indent) throw NOT_PLAIN;
    const lines: string[] = [];
    while (this.#indent === inner) {
      if (this.#text.charCodeAt(this.#end) !== NEWLINE) throw NOT_PLAIN;
      lines.push(this.#text.slice(this.#start, this.#end));
      this.#advanceInBlock();
    }
    if (this.#indent > indent) throw NOT_PLAIN;
    return lines.join(folded ? " " : "\n") + (header.length === 1 ? "\n" : "");
  }
}

/** Words that YAML 1.1 does not take for text. */
const WORDS = new Set(["y", "n", "yes", "no", "on", "off", "true", "false", "null"]);

function isWord(text: string): boolean {
  return text.length <= 5 && WORDS.has(text.toLowerCase());
}

function scalarOf(source: string): YamlValue {
  const first = source.charCodeAt(0);
  if (isLetter(first)) {
    if (source.length > 5 || !isWord(source)) return textOf(source);
    if (source === "true") return true;
    if (source === "false") return false;
    if (source === "null") return null;
    throw NOT_PLAIN;
  }
  if (source === "{}") return new Map();
  if (source === "[]") return [];
  // Quotes
  if (first === 34 || first === 39) return quotedOf(source);
  if (first === HYPHEN || (first >= 48 && first <= 57)) return numberOf(source);
  // `=1`, `<1`, `~=1`, `^`, `/`, `(`, `$`, `;`, `+` and `.` also begin plain text, but only some are met.
  if ((first === 61 || first === 60 || first === 126) && /^(?:==|<|~=)[^<=]/.test(source))
    return textOf(source);
  if (first === 94 || first === 47 || first === 40) return textOf(source);
  throw NOT_PLAIN;
}

/** A plain text of one line; not where it looks like a key or has a comment. */
function textOf(source: string): string {
  if (source.includes(": ") || source.includes(" #") || source.charCodeAt(source.length - 1) === COLON)
    throw NOT_PLAIN;
  return source;
}

function quotedOf(source: string): string {
  const mark = source[0]!;
  if (source.length < 2 || source.indexOf(mark, 1) !== source.length - 1) throw NOT_PLAIN;
  if (mark === '"' && source.includes("\\")) throw NOT_PLAIN;
  return source.slice(1, -1);
}

const TIME = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?)?$/;

function numberOf(source: string): YamlValue {
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,12})?$/.test(source)) return Number(source);
  if (/^\d+(?:\.\d+){2,}(?:[a-z]\w*)?$/.test(source)) return source;
  if (TIME.test(source)) return new YamlTime(source);
  throw NOT_PLAIN;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isKeyCharacter(code: number): boolean {
  // Digits, `-` and `.` beside letters.
  return isLetter(code) || (code >= 48 && code <= 57) || code === HYPHEN || code === 46;
}
