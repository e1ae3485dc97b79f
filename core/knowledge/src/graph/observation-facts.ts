// What was seen when stacks were built and run.

/** Where something was seen. Unlike environments are never compared. */
export interface EnvironmentFacts {
  readonly os: { readonly id: string; readonly version: string };
  /** Such as `cpython 3.11.7`. */
  readonly python: string;
  readonly machine: string;
  readonly libc: string;
  readonly cpu: {
    readonly model: string;
    readonly count: number;
    /** Those that matter: `avx2`, `avx512f`, … */
    readonly features: readonly string[];
  };
  /** Bytes, rounded to GiB. */
  readonly memory: number;
  readonly gpu?: string;
  /** Limits that were in force, such as `memory` (bytes), `processors`, `seconds`. */
  readonly limits: Readonly<Record<string, number>>;
  /** What of the isolation could not be had, such as `group:memory`, sorted. */
  readonly missing: readonly string[];
  /** Variables that tell libraries how many threads they may start, such as `OMP_NUM_THREADS`. */
  readonly threads: Readonly<Record<string, string>>;
}

export type Outcome = "passed" | "failed" | "killed" | "timed-out";
export type Stage = "build" | "install" | "import" | "run";

/** One inspection of a stack. */
export interface InspectionFact {
  /** Name and canonical version of each package, sorted. */
  readonly stack: readonly (readonly [name: string, version: string])[];
  readonly environment: EnvironmentFacts;
  readonly check: {
    readonly name: string;
    readonly sha256: string;
    readonly parameters: Readonly<Record<string, string>>;
  };
  readonly stages: readonly StageFact[];
}

export interface StageFact {
  readonly stage: Stage;
  readonly outcome: Outcome;
  /** Exit status, or the negative number of a signal. */
  readonly status: number;
  /** Seconds, of all repetitions together. */
  readonly wall: number;
  /** Seconds of processors; absent for what ran outside the isolation, where nobody counts. */
  readonly user?: number;
  readonly system?: number;
  /** Bytes: the most that one of its processes had at a time; absent likewise. */
  readonly memory?: number;
  /** Seconds for which a processor quota stopped it; absent where nobody knows. */
  readonly throttled?: number;
  /** The last lines of what it said, where it failed. */
  readonly log?: string;
}

/** What an inspection tells of one release of its owner. */
export interface ObservationFact {
  readonly version: string;
  /** Packages, with their canonical versions, to which the outcome was traced beside this one; empty: to this one alone. */
  readonly beside: readonly (readonly [name: string, version: string])[];
  readonly stage: Stage;
  readonly outcome: Outcome;
  /** One line: such as the last line of a traceback. */
  readonly symptom?: string;
  /** How often it was seen. */
  readonly times: number;
  /** Digest of the environment. */
  readonly environment: string;
  /** Python and platform for which it was seen, such as `cpython 3.11 x86_64-linux`. */
  readonly place: string;
}

export interface MeasurementFact {
  readonly version: string;
  /** What was measured: name of the indicator, SHA-256 of its script, its parameters. */
  readonly indicator: string;
  readonly script: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly metric: string;
  readonly unit: string;
  readonly higherIsBetter: boolean;
  /** By process, its repetitions that were kept. */
  readonly batches: readonly (readonly number[])[];
  readonly median: number;
  /** Of the median, with a confidence of 95 %. */
  readonly interval: readonly [low: number, high: number];
  /** Repetitions that were left out, and why it cannot be relied on, where that is so. */
  readonly outliers: number;
  readonly noisy?: string;
  /** Name and canonical version of every package of the stack, sorted. */
  readonly stack: readonly (readonly [name: string, version: string])[];
  readonly environment: EnvironmentFacts;
}
