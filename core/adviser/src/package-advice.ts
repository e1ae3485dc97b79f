// Why a package of a stack has its version, as data.

import type { Flaw } from "@thoth/knowledge";
import type { PackageName } from "@thoth/pep";
import type { RuleTerm } from "./rules.ts";

export interface Payment {
  readonly level: string;
  readonly cost: number;
}

export interface Demand {
  /** Undefined: the user. */
  readonly by: PackageName | undefined;
  /** Empty where any version will do. */
  readonly specifiers: string;
}

/** A newer release that was not taken. */
export interface PassedOver {
  readonly version: string;
  /** Demands that do not admit it; where there are none, the objective refused it. */
  readonly refusedBy: readonly Demand[];
  /** What it would pay more than the chosen one, from the first level on which they differ. */
  readonly difference: readonly Payment[];
  /** Flaws that it has and the chosen release has not. */
  readonly flaws: readonly Flaw[];
  /** Rules on that release alone that hold for it, and not for the chosen one. */
  readonly rules: readonly RuleTerm[];
}

export interface PackageAdvice {
  readonly name: PackageName;
  readonly version: string;
  readonly demands: readonly Demand[];
  /** Levels on which it costs something. */
  readonly pays: readonly Payment[];
  readonly newest: PassedOver | undefined;
  /** Known at the as-of date, and present in the chosen release. */
  readonly flaws: readonly Flaw[];
  /** Rules that hold for the stack and speak of this package first. */
  readonly rules: readonly RuleTerm[];
}
