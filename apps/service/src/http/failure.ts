// From errors to statuses of HTTP. https://www.rfc-editor.org/rfc/rfc9110#section-15

import { PROBLEM_TYPE } from "@thoth/contract/service";
import { type ErrorCode, ThothError } from "@thoth/pep";
import type { HttpFailure, Reply } from "./handler.ts";

const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  conflict: 409,
  "database-failed": 503,
  forbidden: 403,
  "invalid-request": 400,
  "limit-exceeded": 422,
  "not-found": 404,
  overloaded: 429,
  "quota-exceeded": 429,
  unauthorized: 401,
};

/** Seconds. */
const RETRY_AFTER: Readonly<Record<number, number>> = { 429: 1, 503: 2 };

/** What a caller learns of an error: of a bug nothing but that there was one. */
export function failureOf(
  error: unknown,
  { request, query }: Pick<HttpFailure, "request" | "query">,
): HttpFailure {
  if (!(error instanceof ThothError))
    return { status: 500, code: "internal", message: "something went wrong in the service", request, query };
  const { code, message, hint, details } = error;
  const status = typeof details?.["status"] === "number" ? details["status"] : (STATUSES[code] ?? 422);
  const retryAfter =
    typeof details?.["retryAfter"] === "number" ? details["retryAfter"] : RETRY_AFTER[status];
  // Where a database is, and why it cannot be used, is for its operator alone.
  const told = code === "database-failed" ? "the database cannot be used at the moment" : message;
  return { status, code, message: told, hint, retryAfter, request, query };
}

/** As problem details, https://www.rfc-editor.org/rfc/rfc9457 */
export function problemReply({ status, code, message, hint, retryAfter, request }: HttpFailure): Reply {
  return {
    status,
    document: {
      type: "about:blank",
      title: code.replaceAll("-", " "),
      status,
      detail: message,
      code,
      ...(hint === undefined ? {} : { hint }),
      request,
    },
    headers: {
      "content-type": PROBLEM_TYPE,
      // https://www.rfc-editor.org/rfc/rfc6750#section-3
      ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
      ...(retryAfter === undefined ? {} : { "retry-after": String(Math.ceil(retryAfter)) }),
    },
  };
}
