// Operating systems by name, as Thoth's clients tell them, and the C library that each has: from there on it is a matter
// of platform tags. https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/#manylinux

import { quote, ThothError } from "./error.ts";
import { expandPlatform } from "./platform.ts";

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

export interface OperatingSystem {
  readonly name?: string | null | undefined;
  readonly version?: string | null | undefined;
}

/** Systems of which the C library is known. */
export const KNOWN_SYSTEMS: readonly { readonly name: string; readonly version: string }[] = Object.entries(
  C_LIBRARIES,
).flatMap(([name, versions]) => Object.keys(versions).map((version) => ({ name, version })));

/**
 * The platform tag of a platform as `sysconfig.get_platform()` of Python names it, on that system. Throws usage for a
 * platform that nobody knows.
 */
export function systemPlatform(platform: string, system: OperatingSystem = {}): string {
  const [, machine] = /^linux[-_]([a-z0-9_]+)$/.exec(platform) ?? [];
  const tag =
    machine === undefined ? platform.replace(/[-.]/g, "_") : `manylinux_${cLibraryOf(system)}_${machine}`;
  try {
    expandPlatform(tag);
  } catch (cause) {
    throw new ThothError("usage", `the platform ${quote(platform)} is not known`, { cause });
  }
  return tag;
}

function cLibraryOf({ name, version }: OperatingSystem): string {
  const versions = name != null && Object.hasOwn(C_LIBRARIES, name) ? C_LIBRARIES[name] : undefined;
  if (versions === undefined || version == null) return USUAL_C_LIBRARY;
  const [major = ""] = version.split(".");
  const known = [version, major].find((one) => Object.hasOwn(versions, one));
  return (known === undefined ? undefined : versions[known]) ?? USUAL_C_LIBRARY;
}
