// Whether a lock is what its wheels ask for: each requirement that a wheel's own METADATA makes here is met by
// another wheel of the lock. An index that said something else while the lock was made is found out here.

import {
  type CoreMetadata,
  evaluateMarker,
  type MarkerEnvironment,
  parseRequirement,
  parseVersion,
  type Requirement,
  specifiersContain,
  ThothError,
} from "@thoth/pep";

export interface UnmetRequirement {
  readonly package: string;
  /** As declared. */
  readonly requirement: string;
  /** The version in the lock; undefined: the lock does not have the package. */
  readonly found: string | undefined;
}

/** Requirements of extras do not count: a lock does not say which extras it was made with. */
export function findUnmet(
  wheels: readonly CoreMetadata[],
  environment: MarkerEnvironment,
): UnmetRequirement | undefined {
  const versions = new Map(wheels.map(({ name, version }) => [name as string, version]));
  for (const { name, requiresDist } of wheels) {
    for (const text of requiresDist) {
      const requirement = readApplying(text, environment);
      if (requirement === undefined) continue;
      const found = versions.get(requirement.name);
      if (found !== undefined && meets(requirement, found)) continue;
      return { package: name, requirement: text, found };
    }
  }
  return undefined;
}

/** Undefined for what does not apply here; what nobody can read binds nobody. */
function readApplying(text: string, environment: MarkerEnvironment): Requirement | undefined {
  try {
    const requirement = parseRequirement(text, { lenient: true });
    if (requirement.marker !== undefined && !evaluateMarker(requirement.marker, environment))
      return undefined;
    return requirement;
  } catch (error) {
    if (error instanceof ThothError) return undefined;
    throw error;
  }
}

function meets(requirement: Requirement, version: string): boolean {
  if (requirement.url !== undefined) return true;
  return specifiersContain(requirement.specifiers, parseVersion(version), { prereleases: true });
}
