// Which wheels share a layer. A large one has its own, so that an upgrade moves that one alone; the others lie in buckets by
// their names, which never change, so that an upgrade moves one bucket. Registries and engines take 127 layers.

import { createHash } from "node:crypto";
import { ThothError } from "@thoth/pep";

export interface SizedWheel {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** Of an image, those of its base among them. */
export const MOST_LAYERS = 99;
/** Bytes from which on a wheel has a layer of its own. */
const LARGE = 256 * 1024;
const BUCKETS = 16;

/** At most `most` groups, in an order that depends on names alone. Throws `limit-exceeded` where `most` is less than one. */
export function groupWheels<W extends SizedWheel>(
  wheels: readonly W[],
  most: number,
): readonly (readonly W[])[] {
  if (most < 1)
    throw new ThothError(
      "limit-exceeded",
      `The base has so many layers that the image would have over ${MOST_LAYERS}.`,
      {
        hint: "Take a base with fewer layers.",
        details: { limit: "layers", most: MOST_LAYERS },
      },
    );
  const buckets = most > BUCKETS ? BUCKETS : 1;
  const sorted = [...wheels].sort((left, right) => (left.name < right.name ? -1 : 1));
  const alone = new Set(
    sorted
      .filter(({ size }) => size > LARGE)
      .sort((left, right) => right.size - left.size)
      .slice(0, most - buckets),
  );
  const shared = Array.from({ length: buckets }, (_, bucket) =>
    sorted.filter((wheel) => !alone.has(wheel) && bucketOf(wheel.name, buckets) === bucket),
  );
  return [
    ...shared.filter((group) => group.length > 0),
    ...sorted.filter((wheel) => alone.has(wheel)).map((wheel) => [wheel]),
  ];
}

function bucketOf(name: string, buckets: number): number {
  return createHash("sha256").update(name).digest().readUInt32BE(0) % buckets;
}
