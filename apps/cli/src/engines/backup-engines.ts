// Where our engine cannot reach what it needs, another may: it is named, never started unasked.

import { ThothError } from "@thoth/pep";
import type { Invocation } from "../frame/command.ts";
import { findProgram } from "./find-program.ts";

const UNREACHED = new Set(["index-unreachable", "index-response-invalid", "build-not-allowed"]);
const BACKUPS = ["uv", "pip", "pipenv"] as const;

/** The same failure; where another engine of this machine might do, its hint says so. */
export async function describeEngineFailure(
  error: unknown,
  { environment, options }: Invocation,
): Promise<unknown> {
  if (!(error instanceof ThothError) || !UNREACHED.has(error.code) || options["offline"] === true)
    return error;
  const found: string[] = [];
  for (const name of BACKUPS) if ((await findProgram(name, environment)) !== undefined) found.push(name);
  const names = found.map((name) => `--engine ${name}`);
  if (names.length === 0) return error;
  const offer = `Another engine may reach it: ${names.join(", ")}.`;
  return new ThothError(error.code, error.message, {
    hint: error.hint === undefined ? offer : `${error.hint}\n${offer}`,
    details: { ...error.details, engines: found },
    cause: error.cause,
  });
}
