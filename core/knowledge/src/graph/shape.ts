// Descriptions of values that come as JSON, one for each type, which the compiler holds to it: a member that is left
// out of a description, or described otherwise, is an error of types. What is checked is bounded in depth and size.

/** What in a value is not as described. */
export interface Violation {
  /** JSON pointer (RFC 6901). */
  readonly at: string;
  readonly expected: string;
}

/** Finds the first violation. */
export interface Shape<T> {
  (value: unknown, budget: Budget): Violation | undefined;
  /** Holds the description to the type, neither wider nor narrower; there is no such member. */
  readonly of?: (value: T) => T;
}

export interface Optional<T> {
  readonly optional: Shape<T>;
}

export type Members<T> = {
  readonly [Name in keyof T]-?: Record<never, never> extends Pick<T, Name>
    ? Optional<Exclude<T[Name], undefined>>
    : Shape<T[Name]>;
};

const DEPTH_LIMIT = 64;
const VALUES_LIMIT = 2_000_000;
const ITEMS_LIMIT = 200_000;
const TEXT_LIMIT = 64 * 1024;
const NAME_LIMIT = 4096;

/** What may still be looked at. */
export class Budget {
  #depth = 0;
  #values = 0;
  /** The most bytes that the JSON of what was looked at can take. */
  bytes = 0;

  /** Looks at the members of a value. */
  within(look: () => Violation | undefined): Violation | undefined {
    if (this.#depth >= DEPTH_LIMIT) return violation(`at most ${DEPTH_LIMIT} levels`);
    this.#depth++;
    const found = look();
    this.#depth--;
    return found;
  }

  /** Counts a value, and the units of its text. */
  count(units: number): Violation | undefined {
    this.#values++;
    // A unit takes up to six bytes, as \u0000 does; a number up to 24, and what stands between values one.
    this.bytes += units * 6 + 26;
    return this.#values > VALUES_LIMIT ? violation(`at most ${VALUES_LIMIT} values`) : undefined;
  }
}

function violation(expected: string): Violation {
  return { at: "", expected };
}

function below(name: string | number, found: Violation | undefined): Violation | undefined {
  if (found === undefined) return undefined;
  const step = String(name).slice(0, 200).replaceAll("~", "~0").replaceAll("/", "~1");
  return { ...found, at: `/${step}${found.at}` };
}

export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape };
}

/** At most `limit` UTF-16 units. */
export function text(limit = TEXT_LIMIT): Shape<string> {
  return (value, budget) => {
    if (typeof value !== "string") return violation("text");
    return value.length > limit ? violation(`at most ${limit} characters`) : budget.count(value.length);
  };
}

export function textLike(pattern: RegExp, expected: string, limit = NAME_LIMIT): Shape<string> {
  return (value, budget) => {
    if (typeof value !== "string" || value.length > limit || !pattern.test(value)) return violation(expected);
    return budget.count(value.length);
  };
}

export function numberFrom(low: number, high: number): Shape<number> {
  const expected = `a number from ${low} to ${high}`;
  return (value, budget) =>
    typeof value === "number" && value >= low && value <= high ? budget.count(0) : violation(expected);
}

export const integer: Shape<number> = (value, budget) =>
  Number.isSafeInteger(value) ? budget.count(0) : violation("a whole number");

/** Zero or more; bytes, and how often. */
export const count: Shape<number> = (value, budget) =>
  Number.isSafeInteger(value) && (value as number) >= 0
    ? budget.count(0)
    : violation("zero or a whole number above");

export const finite: Shape<number> = (value, budget) =>
  typeof value === "number" && Number.isFinite(value) ? budget.count(0) : violation("a number");

export const flag: Shape<boolean> = (value, budget) =>
  typeof value === "boolean" ? budget.count(0) : violation("true or false");

export function oneOf<const T extends string>(...choices: readonly T[]): Shape<T> {
  const expected = `one of ${choices.join(", ")}`;
  return (value, budget) =>
    (choices as readonly unknown[]).includes(value) ? budget.count(16) : violation(expected);
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return (value, budget) => {
    if (!Array.isArray(value)) return violation("a list");
    if (value.length > ITEMS_LIMIT) return violation(`at most ${ITEMS_LIMIT} items`);
    return (
      budget.count(0) ??
      budget.within(() => {
        for (const [at, member] of value.entries()) {
          const found = below(at, item(member, budget));
          if (found !== undefined) return found;
        }
        return undefined;
      })
    );
  };
}

export function pair<A, B>(first: Shape<A>, second: Shape<B>): Shape<readonly [A, B]> {
  return (value, budget) => {
    if (!Array.isArray(value) || value.length !== 2) return violation("a pair");
    const members = () => below(0, first(value[0], budget)) ?? below(1, second(value[1], budget));
    return budget.count(0) ?? budget.within(members);
  };
}

/** Any names, each with a value of the same shape. */
export function dictionary<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, budget) => {
    if (!isObject(value)) return violation("an object");
    const entries = Object.entries(value);
    if (entries.length > ITEMS_LIMIT) return violation(`at most ${ITEMS_LIMIT} members`);
    return (
      budget.count(0) ??
      budget.within(() => {
        for (const [name, member] of entries) {
          const found = name.length > NAME_LIMIT ? violation("a shorter name") : budget.count(name.length);
          const wrong = below(name, found ?? item(member, budget));
          if (wrong !== undefined) return wrong;
        }
        return undefined;
      })
    );
  };
}

/** These members and no others. */
export function record<T extends object>(members: Members<T>): Shape<T> {
  const described = new Map(Object.entries(members) as [string, Shape<unknown> | Optional<unknown>][]);
  return (value, budget) => {
    if (!isObject(value)) return violation("an object");
    const stranger = Object.keys(value).find((name) => !described.has(name));
    if (stranger !== undefined) return below(stranger, violation("nothing"));
    return budget.count(0) ?? budget.within(() => memberViolation(value, described, budget));
  };
}

function memberViolation(
  value: Readonly<Record<string, unknown>>,
  described: ReadonlyMap<string, Shape<unknown> | Optional<unknown>>,
  budget: Budget,
): Violation | undefined {
  for (const [name, shape] of described) {
    const isThere = Object.hasOwn(value, name);
    if (!isThere && typeof shape === "object") continue;
    if (!isThere) return below(name, violation("to be there"));
    const check = typeof shape === "object" ? shape.optional : shape;
    const found = below(name, budget.count(name.length) ?? check(value[name], budget));
    if (found !== undefined) return found;
  }
  return undefined;
}

type OfKind<T, Kind> = T extends { readonly kind: infer Kinds } ? (Kind extends Kinds ? T : never) : never;

/** Told apart by the member `kind`. */
export function variants<T extends { readonly kind: string }>(
  shapes: {
    readonly [Kind in T["kind"]]: Shape<OfKind<T, Kind>>;
  },
): Shape<T> {
  const byKind = new Map(Object.entries(shapes) as [string, Shape<unknown>][]);
  return (value, budget) => {
    if (!isObject(value)) return violation("an object");
    const kind = Object.hasOwn(value, "kind") ? value["kind"] : undefined;
    const shape = typeof kind === "string" ? byKind.get(kind) : undefined;
    return shape === undefined
      ? below("kind", violation(`one of ${[...byKind.keys()].join(", ")}`))
      : shape(value, budget);
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
