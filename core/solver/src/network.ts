// The given constraints as propagators. An edge is "package p depends on package q" for the releases of p known
// to do so, grouped by equal admitted set. (A release that names q twice uses a second edge.) A mirror link
// binds a package to the same release of its base.
//
// Both directions propagate: q keeps what the releases left of p admit; p loses the releases that admit
// nothing left of q. Explanations are made when asked for, for exactly the values the nogood needs gone, and
// then widened over all groups.

import type { Nogood } from "./nogood.ts";
import type { ReleaseSet } from "./release-set.ts";
import { BACKWARD, BASE, FORWARD, grown, MIRROR, type Trail } from "./trail.ts";

export class Network {
  private readonly trail: Trail;
  /** Arena of sets: values of a variable, "not chosen" included. */
  bits = new Int32Array(2048);
  private top = 0;

  edges = 0;
  source = new Int32Array(128);
  target = new Int32Array(128);
  private nextOut = new Int32Array(128);
  private nextIn = new Int32Array(128);
  private firstGroup = new Int32Array(128);
  /** Set of the source's releases that belong to a group. */
  private covered = new Int32Array(128);
  /** A value of the source that was last seen left and without a group. */
  private loose = new Int32Array(128);

  groups = 0;
  private edgeOf = new Int32Array(256);
  private nextGroup = new Int32Array(256);
  /** Per group: offsets into `bits` of its releases of the source and of the values of the target it admits. */
  releases = new Int32Array(256);
  admits = new Int32Array(256);
  /** A value of the target that the group admits and that was last seen left. */
  private support = new Int32Array(256);

  private out = new Int32Array(64);
  private in = new Int32Array(64);
  /** The variable that this one mirrors, or -1; and the list of variables that mirror it. */
  base = new Int32Array(64);
  private mirrors = new Int32Array(64);
  private nextMirror = new Int32Array(64);

  /** Groups that took part in an explanation; kept only when asked for. */
  used: Set<number> | undefined;
  private readonly edgeIndex: (Map<number, number> | undefined)[] = [];
  private readonly admitted: Map<number, number>[] = [new Map(), new Map()];
  private readonly ranges = new Map<number, { range: number; optional: boolean }>();
  private scratch = new Int32Array(64);
  private second = new Int32Array(64);

  constructor(trail: Trail) {
    this.trail = trail;
  }

  addVariable(v: number): void {
    this.out = grown(this.out, v + 1);
    this.in = grown(this.in, v + 1);
    this.base = grown(this.base, v + 1);
    this.mirrors = grown(this.mirrors, v + 1);
    this.nextMirror = grown(this.nextMirror, v + 1);
    this.out[v] = this.in[v] = this.base[v] = this.mirrors[v] = -1;
    this.edgeIndex.push(undefined);
  }

  defined(v: number): void {
    const words = this.trail.words[v]!;
    if (this.scratch.length < words) this.scratch = new Int32Array(words * 2);
    if (this.second.length < words) this.second = new Int32Array(words * 2);
  }

  private allocate(words: number): number {
    const at = this.top;
    this.top += words;
    this.bits = grown(this.bits, this.top);
    return at;
  }

  /** The set of a target's values that a range admits, as an offset into `bits`. */
  admittedBy(target: number, range: number, optional: boolean, read: (range: number) => ReleaseSet): number {
    const cache = this.admitted[optional ? 1 : 0]!;
    const known = cache.get(range);
    if (known !== undefined) return known;
    const set = read(range);
    const words = this.trail.words[target]!;
    const size = this.trail.size[target]!;
    const at = this.allocate(words);
    for (let i = 0; i < words && i < set.length; i++) this.bits[at + i] = set[i]!;
    const last = at + words - 1;
    this.bits[last] = this.bits[last]! & ((1 << (size & 31)) - 1);
    if (optional) this.bits[last] = this.bits[last]! | (1 << (size & 31));
    cache.set(range, at);
    this.ranges.set(at, { range, optional });
    return at;
  }

  /** The range that a group admits, and what it is a range of. */
  lineOf(group: number): { source: number; target: number; range: number; optional: boolean } {
    const edge = this.edgeOf[group]!;
    const { range, optional } = this.ranges.get(this.admits[group]!)!;
    return { source: this.source[edge]!, target: this.target[edge]!, range, optional };
  }

  /** The groups of all edges out of p. */
  demandsOf(p: number): { edge: number; target: number; group: number }[] {
    const found = [];
    for (let edge = this.out[p]!; edge >= 0; edge = this.nextOut[edge]!) {
      const target = this.target[edge]!;
      for (let group = this.firstGroup[edge]!; group >= 0; group = this.nextGroup[group]!)
        found.push({ edge, target, group });
    }
    return found;
  }

  /** All that a release needs is among the values, chosen releases by variable; undefined: not chosen. */
  isMet(v: number, release: number, values: readonly (number | undefined)[]): boolean {
    if (this.base[v]! >= 0 && values[this.base[v]!] !== release) return false;
    for (let edge = this.out[v]!; edge >= 0; edge = this.nextOut[edge]!) {
      if (!this.inSet(this.covered[edge]!, release)) continue;
      const target = this.target[edge]!;
      const value = values[target] ?? this.trail.size[target]!;
      let group = this.firstGroup[edge]!;
      while (!this.inSet(this.releases[group]!, release)) group = this.nextGroup[group]!;
      if (!this.inSet(this.admits[group]!, value)) return false;
    }
    return true;
  }

  admitsValue(group: number, value: number): boolean {
    return this.inSet(this.admits[group]!, value);
  }

  /** The set at `at` and the words from `from` on have a value in common. */
  overlaps(at: number, words: Int32Array, from: number, count: number): boolean {
    for (let i = 0; i < count; i++) if ((this.bits[at + i]! & words[from + i]!) !== 0) return true;
    return false;
  }

  /** Adds "release `release` of p needs q among `admits`", as p's `slot`-th need of q; returns the edge. */
  addNeed(p: number, release: number, q: number, slot: number, admits: number): number {
    const edge = this.edgeFor(p, q, slot);
    let group = this.firstGroup[edge]!;
    while (group >= 0 && this.admits[group] !== admits) group = this.nextGroup[group]!;
    if (group < 0) group = this.addGroup(edge, admits);
    const word = release >> 5;
    const bit = 1 << (release & 31);
    const mine = this.releases[group]! + word;
    this.bits[mine] = this.bits[mine]! | bit;
    const all = this.covered[edge]! + word;
    this.bits[all] = this.bits[all]! | bit;
    return edge;
  }

  private edgeFor(p: number, q: number, slot: number): number {
    let index = this.edgeIndex[p];
    if (index === undefined) {
      index = new Map();
      this.edgeIndex[p] = index;
    }
    const key = slot === 0 ? q : -(q * 0x100000 + slot);
    const known = index.get(key);
    if (known !== undefined) return known;
    const edge = this.edges++;
    this.growEdges();
    index.set(key, edge);
    this.source[edge] = p;
    this.target[edge] = q;
    this.nextOut[edge] = this.out[p]!;
    this.out[p] = edge;
    this.nextIn[edge] = this.in[q]!;
    this.in[q] = edge;
    this.firstGroup[edge] = -1;
    this.covered[edge] = this.allocate(this.trail.words[p]!);
    this.loose[edge] = this.trail.size[p]!;
    return edge;
  }

  private growEdges(): void {
    const needed = this.edges;
    this.source = grown(this.source, needed);
    this.target = grown(this.target, needed);
    this.nextOut = grown(this.nextOut, needed);
    this.nextIn = grown(this.nextIn, needed);
    this.firstGroup = grown(this.firstGroup, needed);
    this.covered = grown(this.covered, needed);
    this.loose = grown(this.loose, needed);
  }

  private addGroup(edge: number, admits: number): number {
    const group = this.groups++;
    const needed = this.groups;
    this.edgeOf = grown(this.edgeOf, needed);
    this.nextGroup = grown(this.nextGroup, needed);
    this.releases = grown(this.releases, needed);
    this.admits = grown(this.admits, needed);
    this.support = grown(this.support, needed);
    this.edgeOf[group] = edge;
    this.nextGroup[group] = this.firstGroup[edge]!;
    this.firstGroup[edge] = group;
    this.releases[group] = this.allocate(this.trail.words[this.source[edge]!]!);
    this.admits[group] = admits;
    this.support[group] = 0;
    return group;
  }

  /** Binds v to the same release of base, whenever v is chosen. */
  addMirror(v: number, base: number): void {
    this.base[v] = base;
    this.nextMirror[v] = this.mirrors[base]!;
    this.mirrors[base] = v;
  }

  /** Draws the consequences of a changed domain. False: a domain became empty. */
  propagate(v: number): boolean {
    for (let edge = this.in[v]!; edge >= 0; edge = this.nextIn[edge]!) {
      if (!this.backward(edge)) return false;
    }
    if (this.base[v]! >= 0 && !this.link(v)) return false;
    for (let mirror = this.mirrors[v]!; mirror >= 0; mirror = this.nextMirror[mirror]!) {
      if (!this.link(mirror)) return false;
    }
    if (!this.trail.needed(v)) return true;
    for (let edge = this.out[v]!; edge >= 0; edge = this.nextOut[edge]!) {
      if (!this.forward(edge)) return false;
    }
    return true;
  }

  /** Both directions of one edge. */
  propagateEdge(edge: number): boolean {
    return this.backward(edge) && this.forward(edge);
  }

  private backward(edge: number): boolean {
    const trail = this.trail;
    const q = this.target[edge]!;
    for (let group = this.firstGroup[edge]!; group >= 0; group = this.nextGroup[group]!) {
      if (trail.has(q, this.support[group]!) && this.inSet(this.admits[group]!, this.support[group]!))
        continue;
      const value = this.common(q, this.admits[group]!);
      if (value >= 0) this.support[group] = value;
      else if (!trail.restrict(this.source[edge]!, this.bits, this.releases[group]!, -1, BACKWARD, group))
        return false;
    }
    return true;
  }

  private inSet(at: number, value: number): boolean {
    return (this.bits[at + (value >> 5)]! & (1 << (value & 31))) !== 0;
  }

  /** A value left of v that is also in the set at `at`, or -1. */
  private common(v: number, at: number): number {
    const base = this.trail.base[v]!;
    const words = this.trail.words[v]!;
    for (let i = 0; i < words; i++) {
      const both = this.trail.dom[base + i]! & this.bits[at + i]!;
      if (both !== 0) return (i << 5) + 31 - Math.clz32(both & -both);
    }
    return -1;
  }

  private forward(edge: number): boolean {
    const trail = this.trail;
    const p = this.source[edge]!;
    const loose = this.loose[edge]!;
    const covered = this.covered[edge]!;
    if (trail.has(p, loose) && !this.inSet(covered, loose)) return true;
    const base = trail.base[p]!;
    for (let i = trail.words[p]! - 1; i >= 0; i--) {
      const free = trail.dom[base + i]! & ~this.bits[covered + i]!;
      if (free === 0) continue;
      this.loose[edge] = (i << 5) + 31 - Math.clz32(free & -free);
      return true;
    }
    return this.narrow(edge);
  }

  /** All releases left of the source have a group: the target keeps the union of what they admit. */
  private narrow(edge: number): boolean {
    const trail = this.trail;
    const p = this.source[edge]!;
    const q = this.target[edge]!;
    if (trail.live[p] === 1) {
      const value = trail.first(p);
      let group = this.firstGroup[edge]!;
      while (!this.inSet(this.releases[group]!, value)) group = this.nextGroup[group]!;
      return trail.restrict(q, this.bits, this.admits[group]!, 0, FORWARD, edge);
    }
    const words = trail.words[q]!;
    this.scratch.fill(0, 0, words);
    for (let group = this.firstGroup[edge]!; group >= 0; group = this.nextGroup[group]!) {
      if (this.common(p, this.releases[group]!) < 0) continue;
      const admits = this.admits[group]!;
      for (let i = 0; i < words; i++) this.scratch[i] = this.scratch[i]! | this.bits[admits + i]!;
    }
    return trail.restrict(q, this.scratch, 0, 0, FORWARD, edge);
  }

  /** v is chosen in release r only if its base is. */
  private link(v: number): boolean {
    const trail = this.trail;
    const b = this.base[v]!;
    const last = trail.words[v]! - 1;
    const none = 1 << (trail.size[v]! & 31);
    this.copyDomain(b);
    this.scratch[last] = this.scratch[last]! | none;
    if (!trail.restrict(v, this.scratch, 0, 0, MIRROR, b)) return false;
    if (!trail.needed(v)) return true;
    this.copyDomain(v);
    return trail.restrict(b, this.scratch, 0, 0, BASE, v);
  }

  private copyDomain(v: number): void {
    const base = this.trail.base[v]!;
    for (let i = this.trail.words[v]! - 1; i >= 0; i--) this.scratch[i] = this.trail.dom[base + i]!;
  }

  /** Replaces what a FORWARD, BACKWARD, MIRROR or BASE event removed by its causes. */
  explain(event: number, nogood: Nogood): void {
    const data = this.trail.data[event]!;
    const reason = this.trail.reason[event]!;
    if (reason === FORWARD) this.explainForward(event, data, nogood);
    else if (reason === BACKWARD) this.explainBackward(event, data, nogood);
    else if (reason === MIRROR) this.explainMirror(event, data, nogood);
    else this.explainBase(event, data, nogood);
  }

  private explainForward(event: number, edge: number, nogood: Nogood): void {
    const trail = this.trail;
    const p = this.source[edge]!;
    const q = this.target[edge]!;
    const wordsP = trail.words[p]!;
    const wordsQ = trail.words[q]!;
    const lost = this.second;
    nogood.removedBy(event, lost);
    nogood.touch(p);
    nogood.touch(q);
    const kept = this.scratch.fill(0, 0, wordsQ);
    const baseP = trail.base[p]!;
    for (let group = this.firstGroup[edge]!; group >= 0; group = this.nextGroup[group]!) {
      const admits = this.admits[group]!;
      if (this.meets(lost, admits, wordsQ)) {
        const releases = this.releases[group]!;
        for (let i = 0; i < wordsP; i++)
          nogood.gone[baseP + i] = nogood.gone[baseP + i]! | this.bits[releases + i]!;
      } else {
        for (let i = 0; i < wordsQ; i++) kept[i] = kept[i]! | this.bits[admits + i]!;
        this.used?.add(group);
      }
    }
    const covered = this.covered[edge]!;
    for (let i = 0; i < wordsP; i++)
      nogood.gone[baseP + i] = nogood.gone[baseP + i]! | ~this.bits[covered + i]!;
    this.trim(p, nogood);
    const baseQ = trail.base[q]!;
    for (let i = 0; i < wordsQ; i++) nogood.gone[baseQ + i] = nogood.gone[baseQ + i]! & kept[i]!;
  }

  /** Clears the bits past a variable's last value. */
  private trim(v: number, nogood: Nogood): void {
    const size = this.trail.size[v]!;
    if ((size & 31) === 31) return;
    const at = this.trail.base[v]! + this.trail.words[v]! - 1;
    nogood.gone[at] = nogood.gone[at]! & ((1 << ((size & 31) + 1)) - 1);
  }

  private meets(set: Int32Array, at: number, words: number): boolean {
    for (let i = 0; i < words; i++) if ((set[i]! & this.bits[at + i]!) !== 0) return true;
    return false;
  }

  private explainBackward(event: number, cause: number, nogood: Nogood): void {
    const trail = this.trail;
    const edge = this.edgeOf[cause]!;
    const p = this.source[edge]!;
    const q = this.target[edge]!;
    nogood.resolve(event);
    nogood.addWords(q, this.bits, this.admits[cause]!);
    const baseP = trail.base[p]!;
    const words = trail.words[p]!;
    for (let group = this.firstGroup[edge]!; group >= 0; group = this.nextGroup[group]!) {
      if (!this.inside(this.admits[group]!, q, nogood)) continue;
      const releases = this.releases[group]!;
      if (this.used !== undefined && (group === cause || this.wanted(releases, p, nogood)))
        this.used.add(group);
      for (let i = 0; i < words; i++)
        nogood.gone[baseP + i] = nogood.gone[baseP + i]! & ~this.bits[releases + i]!;
    }
  }

  /** The nogood wants a value of the set gone. */
  private wanted(at: number, v: number, nogood: Nogood): boolean {
    const base = this.trail.base[v]!;
    for (let i = this.trail.words[v]! - 1; i >= 0; i--) {
      if ((this.bits[at + i]! & nogood.gone[base + i]!) !== 0) return true;
    }
    return false;
  }

  /** The nogood already wants all values of the set gone. */
  private inside(at: number, v: number, nogood: Nogood): boolean {
    const base = this.trail.base[v]!;
    for (let i = this.trail.words[v]! - 1; i >= 0; i--) {
      if ((this.bits[at + i]! & ~nogood.gone[base + i]!) !== 0) return false;
    }
    return true;
  }

  private explainMirror(event: number, base: number, nogood: Nogood): void {
    const trail = this.trail;
    const v = trail.variable[event]!;
    nogood.removedBy(event, this.second);
    nogood.addWords(base, this.second, 0);
    nogood.touch(v);
    const none = 1 << (trail.size[v]! & 31);
    const last = trail.words[v]! - 1;
    for (let i = 0; i <= last; i++) {
      const same = nogood.gone[trail.base[base]! + i]! & (i === last ? ~none : -1);
      nogood.gone[trail.base[v]! + i] = nogood.gone[trail.base[v]! + i]! & ~same;
    }
  }

  private explainBase(event: number, mirror: number, nogood: Nogood): void {
    const trail = this.trail;
    const b = trail.variable[event]!;
    nogood.removedBy(event, this.second);
    nogood.addWords(mirror, this.second, 0);
    nogood.addValue(mirror, trail.size[mirror]!);
    nogood.touch(b);
    for (let i = trail.words[b]! - 1; i >= 0; i--) {
      nogood.gone[trail.base[b]! + i] =
        nogood.gone[trail.base[b]! + i]! & ~nogood.gone[trail.base[mirror]! + i]!;
    }
  }
}
