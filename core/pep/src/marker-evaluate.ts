// Markers against an environment. Version variables compare as versions where both sides are such, all else as text;
// `extra` stands for the set of requested extras.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers

import { quote, ThothError } from "./error.ts";
import type { Marker, MarkerComparison, MarkerOperator } from "./marker.ts";
import { formatMarker } from "./marker.ts";
import type { MarkerTerm, MarkerVariable } from "./marker-scanner.ts";
import { normalizeName } from "./name.ts";
import { makeSpecifiers, type Specifiers, scanSpecifier } from "./specifier.ts";
import { specifiersContainText } from "./specifier-match.ts";

export type MarkerEnvironment = Readonly<
  Record<Exclude<MarkerVariable, "extra" | "extras" | "dependency_groups">, string>
>;

const NO_NAMES: ReadonlySet<string> = new Set();
const VERSION_VARIABLES: ReadonlySet<string> = new Set([
  "implementation_version",
  "platform_release",
  "python_full_version",
  "python_version",
]);

/**
 * `extras` are the requested extras of the package that declares the marker (the empty set where `extra` is to be
 * the empty text), `groups` the requested dependency groups; both in normal form. Throws `invalid-requirement`
 * where the comparison has no meaning, such as `os_name ~= "posix"`.
 */
export function evaluateMarker(
  marker: Marker,
  environment: MarkerEnvironment,
  extras: ReadonlySet<string> = NO_NAMES,
  groups: ReadonlySet<string> = NO_NAMES,
): boolean {
  const scope: Scope = { marker, environment, extras, groups };
  const stack: boolean[] = [];
  for (const step of marker.steps) {
    if (step.kind === "comparison") {
      stack.push(evaluateComparison(step, scope));
    } else if (step.kind !== "group") {
      const right = stack.pop()!;
      const left = stack.pop()!;
      stack.push(step.kind === "and" ? left && right : left || right);
    }
  }
  return stack[0] ?? true;
}

interface Scope {
  readonly marker: Marker;
  readonly environment: MarkerEnvironment;
  readonly extras: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

function evaluateComparison(comparison: MarkerComparison, scope: Scope): boolean {
  const { left, operator, right } = comparison;
  if (isSet(left)) throw undefinedComparison(comparison, scope);
  if (isSet(right)) return evaluateMembership(comparison, scope);
  if (isExtra(left) || isExtra(right)) return evaluateExtra(comparison, scope);
  const variable = left.kind === "variable" ? left : right;
  if (variable.kind === "value") throw undefinedComparison(comparison, scope);
  const leftText = readTerm(left, scope);
  const rightText = readTerm(right, scope);
  if (VERSION_VARIABLES.has(variable.name)) {
    const clause = operator === "in" || operator === "not in" ? undefined : clauseOf(operator + rightText);
    if (clause !== undefined) return specifiersContainText(clause, leftText);
  }
  const result = compareTexts(leftText, operator, rightText);
  if (result === undefined) throw undefinedComparison(comparison, scope);
  return result;
}

const MOST_CLAUSES = 1024;
const clauses = new Map<string, Specifiers | undefined>();

/** The same few comparisons stand in the markers of all packages, so what they mean is kept. */
function clauseOf(text: string): Specifiers | undefined {
  const known = clauses.get(text);
  if (known !== undefined || clauses.has(text)) return known;
  const clause = scanSpecifier(text);
  const specifiers = typeof clause === "number" ? undefined : makeSpecifiers([clause]);
  if (clauses.size >= MOST_CLAUSES) clauses.clear();
  if (text.length < 100) clauses.set(text, specifiers);
  return specifiers;
}

/** `"name" in extras`. */
function evaluateMembership(comparison: MarkerComparison, scope: Scope): boolean {
  const { left, operator, right } = comparison;
  const names = right.kind === "variable" && right.name === "extras" ? scope.extras : scope.groups;
  if (operator !== "in" && operator !== "not in") throw undefinedComparison(comparison, scope);
  return names.has(normalizeName(readTerm(left, scope))) === (operator === "in");
}

/** True when some requested extra makes it so; the negative operators negate the positive ones. */
function evaluateExtra(comparison: MarkerComparison, scope: Scope): boolean {
  const { left, operator, right } = comparison;
  const positive = operator === "!=" ? "==" : operator === "not in" ? "in" : operator;
  const names = scope.extras.size === 0 ? [""] : scope.extras;
  let found = false;
  for (const name of names) {
    const leftText = isExtra(left) ? name : readTerm(left, scope);
    const rightText = isExtra(right) ? name : readTerm(right, scope);
    const result = compareTexts(leftText, positive, rightText);
    if (result === undefined) throw undefinedComparison(comparison, scope);
    found ||= result;
  }
  return positive === operator ? found : !found;
}

/** Text has no order: `<=` and `>=` are equality, `<` and `>` never hold. Undefined: no meaning at all. */
function compareTexts(left: string, operator: MarkerOperator, right: string): boolean | undefined {
  switch (operator) {
    case "in":
      return right.includes(left);
    case "not in":
      return !right.includes(left);
    case "==":
    case "<=":
    case ">=":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
    case ">":
      return false;
    case "~=":
    case "===":
      return undefined;
    default:
      return operator satisfies never;
  }
}

function readTerm(term: MarkerTerm, scope: Scope): string {
  if (term.kind === "value") return term.text;
  if (term.name === "extra" || term.name === "extras" || term.name === "dependency_groups") return "";
  const text = scope.environment[term.name];
  // Python built from a checkout calls itself `3.14.0+`, which is a version only with a label after the plus.
  return term.name === "python_full_version" && text.endsWith("+") ? `${text}local` : text;
}

function isSet(term: MarkerTerm): boolean {
  return term.kind === "variable" && (term.name === "extras" || term.name === "dependency_groups");
}

function isExtra(term: MarkerTerm): boolean {
  return term.kind === "variable" && term.name === "extra";
}

function undefinedComparison(comparison: MarkerComparison, scope: Scope): ThothError {
  const text = formatMarker({ steps: [comparison] });
  return new ThothError("invalid-requirement", `The comparison ${quote(text)} in a marker has no meaning`, {
    details: { marker: formatMarker(scope.marker).slice(0, 200) },
  });
}
