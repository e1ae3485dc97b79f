// Gathers what is wrong with one file while it is read. Places are paths of keys; they become lines and columns
// only at the end and only if anything is wrong, for that takes reading the file again by the slow way.

import { MOST_PROBLEMS, type ProblemCode } from "./problem.ts";

export interface Finding {
  readonly code: ProblemCode;
  readonly message: string;
  readonly path: readonly (string | number)[];
  /** The key is at fault and not its value. */
  readonly atKey: boolean;
}

export class Report {
  readonly errors: Finding[] = [];
  readonly warnings: Finding[] = [];
  /** Errors met, those beyond the bound included. */
  errorCount = 0;

  addError(finding: Finding): void {
    this.errorCount++;
    if (this.errors.length < MOST_PROBLEMS) this.errors.push(finding);
  }

  addWarning(finding: Finding): void {
    if (this.warnings.length < MOST_PROBLEMS) this.warnings.push(finding);
  }
}
