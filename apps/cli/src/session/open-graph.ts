// The knowledge graph that a command reads or writes: this machine's own, beside what the user would miss, or another.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import type { GraphStore } from "@thoth/store";
import { type Invocation, textOption } from "../frame/command.ts";
import { dataDirectory } from "../settings/directories.ts";

type Asked = Pick<Invocation, "options" | "environment">;

/** Made where it is not there. Throws usage, database-failed, database-too-new. */
export async function openKnowledgeGraph(asked: Asked): Promise<GraphStore> {
  const { openGraph } = await import("@thoth/store");
  return await openGraph(graphPlace(asked));
}

/** Undefined where there is none: nothing is made then. Throws as the former. */
export async function openFormerGraph(asked: Asked): Promise<GraphStore | undefined> {
  const place = graphPlace(asked);
  return place.includes("://") || existsSync(place) ? await openKnowledgeGraph(asked) : undefined;
}

export interface SharedGraph {
  readonly graph: GraphStore;
  /** Whether it stays open for the commands after this one. */
  readonly isKept: boolean;
}

/** As the former, but that of a server is the one that an earlier command of the process has opened. */
export async function openSharedGraph(
  asked: Asked & Pick<Invocation, "stores">,
): Promise<SharedGraph | undefined> {
  const place = graphPlace(asked);
  if (place.includes("://")) return { graph: await asked.stores.graph(place), isKept: true };
  const graph = await openFormerGraph(asked);
  return graph && { graph, isKept: false };
}

/** A path, or the URL of a server, which may hold a password: never to be shown. */
function graphPlace({ options, environment }: Asked): string {
  const place = textOption(options, "database");
  if (place === undefined) return join(dataDirectory(environment), "graph.sqlite");
  if (place.includes("://") && !/^postgres(?:ql)?:\/\//.test(place))
    throw new ThothError(
      "usage",
      `${quote(place.slice(0, place.indexOf("://")))} is no database that is known`,
      {
        hint: "Name a file, or a server as postgresql://HOST/NAME.",
      },
    );
  return place;
}
