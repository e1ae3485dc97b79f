export type { Cell, JsonObject, JsonValue } from "./cell.ts";
export {
  type Conversion,
  type ConversionContext,
  type ConvertedCommand,
  convertNotebook,
  type KeptCommand,
} from "./convert.ts";
export {
  type Discovery,
  type DiscoveryContext,
  discover,
  type PipCommand,
  type Question,
  type RequirementsFileUse,
} from "./discover.ts";
export type { DiscoveredImport, ImportKind } from "./discover-imports.ts";
export { knownDistributions, reportedModule, tableModules, tableProviders } from "./distribution.ts";
export { editMetadata, type MetadataEdits } from "./edit.ts";
export { type FirstCell, withFirstCell } from "./first-cell.ts";
export type { IndexOptions } from "./install-line.ts";
export {
  type MetadataRequirement,
  type MetadataRequirements,
  type MetadataSource,
  metadataRequirements,
  pipfileOf,
} from "./metadata-requirements.ts";
export { type Notebook, notebookText, type ParseOptions, parseNotebook, type Verdict } from "./notebook.ts";
export { choosePast, laterPythons, type Past, type PastOutcome, snappedDate } from "./past-date.ts";
export { type DateEvidence, type PastEvidence, pastEvidence } from "./past-evidence.ts";
export { mergedPipfile, pipfileEntry } from "./pipfile.ts";
export type { PythonEvidence, VersionEvidence } from "./printed-versions.ts";
export { type PythonFinding, pythonFindings, refuses } from "./python-findings.ts";
export { pythonEnded } from "./python-releases.ts";
export { libraryUsage, notebookUsage } from "./used-names.ts";
