// Costs that several choices have together: "if A is in S and B in T, that costs c". Each becomes an auxiliary package
// that a release of S needs. Its releases are the ways to have it: B is not in T (free), C is not in U (free), or all
// conditions hold (c). So the search, its bounds and its proofs know nothing of conditions.

import type { Dependency, Facts, PackageFacts, Problem } from "./problem.ts";
import { complement, fullSet, has, type ReleaseSet } from "./release-set.ts";

/** The package is chosen, within the range. */
export interface Condition {
  readonly package: number;
  readonly range: number;
}

export interface ConditionalCost {
  readonly level: number;
  /** A positive integer. */
  readonly cost: number;
  /** Of two packages or more, none of them twice. */
  readonly when: readonly Condition[];
}

/**
 * The conditional costs whose first condition is on a package. Asked once, when the needs of one of its releases are
 * first asked for.
 */
export type ConditionalCosts = (id: number) => readonly ConditionalCost[];

interface Auxiliary {
  /** Range of all its releases. */
  readonly range: number;
  readonly cost: ConditionalCost;
  readonly facts: PackageFacts;
  readonly needs: readonly (readonly Dependency[])[];
}

type AuxiliaryRange =
  | { readonly kind: "all"; readonly releases: number }
  | { readonly kind: "other"; readonly than: Condition };

/** The problem with conditional costs. The host's own packages and ranges are numbers from 0; auxiliary ones lie below. */
export function withConditions(problem: Problem, costs: ConditionalCosts): Problem {
  return { ...problem, facts: new ConditionalFacts(problem, costs) };
}

class ConditionalFacts implements Facts {
  readonly #facts: Facts;
  readonly #levels: number;
  readonly #costs: ConditionalCosts;
  readonly #auxiliaries: Auxiliary[] = [];
  readonly #ranges: AuxiliaryRange[] = [];
  /** By package: the auxiliaries that hang on it. */
  readonly #hanging = new Map<number, readonly number[]>();

  constructor({ facts, levels }: Problem, costs: ConditionalCosts) {
    this.#facts = facts;
    this.#levels = levels;
    this.#costs = costs;
  }

  package(id: number): PackageFacts | undefined {
    return id < 0 ? this.#auxiliary(id).facts : this.#facts.package(id);
  }

  dependencies(id: number, release: number): readonly Dependency[] | "unusable" | undefined {
    if (id < 0) return this.#auxiliary(id).needs[release];
    const own = this.#facts.dependencies(id, release);
    if (own === undefined || own === "unusable") return own;
    const fitting = this.#hangingOn(id).filter((aux) => {
      const [first] = this.#auxiliary(aux).cost.when as [Condition];
      return has(this.#facts.admitted(first.range), release);
    });
    if (fitting.length === 0) return own;
    return [...own, ...fitting.map((aux) => ({ package: aux, range: this.#auxiliary(aux).range }))];
  }

  admitted(range: number): ReleaseSet {
    if (range >= 0) return this.#facts.admitted(range);
    const auxiliary = this.#ranges[-range - 1]!;
    if (auxiliary.kind === "all") return fullSet(auxiliary.releases);
    const { package: id, range: than } = auxiliary.than;
    return complement(this.#facts.admitted(than), this.#facts.package(id)!.releases);
  }

  #auxiliary(id: number): Auxiliary {
    return this.#auxiliaries[-id - 1]!;
  }

  #hangingOn(id: number): readonly number[] {
    let hanging = this.#hanging.get(id);
    if (hanging === undefined) {
      hanging = this.#costs(id).map((cost) => -this.#auxiliaries.push(this.#make(cost)));
      this.#hanging.set(id, hanging);
    }
    return hanging;
  }

  #make(cost: ConditionalCost): Auxiliary {
    const [, ...others] = cost.when;
    if (others.length === 0) throw new Error("a conditional cost has two conditions or more");
    const releases = others.length + 1;
    const row = new Float64Array(releases);
    row[others.length] = cost.cost;
    const costs = Array.from({ length: this.#levels }, (_, level) =>
      level === cost.level ? row : undefined,
    );
    const ways = others.map((than) => [
      { package: than.package, range: -this.#ranges.push({ kind: "other", than }), optional: true },
    ]);
    return {
      range: -this.#ranges.push({ kind: "all", releases }),
      cost,
      facts: { releases, costs, auxiliary: true },
      needs: [...ways, []],
    };
  }
}
