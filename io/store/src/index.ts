export { type ExportOptions, exportGraph } from "./graph/graph-file.ts";
export { GraphReader, type GraphReaderOptions } from "./graph/graph-reader.ts";
export type { GraphOptions, GraphStore } from "./graph/graph-store.ts";
export { type ImportOptions, type ImportOutcome, importGraph, isGraphFile } from "./graph/import-graph.ts";
export { openGraph } from "./graph/open-graph.ts";
export { makeFolder } from "./make-folder.ts";
export { openStore, type StoreOptions } from "./sqlite-store.ts";
export { readTwice, writeTwice } from "./twice.ts";
