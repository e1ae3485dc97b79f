// Problems of the frozen crawls with pseudo-random costs, in one form that every solver reads.

import type { Dependency, Problem, ReleaseSet } from "@thoth/solver";
import { setFromRanges } from "@thoth/solver";
import type { Random } from "../../core/solver/test/random.ts";
import type { Snapshot } from "../../core/solver/test/snapshot.ts";
import { solve, type Universe } from "../../core/solver/test/universe.ts";

/** Releases that admit the same of a package. */
type Needs = readonly [releases: readonly number[], target: number, admitted: readonly number[]];

export interface ProblemFile {
  readonly levels: number;
  readonly packages: readonly {
    readonly releases: number;
    /** A row per level. */
    readonly costs: readonly (readonly number[])[];
    /** Must be chosen in the same release. */
    readonly mirrors: number | null;
    readonly needs: readonly Needs[];
  }[];
  readonly roots: readonly (readonly [target: number, admitted: readonly number[]])[];
}

/** Of the releases, so many have a cost. */
const PRICED = 0.3;
const DEAREST = 1_000;

/** So many projects that have a common stack. */
export function rootsOf(snapshot: Snapshot, count: number, random: Random): string[] {
  const roots: string[] = [];
  for (const name of random.shuffle(snapshot.names)) {
    if (roots.length === count) break;
    if (solve(snapshot.universe([...roots, name])).answer.kind === "solved") roots.push(name);
  }
  return roots;
}

/** What can be reached from the roots, with costs of its own at each level. */
export function problemFile(universe: Universe, levels: number, random: Random): ProblemFile {
  const reached = reach(universe);
  const numbers = new Map(reached.map((id, number) => [id, number]));
  const packages = reached.map((id) => {
    const { releases, mirrors, needs } = universe.packages[id]!;
    const costs = Array.from({ length: levels }, () =>
      Array.from({ length: releases }, () =>
        mirrors === undefined && random.chance(PRICED) ? random.between(1, DEAREST) : 0,
      ),
    );
    const groups = new Map<number, { target: number; releases: number[] }>();
    for (const [release, own] of needs.entries()) {
      for (const { package: target, range } of own as readonly Dependency[]) {
        const group = groups.get(range) ?? { target: numbers.get(target)!, releases: [] };
        if (group.releases.at(-1) !== release) group.releases.push(release);
        groups.set(range, group);
      }
    }
    return {
      releases,
      costs,
      mirrors: mirrors === undefined ? null : numbers.get(mirrors)!,
      needs: [...groups].map(
        ([range, group]): Needs => [group.releases, group.target, members(universe.ranges[range]!)],
      ),
    };
  });
  const roots = universe.roots.map(
    ({ package: id, range }) => [numbers.get(id)!, members(universe.ranges[range]!)] as const,
  );
  return { levels, packages, roots };
}

function reach({ packages, roots }: Universe): number[] {
  const reached = new Set(roots.map((root) => root.package));
  for (const id of reached) {
    const { needs, mirrors } = packages[id]!;
    if (mirrors !== undefined) reached.add(mirrors);
    for (const own of needs) for (const need of own as readonly Dependency[]) reached.add(need.package);
  }
  return [...reached];
}

function members(set: ReleaseSet): number[] {
  const found: number[] = [];
  for (let release = 0; release < set.length * 32; release++)
    if ((set[release >> 5]! & (1 << (release & 31))) !== 0) found.push(release);
  return found;
}

/** The same for our own solver. */
export function problemOf({ levels, packages, roots }: ProblemFile): Problem {
  const sets: ReleaseSet[] = [];
  const ranges = new Map<string, number>();
  const dependency = (target: number, admitted: readonly number[]): Dependency => {
    const key = `${target} ${admitted.join(" ")}`;
    let range = ranges.get(key);
    if (range === undefined) {
      const pairs = admitted.flatMap((release) => [release, release + 1]);
      range = sets.push(setFromRanges(packages[target]!.releases, pairs)) - 1;
      ranges.set(key, range);
    }
    return { package: target, range };
  };
  const needs = packages.map(({ releases, needs: groups }) => {
    const own: Dependency[][] = Array.from({ length: releases }, () => []);
    for (const [group, target, admitted] of groups)
      for (const release of group) own[release]!.push(dependency(target, admitted));
    return own;
  });
  const facts = packages.map(({ releases, costs, mirrors }) => ({
    releases,
    costs,
    ...(mirrors === null ? {} : { mirrors }),
  }));
  return {
    levels,
    roots: roots.map(([target, admitted]) => dependency(target, admitted)),
    facts: {
      package: (id) => facts[id],
      dependencies: (id, release) => needs[id]![release],
      admitted: (range) => sets[range]!,
    },
  };
}
