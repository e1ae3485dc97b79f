// The parts of units as the parts of rules.

import type { PackageName } from "@thoth/pep";
import { linksOf, type PackagePattern, type StackInfo } from "@thoth/prescriptions";
import type { RuleCondition, RuleJustification, RulePattern } from "./rule-condition.ts";

export function patternOf({ specifiers, prereleases, index, develop }: PackagePattern): RulePattern {
  return { specifiers, prereleases, index, develop };
}

export function conditionOf(name: PackageName, pattern: PackagePattern): RuleCondition {
  return { name, ...patternOf(pattern) };
}

/** A package of which a rule speaks twice must meet both. */
export function mergedByName(conditions: readonly RuleCondition[]): RuleCondition[] {
  const byName = new Map<PackageName, RuleCondition>();
  for (const condition of conditions) {
    const known = byName.get(condition.name);
    byName.set(
      condition.name,
      known === undefined
        ? condition
        : {
            ...known,
            requires: known.requires ?? condition.requires,
            also: [...(known.also ?? []), condition],
          },
    );
  }
  return [...byName.values()];
}

export function infoOf({
  type,
  message,
  link,
  ...rest
}: StackInfo & { readonly packageName?: string | undefined }): RuleJustification {
  const { packageName } = rest;
  return {
    type,
    message,
    link: linksOf(link)[0] ?? "",
    ...(packageName === undefined ? {} : { packageName }),
  };
}
