// Where a stack is to run, as Thoth's clients tell it: the systems and Pythons that are offered, and what is read of a request.

import type { EnvironmentOfV1, RuntimeEnvironment } from "@thoth/contract/service";
import { KNOWN_SYSTEMS, quote, systemPlatform, ThothError } from "@thoth/pep";
import { invalid } from "../http/incoming.ts";

const PYTHONS = ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"] as const;

/** As Thoth names them: `sysconfig.get_platform()` of Python. */
export const PLATFORMS = [
  "linux-x86_64",
  "linux-aarch64",
  "linux-ppc64le",
  "linux-s390x",
  "macosx-14.0-arm64",
  "macosx-14.0-x86_64",
  "win-amd64",
  "win-arm64",
] as const;

export const ENVIRONMENTS: readonly EnvironmentOfV1[] = KNOWN_SYSTEMS.flatMap(({ name, version }) =>
  PYTHONS.map((python_version) => ({ os_name: name, os_version: version, python_version })),
);

/** A platform tag. Throws `invalid-request` for a platform that nobody knows. */
export function platformTag({ platform, operating_system: system }: RuntimeEnvironment): string {
  try {
    return systemPlatform(platform ?? "linux-x86_64", system ?? {});
  } catch (error) {
    throw error instanceof ThothError ? invalid(error.message) : error;
  }
}

/** `3.11`; undefined where nothing is said. Throws `invalid-request`. */
export function pythonVersionOf(
  { python_version: stated }: RuntimeEnvironment,
  required: unknown,
): string | undefined {
  const text = stated ?? (typeof required === "string" && required !== "*" ? required : undefined);
  if (text === undefined || text === "") return undefined;
  if (!/^3\.\d{1,2}(\.\d{1,3})?$/.test(text))
    throw invalid(`Python ${quote(text)} is none that packages are recommended for`);
  return text.split(".").slice(0, 2).join(".");
}
