// A question put to the `thoth lock` command, and its answer as pins.

import type { CommandResult } from "../../testkit/src/index.ts";
import { runCommand } from "../../testkit/src/index.ts";

export interface LockQuestion {
  readonly requirements: readonly string[];
  readonly indexUrl: string;
  readonly pythonVersion: string;
  readonly platform: string;
  /** Further arguments. */
  readonly extra?: readonly string[];
  /** Home of the process; its cache is kept there. */
  readonly home: string;
}

export interface LockAnswer {
  /** Undefined where the command answered that there is no stack. */
  readonly pins: ReadonlyMap<string, string> | undefined;
  readonly result: CommandResult;
}

/** Throws where the command neither solved nor said that no stack exists. */
export async function askLock(question: LockQuestion): Promise<LockAnswer> {
  const { requirements, indexUrl, pythonVersion, platform, extra = [], home } = question;
  const target = ["--python-version", pythonVersion, "--platform", platform];
  const args = ["lock", "-", "--json", "--index-url", indexUrl, ...target, ...extra];
  const result = await runCommand("thoth", args, { home, stdin: `${requirements.join("\n")}\n` });
  if (result.status === 0) return { pins: pinsOf(result.json), result };
  const code = errorCode(result.json);
  if (result.status === 1 && ANSWERS.has(code)) return { pins: undefined, result };
  const text = `${result.stdout} ${result.stderr}`.replace(/\s+/g, " ").slice(0, 400);
  throw new Error(
    `exit status ${result.status}${result.killed === undefined ? "" : ` (${result.killed})`}: ${text}`,
  );
}

/** Codes of a proven no. */
const ANSWERS = new Set(["unsatisfiable", "package-not-found", "no-matching-artifact"]);

export function errorCode(document: unknown): string {
  const error = fieldOf(document, "error");
  const code = fieldOf(error, "code");
  return typeof code === "string" ? code : "";
}

function pinsOf(document: unknown): Map<string, string> {
  const packages = fieldOf(document, "packages");
  if (!Array.isArray(packages)) throw new Error("the lock lists no packages");
  return new Map(packages.map((item) => [String(fieldOf(item, "name")), String(fieldOf(item, "version"))]));
}

export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

export function formatPins(pins: ReadonlyMap<string, string>): string {
  return (
    [...pins]
      .sort()
      .map(([name, version]) => `${name}==${version}`)
      .join(" ") || "nothing"
  );
}
