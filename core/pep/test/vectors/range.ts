// Sets of versions and the specifiers they can be written as.

import assert from "node:assert/strict";
import { rangeClauses } from "../../src/range-specifiers.ts";
import { parseSpecifiers, type Specifiers, specifiersRange } from "../../src/specifier.ts";
import { filterAdmitted, isUnsatisfiable, specifiersContainText } from "../../src/specifier-match.ts";
import { parseVersion, tryParseVersion } from "../../src/version.ts";
import {
  complementRange,
  intersectRanges,
  isEmptyRange,
  isSubrange,
  rangeContains,
  rangesEqual,
  subtractRange,
  type VersionRange,
} from "../../src/version-range.ts";
import { naivelyContains } from "../naive.ts";
import { type Case, choiceOf, type Handlers, leaveOut, textOf, textsOf } from "./case.ts";
import { SAMPLE_TEXTS } from "./samples.ts";
import { setOf } from "./specifier.ts";

function rangeOf(value: unknown): VersionRange {
  return specifiersRange(setOf(value));
}

function isArbitrary(specifiers: Specifiers): boolean {
  return specifiers.clauses.some(({ operator }) => operator === "===");
}

/** The range written and read again is the same range; undefined where it has no spelling as one conjunction. */
function assertSurvives(range: VersionRange): string[] | undefined {
  const clauses = rangeClauses(range);
  if (clauses === undefined) return undefined;
  const again = specifiersRange(parseSpecifiers(clauses.join(",")));
  assert.ok(rangesEqual(again, range), clauses.join(","));
  return [...clauses];
}

/** The spelling may be another one than the expected; what it means may not. */
function checkSpelling(values: Case): void {
  const range = rangeOf(values["spec"]);
  assert.notEqual(assertSurvives(range), undefined);
  assert.ok(rangesEqual(rangeOf(values["expected"]), range));
}

/** The set answers for every sample as the clauses do by the letter. */
function checkEquivalence(values: Case): void {
  const specifiers = setOf(values["spec_str"]);
  const range = specifiersRange(specifiers);
  for (const text of SAMPLE_TEXTS) {
    const version = tryParseVersion(text);
    const expected = naivelyContains(specifiers, text);
    assert.equal(specifiersContainText(specifiers, text), expected, text);
    if (version === undefined || isArbitrary(specifiers)) continue;
    assert.equal(rangeContains(range, version), expected, text);
  }
}

/** Filtering is by the letter too: all admitted, or their finals only. */
function checkFilterEquivalence(values: Case): void {
  const specifiers = setOf(values["spec_str"]);
  const naive = SAMPLE_TEXTS.filter((text) => naivelyContains(specifiers, text));
  const read = (text: string) => text;
  assert.deepEqual(filterAdmitted(specifiers, SAMPLE_TEXTS, { prereleases: true, read }), naive);
  const finals = naive.filter((text) => {
    const version = tryParseVersion(text);
    return version === undefined || (version.pre === undefined && version.dev === undefined);
  });
  assert.deepEqual(filterAdmitted(specifiers, SAMPLE_TEXTS, { prereleases: false, read }), finals);
  const configured = choiceOf(values["configured"]);
  const chosen = filterAdmitted(specifiers, SAMPLE_TEXTS, { prereleases: configured, read });
  if (configured !== undefined) assert.deepEqual(chosen, configured ? naive : finals);
}

const EMPTY = "test_ranges.py::TestSyntheticEmptyGaps::";
const EQUIVALENCE = "test_specifiers.py::TestSpecifierSetToRangeEquivalence::";

export const rangeHandlers: Handlers = {
  "test_ranges.py::TestToRange::test_operators": (values) => {
    const range = rangeOf(values["spec"]);
    assert.equal(rangeContains(range, parseVersion(textOf(values["inside"]))), true);
    assert.equal(rangeContains(range, parseVersion(textOf(values["outside"]))), false);
  },
  "test_ranges.py::TestSetAlgebra::test_difference_matches_complement_intersection": (values) => {
    const [left, right] = [rangeOf(values["left"]), rangeOf(values["right"])];
    const difference = subtractRange(left, right);
    assert.ok(rangesEqual(difference, intersectRanges(left, complementRange(right))));
    assert.equal(isSubrange(left, right), isEmptyRange(difference));
  },
  "test_ranges.py::TestSetRelations::test_disjoint_synthetic_boundaries": (values) => {
    const both = intersectRanges(rangeOf(values["left"]), rangeOf(values["right"]));
    assert.equal(isEmptyRange(both), values["disjoint"]);
  },
  "test_ranges.py::TestSetRelations::test_empty_ranges_are_disjoint": (values) => {
    assert.ok(isEmptyRange(rangeOf(values["spec"])));
  },
  "test_ranges.py::TestFilter::test_intersected_requirement_keeps_opt_in": (values) => {
    const both = parseSpecifiers(`${textOf(values["dep"])},${textOf(values["constraint"])}`);
    const admitted = filterAdmitted(both, textsOf(values["versions"]), { read: (text) => text });
    assert.deepEqual(admitted, values["expected"]);
    assert.ok(
      rangesEqual(
        specifiersRange(both),
        intersectRanges(rangeOf(values["dep"]), rangeOf(values["constraint"])),
      ),
    );
  },
  "test_ranges.py::TestToSpecifierSet::test_roundtrip": (values) => {
    assert.notEqual(assertSurvives(rangeOf(values["spec"])), undefined);
  },
  "test_ranges.py::TestToSpecifierSet::test_dev0_span_roundtrips_every_policy": () => {
    assert.notEqual(assertSurvives(rangeOf(">=3.8.dev0,<3.14")), undefined);
    assert.ok(rangesEqual(rangeOf("<3.14.dev0,>=3.8.dev0"), rangeOf(">=3.8.dev0,<3.14")));
  },
  "test_ranges.py::TestToSpecifierSet::test_prerelease_free_recovery_spelling": checkSpelling,
  "test_ranges.py::TestToSpecifierSet::test_prerelease_free_recovery_form": checkSpelling,
  "test_ranges.py::TestToSpecifierSet::test_epoch_zero_family_floor_roundtrips": checkSpelling,
  [`${EMPTY}test_is_empty`]: (values) => assert.equal(isEmptyRange(rangeOf(values["spec"])), true),
  [`${EMPTY}test_not_empty`]: (values) => assert.equal(isEmptyRange(rangeOf(values["spec"])), false),
  [`${EMPTY}test_intersection_drops_embedded_empty`]: (values) => {
    const range = rangeOf(values["spec"]);
    assert.ok(range.startsInside && range.cuts.length === 1);
    assert.equal(rangeContains(range, parseVersion(textOf(values["excluded"]))), false);
  },
  "test_ranges.py::TestBoundaryCanonicalization::test_equal_and_hash": (values) => {
    assert.ok(rangesEqual(rangeOf(values["dev_form"]), rangeOf(values["boundary_form"])));
  },
  "test_ranges.py::TestEmptyMatchesUnsatisfiable::test_prerelease_only_empty_when_policy_excludes": (
    values,
  ) => {
    const specifiers = setOf(values["spec"]);
    assert.equal(isUnsatisfiable(specifiers, { prereleases: false }), true);
    assert.equal(isUnsatisfiable(specifiers, { prereleases: true }), false);
  },
  "test_ranges.py::TestEmptyMatchesUnsatisfiable::test_non_prerelease_bounds_survive": (values) => {
    assert.equal(isUnsatisfiable(setOf(values["spec"]), { prereleases: false }), false);
  },
  [`${EQUIVALENCE}test_contains_equivalent`]: checkEquivalence,
  [`${EQUIVALENCE}test_contains_equivalent_with_version_objects`]: checkEquivalence,
  [`${EQUIVALENCE}test_filter_equivalent`]: checkFilterEquivalence,
  [`${EQUIVALENCE}test_to_specifier_set_roundtrip_matches`]: (values) => {
    const specifiers = setOf(values["spec_str"]);
    if (isArbitrary(specifiers)) leaveOut("`===` compares text, which no set of versions does");
    const clauses = assertSurvives(specifiersRange(specifiers));
    if (clauses === undefined) return;
    const again = parseSpecifiers(clauses.join(","));
    // A set of versions admits versions only, where no clause at all admits any text.
    for (const text of SAMPLE_TEXTS) {
      if (tryParseVersion(text) === undefined) continue;
      assert.equal(naivelyContains(again, text), naivelyContains(specifiers, text), text);
    }
  },
};
