// Handlers that ask indexes or registries.

import { ThothError } from "@thoth/pep";
import type { Handler } from "../http/handler.ts";

const THEIRS = new Set([
  ...["index-unreachable", "index-response-invalid", "service-unreachable", "limit-exceeded"],
  ...["hash-mismatch", "invalid-wheel", "invalid-metadata"],
]);

/** What others do wrong is not the fault of whoever asks for it. */
export function asking(handler: Handler, whom = "an index"): Handler {
  return async (incoming) => {
    try {
      return await handler(incoming);
    } catch (error) {
      // The time is over, or whoever asked is gone.
      const isLate = error instanceof DOMException && /^(?:Timeout|Abort)Error$/.test(error.name);
      if (!isLate && !(error instanceof ThothError && THEIRS.has(error.code))) throw error;
      throw new ThothError("index-unreachable", `${whom} does not answer as it should at the moment`, {
        cause: error,
        details: { status: 503 },
      });
    }
  };
}
