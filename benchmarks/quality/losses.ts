// Where the type `security`, or loosening as it advises, is worse than the newest stack on anything, in words.

import { compareVersions, parseVersion } from "@thoth/pep";
import { type Case, countKnown, failed, type Known, paid, pinsOf, type Stack } from "./answers.ts";

/** Packages that are named in one line. */
const MOST_NAMED = 5;

interface Loss {
  readonly title: string;
  readonly of: (one: Case) => string | undefined;
}

const LOSSES: readonly Loss[] = [
  { title: "No answer", of: tellFailure },
  { title: "More known vulnerabilities than newest-first", of: tellMore },
  { title: "More met later than newest-first", of: tellMoreLater },
  { title: "More points than the least possible, for the sake of a level before", of: tellPrice },
  { title: "The least that `security` admits is more than newest-first pays", of: tellBarred },
  { title: "Not proved", of: tellProof },
  { title: "Older, though nothing known is avoided", of: tellOlder },
  { title: "Older, to avoid what is known", of: tellOlderForGain },
  { title: "A loosening that promised something else than it gave", of: tellPromise },
  { title: "More packages", of: tellPackages },
];

/** One part of text for each kind of loss that occurs. */
export function tellLosses(cases: readonly Case[]): readonly string[] {
  return LOSSES.flatMap(({ title, of }) => {
    const lines = cases.flatMap((one) => {
      const words = of(one);
      return words === undefined ? [] : [`* ${one.set} ${one.asOf}: ${words}`];
    });
    return lines.length === 0 ? [] : [`${title} (${lines.length} of ${cases.length}):\n${lines.join("\n")}`];
  });
}

function tellFailure(one: Case): string | undefined {
  const { newest, security, relaxed } = one;
  const parts = [
    ["newest-first", newest] as const,
    ["security", security] as const,
    ...(relaxed === undefined ? [] : [["loosened", relaxed.stack] as const]),
  ].flatMap(([who, stack]) => (failed(stack) ? [`${who}: ${stack.failure}, ${stack.message}`] : []));
  return parts.length === 0 ? undefined : parts.join("; ");
}

function tellMore(one: Case): string | undefined {
  return compare(one, (newest, other, who) => tellWorse(newest.known, other.known, who));
}

function tellMoreLater(one: Case): string | undefined {
  return compare(one, (newest, other, who) => tellWorse(newest.later, other.later, who));
}

function tellWorse(before: Known, after: Known, who: string): string | undefined {
  if (countKnown(after) <= countKnown(before)) return undefined;
  const names = Object.keys(after).filter((name) => (after[name]?.[0] ?? 0) > (before[name]?.[0] ?? 0));
  return `${who} ${countKnown(after)} instead of ${countKnown(before)} (${names.join(", ")})`;
}

function compare(
  { newest, security, relaxed }: Case,
  tell: (newest: Stack, other: Stack, who: string) => string | undefined,
): string | undefined {
  if (failed(newest)) return undefined;
  const others = [["security", security] as const, ["loosened", relaxed?.stack] as const];
  const parts = others.flatMap(([who, stack]) =>
    stack === undefined || failed(stack) ? [] : (tell(newest, stack, who) ?? []),
  );
  return parts.length === 0 ? undefined : parts.join("; ");
}

function tellPrice({ security, least }: Case): string | undefined {
  if (failed(security) || failed(least)) return undefined;
  const points = paid(security, "vulnerability(all)");
  return points > least.all[1] ? `${points} instead of ${least.all[1]}` : undefined;
}

/** Its hard rules can bar what newest-first may choose. */
function tellBarred({ newest, least }: Case): string | undefined {
  if (failed(newest) || failed(least)) return undefined;
  const points = paid(newest, "vulnerability(all)");
  return points < least.all[1] ? `${least.all[1]} points instead of ${points}` : undefined;
}

function tellProof({ security }: Case): string | undefined {
  if (failed(security) || security.proof === "optimal") return undefined;
  const open = security.objective.filter(([, value, bound]) => value !== bound);
  return open.map(([level, value, bound]) => `${level} ${value}, bound ${bound}`).join("; ");
}

function tellOlder(one: Case): string | undefined {
  return gains(one) ? undefined : tellAge(one);
}

function tellOlderForGain(one: Case): string | undefined {
  return gains(one) ? tellAge(one) : undefined;
}

function gains({ newest, security }: Case): boolean {
  return !failed(newest) && !failed(security) && countKnown(security.known) < countKnown(newest.known);
}

function tellAge(one: Case): string | undefined {
  const { newest, security } = one;
  if (failed(newest) || failed(security)) return undefined;
  const direct = [paid(newest, "lag(direct)"), paid(security, "lag(direct)")] as const;
  const all = [paid(newest, "lag"), paid(security, "lag")] as const;
  if (direct[1] <= direct[0] && all[1] <= all[0]) return undefined;
  const size = [Object.keys(one.pins).length, Object.keys(pinsOf(one, security)).length] as const;
  const older = olderOf(one, security);
  const named = older.slice(0, MOST_NAMED).join(", ");
  const more = older.length > MOST_NAMED ? ` and ${older.length - MOST_NAMED} more` : "";
  return `${direct[1]} days behind instead of ${direct[0]} in what is asked for, ${all[1]} instead of ${all[0]} in all; ${size[1]} packages instead of ${size[0]}: ${named}${more}`;
}

/** The widest jump first: by the first number of the version that differs. */
function olderOf({ pins }: Case, { changes }: Stack): readonly string[] {
  return Object.entries(changes)
    .flatMap(([name, version]) => {
      const before = pins[name];
      if (before === undefined || version === null) return [];
      const [from, to] = [parseVersion(before), parseVersion(version)];
      if (compareVersions(to, from) >= 0) return [];
      const at = from.release.findIndex((number, place) => number !== (to.release[place] ?? 0));
      return [{ at: at < 0 ? from.release.length : at, words: `${name} ${version} for ${before}` }];
    })
    .sort((a, b) => a.at - b.at)
    .map(({ words }) => words);
}

function tellPromise({ relaxed }: Case): string | undefined {
  const wrong = relaxed?.steps.filter(({ promised, found }) => promised !== found) ?? [];
  if (wrong.length === 0) return undefined;
  return wrong
    .map(({ to, promised, found }) => `${to}: ${promised} were promised, ${found} found`)
    .join("; ");
}

function tellPackages(one: Case): string | undefined {
  if (failed(one.security)) return undefined;
  const [before, after] = [Object.keys(one.pins).length, Object.keys(pinsOf(one, one.security)).length];
  return after > before ? `${after} instead of ${before}` : undefined;
}
