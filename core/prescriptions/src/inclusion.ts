// When a unit takes part at all: the `should_include` of a rule, read. Everything that is stated must hold.

import type { PackageName, Specifiers } from "@thoth/pep";

export const RECOMMENDATION_TYPES = ["stable", "testing", "latest", "performance", "security"] as const;
export type RecommendationType = (typeof RECOMMENDATION_TYPES)[number];
export const DECISION_TYPES = ["all", "random"] as const;
export type DecisionType = (typeof DECISION_TYPES)[number];
export const UNIT_LISTS = ["boots", "pseudonyms", "sieves", "steps", "strides", "wraps"] as const;
export type UnitList = (typeof UNIT_LISTS)[number];

/** One of `items`, or with `negated` (written as `not`) none of them. */
export interface Choice<T> {
  readonly negated: boolean;
  readonly items: readonly T[];
}

export interface Inclusion {
  /** False where `times` is 0. */
  readonly enabled: boolean;
  readonly adviser: boolean;
  readonly dependencyMonkey: boolean;
  readonly authenticated?: boolean | undefined;
  /** Key and value; one of them is enough. */
  readonly labels?: readonly (readonly [key: string, value: string])[] | undefined;
  readonly recommendationTypes?: Choice<RecommendationType> | undefined;
  readonly decisionTypes?: Choice<DecisionType> | undefined;
  /** Other units, all of which must be included. */
  readonly dependencies?: readonly UnitReference[] | undefined;
  /** Modules with symbols, all of which must be used. `a.b.*` is `a.b` and what is below it. */
  readonly libraryUsage?: readonly (readonly [module: string, symbols: readonly string[]])[] | undefined;
  readonly environment?: EnvironmentRule | undefined;
}

export interface UnitReference {
  readonly list: UnitList;
  /** `prescription.unit`, or the name of a unit that the adviser itself brings. */
  readonly name: string;
}

/** Software whose version a rule may ask for. */
export type VersionedSoftware = "python" | "cuda" | "openblas" | "openmpi" | "cudnn" | "mkl";

export interface VersionRule {
  readonly software: VersionedSoftware;
  /** Null: the software must not be there. */
  readonly specifiers: Specifiers | null;
}

/** Null stands for "not there" or "not known". */
export interface EnvironmentRule {
  /** One of them; none stated admits every system. */
  readonly operatingSystems?: readonly OperatingSystemPattern[] | undefined;
  readonly hardware?: Choice<HardwarePattern> | undefined;
  readonly versions?: readonly VersionRule[] | undefined;
  readonly platforms?: Choice<string | null> | undefined;
  readonly baseImages?: Choice<BaseImagePattern | null> | undefined;
  /** Symbols of the base image: all of them, or with `negated` none. */
  readonly abi?: Choice<string> | undefined;
  /** Packages of the base image: all of them, or with `negated` none. */
  readonly rpmPackages?: Choice<RpmPattern> | undefined;
  readonly pythonPackages?: Choice<PythonPackagePattern> | undefined;
}

export interface OperatingSystemPattern {
  readonly name?: string | undefined;
  readonly version?: string | undefined;
}

export interface HardwarePattern {
  readonly cpuFamilies?: Choice<number | null> | undefined;
  readonly cpuModels?: Choice<number | null> | undefined;
  readonly gpuModels?: Choice<string | null> | undefined;
  /** All of them, or with `negated` none. */
  readonly cpuFlags?: Choice<string> | undefined;
}

export interface BaseImagePattern {
  readonly image: string;
  /** Undefined admits any. */
  readonly tag?: string | undefined;
  /** `tag` is how the tag begins. */
  readonly tagPrefix?: boolean | undefined;
}

export interface RpmPattern {
  readonly name: string;
  readonly arch?: string | undefined;
  readonly epoch?: string | undefined;
  readonly identifier?: string | undefined;
  readonly version?: string | undefined;
  readonly release?: string | undefined;
  readonly src?: boolean | undefined;
}

export interface PythonPackagePattern {
  readonly name: PackageName;
  readonly specifiers?: Specifiers | undefined;
  /** A pattern that the whole location must match; see `location-pattern.ts`. */
  readonly location?: string | undefined;
}
