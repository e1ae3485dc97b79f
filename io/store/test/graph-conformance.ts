// What every store of the knowledge graph must do, whatever keeps it.

import { suite, type TestContext, test } from "node:test";
import type { GraphStore } from "../src/index.ts";
import { manyTests } from "./graph-many.ts";
import { modelTests } from "./graph-model-tests.ts";
import { processTests } from "./graph-processes.ts";
import { readerTests } from "./graph-reader.ts";
import { recordTests } from "./graph-records.ts";
import { textTests } from "./graph-texts.ts";
import { writeTests } from "./graph-writes.ts";

export interface GraphPlace {
  readonly place: string;
  /** Opens what an earlier call left behind, where the place is lasting. */
  open(): Promise<GraphStore>;
}

export interface GraphKeeper {
  /** An empty place; removed when the test ends. */
  makePlace(context: TestContext): GraphPlace;
  /** Why there is no such keeper here. */
  readonly missing?: string | false;
  /** What is written outlives the store's closing, and other processes see it. */
  readonly isLasting: boolean;
}

export interface CaseOptions {
  readonly needsLasting?: boolean;
}

export type Run = (
  name: string,
  body: (place: GraphPlace, context: TestContext) => Promise<void>,
  options?: CaseOptions,
) => void;

export function conformGraph(label: string, keeper: GraphKeeper): void {
  suite(label, () => {
    const run: Run = (name, body, { needsLasting = false } = {}) => {
      const skip = keeper.missing || (needsLasting && !keeper.isLasting ? "nothing outlives it" : false);
      test(name, { skip }, async (context) => {
        await body(keeper.makePlace(context), context);
      });
    };
    writeTests(run);
    textTests(run);
    manyTests(run);
    modelTests(run);
    recordTests(run);
    readerTests(run);
    processTests(run);
  });
}

/** Runs `body` on the graph of the place, and closes it. */
export async function withGraph<T>(place: GraphPlace, body: (graph: GraphStore) => Promise<T>): Promise<T> {
  const graph = await place.open();
  try {
    return await body(graph);
  } finally {
    await graph.close();
  }
}
