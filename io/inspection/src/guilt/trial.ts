// Stacks on trial: what a search for the guilty may ask, asked through a book that inspects nothing twice and counts.

import { compareVersions, parseVersion } from "@thoth/pep";
import type { Stack } from "../inspection.ts";
import { stackDigest } from "../inspection-facts.ts";

/** `other`: it fails in another way than the one whose cause is looked for, so that nothing is learnt of that one. */
export type Verdict = "passes" | "fails" | "other";

/** Name of a package to a canonical version. */
export type Pins = ReadonlyMap<string, string>;

export interface Court {
  /** A stack that meets the requirements and holds the pinned releases, and else as much of `near` as can be; undefined: none. */
  resolve(pins: Pins, near: Stack): Promise<Stack | undefined>;
  inspect(stack: Stack): Promise<Verdict>;
  /** Canonical versions of a package that may be tried, the newest first. */
  releases(name: string): Promise<readonly string[]>;
  /**
   * What one would have had when the pinned releases of the stack were new, or those of `pins`, which it holds then; undefined: that
   * is not another stack.
   */
  former?(stack: Stack, pins?: Pins): Promise<Stack | undefined>;
  /** Packages that the failure of an inspected stack names, where it is another than the one whose cause is looked for. */
  blamed?(stack: Stack): readonly string[];
}

/** Thrown, and caught in this folder, when no more inspections are allowed. */
export class TooManyInspections extends Error {}

export class CaseBook {
  readonly #court: Court;
  readonly #most: number;
  readonly #verdicts = new Map<string, Verdict>();
  readonly #tried = new Map<string, Verdict>();
  readonly #releases = new Map<string, readonly string[]>();
  /** Stacks that were inspected, in order. */
  readonly inspected: { readonly stack: Stack; readonly verdict: Verdict }[] = [];

  constructor(court: Court, most: number) {
    this.#court = court;
    this.#most = most;
  }

  get inspections(): number {
    return this.inspected.length;
  }

  /** What is known beforehand, which no inspection is counted for. */
  tell(stack: Stack, verdict: Verdict): void {
    this.#verdicts.set(stackDigest(stack), verdict);
  }

  /** Throws TooManyInspections. */
  async inspect(stack: Stack): Promise<Verdict> {
    const digest = stackDigest(stack);
    const known = this.#verdicts.get(digest);
    if (known !== undefined) return known;
    if (this.inspections >= this.#most) throw new TooManyInspections();
    const verdict = await this.#court.inspect(stack);
    this.#verdicts.set(digest, verdict);
    this.inspected.push({ stack, verdict });
    return verdict;
  }

  async resolve(pins: Pins, near: Stack): Promise<Stack | undefined> {
    return await this.#court.resolve(pins, near);
  }

  /** Of the stack with these pins; `other` where there is none. */
  async try(pins: Pins, near: Stack): Promise<{ readonly verdict: Verdict; readonly stack?: Stack }> {
    const stack = await this.resolve(pins, near);
    const tried =
      stack === undefined ? { verdict: "other" as const } : { verdict: await this.inspect(stack), stack };
    this.#tried.set(keyOf(pins, near), tried.verdict);
    return tried;
  }

  /** What `try` told, if it was asked. */
  known(pins: Pins, near: Stack): Verdict | undefined {
    return this.#tried.get(keyOf(pins, near));
  }

  async former(stack: Stack, pins?: Pins): Promise<Stack | undefined> {
    return await this.#court.former?.(stack, pins);
  }

  blamed(stack: Stack): readonly string[] {
    return this.#court.blamed?.(stack) ?? [];
  }

  async releases(name: string): Promise<readonly string[]> {
    const known = this.#releases.get(name);
    if (known !== undefined) return known;
    const found = await this.#court.releases(name);
    this.#releases.set(name, found);
    return found;
  }
}

function keyOf(pins: Pins, near: Stack): string {
  return JSON.stringify([[...pins].sort(), stackDigest(near)]);
}

/** Packages that two stacks have in other versions, sorted; those that only one has are not among them. */
export function changedBetween(one: Stack, other: Stack): readonly string[] {
  const versions = new Map(other);
  return one
    .filter(([name, version]) => versions.has(name) && versions.get(name) !== version)
    .map(([name]) => name);
}

/** Negative: the first is older. */
export function compareReleases(a: string, b: string): number {
  return compareVersions(parseVersion(a), parseVersion(b));
}
