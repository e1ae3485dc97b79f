// What a recorded series tells: each release against the one before it.

import { compareMeasurements, type MeasurementFact } from "@thoth/knowledge";
import { compareVersions, parseVersion } from "@thoth/pep";
import type { Recorded } from "./recorded.ts";

export interface Step {
  readonly series: string;
  readonly indicator: string;
  readonly metric: string;
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly speedup?: number;
  readonly interval?: readonly [number, number];
  readonly why?: string;
}

export function speedups({ series, releases }: Recorded): readonly Step[] {
  const versions = Object.keys(releases).sort((a, b) => compareVersions(parseVersion(a), parseVersion(b)));
  return versions.slice(1).flatMap((to, at) => {
    const from = versions[at]!;
    const before = measurementsOf(releases[from]!.facts);
    return [...measurementsOf(releases[to]!.facts)].flatMap(([key, after]): Step[] => {
      const earlier = before.get(key);
      if (earlier === undefined) return [];
      const { indicator, metric } = after;
      const comparison = compareMeasurements(earlier, after);
      const found =
        comparison.kind === "incomparable" ? { why: comparison.reasons.join(", ") } : pick(comparison);
      return [{ series: series.name, indicator, metric, from, to, kind: comparison.kind, ...found }];
    });
  });
}

function pick({
  speedup,
  interval,
  why,
}: {
  speedup: number;
  interval: readonly [number, number];
  why?: string;
}) {
  return { speedup, interval, ...(why === undefined ? {} : { why }) };
}

function measurementsOf(facts: Recorded["releases"][string]["facts"]): ReadonlyMap<string, MeasurementFact> {
  const found = new Map<string, MeasurementFact>();
  for (const { kind, body } of facts)
    if (kind === "measurement") found.set(`${body.indicator} ${body.metric}`, body);
  return found;
}
