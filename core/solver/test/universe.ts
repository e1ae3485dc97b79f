// Universes written down as data: the packages, releases and needs of a problem, random ones, and facts about
// them that a test reveals bit by bit.

import type { Dependency, Facts, PackageFacts, Problem, ReleaseSet, StepResult } from "../src/index.ts";
import { Solver, type SolverOptions, setFromRanges } from "../src/index.ts";
import type { Random } from "./random.ts";

export interface UniversePackage {
  readonly releases: number;
  readonly costs: readonly (readonly number[] | undefined)[];
  readonly mirrors?: number | undefined;
  readonly needs: readonly (readonly Dependency[] | "unusable")[];
}

export interface Universe {
  readonly packages: readonly UniversePackage[];
  readonly ranges: readonly ReleaseSet[];
  readonly roots: readonly Dependency[];
  readonly levels: number;
  readonly limits?: readonly number[];
}

/** Facts of a universe; those not yet revealed are unknown. */
export class UniverseFacts implements Facts {
  private readonly universe: Universe;
  private readonly everything: boolean;
  private readonly shown = new Set<string>();
  private readonly offered: [number, number][] = [];

  constructor(universe: Universe, everything = true) {
    this.universe = universe;
    this.everything = everything;
  }

  package(id: number): PackageFacts | undefined {
    return this.everything || this.shown.has(`${id}`) ? this.universe.packages[id] : undefined;
  }

  dependencies(id: number, release: number): readonly Dependency[] | "unusable" | undefined {
    return this.everything || this.shown.has(`${id} ${release}`)
      ? this.universe.packages[id]!.needs[release]
      : undefined;
  }

  admitted(range: number): ReleaseSet {
    return this.universe.ranges[range]!;
  }

  atHand(id: number): readonly number[] {
    return this.offered.filter(([package_]) => package_ === id).map(([, release]) => release);
  }

  /** From now on it is at hand, known or not. */
  offer(package_: number, release: number): void {
    this.offered.push([package_, release]);
  }

  reveal(package_: number, release?: number): void {
    this.shown.add(release === undefined ? `${package_}` : `${package_} ${release}`);
  }
}

/** All facts, a share of them at hand. */
export function factsAtHand(
  universe: Universe,
  random: Random,
  facts = new UniverseFacts(universe),
): UniverseFacts {
  const share = random.next();
  for (const [id, { releases }] of universe.packages.entries())
    for (let release = 0; release < releases; release++) if (random.chance(share)) facts.offer(id, release);
  return facts;
}

export function problemOf(universe: Universe, facts: Facts = new UniverseFacts(universe)): Problem {
  return { facts, roots: universe.roots, levels: universe.levels, limits: universe.limits };
}

export type Answer = Extract<StepResult, { kind: "solved" | "unsatisfiable" }>;

export interface Solved {
  readonly solver: Solver;
  readonly answer: Answer;
  readonly problem: Problem;
  /** Steps that asked for facts, and facts supplied. */
  readonly rounds: number;
  readonly supplied: number;
}

/** Steps to the end, revealing a random part of what is asked for (and now and then more than that). */
export function solveGradually(universe: Universe, random: Random, options: SolverOptions = {}): Solved {
  const facts = new UniverseFacts(universe, false);
  const problem = problemOf(universe, facts);
  const solver = new Solver(problem, options);
  let rounds = 0;
  let supplied = 0;
  for (let turn = 0; turn < 100_000; turn++) {
    const answer = solver.step();
    if (answer.kind === "paused") continue;
    if (answer.kind !== "needs") return { solver, answer, problem, rounds, supplied };
    const asked: [number, number?][] = [
      ...answer.packages.map((id): [number] => [id]),
      ...answer.releases.map(({ package: id, release }): [number, number] => [id, release]),
    ];
    if (asked.length === 0) throw new Error("needs nothing, and goes on");
    rounds++;
    for (const [id, release] of random.shuffle(asked).slice(0, random.between(1, asked.length))) {
      facts.reveal(id, release);
      supplied++;
    }
    if (random.chance(0.1)) facts.reveal(random.between(0, universe.packages.length - 1));
  }
  throw new Error("the search does not end");
}

export function solve(
  universe: Universe,
  options: SolverOptions = {},
  problem: Problem = problemOf(universe),
): Solved {
  const solver = new Solver(problem, options);
  for (let turn = 0; turn < 1_000_000; turn++) {
    const answer = solver.step();
    if (answer.kind === "needs") throw new Error("needs facts that were given");
    if (answer.kind !== "paused") return { solver, answer, problem, rounds: 0, supplied: 0 };
  }
  throw new Error("the search does not end");
}

/** How a random universe is made; everything is optional. */
export interface Shape {
  readonly packages: readonly [number, number];
  readonly releases: readonly [number, number];
  readonly levels: readonly [number, number];
}

export const SMALL: Shape = { packages: [1, 6], releases: [1, 5], levels: [0, 3] };

class Builder {
  readonly ranges: ReleaseSet[] = [];
  private readonly random: Random;
  private readonly sizes: readonly number[];
  private readonly known = new Map<string, number>();
  /** How likely a range leaves a release out: tight universes are unsatisfiable, loose ones trivial. */
  private readonly tightness: number;

  constructor(random: Random, sizes: readonly number[]) {
    this.random = random;
    this.sizes = sizes;
    this.tightness = random.pick([0.1, 0.3, 0.5, 0.7]);
  }

  range(id: number): number {
    const size = this.sizes[id]!;
    const set = setFromRanges(size, []);
    if (this.random.chance(0.5)) {
      const start = this.random.chance(this.tightness) ? this.random.between(0, size) : 0;
      const end = this.random.chance(this.tightness) ? this.random.between(start, size) : size;
      set.set(setFromRanges(size, [start, end]));
    } else {
      for (let release = 0; release < size; release++) {
        if (!this.random.chance(this.tightness))
          set[release >> 5] = set[release >> 5]! | (1 << (release & 31));
      }
    }
    const key = `${id} ${set.join(" ")}`;
    const range = this.known.get(key) ?? this.ranges.push(set) - 1;
    this.known.set(key, range);
    return range;
  }

  dependency(id: number, optional: number): Dependency {
    const need = { package: id, range: this.range(id) };
    return this.random.chance(optional) ? { ...need, optional: true } : need;
  }
}

export function costRow(random: Random, size: number): number[] | undefined {
  switch (random.between(0, 5)) {
    case 0:
      return undefined;
    case 1:
    case 2:
      return Array.from({ length: size }, (_, release) => release * random.between(1, 1));
    case 3: {
      let sum = 0;
      return Array.from(
        { length: size },
        (_, release) => (sum += release === 0 ? 0 : random.between(0, 900)),
      );
    }
    case 4:
      return Array.from({ length: size }, () => random.between(0, 1));
    default:
      return Array.from({ length: size }, () => random.between(0, 20));
  }
}

export function randomUniverse(random: Random, shape: Shape = SMALL): Universe {
  const length = random.between(...shape.packages);
  const levels = random.between(...shape.levels);
  const sizes = Array.from({ length }, () => (random.chance(0.03) ? 0 : random.between(...shape.releases)));
  const mirrors = sizes.map((_, id) =>
    id > 0 && random.chance(0.15) ? random.between(0, id - 1) : undefined,
  );
  for (let id = 0; id < length; id++) if (mirrors[id] !== undefined) sizes[id] = sizes[mirrors[id]!]!;
  const build = new Builder(random, sizes);
  const density = random.pick([0.15, 0.3, 0.6]);
  const packages = sizes.map((releases, id) => {
    const same = random.chance(0.4);
    const needs: (readonly Dependency[] | "unusable")[] = [];
    for (let release = 0; release < releases; release++) {
      if (same && release > 0 && random.chance(0.7)) {
        needs.push(needs[release - 1]!);
        continue;
      }
      const found: Dependency[] = [];
      for (let other = 0; other < length; other++) {
        if ((other !== id || random.chance(0.1)) && random.chance(density))
          found.push(build.dependency(other, 0.15));
        if (random.chance(0.03)) found.push(build.dependency(other, 0.3));
      }
      needs.push(random.chance(0.04) ? "unusable" : random.shuffle(found));
    }
    const costs = Array.from({ length: levels }, () => costRow(random, releases));
    return { releases, costs, needs, ...(mirrors[id] === undefined ? {} : { mirrors: mirrors[id] }) };
  });
  const roots = Array.from({ length: random.between(1, 3) }, () =>
    build.dependency(random.between(0, length - 1), 0.15),
  );
  return { packages, ranges: build.ranges, roots, levels };
}
