// Names, versions, specifiers, requirements, markers, tags, file names

export {
  type DependencyGroup,
  type DependencyGroups,
  expandDependencyGroup,
  type GroupRequirement,
} from "./dependency-groups.ts";
export { type DirectSource, directUrl } from "./direct-source.ts";
export { type DirectUrl, formatDirectUrl, parseDirectUrl } from "./direct-url.ts";
export { type TargetDescription, type TargetEnvironment, targetEnvironment } from "./environment.ts";
export { environmentName, factsOfMarker } from "./environment-name.ts";
export { type ErrorCode, type ErrorParticulars, quote, ThothError } from "./error.ts";
export {
  type BuildTag,
  compareBuildTags,
  parseSdistFilename,
  parseWheelFilename,
  type SdistFilename,
  tryParseSdistFilename,
  tryParseWheelFilename,
  type WheelFilename,
} from "./filename.ts";
// Documents
export {
  extraMarker,
  type ForeignFile,
  type ForeignLock,
  type ForeignPackage,
  groupMarker,
  type LockFormat,
  lockFormats,
  pylockOf,
  pylockWith,
  wholePackage,
} from "./foreign-lock.ts";
export { pdmHashText, poetryHashTexts } from "./foreign-lock-hash.ts";
export { type ForeignLockOptions, lockFormatOf, readForeignLock } from "./foreign-lock-read.ts";
export type { IndexFile, PageContext, PageStatus, ProjectPage } from "./index-file.ts";
export { compareCodePoints, formatJson } from "./json.ts";
export { parseLicenceExpression } from "./licence-expression.ts";
export {
  formatMarker,
  type Marker,
  type MarkerComparison,
  type MarkerOperator,
  type MarkerStep,
  parseMarker,
} from "./marker.ts";
export { alternateMarkers, joinMarkers, markerGiven } from "./marker-combine.ts";
export { evaluateMarker, type MarkerEnvironment } from "./marker-evaluate.ts";
export { asksForNames, type Narrowed, narrowMarker, narrowToFacts } from "./marker-narrow.ts";
export type { MarkerTerm, MarkerVariable } from "./marker-scanner.ts";
export { separatingMarker, TELLING_VARIABLES } from "./marker-separate.ts";
export { type CoreMetadata, findMetadataProblems, type MetadataProblem, parseMetadata } from "./metadata.ts";
export {
  formatMetadataHeaders,
  type MetadataFields,
  type MetadataValue,
  parseMetadataFields,
} from "./metadata-fields.ts";
export {
  type ExtraName,
  isNormalizedName,
  isValidName,
  normalizeName,
  type PackageName,
  parseExtraName,
  parsePackageName,
} from "./name.ts";
export {
  formatPipfile,
  type Pipfile,
  type PipfilePackage,
  type PipfileSource,
  parsePipfile,
} from "./pipfile.ts";
export {
  formatPipfileLock,
  type PipfileLock,
  type PipfileLockPackage,
  parsePipfileLock,
} from "./pipfile-lock.ts";
export { expandPlatform, type Platform } from "./platform.ts";
export { type Poetry, type PoetryDependency, type PoetryGroup, readPoetry } from "./poetry.ts";
export { parsePoetryConstraint, uniteAlternatives } from "./poetry-constraint.ts";
export type {
  ProjectFile,
  ProjectFileIndex,
  ProjectFileKind,
  ProjectFileLocation,
  ProjectFileOptions,
  ProjectFileRequirement,
} from "./project-file.ts";
export { readProjectFile } from "./project-file-read.ts";
export { parseFindLinks, parseProjectPage } from "./project-page.ts";
export { resolveFileUrl } from "./project-page-entry.ts";
export {
  isPylockFilename,
  type Pylock,
  type PylockArchive,
  type PylockDirectory,
  type PylockFile,
  type PylockPackage,
  type PylockVcs,
  pylockFilename,
} from "./pylock.ts";
export { environmentFacts, environmentNames, isForEnvironment, pylockPart } from "./pylock-part.ts";
export { parsePylock, pylockFromJson } from "./pylock-read.ts";
export {
  type PylockSelection,
  type PylockSelectOptions,
  type PylockSource,
  selectPylock,
} from "./pylock-select.ts";
export { formatPylock, pylockToJson } from "./pylock-write.ts";
export { type BuildSystem, type Pyproject, parsePyproject } from "./pyproject.ts";
export type { ProjectExtra, ProjectLicence, ProjectTable } from "./pyproject-project.ts";
export { formatRange, rangeClauses } from "./range-specifiers.ts";
export {
  formatRequirement,
  parseRequirement,
  type Requirement,
  type RequirementOptions,
} from "./requirement.ts";
export {
  parseRequirementsFile,
  type RequirementHash,
  type RequirementLine,
  type RequirementsFile,
  type RequirementsFileContext,
  type SourcePosition,
} from "./requirements-file.ts";
export { decodeRequirementsFile } from "./requirements-file-lines.ts";
export type { DeclaredRequirement } from "./requirements-file-requirement.ts";
export {
  findScriptBlock,
  findScriptBlocks,
  formatScriptMetadata,
  parseScriptMetadata,
  replaceScriptBlock,
  type ScriptBlock,
  type ScriptMetadata,
} from "./script-block.ts";
export {
  formatSpecifiers,
  makeSpecifiers,
  mentionsPrerelease,
  NO_SPECIFIERS,
  parseSpecifiers,
  type Specifier,
  type SpecifierOperator,
  type Specifiers,
  specifiersEqual,
  specifiersRange,
} from "./specifier.ts";
export {
  admittedRanges,
  filterAdmitted,
  isUnsatisfiable,
  type MatchOptions,
  specifiersContain,
  specifiersContainText,
  type VersionSequence,
} from "./specifier-match.ts";
export { KNOWN_SYSTEMS, type OperatingSystem, systemPlatform } from "./system-platform.ts";
export { compatibleTags, type Interpreter, parseTagSet } from "./tag.ts";
export { formatTomlTable, TomlTime } from "./toml.ts";
export { filenameOf, hideCredentials, quoteUrl } from "./url.ts";
export { compareUvLock } from "./uv-lock-project.ts";
export {
  baseVersion,
  formatVersion,
  isPrerelease,
  type LocalSegment,
  makeVersion,
  parseVersion,
  publicVersion,
  tryParseVersion,
  type Version,
  type VersionNumber,
  type VersionParts,
  versionKey,
} from "./version.ts";
export { compareVersions } from "./version-order.ts";
export {
  complementRange,
  EMPTY_RANGE,
  FULL_RANGE,
  hasFinalVersion,
  intersectRanges,
  isEmptyRange,
  isFullRange,
  isSubrange,
  rangeContains,
  rangesEqual,
  subtractRange,
  uniteRanges,
  type VersionRange,
} from "./version-range.ts";
