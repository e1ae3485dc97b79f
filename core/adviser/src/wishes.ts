// Requirements that may give way, one at a time, while all others hold: one search answers for each of them. Each package is
// needed in any release that some wish would take; the first level of the objective, which may cost nothing, counts the
// packages outside of what the question at hand leaves.

import type { PackageName, Specifiers } from "@thoth/pep";
import { isGainSettled, isWithoutGain, type Loosening, type Loosenings } from "./loosening.ts";
import type { Limit, ObjectiveLevel } from "./project.ts";
import type { RuleBook } from "./rules.ts";

export class Wishes {
  /** No package is outside. */
  readonly limits: readonly Limit[] = [{ level: { text: "outside", terms: [] }, most: 0 }];
  readonly #loosest: ReadonlyMap<PackageName, Specifiers>;
  readonly #before: readonly ObjectiveLevel[];
  /** What gives way now; undefined: nothing. */
  turned: Loosening | undefined;

  /** `before`: what the answer pays as long as nothing gives way. */
  constructor(
    wishes: readonly Loosenings[],
    rules: RuleBook | undefined,
    before: readonly ObjectiveLevel[] = [],
  ) {
    this.#before = before;
    // Each way takes all that those before it take. Where another package may stand in for one, its bounds are those of more
    // than its own releases.
    const last = wishes
      .flatMap((ways) => ways.slice(-1))
      .filter(({ name }) => (rules?.changes?.pseudonymsOf(name) ?? []).length === 0);
    this.#loosest = new Map(last.map(({ name, specifiers }) => [name, specifiers]));
  }

  /** With these values of the first levels it is known what is gained, if anything, whatever the others come to. */
  isTold(levels: readonly string[], values: readonly number[]): boolean {
    if (this.#before.length === 0) return false;
    const settled = values.map((value, at) => ({ level: levels[at] as string, value }));
    return isWithoutGain(this.#before, settled) || isGainSettled(this.#before, settled);
  }

  /** False: what looser requirements on the package would give is a question of its own. */
  has(name: PackageName): boolean {
    return this.#loosest.has(name);
  }

  loosest(name: PackageName): Specifiers | undefined {
    return this.#loosest.get(name);
  }
}
