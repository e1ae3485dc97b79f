// What of a notebook's lock is for this machine: a lock may be for several.

import {
  environmentFacts,
  isForEnvironment,
  type Pylock,
  pylockPart,
  selectPylock,
  ThothError,
} from "@thoth/pep";
import type { ChosenTarget } from "../project/target.ts";

export function isOfSeveral({ environments = [] }: Pylock): boolean {
  return environments.length > 1;
}

/** Where the lock is not for this environment, or none is given, it is the part of its first one. */
export function partFor(lock: Pylock, target: ChosenTarget["target"] | undefined): Pylock {
  if (!isOfSeveral(lock)) return lock;
  const isHere = target !== undefined && isForEnvironment(lock, target.markers);
  return pylockPart(lock, isHere ? target.markers : (environmentFacts(lock)[0] ?? {}));
}

export function fitsTarget(lock: Pylock, { target }: Pick<ChosenTarget, "target">): boolean {
  try {
    selectPylock(lock, target);
    return true;
  } catch (error) {
    if (error instanceof ThothError) return false;
    throw error;
  }
}
