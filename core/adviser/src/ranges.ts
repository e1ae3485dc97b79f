// The sets of releases that needs, constraints and rules speak of, as numbers of the solver. Those of an excerpt keep
// their numbers.

import { parseSpecifiers, type Specifiers } from "@thoth/pep";
import type { Candidates } from "./candidates.ts";
import type { Excerpt } from "./excerpt.ts";

/** Whether a candidate belongs to a range. */
export type Takes = (candidates: Candidates, candidate: number) => boolean;

export interface Range {
  readonly package: number;
  /** Undefined without `alike` and `takes`: all releases. */
  readonly specifiers: Specifiers | undefined;
  /** Instead: the releases that no level tells from this version. */
  readonly alike?: string;
  /** Instead: the candidates that it takes; `text` stands for them where there are others of the kind. */
  readonly text?: string;
  readonly takes?: Takes;
}

/** How texts of ranges begin that rules speak of: no specifiers do. */
const OF_RULES = "rules ";

export class Ranges {
  readonly #excerpt: Excerpt | undefined;
  /** Undefined for those of the excerpt that were not looked at yet. */
  readonly #ranges: (Range | undefined)[];
  /** By package and text. */
  readonly #numbers = new Map<string, number>();
  /** Those that rules speak of, in the order in which they were met. */
  readonly ofRules = new Set<number>();

  constructor(excerpt: Excerpt | undefined) {
    this.#excerpt = excerpt;
    this.#ranges = new Array(excerpt?.rangeCount ?? 0);
  }

  at(range: number): Range {
    let found = this.#ranges[range];
    if (found === undefined) {
      const excerpt = this.#excerpt as Excerpt;
      const text = excerpt.rangeText(range);
      found = {
        package: excerpt.rangePackage(range),
        specifiers: text === "" ? undefined : parseSpecifiers(text),
      };
      this.#ranges[range] = found;
    }
    return found;
  }

  packageOf(range: number): number {
    return this.#ranges[range]?.package ?? (this.#excerpt as Excerpt).rangePackage(range);
  }

  /** What stands for it where there are others of the package. */
  textOf(range: number): string {
    const { specifiers, text = specifiers?.text ?? "" } = this.#ranges[range] ?? {};
    return this.#ranges[range] === undefined ? (this.#excerpt as Excerpt).rangeText(range) : text;
  }

  /** Of the specifiers; nothing where all releases belong to it, or where it is said in another way. */
  specifiersText(range: number): string {
    const found = this.#ranges[range];
    if (found !== undefined) return found.specifiers?.text ?? "";
    const text = (this.#excerpt as Excerpt).rangeText(range);
    return text.startsWith(OF_RULES) ? "" : text;
  }

  ofExcerpt(): Iterable<number> {
    return Array(this.#excerpt?.rangeCount ?? 0).keys();
  }

  /** What specifiers admit of a package. */
  admittedBy(id: number, specifiers: Specifiers): number {
    const known = this.named(id, specifiers.text);
    if (known !== undefined) return known;
    const range = this.add({
      package: id,
      specifiers: specifiers.clauses.length === 0 ? undefined : specifiers,
    });
    this.#numbers.set(`${id} ${specifiers.text}`, range);
    return range;
  }

  /** Undefined where nobody spoke of it. */
  named(id: number, text: string): number | undefined {
    const key = `${id} ${text}`;
    const known = this.#numbers.get(key);
    if (known !== undefined || this.#excerpt === undefined) return known;
    const kept = this.#excerpt.rangeNamed(id, text);
    if (kept < 0) return undefined;
    this.#numbers.set(key, kept);
    return kept;
  }

  /** The same one for the same text. */
  ruledBy(id: number, text: string, takes: Takes): number {
    const name = OF_RULES + text;
    let range = this.named(id, name);
    if (range === undefined) {
      range = this.#ranges.length;
      this.#numbers.set(`${id} ${name}`, range);
    }
    this.#ranges[range] ??= { package: id, specifiers: undefined, text: name, takes };
    this.ofRules.add(range);
    return range;
  }

  /** A new one. */
  add(range: Range): number {
    return this.#ranges.push(range) - 1;
  }
}
