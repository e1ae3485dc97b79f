// A nogood under construction during conflict analysis: for each member variable the values that must be gone
// for the contradiction to stand. (Read as a clause: one of the members takes one of its values.)

import { lowBits } from "./release-set.ts";
import { grown, type Trail } from "./trail.ts";

export class Nogood {
  private readonly trail: Trail;
  /** Parallel to the trail's domains: the values that must be gone. All 0 between analyses. */
  gone = new Int32Array(512);
  members = new Int32Array(64);
  count = 0;
  /** Newest event that removed one of the member's values, -1 if none did. */
  at = new Int32Array(64);
  private inside = new Uint8Array(64);
  private stale = new Uint8Array(64);
  /** Deepest limit level that the nogood depends on: 0 for none, i + 1 for the limit of objective level i. */
  tag = 0;

  constructor(trail: Trail) {
    this.trail = trail;
  }

  clear(): void {
    const variables = this.trail.variables;
    this.gone = grown(this.gone, this.trail.domTop);
    this.members = grown(this.members, variables);
    this.at = grown(this.at, variables);
    this.inside = grown(this.inside, variables);
    this.stale = grown(this.stale, variables);
    for (let i = 0; i < this.count; i++) {
      const v = this.members[i]!;
      this.inside[v] = 0;
      this.gone.fill(0, this.trail.base[v]!, this.trail.base[v]! + this.trail.words[v]!);
    }
    this.count = 0;
    this.tag = 0;
  }

  /** To be called before `gone` of a variable is changed. */
  touch(v: number): void {
    this.stale[v] = 1;
    if (this.inside[v] !== 0) return;
    this.inside[v] = 1;
    this.members[this.count++] = v;
  }

  addWords(v: number, source: Int32Array, at: number): void {
    this.touch(v);
    const base = this.trail.base[v]!;
    for (let i = this.trail.words[v]! - 1; i >= 0; i--)
      this.gone[base + i] = this.gone[base + i]! | source[at + i]!;
  }

  addValue(v: number, value: number): void {
    this.touch(v);
    const at = this.trail.base[v]! + (value >> 5);
    this.gone[at] = this.gone[at]! | (1 << (value & 31));
  }

  /** The values below `end`. */
  addBelow(v: number, end: number): void {
    this.touch(v);
    const base = this.trail.base[v]!;
    for (let i = 0; i << 5 < end; i++) this.gone[base + i] = this.gone[base + i]! | lowBits(end - (i << 5));
  }

  addAll(v: number): void {
    this.addBelow(v, this.trail.size[v]! + 1);
  }

  /** The releases from `start` on. */
  dropFrom(v: number, start: number): void {
    this.touch(v);
    const base = this.trail.base[v]!;
    const size = this.trail.size[v]!;
    for (let i = start >> 5; i <= size >> 5; i++) {
      let kept = lowBits(start - (i << 5));
      if (i === size >> 5) kept |= 1 << (size & 31);
      this.gone[base + i] = this.gone[base + i]! & kept;
    }
  }

  dropValue(v: number, value: number): void {
    this.touch(v);
    const at = this.trail.base[v]! + (value >> 5);
    this.gone[at] = this.gone[at]! & ~(1 << (value & 31));
  }

  /** The i-th member leaves, its values with it. */
  remove(i: number): void {
    const v = this.members[i]!;
    this.inside[v] = 0;
    this.gone.fill(0, this.trail.base[v]!, this.trail.base[v]! + this.trail.words[v]!);
    this.members[i] = this.members[--this.count]!;
  }

  /** Brings `at` up to date, looking only at events before `before`; members without values leave. */
  locate(before: number): void {
    for (let i = 0; i < this.count; ) {
      const v = this.members[i]!;
      if (this.stale[v] !== 0 || this.at[v]! >= before) {
        this.stale[v] = 0;
        this.at[v] = this.newest(v, before);
      }
      if (this.at[v]! >= 0) i++;
      else {
        this.inside[v] = 0;
        this.members[i] = this.members[--this.count]!;
      }
    }
  }

  private newest(v: number, before: number): number {
    const trail = this.trail;
    const base = trail.base[v]!;
    let event = trail.last[v]!;
    while (event >= before) event = trail.previous[event]!;
    for (; event >= 0; event = trail.previous[event]!) {
      const at = base + trail.low[event]!;
      const offset = trail.offset[event]!;
      for (let i = trail.span[event]! - 1; i >= 0; i--) {
        if ((this.gone[at + i]! & trail.removed[offset + i]!) !== 0) return event;
      }
    }
    return -1;
  }

  /** Writes the values of the nogood that an event removed; all other words of `out` are 0. */
  removedBy(event: number, out: Int32Array): void {
    const trail = this.trail;
    const v = trail.variable[event]!;
    out.fill(0, 0, trail.words[v]!);
    const low = trail.low[event]!;
    const at = trail.base[v]! + low;
    const offset = trail.offset[event]!;
    for (let i = trail.span[event]! - 1; i >= 0; i--)
      out[low + i] = this.gone[at + i]! & trail.removed[offset + i]!;
  }

  /** The event's variable no longer needs what the event removed. */
  resolve(event: number): void {
    const trail = this.trail;
    const v = trail.variable[event]!;
    this.touch(v);
    const at = trail.base[v]! + trail.low[event]!;
    const offset = trail.offset[event]!;
    for (let i = trail.span[event]! - 1; i >= 0; i--) {
      this.gone[at + i] = this.gone[at + i]! & ~trail.removed[offset + i]!;
    }
  }
}
