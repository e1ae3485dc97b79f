// What `thoth knowledge status` tells of the knowledge graph.

import type { GraphSummary } from "@thoth/knowledge";
import { dayOf } from "../../advice/known.ts";
import type { Invocation } from "../../frame/command.ts";
import { plural, printable } from "../../frame/printable.ts";
import { openFormerGraph } from "../../session/open-graph.ts";

/** Undefined where there is none. */
export async function graphSummary(invocation: Invocation): Promise<GraphSummary | undefined> {
  const graph = await openFormerGraph(invocation);
  try {
    return await graph?.summary();
  } finally {
    await graph?.close();
  }
}

export function graphDocument({ snapshot, facts, jobs }: GraphSummary): object {
  const { id, at, source } = snapshot;
  return {
    snapshot: { id, at: id === 0 ? null : timeOf(at), source },
    facts,
    jobs: jobs.map(({ job, at: last }) => ({ job, at: timeOf(last) })),
  };
}

export function graphText({ snapshot, facts, jobs }: GraphSummary): string[] {
  const counts = Object.entries(facts).map(([kind, count]) => `${count} ${kind}`);
  const all = Object.values(facts).reduce((sum, count) => sum + count, 0);
  const { id, at } = snapshot;
  return [
    id === 0
      ? "graph       nothing is known yet"
      : `graph       ${plural(all, "fact")} in snapshot ${id} of ${dayOf(at)}${all === 0 ? "" : `: ${counts.join(", ")}`}`,
    ...jobs.map(({ job, at: last }) => `goes on     ${printable(job)}, since ${dayOf(last)}`),
  ];
}

/** ISO 8601 in UTC. */
export function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
