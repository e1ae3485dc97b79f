// The problem as a Markov decision process: a state is a partial assignment with all its consequences drawn, an action
// gives the next release to a package that has several left, an episode ends when no package that is needed is open.
// Legal actions are what propagation leaves, so no episode ends in a stack that contradicts itself.
//
// There is no learning and no limit here. A decision that turns out to be impossible is undone, and its release removed
// where it was taken; so is the decision before it, should that leave nothing. Nothing is allocated per step.
//
// Levels of the trail: 0 holds what is true without conditions, 1 what was refused since the last `restart`, and each
// level above one decision.

import { Clauses } from "./clauses.ts";
import { Intake } from "./intake.ts";
import { Network } from "./network.ts";
import type { Dependency, Facts, PackageFacts, Problem } from "./problem.ts";
import { bitCount, lowestBit, type ReleaseSet } from "./release-set.ts";
import { DECISION, FACT, grown, Trail } from "./trail.ts";

const FLOOR = 1;

/** Packages are dense numbers of the episodes' own; `idOf` tells the host's. All facts that can matter must be known. */
export class Episodes {
  readonly levels: number;
  /** What the decided packages cost, per level; kept up to date in place. */
  readonly vector: Float64Array;
  private readonly trail = new Trail();
  private readonly network = new Network(this.trail);
  private readonly intake: Intake;
  /** Costs of a package's releases, `levels` numbers each, from `costStart` on. */
  private readonly costs: Float64Array;
  private readonly costStart: Int32Array;
  /** 1: the host settles its release (an auxiliary package), nobody chooses it. */
  private readonly auxiliary: Uint8Array;

  /** Packages that are needed, in the order in which that became so, and those of them that are decided. */
  private readonly needs: Int32Array;
  private needsTop = 0;
  private readonly isPlaced: Uint8Array;
  private readonly settled: Int32Array;
  private settledTop = 0;
  private readonly isSettled: Uint8Array;
  /** Needed packages that are neither decided nor auxiliary. */
  private opens = 0;
  /** No package before this place of `needs` is open. */
  private cursor = 0;

  /** The decision of each level of the trail. */
  private decidedPackage = new Int32Array(64);
  private decidedRelease = new Int32Array(64);
  /** What the fields above were when a level was opened. */
  private needsBefore = new Int32Array(64);
  private settledBefore = new Int32Array(64);
  private opensBefore = new Int32Array(64);
  private cursorBefore = new Int32Array(64);
  private sumsBefore = new Float64Array(64);
  private over = false;

  constructor(problem: Problem) {
    this.levels = problem.levels;
    this.vector = new Float64Array(problem.levels);
    const { trail, network } = this;
    this.intake = new Intake(problem, { trail, network, clauses: new Clauses(trail), bounds: [] });
    this.readFacts();
    const count = trail.variables;
    this.needs = new Int32Array(count);
    this.settled = new Int32Array(count);
    this.isPlaced = new Uint8Array(count);
    this.isSettled = new Uint8Array(count);
    this.auxiliary = Uint8Array.from({ length: count }, (_, v) => (this.intake.auxiliary.has(v) ? 1 : 0));
    this.costStart = new Int32Array(count);
    this.costs = this.readCosts(problem);
    if (!this.isImpossible) this.note(0);
    this.restart();
  }

  /** No stack exists at all. */
  get isImpossible(): boolean {
    return this.trail.wiped >= 0 && this.trail.level === 0;
  }

  /** Nothing is left to try since the last `restart`. */
  get exhausted(): boolean {
    return this.over;
  }

  /** The stack is complete. */
  get done(): boolean {
    return this.opens === 0 && !this.over;
  }

  /** Number of packages; not all of them can be needed at once. */
  get packages(): number {
    return this.trail.variables;
  }

  /** The host's number of a package. */
  idOf(package_: number): number {
    return this.intake.host[package_]!;
  }

  /** Number of its releases, whether possible or not. */
  releasesOf(package_: number): number {
    return this.trail.size[package_]!;
  }

  cost(package_: number, release: number, level: number): number {
    return this.costs[this.costStart[package_]! + release * this.levels + level]!;
  }

  /** Number of packages needed so far; `neededAt` tells which, in the order in which they came. */
  get needed(): number {
    return this.needsTop;
  }

  neededAt(place: number): number {
    return this.needs[place]!;
  }

  /** It is needed and has several releases left. */
  isOpen(package_: number): boolean {
    return this.isPlaced[package_] === 1 && this.isSettled[package_] === 0 && this.auxiliary[package_] === 0;
  }

  /** Place of the first package that is open; only while not `done`. */
  get firstOpen(): number {
    while (!this.isOpen(this.needs[this.cursor]!)) this.cursor++;
    return this.cursor;
  }

  /** The release a package is bound to, or -1. */
  chosen(package_: number): number {
    return this.isSettled[package_] === 1 ? this.trail.first(package_) : -1;
  }

  /** Number of releases that an open package may take. */
  actions(package_: number): number {
    return this.trail.live[package_]!;
  }

  /** The `index`-th of them, the most preferred first. */
  action(package_: number, index: number): number {
    const { dom, base } = this.trail;
    let left = index;
    for (let at = base[package_]!, word = 0; ; at++, word += 32) {
      let bits = dom[at]!;
      const here = bitCount(bits);
      if (left >= here) {
        left -= here;
        continue;
      }
      for (; left > 0; left--) bits &= bits - 1;
      return word + lowestBit(bits);
    }
  }

  /** The release is among the actions. */
  isLegal(package_: number, release: number): boolean {
    return this.trail.has(package_, release);
  }

  /** Decisions that stand. */
  get depth(): number {
    return this.trail.level - FLOOR;
  }

  packageAt(depth: number): number {
    return this.decidedPackage[depth + FLOOR + 1]!;
  }

  releaseAt(depth: number): number {
    return this.decidedRelease[depth + FLOOR + 1]!;
  }

  /**
   * Decides an open package. False: a dead end; the release is removed, with as many decisions before it as that makes
   * impossible, and another must be taken, unless all is `exhausted`.
   */
  take(package_: number, release: number): boolean {
    const { trail } = this;
    this.open();
    this.decidedPackage = grown(this.decidedPackage, trail.level + 1);
    this.decidedRelease = grown(this.decidedRelease, trail.level + 1);
    this.decidedPackage[trail.level] = package_;
    this.decidedRelease[trail.level] = release;
    const start = trail.events;
    if (trail.keepValue(package_, release, DECISION, 0) && this.propagate()) {
      this.note(start);
      return true;
    }
    this.refuse();
    return false;
  }

  /**
   * Takes the last decision back and removes its release until the one before it is undone: the way to the next state of
   * a depth-first search. False: all is exhausted.
   */
  refuse(): boolean {
    const { trail } = this;
    while (trail.level > FLOOR) {
      const package_ = this.decidedPackage[trail.level]!;
      const release = this.decidedRelease[trail.level]!;
      this.rewind(trail.level - 1);
      const start = trail.events;
      if (trail.removeValue(package_, release, FACT, 0) && this.propagate()) {
        this.note(start);
        return true;
      }
    }
    this.over = true;
    return false;
  }

  /** Undoes the decisions from `depth` on. What was refused below stays so. */
  undo(depth: number): void {
    this.rewind(depth + FLOOR);
  }

  /** To a new episode. What was refused before the first decision stays so. */
  reset(): void {
    this.rewind(FLOOR);
  }

  /** To a new episode, as if nothing had been refused. */
  restart(): void {
    this.rewind(0);
    this.over = this.isImpossible;
    if (!this.over) this.open();
  }

  /** Writes the release of each package, -1 for none. */
  copy(releases: Int32Array): void {
    releases.fill(-1);
    for (let i = 0; i < this.settledTop; i++) releases[this.settled[i]!] = this.trail.first(this.settled[i]!);
  }

  /** What a level can cost at most: the dearest release possible of every package. */
  ceiling(level: number): number {
    let sum = 0;
    for (let v = 0; v < this.packages; v++) {
      let most = 0;
      for (let release = 0; release < this.trail.size[v]!; release++)
        if (this.trail.has(v, release)) most = Math.max(most, this.cost(v, release, level));
      sum += most;
    }
    return sum;
  }

  /** Opens a level, and remembers what `rewind` has to bring back. */
  private open(): void {
    const { trail, levels } = this;
    trail.newLevel();
    const { level } = trail;
    this.needsBefore = grown(this.needsBefore, level + 1);
    this.settledBefore = grown(this.settledBefore, level + 1);
    this.opensBefore = grown(this.opensBefore, level + 1);
    this.cursorBefore = grown(this.cursorBefore, level + 1);
    this.sumsBefore = grown(this.sumsBefore, (level + 1) * levels);
    this.needsBefore[level] = this.needsTop;
    this.settledBefore[level] = this.settledTop;
    this.opensBefore[level] = this.opens;
    this.cursorBefore[level] = this.cursor;
    for (let i = 0; i < levels; i++) this.sumsBefore[level * levels + i] = this.vector[i]!;
  }

  private rewind(level: number): void {
    if (level >= this.trail.level) return;
    const above = level + 1;
    this.trail.backtrack(level);
    while (this.needsTop > this.needsBefore[above]!) this.isPlaced[this.needs[--this.needsTop]!] = 0;
    while (this.settledTop > this.settledBefore[above]!) this.isSettled[this.settled[--this.settledTop]!] = 0;
    this.opens = this.opensBefore[above]!;
    this.cursor = this.cursorBefore[above]!;
    for (let i = 0; i < this.levels; i++) this.vector[i] = this.sumsBefore[above * this.levels + i]!;
  }

  /** Draws all consequences. False: a domain is empty. */
  private propagate(): boolean {
    const { trail, network } = this;
    if (trail.wiped >= 0 || !this.intake.enforce()) return false;
    while (trail.queueTop > 0) if (!network.propagate(trail.dequeue())) return false;
    return true;
  }

  /** Takes down what the events from `start` on have made needed and decided. */
  private note(start: number): void {
    const { trail } = this;
    for (let event = start; event < trail.events; event++) {
      const v = trail.variable[event]!;
      if (this.isSettled[v] === 1 || !trail.needed(v)) continue;
      if (this.isPlaced[v] === 0) {
        this.isPlaced[v] = 1;
        this.needs[this.needsTop++] = v;
        if (this.auxiliary[v] === 0) this.opens++;
      }
      if (trail.live[v] === 1) this.settle(v);
    }
    if (this.opens === 0 && this.settledTop < this.needsTop) this.settleAuxiliaries();
  }

  private settle(v: number): void {
    this.isSettled[v] = 1;
    this.settled[this.settledTop++] = v;
    if (this.auxiliary[v] === 0) this.opens--;
    const at = this.costStart[v]! + this.trail.first(v) * this.levels;
    for (let i = 0; i < this.levels; i++) this.vector[i] = this.vector[i]! + this.costs[at + i]!;
  }

  /** All that can be chosen is: what is auxiliary takes its cheapest release, which constrains nothing any more. */
  private settleAuxiliaries(): void {
    const { trail } = this;
    for (let i = 0; i < this.needsTop; i++) {
      const v = this.needs[i]!;
      if (this.isSettled[v] === 1) continue;
      const start = trail.events;
      if (!trail.keepValue(v, this.cheapest(v), DECISION, 0) || !this.propagate())
        throw new Error("an auxiliary package constrains a complete stack");
      this.note(start);
    }
  }

  private cheapest(v: number): number {
    let best = this.action(v, 0);
    for (let i = 1; i < this.actions(v); i++) {
      const release = this.action(v, i);
      for (let level = 0; level < this.levels; level++) {
        const difference = this.cost(v, release, level) - this.cost(v, best, level);
        if (difference < 0) best = release;
        if (difference !== 0) break;
      }
    }
    return best;
  }

  /** Asks for the needs of every release that propagation leaves, until nothing new is named. */
  private readFacts(): void {
    const { trail, intake } = this;
    for (const [i, v] of intake.roots.entries()) if (!intake.optionalRoot(i)) this.demandKnown(v);
    let news = true;
    while (news && this.propagate()) {
      news = false;
      for (let v = 0; v < trail.variables; v++) {
        if (!intake.known(v)) continue;
        for (let release = 0; release < trail.size[v]!; release++) {
          if (!trail.has(v, release) || !intake.asks(v, release)) continue;
          news = true;
          this.readNeeds(v, release);
        }
      }
    }
  }

  private readNeeds(v: number, release: number): void {
    const { intake } = this;
    if (!intake.load(v, release) && intake.unknown(v, release))
      throw new Error(`the needs of release ${release} of package ${intake.host[v]} are not known`);
    for (let i = 0; i < intake.needCount(v, release); i++) {
      const target = intake.needTarget(v, release, i);
      if (target >= 0) this.demandKnown(target);
    }
  }

  private demandKnown(v: number): void {
    for (let next = v; next >= 0; next = this.intake.mirrored[next]!)
      if (!this.intake.known(next)) throw new Error(`package ${this.intake.host[next]} is not known`);
  }

  private readCosts({ facts }: Problem): Float64Array {
    const { trail, levels } = this;
    let top = 0;
    for (let v = 0; v < trail.variables; v++) {
      this.costStart[v] = top;
      top += trail.size[v]! * levels;
    }
    const costs = new Float64Array(top);
    for (let v = 0; v < trail.variables; v++) {
      const rows = this.intake.known(v) ? facts.package(this.intake.host[v]!)?.costs : undefined;
      for (let level = 0; level < levels; level++) {
        const row = rows?.[level];
        for (let r = 0; row !== undefined && r < trail.size[v]!; r++)
          costs[this.costStart[v]! + r * levels + level] = row[r]!;
      }
    }
    return costs;
  }
}

/** The problem as far as it is known: what is not counts as not installable, so that episodes may do without it. */
export function knownPart(problem: Problem): Problem {
  const { facts } = problem;
  const known: Facts = {
    package: (id): PackageFacts => facts.package(id) ?? { releases: 0, costs: [] },
    dependencies: (id, release): readonly Dependency[] | "unusable" =>
      facts.dependencies(id, release) ?? "unusable",
    admitted: (range): ReleaseSet => facts.admitted(range),
  };
  return { ...problem, facts: known };
}
