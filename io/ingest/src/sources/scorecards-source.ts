// How carefully repositories are kept, as the OpenSSF's scorecards tell: https://api.securityscorecards.dev (its interface:
// https://github.com/ossf/scorecard-webapp/blob/main/openapi.yaml).

import type { ScorecardFact } from "@thoth/knowledge";
import { bodyOf } from "../jobs/asker.ts";
import type { Source } from "../jobs/source.ts";
import { itemsOf, type RepositoryItem } from "./forge.ts";
import { saidBy } from "./provenance.ts";
import { Reading } from "./reading.ts";
import { isAbsent, isUnchanged, remember, validatorsIn } from "./validators.ts";
import { type WantedProjects, wantedRepositories } from "./wanted-projects.ts";

const LIMIT = 4 * 1024 * 1024;
const MOST_CHECKS = 200;
/** Characters of a reason. */
const LONGEST_REASON = 500;
const PLATFORMS = new Set(["github.com", "gitlab.com"]);

/** `base`: `https://api.securityscorecards.dev/`. */
export function scorecardsSource(base: string, wanted: WantedProjects): Source<RepositoryItem> {
  return {
    name: "scorecards",
    place: saidBy(base, 0).source,
    items: async ({ graph }) =>
      itemsOf(await wantedRepositories(graph, wanted), ({ host, path }) => {
        // It knows no groups within groups.
        return PLATFORMS.has(host) && path.split("/").length === 2;
      }),
    ask: async ({ key, repository }, { asker, known, now }) => {
      const url = new URL(`projects/${key}`, asker.base).href;
      const subject = `the scorecard of \`${key}\``;
      const answer = await asker.ask({ url, subject, limit: LIMIT, known: validatorsIn(known) });
      if (isUnchanged(answer, known)) return { kind: "unchanged", known };
      if (isAbsent(answer)) return { kind: "absent", known: {} };
      const body = parseScorecard(bodyOf(answer, subject));
      const provenance = saidBy(answer.url, now);
      const changes = repository.projects.map((owner) => ({
        put: { owner, kind: "scorecard", subject: "", body, provenance } as const,
      }));
      return { kind: "told", changes, known: remember(answer) };
    },
  };
}

/** Throws `index-response-invalid`, `limit-exceeded`. */
export function parseScorecard(body: Uint8Array): ScorecardFact {
  const card = Reading.parse(body, "the scorecard");
  const checks = card
    .get("checks")
    .list(MOST_CHECKS)
    .map((check) => ({
      name: check.get("name").text(100),
      score: check.get("score").number(-1, 10),
      reason: check.maybe("reason")?.text(LONGEST_REASON) ?? "",
    }));
  return {
    repository: card.get("repo").get("name").text(),
    date: card.get("date").time(),
    score: card.get("score").number(-1, 10),
    checks: checks.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
