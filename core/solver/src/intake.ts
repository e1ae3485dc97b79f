// Pulls facts from the host and turns them into variables, edges and mirror links, at any moment of the search.
//
// A fact that arrives while decisions stand is enforced where the trail is, and again wherever the search goes
// back to, until it has been enforced at the bottom ("late" facts).

import type { Bound } from "./bound.ts";
import type { Clauses } from "./clauses.ts";
import type { Network } from "./network.ts";
import type { Dependency, PackageFacts, Problem } from "./problem.ts";
import type { ReleaseSet } from "./release-set.ts";
import { FACT, grown, type Trail } from "./trail.ts";

const UNASKED = 0;
const UNUSABLE = -1;
const UNKNOWN = -2;

const LATE_EDGE = 0;
const LATE_MIRROR = 1;
const LATE_UNUSABLE = 2;
const LATE_ROOT = 3;

interface Waiting {
  readonly source: number;
  readonly release: number;
  readonly range: number;
  readonly optional: boolean;
  readonly slot: number;
}

export class Intake {
  private readonly problem: Problem;
  private readonly trail: Trail;
  private readonly network: Network;
  private readonly clauses: Clauses;
  private readonly bounds: readonly Bound[];
  private readonly admitted: (range: number) => ReleaseSet;
  private readonly ids = new Map<number, number>();
  /** The host's number of each variable. */
  readonly host: number[] = [];
  /** Variable of the mirrored package, or -1. */
  readonly mirrored: number[] = [];
  readonly roots: number[] = [];
  /** Per variable: the bounds that price it, as bits; those of a number 32 apart share one. */
  priced = new Int32Array(64);
  /** Variables whose value settles no tie. */
  readonly auxiliary = new Set<number>();
  private readonly asked: number[] = [];
  private readonly waiting: (Waiting[] | undefined)[] = [];
  private readonly waitingMirrors: (number[] | undefined)[] = [];
  /** Per variable: where its releases start in `needsOf`. */
  private start = new Int32Array(64);
  private needsOf = new Int32Array(1024);
  private needsTop = 0;
  /** Needs of a release: how many, then per need target * 2 + optional. */
  private pool = new Int32Array(1024);
  private poolTop = 1;
  private slots = new Int32Array(64);

  private lateKind = new Int32Array(256);
  private lateData = new Int32Array(256);
  private lateMore = new Int32Array(256);
  /** Level at which it was last enforced, -1 when it is due. */
  private lateLevel = new Int32Array(256);
  private lates = 0;
  private due = false;
  private highest = 0;
  /** Packages and (variable, release) pairs that were asked for and were unknown. */
  private unknownPackages: number[] = [];
  private unknownReleases: number[] = [];
  /** Packages that became known, of which it is not known yet what is at hand. */
  private fresh: number[] = [];

  constructor(
    problem: Problem,
    parts: { trail: Trail; network: Network; clauses: Clauses; bounds: readonly Bound[] },
  ) {
    this.problem = problem;
    this.admitted = (range) => problem.facts.admitted(range);
    this.trail = parts.trail;
    this.network = parts.network;
    this.clauses = parts.clauses;
    this.bounds = parts.bounds;
    for (let i = 0; i < problem.roots.length; i++) {
      const root = problem.roots[i]!;
      const v = this.variable(root.package);
      this.roots.push(v);
      if (this.known(v)) this.late(LATE_ROOT, i, 0);
      else if (root.optional !== true) this.know(v);
    }
    this.stock();
  }

  private variable(host: number): number {
    const known = this.ids.get(host);
    if (known !== undefined) return known;
    const v = this.trail.addVariable();
    this.ids.set(host, v);
    this.host.push(host);
    this.mirrored.push(-1);
    this.asked.push(0);
    this.waiting.push(undefined);
    this.waitingMirrors.push(undefined);
    this.network.addVariable(v);
    this.start = grown(this.start, v + 1);
    this.slots = grown(this.slots, v + 1);
    this.priced = grown(this.priced, v + 1);
    this.clauses.addVariable();
    return v;
  }

  known(v: number): boolean {
    return this.trail.words[v] !== 0;
  }

  /** Asks for a package (and what it mirrors) unless that was done since the last `refresh`. */
  private know(v: number): boolean {
    for (
      let next = v;
      next >= 0 && !this.known(next) && this.asked[next] === 0;
      next = this.mirrored[next]!
    ) {
      const facts = this.problem.facts.package(this.host[next]!);
      if (facts === undefined) {
        this.asked[next] = 1;
        this.unknownPackages.push(next);
        break;
      }
      this.define(next, facts);
    }
    return this.known(v);
  }

  private define(v: number, facts: PackageFacts): void {
    this.trail.define(v, facts.releases);
    this.network.defined(v);
    this.price(v, facts.costs);
    this.fresh.push(v);
    this.start[v] = this.needsTop;
    this.needsTop += facts.releases;
    this.needsOf = grown(this.needsOf, this.needsTop);
    if (facts.auxiliary === true) this.auxiliary.add(v);
    if (facts.mirrors !== undefined) this.mirror(v, this.variable(facts.mirrors));
    for (const v2 of this.waitingMirrors[v] ?? []) this.bind(v2, v);
    this.waitingMirrors[v] = undefined;
    for (const need of this.waiting[v] ?? []) this.connect(need, v);
    this.waiting[v] = undefined;
    for (let i = 0; i < this.roots.length; i++) if (this.roots[i] === v) this.late(LATE_ROOT, i, 0);
  }

  /** Asks again what a known package costs. */
  reprice(host: number): void {
    const v = this.ids.get(host);
    if (v === undefined || !this.known(v)) return;
    for (const bound of this.bounds) bound.undefine(v);
    this.price(v, this.problem.facts.package(host)?.costs ?? []);
  }

  private price(v: number, costs: PackageFacts["costs"]): void {
    let bits = 0;
    for (let i = 0; i < this.bounds.length; i++) {
      const row = costs[i];
      if (row === undefined) continue;
      this.bounds[i]!.define(v, row);
      bits |= 1 << i;
    }
    this.priced[v] = bits;
  }

  private mirror(v: number, base: number): void {
    if (base === v) return;
    this.mirrored[v] = base;
    if (this.known(base)) {
      this.bind(v, base);
      return;
    }
    const list = this.waitingMirrors[base] ?? [];
    list.push(v);
    this.waitingMirrors[base] = list;
  }

  private bind(v: number, base: number): void {
    if (this.trail.size[v] !== this.trail.size[base])
      throw new Error("a mirror and its base differ in releases");
    this.network.addMirror(v, base);
    this.late(LATE_MIRROR, v, base);
  }

  /** The needs of a release: an offset into the pool, or one of the negative states, after asking if need be. */
  load(v: number, release: number): boolean {
    const at = this.start[v]! + release;
    if (this.needsOf[at] !== UNASKED) return false;
    const needs = this.problem.facts.dependencies(this.host[v]!, release);
    if (needs === undefined) {
      this.needsOf[at] = UNKNOWN;
      this.unknownReleases.push(v, release);
      return false;
    }
    this.attach(v, release, needs);
    this.stock();
    return true;
  }

  /** Takes what the host has at hand: where it waited for a decision, that would mostly end in a conflict. */
  private stock(): void {
    for (let i = 0; i < this.fresh.length; i++) {
      const v = this.fresh[i]!;
      for (const release of this.problem.facts.atHand?.(this.host[v]!) ?? []) {
        const needs = this.asks(v, release)
          ? this.problem.facts.dependencies(this.host[v]!, release)
          : undefined;
        if (needs !== undefined) this.attach(v, release, needs);
      }
    }
    this.fresh = [];
  }

  asks(v: number, release: number): boolean {
    return this.needsOf[this.start[v]! + release] === UNASKED;
  }

  /** The release's needs have not been supplied. */
  unknown(v: number, release: number): boolean {
    const state = this.needsOf[this.start[v]! + release]!;
    return state === UNASKED || state === UNKNOWN;
  }

  private attach(v: number, release: number, needs: readonly Dependency[] | "unusable"): void {
    const at = this.start[v]! + release;
    if (needs === "unusable") {
      this.needsOf[at] = UNUSABLE;
      this.late(LATE_UNUSABLE, v, release);
      return;
    }
    const offset = this.poolTop;
    this.poolTop += needs.length + 1;
    this.pool = grown(this.pool, this.poolTop);
    this.needsOf[at] = offset;
    this.pool[offset] = needs.length;
    for (let i = 0; i < needs.length; i++) {
      const need = needs[i]!;
      const target = this.variable(need.package);
      const optional = need.optional === true;
      this.pool[offset + 1 + i] = target * 2 + (optional ? 1 : 0);
      const slot = this.slots[target]!;
      this.slots[target] = slot + 1;
      this.connect({ source: v, release, range: need.range, optional, slot }, target);
    }
    for (let i = 0; i < needs.length; i++) this.slots[this.pool[offset + 1 + i]! >> 1] = 0;
  }

  private connect(need: Waiting, target: number): void {
    if (!this.known(target) && (need.optional || !this.know(target))) {
      const list = this.waiting[target] ?? [];
      list.push(need);
      this.waiting[target] = list;
      return;
    }
    const admits = this.network.admittedBy(target, need.range, need.optional, this.admitted);
    if (target === need.source) {
      const word = this.network.bits[admits + (need.release >> 5)]!;
      if ((word & (1 << (need.release & 31))) === 0) this.late(LATE_UNUSABLE, target, need.release);
      return;
    }
    this.late(LATE_EDGE, this.network.addNeed(need.source, need.release, target, need.slot, admits), 0);
  }

  optionalRoot(i: number): boolean {
    return this.problem.roots[i]!.optional === true;
  }

  /** How many needs a release has; 0 while they are unknown. */
  needCount(v: number, release: number): number {
    const offset = this.needsOf[this.start[v]! + release]!;
    return offset > 0 ? this.pool[offset]! : 0;
  }

  /** The target of a release's i-th need, or -1 when that need is optional. */
  needTarget(v: number, release: number, i: number): number {
    const cell = this.pool[this.needsOf[this.start[v]! + release]! + 1 + i]!;
    return (cell & 1) !== 0 ? -1 : cell >> 1;
  }

  /** The releases whose needs were asked for and known. */
  *read(): Generator<{ package: number; release: number }> {
    for (let v = 0; v < this.host.length; v++) {
      if (!this.known(v)) continue;
      for (let release = 0; release < this.trail.size[v]!; release++) {
        const state = this.needsOf[this.start[v]! + release]!;
        if (state > 0 || state === UNUSABLE) yield { package: this.host[v]!, release };
      }
    }
  }

  /** Asks again for everything that was unknown. True when something new was learned. */
  refresh(): boolean {
    let news = false;
    const packages = this.unknownPackages;
    const releases = this.unknownReleases;
    this.unknownPackages = [];
    this.unknownReleases = [];
    for (const v of packages) this.asked[v] = 0;
    for (const v of packages) news = this.know(v) || news;
    this.stock();
    for (let i = 0; i < releases.length; i += 2) {
      this.needsOf[this.start[releases[i]!]! + releases[i + 1]!] = UNASKED;
    }
    for (let i = 0; i < releases.length; i += 2) news = this.load(releases[i]!, releases[i + 1]!) || news;
    return news;
  }

  private late(kind: number, data: number, more: number): void {
    const i = this.lates++;
    this.lateKind = grown(this.lateKind, this.lates);
    this.lateData = grown(this.lateData, this.lates);
    this.lateMore = grown(this.lateMore, this.lates);
    this.lateLevel = grown(this.lateLevel, this.lates);
    this.lateKind[i] = kind;
    this.lateData[i] = data;
    this.lateMore[i] = more;
    this.lateLevel[i] = -1;
    this.due = true;
  }

  /** Facts wait to be enforced at the bottom. */
  get pending(): boolean {
    return this.lates > 0;
  }

  /** The trail was undone to `level`: late facts enforced above it are due again. */
  backtrack(level: number): void {
    if (this.highest <= level) return;
    for (let i = 0; i < this.lates; i++) {
      if (this.lateLevel[i]! <= level) continue;
      this.lateLevel[i] = -1;
      this.due = true;
    }
    this.highest = level;
  }

  /** Enforces the late facts that are due. False: a domain became empty. */
  enforce(): boolean {
    if (!this.due) return true;
    const level = this.trail.level;
    this.highest = Math.max(this.highest, level);
    let kept = 0;
    let fine = true;
    for (let i = 0; i < this.lates; i++) {
      const isDue = fine && this.lateLevel[i] === -1;
      if (isDue) this.lateLevel[i] = level;
      if (isDue) fine = this.enforceOne(i);
      if (this.lateLevel[i] === 0) continue;
      this.lateKind[kept] = this.lateKind[i]!;
      this.lateData[kept] = this.lateData[i]!;
      this.lateMore[kept] = this.lateMore[i]!;
      this.lateLevel[kept++] = this.lateLevel[i]!;
    }
    this.lates = kept;
    this.due = !fine;
    return fine;
  }

  private enforceOne(i: number): boolean {
    const data = this.lateData[i]!;
    const more = this.lateMore[i]!;
    switch (this.lateKind[i]) {
      case LATE_EDGE:
        return this.network.propagateEdge(data);
      case LATE_MIRROR:
        this.trail.enqueue(data);
        this.trail.enqueue(more);
        return true;
      case LATE_UNUSABLE:
        return this.trail.removeValue(data, more, FACT, 0);
      default:
        return this.enforceRoot(data);
    }
  }

  private enforceRoot(i: number): boolean {
    const root = this.problem.roots[i]!;
    const v = this.roots[i]!;
    const admits = this.network.admittedBy(v, root.range, root.optional === true, this.admitted);
    return this.trail.restrict(v, this.network.bits, admits, 0, FACT, i + 1);
  }
}
