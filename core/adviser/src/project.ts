// What is asked of the adviser, and what it answers.

import type { ProjectStatus } from "@thoth/knowledge";
import type { ExtraName, PackageName, Requirement, TargetEnvironment, Version } from "@thoth/pep";

import type { Level } from "./level.ts";
import type { PackageAdvice } from "./package-advice.ts";
import type { RuleJustification } from "./rule-condition.ts";

/** A requirement of the user's, with the place that named it. */
export interface ProjectRequirement {
  readonly requirement: Requirement;
  /** `default` for the project itself; `kernel` for what a notebook's kernel needs. */
  readonly group: string;
  /** Where it stands, for people: `requirements.txt:3`, `cell 4`, `you`. */
  readonly source: string;
}

export type RecommendationType = "latest" | "stable" | "testing" | "security" | "performance";

export interface Policy {
  readonly recommendationType: RecommendationType;
  /** Seconds since 1970: nothing uploaded later exists, and lag is counted up to here. */
  readonly asOf: number;
  /** True when the user asked for this date: then a file without an upload time does not exist. */
  readonly asOfStrict?: boolean;
  /** Packages for which another date counts, such as those that only run a notebook. */
  readonly datedApart?: DatedApart | undefined;
  readonly prerelease: "if-necessary" | "allow" | "disallow";
  readonly resolution: "highest" | "lowest" | "lowest-direct";
  /** Normalised names, or `:all:`. */
  readonly noBinary: ReadonlySet<string>;
  readonly onlyBinary: ReadonlySet<string>;
  readonly allowBuild: boolean;
  /** `lower`: as uv, upper bounds of Requires-Python are ignored. */
  readonly requiresPython?: "full" | "lower";
  /** Instead of the levels of the type. */
  readonly objective?: readonly Level[] | undefined;
  /** False: no days are counted, and ranks stand in for lags; else that is found out. */
  readonly timed?: false | undefined;
  /** What there is: the term `change` counts what differs from it. */
  readonly current?: ReadonlyMap<PackageName, Version> | undefined;
}

export interface DatedApart {
  readonly names: ReadonlySet<string>;
  /** Seconds since 1970. */
  readonly asOf: number;
}

/** Nothing of that package that was uploaded later exists; in seconds since 1970. */
export function asOfFor({ asOf, datedApart }: Pick<Policy, "asOf" | "datedApart">, name: string): number {
  return datedApart?.names.has(name) === true ? datedApart.asOf : asOf;
}

export interface Limit {
  readonly level: Level;
  readonly most: number;
}

export interface Project {
  readonly requirements: readonly ProjectRequirement[];
  readonly constraints: readonly Requirement[];
  /** Constraints of a question, "what if": they bind, and the objective does not see them. */
  readonly suppositions?: readonly Requirement[] | undefined;
  /** Stacks that the answer must differ from, if any other is to be had: the first level, `repeat`, counts those it is. */
  readonly apartFrom?: readonly ReadonlyMap<PackageName, string>[] | undefined;
  /** Levels before all others that may not cost more and are not minimised. Somebody knows that a stack meets them. */
  readonly atMost?: readonly Limit[] | undefined;
  readonly target: TargetEnvironment;
  readonly policy: Policy;
}

/** One artifact of a chosen release, as its index lists it. */
export interface ChosenFile {
  readonly filename: string;
  readonly url: string;
  /** By algorithm, lower-case hexadecimal. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Bytes. */
  readonly size: number | undefined;
  /** Seconds since 1970; 0 when unknown. */
  readonly uploaded: number;
  readonly isSdist: boolean;
}

/** What a lock tells of a release. */
export interface ChosenRelease {
  /** Canonical PEP 440 text. */
  readonly version: string;
  /** URL of the index that owns the project, without credentials. */
  readonly index: string;
  readonly status: ProjectStatus["status"];
  /** The index withdrew the file that this environment installs. */
  readonly yanked: boolean;
  /** Requires-Python of the file that this environment installs. */
  readonly requiresPython: string | undefined;
  /** The sdist and the wheels for this Python on any platform, by file name. */
  readonly files: readonly ChosenFile[];
  /** The file that this environment installs: its place in `files`. */
  readonly installs: number;
}

export interface ChosenPackage extends ChosenRelease {
  readonly name: PackageName;
  readonly extras: readonly ExtraName[];
  readonly groups: readonly string[];
  readonly requires: readonly PackageName[];
  readonly requiredBy: readonly PackageName[];
}

export interface ObjectiveLevel {
  readonly level: string;
  readonly value: number;
  readonly bound: number;
}

/** While the knowledge is there: what is told of packages is worked out when it is first asked for. */
export interface Product {
  readonly project: Project;
  /** Sorted by name. */
  readonly packages: readonly ChosenPackage[];
  readonly proof: "optimal" | "feasible";
  readonly objective: readonly ObjectiveLevel[];
  /** Lags are days; false: ranks stand in for them. */
  readonly timed: boolean;
  readonly warnings: readonly string[];
  /** Marker variables of the platform on which a requirement of the chosen releases depends, sorted. */
  readonly consulted: readonly string[];
  /** Why each package has its version. */
  readonly advice: () => readonly PackageAdvice[];
  /** What rules say of the stack as a whole. */
  readonly stackInfo: () => readonly RuleJustification[];
  /** Known flaws of its packages. */
  readonly flawCount: () => number;
}

const NEEDED_ALWAYS: ReadonlySet<string> = new Set(["default", "kernel"]);

/** The packages that the project requires for development alone. */
export function developmentOnly({ requirements }: Project): ReadonlySet<PackageName> {
  const develop = new Set<PackageName>();
  for (const { requirement, group } of requirements)
    if (!NEEDED_ALWAYS.has(group)) develop.add(requirement.name);
  for (const { requirement, group } of requirements)
    if (NEEDED_ALWAYS.has(group)) develop.delete(requirement.name);
  return develop;
}
