// A question that is worked on, and what became of it.

import { randomBytes } from "node:crypto";
import type { JobDocument } from "@thoth/contract/service";

export type JobState = JobDocument["state"];
export type JobKind = JobDocument["kind"];

/** Questions of this version and older ones are understood; those of newer ones are left to newer workers. */
export const QUESTION_VERSION = 2;
/** Since when questions are understood as they are asked now. */
export const VERSIONS: Readonly<Record<JobKind, number>> = { advice: 1, provenance: 1, image: 2 };

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

export interface Progress {
  readonly label: string;
  readonly done: number;
  /** 0: not known. */
  readonly total: number;
}

export interface Job {
  readonly id: string;
  readonly tenant: string;
  readonly kind: JobKind;
  /** SHA-256 of what is asked: the same question has the same one. */
  readonly digest: string;
  /** JSON. */
  readonly question: string;
  readonly state: JobState;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly started: number | null;
  readonly finished: number | null;
  /** Times that it was begun. */
  readonly attempt: number;
  readonly progress: Progress | null;
  readonly failure: Failure | null;
  /** The `traceparent` of whoever asked: https://www.w3.org/TR/trace-context/. Null where nobody traced, and in old rows. */
  readonly trace?: string | null;
}

export interface Result {
  /** UTF-8 of a JSON document. */
  readonly document: Uint8Array;
  /** Exit status of the command that made it: 0, or 1 or 2 where the document is a failure. */
  readonly status: number;
}

export interface KeptResult extends Result {
  /** The document as it is kept, compressed: https://www.rfc-editor.org/rfc/rfc1952 */
  readonly gzip: Uint8Array;
}

export interface JobRow {
  readonly id: string;
  readonly tenant: string;
  readonly kind: JobKind;
  readonly digest: string;
  readonly question: string;
  readonly state: JobState;
  readonly created: number;
  readonly started: number | null;
  readonly finished: number | null;
  readonly attempt: number;
  readonly progress: string | null;
  readonly failure: string | null;
  readonly trace: string | null;
}

export const JOB_COLUMNS = [
  ..."id tenant kind digest question state created started finished attempt progress failure trace".split(
    " ",
  ),
] as const;

export function jobOf(row: JobRow): Job {
  return { ...row, progress: parsed<Progress>(row.progress), failure: parsed<Failure>(row.failure) };
}

function parsed<T>(text: string | null): T | null {
  return text === null ? null : (JSON.parse(text) as T);
}

/** With which ids begin. */
export const PREFIXES: Readonly<Record<JobKind, string>> = {
  advice: "adviser",
  provenance: "provenance-checker",
  image: "package-extract",
};

/**
 * As the original's: `<type>-<yymmddHHMMSS>-<16 hexadecimal digits>`, which its clients take apart. The digits are
 * random: who knows one knows it from somebody who was told.
 */
export function makeJobId(kind: JobKind, at: Date): string {
  const moment = at.toISOString().replace(/\D/g, "").slice(2, 14);
  return `${PREFIXES[kind]}-${moment}-${randomBytes(8).toString("hex")}`;
}

/** Undefined where no job can have that id. */
export function kindOfId(id: string): JobKind | undefined {
  const prefix = /^(.+)-\d{12}-[0-9a-f]{16}$/.exec(id)?.[1];
  return (Object.keys(PREFIXES) as JobKind[]).find((kind) => PREFIXES[kind] === prefix);
}

export function hasEnded(state: JobState): boolean {
  return state !== "ready" && state !== "running";
}
