// Learned clauses: "one of these variables takes one of these values". Two literals of each are watched, each
// through one value that was last seen left; a clause wakes up only when that value is gone.

import type { Nogood } from "./nogood.ts";
import { CLAUSE, grown, type Trail } from "./trail.ts";

const COUNT = 0;
const TAG = 1;
const NUMBER = 2;
const HEAD = 3;
const VARIABLE = 0;
const VALUES = 1;
const HINT = 2;
const STRIDE = 3;

export class Clauses {
  private readonly trail: Trail;
  /** Clauses: head (literals, tag, number), then per literal: variable, offset of its values, hint. */
  private cells = new Int32Array(1024);
  private top = 0;
  private bits = new Int32Array(1024);
  private bitsTop = 0;
  private readonly watches: number[][] = [];
  private all: number[] = [];
  private activity = new Float64Array(128);
  private increment = 1;

  constructor(trail: Trail) {
    this.trail = trail;
  }

  addVariable(): void {
    this.watches.push([]);
  }

  get size(): number {
    return this.all.length;
  }

  /**
   * Stores a nogood as a clause whose first literal is `lead`; its second is the one that became false last.
   * `locate` of the nogood is up to date.
   */
  add(nogood: Nogood, lead: number): number {
    const clause = this.top;
    const number = this.all.length;
    this.top += HEAD + STRIDE * nogood.count;
    this.cells = grown(this.cells, this.top);
    this.activity = grown(this.activity, number + 1);
    this.activity[number] = this.increment;
    this.cells[clause + COUNT] = nogood.count;
    this.cells[clause + TAG] = nogood.tag;
    this.cells[clause + NUMBER] = number;
    this.all.push(clause);
    let literal = clause + HEAD;
    this.write(literal, lead, nogood);
    let latest = -1;
    for (let i = 0; i < nogood.count; i++) {
      const v = nogood.members[i]!;
      if (v === lead) continue;
      literal += STRIDE;
      this.write(literal, v, nogood);
      if (nogood.at[v]! > latest) {
        latest = nogood.at[v]!;
        this.swap(clause + HEAD + STRIDE, literal);
      }
    }
    this.watch(clause);
    return clause;
  }

  private write(literal: number, v: number, nogood: Nogood): void {
    const words = this.trail.words[v]!;
    const base = this.trail.base[v]!;
    this.cells[literal + VARIABLE] = v;
    this.cells[literal + VALUES] = this.bitsTop;
    this.cells[literal + HINT] = 0;
    this.bits = grown(this.bits, this.bitsTop + words);
    for (let i = 0; i < words; i++) this.bits[this.bitsTop + i] = nogood.gone[base + i]!;
    this.bitsTop += words;
  }

  private watch(clause: number): void {
    for (let i = 0; i < 2 && i < this.cells[clause + COUNT]!; i++) {
      this.watches[this.cells[clause + HEAD + i * STRIDE + VARIABLE]!]!.push(clause);
    }
  }

  private swap(a: number, b: number): void {
    if (a === b) return;
    for (let i = 0; i < STRIDE; i++) {
      const cell = this.cells[a + i]!;
      this.cells[a + i] = this.cells[b + i]!;
      this.cells[b + i] = cell;
    }
  }

  /** Binds the first literal: everything else of the clause is false. False: nothing is left. */
  assert(clause: number): boolean {
    const literal = clause + HEAD;
    return this.trail.restrict(
      this.cells[literal]!,
      this.bits,
      this.cells[literal + VALUES]!,
      0,
      CLAUSE,
      clause,
    );
  }

  tagOf(clause: number): number {
    return this.cells[clause + TAG]!;
  }

  /** Draws the consequences of a changed domain. False: a domain became empty. */
  propagate(v: number): boolean {
    const watching = this.watches[v]!;
    let kept = 0;
    for (let i = 0; i < watching.length; i++) {
      const clause = watching[i]!;
      const first = clause + HEAD;
      const mine = this.cells[first] === v ? first : first + STRIDE;
      if (this.possible(mine)) {
        watching[kept++] = clause;
        continue;
      }
      if (mine === first && this.cells[clause + COUNT]! > 1) this.swap(first, first + STRIDE);
      if (this.rewatch(clause)) continue;
      watching[kept++] = clause;
      if (this.cells[clause + TAG]! > this.trail.level || this.assert(clause)) continue;
      for (i++; i < watching.length; i++) watching[kept++] = watching[i]!;
      watching.length = kept;
      return false;
    }
    watching.length = kept;
    return true;
  }

  /** The second literal is false: watches another that is not, if there is one. */
  private rewatch(clause: number): boolean {
    const second = clause + HEAD + STRIDE;
    const end = clause + HEAD + STRIDE * this.cells[clause + COUNT]!;
    for (let literal = second + STRIDE; literal < end; literal += STRIDE) {
      if (!this.possible(literal)) continue;
      this.swap(second, literal);
      this.watches[this.cells[second + VARIABLE]!]!.push(clause);
      return true;
    }
    return false;
  }

  /** A value of the literal is left; it becomes the hint. */
  private possible(literal: number): boolean {
    const v = this.cells[literal + VARIABLE]!;
    const base = this.trail.base[v]!;
    const values = this.cells[literal + VALUES]!;
    const hint = this.cells[literal + HINT]!;
    const at = hint >> 5;
    if ((this.trail.dom[base + at]! & this.bits[values + at]! & (1 << (hint & 31))) !== 0) return true;
    const words = this.trail.words[v]!;
    for (let i = 0; i < words; i++) {
      const both = this.trail.dom[base + i]! & this.bits[values + i]!;
      if (both === 0) continue;
      this.cells[literal + HINT] = (i << 5) + 31 - Math.clz32(both & -both);
      return true;
    }
    return false;
  }

  explain(event: number, nogood: Nogood): void {
    const clause = this.trail.data[event]!;
    this.bump(clause);
    const v = this.trail.variable[event]!;
    const end = clause + HEAD + STRIDE * this.cells[clause + COUNT]!;
    for (let literal = clause + HEAD; literal < end; literal += STRIDE) {
      const other = this.cells[literal + VARIABLE]!;
      const values = this.cells[literal + VALUES]!;
      if (other !== v) {
        nogood.addWords(other, this.bits, values);
        continue;
      }
      nogood.touch(v);
      const base = this.trail.base[v]!;
      for (let i = this.trail.words[v]! - 1; i >= 0; i--) {
        nogood.gone[base + i] = nogood.gone[base + i]! & this.bits[values + i]!;
      }
    }
    nogood.tag = Math.max(nogood.tag, this.cells[clause + TAG]!);
  }

  private bump(clause: number): void {
    const number = this.cells[clause + NUMBER]!;
    this.activity[number] = this.activity[number]! + this.increment;
  }

  /** Called once per conflict: later bumps weigh more. */
  decay(): void {
    this.increment *= 1.001;
    if (this.increment < 1e100) return;
    for (let i = 0; i < this.all.length; i++) this.activity[i] = this.activity[i]! * 1e-100;
    this.increment *= 1e-100;
  }

  /** Keeps the clauses that `keep` accepts; no clause may be the reason of an event that is still needed. */
  private retain(keep: (clause: number, number: number) => boolean): void {
    const cells = this.cells;
    const bits = this.bits;
    const activity = this.activity;
    const old = this.all;
    this.cells = new Int32Array(cells.length);
    this.bits = new Int32Array(bits.length);
    this.top = this.bitsTop = 0;
    this.all = [];
    for (const watching of this.watches) watching.length = 0;
    for (let number = 0; number < old.length; number++) {
      const clause = old[number]!;
      if (!keep(clause, number)) continue;
      const length = HEAD + STRIDE * cells[clause + COUNT]!;
      for (let i = 0; i < length; i++) this.cells[this.top + i] = cells[clause + i]!;
      this.cells[this.top + NUMBER] = this.all.length;
      activity[this.all.length] = activity[number]!;
      for (let literal = HEAD; literal < length; literal += STRIDE) {
        const words = this.trail.words[cells[clause + literal]!]!;
        const from = cells[clause + literal + VALUES]!;
        this.cells[this.top + literal + VALUES] = this.bitsTop;
        for (let i = 0; i < words; i++) this.bits[this.bitsTop + i] = bits[from + i]!;
        this.bitsTop += words;
      }
      this.all.push(this.top);
      this.watch(this.top);
      this.top += length;
    }
  }

  /** Forgets what was learned under the limit of objective level `tag - 1` or a later one. */
  forgetTagged(tag: number): void {
    if (this.all.every((clause) => this.cells[clause + TAG]! < tag)) return;
    const cells = this.cells;
    this.retain((clause) => cells[clause + TAG]! < tag);
  }

  /** Forgets the less active half of the clauses of more than two literals. */
  reduce(): void {
    const ranked = Float64Array.from(this.activity.subarray(0, this.all.length)).sort();
    const middle = ranked[ranked.length >> 1]!;
    const cells = this.cells;
    const activity = this.activity.slice(0, this.all.length);
    this.retain((clause, number) => cells[clause + COUNT]! <= 2 || activity[number]! >= middle);
  }

  /** The limit of a tag came into force: its clauses, asleep below that level, draw their consequences. */
  wake(tag: number): boolean {
    for (const clause of this.all) {
      if (this.cells[clause + TAG] !== tag) continue;
      const first = clause + HEAD;
      const single = this.cells[clause + COUNT] === 1;
      if (!single && !this.possible(first)) this.swap(first, first + STRIDE);
      if (!single && (this.possible(first + STRIDE) || this.rewatch(clause))) continue;
      if (!this.assert(clause)) return false;
    }
    return true;
  }
}
