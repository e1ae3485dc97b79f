// Poetry's version constraints as specifiers: `^1.2`, `~1.2`, `1.2.*`, `>=1,<2`, and unions by `||`.
// https://python-poetry.org/docs/dependency-specification/#version-constraints

import { quote, ThothError } from "./error.ts";
import {
  makeSpecifiers,
  NO_SPECIFIERS,
  parseSpecifiers,
  type Specifiers,
  specifiersRange,
} from "./specifier.ts";
import { increment, makeVersion, tryParseVersion, type Version } from "./version.ts";
import { compareVersions } from "./version-order.ts";
import { hasFinalVersion, isSubrange, subtractRange, uniteRanges } from "./version-range.ts";

const limits = { length: 10_000, alternatives: 100, clauses: 200 } as const;

/** The alternatives of a constraint, each a conjunction. Throws invalid-requirement with `details.position`. */
export function parsePoetryConstraint(text: string): readonly Specifiers[] {
  if (text.length > limits.length) throw exceeded(text, "length");
  const alternatives: Specifiers[] = [];
  let start = 0;
  for (const part of text.split(/\|\|?/)) {
    alternatives.push(parseConjunction(text, part, start));
    if (alternatives.length > limits.alternatives) throw exceeded(text, "alternatives");
    start = text.indexOf("|", start + part.length);
    while (text[start] === "|") start += 1;
  }
  return alternatives;
}

function parseConjunction(text: string, part: string, start: number): Specifiers {
  const clauses: string[] = [];
  // Words may be parted by commas, white space or both; an operator may stand apart from its version.
  const word = /(?:(?:\^|~=|~|===|==|=|!=|<>|<=|<|>=|>)[\t ]{0,100})?[^\s,]{1,1000}/g;
  for (const { 0: found, index } of part.matchAll(word)) {
    const translated = translate(found.trim());
    if (translated === undefined) throw invalid(text, start + index);
    clauses.push(...translated);
  }
  if (part.replace(word, "").replace(/[\s,]+/g, "") !== "" || part.trim() === "") throw invalid(text, start);
  try {
    return parseSpecifiers(clauses.join(","));
  } catch (error) {
    if (!(error instanceof ThothError) || error.code !== "invalid-requirement") throw error;
    throw invalid(text, start, error);
  }
}

/** One word as clauses; undefined when it is none. */
function translate(word: string): readonly string[] | undefined {
  const operator = /^(?:\^|~=|~|===|==|=|!=|<>|<=|<|>=|>)?/.exec(word)![0];
  const rest = word.slice(operator.length).trim();
  if (/^v?[xX*](?:\.[xX*]){0,20}$/.test(rest)) return operator === "" || operator === "==" ? [] : undefined;
  const plain = rest.replace(/(?:\.[xX*]){1,20}$/, "");
  if (plain !== rest) {
    if (operator !== "" && operator !== "==" && operator !== "!=") return undefined;
    return [`${operator === "" ? "==" : operator}${plain}.*`];
  }
  if (operator === "===" || operator === "~=") return [operator + rest];
  const version = tryParseVersion(rest);
  if (version === undefined) return undefined;
  if (operator === "^") return between(version, breakingIndex(version));
  if (operator === "~") return between(version, version.release.length > 1 ? 1 : 0);
  const same: Readonly<Record<string, string>> = { "": "==", "=": "==", "<>": "!=" };
  return [(same[operator] ?? operator) + rest];
}

/** The part of the release that the next incompatible version counts up: the first that is not zero, of three. */
function breakingIndex({ release }: Version): number {
  const index = release.slice(0, 3).findIndex((part) => part !== 0);
  return index === -1 ? Math.min(release.length, 3) - 1 : index;
}

function between(version: Version, index: number): readonly string[] {
  return [`>=${version.text}`, `<${countUp(version, index).text}`];
}

/** The release with its part at `index` one more, and zeros behind. */
function countUp({ epoch, release }: Version, index: number): Version {
  const parts = release.map((part, at) => (at < index ? part : at > index ? 0 : increment(part)));
  return makeVersion({
    epoch,
    release: parts,
    pre: undefined,
    post: undefined,
    dev: undefined,
    local: undefined,
  });
}

/**
 * The alternatives as one conjunction: gaps between them become `!=1.2.*`. Undefined when there is none that
 * admits the same final versions.
 */
export function uniteAlternatives(alternatives: readonly Specifiers[]): Specifiers | undefined {
  if (alternatives.length === 1) return alternatives[0];
  if (alternatives.some((alternative) => alternative.clauses.length === 0)) return NO_SPECIFIERS;
  const spans = mergeSpans(alternatives.map(spanOf));
  const clauses: string[] = [];
  spans.forEach((span, index) => {
    clauses.push(...span.inner);
    const before = spans[index - 1];
    if (before === undefined && span.lower !== undefined) clauses.push(span.lower.text);
    if (before !== undefined) clauses.push(...(gapClauses(before, span) ?? []));
  });
  const last = spans.at(-1)?.upper;
  if (last !== undefined) clauses.push(last.text);
  if (clauses.length > limits.clauses) return undefined;
  const candidate = makeSpecifiers(parseSpecifiers(clauses.join(",")).clauses);
  const wanted = alternatives.map(specifiersRange).reduce(uniteRanges);
  const reached = specifiersRange(candidate);
  // `<2` leaves the pre-releases of 2 out, which no exclusion can say.
  return isSubrange(wanted, reached) && !hasFinalVersion(subtractRange(reached, wanted))
    ? candidate
    : undefined;
}

interface Bound {
  readonly version: Version;
  readonly text: string;
}

/** An alternative as an interval and what it leaves out within. */
interface Span {
  readonly lower: Bound | undefined;
  readonly upper: Bound | undefined;
  readonly inner: readonly string[];
}

function spanOf({ clauses }: Specifiers): Span {
  let lower: Bound | undefined;
  let upper: Bound | undefined;
  const inner: string[] = [];
  const bound = (operator: string, version: Version): Bound => ({ version, text: operator + version.text });
  for (const { operator, version: written, parsed, wildcard } of clauses) {
    if (parsed === undefined) continue;
    const last = parsed.release.length - 1;
    if (operator === "!=") inner.push(operator + written);
    else if (operator === ">=" || operator === ">") lower = bound(operator, parsed);
    else if (operator === "<" || operator === "<=") upper = bound(operator, parsed);
    else {
      lower = bound(">=", parsed);
      if (operator === "~=") upper = bound("<", countUp(parsed, last - 1));
      else upper = wildcard ? bound("<", countUp(parsed, last)) : bound("<=", parsed);
    }
  }
  return { lower, upper, inner };
}

/** Ascending; spans that overlap or touch are one. */
function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((left, right) => compareBounds(left.lower, right.lower, -1))) {
    const last = merged.at(-1);
    if (last === undefined || (span.lower !== undefined && compareBounds(last.upper, span.lower, 1) < 0)) {
      merged.push(span);
      continue;
    }
    const upper = compareBounds(last.upper, span.upper, 1) > 0 ? last.upper : span.upper;
    // What one leaves out the other may admit: the check of the whole tells.
    merged[merged.length - 1] = { lower: last.lower, upper, inner: [] };
  }
  return merged;
}

/** An absent bound is beyond every other: below where `absent` is -1, above where it is 1. */
function compareBounds(left: Bound | undefined, right: Bound | undefined, absent: -1 | 1): number {
  if (left === undefined || right === undefined)
    return left === right ? 0 : left === undefined ? absent : -absent;
  return compareVersions(left.version, right.version);
}

/** The families of releases that lie between two spans, as `!=` clauses; undefined where they are without end. */
function gapClauses({ upper }: Span, { lower }: Span): readonly string[] | undefined {
  const from = withoutZeros(upper!.version);
  const to = withoutZeros(lower!.version);
  let shared = 0;
  while (shared < Math.min(from.length, to.length) && from[shared] === to[shared]) shared += 1;
  if (from.length > shared + 1) return undefined;
  const clauses: string[] = [];
  for (let level = shared; level < to.length; level++) {
    const prefix = to.slice(0, level);
    const start = level === shared ? (from[level] ?? 0) : 0;
    for (let part = start; part < to[level]!; part++) {
      clauses.push(`!=${[...prefix, part].join(".")}.*`);
      if (clauses.length > limits.clauses) return undefined;
    }
  }
  return clauses;
}

function withoutZeros({ release }: Version): readonly number[] {
  const parts = release.map(Number);
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
  return parts;
}

function invalid(text: string, position: number, cause?: unknown): ThothError {
  return new ThothError("invalid-requirement", `${quote(text)} is not a valid version constraint`, {
    details: { position, text: text.slice(0, 200) },
    cause,
  });
}

function exceeded(text: string, limit: "length" | "alternatives"): ThothError {
  return new ThothError("limit-exceeded", `The version constraint ${quote(text, 60)} is too long`, {
    details: { limit, maximum: limits[limit] },
  });
}
