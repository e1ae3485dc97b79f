// Learned search over the same problem as the exact one.

export { AdaptiveSimulatedAnnealing, type AnnealingOptions } from "./adaptive-simulated-annealing.ts";
export { ApproximatingLatest, type ApproximatingLatestOptions } from "./approximating-latest.ts";
export { guessFrom, type Stack } from "./best-stacks.ts";
export { createPredictor, PREDICTOR_NAMES, type PredictorOptions } from "./create-predictor.ts";
export { HillClimbing } from "./hill-climbing.ts";
export type { Point } from "./history.ts";
export { Latest } from "./latest.ts";
export {
  type LearnedAnswer,
  type LearnedOptions,
  LearnedResolution,
  type Surroundings,
} from "./learned-resolution.ts";
export { type MonteCarloOptions, MonteCarloTreeSearch } from "./mcts.ts";
export { PackageCombinations } from "./package-combinations.ts";
export { plotRun } from "./plot.ts";
export { type Experience, guessOf, loadPolicy, type Names, Policy, savePolicy } from "./policy.ts";
export type { Predictor, Run } from "./predictor.ts";
export { RandomWalk, type RandomWalkOptions } from "./random-walk.ts";
export { Sampling } from "./sampling.ts";
export { type Scale, scaleOf, scoreOf } from "./scale.ts";
export { type Learned, type LearningBudget, LearningRun, searchByLearning } from "./search-by-learning.ts";
export { type LearningOptions, TemporalDifference } from "./temporal-difference.ts";
