export { compileAdvisories } from "@thoth/knowledge/compile";
export type { AdvisoryDocuments, ReadAdvisoriesOptions, SkippedDocument } from "./advisory-documents.ts";
export { type ReadCodeOptions, readLocalCode } from "./code/read-code.ts";
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
export { readAdvisories } from "./read-advisories.ts";
export { type RuleFiles, readPrescriptions } from "./read-prescriptions.ts";
