// What rules have to do with a package, in a few bits: most packages are in none, and of most others rules speak of single
// releases alone. An excerpt keeps them, so that rules are read for those packages only of which they have to be.

import type { PackageName } from "@thoth/pep";
import type { Excerpt } from "./excerpt.ts";
import { isSingle, type RuleBook } from "./rules.ts";

/** Terms on several packages, or packages that are needed beside, hang on it. */
export const BINDS = 1;
/** What depends on it may do without, or have another package instead. */
export const RELEASES = 2;
/** Rules ask who requires it. */
export const ASKS = 4;

export class RuleRoles {
  readonly #book: RuleBook | undefined;
  readonly #excerpt: Excerpt | undefined;
  readonly #known = new Map<PackageName, number>();

  constructor(book: RuleBook | undefined, excerpt: Excerpt | undefined) {
    this.#book = book;
    this.#excerpt = excerpt;
  }

  /** Bits of BINDS, RELEASES and ASKS. */
  of(name: PackageName): number {
    let roles = this.#known.get(name);
    if (roles === undefined) {
      roles = this.#excerpt?.roles(name) ?? this.#read(name);
      this.#known.set(name, roles);
    }
    return roles;
  }

  /** What rules say may have changed. */
  renew(name: PackageName): void {
    this.#known.set(name, this.#read(name));
  }

  #read(name: PackageName): number {
    const book = this.#book;
    if (book === undefined) return 0;
    const terms = book.termsOf(name);
    const additions = book.changes?.additionsOf(name) ?? [];
    const changes = [...(book.changes?.skipsOf(name) ?? []), ...(book.changes?.pseudonymsOf(name) ?? [])];
    const asks = [...terms, ...additions].some(({ when }) => when.some(({ requires }) => requires === name));
    const binds = additions.length > 0 || terms.some((term) => !isSingle(term));
    return (binds ? BINDS : 0) | (changes.length > 0 ? RELEASES : 0) | (asks ? ASKS : 0);
  }
}
