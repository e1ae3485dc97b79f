export { adviseOn } from "./advice.ts";
export { type Candidates, type Exclusion, selectCandidates } from "./candidates.ts";
export { EvidenceBook, type SeenEvidence } from "./evidence/evidence-book.ts";
export { type MeasuredPlace, measuredSlowness } from "./evidence/measured-slowness.ts";
export { observedBreakage } from "./evidence/observed-breakage.ts";
export { scorecardTerms } from "./evidence/scorecard-terms.ts";
export { Excerpt } from "./excerpt.ts";
export type { CoreStatement, Failure } from "./failure.ts";
export {
  describeExclusion,
  type Fitting,
  type FittingSources,
  fittingReleases,
} from "./fitting.ts";
export {
  differencesOf,
  type JointEntry,
  jointEntries,
  jointLockDocument,
  jointLockOf,
  jointWarnings,
} from "./joint-lock.ts";
export {
  DIFFERENCES,
  type JointOptions,
  type JointProduct,
  type JointProject,
  JointResolution,
  type JointStep,
} from "./joint-resolution.ts";
export { keptVersions } from "./kept-versions.ts";
export type { Level } from "./level.ts";
export {
  DEFAULT_GROUP,
  groupMarker,
  type LockDocument,
  type LockOptions,
  lockDocument,
  lockOf,
  type MovedPackage,
  missingHashes,
  requirementsText,
} from "./lock.ts";
export {
  firstGain,
  type Loosening,
  type Loosenings,
  leavesSomething,
  looseningsOf,
  worthTrying,
} from "./loosening.ts";
export { LEVELS, parseObjective, REPEAT } from "./objective.ts";
export type { Demand, PackageAdvice, PassedOver, Payment } from "./package-advice.ts";
export { type FrontPoint, type LevelPair, type ParetoFront, paretoFront } from "./pareto.ts";
export {
  asOfFor,
  type ChosenFile,
  type ChosenPackage,
  type ChosenRelease,
  type DatedApart,
  developmentOnly,
  type ObjectiveLevel,
  type Policy,
  type Product,
  type Project,
  type ProjectRequirement,
  type RecommendationType,
} from "./project.ts";
export {
  changesOf,
  describeChanges,
  furtherThan,
  pinnedAt,
  type Relaxation,
  type RequirementChange,
  relaxationsOf,
  upwardOnly,
} from "./relaxation.ts";
export {
  type Evidence,
  Resolution,
  type ResolutionOptions,
  type ResolutionStep,
} from "./resolution.ts";
export { bookOf } from "./rule-book.ts";
export type { RuleBoot, RuleChanges } from "./rule-changes.ts";
export type { RuleCondition, RuledRelease, RuleJustification } from "./rule-condition.ts";
export type { RuleBook, RuledStack, RuleTerm } from "./rules.ts";
export { holdingTerms, holdingUnits } from "./rules.ts";
export { unknownNameHint } from "./spelling.ts";
export type { Universe } from "./universe.ts";
export { Wishes } from "./wishes.ts";
