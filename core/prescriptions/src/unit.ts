// A rule, read and checked. Units are data: the adviser makes forbidden releases of sieves, cost terms of steps,
// forbidden combinations of strides and groups, and justifications of wraps.

import type { PackageName, Specifiers } from "@thoth/pep";
import type { Inclusion } from "./inclusion.ts";

/** Which releases a rule speaks of; everything that is stated must hold. */
export interface PackagePattern {
  readonly name?: PackageName | undefined;
  readonly specifiers?: Specifiers | undefined;
  /** Pre-releases may match: always in sieves and pseudonyms, elsewhere where a clause names one. */
  readonly prereleases?: boolean | undefined;
  readonly index?: IndexPattern | undefined;
  readonly develop?: boolean | undefined;
}

export interface NamedPattern extends PackagePattern {
  readonly name: PackageName;
}

export interface IndexPattern {
  /** Without a slash at the end. */
  readonly url: string;
  /** Every index but this one. */
  readonly negated?: boolean | undefined;
}

export type Severity = "INFO" | "WARNING" | "ERROR";

export interface LogEntry {
  readonly type: Severity;
  readonly message: string;
}

export interface StackInfo extends LogEntry {
  /** See `linksOf`. */
  readonly link: string;
}

export interface Justification extends StackInfo {
  readonly packageName?: string | undefined;
  readonly advisory?: string | undefined;
  readonly cveId?: string | undefined;
  readonly cveName?: string | undefined;
  readonly versionRange?: string | undefined;
}

/** What follows where a unit matches. Which fields a kind may have is checked when it is read. */
export interface UnitRun {
  readonly log?: LogEntry | undefined;
  readonly stackInfo?: readonly StackInfo[] | undefined;
  readonly justification?: readonly Justification[] | undefined;
  /** From -1 to 1. */
  readonly score?: number | undefined;
  /** The match may not be part of a stack, and why. */
  readonly notAcceptable?: string | undefined;
  readonly eagerStop?: string | undefined;
  /** Also where the package was resolved before, by another dependency. */
  readonly multiPackageResolution?: boolean | undefined;
  /** JSON. */
  readonly advisedManifestChanges?: unknown;
}

export interface Prescription {
  readonly name: string;
  readonly release: string;
}

interface UnitHead {
  /** `prescription.unit`. */
  readonly name: string;
  readonly prescription: Prescription;
  readonly inclusion: Inclusion;
  readonly run: UnitRun;
}

/** Once before the search. */
export interface BootUnit extends UnitHead {
  readonly kind: "boot";
  /** Direct requirements that it speaks of; empty: it speaks of the environment alone. */
  readonly packages: readonly PackageName[];
}

/** Another package that may stand in for a match. */
export interface PseudonymUnit extends UnitHead {
  readonly kind: "pseudonym";
  readonly matches: readonly NamedPattern[];
  readonly alternative: Alternative;
}

export interface Alternative {
  readonly name: PackageName;
  /** In the version that was matched. */
  readonly matchedVersion: boolean;
  /** `==` or `===` and a version. */
  readonly specifiers?: Specifiers | undefined;
  readonly index?: IndexPattern | undefined;
}

/** Releases that are left out. */
export interface SieveUnit extends UnitHead {
  readonly kind: "sieve";
  readonly matches: readonly PackagePattern[];
}

/** Packages that are left out with all that only they need. */
export interface SkipPackageSieveUnit extends UnitHead {
  readonly kind: "sieve.SkipPackage";
  readonly packages: readonly PackageName[];
}

export interface StepMatch {
  readonly package: PackagePattern;
  /** All of them must be chosen. */
  readonly dependencies?: readonly NamedPattern[] | undefined;
  /** All of them must be chosen and require the package. */
  readonly requiredBy?: readonly NamedPattern[] | undefined;
  /** Others than those of `requiredBy` may require the package too. */
  readonly allowOther?: boolean | undefined;
}

/** Scores, justifies or refuses a release, given others. */
export interface StepUnit extends UnitHead {
  readonly kind: "step";
  readonly matches: readonly StepMatch[];
}

/** A dependency that is left out, given others. */
export interface SkipPackageStepUnit extends UnitHead {
  readonly kind: "step.SkipPackage";
  readonly matches: readonly StepMatch[];
}

/** A dependency that is added, given others. */
export interface AddPackageStepUnit extends UnitHead {
  readonly kind: "step.AddPackage";
  readonly matches: readonly StepMatch[];
  readonly addition: Addition;
}

export interface Addition {
  readonly name: PackageName;
  readonly specifiers: Specifiers;
  /** Undefined: whichever index has the package. */
  readonly index: IndexPattern | undefined;
  readonly develop: boolean;
}

/** Scores, justifies or refuses releases that are chosen together, in whatever order. */
export interface GroupStepUnit extends UnitHead {
  readonly kind: "step.Group";
  readonly matches: readonly (readonly NamedPattern[])[];
}

/** Refuses a whole stack that has all patterns of one of `matches`. */
export interface StrideUnit extends UnitHead {
  readonly kind: "stride";
  readonly matches: readonly (readonly PackagePattern[])[];
}

/** Annotates a stack that has all patterns of one of `matches`; no matches at all: every stack. */
export interface WrapUnit extends UnitHead {
  readonly kind: "wrap";
  readonly matches: readonly (readonly PackagePattern[])[];
}

/** Links the release notes of a chosen release. */
export interface ReleaseNotesWrapUnit extends UnitHead {
  readonly kind: "wrap.GHReleaseNotes";
  readonly matches: readonly (readonly [NamedPattern])[];
  readonly releaseNotes: ReleaseNotes;
}

export interface ReleaseNotes {
  readonly organization: string;
  readonly repository: string;
  readonly tagPrefix?: string | undefined;
}

export type SearchStepUnit = StepUnit | SkipPackageStepUnit | AddPackageStepUnit;
export type AnyWrapUnit = WrapUnit | ReleaseNotesWrapUnit;
export type Unit =
  | BootUnit
  | PseudonymUnit
  | SieveUnit
  | SkipPackageSieveUnit
  | SearchStepUnit
  | GroupStepUnit
  | StrideUnit
  | AnyWrapUnit;
export type UnitKind = Unit["kind"];

/** In the order in which a unit of a kind may matter; a unit is stored as an index into this. */
export const UNIT_KINDS = [
  "boot",
  "pseudonym",
  "sieve",
  "sieve.SkipPackage",
  "step",
  "step.SkipPackage",
  "step.AddPackage",
  "step.Group",
  "stride",
  "wrap",
  "wrap.GHReleaseNotes",
] as const satisfies readonly UnitKind[];

/** What identifies a unit among those that others depend on. */
export function referenceKey(list: string, name: string): string {
  return `${list} ${name}`;
}

/** The names under which a unit is found; empty where it speaks of no package by name. */
export function dispatchNames(unit: Unit): readonly PackageName[] {
  switch (unit.kind) {
    case "boot":
    case "sieve.SkipPackage":
      return unique(unit.packages);
    case "pseudonym":
    case "sieve":
      return unique(unit.matches.map(({ name }) => name));
    case "step":
    case "step.SkipPackage":
    case "step.AddPackage":
      return unique(unit.matches.map((match) => match.package.name));
    case "step.Group":
      return unique(unit.matches.flatMap((group) => group.map(({ name }) => name)));
    case "stride":
    case "wrap":
    case "wrap.GHReleaseNotes":
      return unique(unit.matches.map((patterns) => patterns.find(({ name }) => name !== undefined)?.name));
    default:
      return unit satisfies never;
  }
}

/** Whether some match of the unit names no package, so that it concerns every one. */
export function isGeneric(unit: Unit): boolean {
  switch (unit.kind) {
    case "boot":
      return unit.packages.length === 0;
    case "sieve":
      return unit.matches.some(({ name }) => name === undefined);
    case "step":
    case "step.SkipPackage":
    case "step.AddPackage":
      return unit.matches.some((match) => match.package.name === undefined);
    case "stride":
    case "wrap":
      return (
        unit.matches.length === 0 ||
        unit.matches.some((match) => match.every((one) => one.name === undefined))
      );
    case "pseudonym":
    case "sieve.SkipPackage":
    case "step.Group":
    case "wrap.GHReleaseNotes":
      return false;
    default:
      return unit satisfies never;
  }
}

function unique(names: readonly (PackageName | undefined)[]): PackageName[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}
