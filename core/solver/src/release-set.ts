// Sets of releases of one package as canonical bit sets: equal sets are equal word by word.

/** Bit r of word r >> 5 is set when release r belongs to the set. Bits past the package's releases are 0. */
export type ReleaseSet = Uint32Array;

export function emptySet(releases: number): ReleaseSet {
  return new Uint32Array((releases + 31) >> 5);
}

export function fullSet(releases: number): ReleaseSet {
  return setFromRanges(releases, [0, releases]);
}

/** `pairs` are [start, end) bounds, flattened; they may overlap and reach past the last release. */
export function setFromRanges(releases: number, pairs: ArrayLike<number>): ReleaseSet {
  const set = emptySet(releases);
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const start = Math.max(0, pairs[i]!);
    const end = Math.min(releases, pairs[i + 1]!);
    for (let r = start; r < end; ) {
      const word = r >> 5;
      const stop = Math.min(end, (word + 1) << 5);
      const width = stop - r;
      const mask = width === 32 ? -1 : ((1 << width) - 1) << (r & 31);
      set[word] = set[word]! | mask;
      r = stop;
    }
  }
  return set;
}

export function has(set: ReleaseSet, release: number): boolean {
  return release >= 0 && ((set[release >> 5] ?? 0) & (1 << (release & 31))) !== 0;
}

export function intersect(a: ReleaseSet, b: ReleaseSet): ReleaseSet {
  return a.map((word, i) => word & (b[i] ?? 0));
}

/** Both sets belong to the same package. */
export function union(a: ReleaseSet, b: ReleaseSet): ReleaseSet {
  return a.map((word, i) => word | (b[i] ?? 0));
}

export function complement(set: ReleaseSet, releases: number): ReleaseSet {
  return fullSet(releases).map((word, i) => word & ~(set[i] ?? 0));
}

export function isEmpty(set: ReleaseSet): boolean {
  return set.every((word) => word === 0);
}

export function equals(a: ReleaseSet, b: ReleaseSet): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}

export function count(set: ReleaseSet): number {
  let total = 0;
  for (const word of set) total += bitCount(word);
  return total;
}

/** The most preferred release of the set, or -1. */
export function first(set: ReleaseSet): number {
  for (let i = 0; i < set.length; i++) {
    if (set[i] !== 0) return (i << 5) + lowestBit(set[i]!);
  }
  return -1;
}

/** Number of bits set in a 32-bit word. */
export function bitCount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Position of the lowest bit of a word that is not 0. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/** A word of which the first `count` bits are set; none when it is negative, all from 32 on. */
export function lowBits(count: number): number {
  return count <= 0 ? 0 : count >= 32 ? -1 : (1 << count) - 1;
}
