// Conflict-driven search for one assignment under the limits in force: propagate, decide, learn from conflicts,
// jump back. Knows nothing of what the limits are for.
//
// Levels of the trail: 0 holds what is true without conditions; level i + 1, up to `base`, what follows from the
// limit of bound i; the levels above belong to assumptions (first) and decisions. A clause that was learned with
// the help of a limit carries its tag and is forgotten when the limit is raised.

import { Bound } from "./bound.ts";
import { Clauses } from "./clauses.ts";
import { Counting, type Overcrowding } from "./counting.ts";
import { Intake } from "./intake.ts";
import { luby } from "./luby.ts";
import { Network } from "./network.ts";
import { Nogood } from "./nogood.ts";
import { Order } from "./order.ts";
import { Preference } from "./preference.ts";
import type { Budget, Problem } from "./problem.ts";
import { BACKWARD, BOUND, CLAUSE, DECISION, FACT, grown, Trail } from "./trail.ts";

/** Nothing needed is undecided. */
export const LEAF = 0;
/** The limits cannot be met; `refuted` is the tag of the deepest one involved, 0 when no limit is. */
export const REFUTED = 1;
/** The assumptions cannot be met under the limits. */
export const FAILED = 2;
/** More conflicts than allowed for this run. */
export const CAPPED = 3;
/** The budget is spent. */
export const PAUSED = 4;

/** Value `value` of the variable, or (`below`) any release before it, or any of those in the set `keep`. */
export interface Assumption {
  readonly variable: number;
  readonly value: number;
  readonly below: boolean;
  readonly keep?: Int32Array;
}

/** Values of a variable that were gone when the bottom had this many events. */
interface Relied {
  readonly events: number;
  readonly variable: number;
  readonly words: Int32Array;
}

export interface SearchOptions {
  readonly weight?: ((package_: number) => number) | undefined;
  /** Conflicts before packages are counted against the places for them. */
  readonly patience?: number | undefined;
  /** The release of a package to try first, or -1. */
  readonly guess?: ((package_: number) => number | undefined) | undefined;
}

/** Hears of every learned clause. */
export type Listener = (nogood: Nogood) => void;

/** Conflicts after which decisions follow activity instead of the breadth-first order. */
const BREADTH_CONFLICTS = 16;
const NOBODY: readonly number[] = [];
const RESTART_UNIT = 100;
const PAUSE_UNIT = 128;

export class Search {
  readonly trail = new Trail();
  readonly network = new Network(this.trail);
  readonly clauses = new Clauses(this.trail);
  readonly nogood = new Nogood(this.trail);
  readonly bounds: Bound[] = [];
  readonly intake: Intake;
  readonly counting: Counting;
  /** Number of limits in force. */
  base = 0;
  /**
   * Decided first, for what costs least under the last limit, as long as this limit stays. Where they are what an assignment
   * that does not meet it pays for, its refutation takes few decisions.
   */
  payers: readonly number[] = NOBODY;
  readonly limits: number[] = [];
  refuted = 0;
  conflicts = 0;
  listener: Listener | undefined;
  /** The conflict at hand, when it was found by counting. */
  crowd: Overcrowding | undefined;

  /** Assumptions of a run that the budget interrupted. */
  private suspended: readonly Assumption[] | undefined;
  /** Conflicts when the present run began. */
  private began = 0;
  /** What learned clauses rely on at the bottom; kept only when tracing. */
  private relied: Relied[] | undefined;
  /** Roots that took part in an explanation; kept only when tracing. */
  private usedRoots: Set<number> | undefined;
  readonly preference: Preference;
  private readonly order: Order;
  private orderFresh = true;
  private exceeded: Bound | undefined;
  private activity = new Float64Array(64);
  private increment = 1;
  private readonly weight: ((package_: number) => number) | undefined;
  private keep = new Int32Array(64);
  private capacity = 4000;
  private restarts = 0;
  private untilRestart = RESTART_UNIT;
  /** Steps of the search: conflicts, decisions, limits and batches of facts. */
  ticks = 0;
  /** Events whose variables had the facts of their only release loaded; at the bottom, the next release's. */
  private seen = 0;
  private bottomSeen = 0;

  constructor(problem: Problem, { weight, patience, guess }: SearchOptions = {}) {
    this.weight = weight;
    for (let i = 0; i < problem.levels; i++) this.bounds.push(new Bound(this.trail, i, i + 1));
    this.intake = new Intake(problem, this);
    this.preference = new Preference(this.trail, this.bounds, (v) => guess?.(this.intake.host[v]!) ?? -1);
    this.order = new Order(this.intake);
    this.counting = new Counting(this, patience);
  }

  /** From now on `premises` can tell what a refutation rests on. */
  trace(): void {
    this.relied = [];
    this.usedRoots = new Set();
    this.network.used = new Set();
  }

  /** What the refutation without limits rests on, not always the least: roots and groups of the network. */
  premises(): { readonly roots: ReadonlySet<number>; readonly groups: ReadonlySet<number> } {
    const { trail, nogood, relied } = this;
    if (relied === undefined) throw new Error("the search was not traced");
    let next = relied.length - 1;
    for (let before = trail.events; ; ) {
      nogood.locate(before);
      before = -1;
      for (let i = 0; i < nogood.count; i++) before = Math.max(before, nogood.at[nogood.members[i]!]!);
      if (next >= 0 && before < relied[next]!.events) {
        const { variable, words, events } = relied[next--]!;
        nogood.addWords(variable, words, 0);
        before = events;
        continue;
      }
      if (before < 0) return { roots: this.usedRoots!, groups: this.network.used! };
      this.explain(before);
    }
  }

  /** Pulls facts that have become known. True when there were any. */
  refresh(): boolean {
    this.orderFresh = false;
    const news = this.intake.refresh();
    if (news) this.counting.hurry(this.conflicts);
    return news;
  }

  backtrack(level: number): void {
    if (level >= this.trail.level) return;
    this.trail.backtrack(level);
    for (const bound of this.bounds) if (bound.active) bound.backtrack(level);
    this.intake.backtrack(level);
    this.exceeded = undefined;
    this.crowd = undefined;
    this.orderFresh = false;
    this.seen = Math.min(this.seen, this.trail.events);
  }

  /** Takes the limit of a tag and all later ones out of force. */
  release(tag: number): void {
    this.backtrack(tag - 1);
    this.payers = NOBODY;
    this.base = Math.min(this.base, tag - 1);
    this.clauses.forgetTagged(tag);
  }

  /** Takes all limits out of force and asks again what packages cost. */
  reprice(packages: readonly number[]): void {
    this.release(1);
    this.backtrack(0);
    this.suspended = undefined;
    for (const host of packages) this.intake.reprice(host);
  }

  /** Adds a limit for the next bound, with nothing decided. */
  impose(limit: number): void {
    this.backtrack(this.base);
    this.payers = NOBODY;
    this.limits[this.base++] = limit;
  }

  /** Brings all limits into force, with nothing decided. False: refuted. */
  settle(): boolean {
    this.backtrack(this.base);
    for (;;) {
      if (!this.propagate()) {
        this.refuted = this.trail.level;
        return false;
      }
      if (this.trail.level === this.base) return true;
      this.enterLimit();
    }
  }

  /** Decides a value on top of what is decided. */
  assume(v: number, value: number): boolean {
    this.trail.newLevel();
    this.trail.keepValue(v, value, DECISION, 0);
    return this.propagate();
  }

  /** Decides these values, and nothing else; what of them is decided stays so. False: refuted. */
  decideAll(values: readonly Assumption[]): boolean {
    if (this.trail.level < this.base && !this.settle()) return false;
    this.backtrack(this.base + this.held(values));
    while (this.trail.level - this.base < values.length) {
      const { variable, value } = values[this.trail.level - this.base]!;
      if (!this.assume(variable, value)) return false;
    }
    return true;
  }

  /** Searches for a leaf; the same array of assumptions after a pause goes on where the run was. */
  run(assumptions: readonly Assumption[], cap: number, budget: Budget | undefined): number {
    const resumes = this.suspended === assumptions;
    if (!resumes) this.began = this.conflicts;
    this.suspended = undefined;
    // Where nothing is assumed, all decisions may stay.
    if (!resumes && this.trail.level > this.base && assumptions.length > 0)
      this.backtrack(this.base + this.held(assumptions));
    for (;;) {
      const fine = this.propagate();
      if (fine && this.arrives()) {
        // What arrived is propagated first.
      } else if (!fine || this.overcrowded()) {
        if (!this.learn()) return REFUTED;
        this.maintain();
        if (this.conflicts - this.began > cap) return CAPPED;
      } else if (this.trail.level < this.base) {
        this.enterLimit();
      } else if (this.trail.level - this.base < assumptions.length) {
        if (!this.take(assumptions[this.trail.level - this.base]!)) return FAILED;
      } else if (this.decide()) {
        return LEAF;
      }
      if (++this.ticks % PAUSE_UNIT === 0 && budget?.spent(this.ticks) === true) {
        this.suspended = assumptions;
        return PAUSED;
      }
    }
  }

  /** How many of the trail's first decisions are assumed. */
  private held(assumptions: readonly Assumption[]): number {
    let held = 0;
    while (held < assumptions.length && this.base + held < this.trail.level) {
      const event = this.trail.levelStart[this.base + held + 1]!;
      const assumption = assumptions[held]!;
      if (
        event >= this.trail.events ||
        this.trail.variable[event] !== assumption.variable ||
        assumption.below ||
        assumption.keep !== undefined
      )
        break;
      if (this.trail.reason[event] !== DECISION) break;
      if (this.trail.chosen(assumption.variable) !== assumption.value) break;
      held++;
    }
    return held;
  }

  private enterLimit(): void {
    const level = this.trail.level;
    this.trail.newLevel();
    this.bounds[level]!.activate(this.limits[level]!);
    this.clauses.wake(level + 1);
  }

  private take(assumption: Assumption): boolean {
    const { variable, value, below, keep } = assumption;
    if (this.keep.length < this.trail.words[variable]!)
      this.keep = new Int32Array(this.trail.words[variable]! * 2);
    this.keep.fill(0);
    const word = value >> 5;
    if (keep !== undefined) this.keep.set(keep);
    else if (below) {
      for (let i = 0; i < word; i++) this.keep[i] = -1;
      this.keep[word] = (1 << (value & 31)) - 1;
    } else this.keep[word] = 1 << (value & 31);
    const base = this.trail.base[variable]!;
    let possible = false;
    for (let i = this.trail.words[variable]! - 1; i >= 0; i--) {
      if ((this.trail.dom[base + i]! & this.keep[i]!) !== 0) possible = true;
    }
    if (!possible) return false;
    this.trail.newLevel();
    return this.trail.restrict(variable, this.keep, 0, 0, DECISION, 0);
  }

  /** Draws all consequences. False: a domain is empty or a bound exceeded. */
  private propagate(): boolean {
    if (this.trail.wiped >= 0 || !this.intake.enforce()) return false;
    const trail = this.trail;
    for (;;) {
      while (trail.queueTop > 0) {
        const v = trail.dequeue();
        if (!this.clauses.propagate(v) || !this.network.propagate(v)) return false;
        const priced = this.intake.priced[v]!;
        for (let i = 0; i < this.base; i++)
          if ((priced & (1 << i)) !== 0 && this.bounds[i]!.active) this.bounds[i]!.update(v);
      }
      for (let i = 0; i < this.base; i++) {
        const bound = this.bounds[i]!;
        if (!bound.active) break;
        if (!bound.stale) continue;
        if (bound.exceeded) {
          this.exceeded = bound;
          return false;
        }
        if (!bound.prune()) return false;
      }
      if (trail.queueTop === 0) return true;
    }
  }

  /** Learns from the conflict and jumps back. False: the limits are refuted. */
  private learn(): boolean {
    this.conflicts++;
    if (this.trail.level <= this.base) {
      this.refuted = this.trail.level;
      this.nogood.clear();
      if (this.trail.wiped >= 0) this.nogood.addAll(this.trail.wiped);
      else if (this.crowd !== undefined) this.counting.explain(this.crowd, this.nogood);
      return false;
    }
    const lead = this.analyze();
    if (lead < 0) return false;
    const level = this.dropBase(lead);
    this.listener?.(this.nogood);
    this.backtrack(level);
    if (this.nogood.count === 1 && level === 0) {
      const trail = this.trail;
      trail.restrict(lead, this.nogood.gone, trail.base[lead]!, 0, FACT, 0);
    } else this.clauses.assert(this.clauses.add(this.nogood, lead));
    this.increment *= 1.05;
    if (this.increment > 1e100) this.rescale();
    this.clauses.decay();
    return true;
  }

  /** Builds the nogood of the first unique implication point; returns its variable, or -1 when refuted. */
  private analyze(): number {
    const { trail, nogood } = this;
    nogood.clear();
    let before = trail.events;
    if (trail.wiped >= 0) {
      before = trail.last[trail.wiped]!;
      nogood.addAll(trail.wiped);
      this.explain(before);
    } else if (this.crowd !== undefined) this.counting.explain(this.crowd, nogood);
    else this.exceeded!.explainExcess(nogood);
    for (;;) {
      nogood.locate(before);
      let top = -1;
      let second = -1;
      for (let i = 0; i < nogood.count; i++) {
        const at = nogood.at[nogood.members[i]!]!;
        if (at > top) {
          second = top;
          top = at;
        } else if (at > second) second = at;
      }
      if (top < 0 || trail.levelOf[top]! <= this.base) {
        this.refuted = Math.max(nogood.tag, top < 0 ? 0 : trail.levelOf[top]!);
        return -1;
      }
      if (trail.reason[top] === DECISION || second < 0 || trail.levelOf[second]! < trail.levelOf[top]!) {
        return trail.variable[top]!;
      }
      before = top;
      this.explain(top);
    }
  }

  private explain(event: number): void {
    this.bump(this.trail.variable[event]!);
    const reason = this.trail.reason[event]!;
    if (reason === CLAUSE) this.clauses.explain(event, this.nogood);
    else if (reason === BOUND) this.bounds[this.trail.data[event]!]!.explain(event, this.nogood);
    else if (reason === FACT) this.recall(event);
    else this.network.explain(event, this.nogood);
  }

  private recall(event: number): void {
    const data = this.trail.data[event]!;
    if (data > 0) this.usedRoots?.add(data - 1);
    this.nogood.resolve(event);
  }

  /** Drops members that are false at the base, into the tag; returns the level to jump back to. */
  private dropBase(lead: number): number {
    const { trail, nogood } = this;
    let level = 0;
    for (let i = 0; i < nogood.count; ) {
      const v = nogood.members[i]!;
      const its = trail.levelOf[nogood.at[v]!]!;
      this.bump(v);
      if (its <= this.base) {
        nogood.tag = Math.max(nogood.tag, its);
        if (this.relied !== undefined) this.rely(v, this.relied);
        nogood.remove(i);
        continue;
      }
      if (v !== lead) level = Math.max(level, its);
      i++;
    }
    return Math.max(level, nogood.tag);
  }

  private rely(v: number, relied: Relied[]): void {
    const { trail, nogood } = this;
    const words = nogood.gone.slice(trail.base[v]!, trail.base[v]! + trail.words[v]!);
    relied.push({ events: trail.levelStart[1]!, variable: v, words });
  }

  private bump(v: number): void {
    this.activity = grown(this.activity, this.trail.variables);
    this.activity[v] = this.activity[v]! + this.increment;
  }

  private rescale(): void {
    for (let v = 0; v < this.activity.length; v++) this.activity[v] = this.activity[v]! * 1e-100;
    this.increment *= 1e-100;
  }

  /** Facts arrived that it is time to look for. */
  private arrives(): boolean {
    return (this.trail.level === 0 && this.lookAhead()) || (this.counting.due && this.counting.load());
  }

  /** Counts, when that is due. True: packages outnumber the places for them. */
  private overcrowded(): boolean {
    const { counting } = this;
    if (!counting.due) return false;
    this.crowd = counting.count();
    if (this.crowd !== undefined) return true;
    this.preference.advise(counting.advice);
    return false;
  }

  /** Restarts now and then, and forgets clauses that were of little use. */
  private maintain(): void {
    if (this.counting.tire(this.conflicts)) this.backtrack(0);
    if (--this.untilRestart > 0) return;
    this.restarts++;
    this.untilRestart = RESTART_UNIT * luby(this.restarts);
    this.backtrack(this.intake.pending ? 0 : this.base);
    if (this.clauses.size < this.capacity) return;
    this.clauses.reduce();
    this.capacity += 500;
  }

  /** Takes one more decision, or asks for the facts it wants to see first. True: nothing is left to decide. */
  private decide(): boolean {
    const trail = this.trail;
    if (this.loadBound()) return false;
    const payer = this.nextPayer();
    const v =
      payer >= 0 ? payer : this.conflicts < BREADTH_CONFLICTS ? this.nextInOrder() : this.mostActive();
    if (v < 0) return true;
    const value = payer >= 0 ? this.bounds[this.base - 1]!.holderOf(v) : this.preference.of(v, this.base);
    if (this.intake.load(v, value)) return false;
    trail.newLevel();
    trail.keepValue(v, value, DECISION, 0);
    return false;
  }

  /** Asks for the facts of releases that are chosen by force. True when something arrived. */
  private loadBound(): boolean {
    const trail = this.trail;
    let news = false;
    for (; this.seen < trail.events; this.seen++) {
      const v = trail.variable[this.seen]!;
      const release = trail.chosen(v);
      if (release >= 0 && this.intake.asks(v, release) && this.intake.load(v, release)) news = true;
    }
    return news;
  }

  /**
   * A package that lost a release for good because of what it needs has its next one looked at, so that a dead
   * end climbs up a chain without a search. True when something arrived.
   */
  private lookAhead(): boolean {
    const trail = this.trail;
    let news = false;
    for (; this.bottomSeen < trail.events; this.bottomSeen++) {
      const v = trail.variable[this.bottomSeen]!;
      if (trail.reason[this.bottomSeen] !== BACKWARD) continue;
      const release = trail.first(v);
      if (release < trail.size[v]! && this.intake.asks(v, release) && this.intake.load(v, release))
        news = true;
    }
    return news;
  }

  private nextPayer(): number {
    const { live } = this.trail;
    for (const v of this.payers) if (live[v]! > 1 && this.trail.needed(v)) return v;
    return -1;
  }

  private nextInOrder(): number {
    if (!this.orderFresh) this.order.restart();
    this.orderFresh = true;
    const v = this.order.extend((other) => this.trail.chosen(other));
    return v >= 0 && this.trail.needed(v) ? v : this.mostActive();
  }

  private mostActive(): number {
    const trail = this.trail;
    this.activity = grown(this.activity, trail.variables);
    let best = -1;
    let most = -1;
    for (let v = 0; v < trail.variables; v++) {
      if (trail.live[v]! <= 1 || trail.words[v] === 0 || !trail.needed(v)) continue;
      let score = (this.activity[v]! + this.increment) / trail.live[v]!;
      if (this.weight !== undefined) score *= this.weight(this.intake.host[v]!);
      if (score <= most) continue;
      most = score;
      best = v;
    }
    return best;
  }
}
