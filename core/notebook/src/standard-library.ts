// Which modules belong to Python itself, by version. https://docs.python.org/3/library/sys.html#sys.stdlib_module_names

import { STANDARD_LIBRARY } from "./standard-library-data.ts";

const VERSIONS = ["2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"];
const sets = new Map<string, ReadonlySet<string>>();
let every: ReadonlySet<string> | undefined;

/** Top-level modules of that Python, given as `3.11` or `3.11.7`; of the nearest version known for another one. */
export function standardLibrary(pythonVersion: string): ReadonlySet<string> {
  const version = nearest(pythonVersion);
  let set = sets.get(version);
  if (set === undefined) {
    const at = VERSIONS.indexOf(version);
    set = collect((first, last) => first <= at && at <= last);
    sets.set(version, set);
  }
  return set;
}

/** Modules that any Python of the table had: a name among them is never a package to install. */
export function everStandard(): ReadonlySet<string> {
  every ??= collect(() => true);
  return every;
}

function nearest(pythonVersion: string): string {
  const [major = 3, minor = 0] = pythonVersion.split(".").map(Number);
  if (major < 3) return VERSIONS[0]!;
  const exact = VERSIONS.indexOf(`3.${minor}`);
  if (exact >= 0) return VERSIONS[exact]!;
  return minor < 6 ? "3.6" : VERSIONS.at(-1)!;
}

function collect(holds: (first: number, last: number) => boolean): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [ranges, modules] of STANDARD_LIBRARY) {
    const fits = ranges.split(",").some((range) => {
      const [first, last] = range.split("-").map((version) => VERSIONS.indexOf(version));
      return holds(first!, last!);
    });
    if (fits) for (const module of modules.split(/\s+/)) names.add(module);
  }
  return names;
}
