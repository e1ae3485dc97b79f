// What became of an analysis of an image. One that was not there, or could not be had, may be there in a minute: such an answer is
// not given again for hours, and so it is a failure, and no result.

import type { Failure } from "../jobs/job.ts";
import type { Outcome } from "./adviser-process.ts";

/** Another attempt would end in the same way. */
const SETTLED = new Set(["unauthorized", "limit-exceeded", "index-response-invalid"]);

export function imageOutcome(outcome: Outcome): Outcome {
  if (outcome.kind === "result" && outcome.status !== 0)
    return { kind: "failure", failure: failureIn(outcome.document), again: false, isTheirs: true };
  if (outcome.kind !== "failure" || !SETTLED.has(outcome.failure.code)) return outcome;
  return { ...outcome, again: false, isTheirs: true };
}

/** Of the document with which a command ends that has no other. */
function failureIn(document: Uint8Array): Failure {
  const { error } = JSON.parse(Buffer.from(document).toString("utf8")) as { readonly error: Failure };
  const { code, message, hint } = error;
  return { code, message, hint };
}
