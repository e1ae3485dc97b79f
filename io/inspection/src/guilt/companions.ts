// Packages that have to move together: a suspect was moved, and now it fails in another way. What that failure names is moved to the
// major release before, and should it fail in a third way, what that one names as well.

import type { Stack } from "../inspection.ts";
import { newestBefore } from "./release-range.ts";
import type { CaseBook, Pins } from "./trial.ts";

/** Packages that are moved at once. */
const MOST_TOGETHER = 3;
/** Inspections of one search, so that a wrong trace costs little. */
const MOST_TRIED = 8;
/** Stacks of former days in one search. */
const MOST_FORMER = 2;

export class Companions {
  readonly #book: CaseBook;
  readonly #failing: Stack;
  readonly #limit: { left: number } = { left: MOST_TRIED };
  /** Moves that made it fail in another way, the first of each suspect. */
  readonly #stranded = new Map<string, Pins>();

  constructor(book: CaseBook, failing: Stack) {
    this.#book = book;
    this.#failing = failing;
  }

  /** `stack` holds these pins and fails in another way. Undefined: nothing that moves along makes it pass. */
  async passing(pins: Pins, stack: Stack): Promise<Stack | undefined> {
    const [moved = ""] = pins.keys();
    if (!this.#stranded.has(moved)) this.#stranded.set(moved, pins);
    const versions = new Map(stack);
    const joining = this.#book.blamed(stack).filter((name) => versions.has(name) && !pins.has(name));
    if (pins.size >= MOST_TOGETHER) return undefined;
    for (const name of joining) {
      const passing = await this.#passingWith(name, versions.get(name)!, pins);
      if (passing !== undefined) return passing;
    }
    return undefined;
  }

  async #passingWith(name: string, version: string, pins: Pins): Promise<Stack | undefined> {
    for (const former of waysBack(version, await this.#book.releases(name))) {
      if (this.#limit.left <= 0) return undefined;
      const more = new Map([...pins, [name, former]]);
      const { verdict, stack } = await this.#book.try(more, this.#failing);
      if (stack === undefined) continue;
      this.#limit.left--;
      if (verdict === "passes") return stack;
      // What was moved first does not heal it either.
      if (verdict === "fails") return undefined;
      const passing = await this.passing(more, stack);
      if (passing !== undefined) return passing;
    }
    return undefined;
  }

  /** The whole stack as of the day of a release that was moved to in vain. */
  async passingFormer(): Promise<Stack | undefined> {
    for (const pins of [...this.#stranded.values()].slice(0, MOST_FORMER)) {
      const former = await this.#book.former(this.#failing, pins);
      if (former !== undefined && (await this.#book.inspect(former)) === "passes") return former;
    }
    return undefined;
  }
}

/** The newest of the major release before and of the one before that; where there is none, of the series before. */
function waysBack(version: string, releases: readonly string[]): readonly string[] {
  const { series, majors } = newestBefore(version, releases);
  return (majors.length > 0 ? majors : series).slice(0, 2);
}
