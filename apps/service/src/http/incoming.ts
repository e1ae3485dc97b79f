// From a request to what a handler takes: everything is hostile until it fits the schema of its operation.

import { findViolations, type Schema } from "@thoth/contract";
import type { Operation, Parameter } from "@thoth/contract/service";
import { quote, ThothError } from "@thoth/pep";

/** Nesting of a body: no document of ours comes near it. */
const MOST_DEPTH = 64;

type Texts = Readonly<Record<string, string | undefined>>;

/** Throws `invalid-request`. Parameters that nobody knows are refused, so that a misspelled one is noticed. */
export function checkQuery(operation: Operation, given: Readonly<Record<string, unknown>>): Texts {
  const known = operation.query ?? {};
  for (const name of Object.keys(given))
    if (!Object.hasOwn(known, name)) throw invalid(`there is no parameter ${quote(name)}`);
  return checkParameters(known, given, "parameter");
}

export function checkPlaces(operation: Operation, given: Readonly<Record<string, unknown>>): Texts {
  try {
    return checkParameters(operation.places ?? {}, given, "place");
  } catch (error) {
    // What no identifier looks like is nobody's.
    throw new ThothError("not-found", "there is no such thing", { cause: error });
  }
}

export function checkHeaders(operation: Operation, given: Readonly<Record<string, unknown>>): Texts {
  const known = operation.headers ?? {};
  return checkParameters(known, given, "header");
}

function checkParameters(
  known: Readonly<Record<string, Parameter>>,
  given: Readonly<Record<string, unknown>>,
  what: string,
): Texts {
  const texts: Record<string, string | undefined> = Object.create(null);
  for (const [name, { schema, required = false }] of Object.entries(known)) {
    const value = given[name];
    if (value === undefined) {
      if (required) throw invalid(`the ${what} ${quote(name)} is missing`);
      continue;
    }
    if (typeof value !== "string") throw invalid(`the ${what} ${quote(name)} is given twice`);
    const [violation] = findViolations(schema, value);
    if (violation !== undefined) throw invalid(`the ${what} ${quote(name)} must be ${violation.expected}`);
    texts[name] = value;
  }
  return texts;
}

/** Throws `invalid-request`. */
export function checkBody(schema: Schema, value: unknown): void {
  const [violation] = findViolations(schema, value);
  if (violation === undefined) return;
  const place = violation.at === "" ? "the body" : `${quote(violation.at)} of the body`;
  throw invalid(`${place} must be ${violation.expected}`);
}

/** Of the bytes of a body. Throws `invalid-request`. */
export function parseBody(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw invalid("the body is not UTF-8");
  }
  checkDepth(text);
  try {
    return JSON.parse(text, withoutPrototypes);
  } catch {
    throw invalid("the body is no JSON");
  }
}

function withoutPrototypes(this: unknown, key: string, value: unknown): unknown {
  return key === "__proto__" ? undefined : value;
}

function checkDepth(text: string): void {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (inText) {
      if (character === 0x5c) at++;
      else if (character === 0x22) inText = false;
    } else if (character === 0x22) inText = true;
    else if (character === 0x7b || character === 0x5b) {
      if (++depth > MOST_DEPTH) throw invalid(`the body is nested deeper than ${MOST_DEPTH}`);
    } else if (character === 0x7d || character === 0x5d) depth--;
  }
}

export function invalid(message: string, status = 400): ThothError {
  return new ThothError("invalid-request", message, { details: { status } });
}
