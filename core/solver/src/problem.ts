// What a host tells the solver, in integers only. Packages, releases and ranges are ranks that the host
// chooses; the solver never learns what they stand for. Facts are pulled and may be unknown when first asked
// for: the solver then assumes the best of them (an unknown release has no dependencies), so a proof never
// needs facts that could not matter, and says what it would like to know.

import type { ReleaseSet } from "./release-set.ts";

/** A package of the problem: its releases are 0 … releases-1, the most preferred first. */
export interface PackageFacts {
  readonly releases: number;
  /**
   * One row per level of the objective, one non-negative integer (< 2^53 in sum) per release. A missing row
   * costs nothing. Not choosing the package costs 0.
   */
  readonly costs: readonly (ArrayLike<number> | undefined)[];
  /**
   * Another package with the same releases that must be chosen whenever this one is, in the same release
   * (an extra and its base).
   */
  readonly mirrors?: number | undefined;
  /** Which of its releases is chosen settles no tie, and whoever asked will not look at it. */
  readonly auxiliary?: boolean;
}

/** "If the dependent is chosen, so is `package`, within `range`"; `optional`: "if `package` is chosen, then within `range`". */
export interface Dependency {
  readonly package: number;
  /** A handle of the host's for a set of releases of `package`: equal ranges should be equal numbers. */
  readonly range: number;
  readonly optional?: boolean;
}

export interface Facts {
  /** Undefined while unknown. A package that does not exist has `releases: 0`. */
  package(id: number): PackageFacts | undefined;
  /** Undefined while unknown; `unusable` for a release that turned out not to be installable at all. */
  dependencies(id: number, release: number): readonly Dependency[] | "unusable" | undefined;
  /** Releases whose dependencies cost nothing to tell: they are asked for as soon as the package is known. */
  atHand?(id: number): readonly number[];
  /** Asked only when the range's package is known. */
  admitted(range: number): ReleaseSet;
}

export interface Problem {
  readonly facts: Facts;
  /** What must hold, in the order in which the user named it (order settles ties only). */
  readonly roots: readonly Dependency[];
  /** Number of levels of the objective, minimised lexicographically; row i of `PackageFacts.costs` is level i. */
  readonly levels: number;
  /** What each of the first levels may cost at most; these levels are not minimised, only the ones after them. */
  readonly limits?: readonly number[] | undefined;
}

export interface Budget {
  /** True when the search should pause; asked every few hundred steps, each a decision or a conflict, with their number so far. */
  spent(steps: number): boolean;
}

/** The chosen release of each chosen package. */
export type Assignment = ReadonlyMap<number, number>;

export interface LevelResult {
  readonly value: number;
  /** No stack has less, given optimal values of the levels before. Equal to `value` when proved; 0 where the problem has a limit. */
  readonly bound: number;
}

export type StepResult =
  /** Facts that would let the search go on, the most urgent first; any subset may be supplied before the next step. */
  | {
      readonly kind: "needs";
      readonly packages: readonly number[];
      readonly releases: readonly { readonly package: number; readonly release: number }[];
    }
  | { readonly kind: "solved"; readonly assignment: Assignment; readonly levels: readonly LevelResult[] }
  | { readonly kind: "unsatisfiable" }
  /** The budget is spent: the best so far (with bounds), if any; `step` may be called again. */
  | {
      readonly kind: "paused";
      readonly best?: { readonly assignment: Assignment; readonly levels: readonly LevelResult[] };
    };

/** One line of a minimal core: `releases` of `package` (undefined: the roots) demand `dependency`. */
export interface CoreLine {
  readonly package: number | undefined;
  /** Releases that share this line, of the dependent; empty for the roots. */
  readonly releases: ReleaseSet | undefined;
  readonly dependency: Dependency;
}
