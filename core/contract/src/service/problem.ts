// Failures of the modern API: problem details. https://www.rfc-editor.org/rfc/rfc9457

import { count, shapeOf, text } from "../shape.ts";
import type { Answer } from "./operation.ts";

export const PROBLEM_TYPE = "application/problem+json";

export const problemDocument = shapeOf("A failure", {
  type: text,
  title: text,
  status: count,
  "detail?": text,
  /** One of the error codes that scripts may match. */
  code: text,
  "hint?": text,
  /** Of the request, as it stands in the logs. */
  request: text,
});

/** Answers that any operation may give. */
export function problems(...statuses: readonly (keyof typeof WHY)[]): Readonly<Record<number, Answer>> {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: WHY[status], schema: problemDocument, type: PROBLEM_TYPE },
    ]),
  );
}

const WHY = {
  400: "What was sent is not what the operation takes.",
  401: "A token is missing, unknown, revoked or over.",
  403: "The token does not allow this.",
  404: "There is no such thing, or it is somebody else's.",
  406: "There is no answer of the type that is asked for.",
  408: "The request was not sent within its time.",
  409: "It is in another state, or there is another one of that name.",
  413: "More was sent than the service takes.",
  415: "The body is of another type.",
  422: "What was sent can be read and not be done.",
  429: "Too much at a time: come back after `Retry-After` seconds.",
  503: "A part that is needed is not there: come back after `Retry-After` seconds.",
} as const;
