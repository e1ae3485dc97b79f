export { adviseOn, type Demand, type PackageAdvice, type PassedOver, type Payment } from "./advice.ts";
export { type Candidates, type Exclusion, selectCandidates } from "./candidates.ts";
export { Excerpt } from "./excerpt.ts";
export type { CoreStatement, Failure } from "./failure.ts";
export {
  type LockDocument,
  type LockOptions,
  lockDocument,
  lockOf,
  missingHashes,
  requirementsText,
} from "./lock.ts";
export { LEVELS, type Level, parseObjective } from "./objective.ts";
export type {
  ChosenFile,
  ChosenPackage,
  ChosenRelease,
  ObjectiveLevel,
  Policy,
  Product,
  Project,
  ProjectRequirement,
  RecommendationType,
} from "./project.ts";
export { describeRelaxation, type Relaxation, relaxationsOf } from "./relaxation.ts";
export { Resolution, type ResolutionOptions, type ResolutionStep } from "./resolution.ts";
