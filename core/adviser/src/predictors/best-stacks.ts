// The best distinct stacks of a run: a heap with the worst of them on top, compared by their vectors.

import type { Assignment, Episodes } from "@thoth/solver";

export interface Stack {
  /** By the host's numbers. */
  readonly assignment: Assignment;
  readonly vector: readonly number[];
  readonly score: number;
  /** The how manieth of the run it was, from 1. */
  readonly found: number;
}

/** The releases of a stack, -1 for other packages: where the exact search may begin. */
export function guessFrom(stack: Stack | undefined): (id: number) => number {
  return (id) => stack?.assignment.get(id) ?? -1;
}

interface Kept {
  readonly releases: Int32Array;
  readonly vector: Float64Array;
  readonly score: number;
  readonly found: number;
}

export class BestStacks {
  readonly #count: number;
  readonly #heap: Kept[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /** Takes the stack that the episodes show, unless it is there already or all that are there are better. */
  offer(episodes: Episodes, score: number, found: number): void {
    const isFull = this.#heap.length >= this.#count;
    if (isFull && compare(episodes.vector, (this.#heap[0] as Kept).vector) >= 0) return;
    const releases = new Int32Array(episodes.packages);
    episodes.copy(releases);
    const vector = episodes.vector.slice();
    const isThere = this.#heap.some(
      (kept) => compare(kept.vector, vector) === 0 && kept.releases.every((r, i) => r === releases[i]),
    );
    if (isThere) return;
    const stack = { releases, vector, score, found };
    if (isFull) {
      this.#heap[0] = stack;
      this.#sink();
    } else {
      this.#heap.push(stack);
      this.#rise();
    }
  }

  /** Best first; of equal ones the first found. */
  stacks(episodes: Episodes): Stack[] {
    return this.#heap
      .toSorted((a, b) => compare(a.vector, b.vector) || a.found - b.found)
      .map(({ releases, vector, score, found }) => {
        const assignment = new Map<number, number>();
        for (const [package_, release] of releases.entries())
          if (release >= 0) assignment.set(episodes.idOf(package_), release);
        return { assignment, vector: [...vector], score, found };
      });
  }

  #isWorse(a: number, b: number): boolean {
    return compare((this.#heap[a] as Kept).vector, (this.#heap[b] as Kept).vector) > 0;
  }

  #swap(a: number, b: number): void {
    const stack = this.#heap[a] as Kept;
    this.#heap[a] = this.#heap[b] as Kept;
    this.#heap[b] = stack;
  }

  #rise(): void {
    for (let at = this.#heap.length - 1; at > 0; ) {
      const above = (at - 1) >> 1;
      if (!this.#isWorse(at, above)) return;
      this.#swap(at, above);
      at = above;
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      let worst = at;
      for (const below of [2 * at + 1, 2 * at + 2])
        if (below < this.#heap.length && this.#isWorse(below, worst)) worst = below;
      if (worst === at) return;
      this.#swap(at, worst);
      at = worst;
    }
  }
}

/** By levels: negative where the first is better. */
function compare(a: Float64Array, b: Float64Array): number {
  for (let level = 0; level < a.length; level++) {
    const difference = (a[level] as number) - (b[level] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
