export {
  type Choice,
  type Condition,
  type ConditionalCost,
  type ConditionalCosts,
  type ConditionalNeed,
  type ConditionalProblem,
  type Conditions,
  type Dependent,
  type Mark,
  withConditions,
} from "./conditional.ts";
export type { Core } from "./core.ts";
export type { Competitor, Derivation, DerivationStep, Literal, Resource } from "./derivation.ts";
export { Episodes, knownPart } from "./episode.ts";
export { type Front, type FrontAnswer, type FrontQuestion, walkFront } from "./front.ts";
export { type Joining, type JointProblem, joinProblems, type Part, type Shared } from "./joint.ts";
export type {
  Assignment,
  Budget,
  CoreLine,
  Dependency,
  Facts,
  LevelResult,
  PackageFacts,
  Problem,
  StepResult,
} from "./problem.ts";
export { Random } from "./random.ts";
export {
  complement,
  count,
  emptySet,
  equals,
  first,
  fullSet,
  has,
  intersect,
  isEmpty,
  lowestBit,
  type ReleaseSet,
  setFromRanges,
  union,
} from "./release-set.ts";
export { Solver, type SolverOptions } from "./solver.ts";
