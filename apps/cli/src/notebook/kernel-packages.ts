// The packages of a notebook's lock that its kernel alone needs, and not its code.

import { formatMarker, type Pylock, type PylockPackage } from "@thoth/pep";
import { KERNEL_GROUP } from "./lock-notebook.ts";

const OF_KERNEL = `"${KERNEL_GROUP}" in dependency_groups`;

export function isOfKernel({ marker }: Pick<PylockPackage, "marker">): boolean {
  return marker !== undefined && formatMarker(marker) === OF_KERNEL;
}

/** What the code needs. Nothing of it needs what is left out. */
export function withoutKernel(lock: Pylock): Pylock {
  return { ...lock, packages: lock.packages.filter((item) => !isOfKernel(item)) };
}
