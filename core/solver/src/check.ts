// Checks a derivation without searching: every step must follow from the problem and the steps before it by
// propagation. Written for the reader and not for speed, and shares nothing with the search but the types of
// the problem.
//
// A package is a set of values still possible, bit r for release r and the bit after the last for "not chosen".
// Propagation removes what no assignment can have: releases whose needs cannot be met, values that no dependent
// left admits, values too dear for a limit. An empty set is a contradiction. To show a clause, all its values
// are taken away and a contradiction must follow (https://doi.org/10.1007/978-3-319-40970-2_15, "RUP"). Where
// that takes counting, capacities are added up.

import type { Competitor, Derivation, DerivationStep, Literal, Resource } from "./derivation.ts";
import type { Assignment, Dependency, Problem } from "./problem.ts";

export type Verdict = { readonly kind: "valid" } | { readonly kind: "invalid"; readonly reason: string };

/** A set of values still possible of each package. */
type Domains = Map<number, Uint32Array>;

/** For each release of `source` that needs `target`: the values of `target` that it admits. */
interface Edge {
  readonly source: number;
  readonly target: number;
  readonly admits: Map<number, Uint32Array>;
}

interface Clause {
  readonly depth: number;
  readonly literals: readonly Literal[];
}

type Count = Extract<DerivationStep, { kind: "counting" }>;

class Invalid extends Error {}

/** Whether the derivation shows its result to be the answer to the problem. */
export function checkDerivation(problem: Problem, derivation: Derivation): Verdict {
  try {
    new Checker(problem, derivation).check();
    return { kind: "valid" };
  } catch (error) {
    if (error instanceof Invalid) return { kind: "invalid", reason: error.message };
    throw error;
  }
}

class Checker {
  private readonly problem: Problem;
  private readonly derivation: Derivation;
  private readonly sizes = new Map<number, number>();
  private readonly mirrors = new Map<number, number>();
  private readonly edges = new Map<string, Edge>();
  /** What holds with the limits of the first i levels in force. */
  private readonly domains: Domains[] = [new Map()];
  private clauses: Clause[] = [];
  private limits: number[] = [];
  /** Least value of each level, given the limits in force at the levels before it. */
  private readonly proved: number[];

  constructor(problem: Problem, derivation: Derivation) {
    this.problem = problem;
    this.derivation = derivation;
    this.proved = new Array<number>(problem.levels).fill(0);
  }

  check(): void {
    const { steps, result } = this.derivation;
    this.readPremises();
    const order = result.kind === "solved" ? this.checkAssignment(result.assignment) : [];
    let refuted = !this.propagate(this.domains[0]!, 0);
    for (const step of steps) refuted = this.follow(step) || refuted;
    if (result.kind === "unsatisfiable") demand(refuted, "no step shows that there is no assignment");
    else {
      this.checkLevels(result.assignment, result.levels);
      this.checkNewest(result.assignment, order);
    }
  }

  private readPremises(): void {
    for (const root of this.problem.roots) {
      if (this.meet(root.package)) restrict(this.domains[0]!, root.package, this.admitted(root));
    }
    for (const { package: id, releases } of this.derivation.premises) {
      demand(this.meet(id), `package ${id} is unknown`);
      for (const release of releases) this.readRelease(id, release);
    }
  }

  private readRelease(id: number, release: number): void {
    demand(release >= 0 && release < this.sizes.get(id)!, `package ${id} has no release ${release}`);
    const needs = this.problem.facts.dependencies(id, release);
    demand(needs !== undefined, `the needs of release ${release} of package ${id} are unknown`);
    if (needs === "unusable") {
      remove(this.domains[0]!.get(id)!, release);
      return;
    }
    for (const need of needs as readonly Dependency[]) {
      if (!this.meet(need.package)) continue;
      const admits = this.admitted(need);
      if (need.package === id) {
        if (!has(admits, release)) remove(this.domains[0]!.get(id)!, release);
        continue;
      }
      const edge = this.edge(id, need.package);
      const before = edge.admits.get(release);
      edge.admits.set(release, before === undefined ? admits : admits.map((word, i) => word & before[i]!));
    }
  }

  private edge(source: number, target: number): Edge {
    const key = `${source} ${target}`;
    const edge = this.edges.get(key) ?? { source, target, admits: new Map() };
    this.edges.set(key, edge);
    return edge;
  }

  /** Makes the package a part of the model. False while it is unknown. */
  private meet(id: number): boolean {
    if (this.sizes.has(id)) return true;
    const facts = this.problem.facts.package(id);
    if (facts === undefined) return false;
    this.sizes.set(id, facts.releases);
    this.domains[0]!.set(id, below(facts.releases + 1, facts.releases));
    for (const row of facts.costs) {
      for (let release = 0; release < facts.releases && row !== undefined; release++) {
        demand(
          Number.isSafeInteger(row[release]!) && row[release]! >= 0,
          `package ${id} has a cost that is no natural number`,
        );
      }
    }
    if (facts.mirrors !== undefined && facts.mirrors !== id && this.meet(facts.mirrors))
      this.mirrors.set(id, facts.mirrors);
    return true;
  }

  private admitted({ package: id, range, optional }: Dependency): Uint32Array {
    const size = this.sizes.get(id)!;
    const set = below(0, size);
    this.problem.facts.admitted(range).forEach((word, i) => {
      set[i] = word;
    });
    if (optional === true) add(set, size);
    else remove(set, size);
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
        this.domains.push(copy(this.domains[step.level]!));
        this.propagate(this.domains[step.level + 1]!, this.limits.length);
        return false;
      case "clause":
      case "counting":
        this.learn(step);
        return false;
      case "refuted": {
        const { depth } = step;
        demand(depth <= this.limits.length, "a limit is refuted that is not in force");
        demand(!this.propagate(copy(this.domains[depth]!), depth), "a limit is not refuted");
        if (depth > 0)
          this.proved[depth - 1] = Math.max(this.proved[depth - 1]!, this.limits[depth - 1]! + 1);
        this.retract(Math.max(0, depth - 1));
        return depth === 0;
      }
      case "release":
        this.retract(step.depth);
        return false;
      default:
        return step satisfies never;
    }
  }

  private learn(step: Extract<DerivationStep, { kind: "clause" | "counting" }>): void {
    const { depth, literals } = step;
    demand(depth <= this.limits.length, "a clause of a limit that is not in force");
    const trial = copy(this.domains[depth]!);
    const negated = literals.every(({ package: id, values }) => {
      demand(trial.has(id), `package ${id} is unknown`);
      return restrict(
        trial,
        id,
        values.map((word) => ~word),
      );
    });
    if (negated && this.propagate(trial, depth)) {
      demand(step.kind === "counting", "a clause does not follow");
      this.count(step as Count, trial);
    }
    this.clauses.push({ depth, literals });
    for (let i = depth; i <= this.limits.length; i++) this.propagate(this.domains[i]!, i);
  }

  /** Each competitor takes one of its demands to some resource; together the resources serve fewer than there are. */
  private count({ competitors, resources }: Count, domains: Domains): void {
    const ids = new Set(competitors.map((competitor) => competitor.package));
    demand(ids.size === competitors.length, "a competitor is counted twice");
    for (const competitor of competitors) this.checkCompetitor(competitor, resources, domains);
    for (const resource of resources) {
      const served = values(domainOf(resource.package, domains)).map(
        (value) =>
          competitors.filter((competitor) => this.serves(resource.package, value, competitor)).length,
      );
      demand(
        served.every((count) => count <= resource.capacity),
        `package ${resource.package} serves more than it is said to`,
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
    const domain = domainOf(id, domains);
    for (const { releases, dependency } of demands) {
      const target = dependency.package;
      demand(
        resources.some((resource) => resource.package === target),
        `package ${target} is no resource`,
      );
      for (const release of values(releases)) {
        const known = release < this.sizes.get(id)!;
        const needs = known ? this.problem.facts.dependencies(id, release) : undefined;
        const demanded = Array.isArray(needs) && needs.some((need) => same(need, dependency));
        demand(demanded, `release ${release} of package ${id} does not demand package ${target}`);
      }
    }
    const covered = (value: number) => demands.some(({ releases }) => has(releases, value));
    demand(values(domain).every(covered), `package ${id} may do without the resources`);
  }

  /** The value of the package meets a demand of the competitor. */
  private serves(id: number, value: number, { demands }: Competitor): boolean {
    return demands.some(
      ({ dependency }) => dependency.package === id && has(this.admitted(dependency), value),
    );
  }

  private retract(depth: number): void {
    this.limits.length = Math.min(this.limits.length, depth);
    this.domains.length = this.limits.length + 1;
    this.clauses = this.clauses.filter((clause) => clause.depth <= depth);
  }

  /** Removes what cannot be under the first `depth` limits, until nothing changes. False: a contradiction. */
  private propagate(domains: Domains, depth: number): boolean {
    for (let before = -1, now = volume(domains); now !== before; before = now, now = volume(domains)) {
      for (const domain of domains.values()) if (isEmpty(domain)) return false;
      for (const edge of this.edges.values()) if (!this.followEdge(edge, domains)) return false;
      for (const [id, base] of this.mirrors) if (!this.followMirror(id, base, domains)) return false;
      for (let level = 0; level < depth; level++) if (!this.followLimit(level, domains)) return false;
      for (const clause of this.clauses)
        if (clause.depth <= depth && !followClause(clause, domains)) return false;
    }
    return true;
  }

  private followEdge({ source, target, admits }: Edge, domains: Domains): boolean {
    const from = domains.get(source)!;
    const to = domains.get(target)!;
    const union = new Uint32Array(to.length);
    for (const value of values(from)) {
      const set = admits.get(value);
      if (set !== undefined && !to.some((word, i) => (word & set[i]!) !== 0)) remove(from, value);
      else for (let i = 0; i < union.length; i++) union[i] = union[i]! | (set === undefined ? -1 : set[i]!);
    }
    return restrict(domains, target, union) && !isEmpty(from);
  }

  private followMirror(id: number, base: number, domains: Domains): boolean {
    const size = this.sizes.get(id)!;
    const open = domains.get(base)!.slice();
    add(open, size);
    if (!restrict(domains, id, open)) return false;
    return has(domains.get(id)!, size) || restrict(domains, base, domains.get(id)!);
  }

  private followLimit(level: number, domains: Domains): boolean {
    const least = new Map<number, number>();
    let slack = this.limits[level]!;
    for (const [id, domain] of domains) {
      const cheapest = Math.min(...Iterator.from(values(domain)).map((value) => this.cost(level, id, value)));
      least.set(id, cheapest);
      slack -= cheapest;
    }
    if (slack < 0) return false;
    for (const [id, domain] of domains) {
      for (const value of values(domain))
        if (this.cost(level, id, value) > least.get(id)! + slack) remove(domain, value);
    }
    return true;
  }

  /** Checks that the assignment meets every demand and has nothing unneeded; returns its breadth-first order. */
  private checkAssignment(assignment: Assignment): number[] {
    const order = new Set<number>();
    const need = (dependency: Dependency) => {
      const release = assignment.get(dependency.package);
      if (release === undefined)
        demand(dependency.optional === true, `package ${dependency.package} is needed and not chosen`);
      else {
        demand(this.meet(dependency.package), `package ${dependency.package} is unknown`);
        demand(
          has(this.admitted(dependency), release),
          `release ${release} of package ${dependency.package} is not admitted`,
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
        `the chosen release of package ${id} is unknown or unusable`,
      );
      for (const dependency of needs as readonly Dependency[]) need(dependency);
    }
    demand(order.size === assignment.size, "a package is chosen that nothing needs");
    return [...order];
  }

  private mirrorOf(id: number, assignment: Assignment): number | undefined {
    const base = this.problem.facts.package(id)?.mirrors;
    if (base === undefined || base === id) return undefined;
    demand(assignment.get(base) === assignment.get(id), `package ${id} and its base ${base} differ`);
    return base;
  }

  private checkLevels(assignment: Assignment, levels: readonly { value: number; bound: number }[]): void {
    demand(levels.length === this.problem.levels, "not every level has a value");
    demand(this.limits.length === this.problem.levels, "not every level has its limit");
    levels.forEach(({ value, bound }, level) => {
      let sum = 0;
      for (const [id, release] of assignment) sum += this.cost(level, id, release);
      demand(sum === value && bound === value, `level ${level} costs ${sum}`);
      demand(value <= this.proved[level]!, `level ${level} is not shown to be least`);
      demand(value <= this.limits[level]!, `the limit of level ${level} excludes the answer`);
    });
  }

  /** Package by package, nothing newer is possible once the former ones are chosen. */
  private checkNewest(assignment: Assignment, all: readonly number[]): void {
    const order = all.filter((id) => this.problem.facts.package(id)?.auxiliary !== true);
    if (order.every((id) => assignment.get(id) === 0)) return;
    const depth = this.problem.levels;
    const domains = copy(this.domains[depth]!);
    for (const id of order) {
      const release = assignment.get(id)!;
      const size = this.sizes.get(id)!;
      const newer = copy(domains);
      const possible = restrict(newer, id, below(release, size));
      demand(!possible || !this.propagate(newer, depth), `a newer release of package ${id} is not excluded`);
      restrict(domains, id, below(release + 1, size));
      restrict(
        domains,
        id,
        below(release, size).map((word) => ~word),
      );
      demand(this.propagate(domains, depth), "the steps exclude the answer");
    }
  }
}

function followClause({ literals }: Clause, domains: Domains): boolean {
  const possible = literals.filter(({ package: id, values: set }) =>
    domains.get(id)!.some((word, i) => (word & set[i]!) !== 0),
  );
  if (possible.length > 1) return true;
  const [only] = possible;
  return only !== undefined && restrict(domains, only.package, only.values);
}

function domainOf(id: number, domains: Domains): Uint32Array {
  const domain = domains.get(id);
  demand(domain !== undefined, `package ${id} is unknown`);
  return domain!;
}

function same(a: Dependency, b: Dependency): boolean {
  return a.package === b.package && a.range === b.range && (a.optional === true) === (b.optional === true);
}

function demand(condition: boolean, reason: string): void {
  if (!condition) throw new Invalid(reason);
}

/** The values before `end`, in a set that has room for the value `last`. */
function below(end: number, last: number): Uint32Array {
  const set = new Uint32Array((last >> 5) + 1);
  for (let value = 0; value < end; value++) add(set, value);
  return set;
}

function has(set: Uint32Array, value: number): boolean {
  return value >= 0 && ((set[value >> 5] ?? 0) & (1 << (value & 31))) !== 0;
}

function add(set: Uint32Array, value: number): void {
  set[value >> 5] = set[value >> 5]! | (1 << (value & 31));
}

function remove(set: Uint32Array, value: number): void {
  set[value >> 5] = set[value >> 5]! & ~(1 << (value & 31));
}

function values(set: Uint32Array): number[] {
  const found: number[] = [];
  for (let value = 0; value < set.length * 32; value++) if (has(set, value)) found.push(value);
  return found;
}

function isEmpty(set: Uint32Array): boolean {
  return set.every((word) => word === 0);
}

/** Keeps what is also in `set`. False when nothing is left. */
function restrict(domains: Domains, id: number, set: Uint32Array): boolean {
  const domain = domains.get(id)!;
  domain.forEach((word, i) => {
    domain[i] = word & (set[i] ?? 0);
  });
  return !isEmpty(domain);
}

function copy(domains: Domains): Domains {
  return new Map([...domains].map(([id, domain]) => [id, domain.slice()]));
}

/** Number of values possible in all. */
function volume(domains: Domains): number {
  let total = 0;
  for (const domain of domains.values()) total += values(domain).length;
  return total;
}
