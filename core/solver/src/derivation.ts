// A derivation: the log of a search, enough to check its answer without searching. Each step follows from the
// premises and the steps before it by propagation alone; `check.ts` does so and knows nothing of the search.

import type { Overcrowding } from "./counting.ts";
import type { Nogood } from "./nogood.ts";
import type { Dependency, StepResult } from "./problem.ts";
import type { ReleaseSet } from "./release-set.ts";
import type { Search } from "./search.ts";

/** The package takes one of these values: bit r for release r, and the bit after the last release for "not chosen". */
export interface Literal {
  readonly package: number;
  readonly values: ReleaseSet;
}

/** A package that must be chosen and competes for resources, whichever release it gets. */
export interface Competitor {
  readonly package: number;
  /** For every release left a demand of a resource. */
  readonly demands: readonly { readonly releases: ReleaseSet; readonly dependency: Dependency }[];
}

/** A package of which any one value meets the demands of at most `capacity` competitors. */
export interface Resource {
  readonly package: number;
  readonly capacity: number;
}

export type DerivationStep =
  /** From here on, level `level` of the objective is assumed to cost at most `limit`, on top of the levels before. */
  | { readonly kind: "limit"; readonly level: number; readonly limit: number }
  /** One of the literals holds, given the limits of the first `depth` levels. */
  | { readonly kind: "clause"; readonly depth: number; readonly literals: readonly Literal[] }
  /** The same, because otherwise the competitors would outnumber the capacities of all resources. */
  | {
      readonly kind: "counting";
      readonly depth: number;
      readonly literals: readonly Literal[];
      readonly competitors: readonly Competitor[];
      readonly resources: readonly Resource[];
    }
  /**
   * The limits of the first `depth` levels contradict each other: the last of them is too low, and is given up
   * with the ones after it. With depth 0 there is no assignment at all.
   */
  | { readonly kind: "refuted"; readonly depth: number }
  /** The limits after the first `depth` levels are given up without a conclusion. */
  | { readonly kind: "release"; readonly depth: number };

export interface Derivation {
  /** The releases whose needs it rests on. */
  readonly premises: readonly { readonly package: number; readonly releases: readonly number[] }[];
  readonly steps: readonly DerivationStep[];
  /** What it shows. */
  readonly result: Extract<StepResult, { kind: "solved" | "unsatisfiable" }>;
}

type Clause = Pick<Extract<DerivationStep, { kind: "clause" }>, "depth" | "literals">;

export class Recorder {
  private readonly steps: DerivationStep[] = [];

  limit(level: number, limit: number): void {
    this.steps.push({ kind: "limit", level, limit });
  }

  refuted(depth: number, search: Search): void {
    if (search.crowd !== undefined) this.conclude({ depth, literals: [] }, search);
    this.steps.push({ kind: "refuted", depth });
  }

  release(depth: number): void {
    this.steps.push({ kind: "release", depth });
  }

  learned(nogood: Nogood, search: Search): void {
    const { trail, intake } = search;
    const literals: Literal[] = [];
    for (let i = 0; i < nogood.count; i++) {
      const v = nogood.members[i]!;
      const base = trail.base[v]!;
      const values = Uint32Array.from(nogood.gone.subarray(base, base + trail.words[v]!));
      literals.push({ package: intake.host[v]!, values });
    }
    this.conclude({ depth: nogood.tag, literals }, search);
  }

  private conclude(clause: Clause, search: Search): void {
    if (search.crowd === undefined) this.steps.push({ kind: "clause", ...clause });
    else this.steps.push(countingOf(search.crowd, clause, search));
  }

  derivation(result: Derivation["result"], search: Search): Derivation {
    const byPackage = new Map<number, number[]>();
    for (const { package: id, release } of search.intake.read()) {
      const releases = byPackage.get(id) ?? [];
      releases.push(release);
      byPackage.set(id, releases);
    }
    const premises = [...byPackage].map(([id, releases]) => ({ package: id, releases }));
    return { premises, steps: this.steps, result };
  }
}

function countingOf(
  { members, capacities }: Overcrowding,
  clause: Clause,
  { intake, trail, network }: Search,
): DerivationStep {
  const competitors = members.map(({ variable, demands }) => ({
    package: intake.host[variable]!,
    demands: demands.map(({ group }) => {
      const { target, range, optional } = network.lineOf(group);
      const at = network.releases[group]!;
      const releases = new Uint32Array((trail.size[variable]! + 31) >> 5);
      const base = trail.base[variable]!;
      for (let i = 0; i < releases.length; i++) releases[i] = network.bits[at + i]! & trail.dom[base + i]!;
      return { releases, dependency: { package: intake.host[target]!, range, optional } };
    }),
  }));
  const resources = [...capacities].map(([v, capacity]) => ({ package: intake.host[v]!, capacity }));
  return { kind: "counting", ...clause, competitors, resources };
}
