// Whether one of two measurements is faster. The speed-up is the median of the ratios of every look at the one to every
// look at the other (Hodges and Lehmann), and its interval holds with a confidence of at least 95 % whatever the
// times are spread like, by the count of Mann and Whitney. Unlike things are not compared.
// https://en.wikipedia.org/wiki/Hodges%E2%80%93Lehmann_estimator

import type { MeasurementFact } from "../graph/observation-facts.ts";
import { environmentDifferences } from "./environment-digest.ts";
import { median } from "./median.ts";
import { looksOf } from "./summarize.ts";

export type Comparison =
  | { readonly kind: "incomparable"; readonly reasons: readonly string[] }
  | {
      readonly kind: "faster" | "slower" | "no-measurable-difference";
      /** Of the second against the first: 2 is twice as fast. */
      readonly speedup: number;
      readonly interval: readonly [low: number, high: number];
      /** Packages in which the stacks differ. */
      readonly changed: readonly Changed[];
      /** Why no difference could be measured, where it is more than that there is none. */
      readonly why?: string;
    };

export interface Changed {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** A speed-up within this of 1 is none that anybody can rely on: machines and hours differ by more. */
export const SMALLEST_DIFFERENCE = 0.02;

/** The second against the first. */
export function compareMeasurements(
  first: MeasurementFact,
  second: MeasurementFact,
  smallest: number = SMALLEST_DIFFERENCE,
): Comparison {
  const reasons = unlikenesses(first, second);
  if (reasons.length > 0) return { kind: "incomparable", reasons };
  const [before, after] = [looksOf(first.batches), looksOf(second.batches)];
  const { speedup, interval, isCertain } = first.higherIsBetter
    ? speedupOf(after, before)
    : speedupOf(before, after);
  const answer = { speedup, interval, changed: changesOf(first.stack, second.stack) };
  const doubt = isCertain ? (first.noisy ?? second.noisy) : "too few batches for an interval of 95 %";
  if (doubt !== undefined) return { kind: "no-measurable-difference", ...answer, why: doubt };
  if (interval[0] > 1 + smallest) return { kind: "faster", ...answer };
  if (interval[1] < 1 / (1 + smallest)) return { kind: "slower", ...answer };
  return { kind: "no-measurable-difference", ...answer };
}

function unlikenesses(first: MeasurementFact, second: MeasurementFact): string[] {
  const reasons = environmentDifferences(first.environment, second.environment).map(
    (name) => `environment: ${name}`,
  );
  for (const name of ["indicator", "script", "metric", "unit", "higherIsBetter"] as const)
    if (first[name] !== second[name]) reasons.push(name);
  const names = new Set([...Object.keys(first.parameters), ...Object.keys(second.parameters)]);
  for (const name of [...names].sort())
    if (first.parameters[name] !== second.parameters[name]) reasons.push(`parameter: ${name}`);
  if (first.batches.flat().length === 0 || second.batches.flat().length === 0) reasons.push("no values");
  if ([...first.batches, ...second.batches].flat().some((value) => !(value > 0))) reasons.push("values");
  return reasons;
}

export interface Speedup {
  /** Of the second against the first: 2 is twice as fast. */
  readonly speedup: number;
  readonly interval: readonly [low: number, high: number];
  /** There are enough times for an interval of 95 %. */
  readonly isCertain: boolean;
}

/** From positive times. */
export function speedupOf(first: readonly number[], second: readonly number[]): Speedup {
  const ratios = first.flatMap((one) => second.map((other) => one / other)).sort((a, b) => a - b);
  const rank = mannWhitneyRank(first.length, second.length);
  return {
    // Of logarithms, so that it is the same from either side.
    speedup: Math.exp(median(ratios.map(Math.log))),
    interval: [ratios[Math.max(0, rank - 1)]!, ratios[ratios.length - Math.max(1, rank)]!],
    isCertain: rank > 0,
  };
}

/**
 * The largest k for which at most k - 1 pairs of `first` and `second` values are out of order with a probability of at
 * most 2.5 %, if both are of the same kind; 0: there is none.
 */
export function mannWhitneyRank(first: number, second: number): number {
  const pairs = first * second;
  if (first > 40 || second > 40) {
    const deviation = Math.sqrt((pairs * (first + second + 1)) / 12);
    return Math.max(0, Math.floor(pairs / 2 - 1.96 * deviation));
  }
  const counts = mannWhitneyCounts(first, second);
  const all = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [rank, count] of counts.entries()) {
    below += count;
    if (below / all > 0.025) return rank;
  }
  return counts.length;
}

/** How many of all orders of `first` and `second` values have 0, 1, 2, … pairs out of order: a Gaussian binomial. */
function mannWhitneyCounts(first: number, second: number): readonly number[] {
  const most = first * second;
  const counts = new Array<number>(most + 1).fill(0);
  counts[0] = 1;
  for (let one = 1; one <= first; one++) {
    // Times (1 - x^(second + one)), then divided by (1 - x^one).
    for (let at = most; at >= second + one; at--) counts[at]! -= counts[at - second - one]!;
    for (let at = one; at <= most; at++) counts[at]! += counts[at - one]!;
  }
  return counts;
}

function changesOf(first: MeasurementFact["stack"], second: MeasurementFact["stack"]): readonly Changed[] {
  const [from, to] = [new Map(first), new Map(second)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .sort()
    .filter((name) => from.get(name) !== to.get(name))
    .map((name) => ({ name, from: from.get(name), to: to.get(name) }));
}
