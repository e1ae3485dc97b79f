// What `thoth knowledge export` writes, of an observation that a test makes up.

import { buffer } from "node:stream/consumers";
import type { AnyFact, Owner } from "@thoth/knowledge";
import { openGraph } from "@thoth/store";
import { exportGraph } from "@thoth/store/graph";

/** That a release failed when it was imported. */
export function failureOf(name: string, version: string, symptom: string): AnyFact {
  return {
    owner: name as Owner,
    kind: "observation",
    subject: "one",
    body: {
      version,
      beside: [],
      stage: "import",
      outcome: "failed",
      symptom,
      times: 3,
      environment: "e",
      place: "cpython 3.11 x86_64-linux",
    },
    provenance: { source: "inspection", observedAt: 1000, tool: "test 1" },
  };
}

export async function exportOf(facts: readonly AnyFact[]): Promise<Buffer> {
  const graph = await openGraph(":memory:");
  try {
    await graph.write({ changes: facts.map((put) => ({ put })), at: 1, source: "test" });
    return await buffer(exportGraph(graph));
  } finally {
    await graph.close();
  }
}
