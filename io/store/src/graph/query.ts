// What the stores have in common when they are asked.

import { type FactQuery, MOST_OWNERS, type Owner, type Snapshot, type SnapshotId } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";
import { sortedTexts } from "./changes.ts";

/** The snapshot of a graph to which nothing was written. */
export const EMPTY: Snapshot = { id: 0, at: 0, source: "" };

/** Without repetitions, in their order. */
export function checkedOwners({ owners }: FactQuery): readonly Owner[] {
  if (owners.length > MOST_OWNERS) throw new RangeError(`a query names ${owners.length} owners`);
  return sortedTexts(owners);
}

export function unknownSnapshot(at: SnapshotId, newest: SnapshotId): ThothError {
  return new ThothError("usage", `the knowledge graph has no snapshot \`${at}\``, {
    hint: `The newest is ${newest}.`,
    details: { newest },
  });
}

const decoder = new TextDecoder();

export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
