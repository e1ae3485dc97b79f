// A store of the knowledge graph: facts, and the records of projects that resolutions read.

import type { GraphRecords, KnowledgeGraph } from "@thoth/knowledge";

export interface GraphStore extends KnowledgeGraph, GraphRecords {}

export interface GraphOptions {
  /** Milliseconds to wait for others that write. Default 60,000. */
  readonly patience?: number;
  /** Connections to a server at a time. Default 4. */
  readonly connections?: number;
}
