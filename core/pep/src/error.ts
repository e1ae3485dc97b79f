// The one kind of error that a person is meant to read: a stable code, a sentence, and what to do next.

/** Codes that scripts may match; they never change their meaning. */
export type ErrorCode =
  | "build-not-allowed"
  | "conflict"
  | "database-failed"
  | "database-too-new"
  | "environment-failed"
  | "execution-failed"
  | "file-failed"
  | "forbidden"
  | "hash-mismatch"
  | "index-response-invalid"
  | "index-unreachable"
  | "internal"
  | "interpreter-not-found"
  | "interrupted"
  | "invalid-fact"
  | "invalid-graph-file"
  | "invalid-binary"
  | "invalid-indicator"
  | "invalid-lock"
  | "invalid-metadata"
  | "invalid-notebook"
  | "invalid-project"
  | "invalid-proof"
  | "invalid-request"
  | "invalid-requirement"
  | "invalid-version"
  | "invalid-wheel"
  | "isolation-unavailable"
  | "job-running"
  | "kernel-not-found"
  | "limit-exceeded"
  | "lock-out-of-date"
  | "metadata-mismatch"
  | "no-matching-artifact"
  | "not-found"
  | "overloaded"
  | "package-not-found"
  | "path-escape"
  | "quota-exceeded"
  | "service-unreachable"
  | "unauthorized"
  | "unsatisfiable"
  | "unsupported-language"
  | "usage"
  | "worker-lost";

export interface ErrorParticulars {
  /** What the reader can do next, one sentence. */
  readonly hint?: string | undefined;
  /** Machine-readable particulars; JSON only. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** A failure that the reader can act on. `message` is one sentence with the offending literal in backticks. */
export class ThothError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorParticulars = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ThothError";
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }
}

/** `text` made safe to show: control characters are written as escapes, and a long text is cut at `limit`. */
export function quote(text: string, limit = 120): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  const safe = cut.replace(
    /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    escapeCharacter,
  );
  return `\`${safe}\``;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
