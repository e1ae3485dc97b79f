// Which value of a package to try first: the one it had when things went well, the one that a count advises, the
// one that somebody guessed, or the cheapest.

import type { Bound } from "./bound.ts";
import { grown, type Trail } from "./trail.ts";

export class Preference {
  private readonly trail: Trail;
  private readonly bounds: readonly Bound[];
  /** The first level that is not settled. */
  private level = 0;
  private phase = new Int32Array(64).fill(-1);
  /** A release of a variable, or -1. */
  private readonly guess: (v: number) => number;

  constructor(trail: Trail, bounds: readonly Bound[], guess: (v: number) => number) {
    this.trail = trail;
    this.bounds = bounds;
    this.guess = guess;
  }

  /** Remembers values to be preferred; -1 for none. */
  remember(values: Int32Array): void {
    this.phase = grown(this.phase, this.trail.variables);
    this.phase.fill(-1);
    this.phase.set(values);
  }

  /** Prefers values where nothing is remembered: variable and value by turns. */
  advise(advice: readonly number[]): void {
    const before = this.phase.length;
    this.phase = grown(this.phase, this.trail.variables).fill(-1, before);
    for (let i = 0; i < advice.length; i += 2) {
      const v = advice[i]!;
      if (this.phase[v]! < 0) this.phase[v] = advice[i + 1]!;
    }
  }

  /** The remembered value, or the cheapest by the levels not settled yet; `base`: the number of limits in force. */
  of(v: number, base: number): number {
    const trail = this.trail;
    if (v < this.phase.length && this.phase[v]! >= 0 && trail.has(v, this.phase[v]!)) return this.phase[v]!;
    const guessed = this.guess(v);
    if (guessed >= 0 && trail.has(v, guessed)) return guessed;
    this.level = Math.max(0, base - 1);
    const at = trail.base[v]!;
    let best = -1;
    for (let i = 0; i < trail.words[v]!; i++) {
      for (let word = trail.dom[at + i]!; word !== 0; word &= word - 1) {
        const value = (i << 5) + 31 - Math.clz32(word & -word);
        if (best < 0 || this.cheaper(v, value, best)) best = value;
        if (this.free(v, best)) return best;
      }
    }
    return best;
  }

  private cheaper(v: number, a: number, b: number): boolean {
    for (let i = this.level; i < this.bounds.length; i++) {
      const difference = this.bounds[i]!.cost(v, a) - this.bounds[i]!.cost(v, b);
      if (difference !== 0) return difference < 0;
    }
    return false;
  }

  private free(v: number, value: number): boolean {
    for (let i = this.level; i < this.bounds.length; i++) {
      if (this.bounds[i]!.cost(v, value) !== 0) return false;
    }
    return true;
  }
}
