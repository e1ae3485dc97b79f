// What rules do to the needs of releases, and what they say before the search: data, as rules.ts.

import type { PackageName } from "@thoth/pep";
import type { RuleCondition, RuleJustification, RulePattern } from "./rule-condition.ts";

interface RuleHead {
  /** Full name of the unit. */
  readonly unit: string;
  readonly stackInfo: readonly RuleJustification[];
}

/** Where every condition holds, the first package needs another. */
export interface RuleAddition extends RuleHead {
  readonly when: readonly [RuleCondition, ...RuleCondition[]];
  readonly adds: RuleCondition;
}

/** A dependency on a package that need not be met. */
export interface RuleSkip extends RuleHead {
  /** The releases of which one may do without. */
  readonly skips: RulePattern;
  /** Whose dependency; undefined: everybody's. */
  readonly of: RuleCondition | undefined;
  /** Though others need the package, those do without, whatever its version. */
  readonly allowOther: boolean;
  /** Direct requirements of the project; all must be chosen so. */
  readonly given: readonly RuleCondition[];
}

/** Another package that whoever needs this one may have instead. */
export interface RulePseudonym extends RuleHead {
  readonly replaces: RulePattern;
  readonly by: RuleCondition;
  /** In the version that was asked for. */
  readonly matchedVersion: boolean;
}

/** In the order of their units' names. */
export interface RuleChanges {
  /** Those whose first condition is on the package. */
  additionsOf(name: PackageName): readonly RuleAddition[];
  skipsOf(name: PackageName): readonly RuleSkip[];
  pseudonymsOf(name: PackageName): readonly RulePseudonym[];
}

export interface RuleBoot extends RuleHead {
  /** It speaks where the project requires one of these itself; none: always. */
  readonly packages: readonly PackageName[];
  /** Why nothing is to be advised. */
  readonly refuses: string | undefined;
}

/** The boots that speak to a project. */
export function speakingBoots(
  boots: readonly RuleBoot[],
  isDirect: (name: PackageName) => boolean,
): readonly RuleBoot[] {
  return boots.filter(({ packages }) => packages.length === 0 || packages.some(isDirect));
}

/** Why nothing is to be advised for a project, in words of the first that refuses; undefined where none does. */
export function refusalBy(
  boots: readonly RuleBoot[],
  isDirect: (name: PackageName) => boolean,
): string | undefined {
  const refusing = speakingBoots(boots, isDirect).filter(({ refuses }) => refuses !== undefined);
  const [first] = refusing.toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
  return first?.refuses;
}
