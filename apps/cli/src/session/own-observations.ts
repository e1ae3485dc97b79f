// Observations of the user's own: parts of a graph as files, minded beside what the knowledge graph holds, and kept nowhere.

import { createHash } from "node:crypto";
import type { FactKind } from "@thoth/knowledge";
import { readGivenFile } from "../files/read-file.ts";
import { type Invocation, listOption } from "../frame/command.ts";
import type { SharedGraph } from "./open-graph.ts";

export interface OwnObservations extends SharedGraph {
  /** Of the files. */
  readonly digest: string;
}

/** Bytes of a file, and unpacked. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_UNPACKED = 512 * 1024 * 1024;
/** What advice minds of a graph. */
const KINDS: readonly FactKind[] = ["exploitation", "measurement", "observation", "scorecard"];

/** Undefined where none are named. Throws usage, file-failed, invalid-graph-file, invalid-fact, limit-exceeded. */
export async function openOwnObservations({ options }: Invocation): Promise<OwnObservations | undefined> {
  const paths = listOption(options, "observations");
  if (paths.length === 0) return undefined;
  const [{ openGraph }, { importGraph }] = await Promise.all([
    import("@thoth/store"),
    import("@thoth/store/graph"),
  ]);
  const graph = await openGraph(":memory:");
  const digest = createHash("sha256");
  try {
    for (const path of paths) {
      const bytes = await readGivenFile(path, MOST_BYTES);
      digest.update(bytes);
      const open = async function* () {
        yield bytes;
      };
      await importGraph(graph, open, { at: 0, source: "file", limit: MOST_UNPACKED, kinds: KINDS });
    }
    return { graph, isKept: false, digest: digest.digest("hex") };
  } catch (error) {
    await graph.close();
    throw error;
  }
}
