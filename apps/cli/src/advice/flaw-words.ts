// Known flaws in words.

import type { Flaw } from "@thoth/knowledge";

const MOST_NAMED = 4;

/** `CVE-2023-32681 (medium), CVE-2024-35195 (medium) and 3 more`, the worst first. */
export function listFlaws(flaws: readonly Flaw[]): string {
  const sorted = flaws.toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  const named = sorted.slice(0, MOST_NAMED).map((flaw) => `${flaw.id} (${severityOf(flaw)})`);
  const rest = sorted.length - named.length;
  return rest > 0 ? `${named.join(", ")} and ${rest} more` : named.join(", ");
}

export function countFlaws(count: number): string {
  return count === 1 ? "1 known vulnerability" : `${count} known vulnerabilities`;
}

/** An advisory that names none is not one of no weight. */
function severityOf({ severity }: Flaw): string {
  return severity === "unknown" ? "severity unknown" : severity;
}

const ORDER = ["critical", "high", "medium", "unknown", "low"];

function rank({ severity }: Flaw): number {
  return ORDER.indexOf(severity);
}
