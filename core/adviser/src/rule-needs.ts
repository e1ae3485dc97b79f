// The rules of a book as conditions of the search: what several choices cost together, packages that are needed beside,
// dependencies that need not be met, or by another package.

import type { PackageName } from "@thoth/pep";
import type {
  Choice,
  Condition,
  ConditionalCost,
  ConditionalNeed,
  Conditions,
  Dependency,
  Dependent,
  Mark,
} from "@thoth/solver";
import type { RulePseudonym, RuleSkip } from "./rule-changes.ts";
import { conditionHolds, patternText, type RuleCondition } from "./rule-condition.ts";
import { ASKS, BINDS, RELEASES } from "./rule-roles.ts";
import { RuleWays } from "./rule-ways.ts";
import { isSingle, type RuleBook, type RuleTerm, ruleCost } from "./rules.ts";
import type { Universe } from "./universe.ts";

type Instead = readonly Dependency[] | Choice;

export class RuleNeeds implements Conditions {
  readonly #universe: Universe;
  readonly #book: RuleBook | undefined;
  readonly #ways: RuleWays;
  /** By what is marked: packages that require another, and packages of any name that meet a pattern. */
  readonly #keys = new Map<string, object>();
  /** By the dependency and the rules that change it. */
  readonly #changed = new Map<string, Instead>();
  /** By package. */
  readonly #roles: (number | undefined)[] = [];

  constructor(universe: Universe, book: RuleBook | undefined) {
    this.#universe = universe;
    this.#book = book;
    this.#ways = new RuleWays(universe);
  }

  costs(id: number, mark: Mark): readonly ConditionalCost[] {
    const { name, extra } = this.#universe.packageOf(id);
    if (extra !== undefined) return [];
    const repeats = this.#universe.repeatCosts(name);
    return this.#binds(name) ? [...this.#ruleCosts(name, mark), ...repeats] : repeats;
  }

  /** Rewards of several packages count nothing. */
  #ruleCosts(name: PackageName, mark: Mark): ConditionalCost[] {
    const terms = (this.#book?.termsOf(name) ?? []).filter(
      (term) => !isSingle(term) && isMinded(term) && ruleCost(term) > 0,
    );
    return terms.flatMap((term) => {
      const when = this.#conditionsOf(term.when, mark);
      for (const pattern of term.somewhere ?? []) when.push(mark(this.#keyOf(patternText(pattern))));
      return this.#universe.ruleWeights[term.counts ?? "rule"].flatMap((weight, level) =>
        weight === 0 ? [] : [{ level, cost: weight * ruleCost(term), when }],
      );
    });
  }

  needs(id: number, mark: Mark): readonly ConditionalNeed[] {
    const { name, extra } = this.#universe.packageOf(id);
    if (extra !== undefined) return [];
    const added = this.#binds(name) ? (this.#book?.changes?.additionsOf(name) ?? []) : [];
    const additions = added.map(({ when, adds }) => ({
      when: this.#conditionsOf(when, mark),
      needs: [this.#universe.condition(adds.name, adds)],
    }));
    const loose = (this.#book?.loose ?? []).map((pattern) => ({
      when: [this.#universe.condition(name, pattern)],
      needs: [mark(this.#keyOf(patternText(pattern)))],
    }));
    return [...additions, ...loose];
  }

  instead(dependency: Dependency, by: Dependent | undefined, mark: Mark): Instead | undefined {
    if (dependency.optional === true) return undefined;
    const roles = this.#rolesOf(dependency.package);
    if ((roles & (RELEASES | ASKS)) === 0) return undefined;
    const changed = this.#change(dependency, by);
    const { name } = this.#universe.packageOf(dependency.package);
    if (by === undefined || (roles & ASKS) === 0) return changed;
    const marked = mark(this.#keyOf(`${this.#universe.packageOf(by.package).name} ${name}`));
    if (changed === undefined) return [dependency, marked];
    return "ways" in changed ? changed : [...changed, marked];
  }

  /** The rules that let go of a dependency. What the user requires himself is never let go. */
  skipsOf(dependency: Dependency, by: Dependent | undefined): readonly RuleSkip[] {
    const { name } = this.#universe.packageOf(dependency.package);
    if (by === undefined || this.#universe.isDirect(name)) return [];
    return (this.#book?.changes?.skipsOf(name) ?? []).filter(
      ({ of, given }) =>
        given.every((condition) => this.#universe.isDirect(condition.name)) &&
        (of === undefined || this.#isBy(of, by)),
    );
  }

  pseudonymsOf(dependency: Dependency): readonly RulePseudonym[] {
    const { name } = this.#universe.packageOf(dependency.package);
    return this.#book?.changes?.pseudonymsOf(name) ?? [];
  }

  #isBy(of: RuleCondition, { package: id, release }: Dependent): boolean {
    const { name } = this.#universe.packageOf(id);
    const candidates = this.#universe.candidatesOf(name);
    if (name !== of.name || candidates === undefined) return false;
    const ruled = this.#universe.ruled(name, candidates.record, candidates.releases[release] as number);
    return conditionHolds(of, ruled);
  }

  #change(dependency: Dependency, by: Dependent | undefined): Instead | undefined {
    const skips = this.skipsOf(dependency, by);
    const pseudonyms = skips.length > 0 ? [] : this.pseudonymsOf(dependency);
    if (skips.length === 0 && pseudonyms.length === 0) return undefined;
    const units = [...skips, ...pseudonyms].map(({ unit }) => unit);
    const key = [dependency.package, dependency.range, ...units].join(" ");
    let found = this.#changed.get(key);
    if (found === undefined) {
      found =
        skips.length > 0 ? this.#ways.without(dependency, skips) : this.#ways.either(dependency, pseudonyms);
      this.#changed.set(key, found);
    }
    return found;
  }

  #rolesOf(id: number): number {
    this.#roles[id] ??= this.#universe.roles.of(this.#universe.packageOf(id).name);
    return this.#roles[id];
  }

  #binds(name: PackageName): boolean {
    return (this.#universe.roles.of(name) & BINDS) !== 0;
  }

  #conditionsOf(conditions: readonly RuleCondition[], mark: Mark): Condition[] {
    return conditions.flatMap((condition) => {
      const { name, requires } = condition;
      const own = this.#universe.condition(name, condition);
      return requires === undefined ? [own] : [own, mark(this.#keyOf(`${name} ${requires}`))];
    });
  }

  #keyOf(text: string): object {
    let key = this.#keys.get(text);
    if (key === undefined) {
      key = {};
      this.#keys.set(text, key);
    }
    return key;
  }
}

/** Whether others require a package too is not known before the stack is: such a term only annotates. */
function isMinded({ when: [first] }: RuleTerm): boolean {
  return first.onlyFor === undefined;
}
