// The middle of some numbers, and how sure one can be of it, without supposing how they are spread.

/** Of at least one value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) throw new Error("nothing has no median");
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median distance from the median. */
export function medianDeviation(values: readonly number[]): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}

/** The interval of the fewest values for which one of 95 % exists. */
export const FEWEST = 6;

/**
 * Where the median of what the values are a sample of lies, with a confidence of at least 95 %: from the k-th smallest to
 * the k-th largest of them. How often that holds depends on the number of values alone, as each lies on either side of
 * the median with even chance. With fewer than 6 values there is no such interval: undefined.
 * https://en.wikipedia.org/wiki/Median#Confidence_intervals
 */
export function medianInterval(values: readonly number[]): readonly [low: number, high: number] | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = signRank(sorted.length);
  return rank === 0 ? undefined : [sorted[rank - 1]!, sorted[sorted.length - rank]!];
}

/** The largest k for which fewer than k of n even chances come with a probability of at most 2.5 %; 0: there is none. */
function signRank(count: number): number {
  if (count > 1000) return Math.floor((count - 1.96 * Math.sqrt(count)) / 2);
  let below = 0;
  // Chance that exactly k of them do.
  let chance = 2 ** -count;
  for (let rank = 0; ; rank++) {
    below += chance;
    if (below > 0.025) return rank;
    chance *= (count - rank) / (rank + 1);
  }
}

/**
 * Splits off values that lie too far from the median to be of the same kind: more than 3.5 times the spread that the median
 * deviation stands for. Of fewer than five values none is known to be far.
 * Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993).
 */
export function withoutOutliers(values: readonly number[]): readonly number[] {
  if (values.length < 5) return values;
  const [middle, deviation] = [median(values), medianDeviation(values)];
  if (deviation === 0) return values;
  return values.filter((value) => (0.6745 * Math.abs(value - middle)) / deviation <= 3.5);
}

/** How far values mostly are from their median, as a share of it; what a standard deviation would be were they normal. */
export function relativeSpread(values: readonly number[]): number {
  const middle = median(values);
  return middle === 0 ? 0 : (1.4826 * medianDeviation(values)) / Math.abs(middle);
}
