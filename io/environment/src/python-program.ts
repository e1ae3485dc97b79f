// Runs one of our small Python programs and reads its answer: one line of JSON at the end of its output.

import { quote, ThothError } from "@thoth/pep";
import { installerVariables } from "./child-environment.ts";
import { type ProcessOptions, type ProcessResult, runProcess } from "./child-process.ts";
import { tetherProgram } from "./python-programs.ts";

export interface ProgramOptions extends Partial<ProcessOptions> {
  readonly args?: readonly string[];
}

/** What `program` answers when `python` runs it, isolated from the folder and from the user's settings. */
export async function askPython(
  python: string,
  program: string,
  options: ProgramOptions = {},
): Promise<unknown> {
  const result = await runProcess(python, ["-I", "-B", "-c", program, ...(options.args ?? [])], {
    timeoutSeconds: 30,
    ...options,
    // SYSTEM_VERSION_COMPAT: without it macOS tells old programs that it is 10.16.
    variables: { ...(options.variables ?? installerVariables()), SYSTEM_VERSION_COMPAT: "0" },
  });
  const line = result.stdout.trimEnd().split("\n").at(-1) ?? "";
  if (result.status !== 0) throw noAnswer(python, result);
  try {
    return JSON.parse(line);
  } catch {
    throw noAnswer(python, result);
  }
}

/**
 * Runs `command` so that it ends when we do, even when we are killed: a small Python program starts it and
 * watches a pipe that only we hold open.
 */
export function runTethered(
  python: string,
  command: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  return runProcess(python, ["-I", "-S", "-B", "-c", tetherProgram, ...command], {
    ...options,
    tether: true,
  });
}

function noAnswer(python: string, result: ProcessResult): ThothError {
  const old = result.stderr.includes("Unknown option: -I") || result.stderr.includes("unknown option -I");
  return new ThothError("interpreter-not-found", `${quote(python)} does not work as a Python interpreter`, {
    hint: old ? "It is Python 2; give one of Python 3.9 or later." : "Run it by hand to see what it says.",
    details: { status: result.status, stderr: result.stderr.slice(-2000) },
  });
}
