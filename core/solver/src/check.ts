// Checks a derivation without searching: every step must follow from the problem and the steps before it by
// propagation. Written for the reader, and shares nothing with the search but the types of the problem.
//
// A package is a set of values still possible, bit r for release r and the bit after the last for "not chosen".
// Propagation removes what no assignment can have: releases whose needs cannot be met, values that no dependent
// left admits, values too dear for a limit. An empty set is a contradiction. To show a clause, all its values
// are taken away and a contradiction must follow (https://doi.org/10.1007/978-3-319-40970-2_15, "RUP"). Where
// that takes counting, capacities are added up.

import { add, below, Domains, drop, has, meets, values } from "./certificate/domains.ts";
import type { Competitor, Derivation, DerivationStep, Literal, Resource } from "./derivation.ts";
import type { Assignment, Budget, Dependency, Problem } from "./problem.ts";

export type Verdict =
  | { readonly kind: "valid" }
  /** `step`: the place of the step that does not hold; absent where the premises or the result do not. */
  | { readonly kind: "invalid"; readonly reason: string; readonly step?: number }
  /** The budget is spent. */
  | { readonly kind: "unfinished" };

export interface CheckOptions {
  readonly budget?: Budget;
  /** What a reason calls a package. */
  readonly nameOf?: (id: number) => string;
}

/** For each release of `source` that needs `target`: the values of `target` that it admits. */
interface Edge {
  readonly source: number;
  readonly target: number;
  readonly admits: Map<number, Uint32Array>;
}

interface Clause {
  readonly depth: number;
  readonly literals: readonly Literal[];
  /** Its limit is no longer in force. */
  isOver: boolean;
}

type Count = Extract<DerivationStep, { kind: "counting" }>;

class Invalid extends Error {}
class Unfinished extends Error {}

/** Whether the derivation shows its result to be the answer to the problem. */
export function checkDerivation(
  problem: Problem,
  derivation: Derivation,
  options: CheckOptions = {},
): Verdict {
  const checker = new Checker(problem, derivation, options);
  try {
    checker.check();
    return { kind: "valid" };
  } catch (error) {
    if (error instanceof Unfinished) return { kind: "unfinished" };
    if (!(error instanceof Invalid)) throw error;
    const { step } = checker;
    return { kind: "invalid", reason: error.message, ...(step === undefined ? {} : { step }) };
  }
}

class Checker {
  /** The step that is being checked. */
  step: number | undefined;
  private readonly problem: Problem;
  private readonly derivation: Derivation;
  private readonly budget: Budget | undefined;
  private rounds = 0;
  private readonly nameOf: (id: number) => string;
  private readonly sizes = new Map<number, number>();
  private readonly edges = new Map<string, Edge>();
  private readonly sets = new Map<string, Uint32Array>();
  /** What looks at a package. */
  private readonly edgesOf = new Map<number, Edge[]>();
  private readonly mirrorsOf = new Map<number, (readonly [id: number, base: number])[]>();
  private readonly clausesOf = new Map<number, Clause[]>();
  /** By level: the packages of which some release costs something. */
  private readonly priced: number[][];
  /** What holds with the limits of the first i levels in force, with all its consequences. */
  private readonly domains: Domains[] = [new Domains()];
  private clauses: Clause[] = [];
  private limits: number[] = [];
  /** Limits of the problem itself, in force throughout. */
  private readonly given: readonly number[];
  /** Least value of each level, given the limits in force at the levels before it. */
  private readonly proved: number[];

  constructor(problem: Problem, derivation: Derivation, { budget, nameOf }: CheckOptions) {
    this.problem = problem;
    this.derivation = derivation;
    this.budget = budget;
    this.nameOf = nameOf ?? ((id) => `package ${id}`);
    this.given = problem.limits ?? [];
    this.proved = new Array<number>(problem.levels).fill(0);
    this.priced = Array.from({ length: problem.levels }, () => []);
  }

  check(): void {
    const { steps, result } = this.derivation;
    this.readPremises();
    const order = result.kind === "solved" ? this.checkAssignment(result.assignment) : [];
    let refuted = !this.propagate(this.domains[0]!, 0);
    for (const [level, limit] of this.given.entries()) {
      this.follow({ kind: "limit", level, limit });
      refuted = this.domains[level + 1]!.refuted || refuted;
    }
    for (const [i, step] of steps.entries()) {
      this.step = i;
      refuted = this.follow(step) || refuted;
    }
    this.step = undefined;
    if (result.kind === "unsatisfiable") demand(refuted, "no step shows that there is no assignment");
    else {
      this.checkLevels(result.assignment, result.levels);
      this.checkNewest(result.assignment, order);
    }
  }

  private readPremises(): void {
    const [bottom] = this.domains as [Domains];
    for (const root of this.problem.roots) {
      if (this.meet(root.package)) bottom.keep(root.package, this.admitted(root));
    }
    for (const { package: id, releases } of this.derivation.premises) {
      demand(this.meet(id), `${this.nameOf(id)} is unknown`);
      for (const release of releases) this.readRelease(id, release);
    }
  }

  private readRelease(id: number, release: number): void {
    const [bottom] = this.domains as [Domains];
    demand(release >= 0 && release < this.sizes.get(id)!, `${this.nameOf(id)} has no release ${release}`);
    const needs = this.problem.facts.dependencies(id, release);
    demand(needs !== undefined, `the needs of release ${release} of ${this.nameOf(id)} are unknown`);
    if (needs === "unusable") {
      bottom.remove(id, release);
      return;
    }
    for (const need of needs as readonly Dependency[]) {
      if (!this.meet(need.package)) continue;
      const admits = this.admitted(need);
      if (need.package === id) {
        if (!has(admits, release)) bottom.remove(id, release);
        continue;
      }
      const edge = this.edge(id, need.package);
      const before = edge.admits.get(release);
      edge.admits.set(release, before === undefined ? admits : admits.map((word, i) => word & before[i]!));
    }
  }

  private edge(source: number, target: number): Edge {
    const key = `${source} ${target}`;
    let edge = this.edges.get(key);
    if (edge === undefined) {
      edge = { source, target, admits: new Map() };
      this.edges.set(key, edge);
      append(this.edgesOf, source, edge);
      append(this.edgesOf, target, edge);
    }
    return edge;
  }

  /** Makes the package a part of the model, and what it mirrors. False while it is unknown. */
  private meet(id: number): boolean {
    for (let next: number | undefined = id; next !== undefined && !this.sizes.has(next); ) {
      const facts = this.problem.facts.package(next);
      if (facts === undefined) break;
      const { releases, costs, mirrors } = facts;
      this.sizes.set(next, releases);
      this.domains[0]!.meet(next, releases);
      this.readCosts(next, releases, costs);
      const isKnown = mirrors !== undefined && this.problem.facts.package(mirrors) !== undefined;
      if (isKnown && mirrors !== next) {
        append(this.mirrorsOf, next, [next, mirrors]);
        append(this.mirrorsOf, mirrors, [next, mirrors]);
      }
      next = mirrors;
    }
    return this.sizes.has(id);
  }

  private readCosts(id: number, releases: number, costs: readonly (ArrayLike<number> | undefined)[]): void {
    for (const [level, row] of costs.entries()) {
      let dearest = 0;
      for (let release = 0; release < releases && row !== undefined; release++) {
        const cost = row[release]!;
        demand(
          Number.isSafeInteger(cost) && cost >= 0,
          `${this.nameOf(id)} has a cost that is no natural number`,
        );
        dearest = Math.max(dearest, cost);
      }
      if (dearest > 0) this.priced[level]?.push(id);
    }
  }

  private admitted({ package: id, range, optional }: Dependency): Uint32Array {
    const key = `${id} ${range} ${optional === true}`;
    let set = this.sets.get(key);
    if (set === undefined) {
      const size = this.sizes.get(id)!;
      set = below(0, size);
      set.set(this.problem.facts.admitted(range).subarray(0, set.length));
      if (optional === true) add(set, size);
      else drop(set, size);
      this.sets.set(key, set);
    }
    return set;
  }

  private cost(level: number, id: number, value: number): number {
    const row = this.problem.facts.package(id)!.costs[level];
    return row === undefined || value >= this.sizes.get(id)! ? 0 : row[value]!;
  }

  /** Checks a step and takes it over. True when it shows that there is no assignment. */
  private follow(step: DerivationStep): boolean {
    switch (step.kind) {
      case "limit":
        demand(step.level === this.limits.length && step.level < this.problem.levels, "a limit out of turn");
        this.limits.push(step.limit);
        this.proved.fill(0, this.limits.length);
        this.domains.push(this.domains[step.level]!.copy());
        this.propagate(this.domains[step.level + 1]!, this.limits.length);
        return false;
      case "clause":
      case "counting":
        this.learn(step);
        return false;
      case "refuted": {
        const { depth } = step;
        demand(depth <= this.limits.length, "a limit is refuted that is not in force");
        demand(this.domains[depth]!.refuted, "a limit is not refuted");
        if (depth <= this.given.length) return true;
        this.proved[depth - 1] = Math.max(this.proved[depth - 1]!, this.limits[depth - 1]! + 1);
        this.retract(depth - 1);
        return false;
      }
      case "release":
        demand(step.depth >= this.given.length, "a limit of the problem is given up");
        this.retract(step.depth);
        return false;
      default:
        return step satisfies never;
    }
  }

  private learn(step: Extract<DerivationStep, { kind: "clause" | "counting" }>): void {
    const { depth, literals } = step;
    demand(depth <= this.limits.length, "a clause of a limit that is not in force");
    const trial = this.domains[depth]!.copy();
    for (const { package: id, values: set } of literals) {
      demand(trial.sets.has(id), `${this.nameOf(id)} is unknown`);
      demand(set.length === trial.of(id).length, `a set of ${this.nameOf(id)} has the wrong length`);
      trial.keep(id, set, true);
    }
    if (this.propagate(trial, depth)) {
      demand(step.kind === "counting", "a clause does not follow");
      this.count(step as Count, trial);
    }
    const clause = { depth, literals, isOver: false };
    this.clauses.push(clause);
    for (const { package: id } of literals) append(this.clausesOf, id, clause);
    for (let i = depth; i <= this.limits.length; i++) {
      followClause(clause, this.domains[i]!);
      this.propagate(this.domains[i]!, i);
    }
  }

  /** Each competitor takes one of its demands to some resource; together the resources serve fewer than there are. */
  private count({ competitors, resources }: Count, domains: Domains): void {
    const ids = new Set(competitors.map((competitor) => competitor.package));
    demand(ids.size === competitors.length, "a competitor is counted twice");
    for (const competitor of competitors) this.checkCompetitor(competitor, resources, domains);
    for (const resource of resources) {
      const served = values(this.domainOf(resource.package, domains)).map(
        (value) =>
          competitors.filter((competitor) => this.serves(resource.package, value, competitor)).length,
      );
      demand(
        served.every((count) => count <= resource.capacity),
        `${this.nameOf(resource.package)} serves more than it is said to`,
      );
    }
    const room = resources.reduce((sum, { capacity }) => sum + capacity, 0);
    demand(room < competitors.length, "there is room for every competitor");
  }

  /** Whatever value is left of the package, it demands one of the resources. */
  private checkCompetitor(
    { package: id, demands }: Competitor,
    resources: readonly Resource[],
    domains: Domains,
  ): void {
    const domain = this.domainOf(id, domains);
    for (const { releases, dependency } of demands) {
      const target = dependency.package;
      demand(
        resources.some((resource) => resource.package === target),
        `${this.nameOf(target)} is no resource`,
      );
      for (const release of values(releases)) {
        const known = release < this.sizes.get(id)!;
        const needs = known ? this.problem.facts.dependencies(id, release) : undefined;
        const demanded = Array.isArray(needs) && needs.some((need) => same(need, dependency));
        demand(demanded, `release ${release} of ${this.nameOf(id)} does not demand ${this.nameOf(target)}`);
      }
    }
    const covered = (value: number) => demands.some(({ releases }) => has(releases, value));
    demand(values(domain).every(covered), `${this.nameOf(id)} may do without the resources`);
  }

  /** The value of the package meets a demand of the competitor. */
  private serves(id: number, value: number, { demands }: Competitor): boolean {
    return demands.some(
      ({ dependency }) => dependency.package === id && has(this.admitted(dependency), value),
    );
  }

  private domainOf(id: number, domains: Domains): Uint32Array {
    demand(domains.sets.has(id), `${this.nameOf(id)} is unknown`);
    return domains.of(id);
  }

  private retract(depth: number): void {
    this.limits.length = Math.min(this.limits.length, depth);
    this.domains.length = this.limits.length + 1;
    for (const clause of this.clauses) clause.isOver = clause.depth > depth;
    this.clauses = this.clauses.filter(({ isOver }) => !isOver);
  }

  /** Removes what cannot be under the first `depth` limits, until nothing changes. False: a contradiction. */
  private propagate(domains: Domains, depth: number): boolean {
    const { changed } = domains;
    do {
      for (const id of changed) {
        if (this.budget?.spent(++this.rounds) === true) throw new Unfinished();
        changed.delete(id);
        for (const edge of this.edgesOf.get(id) ?? []) this.followEdge(edge, domains);
        for (const [mirror, base] of this.mirrorsOf.get(id) ?? []) this.followMirror(mirror, base, domains);
        for (const clause of this.clausesOf.get(id) ?? [])
          if (!clause.isOver && clause.depth <= depth) followClause(clause, domains);
        if (domains.refuted) return false;
      }
      for (let level = 0; level < depth && changed.size === 0; level++) this.followLimit(level, domains);
    } while (changed.size > 0);
    return !domains.refuted;
  }

  private followEdge({ source, target, admits }: Edge, domains: Domains): void {
    const from = domains.of(source);
    const to = domains.of(target);
    const union = new Uint32Array(to.length);
    let isFree = false;
    for (const value of values(from)) {
      const set = admits.get(value);
      if (set === undefined) isFree = true;
      else if (!meets(to, set)) domains.remove(source, value);
      else if (!isFree) for (let i = 0; i < union.length; i++) union[i] = union[i]! | set[i]!;
    }
    if (!isFree) domains.keep(target, union);
  }

  private followMirror(id: number, base: number, domains: Domains): void {
    const size = this.sizes.get(id)!;
    const open = domains.of(base).slice();
    add(open, size);
    domains.keep(id, open);
    if (!has(domains.of(id), size)) domains.keep(base, domains.of(id));
  }

  private followLimit(level: number, domains: Domains): void {
    let slack = this.limits[level]!;
    for (const id of this.priced[level]!) slack -= this.least(level, id, domains);
    if (slack < 0) {
      domains.refuted = true;
      return;
    }
    for (const id of this.priced[level]!) {
      const most = this.least(level, id, domains) + slack;
      for (const value of values(domains.of(id)))
        if (this.cost(level, id, value) > most) domains.remove(id, value);
    }
  }

  private least(level: number, id: number, domains: Domains): number {
    let least = Number.POSITIVE_INFINITY;
    for (const value of values(domains.of(id))) least = Math.min(least, this.cost(level, id, value));
    return least;
  }

  /** Checks that the assignment meets every demand and has nothing unneeded; returns its breadth-first order. */
  private checkAssignment(assignment: Assignment): number[] {
    const order = new Set<number>();
    const need = (dependency: Dependency) => {
      const release = assignment.get(dependency.package);
      if (release === undefined)
        demand(dependency.optional === true, `${this.nameOf(dependency.package)} is needed and not chosen`);
      else {
        demand(this.meet(dependency.package), `${this.nameOf(dependency.package)} is unknown`);
        demand(
          has(this.admitted(dependency), release),
          `release ${release} of ${this.nameOf(dependency.package)} is not admitted`,
        );
      }
      for (
        let id: number | undefined = dependency.package;
        id !== undefined && dependency.optional !== true;
      ) {
        if (order.has(id)) break;
        order.add(id);
        id = this.mirrorOf(id, assignment);
      }
    };
    for (const root of this.problem.roots) need(root);
    for (const id of order) {
      const needs = this.problem.facts.dependencies(id, assignment.get(id)!);
      demand(
        needs !== undefined && needs !== "unusable",
        `the chosen release of ${this.nameOf(id)} is unknown or unusable`,
      );
      for (const dependency of needs as readonly Dependency[]) need(dependency);
    }
    demand(order.size === assignment.size, "a package is chosen that nothing needs");
    return [...order];
  }

  private mirrorOf(id: number, assignment: Assignment): number | undefined {
    const base = this.problem.facts.package(id)?.mirrors;
    if (base === undefined || base === id) return undefined;
    demand(
      assignment.get(base) === assignment.get(id),
      `${this.nameOf(id)} and its base ${this.nameOf(base)} differ`,
    );
    return base;
  }

  private checkLevels(assignment: Assignment, levels: readonly { value: number; bound: number }[]): void {
    demand(levels.length === this.problem.levels, "not every level has a value");
    demand(this.limits.length === this.problem.levels, "not every level has its limit");
    levels.forEach(({ value, bound }, level) => {
      let sum = 0;
      for (const [id, release] of assignment) sum += this.cost(level, id, release);
      const least = level < this.given.length ? 0 : value;
      demand(sum === value && bound === least, `level ${level} costs ${sum}`);
      demand(least <= this.proved[level]!, `level ${level} is not shown to be least`);
      demand(value <= this.limits[level]!, `the limit of level ${level} excludes the answer`);
    });
  }

  /** Package by package, nothing newer is possible once the former ones are chosen. */
  private checkNewest(assignment: Assignment, all: readonly number[]): void {
    const order = all.filter((id) => this.problem.facts.package(id)?.auxiliary !== true);
    if (order.every((id) => assignment.get(id) === 0)) return;
    const depth = this.problem.levels;
    const domains = this.domains[depth]!.copy();
    for (const id of order) {
      const release = assignment.get(id)!;
      const size = this.sizes.get(id)!;
      const newer = domains.copy();
      newer.keep(id, below(release, size));
      demand(!this.propagate(newer, depth), `a newer release of ${this.nameOf(id)} is not excluded`);
      const chosen = below(0, size);
      add(chosen, release);
      domains.keep(id, chosen);
      demand(this.propagate(domains, depth), "the steps exclude the answer");
    }
  }
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Where all literals but one are impossible, that one holds; where all are, nothing does. */
function followClause({ literals }: Clause, domains: Domains): void {
  let only: Literal | undefined;
  for (const literal of literals) {
    if (!meets(domains.of(literal.package), literal.values)) continue;
    if (only !== undefined) return;
    only = literal;
  }
  if (only === undefined) domains.refuted = true;
  else domains.keep(only.package, only.values);
}

function same(a: Dependency, b: Dependency): boolean {
  return a.package === b.package && a.range === b.range && (a.optional === true) === (b.optional === true);
}

function demand(condition: boolean, reason: string): void {
  if (!condition) throw new Invalid(reason);
}
