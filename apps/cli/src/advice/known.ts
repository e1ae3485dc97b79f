// How much is known, and what is not: an unknown is no zero.

import type { AdvisoryReader } from "@thoth/knowledge";

const DAY = 86_400;
/** Days after which advisories are old. */
const OLD_DAYS = 30;

export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** Of a day as `dayOf` writes it. */
export function secondsOfDay(day: string): number {
  return Math.floor(Date.parse(`${day}T00:00:00Z`) / 1000);
}

export function knowledgeOf({ count, newest }: AdvisoryReader): string {
  return count === 0 ? "no advisories are here" : `${count} advisories, the newest of ${dayOf(newest)}`;
}

/** In days; a clock that is behind makes nothing younger than new. */
export function ageOf(newest: number, asOf: number): number {
  return Math.max(0, Math.floor((asOf - newest) / DAY));
}

export function unknownOf(advisories: AdvisoryReader | undefined, asOf: number): string[] {
  if (advisories === undefined || advisories.newest === 0) return ["vulnerabilities: no advisories are here"];
  const days = ageOf(advisories.newest, asOf);
  return days <= OLD_DAYS
    ? []
    : [
        `vulnerabilities of the last ${days} days: the newest advisory here is of ${dayOf(advisories.newest)} (\`thoth knowledge refresh\` brings newer ones)`,
      ];
}
