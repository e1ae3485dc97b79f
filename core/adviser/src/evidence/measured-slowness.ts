// Measurements as terms of the search: how much slower a release is than the newest one that was measured in the same
// environment (recommendation.md, `slowness`). What nobody measured is unknown, and costs nothing.

import { environmentDigest, type Fact, type MeasurementFact, SMALLEST_DIFFERENCE } from "@thoth/knowledge";
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
    const { owner } = own[0] as Fact;
    for (const measured of byQuestion.values()) addSpeedups(speedups, owner, measured);
    const points = new Map([...speedups].map(([version, all]) => [version, pointsOf(all)]));
    for (const [version, all] of speedups)
      terms.push(...termOf(owner, version, all, points.get(version) as number));
    terms.push(...termsBetween(owner, points));
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

/** Of one release beside the newest. */
interface Standing {
  /** log2 of how many times as fast it is; what is certain of it. */
  readonly certain: number;
  readonly median: number;
}

interface Speedup extends Standing {
  readonly indicator: string;
  readonly metric: string;
  readonly newest: string;
}

/** A measurement, with the other packages of its stack. */
interface Look {
  readonly body: MeasurementFact;
  readonly others: ReadonlyMap<string, string>;
}

/** Of one question to one package; older releases than that have no say. */
const MOST_LOOKS = 1000;

function addSpeedups(
  speedups: Map<string, Speedup[]>,
  owner: string,
  measured: readonly Fact<"measurement">[],
): void {
  const looks = looksOf(owner, measured);
  const [first] = looks;
  if (first === undefined) return;
  const { indicator, metric, version: newest } = first.body;
  for (const [version, standing] of standingsOf(looks)) {
    const known = speedups.get(version) ?? [];
    known.push({ indicator, metric, newest, ...standing });
    speedups.set(version, known);
  }
}

/** The newest release first; of what was measured more than once in a stack, the one with more repetitions. */
function looksOf(owner: string, measured: readonly Fact<"measurement">[]): readonly Look[] {
  const known = new Map<string, MeasurementFact>();
  for (const { body } of measured) {
    const key = JSON.stringify([body.version, body.stack]);
    const other = known.get(key);
    if (other === undefined || repetitionsOf(other) < repetitionsOf(body)) known.set(key, body);
  }
  const byVersion = [...known.values()].sort(
    (a, b) =>
      compareVersions(parseVersion(b.version), parseVersion(a.version)) ||
      repetitionsOf(b) - repetitionsOf(a),
  );
  return byVersion
    .slice(0, MOST_LOOKS)
    .map((body) => ({ body, others: new Map(body.stack.filter(([name]) => name !== owner)) }));
}

/**
 * By version. Two releases are compared where all packages that both stacks have are of the same version: else it might be those that
 * are faster. A release that was never measured beside what the newest was is compared with one that was, by as few steps
 * as can be; what no step leads to is unknown.
 */
function standingsOf(looks: readonly Look[]): ReadonlyMap<string, Standing> {
  const standings = new Map<string, Standing>();
  const reached: Look[] = [];
  const reach = (version: string, standing: Standing) => {
    standings.set(version, standing);
    reached.push(...looks.filter(({ body }) => body.version === version));
  };
  reach((looks[0] as Look).body.version, { certain: 0, median: 1 });
  for (const known of reached) {
    const { certain, median } = standings.get(known.body.version) as Standing;
    for (const look of looks) {
      if (standings.has(look.body.version) || !areAlike(look.others, known.others)) continue;
      const step = speedupOf(look.body, known.body);
      if (step !== undefined)
        reach(look.body.version, { certain: certain + step.certain, median: median * step.median });
    }
  }
  return standings;
}

function areAlike(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  for (const [name, version] of one) if ((other.get(name) ?? version) !== version) return false;
  return true;
}

function repetitionsOf({ batches }: MeasurementFact): number {
  return batches.reduce((sum, { length }) => sum + length, 0);
}

/** Shrunk towards nothing by the intervals of both: where they overlap, no difference is certain. */
function speedupOf(one: MeasurementFact, newest: MeasurementFact): Standing | undefined {
  const [a, b] = one.higherIsBetter ? [one, newest] : [newest, one];
  if (![...a.interval, ...b.interval, a.median, b.median].every((value) => value > 0)) return undefined;
  const least = Math.log2(a.interval[0] / b.interval[1]);
  const most = Math.log2(a.interval[1] / b.interval[0]);
  return { certain: least > 0 ? least : Math.min(most, 0), median: a.median / b.median };
}

/**
 * Above 0: slower than the newest. Indicators count alike, however many metrics each has. Who gains less than anybody could rely on
 * gains nothing: that is no reason for an older release.
 */
function pointsOf(speedups: readonly Speedup[]): number {
  const indicators = [...Map.groupBy(speedups, ({ indicator }) => indicator).values()];
  const speedup = mean(indicators.map((metrics) => mean(metrics.map(({ certain }) => certain))));
  if (speedup > 0 && speedup < Math.log2(1 + SMALLEST_DIFFERENCE)) return 0;
  return -Math.round(POINTS_OF_DOUBLE * speedup);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * A release that was not measured is as slow as those that were, on either side of it, are at least; one older than all of them as
 * slow as the oldest. Else the release next to a slow one would do better for not having been looked at. None is faster by that.
 */
function termsBetween(owner: string, points: ReadonlyMap<string, number>): RuleTerm[] {
  const name = normalizeName(owner);
  const versions = [...points.keys()].sort((a, b) => compareVersions(parseVersion(a), parseVersion(b)));
  return versions.flatMap((newer, at): RuleTerm[] => {
    const older = at === 0 ? undefined : (versions[at - 1] as string);
    const cost = Math.min(points.get(newer) ?? 0, points.get(older ?? newer) ?? 0);
    if (cost <= 0) return [];
    const [range, measured] =
      older === undefined
        ? [`<${newer}`, `${newer}, the oldest that was, is`]
        : [`>${older},<${newer}`, `${older} and ${newer}, on either side of it, are`];
    const message = `not measured: ${name} ${measured} slower than ${versions.at(-1)}`;
    return [
      {
        unit: `measured ${name} ${range}`,
        score: -cost / POINTS_OF_DOUBLE,
        counts: "slowness",
        forbids: undefined,
        when: [{ name, specifiers: parseSpecifiers(range), prereleases: true }],
        justification: [{ type: "WARNING", message, link: "", packageName: name }],
      },
    ];
  });
}

function termOf(owner: string, version: string, speedups: readonly Speedup[], points: number): RuleTerm[] {
  if (points === 0) return [];
  const name = normalizeName(owner);
  const said = speedups
    .filter(({ certain }) => certain !== 0)
    .map(
      ({ indicator, metric, median, newest }) =>
        `${indicator} (${metric}) ${times(median)} as fast as ${newest}`,
    );
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
