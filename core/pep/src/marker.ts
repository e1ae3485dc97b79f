// Environment markers as programs in postfix order, so that no depth of parentheses can exhaust the stack.
// https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers

import { quote, ThothError } from "./error.ts";
import { MarkerScanner, type MarkerTerm } from "./marker-scanner.ts";
import { normalizeName } from "./name.ts";
import { escapeInPython } from "./python-string.ts";

export type MarkerOperator = "==" | "!=" | "<=" | ">=" | "<" | ">" | "~=" | "===" | "in" | "not in";

export interface MarkerComparison {
  readonly kind: "comparison";
  readonly left: MarkerTerm;
  readonly operator: MarkerOperator;
  readonly right: MarkerTerm;
}

/** `and` and `or` take the two values before them; `group` marks the one before it as parenthesised. */
export type MarkerStep = MarkerComparison | { readonly kind: "and" | "or" | "group" };

export interface Marker {
  readonly steps: readonly MarkerStep[];
}

/** Longest marker that is read, in UTF-16 units. */
const LONGEST_MARKER = 262_144;

/** Throws `invalid-requirement` with `details.position`, or `limit-exceeded`. */
export function parseMarker(text: string): Marker {
  const { marker, end } = parseMarkerAt(text, 0);
  if (end < text.length) throw invalidMarker(text, end, "the end of the marker");
  return marker;
}

/** The marker that begins at `start`, and where it ends. */
export function parseMarkerAt(text: string, start: number): { marker: Marker; end: number } {
  if (text.length - start > LONGEST_MARKER) {
    throw new ThothError("limit-exceeded", `The marker ${quote(text.slice(start), 60)} is too long`, {
      details: { limit: "length", maximum: LONGEST_MARKER },
    });
  }
  const scanner = new MarkerScanner(text, start, (position, expected) =>
    invalidMarker(text, position, expected),
  );
  const steps: MarkerStep[] = [];
  const waiting: ("and" | "or" | "(")[] = [];
  let depth = 0;
  for (;;) {
    while (scanner.take("(")) {
      waiting.push("(");
      depth++;
    }
    steps.push(scanComparison(scanner));
    while (depth > 0 && scanner.take(")")) {
      closeGroup(waiting, steps);
      depth--;
    }
    const word = scanner.takeWord(["and", "or"]) as "and" | "or" | undefined;
    if (word === undefined) break;
    flush(waiting, steps, word);
    waiting.push(word);
  }
  if (depth > 0) throw scanner.fail("`)`");
  flush(waiting, steps, "or");
  return { marker: { steps: withoutOuterGroup(steps) }, end: scanner.at };
}

/** The normal form: double quotes where they do, extras normalised, parentheses where they were of use. */
export function formatMarker(marker: Marker): string {
  const stack: { text: string; compound: boolean }[] = [];
  for (const step of marker.steps) {
    if (step.kind === "comparison") {
      stack.push({ text: formatComparison(step), compound: false });
    } else if (step.kind === "group") {
      const inner = stack.pop()!;
      stack.push({ text: inner.compound ? `(${inner.text})` : inner.text, compound: false });
    } else {
      const right = stack.pop()!;
      const left = stack.pop()!;
      stack.push({ text: `${left.text} ${step.kind} ${right.text}`, compound: true });
    }
  }
  return stack[0]?.text ?? "";
}

function formatComparison({ left, operator, right }: MarkerComparison): string {
  return `${formatTerm(left)} ${operator} ${formatTerm(right)}`;
}

function formatTerm(term: MarkerTerm): string {
  if (term.kind === "variable") return term.name;
  const text = escapeInPython(term.text);
  if (!text.includes('"')) return `"${text}"`;
  return text.includes("'") ? `"${text.replaceAll('"', "\\x22")}"` : `'${text}'`;
}

function scanComparison(scanner: MarkerScanner): MarkerComparison {
  const left = scanner.term();
  const operator = scanner.operator() as MarkerOperator;
  const right = scanner.term();
  if (isNameVariable(left)) return { kind: "comparison", left, operator, right: normalTerm(right) };
  if (isNameVariable(right)) return { kind: "comparison", left: normalTerm(left), operator, right };
  return { kind: "comparison", left, operator, right };
}

function isNameVariable(term: MarkerTerm): boolean {
  return (
    term.kind === "variable" &&
    (term.name === "extra" || term.name === "extras" || term.name === "dependency_groups")
  );
}

/** PEP 685: what is compared with the name of an extra is compared as such a name. */
function normalTerm(term: MarkerTerm): MarkerTerm {
  return term.kind === "value" ? { kind: "value", text: normalizeName(term.text) } : term;
}

function flush(waiting: ("and" | "or" | "(")[], steps: MarkerStep[], before: "and" | "or"): void {
  for (;;) {
    const top = waiting[waiting.length - 1];
    if (top === undefined || top === "(" || (top === "or" && before === "and")) return;
    steps.push({ kind: top });
    waiting.pop();
  }
}

function closeGroup(waiting: ("and" | "or" | "(")[], steps: MarkerStep[]): void {
  flush(waiting, steps, "or");
  waiting.pop();
  const last = steps[steps.length - 1]!.kind;
  if (last === "and" || last === "or") steps.push({ kind: "group" });
}

function withoutOuterGroup(steps: MarkerStep[]): MarkerStep[] {
  return steps[steps.length - 1]?.kind === "group" ? steps.slice(0, -1) : steps;
}

function invalidMarker(text: string, position: number, expected: string): ThothError {
  return new ThothError(
    "invalid-requirement",
    `The marker in ${quote(text)} is not valid: expected ${expected}`,
    {
      details: { position, expected, text: text.slice(0, 200) },
    },
  );
}
