// What developers know of releases that no metadata tells, as the search minds it: terms on one release or on several
// chosen together. They come from prescriptions; whoever reads those makes a book of them.

import { type PackageName, type Specifiers, specifiersContain, type Version } from "@thoth/pep";

export interface RuleJustification {
  readonly type: "INFO" | "WARNING" | "ERROR";
  readonly message: string;
  readonly link: string;
}

export interface RuleCondition {
  readonly name: PackageName;
  /** Undefined: any version. */
  readonly specifiers: Specifiers | undefined;
  /** Pre-releases may meet it. */
  readonly prereleases?: boolean | undefined;
}

/** It holds where every condition does: the package is chosen, in a version that the specifiers admit. */
export interface RuleTerm {
  /** Full name of the unit. */
  readonly unit: string;
  /** -1 to 1; a stack is the better the more. */
  readonly score: number;
  /** Why this must not be; undefined where it may. */
  readonly forbids: string | undefined;
  readonly when: readonly [RuleCondition, ...RuleCondition[]];
  readonly justification: readonly RuleJustification[];
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
}

/** Points of a combination of several packages that a rule forbids: more than any that it scores. */
const FORBIDDEN = 1_000_000;

/** Points that a term costs; negative for a reward. */
export function ruleCost({ score, forbids, when }: RuleTerm): number {
  if (forbids !== undefined) return when.length > 1 ? FORBIDDEN : 0;
  return Math.round(-1000 * score);
}

export function conditionHolds({ specifiers, prereleases }: RuleCondition, version: Version): boolean {
  return (
    specifiers === undefined || specifiersContain(specifiers, version, { prereleases: prereleases === true })
  );
}

/** Terms on that release alone that forbid it. */
export function forbiddenBy(
  book: RuleBook | undefined,
  name: PackageName,
): ((version: Version) => boolean) | undefined {
  const terms = (book?.termsOf(name) ?? []).filter(
    ({ forbids, when }) => forbids !== undefined && when.length === 1,
  );
  return terms.length === 0
    ? undefined
    : (version) => terms.some(({ when: [only] }) => conditionHolds(only, version));
}

/** The terms that hold for a stack, in the order of their units' names. */
export function holdingTerms(book: RuleBook, stack: ReadonlyMap<PackageName, Version>): readonly RuleTerm[] {
  const holding: RuleTerm[] = [];
  for (const name of stack.keys()) {
    for (const term of [...book.termsOf(name), ...book.notesOf(name)]) {
      const holds = term.when.every((condition) => {
        const version = stack.get(condition.name);
        return version !== undefined && conditionHolds(condition, version);
      });
      if (holds) holding.push(term);
    }
  }
  return holding.sort((a, b) => (a.unit < b.unit ? -1 : 1));
}

/** The names of the units that hold for a stack, each once, sorted. */
export function holdingUnits(book: RuleBook, stack: ReadonlyMap<PackageName, Version>): readonly string[] {
  const units = holdingTerms(book, stack).map(({ unit }) => unit);
  for (const name of stack.keys()) units.push(...book.skippersOf(name));
  return [...new Set(units)].sort();
}
