// The optimiser: drives the search to the least vector of the objective, level by level, then to the
// newest-first assignment among those that reach it, asking for facts only when the best assignment so far
// rests on unknown ones.
//
// What it holds between steps: for each settled level its proved least value, which is also the limit in force
// (facts that arrive only raise costs and forbid assignments, so bounds stay proved); for the level in work a
// proved bound and a hypothesis "at most so much", which is met or refuted; and an incumbent that meets the
// limits of all settled levels as far as is known.

import { type Core, coreOf } from "./core.ts";
import { type Derivation, Recorder } from "./derivation.ts";
import { Order } from "./order.ts";
import type { Assignment, Budget, LevelResult, Problem, StepResult } from "./problem.ts";
import { type Assumption, CAPPED, FAILED, LEAF, PAUSED, REFUTED, Search } from "./search.ts";
import { wholeGuess } from "./whole-guess.ts";

export interface SolverOptions {
  readonly budget?: Budget | undefined;
  /**
   * Weight of a package when the next one to decide is chosen, positive, 1 by default. It settles how fast the
   * answer is found, never which.
   */
  readonly decisionOrder?: ((package_: number) => number) | undefined;
  /**
   * The release that a package may well have in the answer, -1 where it may well not be chosen, undefined where there can be
   * no guess: what an earlier solver found for a problem like this one. It is tried first, and then what is better than the whole guess; it too settles only how fast.
   */
  readonly guess?: ((package_: number) => number | undefined) | undefined;
  /**
   * Told the least values of the levels that are settled, after each of them; true: what the others come to does not matter.
   * The answer then keeps to the settled levels, and is nothing but a stack on the others: their bounds are 0, its ties are
   * not settled.
   */
  readonly suffices?: ((settled: readonly number[]) => boolean) | undefined;
  /**
   * Ties are settled when all facts are known, and not for each assignment that rests on unknown ones: to settle them takes a
   * propagation for each package, and with very many of them that costs more than the facts it may spare. The answer is the same.
   */
  readonly tiesLast?: boolean | undefined;
  /** Conflicts before packages are first counted against the places for them; it too settles only how fast. */
  readonly patience?: number | undefined;
}

interface Incumbent {
  /** Chosen release per variable, -1 for none. */
  readonly values: Int32Array;
  readonly vector: readonly number[];
  /** Chosen variables in breadth-first order. */
  readonly order: readonly number[];
  readonly unknownPackages: readonly number[];
  readonly unknownReleases: readonly number[];
}

/** The way through the incumbent's packages in order: those before `place` are fixed by the prefix. */
interface Walk {
  readonly prefix: Assumption[];
  place: number;
  /** What is being searched for: the prefix with something newer. */
  question: readonly Assumption[] | undefined;
}

/** Conflicts that the first hypothesis of a level may cost before the next is tried from above. */
const FIRST_CAP = 200;
/** Of a hypothesis near the bound, as a part of those from above: it is as hard to refute, and gains less. */
const NEAR_SHARE = 1 / 8;
const LEAST_NEAR_CAP = 50;
/** Conflicts of a step after which facts are asked for, if the incumbent rests on unknown ones. */
const OPEN_CAP = 200;
/** Into how many the way from the bound to an incumbent that was bettered is parted. */
const STRIDES = 16;
/** One array, so that a run goes on after a pause. */
const NOTHING: readonly Assumption[] = [];
const MOST_PREFETCHED = 128;

export class Solver {
  private readonly problem: Problem;
  private readonly budget: Budget | undefined;
  private readonly options: SolverOptions;
  /** Number of levels that the problem itself limits. */
  private readonly given: number;
  private readonly search: Search;
  private readonly order: Order;
  private readonly recorder: Recorder | undefined;
  /** Proved lower bounds per level, each under the limits of the levels before it. */
  private readonly proved: number[];
  private incumbent: Incumbent | undefined;
  /** Best assignment that rests on known facts alone. */
  private feasible: Incumbent | undefined;
  /** The last limit in force is a hypothesis: the level in work is not settled. */
  private hypothesis = false;
  /** And it lies near the bound. */
  private isHypothesisNear = false;
  /** Conflicts that the next hypothesis may cost, and whether it is just below the incumbent. */
  private cap = FIRST_CAP;
  private fromAbove = true;
  /** How far it else lies above the bound. */
  private stride = 1;
  private walk: Walk | undefined;
  /** Nobody looked whether the whole guess is a stack. */
  private isGuessFresh = true;
  /** Conflicts when the step began, or the one that paused. */
  private began = 0;
  private pausing = false;
  /** The host was told what facts are wanted. */
  private asked = false;
  private readonly wanted = new Map<number, { times: number; releases: Set<number> }>();
  private answer: StepResult | undefined;
  private scratch = new Int32Array(64);

  constructor(problem: Problem, options: SolverOptions = {}, recorder?: Recorder) {
    this.problem = problem;
    this.options = options;
    this.given = problem.limits?.length ?? 0;
    this.budget = options.budget;
    const { decisionOrder: weight, patience, guess } = options;
    this.search = new Search(problem, { weight, patience, guess });
    this.order = new Order(this.search.intake);
    this.proved = new Array<number>(problem.levels).fill(0);
    this.limit();
    this.recorder = recorder;
    if (recorder !== undefined) this.search.listener = (nogood) => recorder.learned(nogood, this.search);
  }

  step(): StepResult {
    if (this.answer !== undefined) return this.answer;
    if (!this.pausing) this.began = this.search.conflicts;
    this.pausing = false;
    if (this.asked && this.search.refresh()) this.renounce();
    for (;;) {
      const outcome = this.incumbent === undefined ? this.find() : this.improve(this.incumbent);
      if (outcome === PAUSED) return this.paused();
      if (outcome === REFUTED) {
        this.answer = { kind: "unsatisfiable" };
        return this.answer;
      }
      if (outcome === LEAF) return this.finish(this.incumbent!);
    }
  }

  /**
   * These packages cost something else by now. Whatever was answered, the next step answers anew; what was learned of needs
   * alone stays.
   */
  reprice(packages: readonly number[]): void {
    if (this.recorder !== undefined) throw new Error("a derivation is of one answer");
    this.search.reprice(packages);
    this.limit();
    this.proved.fill(0);
    this.incumbent = undefined;
    this.feasible = undefined;
    this.walk = undefined;
    this.answer = undefined;
    this.hypothesis = false;
    this.pausing = false;
    this.isGuessFresh = true;
    this.beginLevel();
  }

  /** A minimal set of demands that contradict each other; only after `unsatisfiable`. */
  core(budget?: Budget): Core {
    if (this.given > 0) throw new Error("limits are no demands, and have no core");
    if (this.answer?.kind !== "unsatisfiable") throw new Error("only an unsatisfiable problem has a core");
    return coreOf(this.problem, [...this.search.intake.read()], { budget, patience: this.patience });
  }

  /** A log that shows the answer to `checkDerivation`; the search is run again to write it. Only after an answer. */
  derivation(): Derivation {
    if (this.answer === undefined) throw new Error("there is no answer to derive yet");
    const recorder = new Recorder();
    const again = new Solver(
      this.problem,
      { ...this.options, budget: undefined, patience: this.patience },
      recorder,
    );
    const result = again.step();
    if (result.kind !== "solved" && result.kind !== "unsatisfiable")
      throw new Error("the facts of the answer have changed");
    return recorder.derivation(result, again.search);
  }

  /** What was found by counting is counted at once in further searches. */
  private get patience(): number | undefined {
    return this.search.counting.successful ? 0 : this.options.patience;
  }

  /** New facts came: the incumbent and what was assumed of it are void, the proved bounds stay. */
  private renounce(): void {
    this.incumbent = undefined;
    this.walk = undefined;
    if (this.hypothesis) this.release(this.search.base - 1);
    this.search.backtrack(0);
  }

  /** Looks for any assignment under the limits of the settled levels. LEAF is never returned; CAPPED: go on. */
  private find(): number {
    if (this.isGuessFresh && this.adoptGuess()) return CAPPED;
    this.search.counting.rests = false;
    const outcome = this.search.run(NOTHING, Number.POSITIVE_INFINITY, this.budget);
    if (outcome === LEAF) this.adopt();
    if (outcome !== REFUTED) return outcome === PAUSED ? PAUSED : CAPPED;
    return this.raise() ? CAPPED : REFUTED;
  }

  /** A limit is refuted: the proved bound of its level rises, and later levels start afresh. False: all is refuted. */
  private raise(): boolean {
    const depth = this.search.refuted;
    this.recorder?.refuted(depth, this.search);
    if (depth <= this.given) return false;
    const level = depth - 1;
    const bound = this.search.limits[level]! + 1;
    this.search.release(depth);
    this.hypothesis = false;
    this.prove(level, Math.max(this.proved[level]!, bound));
    return true;
  }

  /** What was proved of later levels was so under a limit of this one that nothing can keep. */
  private prove(level: number, bound: number): void {
    this.proved[level] = bound;
    this.proved.fill(0, level + 1);
  }

  /** Gives up the limits from this level on. */
  private release(level: number): void {
    this.recorder?.release(level);
    this.search.release(level + 1);
    this.hypothesis = false;
  }

  private impose(limit: number): void {
    this.recorder?.limit(this.search.base, limit);
    this.search.impose(limit);
  }

  /** Takes the assignment that the trail shows as the incumbent. */
  private adopt(): void {
    this.incumbent = this.shown();
    this.search.preference.remember(this.incumbent.values);
  }

  /** Takes the whole guess as the incumbent, where it is a stack within the limits. */
  private adoptGuess(): boolean {
    this.isGuessFresh = false;
    const { guess } = this.options;
    const { search } = this;
    const values = guess && wholeGuess(search, (v) => guess(search.intake.host[v]!));
    if (values === undefined) return false;
    const found = this.shown((v) => values[v]!);
    if (isOpen(found) || search.limits.slice(0, search.base).some((limit, i) => found.vector[i]! > limit))
      return false;
    this.incumbent = found;
    search.preference.remember(found.values);
    return true;
  }

  /** The assignment that the trail shows; kept as feasible where it is the best of those that rest on known facts. */
  private shown(chosen = (v: number) => this.search.trail.chosen(v)): Incumbent {
    const { trail, intake, bounds } = this.search;
    const values = new Int32Array(trail.variables).fill(-1);
    const unknownPackages: number[] = [];
    const unknownReleases: number[] = [];
    const order: number[] = [];
    this.order.restart();
    this.order.extend(chosen);
    const vector = bounds.map(() => 0);
    for (const v of this.order.list) {
      if (!intake.known(v)) {
        unknownPackages.push(v);
        continue;
      }
      const release = chosen(v);
      values[v] = release;
      order.push(v);
      if (intake.unknown(v, release)) unknownReleases.push(v);
      for (let i = 0; i < bounds.length; i++) vector[i] = vector[i]! + bounds[i]!.cost(v, release);
    }
    const found = { values, vector, order, unknownPackages, unknownReleases };
    if (isOpen(found)) return found;
    if (this.feasible === undefined || less(vector, this.feasible.vector)) this.feasible = found;
    return found;
  }

  /** One move towards the optimum. LEAF: the incumbent is the answer. */
  private improve(incumbent: Incumbent): number {
    // Packages are counted when the facts are there.
    this.search.counting.rests = isOpen(incumbent);
    if (isOpen(incumbent) && this.search.conflicts - this.began > OPEN_CAP) return LEAF;
    if (!this.hypothesis) {
      const level = this.search.base;
      if (level === this.proved.length)
        return this.options.tiesLast === true && isOpen(incumbent) ? LEAF : this.newest(incumbent);
      if (level > this.given && this.suffices(incumbent, level)) return LEAF;
      if (this.settles(incumbent, level)) return CAPPED;
      this.suppose(incumbent, level);
    }
    return this.test();
  }

  private suffices(incumbent: Incumbent, settled: number): boolean {
    return !isOpen(incumbent) && this.options.suffices?.(incumbent.vector.slice(0, settled)) === true;
  }

  /** The value of the incumbent at the next level is proved least: it becomes a limit of all that follows. */
  private settles(incumbent: Incumbent, level: number): boolean {
    const value = incumbent.vector[level]!;
    if (this.proved[level]! < value) {
      const bound = Math.min(value, this.rootBound(level));
      if (this.proved[level]! < bound) {
        this.recorder?.limit(level, bound - 1);
        this.recorder?.refuted(level + 1, this.search);
        this.prove(level, bound);
      }
    }
    if (this.proved[level]! < value) return false;
    this.impose(value);
    this.beginLevel();
    return true;
  }

  /** The next level begins. */
  private beginLevel(): void {
    this.stride = 1;
    this.cap = FIRST_CAP;
    this.fromAbove = true;
  }

  /** Brings the problem's own limits into force. */
  private limit(): void {
    for (const limit of this.problem.limits ?? []) this.search.impose(limit);
  }

  /**
   * Assumes that the level can be met just below the incumbent: what was found by trying the cheapest first mostly is the
   * least, and to show that takes one refutation. Where it was not, or that is hard to see, near the bound.
   */
  private suppose({ vector, values, order }: Incumbent, level: number): void {
    const value = vector[level]!;
    this.isHypothesisNear = !this.fromAbove;
    this.impose(this.fromAbove ? value - 1 : Math.min(value - 1, this.proved[level]! + this.stride));
    this.hypothesis = true;
    const bound = this.search.bounds[level]!;
    const paid = (v: number) => bound.cost(v, values[v]!);
    this.search.payers = order.filter((v) => paid(v) > 0).sort((a, b) => paid(b) - paid(a));
  }

  /** Searches under the hypothesis in force. */
  private test(): number {
    const own = this.isHypothesisNear ? Math.max(LEAST_NEAR_CAP, this.cap * NEAR_SHARE) : this.cap;
    const cap = isOpen(this.incumbent!) ? Math.min(own, OPEN_CAP) : own;
    const outcome = this.search.run(NOTHING, cap, this.budget);
    if (outcome === PAUSED) return PAUSED;
    if (outcome === REFUTED) {
      if (this.search.refuted !== this.search.base) throw new Error("an incumbent was refuted");
      this.raise();
      this.stride *= 2;
      return CAPPED;
    }
    if (outcome === LEAF) {
      const level = this.search.base - 1;
      this.adopt();
      this.fromAbove = !this.fromAbove;
      this.stride = Math.max(1, Math.floor((this.incumbent!.vector[level]! - this.proved[level]!) / STRIDES));
    } else {
      if (this.fromAbove) this.cap *= 2;
      this.fromAbove = !this.fromAbove;
    }
    this.release(this.search.base - 1);
    // What is hard to prove may be beside the point once the facts are known that the incumbent rests on.
    return outcome === CAPPED && isOpen(this.incumbent!) ? LEAF : CAPPED;
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

  /** Turns the incumbent into the newest-first one among the optimal ones. */
  private newest(incumbent: Incumbent): number {
    if (this.walk === undefined) {
      const { auxiliary } = this.search.intake;
      if (incumbent.order.every((v) => incumbent.values[v] === 0 || auxiliary.has(v))) return LEAF;
      this.walk = { prefix: [], place: 0, question: undefined };
      this.rewind(this.walk.prefix);
    }
    while (this.walk.place < this.incumbent!.order.length) {
      const outcome = this.advance(this.walk);
      if (outcome !== CAPPED) return outcome;
    }
    this.walk = undefined;
    return LEAF;
  }

  /** Asks whether a newer release of the next package is possible, and fixes the package when none is. LEAF: not now. */
  private advance(walk: Walk): number {
    const { search } = this;
    const variable = this.incumbent!.order[walk.place]!;
    const value = this.incumbent!.values[variable]!;
    if (search.intake.auxiliary.has(variable)) {
      walk.place++;
      return CAPPED;
    }
    let newer = search.trail.first(variable) !== value;
    if (newer || walk.question !== undefined) {
      walk.question ??= [...walk.prefix, { variable, value, below: true }];
      const cap = isOpen(this.incumbent!) ? OPEN_CAP : Number.POSITIVE_INFINITY;
      const outcome = search.run(walk.question, cap, this.budget);
      if (outcome === PAUSED) return PAUSED;
      if (outcome === CAPPED) return LEAF;
      if (outcome === REFUTED) throw new Error("an incumbent was refuted");
      if (outcome === LEAF) this.adopt();
      walk.question = undefined;
      this.rewind(walk.prefix);
      newer = outcome !== FAILED;
    }
    if (newer) return CAPPED;
    walk.place++;
    if (search.trail.live[variable] === 1) return CAPPED;
    walk.prefix.push({ variable, value, below: false });
    if (!search.assume(variable, value)) throw new Error("an incumbent was refuted");
    return CAPPED;
  }

  /** Undoes everything but the limits and the prefix. */
  private rewind(prefix: readonly Assumption[]): void {
    if (!this.search.decideAll(prefix)) throw new Error("an incumbent was refuted");
  }

  private finish(incumbent: Incumbent): StepResult {
    if (isOpen(incumbent)) return this.needs(incumbent);
    const settled = this.search.base;
    const levels = incumbent.vector.map((value, i) => ({
      value,
      bound: i < this.given || i >= settled ? 0 : value,
    }));
    this.answer = { kind: "solved", assignment: this.assignment(incumbent), levels };
    return this.answer;
  }

  private assignment(incumbent: Incumbent): Assignment {
    const { host } = this.search.intake;
    return new Map(incumbent.order.map((v) => [host[v]!, incumbent.values[v]!]));
  }

  private paused(): StepResult {
    this.pausing = true;
    if (this.feasible === undefined) return { kind: "paused" };
    const levels: LevelResult[] = this.feasible.vector.map((value, i) => ({ value, bound: this.proved[i]! }));
    return { kind: "paused", best: { assignment: this.assignment(this.feasible), levels } };
  }

  /** The unknown facts of the incumbent, then the next candidates of packages that keep being asked about. */
  private needs(incumbent: Incumbent): StepResult {
    this.asked = true;
    const { intake } = this.search;
    const packages = incumbent.unknownPackages.map((v) => intake.host[v]!);
    const releases: { package: number; release: number }[] = [];
    for (const v of incumbent.unknownReleases) {
      releases.push({ package: intake.host[v]!, release: incumbent.values[v]! });
    }
    const places = incumbent.unknownReleases.map((v) => this.placesFor(v, incumbent.values[v]!));
    const insistent = incumbent.unknownReleases.filter((_, i) => places[i]! > 0);
    const other = insistent.length === 0 ? undefined : this.alternative(insistent);
    for (const v of other?.unknownReleases ?? []) {
      if (incumbent.values[v] !== other!.values[v])
        releases.push({ package: intake.host[v]!, release: other!.values[v]! });
    }
    for (const [i, v] of incumbent.unknownReleases.entries()) {
      let more = other !== undefined && this.isNear(other, incumbent, v) ? 4 * places[i]! ** 2 : places[i]!;
      for (const release of this.candidates(v)) {
        if (more === 0) break;
        if (release === incumbent.values[v]) continue;
        if (other !== undefined && !this.beats(other, incumbent, v, release)) continue;
        if (!this.isMissing(v, release)) continue;
        releases.push({ package: intake.host[v]!, release });
        this.wanted.get(v)!.releases.add(release);
        more--;
      }
    }
    return { kind: "needs", packages, releases };
  }

  /** How many of a package's next candidates are asked for together with `release`. */
  private placesFor(v: number, release: number): number {
    const { times, releases } = this.wanted.get(v) ?? { times: 0, releases: new Set<number>() };
    // Waiting for what was asked for is no reason to ask for more.
    if (releases.has(release)) return 0;
    this.wanted.set(v, { times: times + 1, releases: releases.add(release) });
    return times === 0 ? 0 : Math.min(2 ** (times - 1), MOST_PREFETCHED);
  }

  /**
   * `other` is first worse on a level on which releases of the variable have costs: most that are cheaper will have to be
   * ruled out. Where it is worse before, the answer mostly lies between, and few will do.
   */
  private isNear(other: Incumbent, incumbent: Incumbent, v: number): boolean {
    const { bounds } = this.search;
    const level = other.vector.findIndex((value, i) => value !== incumbent.vector[i]);
    return level < 0 || bounds[level]!.hasCosts(v);
  }

  /** Neither the search nor the host has its needs. */
  private isMissing(v: number, release: number): boolean {
    const { intake } = this.search;
    return (
      intake.unknown(v, release) && this.problem.facts.dependencies(intake.host[v]!, release) === undefined
    );
  }

  /** With `release` of the variable the incumbent would be better than `other`. */
  private beats(other: Incumbent, incumbent: Incumbent, v: number, release: number): boolean {
    const { bounds } = this.search;
    const before = incumbent.values[v]!;
    const vector = incumbent.vector.map(
      (value, i) => value + bounds[i]!.cost(v, release) - bounds[i]!.cost(v, before),
    );
    return less(vector, other.vector);
  }

  /**
   * What there is without any unknown release of the variables: of these, what costs more need not be asked for. Where
   * it rests on unknown facts of others, it may turn out to be dearer or not to be. The incumbent is given up.
   */
  private alternative(variables: readonly number[]): Incumbent | undefined {
    const { search } = this;
    const { trail } = search;
    this.walk = undefined;
    this.incumbent = undefined;
    search.counting.rests = true;
    this.release(this.given);
    const known = variables.map((v): Assumption => {
      const keep = new Int32Array(trail.words[v]!).fill(-1);
      for (let release = 0; release < trail.size[v]!; release++) {
        if (search.intake.unknown(v, release)) keep[release >> 5]! &= ~(1 << (release & 31));
      }
      return { variable: v, value: 0, below: false, keep };
    });
    const found = search.run(known, OPEN_CAP, undefined) === LEAF ? this.shown() : undefined;
    search.backtrack(0);
    return found;
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

/** It rests on facts that are not known yet. */
function isOpen({ unknownPackages, unknownReleases }: Incumbent): boolean {
  return unknownPackages.length + unknownReleases.length > 0;
}

function less(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]!;
  return false;
}
