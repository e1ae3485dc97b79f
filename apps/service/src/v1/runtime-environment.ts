// Operating systems by name, as Thoth's clients tell them, and the C library that each has: from there on it is a matter
// of platform tags. https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/#manylinux

import type { EnvironmentOfV1, RuntimeEnvironment } from "@thoth/contract/service";
import { expandPlatform, quote } from "@thoth/pep";
import { invalid } from "../http/incoming.ts";

/** By name, then version: that of glibc. */
const C_LIBRARIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: { "11": "2_31", "12": "2_36", "13": "2_41" },
  fedora: { "40": "2_39", "41": "2_40", "42": "2_41" },
  rhel: { "7": "2_17", "8": "2_28", "9": "2_34", "10": "2_39" },
  ubi: { "8": "2_28", "9": "2_34", "10": "2_39" },
  ubuntu: { "20.04": "2_31", "22.04": "2_35", "24.04": "2_39" },
};
/** What wheels are built for, where nobody says more. */
const USUAL_C_LIBRARY = "2_28";
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

export const ENVIRONMENTS: readonly EnvironmentOfV1[] = Object.entries(C_LIBRARIES).flatMap(
  ([os_name, versions]) =>
    Object.keys(versions).flatMap((os_version) =>
      PYTHONS.map((python_version) => ({ os_name, os_version, python_version })),
    ),
);

/** A platform tag. Throws `invalid-request` for a platform that nobody knows. */
export function platformTag({ platform, operating_system: system }: RuntimeEnvironment): string {
  const [, machine] = /^linux[-_]([a-z0-9_]+)$/.exec(platform ?? "linux-x86_64") ?? [];
  const tag =
    machine === undefined
      ? (platform ?? "").replace(/[-.]/g, "_")
      : `manylinux_${cLibraryOf(system?.name, system?.version)}_${machine}`;
  try {
    expandPlatform(tag);
    return tag;
  } catch {
    throw invalid(`the platform ${quote(platform ?? "")} is not known`);
  }
}

function cLibraryOf(name: string | null | undefined, version: string | null | undefined): string {
  const versions = name != null && Object.hasOwn(C_LIBRARIES, name) ? C_LIBRARIES[name] : undefined;
  if (versions === undefined || version == null) return USUAL_C_LIBRARY;
  const [major = ""] = version.split(".");
  return (
    [version, major].flatMap((one) => (Object.hasOwn(versions, one) ? versions[one] : undefined) ?? [])[0] ??
    USUAL_C_LIBRARY
  );
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
