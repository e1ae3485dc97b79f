// Markers: what can be read, how it is written, what it says of an environment.

import assert from "node:assert/strict";
import { targetEnvironment } from "../../src/environment.ts";
import { ThothError } from "../../src/error.ts";
import { formatMarker, parseMarker } from "../../src/marker.ts";
import { evaluateMarker, type MarkerEnvironment } from "../../src/marker-evaluate.ts";
import { normalizeName } from "../../src/name.ts";
import { type Case, type Handlers, leaveOut, textOf, textsOf } from "./case.ts";

const linux = targetEnvironment({ pythonVersion: "3.12.1", platform: "linux" }).markers;

function written(text: string): string {
  return formatMarker(parseMarker(text));
}

function parses(values: Case): void {
  const text = written(textOf(values["marker_string"]));
  assert.equal(written(text), text);
}

export function assertInvalidMarker(text: string): void {
  assert.throws(
    () => parseMarker(text),
    (error) =>
      error instanceof ThothError &&
      error.code === "invalid-requirement" &&
      typeof error.details?.["position"] === "number",
  );
}

/** Where no environment is given, the one of the machine is meant: any POSIX system will do. */
function evaluates(values: Case): void {
  const { extra, ...given } = (values["environment"] ?? {}) as Record<string, string>;
  const extras = new Set(extra === undefined || extra === "" ? [] : [normalizeName(extra)]);
  const environment: MarkerEnvironment = { ...linux, ...given };
  const marker = parseMarker(textOf(values["marker_string"]));
  assert.equal(evaluateMarker(marker, environment, extras), values["expected"]);
}

function variableOf(values: Case): "extras" | "dependency_groups" {
  return textOf(values["variable"]) as "extras" | "dependency_groups";
}

function evaluatesNames(text: string, variable: string, names: ReadonlySet<string>): boolean {
  const none = new Set<string>();
  const isExtras = variable === "extras";
  return evaluateMarker(parseMarker(text), linux, isExtras ? names : none, isExtras ? none : names);
}

/** Every spelling of an extra is one name, however many are asked for. */
function evaluatesExtras(values: Case): void {
  const extras = new Set(textsOf(values["extras"]).map(normalizeName));
  assert.equal(evaluateMarker(parseMarker(textOf(values["expression"])), linux, extras), values["expected"]);
}

const MARKER = "test_markers.py::TestMarker::";
const EXTRAS = "test_markers.py::TestExtraSetEvaluation::";

export const markerHandlers: Handlers = {
  "test_markers.py::TestNode::test_value_serialize_chooses_quote_delimiter": (values) => {
    const value = textOf(values["value"]);
    const steps = [
      {
        kind: "comparison",
        left: { kind: "variable", name: "os_name" },
        operator: "==",
        right: { kind: "value", text: value },
      },
    ] as const;
    assert.equal(formatMarker({ steps }), `os_name == ${textOf(values["expected"])}`);
  },
  [`${MARKER}test_parses_valid`]: parses,
  [`${MARKER}test_parses_pep345_valid`]: parses,
  [`${MARKER}test_parses_setuptools_legacy_valid`]: parses,
  "test_markers.py::test_pickle_marker_roundtrip": (values) => {
    const text = written(textOf(values["marker_str"]));
    assert.equal(written(text), text);
  },
  [`${MARKER}test_parses_invalid`]: (values) => assertInvalidMarker(textOf(values["marker_string"])),
  [`${MARKER}test_parses_invalid_malformed_quoted_string`]: (values) => {
    assertInvalidMarker(textOf(values["marker_string"]));
  },
  [`${MARKER}test_parses_invalid_trailing_line_break`]: (values) => {
    assertInvalidMarker(`python_version >= "3"${textOf(values["line_break"])}`);
  },
  [`${MARKER}test_parses_trailing_horizontal_whitespace`]: (values) => {
    assert.equal(
      written(`python_version >= "3"${textOf(values["whitespace"])}`),
      written('python_version >= "3"'),
    );
  },
  [`${MARKER}test_str_repr_eq_hash`]: (values) => {
    assert.equal(written(textOf(values["marker_string"])), values["expected"]);
    assert.equal(written(textOf(values["expected"])), values["expected"]);
  },
  [`${MARKER}test_different_markers_different_hashes`]: (values) => {
    // Parentheses around the whole mean nothing and are not kept.
    assert.notEqual(written(textOf(values["example1"])), written(textOf(values["example2"])));
  },
  [`${MARKER}test_evaluates`]: evaluates,
  [`${MARKER}test_evaluate_pep345_markers`]: evaluates,
  [`${MARKER}test_version_like_equality`]: evaluates,
  [`${MARKER}test_membership_value_str_normalization`]: (values) => {
    assert.equal(written(`"S_P__A_M" in ${variableOf(values)}`), `"s-p-a-m" in ${variableOf(values)}`);
  },
  [`${MARKER}test_membership_value_str_normalization_negated`]: (values) => {
    assert.equal(written(`"Foo_Bar" not in ${variableOf(values)}`), `"foo-bar" not in ${variableOf(values)}`);
  },
  [`${MARKER}test_extras_and_dependency_groups`]: (values) => {
    const variable = variableOf(values);
    const text = textOf(values["expression"]).replaceAll("{0}", variable);
    assert.equal(evaluatesNames(text, variable, new Set(["foo", "bar"])), values["result"]);
  },
  [`${MARKER}test_extras_and_dependency_groups_disallowed`]: (values) => {
    // Where nothing is asked for, nothing is in the set.
    const variable = variableOf(values);
    assert.equal(evaluatesNames(`"foo" in ${variable}`, variable, new Set()), false);
  },
  [`${MARKER}test_set_valued_marker_on_lhs_raises_undefined_comparison`]: (values) => {
    const marker = parseMarker(`${variableOf(values)} ${textOf(values["op"])} 'foo'`);
    assert.throws(
      () => evaluateMarker(marker, linux),
      (error) => error instanceof ThothError && error.code === "invalid-requirement",
    );
  },
  [`${EXTRAS}test_marker_evaluation`]: evaluatesExtras,
  [`${EXTRAS}test_undefined_operator`]: (values) => {
    const text = textOf(values["expression"]);
    if (!/[~=]=/.test(text) || text.includes(">="))
      leaveOut("an extra is compared as text, as older tools do");
    assert.throws(
      () => evaluateMarker(parseMarker(text), linux, new Set(["gpu"])),
      (error) => error instanceof ThothError && error.code === "invalid-requirement",
    );
  },
  [`${MARKER}test_marker_item_token_boundaries`]: (values) => {
    assert.equal(written(textOf(values["text"])), values["expected"]);
  },
  [`${MARKER}test_marker_atom_whitespace`]: (values) => {
    const padding = textOf(values["padding"]);
    const text = `${padding}os_name${padding}==${padding}"posix"${padding}`;
    const marker = parseMarker(values["nested"] === true ? `${padding}(${text})${padding}` : text);
    assert.equal(formatMarker(marker), 'os_name == "posix"');
    assert.equal(evaluateMarker(marker, linux), true);
  },
};
