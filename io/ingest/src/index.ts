export { compileAdvisories } from "@thoth/knowledge/compile";
export type { AdvisoryDocuments, ReadAdvisoriesOptions, SkippedDocument } from "./advisory-documents.ts";
export { type ReadCodeOptions, readCode, readLocalCode, readSdistCode } from "./code/read-code.ts";
export { type Analysers, type Analysis, analysePython } from "./code/run-analysers.ts";
export {
  type ReadContentsOptions,
  readContents,
  readLocalContents,
  readRemoteContents,
  supplyMembers,
} from "./contents/read-contents.ts";
export { readSurroundings } from "./contents/read-surroundings.ts";
export {
  type FetchAdvisoriesRequest,
  type FetchedAdvisories,
  fetchAdvisories,
} from "./fetch-advisories.ts";
export {
  type FetchedRules,
  type FetchRulesOptions,
  fetchPrescriptions,
} from "./fetch-prescriptions.ts";
export { isGitPlace } from "./git/git-place.ts";
export {
  asking,
  describeImage,
  type ImageDescription,
  type InspectedImage,
  type InspectImageOptions,
  inspectImage,
  type RegistryAccess,
} from "./images/ask-registry.ts";
export { ImageBudget, type ImageLimits, limitsFor, USUAL_LIMITS } from "./images/image-budget.ts";
export { type ImageReference, parseImageReference } from "./images/image-reference.ts";
export type { ImageSource } from "./images/image-source.ts";
export type { Blob, FetchedManifest, Layer, Packing } from "./images/manifest.ts";
export { ARCHITECTURE, type FoundImage, fetchParts, findImage } from "./images/read-image.ts";
export { type ImageStep, readLayer } from "./images/read-layer.ts";
export { digestOf as blobDigest, otherDigest } from "./images/registry.ts";
export { RegistryLogin } from "./images/registry-login.ts";
export { POLITE, type Politeness } from "./jobs/asker.ts";
export { type Holder, thisRun } from "./jobs/lease.ts";
export { type JobOptions, type JobProgress, runJob } from "./jobs/run-job.ts";
export type {
  Answer,
  ItemContext,
  ItemFailure,
  JobReport,
  Recall,
  Recollection,
  Source,
  SourceContext,
  SourceItem,
} from "./jobs/source.ts";
export { readAdvisories } from "./read-advisories.ts";
export { type RuleFiles, readPrescriptions } from "./read-prescriptions.ts";
export { type ProjectKnowledge, readKnowledge } from "./rules-from-facts/project-knowledge.ts";
export {
  type RefreshRulesOptions,
  type RulesDifference,
  refreshRules,
} from "./rules-from-facts/refresh-rules.ts";
export { SOURCES, type SourceEntry, type SourceName, type Wanted } from "./sources/catalogue.ts";
export type { WantedFlaws } from "./sources/exploitation.ts";
export type { WheelTarget } from "./sources/fitting-file.ts";
export { notUnderstood, Reading } from "./sources/reading.ts";
export {
  digestOf,
  type LockedRelease,
  type WantedProjects,
  wantedProjects,
} from "./sources/wanted-projects.ts";
