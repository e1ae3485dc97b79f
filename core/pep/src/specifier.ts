// Version specifiers: clauses such as `>=1.2`, each of which is a set of versions, and their conjunction.
// https://packaging.python.org/en/latest/specifications/version-specifiers/#version-specifiers

import { quote, ThothError } from "./error.ts";
import { isPrerelease, isSpace, makeVersion, tryParseVersion, type Version, versionKey } from "./version.ts";
import {
  type Cut,
  cutAfter,
  cutAfterFamily,
  cutAfterLocals,
  cutAfterPosts,
  cutBefore,
  cutBeforeFamily,
} from "./version-cut.ts";
import {
  complementRange,
  FULL_RANGE,
  intersectAllRanges,
  rangeBetween,
  type VersionRange,
} from "./version-range.ts";

export type SpecifierOperator = "==" | "!=" | "<=" | ">=" | "<" | ">" | "~=" | "===";

export interface Specifier {
  readonly operator: SpecifierOperator;
  /** As written, a trailing `.*` included. */
  readonly version: string;
  /** Undefined only where `===` is followed by something that is no version. For `1.2.*` the version `1.2`. */
  readonly parsed: Version | undefined;
  readonly wildcard: boolean;
}

export interface Specifiers {
  /** In the order written. */
  readonly clauses: readonly Specifier[];
  /** Versions in normal form, clauses sorted, each once. */
  readonly text: string;
}

const MOST_CLAUSES = 4096;
const OPERATORS: readonly SpecifierOperator[] = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];

/** Admits everything. */
export const NO_SPECIFIERS: Specifiers = { clauses: [], text: "" };

/** Clauses separated by commas; empty ones are passed over. Throws `invalid-requirement` with `details.position`. */
export function parseSpecifiers(text: string): Specifiers {
  const clauses: Specifier[] = [];
  let start = 0;
  while (start <= text.length) {
    const comma = text.indexOf(",", start);
    const end = comma < 0 ? text.length : comma;
    const clause = scanClause(text, start, end);
    if (typeof clause === "number") throw invalidSpecifier(text, clause);
    if (clause !== undefined && clauses.push(clause) > MOST_CLAUSES) throw tooManyClauses(text);
    start = end + 1;
  }
  return makeSpecifiers(clauses);
}

export function makeSpecifiers(clauses: readonly Specifier[]): Specifiers {
  if (clauses.length === 0) return NO_SPECIFIERS;
  if (clauses.length === 1) return { clauses, text: normalClause(clauses[0]!) };
  return { clauses, text: [...new Set(clauses.map(normalClause))].sort().join(",") };
}

/** Exactly one clause, or the offset at which `text` stops being one. */
export function scanSpecifier(text: string): Specifier | number {
  return scanClause(text, 0, text.length) ?? 0;
}

/** As written but for white space; sorted, equal clauses once. */
export function formatSpecifiers(specifiers: Specifiers): string {
  const byKey = new Map<string, string>();
  for (const text of specifiers.clauses.map((clause) => clause.operator + clause.version).sort()) {
    const key = clauseKey(scanSpecifier(text) as Specifier);
    if (!byKey.has(key)) byKey.set(key, text);
  }
  return [...byKey.values()].join(",");
}

/** Equal for clauses that mean the same by their form: `==1.0` and `==1.0.0`, but not `~=1.0` and `~=1.0.0`. */
export function clauseKey(clause: Specifier): string {
  const { operator, parsed, version, wildcard } = clause;
  if (operator === "===" || parsed === undefined || wildcard) return operator + version;
  return operator + (operator === "~=" ? parsed.text : versionKey(parsed));
}

export function specifiersEqual(left: Specifiers, right: Specifiers): boolean {
  const leftKeys = new Set(left.clauses.map(clauseKey));
  const rightKeys = new Set(right.clauses.map(clauseKey));
  return leftKeys.size === rightKeys.size && [...leftKeys].every((key) => rightKeys.has(key));
}

/** Whether a clause other than `!=` names a pre-release, which PEP 440 takes as a wish for them. */
export function mentionsPrerelease(specifiers: Specifiers): boolean {
  return specifiers.clauses.some(
    ({ operator, parsed }) => operator !== "!=" && parsed !== undefined && isPrerelease(parsed),
  );
}

/** What `clause` admits. `===` compares text, which no set of versions can: its range is the one version it may be. */
export function clauseRange(clause: Specifier): VersionRange {
  const version = clause.parsed;
  if (version === undefined) return rangeBetween(undefined, undefined);
  switch (clause.operator) {
    case ">=":
      return rangeBetween(cutBefore(version), undefined);
    case "<=":
      return rangeBetween(undefined, cutAfterLocals(version));
    case ">":
      return rangeBetween(cutAbove(version), undefined);
    case "<":
      return rangeBetween(undefined, cutBelow(version));
    case "~=":
      return rangeBetween(cutBefore(version), cutAfterFamily(version.epoch, version.release.slice(0, -1)));
    case "==":
      return equalRange(version, clause.wildcard);
    case "!=":
      return complementRange(equalRange(version, clause.wildcard));
    case "===":
      return rangeBetween(cutBefore(version), cutAfter(version));
    default:
      return clause.operator satisfies never;
  }
}

const ranges = new WeakMap<Specifiers, VersionRange>();

/** What the clauses other than `===` admit, pre-releases included. */
export function specifiersRange(specifiers: Specifiers): VersionRange {
  if (specifiers.clauses.length === 0) return FULL_RANGE;
  const known = ranges.get(specifiers);
  if (known !== undefined) return known;
  const range = intersectAllRanges(
    specifiers.clauses.filter((clause) => clause.operator !== "===").map(clauseRange),
  );
  ranges.set(specifiers, range);
  return range;
}

function equalRange(version: Version, wildcard: boolean): VersionRange {
  if (wildcard) return familyRange(version.epoch, version.release);
  const end = version.local === undefined ? cutAfterLocals(version) : cutAfter(version);
  return rangeBetween(cutBefore(version), end);
}

/** What `==release.*` admits. */
export function familyRange(epoch: Version["epoch"], release: Version["release"]): VersionRange {
  return rangeBetween(cutBeforeFamily(epoch, release), cutAfterFamily(epoch, release));
}

/** `>V` leaves out V's local builds, and its post-releases unless V is one. */
function cutAbove(version: Version): Cut {
  return version.dev === undefined && version.post === undefined
    ? cutAfterPosts(version)
    : cutAfterLocals(version);
}

/** `<V` leaves out V's pre-releases unless V is one. */
function cutBelow(version: Version): Cut {
  if (isPrerelease(version)) return cutBefore(version);
  return cutBefore(makeVersion({ ...version, dev: 0, local: undefined }));
}

// Scanning

/** The clause between two offsets; undefined when there is only white space, an offset when it is wrong there. */
function scanClause(text: string, from: number, to: number): Specifier | number | undefined {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  if (start === end) return undefined;
  const operator = OPERATORS.find((candidate) => text.startsWith(candidate, start));
  if (operator === undefined || start + operator.length > end) return start;
  let at = start + operator.length;
  while (at < end && isSpace(text.charCodeAt(at))) at++;
  const version = text.slice(at, end);
  if (operator === "===") return scanArbitrary(version, at);
  const wildcard = version.endsWith(".*");
  const parsed = tryParseVersion(wildcard ? version.slice(0, -2) : version);
  if (
    parsed === undefined ||
    !fits(operator, parsed, wildcard) ||
    isSpace(version.charCodeAt(version.length - 3))
  ) {
    return at;
  }
  return { operator, version, parsed, wildcard };
}

function scanArbitrary(version: string, at: number): Specifier | number {
  if (version === "") return at;
  for (let offset = 0; offset < version.length; offset++) {
    const code = version.charCodeAt(offset);
    if (isSpace(code) || code === 59 || code === 41) return at + offset;
  }
  return { operator: "===", version, parsed: tryParseVersion(version), wildcard: false };
}

function fits(operator: SpecifierOperator, version: Version, wildcard: boolean): boolean {
  const equality = operator === "==" || operator === "!=";
  if (wildcard)
    return equality && !isPrerelease(version) && version.post === undefined && version.local === undefined;
  if (version.local !== undefined) return equality;
  return operator !== "~=" || version.release.length > 1;
}

function normalClause({ operator, version, parsed, wildcard }: Specifier): string {
  if (operator === "===" || parsed === undefined) return operator + version;
  return `${operator}${parsed.text}${wildcard ? ".*" : ""}`;
}

function invalidSpecifier(text: string, position: number): ThothError {
  return new ThothError("invalid-requirement", `${quote(text)} is not a valid version specifier`, {
    details: { position, text: text.slice(0, 200) },
  });
}

function tooManyClauses(text: string): ThothError {
  return new ThothError("limit-exceeded", `${quote(text, 60)} has too many clauses`, {
    details: { limit: "clauses", maximum: MOST_CLAUSES },
  });
}
