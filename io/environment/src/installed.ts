// What is installed in a folder of packages, read from its `.dist-info` folders without starting Python.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { normalizeName, tryParseVersion } from "@thoth/pep";

const windows = process.platform === "win32";

export interface InstalledPackage {
  /** In normal form. */
  readonly name: string;
  readonly version: string;
}

/** The executable of a virtual environment. */
export function pythonIn(environment: string): string {
  return windows ? join(environment, "Scripts", "python.exe") : join(environment, "bin", "python");
}

/** The folder with the programs of a virtual environment. */
export function programsIn(environment: string): string {
  return join(environment, windows ? "Scripts" : "bin");
}

/** The folder from which a virtual environment imports its packages. */
export async function sitePackagesIn(environment: string): Promise<string | undefined> {
  if (windows) return join(environment, "Lib", "site-packages");
  for (const name of await readdir(join(environment, "lib")).catch(() => [])) {
    if (/^(?:python|pypy)\d/.test(name)) return join(environment, "lib", name, "site-packages");
  }
  return undefined;
}

/** Sorted by name. */
export async function installedPackages(sitePackages: string): Promise<readonly InstalledPackage[]> {
  const found: InstalledPackage[] = [];
  for (const entry of await readdir(sitePackages).catch(() => [])) {
    const [, name, version] = /^(.+)-([^-]+)\.dist-info$/.exec(entry) ?? [];
    if (name === undefined || version === undefined) continue;
    found.push({ name: normalizeName(name), version: tryParseVersion(version)?.text ?? version });
  }
  return found.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}

/** The first way in which `found` is not `wanted` (both sorted by name), as data; undefined when they agree. */
export function findDifference(
  wanted: readonly InstalledPackage[],
  found: readonly InstalledPackage[],
): { readonly package: string; readonly wanted?: string; readonly found?: string } | undefined {
  const versions = new Map(found.map(({ name, version }) => [name, version]));
  for (const { name, version } of wanted) {
    const other = versions.get(name);
    if (other === undefined) return { package: name, wanted: version };
    if (other !== version) return { package: name, wanted: version, found: other };
    versions.delete(name);
  }
  for (const [name, version] of versions) return { package: name, found: version };
  // Two folders of one name are one too many.
  if (found.length !== wanted.length) return { package: "" };
  return undefined;
}
