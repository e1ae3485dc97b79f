// How long the parts of a run take, for whoever wants to know where its time went: a service that traces its questions.
// Where nobody does, no clock is read.

import { ThothError } from "@thoth/pep";

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A part of a run that is over. Nothing of the question is in it: names in plain words, numbers and codes. */
export interface Phase {
  /** From 1 on, in the order in which they began. */
  readonly number: number;
  /** The number of the one that it is a part of; 0: of the run itself. */
  readonly within: number;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly seconds: number;
  readonly attributes: Attributes;
  /** A code, or the name of a class. */
  readonly failure?: string | undefined;
}

export interface OpenPhase {
  set(attributes: Attributes): void;
  fail(code: string): void;
  end(): void;
}

/** What is done in a phase, and may say more of it. */
export type PhaseWork<T> = (phase: Omit<OpenPhase, "end">) => T | Promise<T>;

export const UNHEARD: OpenPhase = { set: () => undefined, fail: () => undefined, end: () => undefined };

/** Of one name; the one around them tells how many there were, and how long they took together. */
const MOST_ALIKE = 50;

/** Of one run, whose phases lie beside or inside of each other. */
export class Phases {
  readonly #tell: (phase: Phase) => unknown;
  /** One clock for all of them: it neither jumps nor is as coarse as that of the day. */
  readonly #zero = Date.now() - performance.now();
  readonly #told = new Map<string, number>();
  #begun = 0;
  #innermost: Started | undefined;

  constructor(tell: (phase: Phase) => unknown) {
    this.#tell = tell;
  }

  begin(name: string): OpenPhase {
    const around = this.#innermost;
    const phase = new Started(++this.#begun, () => {
      this.#innermost = around;
      const seconds = (performance.now() - began) / 1_000;
      around?.count(name, seconds);
      const alike = (this.#told.get(name) ?? 0) + 1;
      this.#told.set(name, alike);
      if (alike > MOST_ALIKE) return;
      const { number, attributes, failure } = phase;
      const start = this.#zero + began;
      this.#tell({ number, within: around?.number ?? 0, name, start, seconds, attributes, failure });
    });
    this.#innermost = phase;
    const began = performance.now();
    return phase;
  }

  async during<T>(name: string, work: PhaseWork<T>): Promise<T> {
    const phase = this.begin(name);
    try {
      return await work(phase);
    } catch (error) {
      phase.fail(error instanceof ThothError ? error.code : error instanceof Error ? error.name : "unknown");
      throw error;
    } finally {
      phase.end();
    }
  }
}

class Started implements OpenPhase {
  readonly number: number;
  failure: string | undefined;
  readonly #ended: () => void;
  readonly #inner = new Map<string, { count: number; seconds: number }>();
  #attributes: Attributes = {};

  constructor(number: number, ended: () => void) {
    this.number = number;
    this.#ended = ended;
  }

  get attributes(): Attributes {
    const repeated = [...this.#inner].filter(([, { count }]) => count > 1);
    const sums = repeated.flatMap(([name, { count, seconds }]) => {
      const plain = name.replaceAll(" ", "_");
      return [
        [`${plain}.count`, count],
        [`${plain}.seconds`, seconds],
      ];
    });
    return { ...this.#attributes, ...Object.fromEntries(sums) };
  }

  set(attributes: Attributes): void {
    this.#attributes = { ...this.#attributes, ...attributes };
  }

  fail(code: string): void {
    this.failure = code;
  }

  /** Of one that is a part of this one. */
  count(name: string, seconds: number): void {
    const before = this.#inner.get(name) ?? { count: 0, seconds: 0 };
    this.#inner.set(name, { count: before.count + 1, seconds: before.seconds + seconds });
  }

  end(): void {
    this.#ended();
  }
}
