// Core metadata: the headers as they are read and written, and what each field may hold.

import assert from "node:assert/strict";
import { ThothError } from "../../src/error.ts";
import { parseLicenceExpression } from "../../src/licence-expression.ts";
import { findMetadataProblems, parseMetadata } from "../../src/metadata.ts";
import { checkField } from "../../src/metadata-check.ts";
import { formatMetadataHeaders, type MetadataValue, parseMetadataFields } from "../../src/metadata-fields.ts";
import { parseSpecifiers, specifiersEqual } from "../../src/specifier.ts";
import { type Case, type Handlers, textOf, textsOf } from "./case.ts";

/** Attributes in the plural, as Python's API has them, to names of headers. */
const PLURALS: Readonly<Record<string, string>> = {
  classifiers: "classifier",
  import_names: "import-name",
  import_namespaces: "import-namespace",
  license_files: "license-file",
  platforms: "platform",
  project_urls: "project-url",
  supported_platforms: "supported-platform",
};

function headerOf(value: unknown): string {
  const attribute = textOf(value);
  return PLURALS[attribute] ?? attribute.replaceAll("_", "-");
}

/** The one field of a document with nothing else in it. */
function onlyField(document: string, header: string): MetadataValue | undefined {
  const { fields, unparsed } = parseMetadataFields(document);
  assert.equal(unparsed.size, 0);
  assert.deepEqual([...fields.keys()], [header]);
  return fields.get(header);
}

function assertOnlyUnparsed(document: string, header: string, expected: unknown): void {
  const { fields, unparsed } = parseMetadataFields(document);
  assert.equal(fields.size, 0);
  assert.deepEqual([...unparsed.keys()], [header]);
  assert.deepEqual(unparsed.get(header), expected);
}

function assertField(field: string, value: MetadataValue, valid: boolean): void {
  const problem = checkField(field, value);
  assert.equal(problem === undefined, valid, problem);
}

function assertProblem(document: string, field: string): void {
  const problems = findMetadataProblems(parseMetadataFields(document));
  assert.deepEqual(
    problems.map((problem) => problem.field),
    [field],
  );
}

function documentOf(version: unknown): string {
  return `Metadata-Version: ${textOf(version)}\nName: packaging\nVersion: 2023.0.0\nDynamic: Obsoletes-Dist\n`;
}

/** Without the common indentation, a line break at the end. */
function dedent(text: string): string {
  const lines = text.split("\n");
  const widths = lines
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length);
  const width = Math.min(...widths);
  return lines.map((line) => (line.trim() === "" ? "" : line.slice(width))).join("\n");
}

function checkHeaders(values: Case): void {
  const items = values["items"] as [string, string | null][];
  const headers = items.filter((item): item is [string, string] => Boolean(item[1]));
  assert.equal(formatMetadataHeaders(headers), `${dedent(textOf(values["data"]))}\n`);
}

function checkLicence(values: Case): void {
  assert.equal(parseLicenceExpression(textOf(values["license_expression"])), values["expected"]);
}

function assertInvalidLicence(text: string): void {
  assert.throws(
    () => parseLicenceExpression(text),
    (error) =>
      error instanceof ThothError &&
      error.code === "invalid-metadata" &&
      typeof error.details?.["position"] === "number",
  );
}

const RAW = "test_metadata.py::TestRawMetadata::";
const CHECKED = "test_metadata.py::TestMetadata::";
const WRITING = "test_metadata.py::TestMetadataWriting::";

const rawHandlers: Handlers = {
  [`${RAW}test_non_repeating_fields_only_once`]: (values) => {
    const header = headerOf(values["raw_field"]);
    assert.equal(onlyField(`${header}: VaLuE`, header), "VaLuE");
  },
  [`${RAW}test_non_repeating_fields_repeated`]: (values) => {
    const header = headerOf(values["raw_field"]);
    assertOnlyUnparsed(`${header}: VaLuE\n${header}: VaLuE`, header, ["VaLuE", "VaLuE"]);
  },
  [`${RAW}test_repeating_fields_only_once`]: (values) => {
    const header = headerOf(values["raw_field"]);
    assert.deepEqual(onlyField(`${header}: VaLuE`, header), ["VaLuE"]);
  },
  [`${RAW}test_repeating_fields_repeated`]: (values) => {
    const header = headerOf(values["raw_field"]);
    assert.deepEqual(onlyField(`${header}: VaLuE\n${header}: VaLuE`, header), ["VaLuE", "VaLuE"]);
  },
  [`${RAW}test_keywords`]: (values) => {
    assert.deepEqual(onlyField(`Keywords: ${textOf(values["given"])}`, "keywords"), values["expected"]);
  },
  [`${RAW}test_project_urls_parsing`]: (values) => {
    const urls = onlyField(`project-url: ${textOf(values["given"])}`, "project-url") as ReadonlyMap<
      string,
      string
    >;
    assert.deepEqual(Object.fromEntries(urls), values["expected"]);
  },
  [`${RAW}test_description`]: (values) => {
    assert.equal(onlyField(documentText(values["given"]), "description"), "hello");
  },
  [`${RAW}test_description_multiple`]: (values) => {
    assertOnlyUnparsed(documentText(values["given"]), "description", values["expected"]);
  },
  [`${RAW}test_description_multipart_payload`]: (values) => {
    const text =
      'Metadata-Version: 2.1\nName: example\nContent-Type: multipart/mixed; boundary="BOUND"\n\n' +
      "--BOUND\nContent-Type: text/plain\n\nthe description\n--BOUND--\n";
    const { fields, unparsed } = parseMetadataFields(
      values["encode"] === true ? new TextEncoder().encode(text) : text,
    );
    assert.equal(fields.get("name"), "example");
    assert.ok(!fields.has("description") && unparsed.has("description"));
  },
};

/** A text, or bytes as Python shows them. */
function documentText(value: unknown): string {
  const shown = (value as { $repr?: string } | null)?.$repr;
  if (shown === undefined) return textOf(value);
  return JSON.parse(`"${shown.slice(2, -1).replaceAll('"', '\\"')}"`) as string;
}

const checkedHandlers: Handlers = {
  [`${CHECKED}test_from_email_deduplicates_unparsed_required_fields`]: (values) => {
    assertProblem(textOf(values["data"]), textOf(values["field"]));
    assert.throws(
      () => parseMetadata(textOf(values["data"]), { strict: true }),
      (error) => error instanceof ThothError && error.details?.["field"] === values["field"],
    );
  },
  [`${CHECKED}test_from_email_wraps_description_content_type_parse_errors`]: (values) => {
    const type = textOf(values["description_content_type"]);
    const head = "Metadata-Version: 2.6\nName: packaging\nVersion: 1.0\n";
    assertProblem(`${head}Description-Content-Type: ${type}\n`, "description-content-type");
  },
  [`${CHECKED}test_required_fields_missing`]: (values) => {
    const field = headerOf(values["field"]);
    const lines = ["metadata-version: 2.3", "name: packaging", "version: 2023.0.0"];
    assertProblem(lines.filter((line) => !line.startsWith(`${field}:`)).join("\n"), field);
  },
  [`${CHECKED}test_metadata_version_field_introduction`]: (values) => {
    assert.deepEqual(findMetadataProblems(parseMetadataFields(documentOf(values["meta_version"]))), []);
  },
  [`${CHECKED}test_metadata_version_field_introduction_mismatch`]: (values) => {
    assertProblem(documentOf(values["meta_version"]), "dynamic");
  },
  [`${CHECKED}test_single_value_unvalidated_attribute`]: (values) => {
    const header = headerOf(values["attribute"]);
    const value = onlyField(`${header}: Not important`, header);
    assert.equal(value, "Not important");
    assertField(header, value as string, true);
  },
  [`${CHECKED}test_multi_value_unvalidated_attribute`]: (values) => {
    const header = headerOf(values["attribute"]);
    const value = onlyField(`${header}: Not important\n${header}: Still not important`, header);
    assert.deepEqual(value, ["Not important", "Still not important"]);
    assertField(header, value as string[], true);
  },
  [`${CHECKED}test_valid_metadata_version`]: (values) => {
    const version = textOf(values["version"]);
    assertField("metadata-version", version, true);
    const read = parseMetadata(`Metadata-Version: ${version}\nName: a\nVersion: 1\n`);
    assert.equal(read.metadataVersion, version);
  },
  [`${CHECKED}test_invalid_metadata_version`]: (values) => {
    assertField("metadata-version", textOf(values["version"]), false);
  },
  [`${CHECKED}test_invalid_summary`]: (values) => assertField("summary", textOf(values["summary"]), false),
  [`${CHECKED}test_valid_description_content_type`]: (values) => {
    assertField("description-content-type", textOf(values["content_type"]), true);
  },
  [`${CHECKED}test_invalid_description_content_type`]: (values) => {
    assertField("description-content-type", textOf(values["content_type"]), false);
  },
  [`${CHECKED}test_valid_requires_python`]: (values) => {
    const specifier = textOf(values["specifier"]);
    assertField("requires-python", specifier, true);
    const head = "Metadata-Version: 2.1\nName: a\nVersion: 1\n";
    const { requiresPython } = parseMetadata(`${head}Requires-Python: ${specifier}\n`);
    assert.ok(specifiersEqual(parseSpecifiers(requiresPython!), parseSpecifiers(specifier)));
  },
  [`${CHECKED}test_disallowed_dynamic`]: (values) => {
    assertField("dynamic", [textOf(values["field_name"])], false);
  },
  [`${CHECKED}test_optional_defaults_to_none`]: (values) => {
    const { fields } = parseMetadataFields("Metadata-Version: 2.1\nName: a\nVersion: 1\n");
    assert.equal(fields.get(headerOf(values["field_name"])), undefined);
  },
  [`${CHECKED}test_valid_license_expression`]: checkLicence,
  [`${CHECKED}test_invalid_license_expression`]: (values) => {
    assertInvalidLicence(textOf(values["license_expression"]));
    assertField("license-expression", textOf(values["license_expression"]), false);
  },
  "test_licenses.py::test_invalid_spdx_with_or_licenseref_forms": (values) => {
    assertInvalidLicence(textOf(values["license_expression"]));
  },
  "test_licenses.py::test_invalid_license_expression_syntax": (values) => {
    assertInvalidLicence(textOf(values["license_expression"]));
  },
  "test_licenses.py::test_licenseref_rejects_kelvin_sign": (values) => {
    assertInvalidLicence(textOf(values["license_expression"]));
  },
  "test_licenses.py::test_normalize_license_expression": checkLicence,
  "test_licenses.py::test_licenseref_case_variants_use_first_spelling": checkLicence,
  "test_licenses.py::test_ascii_licenseref_preserves_spelling": checkLicence,
  "test_licenses.py::test_license_parentheses_within_nesting_limit": (values) => {
    const depth = values["depth"] as number;
    const text = "(".repeat(depth) + textOf(values["license_expression"]) + ")".repeat(depth);
    assert.equal(parseLicenceExpression(text), text);
  },
  [`${CHECKED}test_valid_license_files`]: (values) => {
    assertField("license-file", textsOf(values["license_files"]), true);
  },
  [`${CHECKED}test_invalid_license_files`]: (values) => {
    assertField("license-file", textsOf(values["license_files"]), false);
  },
  [`${CHECKED}test_valid_import_names`]: (values) => {
    const names = ["packaging", "packaging.metadata", "_utils ; private", "_stuff;private"];
    assertField(headerOf(values["key"]), names, true);
  },
  [`${CHECKED}test_invalid_import_names_identifier`]: (values) => {
    assertField(headerOf(values["key"]), [textOf(values["name"])], false);
  },
  [`${CHECKED}test_invalid_import_names_keyword`]: (values) => {
    assertField(headerOf(values["key"]), ["class"], false);
  },
};

export const metadataHandlers: Handlers = {
  ...rawHandlers,
  ...checkedHandlers,
  [`${WRITING}test_headers`]: checkHeaders,
  [`${WRITING}test_headers_fold_every_line_boundary`]: (values) => {
    const value = `ValueA${textOf(values["boundary"])}Requires-Dist: injected`;
    const text = formatMetadataHeaders([["ItemA", value]]);
    assert.equal(text, "ItemA: ValueA\n       Requires-Dist: injected\n\n");
    // What was folded in stays a part of the value when it is read again.
    assert.ok(!parseMetadataFields(text).fields.has("requires-dist"));
  },
};
