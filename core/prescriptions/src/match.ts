// Whether releases are those that a rule speaks of.

import { type PackageName, specifiersContain, specifiersContainText, type Version } from "@thoth/pep";
import { trimSlashes } from "./parse-pattern.ts";
import type { IndexPattern, PackagePattern, StepMatch } from "./unit.ts";

/** A release as a stack holds it. */
export interface MatchedRelease {
  readonly name: PackageName;
  /** A text where it is no version of PEP 440. */
  readonly version: Version | string;
  readonly index?: string | undefined;
  readonly develop?: boolean | undefined;
}

/** A stack, whole or in the making. */
export type Stack = ReadonlyMap<PackageName, MatchedRelease>;

export function matchesPackage(pattern: PackagePattern, release: MatchedRelease): boolean {
  if (pattern.name !== undefined && pattern.name !== release.name) return false;
  if (pattern.develop !== undefined && pattern.develop !== (release.develop ?? false)) return false;
  if (pattern.index !== undefined && !matchesIndex(pattern.index, release.index)) return false;
  return matchesVersion(pattern, release.version);
}

export function matchesVersion(
  { specifiers, prereleases }: PackagePattern,
  version: Version | string,
): boolean {
  if (specifiers === undefined) return true;
  const options = { prereleases: prereleases === true };
  if (typeof version === "string") return specifiersContainText(specifiers, version, options);
  return specifiersContain(specifiers, version, options);
}

/** An index that is not known is none that a rule could name, nor one that it could exclude. */
export function matchesIndex({ url, negated }: IndexPattern, index: string | undefined): boolean {
  return index !== undefined && (trimSlashes(index) === url) !== (negated === true);
}

/** Whether each pattern is met by some release of the stack: for groups, strides and wraps. */
export function matchesStack(patterns: readonly PackagePattern[], stack: Stack): boolean {
  return patterns.every((pattern) => {
    if (pattern.name === undefined) return stack.values().some((release) => matchesPackage(pattern, release));
    const release = stack.get(pattern.name);
    return release !== undefined && matchesPackage(pattern, release);
  });
}

export interface StepState {
  readonly stack: Stack;
  /** The packages of the stack that require the release; needed where a rule asks for them. */
  readonly requiredBy?: readonly PackageName[] | undefined;
}

export function matchesStep(match: StepMatch, release: MatchedRelease, state: StepState): boolean {
  if (!matchesPackage(match.package, release)) return false;
  if (match.dependencies !== undefined && !matchesStack(match.dependencies, state.stack)) return false;
  if (match.requiredBy === undefined) return true;
  if (!matchesStack(match.requiredBy, state.stack)) return false;
  const parents = new Set(state.requiredBy ?? []);
  const named = new Set(match.requiredBy.map(({ name }) => name));
  if (!named.isSubsetOf(parents)) return false;
  return match.allowOther === true || parents.isSubsetOf(named);
}
