// The values that the checker still holds possible of each package: bit r for release r and the bit after the last
// for "not chosen".

export class Domains {
  readonly sets: Map<number, Uint32Array>;
  /** Packages that lost values whose consequences have not been drawn. */
  readonly changed: Set<number>;
  /** Nothing is possible: some package has no value left, or some limit cannot be kept. */
  refuted: boolean;

  constructor(sets = new Map<number, Uint32Array>(), changed = new Set<number>(), refuted = false) {
    this.sets = sets;
    this.changed = changed;
    this.refuted = refuted;
  }

  copy(): Domains {
    const sets = new Map<number, Uint32Array>();
    for (const [id, set] of this.sets) sets.set(id, set.slice());
    return new Domains(sets, new Set(this.changed), this.refuted);
  }

  meet(id: number, releases: number): void {
    this.sets.set(id, below(releases + 1, releases));
    this.changed.add(id);
  }

  of(id: number): Uint32Array {
    return this.sets.get(id)!;
  }

  /** Keeps what is also in `set`, or what is in no `set` where `outside`. False when nothing is left. */
  keep(id: number, set: Uint32Array, outside = false): boolean {
    const domain = this.of(id);
    let left = 0;
    for (let i = 0; i < domain.length; i++) {
      const before = domain[i]!;
      const other = set[i] ?? 0;
      domain[i] = before & (outside ? ~other : other);
      if (domain[i] !== before) this.changed.add(id);
      left |= domain[i]!;
    }
    if (left === 0) this.refuted = true;
    return left !== 0;
  }

  remove(id: number, value: number): void {
    const only = new Uint32Array(this.of(id).length);
    add(only, value);
    this.keep(id, only, true);
  }
}

/** The values before `end`, in a set that has room for the value `last`. */
export function below(end: number, last: number): Uint32Array {
  const set = new Uint32Array((last >> 5) + 1);
  for (let value = 0; value < end; value++) add(set, value);
  return set;
}

export function has(set: Uint32Array, value: number): boolean {
  return value >= 0 && ((set[value >> 5] ?? 0) & (1 << (value & 31))) !== 0;
}

export function add(set: Uint32Array, value: number): void {
  set[value >> 5] = set[value >> 5]! | (1 << (value & 31));
}

export function drop(set: Uint32Array, value: number): void {
  set[value >> 5] = set[value >> 5]! & ~(1 << (value & 31));
}

export function values(set: Uint32Array): number[] {
  const found: number[] = [];
  for (let i = 0; i < set.length; i++) {
    for (let word = set[i]!; word !== 0; word &= word - 1)
      found.push((i << 5) + 31 - Math.clz32(word & -word));
  }
  return found;
}

export function meets(a: Uint32Array, b: Uint32Array): boolean {
  for (let i = 0; i < a.length; i++) if ((a[i]! & (b[i] ?? 0)) !== 0) return true;
  return false;
}
