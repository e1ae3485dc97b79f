export { openAdvisories } from "./advisories/advisory-table.ts";
export { type AdvisoryChanges, compareAdvisories } from "./advisories/compare-advisories.ts";
export { ExploitedFlaws } from "./advisories/exploited-flaws.ts";
export { FORMAT as ADVISORIES_FORM } from "./advisories/table-layout.ts";
export type { AdvisoryCatalogue, AdvisoryReader, Flaw, Severity, StoredFlaw } from "./advisory.ts";
export type {
  ApiClass,
  ApiExports,
  ApiFact,
  ApiFunction,
  ApiModule,
  ApiName,
  ApiParameter,
  CodeFact,
  ContentsFact,
  NativeLibrary,
} from "./graph/artifact-facts.ts";
export type { AnyFact, Fact, FactBodies, FactKey, FactKind, Owner, Provenance } from "./graph/fact.ts";
export {
  BODY_LIMIT,
  checkStorable,
  factOf,
  formatBody,
  isOwnerOf,
  isStorable,
  KEY_LIMIT,
} from "./graph/fact-text.ts";
export type {
  FileKey,
  GraphRecords,
  RefreshedProject,
  SavedMetadata,
  SavedProject,
} from "./graph/graph-records.ts";
export type { ImageFact } from "./graph/image-fact.ts";
export {
  type Change,
  type FactQuery,
  type GraphSummary,
  type KnowledgeGraph,
  MOST_OWNERS,
  type OwnersQuery,
  type Snapshot,
  type SnapshotId,
  type Write,
} from "./graph/knowledge-graph.ts";
export type {
  EnvironmentFacts,
  InspectionFact,
  MeasurementFact,
  ObservationFact,
  Outcome,
  Stage,
  StageFact,
} from "./graph/observation-facts.ts";
export type {
  AttestationFact,
  DownloadsFact,
  ExploitationFact,
  HealthFact,
  ReleaseNoteFact,
  RepositoryFact,
  ScorecardFact,
} from "./graph/project-facts.ts";
export type { KnowledgeStore, ProjectKey, StoredProject, Validators } from "./knowledge-store.ts";
// Measurements
export {
  type Changed,
  type Comparison,
  compareMeasurements,
  SMALLEST_DIFFERENCE,
  type Speedup,
  speedupOf,
} from "./measurements/compare-measurements.ts";
export { digestOf, environmentDifferences, environmentDigest } from "./measurements/environment-digest.ts";
export { median, medianDeviation, medianInterval, withoutOutliers } from "./measurements/median.ts";
export { looksQuantised, quantisedShare } from "./measurements/quantisation.ts";
export { type Samples, type Summary, summarize } from "./measurements/summarize.ts";
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
