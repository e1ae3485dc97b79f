// Opens the knowledge graph, wherever it is kept. What speaks to it is loaded only then.

import type { GraphOptions, GraphStore } from "./graph-store.ts";

const PATIENCE = 60_000;
const CONNECTIONS = 4;

/**
 * `place`: the path of a file, `:memory:`, or a `postgresql://` URL. It is made where it is not there, and brought
 * up to date. Throws `database-failed`, `database-too-new`.
 */
export async function openGraph(place: string, options: GraphOptions = {}): Promise<GraphStore> {
  const { patience = PATIENCE, connections = CONNECTIONS } = options;
  if (!/^postgres(?:ql)?:\/\//.test(place)) {
    const { openSqliteGraph } = await import("./sqlite-graph.ts");
    return await openSqliteGraph(place, patience);
  }
  const { openPostgresGraph } = await import("./postgres-graph.ts");
  return await openPostgresGraph(place, { patience, connections });
}
