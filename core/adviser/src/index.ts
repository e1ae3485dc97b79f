export { type Candidates, type Exclusion, selectCandidates } from "./candidates.ts";
export type { CoreStatement, Failure } from "./failure.ts";
export type {
  ChosenPackage,
  ObjectiveLevel,
  Policy,
  Product,
  Project,
  ProjectRequirement,
  RecommendationType,
} from "./project.ts";
export { Resolution, type ResolutionOptions, type ResolutionStep } from "./resolution.ts";
