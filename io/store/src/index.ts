export type { GraphOptions, GraphStore } from "./graph/graph-store.ts";
export { openGraph } from "./graph/open-graph.ts";
export { makeFolder } from "./make-folder.ts";
export { openStore, type StoreOptions } from "./sqlite-store.ts";
export { readTwice, writeTwice } from "./twice.ts";
