// What is recorded of one notebook.

import type { Outcome } from "./trial.ts";

export interface Row {
  readonly name: string;
  readonly newest: Outcome;
  readonly advised: Outcome;
  /** Releases that differ: name, newest, advised; null where only one stack has it. */
  readonly differs: readonly (readonly [string, string | null, string | null])[];
  readonly reasons: readonly string[];
  /** Where both fail: the first older Python, of those that are tried, with which the advised stack runs. */
  readonly older?: string | null;
}
