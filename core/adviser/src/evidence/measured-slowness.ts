// Measurements as terms of the search: how much slower a release is than the newest one that was measured in the same
// environment (recommendation.md, `slowness`). What was not measured is unknown, and costs nothing.

import { environmentDigest, type Fact, type MeasurementFact } from "@thoth/knowledge";
import { compareVersions, normalizeName, parseSpecifiers, parseVersion } from "@thoth/pep";
import type { RuleTerm } from "../rules.ts";

/** Where the answer is to run, as far as it is known. */
export interface MeasuredPlace {
  /** Such as `cpython 3.11`. */
  readonly python: string;
  readonly machine: string;
  /** Model of the processor; absent where it is not told. */
  readonly cpu?: string;
}

/** Points of twice the time. */
const POINTS_OF_DOUBLE = 1000;

/**
 * Terms of one project's measurements. Those of other Pythons or machines say nothing; of the rest the environment that is most like
 * the place is taken, and no two environments are ever compared.
 */
export function measuredSlowness(
  facts: readonly Fact<"measurement">[],
  place: MeasuredPlace,
): readonly RuleTerm[] {
  const terms: RuleTerm[] = [];
  for (const own of Map.groupBy(facts, ({ owner }) => owner).values()) {
    const nearest = nearestOf(own, place);
    const byQuestion = Map.groupBy(nearest, ({ body }) => questionOf(body));
    const speedups = new Map<string, Speedup[]>();
    for (const measured of byQuestion.values()) addSpeedups(speedups, measured);
    for (const [version, all] of speedups) terms.push(...termOf((own[0] as Fact).owner, version, all));
  }
  return terms;
}

/** Alike are measurements of the same thing. */
function questionOf({ indicator, script, parameters, metric }: MeasurementFact): string {
  return JSON.stringify([indicator, script, Object.entries(parameters).sort(), metric]);
}

function nearestOf(
  facts: readonly Fact<"measurement">[],
  place: MeasuredPlace,
): readonly Fact<"measurement">[] {
  const fitting = facts.filter(
    ({ body: { environment, noisy } }) =>
      noisy === undefined &&
      environment.machine === place.machine &&
      seriesOf(environment.python) === place.python,
  );
  const groups = [...Map.groupBy(fitting, ({ body }) => environmentDigest(body.environment)).entries()];
  groups.sort(([a, one], [b, other]) => {
    const closeness = likeness(other, place) - likeness(one, place);
    return closeness !== 0 ? closeness : other.length - one.length || (a < b ? -1 : 1);
  });
  return groups[0]?.[1] ?? [];
}

function likeness([first]: readonly Fact<"measurement">[], { cpu }: MeasuredPlace): number {
  return cpu !== undefined && first?.body.environment.cpu.model === cpu ? 1 : 0;
}

/** `cpython 3.11.7` as `cpython 3.11`. */
function seriesOf(python: string): string {
  return python.split(".").slice(0, 2).join(".");
}

interface Speedup {
  readonly indicator: string;
  readonly newest: string;
  /** log2 of how many times as fast it is as the newest; what is certain of it. */
  readonly certain: number;
  readonly median: number;
}

function addSpeedups(speedups: Map<string, Speedup[]>, measured: readonly Fact<"measurement">[]): void {
  // The same release may have been measured more than once: the one with more repetitions is believed.
  const byVersion = new Map<string, MeasurementFact>();
  for (const { body } of measured) {
    const known = byVersion.get(body.version);
    if (known === undefined || repetitionsOf(known) < repetitionsOf(body)) byVersion.set(body.version, body);
  }
  const versions = [...byVersion.keys()].sort((a, b) => compareVersions(parseVersion(b), parseVersion(a)));
  const newest = byVersion.get(versions[0] ?? "");
  if (newest === undefined) return;
  for (const [version, body] of byVersion) {
    const speedup = speedupOf(body, newest);
    if (speedup === undefined) continue;
    const known = speedups.get(version) ?? [];
    known.push({ indicator: body.indicator, newest: newest.version, ...speedup });
    speedups.set(version, known);
  }
}

function repetitionsOf({ batches }: MeasurementFact): number {
  return batches.reduce((sum, { length }) => sum + length, 0);
}

/** Shrunk towards nothing by the intervals of both: where they overlap, no difference is certain. */
function speedupOf(
  one: MeasurementFact,
  newest: MeasurementFact,
): Pick<Speedup, "certain" | "median"> | undefined {
  const [a, b] = one.higherIsBetter ? [one, newest] : [newest, one];
  if (![...a.interval, ...b.interval, a.median, b.median].every((value) => value > 0)) return undefined;
  const least = Math.log2(a.interval[0] / b.interval[1]);
  const most = Math.log2(a.interval[1] / b.interval[0]);
  return { certain: least > 0 ? least : Math.min(most, 0), median: a.median / b.median };
}

function termOf(owner: string, version: string, speedups: readonly Speedup[]): RuleTerm[] {
  const mean = speedups.reduce((sum, { certain }) => sum + certain, 0) / speedups.length;
  const points = -Math.round(POINTS_OF_DOUBLE * mean);
  if (points === 0) return [];
  const name = normalizeName(owner);
  const said = speedups
    .filter(({ certain }) => certain !== 0)
    .map(({ indicator, median, newest }) => `${indicator} ${times(median)} as fast as ${newest}`);
  return [
    {
      unit: `measured ${name} ${version}`,
      score: -points / POINTS_OF_DOUBLE,
      counts: "slowness",
      forbids: undefined,
      when: [{ name, specifiers: parseSpecifiers(`==${version}`), prereleases: true }],
      justification: [
        {
          type: points > 0 ? "WARNING" : "INFO",
          message: `measured: ${name} ${version} runs ${said.join(", ")}`,
          link: "",
          packageName: name,
        },
      ],
    },
  ];
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} times`;
}
