// The value of a JSON or YAML document. YAML is read as text, lists and tables alone, so that `1.10` stays a
// version and a time stays as it was written. https://yaml.org/spec/1.2.2/#101-failsafe-schema

import { parseDocument } from "yaml";

export type DecodedDocument =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "undecodable"; readonly reason: string };

const utf8 = new TextDecoder("utf-8", { fatal: true });
const MOST_ALIASES = 100;
/** Real ones have some 10 kB; the parser is slow. */
const LONGEST_YAML = 1024 * 1024;
/** What real documents never reach; the parser of YAML takes time that grows with the square of its depth. */
const DEEPEST = 64;
const WIDEST_INDENT = 200;

export function decodeDocument(name: string, content: Uint8Array): DecodedDocument {
  let text: string;
  try {
    text = utf8.decode(content);
  } catch {
    return { kind: "undecodable", reason: "it is not UTF-8" };
  }
  return /\.json$/i.test(name) ? decodeJson(text) : decodeYaml(text);
}

function decodeJson(text: string): DecodedDocument {
  try {
    return { kind: "value", value: JSON.parse(text) };
  } catch {
    return { kind: "undecodable", reason: "it is not valid JSON" };
  }
}

function decodeYaml(text: string): DecodedDocument {
  if (text.length > LONGEST_YAML) {
    return { kind: "undecodable", reason: `it is YAML of more than ${LONGEST_YAML} characters` };
  }
  if (nestsTooDeep(text)) return { kind: "undecodable", reason: "it nests too deep" };
  try {
    const document = parseDocument(text, {
      schema: "failsafe",
      resolveKnownTags: false,
      // As in JSON the last one counts: looking for others takes time that grows with the square of their number.
      uniqueKeys: false,
      prettyErrors: false,
      // Silence would also take the first of several documents for the only one.
      logLevel: "error",
    });
    if (document.errors.length > 0) return { kind: "undecodable", reason: "it is not valid YAML" };
    return { kind: "value", value: document.toJS({ maxAliasCount: MOST_ALIASES }) };
  } catch (error) {
    // Aliases beyond the limit, and an exhausted stack: both come from the document.
    const cause = error instanceof ReferenceError || error instanceof RangeError;
    if (!cause) throw error;
    return { kind: "undecodable", reason: "it refers to itself too often or nests too deep" };
  }
}

/** An upper estimate by brackets, lists in lists and indentation, also of those that are only text. */
function nestsTooDeep(text: string): boolean {
  if (new RegExp(`^ {${WIDEST_INDENT},}[^ \\n]`, "m").test(text)) return true;
  if (new RegExp(`(?:[-?:][ \\t]+){${DEEPEST},}`).test(text)) return true;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth++;
    else if ((code === 0x5d || code === 0x7d) && depth > 0) depth--;
    if (depth > 4 * DEEPEST) return true;
  }
  return false;
}
