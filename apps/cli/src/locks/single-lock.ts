// Locks as the stack of one environment: what compares, mends or proves a stack cannot do it to several at once.

import { type PackageName, quote, ThothError } from "@thoth/pep";
import type { GivenLock } from "./read-lock.ts";

/** Throws usage where a package has several versions. */
export function singleVersions(
  path: string,
  { versions }: Pick<GivenLock, "versions">,
): ReadonlyMap<PackageName, string> {
  const single = new Map<PackageName, string>();
  for (const { name, version } of versions) {
    const other = single.get(name);
    if (other !== undefined && other !== version.text)
      throw severalEnvironments(path, `it has ${quote(name)} in the versions ${other} and ${version.text}`);
    single.set(name, version.text);
  }
  return single;
}

/** Throws usage: what replaces such a lock would be for one of its environments alone. */
export function mustBeSingle(path: string, { lock }: Pick<GivenLock, "lock">): void {
  const count = lock?.environments?.length ?? 0;
  if (count > 1) throw severalEnvironments(path, `it is for ${count} environments`);
}

function severalEnvironments(path: string, why: string): ThothError {
  return new ThothError("usage", `${quote(path)} is not the lock of one environment: ${why}`, {
    hint: "Lock for the environment in question alone, with --python-version and --platform.",
    details: { path },
  });
}
