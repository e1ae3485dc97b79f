// Where the tests of the graph find one, and how they use it.

import type { TestContext } from "node:test";
import type { GraphStore } from "../src/index.ts";

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

/** Runs `body` on the graph of the place, and closes it. */
export async function withGraph<T>(place: GraphPlace, body: (graph: GraphStore) => Promise<T>): Promise<T> {
  const graph = await place.open();
  try {
    return await body(graph);
  } finally {
    await graph.close();
  }
}
