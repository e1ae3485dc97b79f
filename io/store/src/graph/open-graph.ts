// Opens the knowledge graph, wherever it is kept.

import type { GraphOptions, GraphStore } from "./graph-store.ts";
import { openSqliteGraph } from "./sqlite-graph.ts";

const PATIENCE = 60_000;

/**
 * `place`: the path of a file, `:memory:`, or a `postgresql://` URL. It is made where it is not there, and brought
 * up to date. Throws `database-failed`, `database-too-new`.
 */
export async function openGraph(place: string, options: GraphOptions = {}): Promise<GraphStore> {
  const { patience = PATIENCE } = options;
  return await openSqliteGraph(place, patience);
}
