// Series of stacks in which one package changes and the rest stays.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseVersion } from "@thoth/pep";
import { failureOf, thoth } from "../installing/environment.ts";

export interface Series {
  readonly name: string;
  /** The one that changes. */
  readonly package: string;
  readonly python: string;
  /** How many of its releases. */
  readonly releases: number;
  /** Pins of the others. */
  readonly rest: readonly string[];
  readonly indicators: readonly string[];
}

/** What is uploaded later does not exist, so that the same releases are chosen again. */
export const AS_OF = "2026-11-01";

export function readSeries(): readonly Series[] {
  return JSON.parse(readFileSync(fileURLToPath(new URL("series.json", import.meta.url)), "utf8")) as Series[];
}

/** Of each minor version its newest patch; where those are more than `count`, every so manieth, the ends among them. */
export function chooseReleases({ package: name, python, releases: count }: Series): readonly string[] {
  const document = thoth(["versions", name, "--python-version", python, "--as-of", AS_OF, "--all"]);
  const failure = failureOf(document);
  if (failure !== undefined) throw new Error(`${name}: ${failure}`);
  const minors = new Map<string, string>();
  for (const { version, fits, built, yanked, prerelease } of document["versions"] as Listed[])
    if (fits && !built && !yanked && !prerelease) {
      const minor = parseVersion(version).release.slice(0, 2).join(".");
      if (!minors.has(minor)) minors.set(minor, version);
    }
  const newestFirst = [...minors.values()];
  if (newestFirst.length <= count || count < 2) return newestFirst.slice(0, count);
  return Array.from(
    { length: count },
    (_, at) => newestFirst[Math.round((at * (newestFirst.length - 1)) / (count - 1))]!,
  );
}

interface Listed {
  readonly version: string;
  readonly fits: boolean;
  readonly built: boolean;
  readonly yanked: boolean;
  readonly prerelease: boolean;
}
