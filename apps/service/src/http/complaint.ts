// What fails where no caller hears of it is told to the operator.

import type { LogLine } from "./server.ts";

/** Tells of failures of one part. */
export function complaintsOf(part: string, log: (line: LogLine) => void): (error: unknown) => void {
  return (error) => log({ level: "error", message: part, cause: causeOf(error) });
}

export function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
