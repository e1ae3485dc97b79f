// The answer by brute force: all assignments in breadth-first order, newest first, the best kept. So simple that
// it is right by inspection; good for a handful of packages.

import type { Dependency } from "../src/index.ts";
import type { Universe } from "./universe.ts";

export interface Best {
  readonly assignment: ReadonlyMap<number, number>;
  readonly vector: readonly number[];
}

/** The least assignment of a universe, or undefined when there is none. */
export function bruteForce(universe: Universe): Best | undefined {
  return bruteForceWith(universe, () => 0);
}

/** The same where an assignment as a whole costs more than the sum of its releases. */
export function bruteForceWith(
  universe: Universe,
  more: (chosen: ReadonlyMap<number, number>, level: number) => number,
): Best | undefined {
  const chosen = new Map<number, number>();
  let best: Best | undefined;
  const go = (): void => {
    const next = firstOpen(universe, chosen);
    if (next === undefined) {
      const vector = vectorOf(universe, chosen).map((value, level) => value + more(chosen, level));
      if (best === undefined || less(vector, best.vector)) best = { assignment: new Map(chosen), vector };
      return;
    }
    for (let release = 0; release < universe.packages[next]!.releases; release++) {
      chosen.set(next, release);
      if (consistent(universe, chosen)) go();
    }
    chosen.delete(next);
  };
  if (consistent(universe, chosen)) go();
  return best;
}

/** The first package in breadth-first order that has no release yet. */
function firstOpen(universe: Universe, chosen: ReadonlyMap<number, number>): number | undefined {
  const order: number[] = [];
  const seen = new Set<number>();
  const append = (need: Dependency): void => {
    if (need.optional === true) return;
    for (
      let id: number | undefined = need.package;
      id !== undefined && !seen.has(id);
      id = universe.packages[id]!.mirrors
    ) {
      seen.add(id);
      order.push(id);
    }
  };
  universe.roots.forEach(append);
  for (let i = 0; i < order.length; i++) {
    const release = chosen.get(order[i]!);
    if (release === undefined) return order[i];
    const needs = universe.packages[order[i]!]!.needs[release]!;
    if (needs !== "unusable") needs.forEach(append);
  }
  return undefined;
}

/** Nothing chosen contradicts anything chosen. */
function consistent(universe: Universe, chosen: ReadonlyMap<number, number>): boolean {
  const holds = (need: Dependency): boolean => {
    const release = chosen.get(need.package);
    return (
      release === undefined || (universe.ranges[need.range]![release >> 5]! & (1 << (release & 31))) !== 0
    );
  };
  if (!universe.roots.every(holds)) return false;
  for (const [id, release] of chosen) {
    const { needs, mirrors } = universe.packages[id]!;
    const own = needs[release]!;
    if (own === "unusable" || !own.every(holds)) return false;
    if (mirrors !== undefined && (chosen.get(mirrors) ?? release) !== release) return false;
  }
  return true;
}

function vectorOf(universe: Universe, chosen: ReadonlyMap<number, number>): number[] {
  return Array.from({ length: universe.levels }, (_, level) => {
    let sum = 0;
    for (const [id, release] of chosen) sum += universe.packages[id]!.costs[level]?.[release] ?? 0;
    return sum;
  });
}

function less(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at >= 0 && a[at]! < b[at]!;
}
