export type { KnowledgeStore, ProjectKey, StoredProject, Validators } from "./knowledge-store.ts";
export { encodeProject } from "./project-encoder.ts";
export { type LoadBlock, ProjectRecord, type ProjectStatus, readProject } from "./project-record.ts";
export type { KnowledgeReader, MetadataUnavailable, Needs, ReleaseMetadata } from "./reader.ts";
