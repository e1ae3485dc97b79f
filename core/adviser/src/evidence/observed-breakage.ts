// Failures that were seen, as terms of the search: points for a release, or for releases that fail together
// (recommendation.md, `breakage`).

import type { Fact, ObservationFact } from "@thoth/knowledge";
import { normalizeName, type PackageName, parseSpecifiers } from "@thoth/pep";
import type { RuleCondition } from "../rule-condition.ts";
import type { RuleTerm } from "../rules.ts";

/** Points of a failure that is beyond doubt. */
const MOST_POINTS = 1000;

interface Tally {
  readonly name: PackageName;
  readonly first: ObservationFact;
  failed: number;
  passed: number;
  /** Of the failure that was seen most often. */
  symptom: ObservationFact | undefined;
}

/**
 * The terms of what was seen at that place, such as `cpython 3.11 x86_64-linux`; what was seen elsewhere says nothing
 * about it. f failures and p successes of the same releases cost 1000 f / (f + p + 1) points: one failure alone is half
 * believed.
 */
export function observedBreakage(facts: readonly Fact<"observation">[], place: string): readonly RuleTerm[] {
  const tallies = new Map<string, Tally>();
  for (const { owner, body } of facts) {
    if (body.place !== place || owner.includes(":")) continue;
    const name = owner as PackageName;
    const key = JSON.stringify([name, body.version, body.beside]);
    const tally = tallies.get(key) ?? { name, first: body, failed: 0, passed: 0, symptom: undefined };
    tallies.set(key, tally);
    if (body.outcome === "passed") tally.passed += body.times;
    else {
      tally.failed += body.times;
      if (tally.symptom === undefined || tally.symptom.times < body.times) tally.symptom = body;
    }
  }
  return [...tallies.values()].flatMap(termOf);
}

function termOf({ name, first, failed, passed, symptom }: Tally): RuleTerm[] {
  if (symptom === undefined) return [];
  const points = Math.round((MOST_POINTS * failed) / (failed + passed + 1));
  if (points === 0) return [];
  const own = `${name} ${first.version}`;
  const others = first.beside.map(([other, version]) => `${other} ${version}`);
  const beside = others.length === 0 ? "" : ` beside ${others.join(", ")}`;
  const why = symptom.symptom === undefined ? "" : `: ${symptom.symptom}`;
  const times = `${failed} of ${failed + passed}`;
  return [
    {
      unit: `observed ${own}${beside}`,
      score: -points / MOST_POINTS,
      counts: "breakage",
      forbids: undefined,
      when: [
        exactly(name, first.version),
        ...first.beside.map(([other, version]) => exactly(other, version)),
      ],
      justification: [
        {
          type: "ERROR",
          message: `${own}${beside} failed at ${STAGES[symptom.stage]} in ${times} inspections${why}`,
          link: "",
          packageName: name,
        },
      ],
    },
  ];
}

const STAGES: Readonly<Record<ObservationFact["stage"], string>> = {
  build: "its build",
  install: "installation",
  import: "import",
  run: "run time",
};

function exactly(name: string, version: string): RuleCondition {
  return { name: normalizeName(name), specifiers: parseSpecifiers(`==${version}`), prereleases: true };
}
