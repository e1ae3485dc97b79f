// What the stores have in common when they are asked.

import {
  type FactQuery,
  isStorable,
  KEY_LIMIT,
  MOST_OWNERS,
  type Snapshot,
  type SnapshotId,
} from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";
import { sortedTexts } from "./changes.ts";

/** The snapshot of a graph to which nothing was written. */
export const EMPTY: Snapshot = { id: 0, at: 0, source: "" };

/** Without repetitions, in their order, and without texts that no store keeps: of them nothing is known. */
export function checkedQuery({ owners, kinds, subjects }: FactQuery): FactQuery {
  if (owners.length > MOST_OWNERS) throw new RangeError(`a query names ${owners.length} owners`);
  return {
    owners: sortedTexts(owners.filter(isKey)),
    ...(kinds === undefined ? {} : { kinds }),
    ...(subjects === undefined ? {} : { subjects: sortedTexts(subjects.filter(isKey)) }),
  };
}

/** Whether something may be kept under it. */
export function isKey(text: string): boolean {
  return isStorable(text, KEY_LIMIT);
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
