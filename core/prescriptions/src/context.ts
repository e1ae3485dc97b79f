// What a request says of itself and of where its stack is to run, as far as rules may ask for it. What is left out
// is not there or not known.

import type { PackageName, Version } from "@thoth/pep";
import type { DecisionType, RecommendationType, RpmPattern } from "./inclusion.ts";

export interface PipelineContext {
  readonly pipeline: "adviser" | "dependency-monkey";
  readonly recommendationType?: RecommendationType | undefined;
  readonly decisionType?: DecisionType | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Symbols used of each module, by full name: `{ flask: ["flask.Flask"] }`. */
  readonly libraryUsage?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly authenticated?: boolean | undefined;
  readonly runtimeEnvironment?: RuntimeEnvironment | undefined;
  /** Names of units that the adviser brings itself, on which rules may depend. */
  readonly builtInUnits?: ReadonlySet<string> | undefined;
}

export interface RuntimeEnvironment {
  readonly operatingSystem?:
    | { readonly name?: string | undefined; readonly version?: string | undefined }
    | undefined;
  /** Of two numbers, `3.9`, as rules state it: `==3.9` does not admit 3.9.1. */
  readonly pythonVersion?: Version | undefined;
  readonly cudaVersion?: Version | undefined;
  readonly openblasVersion?: Version | undefined;
  readonly openmpiVersion?: Version | undefined;
  readonly cudnnVersion?: Version | undefined;
  readonly mklVersion?: Version | undefined;
  /** As `linux-x86_64`. */
  readonly platform?: string | undefined;
  /** As `quay.io/organization/image:tag`. */
  readonly baseImage?: string | undefined;
  readonly hardware?: Hardware | undefined;
  /** What the base image holds. */
  readonly abiSymbols?: ReadonlySet<string> | undefined;
  readonly rpmPackages?: readonly RpmPackage[] | undefined;
  readonly pythonPackages?: readonly InstalledPackage[] | undefined;
}

export interface Hardware {
  readonly cpuFamily?: number | undefined;
  readonly cpuModel?: number | undefined;
  readonly gpuModel?: string | undefined;
  /** As Linux names them, `avx2`. */
  readonly cpuFlags?: ReadonlySet<string> | undefined;
}

/** As a rule would state it. */
export type RpmPackage = RpmPattern;

export interface InstalledPackage {
  readonly name: PackageName;
  readonly version: Version;
  readonly location?: string | undefined;
}
