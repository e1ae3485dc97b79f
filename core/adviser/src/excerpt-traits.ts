// Traits of a project's candidates as words of an excerpt: which there are, then each.

import type { Severity } from "@thoth/knowledge";
import { COUNTED } from "./rules.ts";
import { FLAGS, type FlawTrait, type KnownTraits } from "./traits.ts";

/** In the first word, after one bit for each flag. */
const SERIES = 1 << FLAGS.length;
const FLAWS = SERIES << 1;
const MAINTAINED = SERIES << 2;
const ABANDONED = SERIES << 3;
/** By what is counted, in the order of `COUNTED`. */
const POINTS = COUNTED.map((_, at) => ABANDONED << (1 + 2 * at));
const NO_POINTS = POINTS.map((bit) => bit << 1);

const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "unknown"];
/** Of a flaw: published, severity, exploited. Its set follows. */
const FLAW_WORDS = 3;

export function writeTraits(
  column: number[],
  { flags, series, points, flaws, abandoned }: KnownTraits,
): void {
  let mask = 0;
  for (const [at, name] of FLAGS.entries()) if (flags[name] !== undefined) mask |= 1 << at;
  if (series !== undefined) mask |= SERIES;
  for (const [at, counted] of COUNTED.entries()) {
    if (points[counted] !== undefined) mask |= (points[counted] === null ? NO_POINTS : POINTS)[at] as number;
  }
  if (flaws !== undefined) mask |= FLAWS;
  if (abandoned !== undefined) mask |= abandoned ? ABANDONED : MAINTAINED;
  column.push(mask);
  for (const name of FLAGS) append(column, flags[name] ?? []);
  append(column, series ?? []);
  for (const counted of COUNTED) append(column, points[counted] ?? []);
  if (flaws === undefined) return;
  column.push(flaws.length);
  for (const { published, severity, exploited, affects } of flaws) {
    column.push(published, SEVERITIES.indexOf(severity), exploited ? 1 : 0);
    append(column, affects);
  }
}

/** Of a project with that many candidates. */
export function readTraits(column: Int32Array, start: number, count: number): KnownTraits {
  const mask = column[start] ?? 0;
  const words = (count + 31) >> 5;
  let at = start + 1;
  const take = (length: number) => {
    at += length;
    return column.subarray(at - length, at);
  };
  const takeSet = () => {
    const { buffer, byteOffset, length } = take(words);
    return new Uint32Array(buffer, byteOffset, length);
  };
  const known: KnownTraits = { flags: {}, points: {} };
  for (const [bit, name] of FLAGS.entries()) if ((mask & (1 << bit)) !== 0) known.flags[name] = takeSet();
  if ((mask & SERIES) !== 0) known.series = take(count);
  for (const [at, counted] of COUNTED.entries()) {
    if ((mask & (POINTS[at] as number)) !== 0) known.points[counted] = take(count);
    if ((mask & (NO_POINTS[at] as number)) !== 0) known.points[counted] = null;
  }
  if ((mask & (ABANDONED | MAINTAINED)) !== 0) known.abandoned = (mask & ABANDONED) !== 0;
  if ((mask & FLAWS) !== 0) {
    const flaws = take(1)[0] ?? 0;
    known.flaws = Array.from({ length: flaws }, (): FlawTrait => {
      const [published = 0, severity = 0, exploited = 0] = take(FLAW_WORDS);
      return {
        published: published >>> 0,
        severity: SEVERITIES[severity] ?? "unknown",
        exploited: exploited === 1,
        affects: takeSet(),
      };
    });
  }
  return known;
}

/** One by one: a call takes only so many arguments, and an index decides how many these are. */
export function append(column: number[], values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) column.push(values[i]!);
}
