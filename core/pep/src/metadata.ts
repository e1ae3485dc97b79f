// Core metadata of a distribution: https://packaging.python.org/en/latest/specifications/core-metadata/ (to 2.6).
// Two readings: lenient for resolving, where only what resolving needs must be right and requirements stay as
// declared; strict for judging a file, where every field must follow the specification.

import { quote, ThothError } from "./error.ts";
import { checkField } from "./metadata-check.ts";
import {
  hasLineBreak,
  type MetadataFields,
  type MetadataValue,
  metadataFields,
  metadataVersions,
  parseMetadataFields,
} from "./metadata-fields.ts";
import { type ExtraName, isValidName, normalizeName, type PackageName } from "./name.ts";
import { tryParseVersion, type Version } from "./version.ts";

export interface CoreMetadata {
  readonly metadataVersion: string;
  readonly name: PackageName;
  /** The name as the author writes it. */
  readonly displayName: string;
  /** Canonical text of `parsedVersion`. */
  readonly version: string;
  readonly parsedVersion: Version;
  /** PEP 508 texts as declared, in the order of the file. */
  readonly requiresDist: readonly string[];
  /** As declared. */
  readonly requiresPython: string | undefined;
  readonly providesExtra: readonly ExtraName[];
  /** Fields that a build may change, in lower case. */
  readonly dynamic: readonly string[];
  /** Undefined: not said. Empty: the distribution says that it has none. */
  readonly importNames: readonly string[] | undefined;
  readonly importNamespaces: readonly string[] | undefined;
  readonly summary: string | undefined;
  readonly license: string | undefined;
  readonly licenseExpression: string | undefined;
  readonly licenseFiles: readonly string[];
  readonly classifiers: readonly string[];
  readonly projectUrls: ReadonlyMap<string, string>;
}

export interface MetadataProblem {
  /** Header name in lower case. */
  readonly field: string;
  readonly problem: string;
}

/**
 * Reads METADATA or PKG-INFO. Throws invalid-metadata when there is no usable name, version or metadata version
 * (strict: when any field is wrong; `details.problems` has them all), and limit-exceeded.
 */
export function parseMetadata(
  document: string | Uint8Array,
  options: { readonly strict?: boolean } = {},
): CoreMetadata {
  const raw = parseMetadataFields(document, { description: options.strict === true });
  if (options.strict === true) {
    const problems = findMetadataProblems(raw);
    if (problems.length > 0) throw invalid(problems[0]!.field, problems[0]!.problem, problems);
  }
  return assemble(raw);
}

function invalid(field: string, problem: string, problems?: readonly MetadataProblem[]): ThothError {
  const details = { field, ...(problems === undefined ? {} : { problems: problems.slice(0, 100) }) };
  return new ThothError("invalid-metadata", `The metadata field ${quote(field)} ${problem}.`, { details });
}

function assemble(raw: MetadataFields): CoreMetadata {
  const list = (field: string) => listOf(raw.fields.get(field));
  const text = (field: string) => textOf(raw.fields.get(field));
  const displayName = requireField(raw, "name");
  if (!isValidName(displayName)) throw invalid("name", `cannot be ${quote(displayName)}`);
  const parsedVersion = readVersion(requireField(raw, "version"));
  const requiresPython = text("requires-python")?.trim();
  return {
    metadataVersion: readMetadataVersion(raw),
    name: normalizeName(displayName),
    displayName,
    version: parsedVersion.text,
    parsedVersion,
    requiresDist: list("requires-dist").map((line) =>
      hasLineBreak(line) ? line.replace(/\s+/g, " ") : line,
    ),
    requiresPython: requiresPython === "" ? undefined : requiresPython,
    providesExtra: list("provides-extra")
      .filter(isValidName)
      .map((extra) => normalizeName(extra) as string as ExtraName),
    dynamic: list("dynamic").map((field) => field.trim().toLowerCase()),
    importNames: raw.fields.has("import-name") ? list("import-name") : undefined,
    importNamespaces: raw.fields.has("import-namespace") ? list("import-namespace") : undefined,
    summary: text("summary"),
    license: text("license"),
    licenseExpression: text("license-expression"),
    licenseFiles: list("license-file"),
    classifiers: list("classifier"),
    projectUrls: mapOf(raw.fields.get("project-url")),
  };
}

function textOf(value: MetadataValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function listOf(value: MetadataValue | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

function mapOf(value: MetadataValue | undefined): ReadonlyMap<string, string> {
  return value instanceof Map ? value : new Map();
}

function requireField(raw: MetadataFields, field: string): string {
  const value = textOf(raw.fields.get(field))?.trim();
  if (value !== undefined && value !== "") return value;
  const given = raw.unparsed.get(field);
  if (given === undefined) throw invalid(field, "is missing");
  throw invalid(field, given.length > 1 ? `is given ${given.length} times` : "is not UTF-8");
}

function readVersion(text: string): Version {
  const version = tryParseVersion(text);
  if (version === undefined) throw invalid("version", `cannot be ${quote(text)}`);
  return version;
}

/** Absent in very old files; a newer minor version is read as what we know; a newer major one is refused. */
function readMetadataVersion(raw: MetadataFields): string {
  const text = textOf(raw.fields.get("metadata-version"))?.trim() ?? "1.0";
  const match = /^(\d{1,4})\.\d{1,4}$/.exec(text);
  if (match === null) throw invalid("metadata-version", `cannot be ${quote(text)}`);
  if (Number(match[1]) > 2) throw invalid("metadata-version", `is ${quote(text)}, newer than what is known`);
  return text;
}

/** Everything that the specification forbids, in the order of the document. */
export function findMetadataProblems(raw: MetadataFields): readonly MetadataProblem[] {
  const problems: MetadataProblem[] = [];
  for (const field of raw.unparsed.keys()) {
    const known = metadataFields().has(field);
    problems.push({
      field,
      problem: known ? "is given twice or cannot be read" : "is not a field of core metadata",
    });
  }
  const declared = textOf(raw.fields.get("metadata-version"));
  const age = (metadataVersions as readonly (string | undefined)[]).indexOf(declared);
  for (const field of ["metadata-version", "name", "version"]) {
    if (!raw.fields.has(field) && !raw.unparsed.has(field)) problems.push({ field, problem: "is missing" });
  }
  for (const [field, value] of raw.fields) {
    const definition = metadataFields().get(field);
    if (definition === undefined) problems.push({ field, problem: "is not a field of core metadata" });
    else if (age !== -1 && metadataVersions.indexOf(definition.since) > age) {
      problems.push({
        field,
        problem: `exists since metadata version ${definition.since}, not in ${declared}`,
      });
    } else {
      const problem = checkField(field, value);
      if (problem !== undefined) problems.push({ field, problem });
    }
  }
  return problems;
}
