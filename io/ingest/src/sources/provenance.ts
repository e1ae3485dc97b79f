// Who says what a fact says, and what read it.

import type { Provenance } from "@thoth/knowledge";

const TOOL = "thoth-ingest 0.1";

/** `source`: what was asked, without credentials and query. `now`: seconds since 1970. */
export function saidBy(source: string, now: number): Provenance {
  const url = new URL(source);
  for (const part of ["username", "password", "search", "hash"] as const) url[part] = "";
  return { source: url.href, observedAt: now, tool: TOOL };
}
