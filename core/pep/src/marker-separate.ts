// The shortest marker found that is true in some of several environments and false in the others.

import { type Marker, parseMarker } from "./marker.ts";
import type { MarkerEnvironment } from "./marker-evaluate.ts";

/** By which environments are told apart, the plainest first. */
export const TELLING_VARIABLES = [
  "sys_platform",
  "platform_machine",
  "python_version",
  "implementation_name",
] as const satisfies readonly (keyof MarkerEnvironment)[];

type Variable = (typeof TELLING_VARIABLES)[number];
type Environment = Pick<MarkerEnvironment, Variable>;

/** `or` is to be put in parentheses before `and`; an undefined text is always true. */
interface Condition {
  readonly text: string | undefined;
  readonly joins: "and" | "or" | "nothing";
}

const ALWAYS: Condition = { text: undefined, joins: "nothing" };

/**
 * True in the environments that are chosen, at least one, among all of them; undefined where these are all. No two are alike in
 * the variables that tell environments apart.
 */
export function separatingMarker(
  all: readonly Environment[],
  chosen: readonly Environment[],
): Marker | undefined {
  const { text } = separate(all, new Set(chosen));
  return text === undefined ? undefined : parseMarker(text);
}

function separate(all: readonly Environment[], chosen: ReadonlySet<Environment>): Condition {
  if (all.every((one) => chosen.has(one))) return ALWAYS;
  let best: Condition | undefined;
  for (const variable of TELLING_VARIABLES) {
    const found = separateBy(variable, all, chosen);
    if (found !== undefined && (best === undefined || lengthOf(found) < lengthOf(best))) best = found;
  }
  if (best === undefined) throw new Error("two environments are alike to markers");
  return best;
}

function lengthOf({ text }: Condition): number {
  return text?.length ?? 0;
}

/** Undefined where the variable tells nothing apart. */
function separateBy(
  variable: Variable,
  all: readonly Environment[],
  chosen: ReadonlySet<Environment>,
): Condition | undefined {
  const groups = Map.groupBy(all, (one) => one[variable]);
  if (groups.size < 2) return undefined;
  /** By what else must hold: the values of the variable. */
  const values = new Map<string | undefined, { readonly rest: Condition; readonly values: string[] }>();
  for (const [value, group] of groups) {
    if (!group.some((one) => chosen.has(one))) continue;
    const rest = separate(group, chosen);
    const known = values.get(rest.text);
    if (known === undefined) values.set(rest.text, { rest, values: [value] });
    else known.values.push(value);
  }
  const known = [...groups.keys()];
  return either([...values.values()].map((one) => both(amongValues(variable, one.values, known), one.rest)));
}

function either(conditions: readonly Condition[]): Condition {
  const [only, ...others] = conditions;
  if (only !== undefined && others.length === 0) return only;
  return { text: conditions.map(({ text }) => text).join(" or "), joins: "or" };
}

function both(one: Condition, other: Condition): Condition {
  if (one.text === undefined) return other;
  if (other.text === undefined) return one;
  const parts = [one, other].map(({ text, joins }) => (joins === "or" ? `(${text})` : text));
  return { text: parts.join(" and "), joins: "and" };
}

function amongValues(variable: Variable, values: readonly string[], known: readonly string[]): Condition {
  const others = known.filter((value) => !values.includes(value));
  if (others.length === 0) return ALWAYS;
  const compare = (operator: string, value: string) => `${variable} ${operator} '${value}'`;
  const [first = ""] = values;
  if (variable === "python_version" && values.length > 1) {
    const bound = boundOf(values, others);
    if (bound !== undefined) return { text: compare(bound.operator, bound.value), joins: "nothing" };
  }
  if (values.length === 1) return { text: compare("==", first), joins: "nothing" };
  if (others.length < values.length) {
    const text = others.map((value) => compare("!=", value)).join(" and ");
    return { text, joins: others.length === 1 ? "nothing" : "and" };
  }
  return { text: values.map((value) => compare("==", value)).join(" or "), joins: "or" };
}

/** Where all of the values are on one side of the others. */
function boundOf(values: readonly string[], others: readonly string[]) {
  const [low, high] = [values.map(placeOf), others.map(placeOf)];
  if (Math.max(...low) < Math.min(...high)) return { operator: "<", value: least(others) };
  if (Math.min(...low) > Math.max(...high)) return { operator: ">=", value: least(values) };
  return undefined;
}

function least(values: readonly string[]): string {
  return values.reduce((a, b) => (placeOf(a) <= placeOf(b) ? a : b));
}

/** `3.12` → 3012. */
function placeOf(python: string): number {
  const [major = 0, minor = 0] = python.split(".").map(Number);
  return major * 1000 + minor;
}
