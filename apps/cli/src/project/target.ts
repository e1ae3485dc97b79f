// The environment that a stack is chosen for: an interpreter of this machine, or one that was described.

import type { Interpreter } from "@thoth/environment";
import { parseVersion, type TargetEnvironment, targetEnvironment } from "@thoth/pep";

export interface ChosenTarget {
  readonly target: TargetEnvironment;
  /** Absent where the environment was only described. */
  readonly interpreter?: Interpreter;
  /** Of the target, such as `3.11`. */
  readonly python: string;
  /** Such as `manylinux_2_36_x86_64`, or `linux`. */
  readonly platform: string;
}

export interface TargetWish {
  readonly pythonVersion?: string | undefined;
  readonly platform?: string | undefined;
  readonly cacheDirectory: string;
}

const PLAIN_VERSION = /^\d+\.\d+(\.\d+)?$/;

/** For a lock: a plain version need not be installed here. Throws interpreter-not-found, usage. */
export async function describeTarget(wish: TargetWish): Promise<ChosenTarget> {
  const { pythonVersion, platform, cacheDirectory } = wish;
  const described = pythonVersion !== undefined && PLAIN_VERSION.test(pythonVersion.trim());
  if (described && platform !== undefined) return fromDescription(pythonVersion.trim(), platform);
  const { selectInterpreter } = await import("@thoth/environment");
  const wanted = described ? {} : { pythonVersion };
  const interpreter = await selectInterpreter(wanted, { cacheDirectory });
  if (described) return fromDescription(pythonVersion.trim(), platform ?? interpreter.platform);
  if (platform !== undefined) return fromDescription(interpreter.version, platform);
  return targetOfInterpreter(interpreter);
}

/** For an environment on this machine: the interpreter must be here. Throws interpreter-not-found. */
export async function findTarget(
  wish: TargetWish,
): Promise<ChosenTarget & { readonly interpreter: Interpreter }> {
  const { selectInterpreter } = await import("@thoth/environment");
  const { pythonVersion, cacheDirectory } = wish;
  const interpreter = await selectInterpreter({ pythonVersion }, { cacheDirectory });
  const chosen = await targetOfInterpreter(interpreter);
  return wish.platform === undefined
    ? chosen
    : { ...fromDescription(interpreter.version, wish.platform), interpreter };
}

async function targetOfInterpreter(
  interpreter: Interpreter,
): Promise<ChosenTarget & { readonly interpreter: Interpreter }> {
  const { targetOf } = await import("@thoth/environment");
  const { platform } = interpreter;
  return { target: targetOf(interpreter), interpreter, python: minorOf(interpreter.version), platform };
}

function fromDescription(pythonVersion: string, platform: string): ChosenTarget {
  return { target: targetEnvironment({ pythonVersion, platform }), python: minorOf(pythonVersion), platform };
}

/** `3.11` of `3.11.7`. */
export function minorOf(version: string): string {
  return parseVersion(version).release.slice(0, 2).join(".");
}
