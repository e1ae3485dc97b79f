// What is sent to those who asked to be told: type, time and data, as https://www.standardwebhooks.com lays them out. The
// header `webhook-id` stays the same however often a document is sent.

import { choiceOf, count, listOf, normalizedName, nullable, shapeOf, text, type ValueOf } from "../shape.ts";
import { justification } from "../shared-documents.ts";
import { jobDocument } from "./v2-documents.ts";

const movedPackage = shapeOf("A package that the best stack has in another version than before", {
  name: normalizedName,
  /** Null: it was not there. */
  from: nullable(text),
  /** Null: it is gone. */
  to: nullable(text),
  /** Known vulnerabilities that the move clears, and that it brings. */
  cleared: listOf(text),
  added: listOf(text),
  reasons: listOf(justification),
});

export const changedDocument = shapeOf("The best stack of a watched lock has changed", {
  type: choiceOf("lock.changed"),
  timestamp: text,
  data: shapeOf("What has changed, and why", {
    lock: shapeOf("The lock", { id: text, name: text }),
    job: text,
    asOf: text,
    recommendationType: text,
    changed: listOf(movedPackage),
    /** Where the old stack and the new one pay differently, by what is known now. */
    levels: listOf(shapeOf("A level of the objective", { level: text, before: count, after: count })),
    /** Why the old stack is none any more, where it is so. */
    reasons: listOf(text),
  }),
});

export const endedDocument = shapeOf("A job has ended", {
  type: choiceOf("job.ended"),
  timestamp: text,
  data: shapeOf("The job", { job: jobDocument }),
});

export type ChangedDocument = ValueOf<typeof changedDocument>;
export type EndedDocument = ValueOf<typeof endedDocument>;
