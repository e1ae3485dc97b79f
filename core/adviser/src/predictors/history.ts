// The course of a run, one point per stack, thinned evenly where there are too many.

export interface Point {
  /** The how manieth stack of the run, from 1. */
  readonly stack: number;
  readonly score: number;
  readonly best: number;
  /** NaN where the predictor has none. */
  readonly temperature: number;
  /** The probability with which the predictor leaves the best; NaN where it has none. */
  readonly acceptance: number;
  /** Average of a step of the stack. */
  readonly reward: number;
}

const MOST = 2_000;
const FIELDS = 6;

export class History {
  readonly #cells = new Float64Array(MOST * FIELDS);
  #length = 0;
  #every = 1;

  /** Of stacks 1, 2, … every `every`-th is kept. */
  wants(stack: number): boolean {
    return (stack - 1) % this.#every === 0;
  }

  add({ stack, score, best, temperature, acceptance, reward }: Point): void {
    if (this.#length === MOST) this.#halve();
    if (!this.wants(stack)) return;
    this.#cells.set([stack, score, best, temperature, acceptance, reward], this.#length * FIELDS);
    this.#length++;
  }

  points(): Point[] {
    return Array.from({ length: this.#length }, (_, i) => {
      const [stack, score, best, temperature, acceptance, reward] = this.#cells.subarray(
        i * FIELDS,
        (i + 1) * FIELDS,
      ) as unknown as readonly [number, number, number, number, number, number];
      return { stack, score, best, temperature, acceptance, reward };
    });
  }

  #halve(): void {
    for (let i = 1; 2 * i < this.#length; i++)
      this.#cells.copyWithin(i * FIELDS, 2 * i * FIELDS, (2 * i + 1) * FIELDS);
    this.#length = Math.ceil(this.#length / 2);
    this.#every *= 2;
  }
}
