// Rules together with what was seen: one book for the search. What is found out while a resolution is at work is added to
// it; until then nothing is held against a release, so that a stack which is best under that is best (docs/decisions/0003).

import type { PackageName } from "@thoth/pep";
import type { RuleBoot, RuleChanges } from "../rule-changes.ts";
import type { RuleJustification, RulePattern } from "../rule-condition.ts";
import type { RuleBook, RuleTerm } from "../rules.ts";

export interface SeenEvidence {
  /** Evidence of the same text says the same. */
  readonly identity: string;
  readonly terms: readonly RuleTerm[];
}

const NO_TERMS: readonly RuleTerm[] = [];

export class EvidenceBook implements RuleBook {
  readonly identity: string;
  readonly #rules: RuleBook | undefined;
  readonly #seen = new Map<PackageName, readonly RuleTerm[]>();
  /** Of both, made when it is first asked for. */
  readonly #all = new Map<PackageName, readonly RuleTerm[]>();

  constructor(rules: RuleBook | undefined, { identity, terms }: SeenEvidence) {
    this.#rules = rules;
    this.identity = JSON.stringify([rules?.identity ?? null, identity]);
    this.add(terms);
  }

  /** The packages of which more is known now: what they cost is to be looked at anew. */
  add(terms: readonly RuleTerm[]): readonly PackageName[] {
    const byName = Map.groupBy(terms, ({ when: [first] }) => first.name);
    for (const [name, more] of byName) {
      this.#seen.set(name, [...(this.#seen.get(name) ?? NO_TERMS), ...more].sort(byUnit));
      this.#all.delete(name);
    }
    return [...byName.keys()];
  }

  termsOf(name: PackageName): readonly RuleTerm[] {
    const seen = this.#seen.get(name);
    const ruled = this.#rules?.termsOf(name) ?? NO_TERMS;
    if (seen === undefined) return ruled;
    const known = this.#all.get(name);
    if (known !== undefined) return known;
    const all = [...ruled, ...seen].sort(byUnit);
    this.#all.set(name, all);
    return all;
  }

  notesOf(name: PackageName): readonly RuleTerm[] {
    return this.#rules?.notesOf(name) ?? NO_TERMS;
  }

  skippersOf(name: PackageName): readonly string[] {
    return this.#rules?.skippersOf(name) ?? [];
  }

  get changes(): RuleChanges | undefined {
    return this.#rules?.changes;
  }

  get boots(): readonly RuleBoot[] | undefined {
    return this.#rules?.boots;
  }

  get loose(): readonly RulePattern[] | undefined {
    return this.#rules?.loose;
  }

  get remarks(): readonly RuleJustification[] | undefined {
    return this.#rules?.remarks;
  }
}

function byUnit(a: RuleTerm, b: RuleTerm): number {
  return a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0;
}
