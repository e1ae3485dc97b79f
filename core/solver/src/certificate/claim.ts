// A problem, its answer and the derivation of it as one JSON value that needs nothing else to be checked. Packages and
// releases have names, so that it can be read; the checker uses them as names and nothing more.
//
// A set of releases is a text: `0-3 7` are the releases 0, 1, 2, 3 and 7 of a package as it lists them, the most
// preferred first; where not choosing the package is among the values, `none` comes last.

import type { ReleaseSet } from "../release-set.ts";

export interface Claim {
  /** Names of the levels, the first first. */
  readonly objective: readonly string[];
  readonly packages: readonly ClaimedPackage[];
  /** What requirements admit. Others refer to a range by its place in this list. */
  readonly ranges: readonly ClaimedRange[];
  /** What must hold. */
  readonly roots: readonly Reference[];
  /** What releases need, those of which that was read; all others are assumed to need nothing. */
  readonly needs: readonly ClaimedNeeds[];
  readonly steps: readonly ClaimedStep[];
  readonly result: ClaimedResult;
}

export interface ClaimedPackage {
  readonly name: string;
  readonly releases: readonly string[];
  /** One row per level, one cost per release; null costs nothing. Absent: nothing costs. */
  readonly costs?: readonly (readonly number[] | null)[];
  /** Must be chosen whenever this one is, in the same release: the base of an extra. */
  readonly mirrors?: string;
  /** Stands for a cost that several choices have together. */
  readonly auxiliary?: true;
}

export interface ClaimedRange {
  readonly package: string;
  readonly specifiers?: string;
  readonly admits: string;
}

export interface Reference {
  readonly range: number;
  /** Holds only if the package is chosen. */
  readonly optional?: true;
}

export interface ClaimedNeeds {
  readonly package: string;
  readonly releases: string;
  /** `unusable`: the releases cannot be chosen at all. */
  readonly needs: readonly Reference[] | "unusable";
}

export interface ClaimedLiteral {
  readonly package: string;
  readonly values: string;
}

/** As `DerivationStep`. */
export type ClaimedStep =
  | { readonly kind: "limit"; readonly level: number; readonly limit: number }
  | { readonly kind: "clause"; readonly depth: number; readonly literals: readonly ClaimedLiteral[] }
  | {
      readonly kind: "counting";
      readonly depth: number;
      readonly literals: readonly ClaimedLiteral[];
      readonly competitors: readonly ClaimedCompetitor[];
      readonly resources: readonly { readonly package: string; readonly capacity: number }[];
    }
  | { readonly kind: "refuted"; readonly depth: number }
  | { readonly kind: "release"; readonly depth: number };

export interface ClaimedCompetitor {
  readonly package: string;
  readonly demands: readonly (Reference & { readonly releases: string })[];
}

export type ClaimedResult =
  | {
      readonly kind: "solved";
      readonly stack: readonly { readonly package: string; readonly release: string }[];
      readonly levels: readonly { readonly value: number; readonly bound: number }[];
    }
  | { readonly kind: "unsatisfiable" };

/** `none`: the value after the last release may be in the set. */
export function formatSet(set: ReleaseSet, releases: number): string {
  const parts: string[] = [];
  for (let from = 0; from < releases; from++) {
    if (!isIn(set, from)) continue;
    let to = from;
    while (to + 1 < releases && isIn(set, to + 1)) to++;
    parts.push(from === to ? `${from}` : `${from}-${to}`);
    from = to;
  }
  if (isIn(set, releases)) parts.push("none");
  return parts.join(" ");
}

/** Undefined where the text is not what `formatSet` writes for a package with so many releases. */
export function parseSet(text: string, releases: number): ReleaseSet | undefined {
  const set = new Uint32Array((releases >> 5) + 1);
  let least = 0;
  for (const part of text === "" ? [] : text.split(" ")) {
    const bounds = /^(0|[1-9]\d{0,8})(?:-([1-9]\d{0,8}))?$/.exec(part);
    if (bounds === null && part !== "none") return undefined;
    const from = bounds === null ? releases : Number(bounds[1]);
    const to = bounds?.[2] === undefined ? from : Number(bounds[2]);
    const isNone = bounds === null;
    if (isNone ? least > releases + 1 : from < least || to >= releases) return undefined;
    if (bounds?.[2] !== undefined && to <= from) return undefined;
    for (let value = from; value <= to; value++) set[value >> 5] = set[value >> 5]! | (1 << (value & 31));
    // The next part neither touches this one nor comes before it.
    least = isNone ? releases + 2 : to + 2;
  }
  return set;
}

function isIn(set: ReleaseSet, value: number): boolean {
  return ((set[value >> 5] ?? 0) & (1 << (value & 31))) !== 0;
}
