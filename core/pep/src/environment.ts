// The environment a stack is chosen for: what markers see, which wheels fit and how well.

import { quote, ThothError } from "./error.ts";
import type { MarkerEnvironment } from "./marker-evaluate.ts";
import { expandPlatform } from "./platform.ts";
import { compatibleTags } from "./tag.ts";
import { makeVersion, parseVersion, type Version } from "./version.ts";

export interface TargetEnvironment {
  readonly markers: MarkerEnvironment;
  /** Tag → priority; 0 is the best. */
  readonly tags: ReadonlyMap<string, number>;
  /** Major, minor and patch level at least. */
  readonly pythonVersion: Version;
}

export interface TargetDescription {
  /** `3.11.7`; without a patch level the first release is meant. */
  readonly pythonVersion: string;
  /** As `expandPlatform` reads it. */
  readonly platform: string;
  readonly implementation?: "cpython" | "pypy" | "graalpy";
  readonly freeThreaded?: boolean;
}

const IMPLEMENTATIONS = {
  cpython: { short: "cp", name: "CPython", abis: () => [] },
  pypy: { short: "pp", name: "PyPy", abis: (python: string) => [`pypy${python}_pp73`] },
  graalpy: { short: "graalpy", name: "GraalVM", abis: (python: string) => [`graalpy${python}_native`] },
} as const;

/** Throws `invalid-version` or `usage`. */
export function targetEnvironment(description: TargetDescription): TargetEnvironment {
  const { implementation = "cpython", freeThreaded = false } = description;
  const pythonVersion = fullVersion(parseVersion(description.pythonVersion), description.pythonVersion);
  const [major, minor] = pythonVersion.release as readonly [number, number];
  const { platforms, markers } = expandPlatform(description.platform);
  const { short, name, abis } = IMPLEMENTATIONS[implementation];
  const tags = compatibleTags({
    python: [major, minor],
    implementation: short,
    platforms,
    freeThreaded,
    abis: abis(`${major}${minor}`),
  });
  return {
    markers: {
      os_name: "",
      platform_machine: "",
      platform_release: "",
      platform_system: "",
      platform_version: "",
      sys_platform: "",
      ...markers,
      implementation_name: implementation,
      implementation_version: pythonVersion.text,
      platform_python_implementation: name,
      python_full_version: pythonVersion.text,
      python_version: `${major}.${minor}`,
    },
    tags: new Map(tags.map((tag, priority) => [tag, priority])),
    pythonVersion,
  };
}

function fullVersion(version: Version, text: string): Version {
  const [major, minor = 0, patch = 0] = version.release;
  if (version.epoch !== 0 || typeof major !== "number" || major < 2 || major > 9 || !(minor < 100)) {
    throw new ThothError("usage", `${quote(text)} is not a version of Python`, {
      hint: "Write it as in 3.12.",
    });
  }
  return version.release.length >= 3 ? version : makeVersion({ ...version, release: [major, minor, patch] });
}
