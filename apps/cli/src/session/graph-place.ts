// Where the knowledge graph is kept.

import { join } from "node:path";
import type { GraphStore } from "@thoth/store";
import type { Invocation } from "../frame/command.ts";
import { dataDirectory, given } from "../settings/directories.ts";

/** The path of a file, or the URL of a PostgreSQL database, which may carry a password: never to be shown. */
export function graphPlace(variables: Invocation["environment"]): string {
  return given(variables, "THOTH_GRAPH") ?? join(dataDirectory(variables), "graph.sqlite");
}

/** The caller closes it. Throws `database-failed`, `database-too-new`. */
export async function openKnowledgeGraph({
  environment,
}: Pick<Invocation, "environment">): Promise<GraphStore> {
  const { openGraph } = await import("@thoth/store");
  return await openGraph(graphPlace(environment));
}
