// Breadth-first order of first appearance: the roots in order, then what each chosen release needs, in order;
// a base stands right after the first package that mirrors it.

import type { Intake } from "./intake.ts";

export class Order {
  private readonly intake: Intake;
  /** Variables, known or not. */
  list: number[] = [];
  private place = new Map<number, number>();
  private scanned = 0;

  constructor(intake: Intake) {
    this.intake = intake;
    this.restart();
  }

  restart(): void {
    this.list = [];
    this.place = new Map();
    this.scanned = 0;
    for (let i = 0; i < this.intake.roots.length; i++) {
      if (!this.intake.optionalRoot(i)) this.append(this.intake.roots[i]!);
    }
  }

  private append(v: number): void {
    for (let next = v; next >= 0 && !this.place.has(next); next = this.intake.mirrored[next]!) {
      this.place.set(next, this.list.length);
      this.list.push(next);
    }
  }

  /** Place of a variable in the order, or -1. */
  placeOf(v: number): number {
    return this.place.get(v) ?? -1;
  }

  /**
   * Goes on until the first known variable for which `chosen` is negative, and returns it; -1 at the end.
   * Unknown variables and releases add nothing.
   */
  extend(chosen: (v: number) => number): number {
    for (; this.scanned < this.list.length; this.scanned++) {
      const v = this.list[this.scanned]!;
      if (!this.intake.known(v)) continue;
      const release = chosen(v);
      if (release < 0) return v;
      const needs = this.intake.needCount(v, release);
      for (let i = 0; i < needs; i++) {
        const target = this.intake.needTarget(v, release, i);
        if (target >= 0) this.append(target);
      }
    }
    return -1;
  }
}
