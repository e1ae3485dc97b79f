// Specifiers by the letter of the specification, one clause and one version at a time, without sets and places:
// what the quick way is held against.
// https://packaging.python.org/en/latest/specifications/version-specifiers/#version-specifiers

import type { Specifier, Specifiers } from "../src/specifier.ts";
import { isPrerelease, publicVersion, tryParseVersion, type Version } from "../src/version.ts";
import { compareReleases, compareStems, compareVersions } from "../src/version-order.ts";

/** Pre-releases included; `text` is what `===` compares with. */
export function naivelyContains(specifiers: Specifiers, text: string): boolean {
  const version = tryParseVersion(text);
  return specifiers.clauses.every((clause) => {
    if (clause.operator === "===") return clause.version.toLowerCase() === text.toLowerCase();
    return version !== undefined && admits(clause, version);
  });
}

function admits(clause: Specifier, version: Version): boolean {
  const given = clause.parsed!;
  const order = compareVersions(publicVersion(version), given);
  switch (clause.operator) {
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
    case "<":
      return compareVersions(version, given) < 0 && !(isPrerelease(version) && leadsTo(version, given));
    case ">":
      return compareVersions(version, given) > 0 && order !== 0 && !isPostOf(version, given);
    case "~=":
      return order >= 0 && hasPrefix(version, given, given.release.length - 1);
    case "!=":
      return !isEqual(clause, version);
    default:
      return isEqual(clause, version);
  }
}

function isEqual({ parsed, wildcard }: Specifier, version: Version): boolean {
  const given = parsed!;
  if (wildcard) return hasPrefix(version, given, given.release.length);
  return compareVersions(given.local === undefined ? publicVersion(version) : version, given) === 0;
}

function hasPrefix(version: Version, given: Version, length: number): boolean {
  if (version.epoch !== given.epoch) return false;
  for (let at = 0; at < length; at++) {
    if ((version.release[at] ?? 0) !== given.release[at]) return false;
  }
  return true;
}

/** Whether the pre-release `version` is one of `given`, which is none: of its release, or of its post-release. */
function leadsTo(version: Version, given: Version): boolean {
  if (isPrerelease(given) || compareReleases(version, given) !== 0) return false;
  return given.post === undefined || (version.pre === undefined && version.post === given.post);
}

/** Whether `version` is a post-release of `given` that `>` leaves out. */
function isPostOf(version: Version, given: Version): boolean {
  if (version.post === undefined || given.post !== undefined || given.dev !== undefined) return false;
  return compareStems(version, given) === 0;
}
