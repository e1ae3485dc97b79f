// What a command's exit status says, for every code an error may carry.

import type { ErrorCode } from "@thoth/pep";

export type ExitStatus = 0 | 1 | 2 | 3 | 4 | 130;

/** 1: answered with a no. 2: what was given is wrong. 3: the world failed. 4: a bug of ours. */
const statusOfCode: Readonly<Partial<Record<ErrorCode, ExitStatus>>> = {
  "build-not-allowed": 1,
  "execution-failed": 1,
  "invalid-proof": 1,
  "kernel-not-found": 1,
  "lock-out-of-date": 1,
  "no-matching-artifact": 1,
  "not-found": 1,
  "package-not-found": 1,
  unsatisfiable: 1,
  "invalid-fact": 2,
  "invalid-graph-file": 2,
  "invalid-indicator": 2,
  "invalid-lock": 2,
  "invalid-notebook": 2,
  "invalid-project": 2,
  "invalid-request": 2,
  "invalid-requirement": 2,
  "invalid-version": 2,
  "unsupported-language": 2,
  usage: 2,
  internal: 4,
  interrupted: 130,
};

/** Codes that are not listed tell of the world: network, disk, interpreter, what an index serves. */
export function exitStatusOf(code: ErrorCode): ExitStatus {
  return statusOfCode[code] ?? 3;
}
