// Predictors by the names that the original gave them.

import { quote, ThothError } from "@thoth/pep";
import { AdaptiveSimulatedAnnealing } from "./adaptive-simulated-annealing.ts";
import { ApproximatingLatest } from "./approximating-latest.ts";
import { HillClimbing } from "./hill-climbing.ts";
import { Latest } from "./latest.ts";
import { MonteCarloTreeSearch } from "./mcts.ts";
import { PackageCombinations } from "./package-combinations.ts";
import type { Names, Policy } from "./policy.ts";
import type { Predictor } from "./predictor.ts";
import { RandomWalk } from "./random-walk.ts";
import { Sampling } from "./sampling.ts";
import { TemporalDifference } from "./temporal-difference.ts";

/** What all predictors can be told; each takes what concerns it. Packages are the host's numbers. */
export interface PredictorOptions {
  readonly prioritized?: readonly number[];
  readonly combined?: readonly number[];
  readonly preferRecent?: boolean;
  readonly step?: number;
  readonly trace?: boolean;
  readonly heatUp?: number;
  readonly policy?: Policy | undefined;
  readonly names?: Names | undefined;
}

type Create = (options: PredictorOptions) => Predictor;

const PREDICTORS: ReadonlyMap<string, Create> = new Map<string, Create>([
  ["AdaptiveSimulatedAnnealing", () => new AdaptiveSimulatedAnnealing()],
  ["ApproximatingLatest", (options) => new ApproximatingLatest(options)],
  ["HillClimbing", () => new HillClimbing()],
  ["Latest", () => new Latest()],
  ["MCTS", (options) => new MonteCarloTreeSearch(options)],
  ["PackageCombinations", ({ combined = [] }) => new PackageCombinations(combined)],
  ["RandomWalk", (options) => new RandomWalk(options)],
  ["Sampling", () => new Sampling()],
  ["TemporalDifference", (options) => new TemporalDifference(options)],
]);

/** What a learned search runs where nobody says what: it came nearest to the optimum in measurement. */
const AUTO = "TemporalDifference";

export const PREDICTOR_NAMES: readonly string[] = [...PREDICTORS.keys()];

/** `AUTO` leaves the choice to Thoth. */
export function createPredictor(name: string, options: PredictorOptions = {}): Predictor {
  const create = PREDICTORS.get(name === "AUTO" ? AUTO : name);
  if (create === undefined)
    throw new ThothError("usage", `There is no predictor ${quote(name)}.`, {
      hint: `It is one of ${PREDICTOR_NAMES.join(", ")}.`,
    });
  return create(options);
}
