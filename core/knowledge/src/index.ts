export type { KnowledgeReader, MetadataUnavailable, Needs, ReleaseMetadata } from "./reader.ts";
export { encodeProject, ProjectRecord } from "./project-record.ts";
