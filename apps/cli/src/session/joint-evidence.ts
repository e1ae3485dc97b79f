// What is known of releases beside metadata, rules and advisories, for several environments at once. What the code needs is
// needed everywhere: one look at a release is for all of them. What was seen to fail, or measured, is of each environment.

import type { Product, RuleBook, RuleTerm, Universe } from "@thoth/adviser";
import type { PackageName } from "@thoth/pep";
import type { ApiEvidence } from "./api-evidence.ts";
import type { Evidence } from "./evidence.ts";

export interface JointEvidenceSources {
  /** One for each environment, apart from what the code needs. */
  readonly sides: readonly Evidence[];
  readonly code: ApiEvidence | undefined;
}

/** A stack, and what was known when it was found. */
export interface Answer {
  readonly product: Product;
  readonly universe: Universe;
}

export class JointEvidence {
  readonly #sides: readonly Evidence[];
  readonly #code: ApiEvidence | undefined;

  constructor({ sides, code }: JointEvidenceSources) {
    this.#sides = sides;
    this.#code = code;
    this.#add(code?.terms ?? []);
  }

  bookOf(environment: number): RuleBook {
    return (this.#sides[environment] as Evidence).book;
  }

  async prepare(names: readonly PackageName[]): Promise<void> {
    for (const side of this.#sides) await side.prepare(names);
  }

  /** Whether more is known than before. */
  async learn(answers: readonly Answer[]): Promise<boolean> {
    let isNew = false;
    for (const [at, { product, universe }] of answers.entries()) {
      const { names } = (await this.#sides[at]?.learn(product, universe)) ?? { names: [] };
      isNew ||= names.length > 0;
    }
    const seen = new Set<string>();
    for (const { product, universe } of answers) {
      const packages = product.packages.filter(({ name, version }) => !seen.has(`${name} ${version}`));
      for (const { name, version } of packages) seen.add(`${name} ${version}`);
      const found = await this.#code?.find({ ...product, packages }, universe);
      isNew = this.#add(found?.terms ?? []) || isNew;
    }
    return isNew;
  }

  /** Of what the code needs, each release once. */
  tell(products: readonly Product[]): void {
    const [first] = products;
    if (first === undefined) return;
    const all = products.flatMap(({ packages }) => packages);
    const packages = [...new Map(all.map((item) => [`${item.name} ${item.version}`, item])).values()];
    this.#code?.tell({ ...first, packages });
  }

  async close(): Promise<void> {
    for (const side of this.#sides) await side.close();
    await this.#code?.close();
  }

  #add(terms: readonly RuleTerm[]): boolean {
    if (terms.length === 0) return false;
    return this.#sides.map(({ book }) => book.add(terms)).some((names) => names.length > 0);
  }
}
