// Claims of random universes, what somebody may do to them, and whether what they say is true, by brute force on the
// claim itself.

import type { Claim, ClaimedPackage } from "../src/certificate/index.ts";
import { Item, Malformed, parseSet, readClaim, writeClaim } from "../src/certificate/index.ts";
import { checkDerivation } from "../src/check.ts";
import type { Dependency, Derivation, Problem } from "../src/index.ts";
import { bruteForce } from "./oracle.ts";
import type { Random } from "./random.ts";
import type { Universe } from "./universe.ts";

/** The claim as JSON carries it. */
export function claimOf(problem: Problem, derivation: Derivation): Claim {
  const claim = writeClaim(problem, derivation, {
    levels: Array.from({ length: problem.levels }, (_, level) => `level ${level}`),
    package: (id) => `p${id}`,
    release: (_, release) => `r${release}`,
    range: (range) => (range % 2 === 0 ? `range ${range}` : undefined),
  });
  return JSON.parse(JSON.stringify(claim)) as Claim;
}

export function verdictOf(claim: unknown): string {
  try {
    const { problem, derivation } = readClaim(new Item(claim));
    return checkDerivation(problem, derivation).kind;
  } catch (error) {
    if (error instanceof Malformed) return "malformed";
    throw error;
  }
}

/** What is not told is assumed to need nothing. */
function universeOf({ packages, ranges, roots, needs, objective }: Claim): Universe {
  const ids = new Map(packages.map(({ name }, id) => [name, id]));
  const sizeOf = (name: string) => packages[ids.get(name)!]!.releases.length;
  const dependency = ({ range, optional }: Claim["roots"][number]): Dependency => ({
    package: ids.get(ranges[range]!.package)!,
    range,
    ...(optional === undefined ? {} : { optional }),
  });
  const told = packages.map(({ releases }) => releases.map((): readonly Dependency[] | "unusable" => []));
  for (const { package: name, releases, needs: own } of needs) {
    const set = parseSet(releases, sizeOf(name))!;
    for (let release = 0; release < sizeOf(name); release++)
      if ((set[release >> 5]! & (1 << (release & 31))) !== 0)
        told[ids.get(name)!]![release] = own === "unusable" ? own : own.map(dependency);
  }
  return {
    packages: packages.map(({ releases, costs = [], mirrors }: ClaimedPackage, id) => ({
      releases: releases.length,
      costs: costs.map((row) => row ?? undefined),
      mirrors: mirrors === undefined ? undefined : ids.get(mirrors)!,
      needs: told[id]!,
    })),
    ranges: ranges.map(({ package: name, admits }) => parseSet(admits, sizeOf(name))!),
    roots: roots.map(dependency),
    levels: objective.length,
  };
}

/** By brute force: the stack is the best one and costs what is said, or there is none. */
export function isTrue(claim: Claim): boolean {
  const { result } = claim;
  const best = bruteForce(universeOf(claim));
  if (result.kind === "unsatisfiable") return best === undefined;
  if (best === undefined || best.assignment.size !== result.stack.length) return false;
  const ids = new Map(claim.packages.map(({ name }, id) => [name, id]));
  return (
    result.levels.length === best.vector.length &&
    result.levels.every(({ value, bound }, i) => value === best.vector[i] && bound === value) &&
    result.stack.every(({ package: name, release }) => {
      const id = ids.get(name)!;
      return best.assignment.get(id) === claim.packages[id]!.releases.indexOf(release);
    })
  );
}

export const ALTERATIONS = [
  "cost",
  "literal",
  "limit",
  "depth",
  "bound",
  "premise",
  "need",
  "range",
  "root",
  "step",
  "stack",
  "unsatisfiable",
] as const;

type Writable<T> = { -readonly [K in keyof T]: Writable<T[K]> };

/** The claim with one thing changed; undefined where it has no such thing. */
export function alter(claim: Claim, what: (typeof ALTERATIONS)[number], random: Random): Claim | undefined {
  const altered = structuredClone(claim) as Writable<Claim>;
  return change(altered, what, random) ? altered : undefined;
}

function change(claim: Writable<Claim>, what: (typeof ALTERATIONS)[number], random: Random): boolean {
  const sizeOf = (name: string) => claim.packages.find((one) => one.name === name)!.releases.length;
  const { result } = claim;
  switch (what) {
    case "cost": {
      const rows = claim.packages.flatMap(({ costs = [] }) => costs.filter((row) => (row?.length ?? 0) > 0));
      return pick(rows, random, (row) => {
        const at = random.between(0, row!.length - 1);
        row![at] = Math.max(0, row![at]! + random.pick([-2, -1, 1, 3])) + (row![at] === 0 ? 1 : 0);
      });
    }
    case "literal": {
      const literals = claim.steps.flatMap((step) => ("literals" in step ? step.literals : []));
      return pick(literals, random, (one) => {
        one.values = toggled(one.values, { size: sizeOf(one.package), all: true, random });
      });
    }
    case "limit":
      return pick(
        claim.steps.filter((step) => step.kind === "limit"),
        random,
        (step) => {
          step.limit = step.limit === 0 ? 1 : step.limit + random.pick([-1, 1]);
        },
      );
    case "depth":
      return pick(
        claim.steps.filter((step) => "depth" in step),
        random,
        (step) => {
          step.depth = step.depth === 0 ? 1 : step.depth - 1;
        },
      );
    case "bound":
      return pick(result.kind === "solved" ? result.levels : [], random, (level) => {
        const by = level.value === 0 ? 1 : random.pick([-1, 1]);
        if (random.chance(0.5)) level.bound += by;
        else {
          level.value += by;
          level.bound += by;
        }
      });
    case "premise":
      return remove(claim.needs, random);
    case "need":
      return pick(
        claim.needs.filter(({ needs }) => needs.length > 0),
        random,
        (one) => {
          if (one.needs === "unusable") one.needs = [];
          else remove(one.needs, random);
        },
      );
    case "range":
      return pick(
        claim.ranges.filter((range) => sizeOf(range.package) > 0),
        random,
        (range) => {
          range.admits = toggled(range.admits, { size: sizeOf(range.package), all: false, random });
        },
      );
    case "root":
      return remove(claim.roots, random);
    case "step":
      return remove(claim.steps, random);
    case "stack":
      return pick(result.kind === "solved" ? result.stack : [], random, (one) => {
        const { releases } = claim.packages.find(({ name }) => name === one.package)!;
        one.release = releases[(releases.indexOf(one.release) + 1) % releases.length]!;
      });
    case "unsatisfiable":
      claim.result = { kind: "unsatisfiable" };
      return result.kind === "solved";
    default:
      return what satisfies never;
  }
}

function pick<T>(items: readonly T[], random: Random, use: (item: T) => void): boolean {
  if (items.length > 0) use(random.pick(items));
  return items.length > 0;
}

function remove(items: unknown[], random: Random): boolean {
  if (items.length > 0) items.splice(random.between(0, items.length - 1), 1);
  return true;
}

/** A set of releases, or of all values, with one of them in where it was out, or the other way round. */
function toggled(
  text: string,
  { size, all, random }: { size: number; all: boolean; random: Random },
): string {
  const set = parseSet(text, size)!;
  const value = random.between(0, size - (all ? 0 : 1));
  set[value >> 5] = set[value >> 5]! ^ (1 << (value & 31));
  return formatted(set, size);
}

/** Written apart from the code under test. */
function formatted(set: Uint32Array, size: number): string {
  const isIn = (value: number) => (set[value >> 5]! & (1 << (value & 31))) !== 0;
  const parts: string[] = [];
  for (let from = 0; from < size; from++) {
    if (!isIn(from) || (from > 0 && isIn(from - 1))) continue;
    let to = from;
    while (to + 1 < size && isIn(to + 1)) to++;
    parts.push(to > from ? `${from}-${to}` : `${from}`);
  }
  return [...parts, ...(isIn(size) ? ["none"] : [])].join(" ");
}
