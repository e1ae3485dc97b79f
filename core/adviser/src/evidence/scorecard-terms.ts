// The OpenSSF's scorecards as terms of the search (recommendation.md, `unproven`): a project with few points counts as one of
// which nobody proves much, whichever release is taken.

import type { Fact } from "@thoth/knowledge";
import { normalizeName } from "@thoth/pep";
import type { RuleTerm } from "../rules.ts";

/** Points of ten below which it counts, and how much. */
const LOW = 5;
const VERY_LOW = 3;

export function scorecardTerms(facts: readonly Fact<"scorecard">[]): readonly RuleTerm[] {
  return facts.flatMap(({ owner, body: { score, repository } }): RuleTerm[] => {
    // -1: it could not be told.
    if (owner.includes(":") || score < 0 || score >= LOW) return [];
    const name = normalizeName(owner);
    return [
      {
        unit: `scorecard of ${name}`,
        score: score < VERY_LOW ? -2 : -1,
        counts: "unproven",
        forbids: undefined,
        when: [{ name, specifiers: undefined, prereleases: true }],
        justification: [
          {
            type: "WARNING",
            message: `the scorecard of ${name} has ${score} of 10 points`,
            link: `https://scorecard.dev/viewer/?uri=${encodeURIComponent(repository)}`,
            packageName: name,
          },
        ],
      },
    ];
  });
}
