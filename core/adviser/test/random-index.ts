// Small random indexes in which most projects have a stack.

import type { Random } from "@thoth/solver";
import type { Index, Release } from "./memory.ts";

const NAMES = ["alpha", "beta", "gamma", "delta"];
const VERSIONS = ["1.0", "1.1", "2.0"];
const BOUNDS = [">=1.0", "<2", ">=1.1", "==1.0", "!=2.0", ""];

/** Needs lead from earlier names to later ones. */
export function randomIndex(random: Random): Index {
  const pick = <T>(items: readonly T[]) => items[random.below(items.length)] as T;
  const release = (at: number): Release => ({
    requires: NAMES.slice(at + 1).flatMap((name) => (random.next() < 0.5 ? [`${name}${pick(BOUNDS)}`] : [])),
    uploaded: `2025-0${1 + random.below(9)}-01T00:00:00Z`,
  });
  return Object.fromEntries(
    NAMES.map((name, at) => [name, Object.fromEntries(VERSIONS.map((version) => [version, release(at)]))]),
  );
}
