// Why a package has its version, in a sentence or two: the data of the adviser turned into plain English.

import type { Demand, PackageAdvice, PassedOver } from "@thoth/adviser";
import type { Flaw } from "@thoth/knowledge";
import { countFlaws, listFlaws } from "./flaw-words.ts";

export interface Reason {
  readonly type: "INFO" | "WARNING" | "ERROR";
  readonly message: string;
  readonly link?: string;
  /** The package that it speaks of, where that is another. */
  readonly packageName?: string | undefined;
  /** A developer wrote it. */
  readonly isRule?: boolean;
}

/** `had`: flaws of the version that the user has, which the advised one has not. */
export function reasonsOf(advice: PackageAdvice, had: readonly Flaw[] = []): readonly Reason[] {
  const reasons: Reason[] = [];
  const cleared = had.filter(({ id }) => !advice.flaws.some((flaw) => flaw.id === id));
  if (cleared.length > 0)
    reasons.push({ type: "INFO", message: `clears ${listFlaws(cleared)}`, ...linkOf(cleared) });
  if (advice.newest !== undefined) reasons.push(passedOver(advice.newest));
  if (advice.flaws.length > 0) reasons.push(leftOver(advice));
  for (const { justification } of advice.rules)
    reasons.push(...justification.map((item) => ({ ...item, isRule: true })));
  return reasons;
}

function passedOver(newest: PassedOver): Reason {
  const { version, refusedBy, flaws, rules } = newest;
  if (refusedBy.length > 0)
    return {
      type: "INFO",
      message: `${version} exists, but ${refusedBy.slice(0, 2).map(demandText).join(" and ")}`,
    };
  const [rule] = rules;
  const [said] = rule?.justification ?? [];
  if (rule !== undefined && said !== undefined)
    return { ...said, type: "INFO", message: `${version} is passed over: ${said.message}`, isRule: true };
  if (flaws.length > 0)
    return { type: "INFO", message: `${version} has ${listFlaws(flaws)}`, ...linkOf(flaws) };
  return { type: "INFO", message: `${version} ${worse(newest)}` };
}

/** What the objective has against a newer release: something of its own, or what would have to change with it. */
function worse({ difference }: PassedOver): string {
  const [first] = difference;
  if (first === undefined || first.cost <= 0)
    return "needs what cannot be had here, or would cost other packages more than it gains";
  switch (first.level) {
    case "immaturity":
      return "is too young, or waits for its first patch";
    case "build":
      return "has no wheel for this environment";
    case "surface":
      return "needs more packages";
    case "prerelease":
      return "is a pre-release";
    case "stale":
      return "is superseded for more than two years";
    default:
      return `would cost ${first.cost} more of ${first.level}`;
  }
}

function leftOver({ flaws }: PackageAdvice): Reason {
  const fixes = [...new Set(flaws.flatMap(({ fixedIn }) => fixedIn.slice(-1)))];
  const way = fixes.length === 0 ? "no release is known to end it" : `ended by ${fixes.join(", ")}`;
  return {
    type: "WARNING",
    message: `keeps ${countFlaws(flaws.length)}: ${listFlaws(flaws)}; ${way}`,
    ...linkOf(flaws),
  };
}

function demandText({ by, specifiers }: Demand): string {
  return by === undefined ? `you ask for ${specifiers}` : `${by} needs ${specifiers}`;
}

function linkOf([first]: readonly Flaw[]): { readonly link?: string } {
  return first === undefined || first.link === "" ? {} : { link: first.link };
}
