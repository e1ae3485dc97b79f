// What is asked of an inspection, what is told on the way, and what comes out.

import type { EnvironmentEvent, Interpreter } from "@thoth/environment";
import type { IndexSession } from "@thoth/index";
import type { EnvironmentFacts, MeasurementFact, StageFact } from "@thoth/knowledge";
import type { Pylock } from "@thoth/pep";
import type { Indicator } from "./indicators.ts";
import type { Limits } from "./sandbox/limits.ts";

/** Names and canonical versions, sorted by name. */
export type Stack = readonly (readonly [name: string, version: string])[];

export type Check =
  | {
      readonly kind: "indicator";
      readonly indicator: Indicator;
      /** Instead of what the indicator says itself. */
      readonly parameters: Readonly<Record<string, string>>;
      /** What is measured, where the indicator is of any package. */
      readonly package?: string;
    }
  | { readonly kind: "program"; readonly name: string; readonly script: string };

export interface Repeat {
  /** Processes. 6 are the fewest from which an interval of 95 % comes. */
  readonly batches: number;
  /** In each of them, after those that warm up. */
  readonly repetitions: number;
  readonly warmup: number;
}

export const USUAL_REPEAT: Repeat = { batches: 6, repetitions: 7, warmup: 2 };

export type InspectionEvent =
  | { readonly kind: "environment"; readonly event: EnvironmentEvent }
  | { readonly kind: "import"; readonly total: number }
  | { readonly kind: "check"; readonly name: string; readonly batch: number; readonly batches: number };

export interface InspectionRequest {
  readonly lock: Pylock;
  readonly lockDirectory?: string | undefined;
  readonly interpreter: Interpreter;
  readonly session: IndexSession;
  /** The folder of environments; one that is there already is used. */
  readonly root: string;
  /** Source distributions may be built, which is not isolated. */
  readonly allowBuild: boolean;
  readonly checks: readonly Check[];
  /** Packages that were asked for by name: those that a check of somebody's own is said to be of. */
  readonly direct?: readonly string[] | undefined;
  readonly limits: Limits;
  readonly network?: boolean;
  readonly allowUnisolated?: boolean;
  readonly repeat?: Repeat | undefined;
  readonly report?: ((event: InspectionEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How the import of one package went. */
export interface Imported {
  readonly package: string;
  readonly modules: readonly string[];
  /** Exit status, or the negative number of a signal. */
  readonly status: number;
  /** Seconds. */
  readonly wall: number;
  readonly log?: string;
}

/** How a check went, with the measurements that came of it. */
export interface Checked {
  readonly name: string;
  /** SHA-256 of its script, in hexadecimal digits. */
  readonly sha256: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The package that it is of; undefined: of the packages that were asked for. */
  readonly package?: string;
  /** Processes that ended well, and all that were run. */
  readonly passed: number;
  readonly runs: number;
  readonly stage: StageFact;
  readonly measurements: readonly MeasurementFact[];
}

export interface Inspection {
  readonly stack: Stack;
  readonly environment: EnvironmentFacts;
  /** Such as `cpython 3.11 x86_64-linux`. */
  readonly place: string;
  /** Of making the environment; where the last of them failed nothing else was tried. */
  readonly made: readonly StageFact[];
  /** The release that could not be installed, where that is known. */
  readonly refused?: string;
  readonly import?: StageFact;
  readonly imported: readonly Imported[];
  readonly checked: readonly Checked[];
  /** Packages that failures were traced to, by the log that was read, such as `import numpy` or the name of a check. */
  readonly traced: ReadonlyMap<string, { readonly symptom: string; readonly packages: readonly string[] }>;
  readonly direct: readonly string[];
}
