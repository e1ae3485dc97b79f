// How a failure is told: as a document or in a few lines, and which exit status goes with it.

import { type ExitStatus, exitStatusOf } from "@thoth/contract";
import { ThothError } from "@thoth/pep";
import { mask, printable, printableLines } from "./printable.ts";
import type { Terminal } from "./terminal.ts";

/** Of a failure's text, to keep a message readable. */
const MAXIMUM_TEXT = 4_000;

/** Tells what failed, as a document or in words. */
export function reportFailure(error: unknown, terminal: Terminal): ExitStatus {
  const failure = asThothError(error);
  terminal.close();
  // A command that fails after its document has only words left to say so.
  if (terminal.json && !terminal.documented) terminal.document({ error: describe(failure) });
  else tell(failure, terminal);
  const said = failure.details?.["stderr"];
  if (terminal.verbose && typeof said === "string" && !terminal.json)
    terminal.write(`${printableLines(said)}\n`);
  if (terminal.verbose && failure.code !== "interrupted")
    terminal.write(`${printableLines(traceOf(error))}\n`);
  return exitStatusOf(failure.code);
}

/** Errors of the operating system and of libraries as errors a person can read. */
export function asThothError(error: unknown): ThothError {
  if (error instanceof ThothError) return error;
  if (isSystemError(error)) return systemFailure(error);
  if (error instanceof Error && error.name === "AbortError")
    return new ThothError("interrupted", "interrupted");
  const message = error instanceof Error ? error.message : String(error);
  return new ThothError("internal", `a bug of ours: ${message}`, {
    hint: "Run the command again with --verbose and report what it prints.",
    cause: error,
  });
}

function describe(failure: ThothError): Record<string, unknown> {
  return {
    code: failure.code,
    message: mask(failure.message),
    ...(failure.hint === undefined ? {} : { hint: mask(failure.hint) }),
    ...(failure.details === undefined ? {} : { details: masked(failure.details) }),
  };
}

/** Particulars may hold URLs as they were given. */
function masked(details: object): unknown {
  const text = JSON.stringify(details, (_, value: unknown) =>
    typeof value === "string" ? mask(value) : value,
  );
  return JSON.parse(text);
}

function tell(failure: ThothError, terminal: Terminal): void {
  const lines = (
    failure.message.length > MAXIMUM_TEXT ? `${failure.message.slice(0, MAXIMUM_TEXT)}…` : failure.message
  ).split("\n");
  const [first = "", ...rest] = lines.map(printable);
  const code = terminal.style("dim", `[${failure.code}]`);
  terminal.write(`${terminal.style("red", "error:")} ${first.replace(/\.$/, "")}  ${code}\n`);
  for (const line of rest) terminal.write(`${line}\n`);
  const { hint } = failure;
  if (hint === undefined) return;
  for (const line of hint.split("\n"))
    terminal.write(`${terminal.style("cyan", "hint:")} ${printable(line)}\n`);
}

function traceOf(error: unknown): string {
  const parts: string[] = [];
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    parts.push(cause.stack ?? cause.message);
  }
  return parts.join("\ncaused by: ");
}

interface SystemError extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links lead in a circle",
  EMFILE: "too many files are open",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "it does not exist",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of its path is no folder",
  EPERM: "it is not permitted",
  EROFS: "the file system is read-only",
};

function systemFailure(error: SystemError): ThothError {
  const reason = Object.hasOwn(reasons, error.code) ? reasons[error.code] : error.code;
  const what = error.path === undefined ? error.syscall : `\`${printable(error.path)}\``;
  return new ThothError("file-failed", `${what}: ${reason}`, {
    details: { reason: error.code, ...(error.path === undefined ? {} : { path: error.path }) },
    cause: error,
  });
}
