// Requirements: read, written, compared.

import assert from "node:assert/strict";
import { ThothError } from "../../src/error.ts";
import { formatMarker, parseMarker } from "../../src/marker.ts";
import { formatRequirement, parseRequirement, type Requirement } from "../../src/requirement.ts";
import { mentionsPrerelease, parseSpecifiers, specifiersEqual } from "../../src/specifier.ts";
import { type Case, type Handlers, textOf, textsOf } from "./case.ts";

function isEqual(left: Requirement, right: Requirement): boolean {
  const markers = [left, right].map(({ marker }) => (marker === undefined ? "" : formatMarker(marker)));
  return (
    left.name === right.name &&
    left.extras.join() === right.extras.join() &&
    specifiersEqual(left.specifiers, right.specifiers) &&
    left.url === right.url &&
    markers[0] === markers[1]
  );
}

function assertInvalid(text: string): void {
  assert.throws(
    () => parseRequirement(text),
    (error) => {
      assert.ok(error instanceof ThothError && error.code === "invalid-requirement");
      const position = error.details?.["position"] as number;
      return Number.isInteger(position) && position >= 0 && position <= text.length;
    },
  );
}

function survives(text: string): void {
  const requirement = parseRequirement(text);
  const again = parseRequirement(formatRequirement(requirement));
  assert.ok(isEqual(requirement, again));
  assert.equal(formatRequirement(again), formatRequirement(requirement));
}

/** Builds the text from its parts with the given white space around each. */
function checkParts(values: Case): void {
  const space = textOf(values["whitespace"]);
  const filled = (value: unknown, filler: string) => textOf(value).replaceAll("{ws}", filler);
  const extras = textsOf(values["extras"]);
  const { name, specifier, url, marker } = values;
  const parts = [textOf(name)];
  if (extras.length > 0) parts.push("[", [...extras].sort().join(`${space},${space}`), "]");
  if (specifier) parts.push(filled(specifier, space));
  if (url !== null) parts.push("@", filled(url, space));
  if (marker !== null) parts.push(url === null ? ";" : " ;", filled(marker, space));
  const requirement = parseRequirement(parts.join(space));
  assert.equal(requirement.displayName, name);
  assert.deepEqual(requirement.extras, extras.map((extra) => extra.toLowerCase()).sort());
  assert.equal(requirement.url ?? null, url);
  const clauses = filled(specifier, "").replace(/^\(|\)$/g, "");
  assert.ok(specifiersEqual(requirement.specifiers, parseSpecifiers(clauses)));
  const expected = marker ? formatMarker(parseMarker(filled(marker, ""))) : undefined;
  assert.equal(requirement.marker === undefined ? undefined : formatMarker(requirement.marker), expected);
}

const PARSING = "test_requirements.py::TestRequirementParsing::";
const BEHAVIOUR = "test_requirements.py::TestRequirementBehaviour::";

export const requirementHandlers: Handlers = {
  "test_requirements.py::test_basic_valid_requirement_parsing": checkParts,
  "test_requirements.py::test_normalized_requirements": (values) => {
    assert.equal(formatRequirement(parseRequirement(textOf(values["input_req"]))), values["norm_req"]);
  },
  [`${PARSING}test_valid_marker`]: (values) => survives(`name; ${textOf(values["marker"])}`),
  [`${PARSING}test_file_url`]: (values) => {
    assert.equal(parseRequirement(`name @ ${textOf(values["url"])}`).url, values["url"]);
  },
  [`${PARSING}test_error_when_suffixed_with_line_break`]: (values) => {
    assertInvalid(textOf(values["requirement"]) + textOf(values["line_break"]));
  },
  [`${PARSING}test_trailing_horizontal_whitespace`]: (values) => {
    const text = `name>=1${textOf(values["whitespace"])}`;
    assert.ok(isEqual(parseRequirement(text), parseRequirement("name>=1")));
  },
  [`${PARSING}test_error_when_prefix_match_uses_post_release`]: (values) => {
    assertInvalid(`name ${textOf(values["operator"])} 1.2.3.post4.*`);
  },
  [`${PARSING}test_error_when_local_version_label_is_used_incorrectly`]: (values) => {
    assertInvalid(`name ${textOf(values["operator"])} 1.0+local.version.label`);
  },
  [`${PARSING}test_error_invalid_marker_malformed_quoted_string`]: (values) => {
    assertInvalid(textOf(values["to_parse"]));
  },
  [`${PARSING}test_error_when_url_embeds_line_break`]: (values) => {
    assertInvalid(`name @ https://example.com/name.whl${textOf(values["line_break"])}evil==1`);
  },
  [`${PARSING}test_nonempty_arbitrary_version`]: (values) => {
    const text = textOf(values["specifier"]);
    const clauses = parseSpecifiers(text.split(";", 1)[0]!.replace(/[()]/g, ""));
    assert.ok(specifiersEqual(parseRequirement(`foo${text}`).specifiers, clauses));
  },
  [`${PARSING}test_error_on_missing_arbitrary_version`]: (values) => {
    assertInvalid(textOf(values["requirement_string"]));
  },
  "test_requirements.py::test_requirement_specifier_empty_items": (values) => {
    assertInvalid(`demo${textOf(values["text"])}`);
  },
  [`${BEHAVIOUR}test_str_and_repr`]: (values) => {
    const text = `name${textOf(values["extras"])}${textOf(values["url_or_specifier"])}${textOf(values["marker"])}`;
    assert.equal(formatRequirement(parseRequirement(text)), text.trim());
  },
  [`${BEHAVIOUR}test_equal_reqs_equal_hashes`]: (values) => {
    assert.ok(isEqual(parseRequirement(textOf(values["dep1"])), parseRequirement(textOf(values["dep2"]))));
  },
  [`${BEHAVIOUR}test_equivalent_reqs_equal_hashes_unequal_strings`]: (values) => {
    // Extras are written in normal form, so here the texts may be equal too.
    assert.ok(isEqual(parseRequirement(textOf(values["dep1"])), parseRequirement(textOf(values["dep2"]))));
  },
  [`${BEHAVIOUR}test_different_reqs_different_hashes`]: (values) => {
    assert.ok(!isEqual(parseRequirement(textOf(values["dep1"])), parseRequirement(textOf(values["dep2"]))));
  },
  "test_requirements.py::test_pickle_requirement_roundtrip": (values) => survives(textOf(values["req_str"])),
  "test_requirements.py::test_pickle_requirement_preserves_prereleases": () => {
    assert.equal(mentionsPrerelease(parseRequirement("foo>=1.0").specifiers), false);
  },
  "test_requirements.py::test_pickle_requirement_setstate_rejects_invalid_string": (values) => {
    assertInvalid(textOf(values["invalid_requirement"]));
  },
};
