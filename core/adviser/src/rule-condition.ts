// Which releases a rule speaks of, and what it says.

import { type PackageName, parseVersion, type Specifiers, specifiersContain, type Version } from "@thoth/pep";
import { type IndexPattern, matchesIndex } from "@thoth/prescriptions";

export interface RuleJustification {
  readonly type: "INFO" | "WARNING" | "ERROR";
  readonly message: string;
  readonly link: string;
  /** The package that it speaks of, where it names one. */
  readonly packageName?: string | undefined;
}

export interface RulePattern {
  /** Undefined: any version. */
  readonly specifiers: Specifiers | undefined;
  /** Pre-releases may meet it. */
  readonly prereleases?: boolean | undefined;
  readonly index?: IndexPattern | undefined;
  readonly develop?: boolean | undefined;
}

export interface RuleCondition extends RulePattern {
  readonly name: PackageName;
  /** It must meet these too. */
  readonly also?: readonly RulePattern[] | undefined;
  /** It must require this package itself. */
  readonly requires?: PackageName | undefined;
  /** No others than these may require it. */
  readonly onlyFor?: readonly PackageName[] | undefined;
}

/** A release as rules see it. */
export interface RuledRelease {
  readonly version: Version;
  /** Of its project; undefined where nobody knows. */
  readonly index?: string | undefined;
  /** Only development needs it. */
  readonly develop?: boolean | undefined;
  /** The packages of the stack that require it; undefined where nobody knows. */
  readonly requiredBy?: ReadonlySet<PackageName> | undefined;
}

/** A release of which the version is read when a rule asks for it: most are asked for none. */
export class NamedRelease implements RuledRelease {
  readonly #text: string;
  #version: Version | undefined;
  readonly index: string | undefined;
  readonly develop: boolean | undefined;
  readonly requiredBy: ReadonlySet<PackageName> | undefined;

  constructor(text: string, { index, develop, requiredBy }: Omit<RuledRelease, "version">) {
    this.#text = text;
    this.index = index;
    this.develop = develop;
    this.requiredBy = requiredBy;
  }

  get version(): Version {
    this.#version ??= parseVersion(this.#text);
    return this.#version;
  }
}

function patternHolds({ specifiers, prereleases, index, develop }: RulePattern, release: RuledRelease) {
  return (
    (index === undefined || matchesIndex(index, release.index)) &&
    (develop === undefined || develop === (release.develop === true)) &&
    (specifiers === undefined ||
      specifiersContain(specifiers, release.version, { prereleases: prereleases === true }))
  );
}

/** Whether the release meets it, whoever requires it. */
export function conditionHolds(condition: RulePattern | RuleCondition, release: RuledRelease): boolean {
  const { also = [] }: { also?: readonly RulePattern[] | undefined } = condition as RuleCondition;
  return patternHolds(condition, release) && also.every((pattern) => patternHolds(pattern, release));
}

/** Equal for patterns that speak of the same releases. */
export function patternText(pattern: RulePattern | RuleCondition): string {
  const { specifiers, prereleases, index, develop } = pattern;
  const { also = [] }: { also?: readonly RulePattern[] | undefined } = pattern as RuleCondition;
  return JSON.stringify([specifiers?.text, prereleases, index, develop, ...also.map(patternText)]);
}
