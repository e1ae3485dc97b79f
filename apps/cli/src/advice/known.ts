// How much is known, and what is not: an unknown is no zero.

import type { AdvisoryReader } from "@thoth/knowledge";

const DAY = 86_400;
/** Days after which advisories are old. */
const OLD_DAYS = 30;

export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

export function knowledgeOf({ count, newest }: AdvisoryReader): string {
  return count === 0 ? "no advisories are here" : `${count} advisories, the newest of ${dayOf(newest)}`;
}

export function unknownOf(advisories: AdvisoryReader | undefined, asOf: number): string[] {
  if (advisories === undefined || advisories.newest === 0) return ["vulnerabilities: no advisories are here"];
  const days = Math.floor((asOf - advisories.newest) / DAY);
  return days <= OLD_DAYS
    ? []
    : [
        `vulnerabilities of the last ${days} days: the newest advisory here is of ${dayOf(advisories.newest)} (\`thoth knowledge import\` brings newer ones)`,
      ];
}
