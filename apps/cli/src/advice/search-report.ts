// What a learned search found, as data and in words.

import { formatSeconds, plural } from "../frame/printable.ts";
import { type Gap, type SearchReport, speedOf } from "./run-search.ts";

/** Points of a curve that a document keeps. */
const MOST_POINTS = 250;

export function searchDocument(report: SearchReport) {
  const { predictor, seed, limit, stacks, deadEnds, exhausted, seconds, found, gap } = report;
  return {
    predictor,
    seed,
    limit,
    stacks,
    deadEnds,
    exhausted,
    stacksPerSecond: Math.round(stacks / Math.max(seconds, 1e-3)),
    ...(gap === undefined ? {} : { gap }),
    found: found.map(({ objective, packages }) => ({
      objective,
      packages: packages.map(({ name, version }) => ({ name, version })),
    })),
    curve: curveOf(report),
  };
}

/** Evenly thinned, the last point kept: it tells the best of the run. */
function curveOf({ history }: SearchReport) {
  const every = Math.ceil(history.length / MOST_POINTS);
  return history
    .filter((_, at) => at % every === 0 || at === history.length - 1)
    .map(({ stack, score, best, temperature, acceptance, reward }) => ({
      stack,
      score,
      best,
      temperature: known(temperature),
      acceptance: known(acceptance),
      reward: known(reward),
    }));
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export function searchText(report: SearchReport): string {
  const { predictor, stacks, seconds, seed, found, gap, exhausted } = report;
  const ran = `${predictor}: ${plural(stacks, "stack")} in ${formatSeconds(seconds)} (${speedOf(report)} a second), seed ${seed}${exhausted ? ", nothing left to try" : ""}`;
  return `${ran}; ${found.length === 0 ? "it found none" : gapText(gap)}`;
}

function gapText(gap: Gap | null | undefined): string {
  if (gap === undefined) return "nothing is proved of its best";
  if (gap === null) return "its best is the proven optimum";
  const { level, found, optimum } = gap;
  return `its best pays ${found} of ${level}, and the proven optimum ${optimum}`;
}
