// What repeated measuring came to. Repetitions within one process resemble each other more than those of another (memory
// lies elsewhere, the hour is another one), so that a process, not a repetition, counts as one look: the interval comes
// from the medians of the batches.

import { FEWEST, median, medianInterval, relativeSpread, withoutOutliers } from "./median.ts";
import { looksQuantised } from "./quantisation.ts";

export interface Samples {
  /** Repetitions without those that warm up, by batch: a batch is one process. */
  readonly batches: readonly (readonly number[])[];
  readonly unit: string;
  /** Seconds for which a quota stopped the processes; absent where nobody knows. */
  readonly throttled?: number | undefined;
}

export interface Summary {
  /** What was kept. */
  readonly batches: readonly (readonly number[])[];
  readonly median: number;
  readonly interval: readonly [low: number, high: number];
  readonly outliers: number;
  /** Why it cannot be relied on. */
  readonly noisy?: string;
}

/** Half the width of an interval, as a share of the median, above which it tells little. */
const WIDE = 0.05;

/** Undefined where there is no value at all. */
export function summarize(samples: Samples): Summary | undefined {
  const given = samples.batches.filter((batch) => batch.length > 0);
  if (given.length === 0) return undefined;
  const batches = given.map(withoutOutliers);
  const outliers = countOf(given) - countOf(batches);
  const looks = looksOf(batches);
  const middle = median(looks);
  const interval = medianInterval(looks) ?? [Math.min(...looks), Math.max(...looks)];
  const noisy = noiseOf({ samples, looks, middle, interval, share: outliers / countOf(given) });
  return { batches, median: middle, interval, outliers, ...(noisy === undefined ? {} : { noisy }) };
}

/** The numbers that count as one look each: medians of batches; of a single batch its repetitions. */
export function looksOf(batches: readonly (readonly number[])[]): readonly number[] {
  const [only, ...others] = batches;
  return only !== undefined && others.length === 0 ? only : batches.map(median);
}

function countOf(batches: readonly (readonly number[])[]): number {
  return batches.reduce((sum, batch) => sum + batch.length, 0);
}

interface Found {
  readonly samples: Samples;
  readonly looks: readonly number[];
  readonly middle: number;
  readonly interval: readonly [number, number];
  /** Of repetitions that were left out. */
  readonly share: number;
}

function noiseOf({ samples, looks, middle, interval, share }: Found): string | undefined {
  const { unit, throttled, batches } = samples;
  const times = unit === "ms" ? looks : unit === "s" ? looks.map((value) => value * 1000) : [];
  if (looksQuantised(times, throttled))
    return throttled === undefined
      ? "times lie at multiples of 100 ms, as a processor quota makes them"
      : `a processor quota stopped it for ${throttled.toPrecision(2)} s`;
  if (looks.length < FEWEST)
    return `${looks.length} ${batches.length > 1 ? "batches" : "repetitions"}: the interval is their range, no 95 %`;
  if (share > 0.2) return `${Math.round(share * 100)} % of the repetitions are outliers`;
  const half = middle === 0 ? 0 : (interval[1] - interval[0]) / 2 / Math.abs(middle);
  if (half > WIDE) return `the interval is ±${Math.round(half * 100)} % wide`;
  const spread = relativeSpread(looks);
  return spread > WIDE ? `batches differ by ${Math.round(spread * 100)} %` : undefined;
}
