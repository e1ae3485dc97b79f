// What is known of releases beside metadata, rules and advisories: what code needs of them, what was seen to fail, what was
// measured. It is looked up for the stack that would be advised; where something is found the search goes on with it.

import { EvidenceBook, type Product, type RuleBook, type RuleTerm, type Universe } from "@thoth/adviser";
import type { PackageName } from "@thoth/pep";

/** One source of it. */
export interface EvidenceFinder {
  /** Where it is the same, the same is known, or found when it is looked for. */
  readonly identity: string;
  /** Known before anything is asked. */
  readonly terms: readonly RuleTerm[];
  /** What is new about packages of which it is likely that a stack has them. */
  prepare(names: Iterable<PackageName>): Promise<Found>;
  /** What is new about the packages of a stack, or about others that may be in it; each is told once. */
  find(product: Product, universe: Universe): Promise<Found>;
  /** Of the answer. */
  tell(product: Product): void;
  /** Packages of a stack, of which it looked for something and knows nothing: by what that is. */
  unseen?(product: Product): readonly Unseen[];
  close(): Promise<void>;
}

export interface Found {
  readonly terms: readonly RuleTerm[];
  /** Packages of whose flaws more is known. */
  readonly flawed?: readonly PackageName[];
}

export interface Unseen {
  /** Such as `inspections`. */
  readonly what: string;
  readonly packages: number;
}

export interface Learned {
  /** Packages of which more is known than before. */
  readonly names: readonly PackageName[];
  /** Something concerns several packages together: the question has to be asked from the beginning. */
  readonly combined: boolean;
}

export class Evidence {
  readonly book: EvidenceBook;
  readonly #finders: readonly EvidenceFinder[];

  constructor(rules: RuleBook | undefined, finders: readonly EvidenceFinder[]) {
    this.#finders = finders;
    this.book = new EvidenceBook(rules, {
      identity: this.identity,
      terms: finders.flatMap(({ terms }) => terms),
    });
  }

  /** Changes when more is known than the book began with and others would not find out by themselves. */
  get identity(): string {
    return JSON.stringify(this.#finders.map(({ identity }) => identity));
  }

  /**
   * What is known of packages without looking further: before the question is asked, and of all that came up before what was
   * found is kept. The packages of which more is known than before.
   */
  async prepare(names: Iterable<PackageName>): Promise<readonly PackageName[]> {
    const all = [...names];
    const found = await Promise.all(this.#finders.map((finder) => finder.prepare(all)));
    const learned = found.flatMap(({ terms, flawed = [] }) => [...this.book.add(terms), ...flawed]);
    return [...new Set(learned)];
  }

  async learn(product: Product, universe: Universe): Promise<Learned> {
    const terms: RuleTerm[] = [];
    const flawed: PackageName[] = [];
    for (const finder of this.#finders) {
      const found = await finder.find(product, universe);
      terms.push(...found.terms);
      flawed.push(...(found.flawed ?? []));
    }
    const names = [...new Set([...this.book.add(terms), ...flawed])];
    return { names, combined: terms.some(({ when }) => when.length > 1) };
  }

  tell(product: Product): void {
    for (const finder of this.#finders) finder.tell(product);
  }

  unseen(product: Product): readonly Unseen[] {
    return this.#finders.flatMap((finder) => finder.unseen?.(product) ?? []);
  }

  async close(): Promise<void> {
    for (const finder of this.#finders) await finder.close();
  }
}
