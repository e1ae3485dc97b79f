// One additive cost function with a limit, as a propagator: the sum of the cheapest value left in each domain
// may not pass the limit, and a value that would make it pass is removed. All numbers are integers.
//
// The minima are kept up to date along the trail; their history (which minimum rose, from what to what) is
// what explanations are made of.

import type { Nogood } from "./nogood.ts";
import { lowBits } from "./release-set.ts";
import { BOUND, grown, type Trail } from "./trail.ts";

export class Bound {
  private readonly trail: Trail;
  /** Number under which events name this bound. */
  readonly number: number;
  /** Nogoods that use the limit are valid under this tag. */
  readonly tag: number;
  limit = Number.POSITIVE_INFINITY;
  active = false;
  /** Something changed since `prune` was last called. */
  stale = true;
  /** Sum of the minima now, and when the limit came into force. */
  sum = 0;
  private start = 0;

  private readonly rows: (ArrayLike<number> | undefined)[] = [];
  /** The variables that have a row, but for those whose row was found to be free. */
  private priced = new Int32Array(64);
  private pricedTop = 0;
  /** 1: the row never falls, -1: it does, 0: not looked at yet. */
  private rising = new Int8Array(64);
  private highest = new Float64Array(64);
  private least = new Float64Array(64);
  private origin = new Float64Array(64);
  private holder = new Int32Array(64);

  private height = 0;
  private changed = new Int32Array(128);
  private before = new Float64Array(128);
  private after = new Float64Array(128);
  private heldBefore = new Int32Array(128);
  private levelOf = new Int32Array(128);
  /** Slacks for which all domains were pruned, the least last, and the levels at which that was. */
  private readonly pruned: number[] = [];
  private readonly prunedAt: number[] = [];
  private scratch = new Int32Array(64);
  private seen = new Uint8Array(64);
  private part = new Int32Array(64);
  private size = new Float64Array(64);

  constructor(trail: Trail, number: number, tag: number) {
    this.trail = trail;
    this.number = number;
    this.tag = tag;
  }

  /** A variable that has costs became known; one per release. */
  define(v: number, row: ArrayLike<number>): void {
    if (this.rising.length <= v) this.reserve(v + 1);
    this.rows[v] = row;
    this.priced = grown(this.priced, this.pricedTop + 1);
    this.priced[this.pricedTop++] = v;
    this.rising[v] = 0;
    this.highest[v] = -1;
    this.least[v] = 0;
    this.origin[v] = 0;
    this.holder[v] = this.trail.size[v]!;
    // Its values were not looked at.
    this.pruned.length = 0;
    this.prunedAt.length = 0;
    this.stale = true;
    if (this.scratch.length < this.trail.words[v]!) this.scratch = new Int32Array(this.trail.words[v]! * 2);
  }

  private reserve(variables: number): void {
    const rising = new Int8Array(variables * 2);
    rising.set(this.rising);
    this.rising = rising;
    const room = rising.length;
    this.highest = grown(this.highest, room);
    this.least = grown(this.least, room);
    this.origin = grown(this.origin, room);
    this.holder = grown(this.holder, room);
    this.seen = grown(this.seen, room);
    this.part = grown(this.part, room);
    this.size = grown(this.size, room);
  }

  /** The variable costs nothing from now on. Only while no limit is in force. */
  undefine(v: number): void {
    if (this.active) throw new Error("costs change under a limit");
    if (this.rows[v] === undefined) return;
    this.rows[v] = undefined;
    let kept = 0;
    for (let i = 0; i < this.pricedTop; i++) {
      const other = this.priced[i]!;
      if (other !== v) this.priced[kept++] = other;
    }
    this.pricedTop = kept;
  }

  cost(v: number, value: number): number {
    const row = this.rows[v];
    return row === undefined || value >= this.trail.size[v]! ? 0 : row[value]!;
  }

  hasCosts(v: number): boolean {
    return this.rows[v] !== undefined;
  }

  /** A value left that costs least; for a bound in force whose `update` was told of all changes. */
  holderOf(v: number): number {
    return this.holder[v]!;
  }

  /** Puts a limit into force, at the level that the trail has just opened. */
  activate(limit: number): void {
    this.limit = limit;
    this.active = true;
    this.stale = true;
    this.height = 0;
    this.sum = 0;
    this.prunedAt.length = 0;
    this.pruned.length = 0;
    let kept = 0;
    for (let i = 0; i < this.pricedTop; i++) {
      const v = this.priced[i]!;
      if (this.highest[v]! < 0) this.measure(v);
      if (this.highest[v] === 0) continue;
      this.priced[kept++] = v;
      this.least[v] = this.cheapest(v);
      this.origin[v] = this.least[v]!;
      this.sum += this.least[v]!;
    }
    this.pricedTop = kept;
    this.start = this.sum;
  }

  private measure(v: number): void {
    const row = this.rows[v]!;
    const size = this.trail.size[v]!;
    let highest = 0;
    let rising = 1;
    for (let r = 0; r < size; r++) {
      const cost = row[r]!;
      if (cost < highest) rising = -1;
      else highest = cost;
    }
    this.highest[v] = highest;
    this.rising[v] = rising;
  }

  /** Least cost among the values left; `holder` becomes a value that has it. */
  private cheapest(v: number): number {
    const size = this.trail.size[v]!;
    const base = this.trail.base[v]!;
    this.holder[v] = size;
    if (this.trail.has(v, size)) return 0;
    const row = this.rows[v]!;
    if (this.rising[v] === 1) {
      this.holder[v] = this.trail.first(v);
      return row[this.holder[v]!]!;
    }
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.trail.words[v]!; i++) {
      for (let word = this.trail.dom[base + i]!; word !== 0; word &= word - 1) {
        const value = (i << 5) + 31 - Math.clz32(word & -word);
        if (row[value]! >= least) continue;
        least = row[value]!;
        this.holder[v] = value;
        if (least === 0) return 0;
      }
    }
    return least;
  }

  /** Least cost of a variable over the values in `words`, for a bound that is not in force. */
  leastOf(v: number, words: Int32Array): number {
    const row = this.rows[v];
    const size = this.trail.size[v]!;
    if (row === undefined || (words[size >> 5]! & (1 << (size & 31))) !== 0) return 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.trail.words[v]! && least > 0; i++) {
      for (let word = words[i]!; word !== 0; word &= word - 1) {
        const value = (i << 5) + 31 - Math.clz32(word & -word);
        if (row[value]! < least) least = row[value]!;
        if (this.rising[v] === 1) return least;
      }
    }
    return least;
  }

  /** A domain changed (and is not empty). */
  update(v: number): void {
    if (this.rows[v] === undefined || this.highest[v] === 0 || this.trail.has(v, this.holder[v]!)) return;
    const held = this.holder[v]!;
    const least = this.cheapest(v);
    const entry = this.height++;
    this.changed = grown(this.changed, this.height);
    this.before = grown(this.before, this.height);
    this.after = grown(this.after, this.height);
    this.heldBefore = grown(this.heldBefore, this.height);
    this.levelOf = grown(this.levelOf, this.height);
    this.changed[entry] = v;
    this.before[entry] = this.least[v]!;
    this.after[entry] = least;
    this.heldBefore[entry] = held;
    this.levelOf[entry] = this.trail.level;
    this.sum += least - this.least[v]!;
    this.least[v] = least;
    this.stale = true;
  }

  /** The trail was undone to `level`; `own` is the level at which the limit came into force. */
  backtrack(level: number): void {
    this.stale = true;
    if (level < this.tag) {
      this.active = false;
      return;
    }
    while (this.prunedAt.length > 0 && this.prunedAt.at(-1)! > level) {
      this.prunedAt.pop();
      this.pruned.pop();
    }
    while (this.height > 0 && this.levelOf[this.height - 1]! > level) {
      const entry = --this.height;
      const v = this.changed[entry]!;
      this.sum += this.before[entry]! - this.least[v]!;
      this.least[v] = this.before[entry]!;
      this.holder[v] = this.heldBefore[entry]!;
    }
  }

  get exceeded(): boolean {
    return this.sum > this.limit;
  }

  /** Removes the values that would make the sum pass the limit. False: a domain became empty. */
  prune(): boolean {
    this.stale = false;
    const slack = this.limit - this.sum;
    if (this.pruned.length > 0 && slack >= this.pruned.at(-1)!) return true;
    const { priced, highest, least, trail } = this;
    const { live } = trail;
    for (let i = 0; i < this.pricedTop; i++) {
      const v = priced[i]!;
      if (live[v] === 1) continue;
      if (highest[v]! < 0) this.measure(v);
      const most = least[v]! + slack;
      if (highest[v]! <= most || this.affordable(v, most)) continue;
      if (!trail.restrict(v, this.scratch, 0, 0, BOUND, this.number, this.height)) return false;
    }
    if (this.prunedAt.at(-1) === trail.level) this.pruned.pop();
    else this.prunedAt.push(trail.level);
    this.pruned.push(slack);
    return true;
  }

  /** Fills `scratch` with the values left that cost at most `most`. True when that is all of them. */
  private affordable(v: number, most: number): boolean {
    const size = this.trail.size[v]!;
    const base = this.trail.base[v]!;
    const words = this.trail.words[v]!;
    const cut = this.rising[v] === 1 ? this.firstAbove(v, most) : -1;
    let all = true;
    for (let i = 0; i < words; i++) {
      const domain = this.trail.dom[base + i]!;
      let kept = cut < 0 ? this.affordableIn(v, i, most) : domain & lowBits(cut - (i << 5));
      if (i === size >> 5) kept |= domain & (1 << (size & 31));
      this.scratch[i] = kept;
      if (kept !== domain) all = false;
    }
    return all;
  }

  /** Of a row that never falls: the first value that costs more. */
  private firstAbove(v: number, most: number): number {
    const row = this.rows[v]!;
    let low = 0;
    let high = this.trail.size[v]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (row[middle]! <= most) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private affordableIn(v: number, word: number, most: number): number {
    const row = this.rows[v]!;
    const size = this.trail.size[v]!;
    let kept = 0;
    for (let left = this.trail.dom[this.trail.base[v]! + word]!; left !== 0; left &= left - 1) {
      const bit = left & -left;
      const value = (word << 5) + 31 - Math.clz32(bit);
      if (value < size && row[value]! <= most) kept |= bit;
    }
    return kept;
  }

  /** Why an event of this bound happened. */
  explain(event: number, nogood: Nogood): void {
    const v = this.trail.variable[event]!;
    nogood.removedBy(event, this.scratch);
    const price = this.leastOf(v, this.scratch);
    if (this.rising[v] === 1) nogood.dropFrom(v, this.firstAbove(v, price - 1));
    else {
      const row = this.rows[v]!;
      for (let value = this.trail.size[v]! - 1; value >= 0; value--)
        if (row[value]! >= price) nogood.dropValue(v, value);
    }
    this.blame(v, this.trail.extra[event]!, this.start - this.origin[v]! + price, nogood);
  }

  /** Why the sum passes the limit now. */
  explainExcess(nogood: Nogood): void {
    this.blame(-1, this.height, this.start, nogood);
  }

  /** Wants enough minima (other than v's) up to reach past the limit from `sum`, the smallest rises left out. */
  private blame(v: number, height: number, sum: number, nogood: Nogood): void {
    nogood.tag = Math.max(nogood.tag, this.tag);
    let parts = 0;
    let total = sum;
    if (v >= 0) this.seen[v] = 1;
    for (let entry = height - 1; entry >= 0; entry--) {
      const other = this.changed[entry]!;
      if (this.seen[other] !== 0) continue;
      this.seen[other] = 1;
      const rise = this.after[entry]! - this.origin[other]!;
      total += rise;
      let at = parts++;
      for (; at > 0 && this.size[at - 1]! > rise; at--) {
        this.size[at] = this.size[at - 1]!;
        this.part[at] = this.part[at - 1]!;
      }
      this.size[at] = rise;
      this.part[at] = other;
    }
    if (v >= 0) this.seen[v] = 0;
    let slack = total - this.limit - 1;
    for (let i = 0; i < parts; i++) {
      const other = this.part[i]!;
      this.seen[other] = 0;
      const used = Math.min(slack, this.size[i]!);
      slack -= used;
      if (used < this.size[i]!) this.want(other, this.origin[other]! + this.size[i]! - used, nogood);
    }
  }

  /** All values of v that cost less than `threshold` must be gone. */
  private want(v: number, threshold: number, nogood: Nogood): void {
    const row = this.rows[v]!;
    const size = this.trail.size[v]!;
    nogood.addValue(v, size);
    if (this.rising[v] === 1) nogood.addBelow(v, this.firstAbove(v, threshold - 1));
    else for (let value = 0; value < size; value++) if (row[value]! < threshold) nogood.addValue(v, value);
  }
}
