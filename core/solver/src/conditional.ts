// What several choices have together: "if A is in S and B in T, that costs c" or "... that needs C". Each becomes an
// auxiliary package that a release of S needs. Its releases are the ways to have it: B is not in T (free), or all
// conditions hold (c, or C). A dependency that may be met in several ways becomes one likewise. So the search, its
// bounds and its proofs know nothing of conditions.

import type { Assignment, Dependency, Facts, PackageFacts, Problem } from "./problem.ts";
import { complement, fullSet, has, type ReleaseSet, setFromRanges } from "./release-set.ts";

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

export interface ConditionalNeed {
  readonly needs: readonly Dependency[];
  /** Of one package or more, none of them twice. */
  readonly when: readonly Condition[];
}

/** Ways to meet a dependency; a tie is settled for the first. */
export interface Choice {
  /** The ways are asked for when these packages are known. */
  readonly awaits: readonly number[];
  /** At least one: what each needs. */
  ways(): readonly (readonly Dependency[])[];
  /** Choices that have the same one take the same way. */
  readonly together?: object;
  /** What the way that they take costs: a row per level, as for the releases of a package. */
  costs?(): PackageFacts["costs"];
}

/**
 * The conditional costs whose first condition is on a package. Asked once, when the needs of one of its releases are
 * first asked for.
 */
export type ConditionalCosts = (id: number) => readonly ConditionalCost[];

/** A package of one release without needs, for what the key stands for: it is chosen where something needs it. */
export type Mark = (key: object) => Condition;

export interface Dependent {
  readonly package: number;
  readonly release: number;
}

export interface Conditions {
  costs(id: number, mark: Mark): readonly ConditionalCost[];
  /** Likewise. */
  needs?(id: number, mark: Mark): readonly ConditionalNeed[];
  /** What a dependency of a package's release (undefined: of the roots) becomes; undefined: as it is. */
  instead?(
    dependency: Dependency,
    by: Dependent | undefined,
    mark: Mark,
  ): readonly Dependency[] | Choice | undefined;
}

export interface ConditionalProblem extends Problem {
  /** The host's package for which a package waits: an auxiliary one may wait for another. */
  awaited(id: number): number;
  /** What the dependencies of a release, or of the roots, came to: packages of the host alone. */
  met(dependencies: readonly Dependency[], assignment: Assignment, by?: Dependent): readonly Dependency[];
  /** The same of one that is declared. */
  followed(dependency: Dependency, assignment: Assignment, by?: Dependent): readonly Dependency[];
}

interface Auxiliary {
  /** Range of all its releases. */
  readonly range: number;
  readonly facts: PackageFacts;
  readonly needs: readonly (readonly Dependency[])[];
}

type AuxiliaryRange =
  | { readonly kind: "all"; readonly of: () => number }
  | { readonly kind: "one"; readonly release: number; readonly of: () => number }
  | { readonly kind: "other"; readonly than: Condition };

/** The problem with conditions. The host's own packages and ranges are numbers from 0; auxiliary ones lie below. */
export function withConditions(
  problem: Problem,
  conditions: ConditionalCosts | Conditions,
): ConditionalProblem {
  const facts = new ConditionalFacts(
    problem,
    typeof conditions === "function" ? { costs: conditions } : conditions,
  );
  return {
    ...problem,
    facts,
    roots: facts.replaced(problem.roots),
    awaited: (id) => facts.awaited(id),
    met: (dependencies, assignment, by) => facts.met(dependencies, assignment, by),
    followed: (dependency, assignment, by) => facts.followed([dependency], assignment, by),
  };
}

class ConditionalFacts implements Facts {
  readonly #facts: Facts;
  readonly #levels: number;
  readonly #conditions: Conditions;
  readonly #auxiliaries: (Auxiliary | (() => Auxiliary))[] = [];
  readonly #ranges: AuxiliaryRange[] = [];
  /** By package: the auxiliaries that hang on it, and what its releases need beside. */
  readonly #hanging = new Map<number, readonly Hanging[]>();
  readonly #choices = new Map<Choice, Dependency>();
  readonly #awaited = new Map<number, readonly number[]>();
  /** By what is common to choices: the package that says which way they take. */
  readonly #switches = new Map<object, number>();
  readonly #marks = new Map<object, Condition>();
  readonly #mark: Mark = (key) => {
    let found = this.#marks.get(key);
    if (found === undefined) {
      const range = this.#all(() => 1);
      const facts = { releases: 1, costs: [], auxiliary: true };
      found = { package: -this.#auxiliaries.push({ range, facts, needs: [[]] }), range };
      this.#marks.set(key, found);
    }
    return found;
  };

  constructor({ facts, levels }: Problem, conditions: Conditions) {
    this.#facts = facts;
    this.#levels = levels;
    this.#conditions = conditions;
  }

  awaited(id: number): number {
    const awaited = this.#awaited.get(id) ?? [];
    return awaited.find((one) => this.#facts.package(one) === undefined) ?? id;
  }

  package(id: number): PackageFacts | undefined {
    if (id >= 0) return this.#facts.package(id);
    if (this.awaited(id) !== id) return undefined;
    return this.#auxiliary(id).facts;
  }

  dependencies(id: number, release: number): readonly Dependency[] | "unusable" | undefined {
    if (id < 0) return this.#auxiliary(id).needs[release];
    const own = this.#facts.dependencies(id, release);
    if (own === undefined || own === "unusable") return own;
    const needs = this.replaced(own, { package: id, release });
    const hanging = this.#hangingOn(id);
    if (hanging.length === 0) return needs;
    const fitting = hanging.filter(({ first }) => has(this.#facts.admitted(first.range), release));
    return [...needs, ...fitting.flatMap((one) => one.needs)];
  }

  atHand(id: number): readonly number[] {
    return id < 0 ? [] : (this.#facts.atHand?.(id) ?? []);
  }

  met(dependencies: readonly Dependency[], assignment: Assignment, by?: Dependent): readonly Dependency[] {
    const hanging = by === undefined ? [] : this.#hangingOn(by.package);
    const added = hanging.filter(({ first }) => has(this.#facts.admitted(first.range), by?.release ?? -1));
    const beside = added.flatMap(({ needs }) => needs);
    return [
      ...this.followed(dependencies, assignment, by),
      ...beside.flatMap((dependency) => this.#followed(dependency, assignment)),
    ];
  }

  followed(
    dependencies: readonly Dependency[],
    assignment: Assignment,
    by?: Dependent,
  ): readonly Dependency[] {
    return this.replaced(dependencies, by).flatMap((dependency) => this.#followed(dependency, assignment));
  }

  #followed(dependency: Dependency, assignment: Assignment): readonly Dependency[] {
    const { package: id, optional } = dependency;
    if (optional === true) return [];
    if (id >= 0) return [dependency];
    const needs = this.#auxiliary(id).needs[assignment.get(id) ?? -1] ?? [];
    return needs.flatMap((one) => this.#followed(one, assignment));
  }

  replaced(dependencies: readonly Dependency[], by?: Dependent): readonly Dependency[] {
    const conditions = this.#conditions;
    if (conditions.instead === undefined) return dependencies;
    let replaced: Dependency[] | undefined;
    for (let i = 0; i < dependencies.length; i++) {
      const dependency = dependencies[i]!;
      const other = conditions.instead(dependency, by, this.#mark);
      if (other !== undefined) {
        replaced ??= dependencies.slice(0, i);
        replaced.push(...("ways" in other ? [this.#choose(other)] : other));
      } else replaced?.push(dependency);
    }
    return replaced ?? dependencies;
  }

  admitted(range: number): ReleaseSet {
    if (range >= 0) return this.#facts.admitted(range);
    const auxiliary = this.#ranges[-range - 1]!;
    if (auxiliary.kind === "all") return fullSet(auxiliary.of());
    if (auxiliary.kind === "one")
      return setFromRanges(auxiliary.of(), [auxiliary.release, auxiliary.release + 1]);
    const { package: id, range: than } = auxiliary.than;
    return complement(this.admitted(than), this.package(id)!.releases);
  }

  #auxiliary(id: number): Auxiliary {
    let found = this.#auxiliaries[-id - 1]!;
    if (typeof found === "function") {
      found = found();
      this.#auxiliaries[-id - 1] = found;
    }
    return found;
  }

  #hangingOn(id: number): readonly Hanging[] {
    let hanging = this.#hanging.get(id);
    if (hanging === undefined) {
      hanging = [
        ...this.#conditions.costs(id, this.#mark).map((cost) => this.#hang(cost.when, [], cost)),
        ...(this.#conditions.needs?.(id, this.#mark) ?? []).map(({ when, needs }) => this.#hang(when, needs)),
      ];
      this.#hanging.set(id, hanging);
    }
    return hanging;
  }

  #hang(when: readonly Condition[], needs: readonly Dependency[], cost?: ConditionalCost): Hanging {
    const [first, ...others] = when as [Condition, ...Condition[]];
    if (others.length === 0) {
      if (cost !== undefined) throw new Error("a conditional cost has two conditions or more");
      return { first, needs };
    }
    const releases = others.length + 1;
    const row = new Float64Array(releases);
    row[others.length] = cost?.cost ?? 0;
    const costs = Array.from({ length: this.#levels }, (_, level) =>
      level === cost?.level ? row : undefined,
    );
    const ways = others.map((than) => [
      { package: than.package, range: -this.#ranges.push({ kind: "other", than }), optional: true },
    ]);
    // Where a way out is open, a need would be met for nothing: ties are settled for the ways out.
    const facts = { releases, costs, auxiliary: cost !== undefined };
    const range = this.#all(() => releases);
    const id = -this.#auxiliaries.push({ range, facts, needs: [...ways, needs] });
    return { first, needs: [{ package: id, range }] };
  }

  #choose(choice: Choice): Dependency {
    let found = this.#choices.get(choice);
    if (found === undefined) {
      const range = this.#all(() => this.#auxiliary(id).facts.releases);
      const id: number = -this.#auxiliaries.push(() => {
        const needs = choice.ways().map((way, at) => [...way, ...this.#switchTo(choice, at)]);
        return { range, needs, facts: { releases: needs.length, costs: [] } };
      });
      this.#awaited.set(id, choice.awaits);
      found = { package: id, range };
      this.#choices.set(choice, found);
    }
    return found;
  }

  /** Holds all choices that go together to the way. */
  #switchTo(choice: Choice, release: number): Dependency[] {
    const { together } = choice;
    if (together === undefined) return [];
    const of = () => choice.ways().length;
    let id = this.#switches.get(together);
    if (id === undefined) {
      const facts = { releases: of(), costs: choice.costs?.() ?? [] };
      id = -this.#auxiliaries.push({
        range: this.#all(of),
        facts,
        needs: new Array(facts.releases).fill([]),
      });
      this.#switches.set(together, id);
    }
    return [{ package: id, range: -this.#ranges.push({ kind: "one", release, of }) }];
  }

  #all(of: () => number): number {
    return -this.#ranges.push({ kind: "all", of });
  }
}

interface Hanging {
  readonly first: Condition;
  readonly needs: readonly Dependency[];
}
