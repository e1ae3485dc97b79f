// What developers know of releases that no metadata tells, as the search minds it: terms on one release or on several
// chosen together. They come from prescriptions; whoever reads those makes a book of them.

import type { PackageName, Version } from "@thoth/pep";
import type { RuleBoot, RuleChanges } from "./rule-changes.ts";
import {
  conditionHolds,
  type RuleCondition,
  type RuledRelease,
  type RuleJustification,
  type RulePattern,
} from "./rule-condition.ts";

/**
 * The term of an objective on which a rule counts: what developers say, what was seen to fail, and how much slower than the
 * newest release it was measured to be, and how little is proved of a project.
 */
export const COUNTED = ["rule", "breakage", "slowness", "unproven"] as const;
export type Counted = (typeof COUNTED)[number];

/** It holds where every condition does: the package is chosen, in a version that the specifiers admit. */
export interface RuleTerm {
  /** Full name of the unit. */
  readonly unit: string;
  /** A stack is the better the more. -1 to 1 where it counts as a rule, not above 0 where it counts as breakage or unproven. */
  readonly score: number;
  /** Default: `rule`. */
  readonly counts?: Counted | undefined;
  /** Why this must not be; undefined where it may. */
  readonly forbids: string | undefined;
  readonly when: readonly [RuleCondition, ...RuleCondition[]];
  /** Each must be met by some package of the stack. */
  readonly somewhere?: readonly RulePattern[] | undefined;
  readonly justification: readonly RuleJustification[];
  /** Told of the stack. */
  readonly stackInfo?: readonly RuleJustification[] | undefined;
  /** Instead of `justification`, for the version that is chosen. */
  readonly justify?: ((version: Version) => readonly RuleJustification[]) | undefined;
}

export interface RuleBook {
  /** Books of the same text say the same. */
  readonly identity: string;
  /** Terms whose first condition is on the package, in the order of their units' names. */
  termsOf(name: PackageName): readonly RuleTerm[];
  /** Terms that only annotate, likewise. */
  notesOf(name: PackageName): readonly RuleTerm[];
  /** Units that leave the package out where others need it. */
  skippersOf(name: PackageName): readonly string[];
  /** What rules do to the needs of releases. */
  readonly changes?: RuleChanges | undefined;
  /** What is said, or refused, before the search. */
  readonly boots?: readonly RuleBoot[] | undefined;
  /** Patterns of terms that any package may meet. */
  readonly loose?: readonly RulePattern[] | undefined;
  /** What is said of every stack. */
  readonly remarks?: readonly RuleJustification[] | undefined;
}

export type RuledStack = ReadonlyMap<PackageName, RuledRelease>;

/** Points of a combination of several packages that a rule forbids: more than any that it scores. */
const FORBIDDEN = 1_000_000;

/** A term on one release alone. */
export function isSingle({ when: [first], when, somewhere = [] }: RuleTerm): boolean {
  return when.length === 1 && somewhere.length === 0 && first.onlyFor === undefined;
}

/** Points that a term costs; negative for a reward. */
export function ruleCost(term: RuleTerm): number {
  if (term.forbids !== undefined) return isSingle(term) ? 0 : FORBIDDEN;
  return Math.round(-1000 * term.score);
}

/** Terms on that release alone that forbid it. */
export function forbiddenBy(
  book: RuleBook | undefined,
  name: PackageName,
): ((release: RuledRelease) => boolean) | undefined {
  const terms = (book?.termsOf(name) ?? []).filter((term) => term.forbids !== undefined && isSingle(term));
  return terms.length === 0
    ? undefined
    : (release) => terms.some(({ when: [only] }) => conditionHolds(only, release));
}

/** Whether something that is said of several packages, some of them in the stack, speaks of that release of one of them. */
export function isInCombination(
  book: RuleBook,
  stack: Iterable<PackageName>,
  { name, release }: { readonly name: PackageName; readonly release: RuledRelease },
): boolean {
  const isMeant = (condition: RuleCondition) => condition.name === name && conditionHolds(condition, release);
  const isMet = (pattern: RulePattern) => conditionHolds(pattern, release);
  if (book.loose?.some(isMet) === true) return true;
  for (const other of stack) {
    const terms = book.termsOf(other).filter((term) => !isSingle(term) && ruleCost(term) > 0);
    if (terms.some(({ when, somewhere = [] }) => when.some(isMeant) || somewhere.some(isMet))) return true;
    if (book.changes?.additionsOf(other).some(({ when }) => when.some(isMeant)) === true) return true;
  }
  return false;
}

export function holdsIn(stack: RuledStack, condition: RuleCondition): boolean {
  const { name, requires, onlyFor } = condition;
  const release = stack.get(name);
  return (
    release !== undefined &&
    conditionHolds(condition, release) &&
    (requires === undefined || stack.get(requires)?.requiredBy?.has(name) === true) &&
    (onlyFor === undefined || release.requiredBy?.isSubsetOf(new Set(onlyFor)) === true)
  );
}

function termHolds({ when, somewhere = [] }: RuleTerm, stack: RuledStack): boolean {
  return (
    when.every((condition) => holdsIn(stack, condition)) &&
    somewhere.every((pattern) => stack.values().some((release) => conditionHolds(pattern, release)))
  );
}

/** The terms that hold for a stack, in the order of their units' names. */
export function holdingTerms(book: RuleBook, stack: RuledStack): readonly RuleTerm[] {
  const holding: RuleTerm[] = [];
  for (const [name, release] of stack) {
    for (const term of [...book.termsOf(name), ...book.notesOf(name)]) {
      if (!termHolds(term, stack)) continue;
      const { justify } = term;
      holding.push(justify === undefined ? term : { ...term, justification: justify(release.version) });
    }
  }
  return holding.sort((a, b) => (a.unit < b.unit ? -1 : 1));
}

/** Units that would change needs of such a stack. */
function changesThatHold({ changes }: RuleBook, name: PackageName, stack: RuledStack): readonly string[] {
  const release = stack.get(name);
  if (changes === undefined || release === undefined) return [];
  const holds = (condition: RuleCondition) => holdsIn(stack, condition);
  return [
    ...changes.additionsOf(name).filter(({ when }) => when.every(holds)),
    ...changes
      .skipsOf(name)
      .filter(
        ({ skips, of, given }) =>
          conditionHolds(skips, release) && [...(of ? [of] : []), ...given].every(holds),
      ),
    ...changes.pseudonymsOf(name).filter(({ replaces }) => conditionHolds(replaces, release)),
  ].map(({ unit }) => unit);
}

/** The names of the units that hold for a stack, each once, sorted. */
export function holdingUnits(book: RuleBook, stack: RuledStack): readonly string[] {
  const units = holdingTerms(book, stack).map(({ unit }) => unit);
  for (const name of stack.keys())
    units.push(...book.skippersOf(name), ...changesThatHold(book, name, stack));
  return [...new Set(units)].sort();
}
