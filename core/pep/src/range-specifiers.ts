// The way back from a set of versions to specifiers, as short as they can be while they mean exactly the set.
// Every end of an interval has a spelling of its own; what is left out between two intervals is `!=`.
// https://packaging.python.org/en/latest/specifications/version-specifiers/#version-specifiers

import { isPrerelease, type Version, type VersionNumber } from "./version.ts";
import {
  type Cut,
  compareCuts,
  cutAfter,
  cutAfterFamily,
  cutAfterLocals,
  versionBelow,
} from "./version-cut.ts";
import { isEmptyRange, rangeIntervals, type VersionRange } from "./version-range.ts";

/** A set may leave out several neighbours, such as `!=3.0.*,!=3.1.*`: at most so many are named one by one. */
const MOST_NEIGHBOURS = 16;
const FEW_NEIGHBOURS = 6;
/** No version is below the lowest developmental release. */
const NOTHING = ["<0.dev0"];

/**
 * Clauses that all must hold, ascending; none for the set of all versions. Undefined for a set that no conjunction
 * of clauses can say, such as `<1` or `>2`.
 */
export function rangeClauses(range: VersionRange): readonly string[] | undefined {
  if (isEmptyRange(range)) return NOTHING;
  const parts = alternatives(range, MOST_NEIGHBOURS);
  return parts?.length === 1 ? parts[0] : undefined;
}

/** As `rangeClauses`; with ` or ` between conjunctions where one alone cannot say it, or not in few clauses. */
export function formatRange(range: VersionRange): string | undefined {
  if (isEmptyRange(range)) return NOTHING.join(",");
  return alternatives(range, FEW_NEIGHBOURS)
    ?.map((clauses) => clauses.join(","))
    .join(" or ");
}

interface Part {
  readonly lower: Cut | undefined;
  upper: Cut | undefined;
  readonly exclusions: string[];
}

/** Neighbouring intervals become one part where what lies between them can be named. */
function alternatives(range: VersionRange, neighbours: number): string[][] | undefined {
  const parts: Part[] = [];
  for (const { lower, upper } of rangeIntervals(range)) {
    const last = parts.at(-1);
    const gap = last === undefined ? undefined : exclusionsBetween(last.upper!, lower!, neighbours);
    if (last === undefined || gap === undefined) {
      parts.push({ lower, upper, exclusions: [] });
      continue;
    }
    last.exclusions.push(...gap);
    last.upper = upper;
  }
  const spelled = parts.map(spellPart);
  return spelled.every((clauses) => clauses !== undefined) ? spelled : undefined;
}

function spellPart({ lower, upper, exclusions }: Part): string[] | undefined {
  const equal = lower === undefined || upper === undefined ? undefined : equalBetween(lower, upper);
  if (equal !== undefined) return [`==${equal}`, ...exclusions];
  const lowerClauses = lower === undefined ? [] : spellLower(lower);
  const upperClauses = upper === undefined ? [] : spellUpper(upper);
  if (lowerClauses === undefined || upperClauses === undefined) return undefined;
  return [...lowerClauses, ...exclusions, ...upperClauses];
}

/** `V` where exactly V and its local builds lie between, `1.2.*` for a family, else undefined. */
function equalBetween(lower: Cut, upper: Cut): string | undefined {
  if (lower.side !== "before") return undefined;
  const { version } = lower;
  if (version.local !== undefined) {
    return compareCuts(upper, cutAfter(version)) === 0 ? version.text : undefined;
  }
  if (compareCuts(upper, cutAfterLocals(version)) === 0) return version.text;
  for (const release of familiesFrom(version)) {
    if (compareCuts(upper, cutAfterFamily(version.epoch, release)) === 0) {
      return `${familyText(version.epoch, release)}.*`;
    }
  }
  return undefined;
}

/** The releases whose families begin at `version`, the widest first: `1.0.dev0` begins `1.*`, `1.0.*` and so on. */
function familiesFrom(version: Version, depth = version.release.length): VersionNumber[][] {
  if (!beginsFamily(version)) return [];
  let release = [...version.release];
  while (release.length < depth) release.push(0);
  const families: VersionNumber[][] = [release];
  while (release.length > 1 && release.at(-1) === 0) {
    release = release.slice(0, -1);
    families.push(release);
  }
  return families.reverse();
}

function beginsFamily({ pre, post, dev, local }: Version): boolean {
  return pre === undefined && post === undefined && dev === 0 && local === undefined;
}

function familyText(epoch: VersionNumber, release: readonly VersionNumber[]): string {
  return `${epoch === 0 ? "" : `${epoch}!`}${release.join(".")}`;
}

/** At most `most` clauses with `!=` that leave out what lies between the two places and nothing else. */
function exclusionsBetween(from: Cut, to: Cut, most: number): string[] | undefined {
  const names: string[] = [];
  let at = from;
  while (names.length < most) {
    const step = exclusionFrom(at, to);
    if (step === undefined) return undefined;
    names.push(`!=${step.text}`);
    if (compareCuts(step.end, to) === 0) return names;
    at = step.end;
  }
  return undefined;
}

/** The widest that one `!=` leaves out from `from` on, and no more than to `to`. */
function exclusionFrom({ side, version }: Cut, to: Cut): { text: string; end: Cut } | undefined {
  if (side !== "before") return undefined;
  const { epoch, local } = version;
  for (const release of familiesFrom(version, to.version.release.length)) {
    const end = cutAfterFamily(epoch, release);
    if (compareCuts(end, to) <= 0) return { text: `${familyText(epoch, release)}.*`, end };
  }
  const end = local === undefined ? cutAfterLocals(version) : cutAfter(version);
  return compareCuts(end, to) <= 0 ? { text: version.text, end } : undefined;
}

function spellLower({ side, version }: Cut): string[] | undefined {
  if (side === "after") return undefined;
  if (side === "after-posts") return [`>${withoutLocal(version)}`];
  if (version.local !== undefined) return undefined;
  if (version.dev !== 0 || beginsFamily(version)) return [`>=${version.text}`];
  // `1.0a2.dev0` is the first after `1.0a1` and its post-releases.
  if (version.pre !== undefined && version.post === undefined && version.pre[1] !== 0) {
    const earlier = BigInt(version.pre[1]) - 1n;
    return [`>${familyText(version.epoch, version.release)}${version.pre[0]}${earlier}`];
  }
  const below = versionBelow({ side, version });
  return [below?.post === undefined ? `>=${version.text}` : `>${below.text}`];
}

function spellUpper({ side, version }: Cut): string[] | undefined {
  if (side !== "before" || version.local !== undefined) return undefined;
  const { pre, post, dev } = version;
  if (dev === undefined) {
    if (isPrerelease(version)) return [`<${version.text}`];
    // `<V` leaves out the pre-releases of V too.
    return [`<=${version.text}`, `!=${version.text}`];
  }
  if (dev !== 0) return [`<${version.text}`];
  if (post !== undefined) return [`<=${versionBelow({ side, version })!.text}`];
  const text = version.text.slice(0, -".dev0".length);
  return [pre === undefined ? `<${text}` : `<${version.text}`];
}

function withoutLocal(version: Version): string {
  return version.local === undefined ? version.text : version.text.slice(0, version.text.indexOf("+"));
}
