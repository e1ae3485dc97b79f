// Compiled rules about packages, and the units that take part in a request. `./compile` makes them of YAML.

export type {
  Hardware,
  InstalledPackage,
  PipelineContext,
  RpmPackage,
  RuntimeEnvironment,
} from "./context.ts";
export { evaluateInclusion } from "./evaluate-inclusion.ts";
export {
  type BaseImagePattern,
  type Choice,
  DECISION_TYPES,
  type DecisionType,
  type EnvironmentRule,
  type HardwarePattern,
  type Inclusion,
  type OperatingSystemPattern,
  type PythonPackagePattern,
  RECOMMENDATION_TYPES,
  type RecommendationType,
  type RpmPattern,
  type UnitList,
  type UnitReference,
  type VersionedSoftware,
  type VersionRule,
} from "./inclusion.ts";
export { linksOf } from "./links.ts";
export {
  type MatchedRelease,
  matchesIndex,
  matchesPackage,
  matchesStack,
  matchesStep,
  matchesVersion,
  type Stack,
  type StepState,
} from "./match.ts";
export type { ParsedFile, PrescriptionFile } from "./parse-file.ts";
export { buildPipeline, type Pipeline } from "./pipeline.ts";
export { openPrescriptions, type Prescriptions } from "./prescriptions.ts";
export type { Problem, ProblemCode } from "./problem.ts";
export { readRuntimeEnvironment, type ToldEnvironment } from "./read-environment.ts";
export {
  type Addition,
  type AddPackageStepUnit,
  type Alternative,
  type AnyWrapUnit,
  type BootUnit,
  type GroupStepUnit,
  type IndexPattern,
  type Justification,
  type LogEntry,
  type NamedPattern,
  type PackagePattern,
  type Prescription,
  type PseudonymUnit,
  type ReleaseNotes,
  type ReleaseNotesWrapUnit,
  type SearchStepUnit,
  type Severity,
  type SieveUnit,
  type SkipPackageSieveUnit,
  type SkipPackageStepUnit,
  type StackInfo,
  type StepMatch,
  type StepUnit,
  type StrideUnit,
  UNIT_KINDS,
  type Unit,
  type UnitKind,
  type UnitRun,
  type WrapUnit,
} from "./unit.ts";
