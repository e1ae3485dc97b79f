// What a stack that was sent says, checked before anybody works on it.

import type { AdviseInput } from "@thoth/contract/service";
import {
  formatRequirement,
  parsePipfileLock,
  parseRequirement,
  quote,
  type Requirement,
  ThothError,
} from "@thoth/pep";
import { invalid } from "../http/incoming.ts";
import { type PipfileObject, parsePipfileText, withoutSecret } from "./pipfile-object.ts";

export interface StackInput {
  readonly pipfile: PipfileObject;
  /** Text of a Pipfile.lock. */
  readonly lock: string | undefined;
}

type Stack = AdviseInput["application_stack"];

/** Throws `invalid-request`. */
export function stackOf({ requirements, requirements_lock: locked }: Stack): StackInput {
  const pipfile = parsePipfileText(textOf(requirements));
  const lock = textOf(locked ?? "");
  if (lock.trim() === "" || lock.trim() === "null") return { pipfile, lock: undefined };
  for (const { url } of guarded(() => parsePipfileLock(lock)).sources) withoutSecret(url);
  return { pipfile, lock };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Plain requirements only: a line that names another file would name one of this machine. Throws `invalid-request`. */
export function constraintsOf(text: string): readonly Requirement[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "")
    .map((line) => {
      const requirement = guarded(() => parseRequirement(line));
      if (requirement.url !== undefined || requirement.extras.length > 0)
        throw invalid(`${quote(line)} is more than a constraint: a name, versions and a marker`);
      return requirement;
    });
}

export function formatConstraints(constraints: readonly Requirement[]): string {
  return constraints.map((constraint) => `${formatRequirement(constraint)}\n`).join("");
}

function guarded<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ThothError)) throw error;
    throw new ThothError("invalid-request", error.message, { cause: error, details: { status: 400 } });
  }
}
