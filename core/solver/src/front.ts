// The Pareto front of two sums: the pairs of values of which no assignment betters one without worsening the other. Walked
// from one end to the other, a lexicographic answer for each point: the least of the first sum, then of the second, where the
// second is below that of the point before (https://doi.org/10.1016/j.amc.2009.03.037, "augmented epsilon-constraint").
// Whoever hosts the walk asks the questions; no question is without an answer unless the first is.

export interface FrontQuestion {
  /** The sum that is minimised first; the other is next. */
  readonly first: 0 | 1;
  /** What the other may be at most; undefined: anything. */
  readonly limit: number | undefined;
}

export interface FrontAnswer {
  readonly values: readonly [number, number];
  /** Nothing is less, in that order. */
  readonly proved: boolean;
}

export interface Front<Answer extends FrontAnswer> {
  /** The first value rises and the second falls. */
  readonly points: readonly Answer[];
  /** These are all, and it is proved that each is on the front and that there is none beside. */
  readonly complete: boolean;
}

/** At most so many points, two at least: those from the least of the first sum on, and the one with the least second. */
export function* walkFront<Answer extends FrontAnswer>(
  most: number,
): Generator<FrontQuestion, Front<Answer>, Answer | undefined> {
  const last = yield { first: 1, limit: undefined };
  if (last?.proved !== true) return { points: last === undefined ? [] : [last], complete: false };
  const points: Answer[] = [];
  for (let limit: number | undefined; ; ) {
    const point: Answer | undefined = yield { first: 0, limit };
    if (point?.proved !== true) return { points: [...points, last], complete: false };
    if (point.values[1] === last.values[1]) return { points: [...points, point], complete: true };
    points.push(point);
    if (points.length >= most - 1) return { points: [...points, last], complete: false };
    limit = point.values[1] - 1;
  }
}
