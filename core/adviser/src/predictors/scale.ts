// One number for a vector that is compared level by level: a weight per level, so large that no sum of the levels after
// it can make up for one unit. Where that number would pass 2^53, no weights do; then each level counts as its share of
// the most it could cost, and a thousand times the level after it. Stacks are ranked by their vectors all the same: the
// number is what predictors learn from.

import type { Episodes } from "@thoth/solver";

export interface Scale {
  /** Per level. */
  readonly weights: Float64Array;
  /** The number of the dearest stack there could be; 0 where nothing costs anything. */
  readonly range: number;
  /** Stacks compare as their vectors do. */
  readonly exact: boolean;
}

const SHARE = 1000;

export function scaleOf(episodes: Episodes): Scale {
  const { levels } = episodes;
  const ceilings = Array.from({ length: levels }, (_, level) => episodes.ceiling(level));
  const weights = new Float64Array(levels);
  let unit = 1;
  for (let level = levels - 1; level >= 0; level--) {
    weights[level] = unit;
    unit *= (ceilings[level] as number) + 1;
  }
  const exact = unit - 1 < Number.MAX_SAFE_INTEGER;
  if (!exact) {
    for (let level = 0; level < levels; level++)
      weights[level] = SHARE ** (levels - 1 - level) / Math.max(1, ceilings[level] as number);
  }
  const range = ceilings.reduce((sum, ceiling, level) => sum + ceiling * (weights[level] as number), 0);
  return { weights, range, exact };
}

/** The score of what is decided: 0 at best, and lower the more it costs. */
export function scoreOf(vector: Float64Array, { weights }: Scale): number {
  let cost = 0;
  for (let level = 0; level < weights.length; level++)
    cost += (vector[level] as number) * (weights[level] as number);
  return -cost;
}
