// The domains of all variables and the history of what was removed from them.
//
// A variable is a package; its values are its releases 0 … size-1 and "not chosen" (value `size`). A domain is
// a bit set in one arena. Every removal is an event: the words it took away and why. Events form the trail
// (undone from its end) and, per variable, a chain from the newest to the oldest.

import { bitCount, lowestBit } from "./release-set.ts";

/** Why an event happened; the meaning of the event's `data` depends on it. */
export const DECISION = 0;
/** Given or proved without conditions; `data`: 1 + the number of the root, or 0. */
export const FACT = 1;
/** `data`: the learned clause. */
export const CLAUSE = 2;
/** The dependents left admit no more; `data`: the edge. */
export const FORWARD = 3;
/** What the releases depend on is gone; `data`: the group. */
export const BACKWARD = 4;
/** A mirror lost what its base lost; `data`: the base. */
export const MIRROR = 5;
/** A base lost what its mirror lost; `data`: the mirror. */
export const BASE = 6;
/** Too expensive; `data`: the bound's number; `extra`: how much of the bound's history was known. */
export const BOUND = 7;

export function grown<T extends Int32Array | Float64Array | Uint8Array>(array: T, needed: number): T {
  if (array.length >= needed) return array;
  const next = new (array.constructor as new (length: number) => T)(Math.max(needed, array.length * 2));
  next.set(array as never);
  return next;
}

export class Trail {
  variables = 0;
  size = new Int32Array(64);
  /** 0 while the variable's package is unknown. */
  words = new Int32Array(64);
  base = new Int32Array(64);
  /** Number of values left. */
  live = new Int32Array(64);
  /** Newest event of the variable, or -1. */
  last = new Int32Array(64);
  dom = new Int32Array(512);
  domTop = 0;

  events = 0;
  variable = new Int32Array(256);
  reason = new Uint8Array(256);
  data = new Int32Array(256);
  extra = new Int32Array(256);
  levelOf = new Int32Array(256);
  previous = new Int32Array(256);
  /** The removed words of an event: `span` words from word `low`, at `offset` in `removed`. */
  low = new Int32Array(256);
  span = new Int32Array(256);
  offset = new Int32Array(256);
  taken = new Int32Array(256);
  removed = new Int32Array(1024);
  removedTop = 0;

  level = 0;
  levelStart = new Int32Array(64);

  queue = new Int32Array(64);
  queued = new Uint8Array(64);
  queueTop = 0;
  /** The variable whose domain became empty, or -1. */
  wiped = -1;
  private single = new Int32Array(64);

  addVariable(): number {
    const v = this.variables++;
    const needed = this.variables;
    this.size = grown(this.size, needed);
    this.words = grown(this.words, needed);
    this.base = grown(this.base, needed);
    this.live = grown(this.live, needed);
    this.last = grown(this.last, needed);
    this.queue = grown(this.queue, needed);
    this.queued = grown(this.queued, needed);
    this.last[v] = -1;
    return v;
  }

  /** Gives a variable its full domain. */
  define(v: number, releases: number): void {
    const words = (releases >> 5) + 1;
    this.size[v] = releases;
    this.words[v] = words;
    this.base[v] = this.domTop;
    this.live[v] = releases + 1;
    this.domTop += words;
    this.dom = grown(this.dom, this.domTop);
    this.dom.fill(-1, this.base[v]!, this.domTop);
    this.dom[this.domTop - 1] = (releases & 31) === 31 ? -1 : (1 << ((releases & 31) + 1)) - 1;
    if (this.single.length < words) this.single = new Int32Array(words * 2);
  }

  has(v: number, value: number): boolean {
    return (this.dom[this.base[v]! + (value >> 5)]! & (1 << (value & 31))) !== 0;
  }

  /** "Not chosen" is no longer possible. */
  needed(v: number): boolean {
    return !this.has(v, this.size[v]!);
  }

  /** The lowest value left; the domain is not empty. */
  first(v: number): number {
    const base = this.base[v]!;
    let i = 0;
    while (this.dom[base + i] === 0) i++;
    return (i << 5) + lowestBit(this.dom[base + i]!);
  }

  /** The release a variable is bound to, or -1: undecided, unknown or not chosen. */
  chosen(v: number): number {
    if (this.words[v] === 0 || this.live[v] !== 1) return -1;
    const value = this.first(v);
    return value === this.size[v] ? -1 : value;
  }

  newLevel(): void {
    this.level++;
    this.levelStart = grown(this.levelStart, this.level + 1);
    this.levelStart[this.level] = this.events;
  }

  /**
   * Keeps of a domain what the words from `at` on contain (`invert` -1: what they do not contain). False when
   * nothing is left; the event is recorded all the same.
   */
  restrict(
    v: number,
    source: Int32Array,
    at: number,
    invert: number,
    reason: number,
    data: number,
    extra = 0,
  ): boolean {
    const base = this.base[v]!;
    const words = this.words[v]!;
    let low = 0;
    while (low < words && (this.dom[base + low]! & ~(source[at + low]! ^ invert)) === 0) low++;
    if (low === words) return true;
    this.removed = grown(this.removed, this.removedTop + words);
    const offset = this.removedTop;
    let end = offset;
    let taken = 0;
    for (let i = low; i < words; i++) {
      const gone = this.dom[base + i]! & ~(source[at + i]! ^ invert);
      this.removed[offset + i - low] = gone;
      if (gone === 0) continue;
      this.dom[base + i] = this.dom[base + i]! & ~gone;
      taken += bitCount(gone);
      end = offset + i - low + 1;
    }
    this.removedTop = end;
    this.record(v, reason, data, extra);
    const event = this.events - 1;
    this.low[event] = low;
    this.span[event] = end - offset;
    this.offset[event] = offset;
    this.taken[event] = taken;
    this.live[v] = this.live[v]! - taken;
    if (this.live[v] === 0) this.wiped = v;
    return this.live[v] !== 0;
  }

  removeValue(v: number, value: number, reason: number, data: number): boolean {
    return this.withSingle(v, value, -1, reason, data);
  }

  keepValue(v: number, value: number, reason: number, data: number): boolean {
    return this.withSingle(v, value, 0, reason, data);
  }

  private withSingle(v: number, value: number, invert: number, reason: number, data: number): boolean {
    this.single[value >> 5] = 1 << (value & 31);
    const fine = this.restrict(v, this.single, 0, invert, reason, data);
    this.single[value >> 5] = 0;
    return fine;
  }

  private record(v: number, reason: number, data: number, extra: number): void {
    const event = this.events++;
    if (event === this.variable.length) this.growEvents();
    this.variable[event] = v;
    this.reason[event] = reason;
    this.data[event] = data;
    this.extra[event] = extra;
    this.levelOf[event] = this.level;
    this.previous[event] = this.last[v]!;
    this.last[v] = event;
    this.enqueue(v);
  }

  private growEvents(): void {
    const needed = this.events;
    this.variable = grown(this.variable, needed);
    this.reason = grown(this.reason, needed);
    this.data = grown(this.data, needed);
    this.extra = grown(this.extra, needed);
    this.levelOf = grown(this.levelOf, needed);
    this.previous = grown(this.previous, needed);
    this.low = grown(this.low, needed);
    this.span = grown(this.span, needed);
    this.offset = grown(this.offset, needed);
    this.taken = grown(this.taken, needed);
  }

  enqueue(v: number): void {
    if (this.queued[v] !== 0) return;
    this.queued[v] = 1;
    this.queue[this.queueTop++] = v;
  }

  dequeue(): number {
    const v = this.queue[--this.queueTop]!;
    this.queued[v] = 0;
    return v;
  }

  /** Undoes everything above a level and forgets what was waiting to be propagated. */
  backtrack(level: number): void {
    if (level >= this.level) return;
    while (this.queueTop > 0) this.dequeue();
    this.wiped = -1;
    const start = this.levelStart[level + 1]!;
    while (this.events > start) {
      const event = --this.events;
      const v = this.variable[event]!;
      const base = this.base[v]! + this.low[event]!;
      const offset = this.offset[event]!;
      for (let i = this.span[event]! - 1; i >= 0; i--) {
        this.dom[base + i] = this.dom[base + i]! | this.removed[offset + i]!;
      }
      this.live[v] = this.live[v]! + this.taken[event]!;
      this.last[v] = this.previous[event]!;
      this.removedTop = offset;
    }
    this.level = level;
  }

  /** Writes the domain as it was when `level` was complete. */
  domainAt(v: number, level: number, out: Int32Array): void {
    const base = this.base[v]!;
    for (let i = this.words[v]! - 1; i >= 0; i--) out[i] = this.dom[base + i]!;
    for (
      let event = this.last[v]!;
      event >= 0 && this.levelOf[event]! > level;
      event = this.previous[event]!
    ) {
      const low = this.low[event]!;
      const offset = this.offset[event]!;
      for (let i = this.span[event]! - 1; i >= 0; i--)
        out[low + i] = out[low + i]! | this.removed[offset + i]!;
    }
  }
}
