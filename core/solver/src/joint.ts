// Several problems solved together, each for itself but for what they share: packages of different problems may be
// the same thing, and where their releases differ, that is one difference. Each shared thing becomes an auxiliary
// package whose releases are those that all may take, and last "they differ", which costs one. So the search, its
// bounds and its proofs know nothing of there being several problems.

import type { Assignment, Dependency, Facts, PackageFacts, Problem } from "./problem.ts";
import { type ReleaseSet, setFromRanges } from "./release-set.ts";

/** What a package of one problem is in all of them. */
export interface Shared {
  /** Equal for packages that are the same. */
  readonly key: string;
  /** Number of its releases in all problems. */
  readonly releases: number;
  /** Which of them a release of this problem's package is; no two are the same. */
  readonly releaseOf: (release: number) => number;
}

export interface Joining {
  /** The level of the joint objective that counts differences: the levels of the problems from there on come after it. */
  readonly level: number;
  /** Undefined for a package that is nobody else's. Asked when the package is known; the same for as long as the problem lives. */
  readonly shared: (problem: number, id: number) => Shared | undefined;
}

/** A package of one of the problems. */
export interface Part {
  readonly problem: number;
  readonly id: number;
}

export interface JointProblem extends Problem {
  /** The package of a problem that a joint one stands for; undefined for a shared thing, of which everything is known. */
  partOf(id: number): Part | undefined;
  /** The assignment of each problem. */
  partsOf(assignment: Assignment): readonly Assignment[];
}

type Node =
  | ({ readonly kind: "own" } & Part)
  /** Takes the release of an own package, which mirrors it, and says at once what is shared of it. */
  | ({ readonly kind: "link"; readonly shared: Shared } & Part)
  | { readonly kind: "shared"; readonly releases: number };

type Range =
  | { readonly problem: number; readonly range: number }
  | { readonly releases: number; readonly release: number };

/**
 * The problems have the same levels and no limits. What a level costs is the sum over the problems, and the roots of each
 * come in turn.
 */
export function joinProblems(problems: readonly Problem[], joining: Joining): JointProblem {
  const facts = new JointFacts(problems, joining);
  const most = Math.max(0, ...problems.map(({ roots }) => roots.length));
  const roots: Dependency[] = [];
  for (let at = 0; at < most; at++) {
    for (const [problem, { roots: own }] of problems.entries()) {
      const root = own[at];
      if (root !== undefined) roots.push(facts.joint(problem, root));
    }
  }
  return {
    facts,
    roots,
    levels: (problems[0]?.levels ?? 0) + 1,
    partOf: (id) => facts.partOf(id),
    partsOf: (assignment) => facts.partsOf(assignment),
  };
}

class JointFacts implements Facts {
  readonly #problems: readonly Problem[];
  readonly #joining: Joining;
  readonly #nodes: Node[] = [];
  readonly #ranges: Range[] = [];
  /** Of each problem, the joint numbers of its packages and ranges. */
  readonly #packageOf: readonly Map<number, number>[];
  readonly #rangeOf: readonly Map<number, number>[];
  readonly #linkOf = new Map<number, number>();
  /** By key: a shared thing, and the range of each of its releases or "they differ". */
  readonly #shared = new Map<string, { readonly id: number; readonly ranges: number[] }>();

  constructor(problems: readonly Problem[], joining: Joining) {
    this.#problems = problems;
    this.#joining = joining;
    this.#packageOf = problems.map(() => new Map());
    this.#rangeOf = problems.map(() => new Map());
  }

  joint(problem: number, { package: id, range, ...rest }: Dependency): Dependency {
    return { ...rest, package: this.#own(problem, id), range: this.#range(problem, range) };
  }

  package(id: number): PackageFacts | undefined {
    const node = this.#nodes[id]!;
    if (node.kind === "shared") return this.#sharedFacts(node.releases);
    const facts = this.#problems[node.problem]!.facts.package(node.id);
    if (facts === undefined) return undefined;
    if (node.kind === "link") return { releases: facts.releases, costs: [], auxiliary: true };
    const costs = facts.costs.slice();
    if (costs.length > this.#joining.level) costs.splice(this.#joining.level, 0, undefined);
    const mirrors =
      facts.mirrors === undefined ? this.#link(id, node) : this.#own(node.problem, facts.mirrors);
    return { ...facts, costs, mirrors };
  }

  #sharedFacts(releases: number): PackageFacts {
    const differ = new Float64Array(releases + 1);
    differ[releases] = 1;
    const costs = new Array<Float64Array | undefined>(this.#joining.level + 1).fill(undefined);
    costs[this.#joining.level] = differ;
    return { releases: releases + 1, costs, auxiliary: true };
  }

  dependencies(id: number, release: number): readonly Dependency[] | "unusable" | undefined {
    const node = this.#nodes[id]!;
    if (node.kind === "shared") return [];
    if (node.kind === "link") return [this.#tie(node.shared, node.shared.releaseOf(release))];
    const needs = this.#problems[node.problem]!.facts.dependencies(node.id, release);
    return typeof needs === "object" ? needs.map((need) => this.joint(node.problem, need)) : needs;
  }

  atHand(id: number): readonly number[] {
    const node = this.#nodes[id]!;
    if (node.kind === "shared") return Array.from({ length: node.releases + 1 }, (_, release) => release);
    const { facts } = this.#problems[node.problem]!;
    if (node.kind === "own") return facts.atHand?.(node.id) ?? [];
    return Array.from({ length: facts.package(node.id)?.releases ?? 0 }, (_, release) => release);
  }

  admitted(range: number): ReleaseSet {
    const known = this.#ranges[range]!;
    if ("problem" in known) return this.#problems[known.problem]!.facts.admitted(known.range);
    const { releases, release } = known;
    return setFromRanges(releases + 1, [release, release + 1, releases, releases + 1]);
  }

  partOf(id: number): Part | undefined {
    const node = this.#nodes[id]!;
    return node.kind === "shared" ? undefined : node;
  }

  partsOf(assignment: Assignment): readonly Assignment[] {
    const parts = this.#problems.map(() => new Map<number, number>());
    for (const [id, release] of assignment) {
      const node = this.#nodes[id]!;
      if (node.kind === "own") parts[node.problem]!.set(node.id, release);
    }
    return parts;
  }

  #add(node: Node): number {
    return this.#nodes.push(node) - 1;
  }

  #own(problem: number, id: number): number {
    const known = this.#packageOf[problem]!.get(id);
    if (known !== undefined) return known;
    const added = this.#add({ kind: "own", problem, id });
    this.#packageOf[problem]!.set(id, added);
    return added;
  }

  #range(problem: number, range: number): number {
    const known = this.#rangeOf[problem]!.get(range);
    if (known !== undefined) return known;
    const added = this.#ranges.push({ problem, range }) - 1;
    this.#rangeOf[problem]!.set(range, added);
    return added;
  }

  #link(own: number, { problem, id }: Part): number | undefined {
    const known = this.#linkOf.get(own);
    if (known !== undefined) return known;
    const shared = this.#joining.shared(problem, id);
    if (shared === undefined) return undefined;
    const added = this.#add({ kind: "link", problem, id, shared });
    this.#linkOf.set(own, added);
    return added;
  }

  /** To the release of a shared thing, or to there being a difference. */
  #tie({ key, releases }: Shared, release: number): Dependency {
    let shared = this.#shared.get(key);
    if (shared === undefined) {
      shared = { id: this.#add({ kind: "shared", releases }), ranges: [] };
      this.#shared.set(key, shared);
    }
    const { id, ranges } = shared;
    ranges[release] ??= this.#ranges.push({ releases, release }) - 1;
    return { package: id, range: ranges[release] };
  }
}
