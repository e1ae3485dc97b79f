// The optimiser: drives the search to the least vector of the objective, level by level, then to the
// newest-first assignment among those that reach it, asking for facts only when the best assignment so far
// rests on unknown ones.
//
// What it holds between steps: for each settled level a proved lower bound, which is also the limit in force
// (facts that arrive only raise costs and forbid assignments, so bounds stay proved), and an incumbent that
// meets those limits as far as is known.

import { coreOf } from "./core.ts";
import { type Derivation, Recorder } from "./derivation.ts";
import { Order } from "./order.ts";
import type { Assignment, Budget, CoreLine, LevelResult, Problem, StepResult } from "./problem.ts";
import { type Assumption, CAPPED, FAILED, LEAF, PAUSED, REFUTED, Search } from "./search.ts";

export interface SolverOptions {
  readonly budget?: Budget | undefined;
  /**
   * Weight of a package when the next one to decide is chosen, positive, 1 by default. It settles how fast the
   * answer is found, never which.
   */
  readonly decisionOrder?: ((package_: number) => number) | undefined;
}

interface Incumbent {
  /** Chosen release per variable, -1 for none. */
  readonly values: Int32Array;
  readonly vector: readonly number[];
  /** Chosen variables in breadth-first order. */
  readonly order: readonly number[];
  readonly unknownPackages: readonly number[];
  readonly unknownReleases: readonly number[];
  /** `retreats` of the search when it was found: equal while the trail still shows it. */
  readonly retreats: number;
}

/** Conflicts that a hypothesis "nothing above the bound" may cost before the search goes down from above. */
const HYPOTHESIS_CONFLICTS = 200;
const MOST_PREFETCHED = 128;

export class Solver {
  private readonly problem: Problem;
  private readonly budget: Budget | undefined;
  private readonly options: SolverOptions;
  private readonly search: Search;
  private readonly order: Order;
  private readonly recorder: Recorder | undefined;
  /** Proved lower bounds per level, each under the limits of the levels before it. */
  private readonly proved: number[];
  private incumbent: Incumbent | undefined;
  /** Best assignment that rests on known facts alone. */
  private feasible: Incumbent | undefined;
  private readonly wanted = new Map<number, number>();
  private unsatisfiable = false;
  private scratch = new Int32Array(64);

  constructor(problem: Problem, options: SolverOptions = {}, recorder?: Recorder) {
    this.problem = problem;
    this.options = options;
    this.budget = options.budget;
    this.search = new Search(problem, options.decisionOrder);
    this.order = new Order(this.search.intake);
    this.proved = new Array<number>(problem.levels).fill(0);
    this.recorder = recorder;
    if (recorder !== undefined) this.search.listener = (nogood) => recorder.learned(nogood, this.search);
  }

  step(): StepResult {
    if (this.unsatisfiable) return { kind: "unsatisfiable" };
    if (this.search.refresh()) this.incumbent = undefined;
    for (;;) {
      const outcome = this.incumbent === undefined ? this.find() : this.improve(this.incumbent);
      if (outcome === PAUSED) return this.paused();
      if (outcome === REFUTED) {
        this.unsatisfiable = true;
        return { kind: "unsatisfiable" };
      }
      if (outcome === LEAF) return this.finish(this.incumbent!);
    }
  }

  /** A minimal set of demands that contradict each other; only after `unsatisfiable`. */
  core(budget?: Budget): { readonly lines: readonly CoreLine[]; readonly minimal: boolean } {
    if (!this.unsatisfiable) throw new Error("only an unsatisfiable problem has a core");
    return coreOf(this.problem, budget);
  }

  /** A log of the way to the answer that `checkDerivation` can follow; the search is run again to write it. */
  derivation(): Derivation {
    const recorder = new Recorder();
    const again = new Solver(this.problem, { decisionOrder: this.options.decisionOrder }, recorder);
    let result = again.step();
    while (result.kind === "paused") result = again.step();
    return recorder.derivation(result);
  }

  /** Looks for any assignment under the limits in force. LEAF is never returned; CAPPED: go on. */
  private find(): number {
    const outcome = this.search.run([], Number.POSITIVE_INFINITY, this.budget);
    if (outcome === LEAF) this.adopt();
    if (outcome !== REFUTED) return outcome === PAUSED ? PAUSED : CAPPED;
    const tag = this.search.refuted;
    this.recorder?.refuted(tag);
    if (tag === 0) return REFUTED;
    this.raise(tag - 1, this.search.limits[tag - 1]! + 1);
    return CAPPED;
  }

  /** The limit of a level is refuted: its proved bound rises, and later levels start afresh. */
  private raise(level: number, bound: number): void {
    this.search.release(level + 1);
    this.proved[level] = Math.max(this.proved[level]!, bound);
    this.proved.fill(0, level + 1);
  }

  /** Takes the assignment that the trail shows as the incumbent. */
  private adopt(): void {
    const { trail, intake, bounds } = this.search;
    const values = new Int32Array(trail.variables).fill(-1);
    const unknownPackages: number[] = [];
    const unknownReleases: number[] = [];
    const order: number[] = [];
    this.order.restart();
    this.order.extend((v) => trail.chosen(v));
    const vector = bounds.map(() => 0);
    for (const v of this.order.list) {
      if (!intake.known(v)) {
        unknownPackages.push(v);
        continue;
      }
      const release = trail.chosen(v);
      values[v] = release;
      order.push(v);
      if (intake.unknown(v, release)) unknownReleases.push(v);
      for (let i = 0; i < bounds.length; i++) vector[i] = vector[i]! + bounds[i]!.cost(v, release);
    }
    const retreats = this.search.retreats;
    this.incumbent = { values, vector, order, unknownPackages, unknownReleases, retreats };
    this.search.remember(values);
    if (unknownPackages.length + unknownReleases.length > 0) return;
    if (this.feasible === undefined || less(vector, this.feasible.vector)) this.feasible = this.incumbent;
  }

  /** One move towards the optimum. LEAF: the incumbent is the answer. */
  private improve(incumbent: Incumbent): number {
    if (this.search.base < this.proved.length || !this.meets(incumbent)) {
      if (this.meets(incumbent) && this.newestFirst(incumbent)) return LEAF;
      const level = this.search.base;
      if (level < this.proved.length) return this.improveLevel(incumbent, level);
    }
    if (this.newestFirst(incumbent)) return LEAF;
    return this.walk();
  }

  private meets(incumbent: Incumbent): boolean {
    return incumbent.vector.every((value, i) => value === this.proved[i]);
  }

  /** Proves or improves the incumbent's value at one level; all earlier levels are settled. */
  private improveLevel(incumbent: Incumbent, level: number): number {
    const value = incumbent.vector[level]!;
    if (this.proved[level]! < value) {
      this.proved[level] = Math.max(this.proved[level]!, this.rootBound(level));
      this.recorder?.rootBound(level, this.proved[level]!);
    }
    const bound = this.proved[level]!;
    if (bound === value) {
      this.impose(value);
      return CAPPED;
    }
    this.impose(bound);
    let outcome = this.search.run([], HYPOTHESIS_CONFLICTS, this.budget);
    if (outcome === CAPPED) {
      this.release(level);
      this.impose(value - 1);
      outcome = this.search.run([], Number.POSITIVE_INFINITY, this.budget);
    }
    if (outcome === REFUTED) {
      if (this.search.refuted !== level + 1) throw new Error("an incumbent was refuted");
      const limit = this.search.limits[level]!;
      this.recorder?.refuted(level + 1);
      this.raise(level, limit + 1);
      return CAPPED;
    }
    if (outcome === LEAF) this.adopt();
    if (this.proved[level]! < this.search.limits[level]!) this.release(level);
    return outcome === PAUSED ? PAUSED : CAPPED;
  }

  private impose(limit: number): void {
    this.recorder?.limit(this.search.base, limit);
    this.search.impose(limit);
  }

  private release(level: number): void {
    this.search.release(level + 1);
  }

  /** Sum of the cheapest releases of what is needed under the limits in force. */
  private rootBound(level: number): number {
    const { trail, bounds } = this.search;
    if (!this.search.settle()) throw new Error("an incumbent was refuted");
    let sum = 0;
    for (let v = 0; v < trail.variables; v++) {
      if (trail.words[v] === 0 || !bounds[level]!.hasCosts(v)) continue;
      if (this.scratch.length < trail.words[v]!) this.scratch = new Int32Array(trail.words[v]! * 2);
      trail.domainAt(v, this.search.base, this.scratch);
      sum += bounds[level]!.leastOf(v, this.scratch);
    }
    return sum;
  }

  /**
   * The trail shows that nothing newer is possible: the decisions were taken in breadth-first order, and all
   * releases before a chosen one were gone by decisions that stand before it in that order.
   */
  private newestFirst(incumbent: Incumbent): boolean {
    const { trail, base } = this.search;
    if (incumbent.retreats !== this.search.retreats) return false;
    const place = new Int32Array(trail.variables).fill(-1);
    for (let i = 0; i < incumbent.order.length; i++) place[incumbent.order[i]!] = i;
    let level = base;
    for (let i = 0; i < incumbent.order.length; i++) {
      const v = incumbent.order[i]!;
      if (!this.goneBy(v, incumbent.values[v]!, level)) return false;
      while (level < trail.level && this.decidedAt(level + 1) === v) level++;
    }
    return level === trail.level;
  }

  /** The variable decided at a level, -1 if none was. */
  private decidedAt(level: number): number {
    const { trail } = this.search;
    const event = trail.levelStart[level]!;
    const end = level === trail.level ? trail.events : trail.levelStart[level + 1]!;
    return event < end ? trail.variable[event]! : -1;
  }

  /** All releases of v before `value` were gone when `level` was complete. */
  private goneBy(v: number, value: number, level: number): boolean {
    const { trail } = this.search;
    if (value === 0) return true;
    if (this.scratch.length < trail.words[v]!) this.scratch = new Int32Array(trail.words[v]! * 2);
    trail.domainAt(v, level, this.scratch);
    const word = value >> 5;
    for (let i = 0; i < word; i++) if (this.scratch[i] !== 0) return false;
    return (this.scratch[word]! & ((1 << (value & 31)) - 1)) === 0;
  }

  /** Fixes the chosen packages in order, each to the newest release that the ones before it leave possible. */
  private walk(): number {
    const { search } = this;
    const prefix: Assumption[] = [];
    this.rewind(prefix);
    for (let i = 0; i < this.incumbent!.order.length; i++) {
      const v = this.incumbent!.order[i]!;
      while (search.trail.first(v) !== this.incumbent!.values[v]) {
        const question = { variable: v, value: this.incumbent!.values[v]!, below: true };
        const outcome = search.run([...prefix, question], Number.POSITIVE_INFINITY, this.budget);
        if (outcome === PAUSED) return PAUSED;
        if (outcome === REFUTED) throw new Error("an incumbent was refuted");
        if (outcome === LEAF) this.adopt();
        this.rewind(prefix);
        if (outcome === FAILED) break;
      }
      if (search.trail.live[v] === 1) continue;
      prefix.push({ variable: v, value: this.incumbent!.values[v]!, below: false });
      if (!search.assume(v, this.incumbent!.values[v]!)) throw new Error("an incumbent was refuted");
    }
    return LEAF;
  }

  /** Undoes everything but the limits and decides the prefix again. */
  private rewind(prefix: readonly Assumption[]): void {
    if (!this.search.settle()) throw new Error("an incumbent was refuted");
    for (const { variable, value } of prefix) {
      if (!this.search.assume(variable, value)) throw new Error("an incumbent was refuted");
    }
  }

  private finish(incumbent: Incumbent): StepResult {
    if (incumbent.unknownPackages.length + incumbent.unknownReleases.length > 0) return this.needs(incumbent);
    const levels = incumbent.vector.map((value) => ({ value, bound: value }));
    return { kind: "solved", assignment: this.assignment(incumbent), levels };
  }

  private assignment(incumbent: Incumbent): Assignment {
    const { host } = this.search.intake;
    return new Map(incumbent.order.map((v) => [host[v]!, incumbent.values[v]!]));
  }

  private paused(): StepResult {
    if (this.feasible === undefined) return { kind: "paused" };
    const levels: LevelResult[] = this.feasible.vector.map((value, i) => ({ value, bound: this.proved[i]! }));
    return { kind: "paused", best: { assignment: this.assignment(this.feasible), levels } };
  }

  /** The unknown facts of the incumbent, then the next candidates of packages that keep being asked about. */
  private needs(incumbent: Incumbent): StepResult {
    const { intake } = this.search;
    const packages = incumbent.unknownPackages.map((v) => intake.host[v]!);
    const releases: { package: number; release: number }[] = [];
    for (const v of incumbent.unknownReleases) {
      releases.push({ package: intake.host[v]!, release: incumbent.values[v]! });
    }
    for (const v of incumbent.unknownReleases) {
      const times = this.wanted.get(v) ?? 0;
      this.wanted.set(v, times + 1);
      let more = times === 0 ? 0 : Math.min(2 ** (times - 1), MOST_PREFETCHED);
      for (const release of this.candidates(v)) {
        if (more === 0) break;
        if (release === incumbent.values[v] || !intake.unknown(v, release)) continue;
        releases.push({ package: intake.host[v]!, release });
        more--;
      }
    }
    return { kind: "needs", packages, releases };
  }

  /** Releases that only decisions rule out, newest first. */
  private *candidates(v: number): Generator<number> {
    const { trail } = this.search;
    if (this.scratch.length < trail.words[v]!) this.scratch = new Int32Array(trail.words[v]! * 2);
    trail.domainAt(v, 0, this.scratch);
    for (let release = 0; release < trail.size[v]!; release++) {
      if ((this.scratch[release >> 5]! & (1 << (release & 31))) !== 0) yield release;
    }
  }
}

function less(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]!;
  return false;
}
