// The packages of a notebook's lock that its kernel alone needs, and not its code.

import { type Marker, narrowMarker, type Pylock, type PylockPackage } from "@thoth/pep";
import { KERNEL_GROUP } from "./lock-notebook.ts";

/** Wherever it is wanted, it is the kernel's group that asks for it. */
export function isOfKernel({ marker }: Pick<PylockPackage, "marker">): boolean {
  if (marker === undefined) return false;
  const groups = new Set([...valuesIn(marker)].filter((name) => name !== KERNEL_GROUP));
  return narrowMarker(marker, { extras: groups, groups }) === false;
}

function valuesIn({ steps }: Marker): readonly string[] {
  return steps.flatMap((step) =>
    step.kind === "comparison"
      ? [step.left, step.right].flatMap((term) => (term.kind === "value" ? [term.text] : []))
      : [],
  );
}

/** What the code needs. Nothing of it needs what is left out. */
export function withoutKernel(lock: Pylock): Pylock {
  return { ...lock, packages: lock.packages.filter((item) => !isOfKernel(item)) };
}
