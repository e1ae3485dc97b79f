// Environments of measurements: their names, and in what two of them differ.

import { createHash } from "node:crypto";
import { formatBody } from "../graph/fact-text.ts";
import type { EnvironmentFacts } from "../graph/observation-facts.ts";

/** SHA-256 in hexadecimal digits: equal where nothing that was noted differs. */
export function environmentDigest(environment: EnvironmentFacts): string {
  return digestOf(environment);
}

/** Of anything that JSON can say, whatever the order of its keys. */
export function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(formatBody(value as Parameters<typeof formatBody>[0]))
    .digest("hex");
}

/** Names of what differs, sorted. */
export function environmentDifferences(one: EnvironmentFacts, other: EnvironmentFacts): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as ReadonlySet<keyof EnvironmentFacts>;
  return [...names].filter((name) => digestOf(one[name] ?? null) !== digestOf(other[name] ?? null)).sort();
}
