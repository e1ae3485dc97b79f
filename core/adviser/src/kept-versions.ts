// What an environment had of an older lock, or would have had: the versions that a new lock prefers to others.

import {
  environmentFacts,
  isForEnvironment,
  type MarkerEnvironment,
  type PackageName,
  type Pylock,
  pylockPart,
  TELLING_VARIABLES,
  type Version,
} from "@thoth/pep";

/**
 * Where the lock is not for this environment, the versions are those of the one most like it, and of packages that this one
 * does not have, any that there are.
 */
export function keptVersions(lock: Pylock, markers: MarkerEnvironment): ReadonlyMap<PackageName, Version> {
  const kept = new Map<PackageName, Version>();
  for (const { packages } of [pylockPart(lock, factsFor(lock, markers)), lock])
    for (const { name, version } of packages)
      if (version !== undefined && !kept.has(name)) kept.set(name, version);
  return kept;
}

function factsFor(lock: Pylock, markers: MarkerEnvironment): Partial<MarkerEnvironment> {
  if (isForEnvironment(lock, markers)) return markers;
  const likeness = (facts: Partial<MarkerEnvironment>) =>
    TELLING_VARIABLES.filter((variable) => facts[variable] === markers[variable]).length;
  // Of equals the first.
  const [nearest = {}] = environmentFacts(lock).toSorted((a, b) => likeness(b) - likeness(a));
  return nearest;
}
