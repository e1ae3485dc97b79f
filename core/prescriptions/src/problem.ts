// What is wrong with a file of rules, as data: rules are checked in bulk, so all faults of a file are told at once.

export type ProblemCode =
  | "conflicting-keys"
  | "duplicate-file"
  | "duplicate-name"
  | "invalid-link"
  | "invalid-name"
  | "invalid-specifier"
  | "invalid-value"
  | "invalid-yaml"
  | "limit-exceeded"
  | "missing-key"
  | "unknown-key"
  | "wrong-type"
  // Of warnings only:
  | "legacy-specifier"
  | "never-included"
  | "score-clamped"
  | "unsatisfiable-specifier";

export interface Problem {
  readonly code: ProblemCode;
  /** One sentence, the offending literal in backticks. */
  readonly message: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** Problems told per file, errors and warnings each. */
export const MOST_PROBLEMS = 100;
