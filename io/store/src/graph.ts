// What is done with a graph that is open.

export { type ExportOptions, exportGraph } from "./graph/graph-file.ts";
export { GraphReader, type GraphReaderOptions } from "./graph/graph-reader.ts";
export {
  checkGraphFile,
  type ImportOptions,
  type ImportOutcome,
  importGraph,
  isGraphFile,
} from "./graph/import-graph.ts";
