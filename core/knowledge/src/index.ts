export { openAdvisories } from "./advisories/advisory-table.ts";
export { type AdvisoryChanges, compareAdvisories } from "./advisories/compare-advisories.ts";
export type { AdvisoryCatalogue, AdvisoryReader, Flaw, Severity, StoredFlaw } from "./advisory.ts";
export type { KnowledgeStore, ProjectKey, StoredProject, Validators } from "./knowledge-store.ts";
export { type EncodedPage, encodePage, encodeProject } from "./project-encoder.ts";
export {
  type LoadBlock,
  NO_BOUND,
  ProjectRecord,
  type ProjectStatus,
  type ReleaseColumns,
  readProject,
} from "./project-record.ts";
export type { KnowledgeReader, MetadataUnavailable, Needs, ReleaseMetadata } from "./reader.ts";
export { RELEASE } from "./record-layout.ts";
