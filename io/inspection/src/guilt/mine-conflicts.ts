// What failing stacks have in common and no passing one has: releases that were seen in failures alone, and pairs of releases
// that were seen together in failures alone though each of them passed beside others.

import type { Stack } from "../inspection.ts";

export interface SeenStack {
  readonly stack: Stack;
  readonly failed: boolean;
}

export interface Conflict {
  /** One or two releases. */
  readonly releases: Stack;
  /** Failing stacks that hold them. */
  readonly failures: number;
}

/** Of more no pairs are formed. */
const MOST_FAILURES = 2000;

/**
 * The smallest such sets, those that explain the most failures first; no pair with a release that fails by itself. Equal ones stay
 * in the order of their names.
 */
export function mineConflicts(seen: readonly SeenStack[]): readonly Conflict[] {
  const failing = seen.filter(({ failed }) => failed).slice(0, MOST_FAILURES);
  const passing = seen.filter(({ failed }) => !failed).map(({ stack }) => new Map(stack));
  const conflicts = new Map<string, { readonly releases: Stack; failures: number }>();
  const count = (releases: Stack) => {
    const key = JSON.stringify(releases);
    const known = conflicts.get(key) ?? { releases, failures: 0 };
    known.failures++;
    conflicts.set(key, known);
  };
  for (const { stack } of failing) {
    const innocent = stack.filter(([name, version]) => passing.some((one) => one.get(name) === version));
    for (const release of stack) if (!innocent.includes(release)) count([release]);
    for (const [at, one] of innocent.entries())
      for (const other of innocent.slice(at + 1)) {
        const together = passing.some(
          (versions) => versions.get(one[0]) === one[1] && versions.get(other[0]) === other[1],
        );
        if (!together) count([one, other]);
      }
  }
  return [...conflicts.values()].sort(
    (a, b) =>
      b.failures - a.failures ||
      a.releases.length - b.releases.length ||
      (JSON.stringify(a.releases) < JSON.stringify(b.releases) ? -1 : 1),
  );
}

/** The passing stack that differs least from a failing one. */
export function nearestPassing(failing: Stack, seen: readonly SeenStack[]): Stack | undefined {
  let best: { readonly stack: Stack; readonly distance: number } | undefined;
  for (const { stack, failed } of seen) {
    if (failed) continue;
    const versions = new Map(stack);
    const distance = failing.filter(([name, version]) => versions.get(name) !== version).length;
    if (best === undefined || distance < best.distance) best = { stack, distance };
  }
  return best?.stack;
}
