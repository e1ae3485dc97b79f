// Requirements with a URL of their own: only what the user named is ever fetched from there.

import type { ProjectRequirement } from "@thoth/adviser";
import type { PackageName } from "@thoth/pep";

/** URL by package. */
export type DirectReferences = ReadonlyMap<PackageName, string>;

export function readDirectReferences(requirements: readonly ProjectRequirement[]): DirectReferences {
  const references = new Map<PackageName, string>();
  for (const { requirement } of requirements) {
    if (requirement.url !== undefined) references.set(requirement.name, requirement.url);
  }
  return references;
}
