// Sets of clauses: what they admit together, and whether anything can satisfy them.

import assert from "node:assert/strict";
import { ThothError } from "../../src/error.ts";
import {
  formatSpecifiers,
  makeSpecifiers,
  parseSpecifiers,
  type Specifiers,
  specifiersEqual,
  specifiersRange,
} from "../../src/specifier.ts";
import { filterAdmitted, isUnsatisfiable, specifiersContain } from "../../src/specifier-match.ts";
import { parseVersion } from "../../src/version.ts";
import { intersectRanges, isEmptyRange, isSubrange, rangeContains } from "../../src/version-range.ts";
import { type Case, type Handlers, leaveOut, listOf, operatorOf, textOf, textsOf } from "./case.ts";
import { SAMPLE_TEXTS } from "./samples.ts";
import {
  checkArbitrary,
  checkFilter,
  checkPolicies,
  contains,
  filter,
  policyOf,
  setOf,
} from "./specifier.ts";

function compareSets(values: Case): boolean {
  const equal = specifiersEqual(setOf(values["left"]), setOf(values["right"]));
  return operatorOf(values["op"]) === "eq" ? equal : !equal;
}

function checkSatisfiable(values: Case, options: { expected: boolean; prereleases: boolean }): void {
  const specifiers = setOf(values["spec_str"]);
  const { expected, prereleases } = options;
  assert.equal(isUnsatisfiable(specifiers, { prereleases }), !expected);
  const admitted = filterAdmitted(specifiers, SAMPLE_TEXTS, { prereleases, read: (text) => text });
  assert.equal(admitted.length > 0, expected, `of the samples: ${admitted.slice(0, 5).join(" ")}`);
}

/** Relations hold between sets of versions; `===` compares text and is none. */
function checkRelation(values: Case, holds: (left: Specifiers, right: Specifiers) => boolean): void {
  assert.equal(holds(setOf(values["left"]), setOf(values["right"])), values["expected"]);
}

function isSubset(left: Specifiers, right: Specifiers): boolean {
  return isSubrange(specifiersRange(left), specifiersRange(right));
}

function checkKeyedFilter(values: Case, specifiers: Specifiers, versions: readonly string[]): void {
  const items = versions.map((version) => ({ version }));
  const options = {
    ...policyOf(values["prereleases"], null),
    read: (item: { version: string }) => item.version,
  };
  assert.deepEqual(
    filterAdmitted(specifiers, items, options).map((item) => items.indexOf(item)),
    values["expected_indexes"],
  );
}

const SET = "test_specifiers.py::TestSpecifierSet::";
const UNSATISFIABLE = "test_specifiers.py::TestIsUnsatisfiable::";

export const specifierSetHandlers: Handlers = {
  [`${SET}test_empty_specifier`]: (values) => {
    const version = parseVersion(textOf(values["version"]));
    assert.equal(specifiersContain(parseSpecifiers(""), version, { prereleases: true }), true);
    assert.equal(contains(parseSpecifiers(""), values["version"], { prereleases: true }), true);
  },
  [`${SET}test_empty_specifier_arbitrary_string`]: (values) => {
    const options = policyOf(null, values["prereleases"]);
    assert.equal(contains(parseSpecifiers(""), "foobar", options), true);
    assert.deepEqual(filter(parseSpecifiers(""), listOf(values["versions"]), options), values["expected"]);
  },
  [`${SET}test_empty_specifier_ordering_with_arbitrary`]: (values) => {
    assert.deepEqual(filter(parseSpecifiers(""), listOf(values["versions"]), {}), values["expected"]);
  },
  [`${SET}test_specifier_prereleases_explicit`]: checkPolicies,
  [`${SET}test_specifier_contains_installed_prereleases`]: (values) => {
    if (values["installed"] === true)
      leaveOut("what is installed has no say here in what a specifier admits");
    const options = policyOf(values["contains_prereleases"], values["spec_prereleases"]);
    assert.equal(contains(setOf(values["specifier"]), values["version"], options), values["expected"]);
  },
  [`${SET}test_specifier_filter`]: (values) => checkFilter(values, values["specifier_prereleases"]),
  [`${SET}test_specifierset_filter_with_key`]: (values) => {
    checkKeyedFilter(values, parseSpecifiers(">=2"), ["1.0", "2.1a1"]);
  },
  [`${SET}test_empty_specifierset_filter_with_key`]: (values) => {
    checkKeyedFilter(values, parseSpecifiers(""), ["2.0a1", "2.1"]);
  },
  [`${SET}test_filter_exclusionary_bridges`]: (values) => checkFilter(values),
  [`${SET}test_contains_exclusionary_bridges`]: (values) => {
    const options = policyOf(values["prereleases"], null);
    assert.equal(contains(setOf(values["specifier"]), values["version"], options), values["expected"]);
  },
  [`${SET}test_contains_rejects_invalid_specifier`]: (values) => {
    assert.equal(contains(setOf(values["specifier"]), values["input"], { prereleases: true }), false);
  },
  [`${SET}test_contains_post_release_boundary_intersection`]: (values) => {
    const specifiers = setOf(values["spec_str"]);
    const options = { prereleases: true };
    assert.equal(contains(specifiers, values["version"], options), values["expected"]);
    const each = specifiers.clauses.map((clause) =>
      contains(makeSpecifiers([clause]), values["version"], options),
    );
    assert.equal(
      each.every((admitted) => admitted),
      values["expected"],
    );
  },
  [`${SET}test_contains_oversized_version_raises_valueerror`]: (values) => {
    assert.throws(
      () => setOf(values["specifier"]),
      (error) => error instanceof ThothError,
    );
  },
  [`${SET}test_contains_arbitrary_equality_contains`]: (values) => {
    checkArbitrary({ ...values, spec_str: values["specifier"] });
  },
  [`${SET}test_contains_arbitrary_equality_normalization`]: checkArbitrary,
  [`${SET}test_specifiers_str_and_repr`]: (values) => {
    assert.equal(formatSpecifiers(setOf(values["specifier"])), values["expected"]);
  },
  [`${SET}test_specifiers_hash`]: (values) => {
    assert.ok(specifiersEqual(setOf(values["specifier"]), setOf(values["specifier"])));
  },
  [`${SET}test_specifiers_combine`]: (values) => {
    const both = makeSpecifiers([...setOf(values["left"]).clauses, ...setOf(values["right"]).clauses]);
    assert.ok(specifiersEqual(both, setOf(values["expected"])));
  },
  [`${SET}test_comparison_true`]: (values) => assert.equal(compareSets(values), true),
  [`${SET}test_comparison_false`]: (values) => assert.equal(compareSets(values), false),
  [`${SET}test_comparison_canonicalizes`]: (values) => {
    assert.ok(specifiersEqual(setOf(values["left"]), setOf(values["right"])));
  },
  [`${SET}test_is_subset`]: (values) => checkRelation(values, isSubset),
  [`${SET}test_is_superset`]: (values) => checkRelation(values, (left, right) => isSubset(right, left)),
  [`${SET}test_is_disjoint`]: (values) => {
    checkRelation(values, (left, right) =>
      isEmptyRange(intersectRanges(specifiersRange(left), specifiersRange(right))),
    );
  },
  [`${SET}test_comparison_ignores_local`]: (values) => {
    const version = parseVersion(textOf(values["version"]));
    assert.equal(specifiersContain(setOf(values["specifier"]), version), values["expected"]);
    assert.equal(rangeContains(specifiersRange(setOf(values["specifier"])), version), values["expected"]);
  },
  [`${SET}test_arbitrary_equality_is_intersection_preserving`]: (values) => {
    const items = textsOf(values["input_versions"]);
    const admitted = (text: string) => new Set(filter(parseSpecifiers(text), items, {}));
    const one = textOf(values["spec1"]);
    const other = textOf(values["spec2"]);
    assert.deepEqual(admitted(`${one},${other}`), admitted(one).intersection(admitted(other)));
  },
  [`${SET}test_empty_arbitrary_version_invalid`]: (values) => {
    assert.throws(
      () => setOf(values["specifier"]),
      (error) => error instanceof ThothError && error.code === "invalid-requirement",
    );
  },
  [`${SET}test_filter_excludes_odd_major_versions`]: (values) => {
    const last = 2 * (values["num_exclusions"] as number);
    const majors = Array.from({ length: last + 1 }, (_, at) => at);
    const odd = majors.filter((major) => major % 2 === 1).map((major) => `!=${major}.*`);
    const admitted = filter(
      parseSpecifiers(odd.join(",")),
      majors.map((major) => `${major}.1`),
      {},
    );
    assert.deepEqual(
      admitted,
      majors.filter((major) => major % 2 === 0).map((major) => `${major}.1`),
    );
  },
  [`${UNSATISFIABLE}test_unsatisfiable`]: (values) => {
    checkSatisfiable(values, { expected: false, prereleases: true });
  },
  [`${UNSATISFIABLE}test_satisfiable`]: (values) => {
    checkSatisfiable(values, { expected: true, prereleases: true });
  },
  [`${UNSATISFIABLE}test_unsatisfiable_prereleases_false`]: (values) => {
    checkSatisfiable(values, { expected: false, prereleases: false });
  },
  [`${UNSATISFIABLE}test_satisfiable_prereleases_false`]: (values) => {
    checkSatisfiable(values, { expected: true, prereleases: false });
  },
  [`${UNSATISFIABLE}test_post_release_boundary_unsatisfiable`]: (values) => {
    assert.equal(isUnsatisfiable(setOf(values["spec_str"])), true);
  },
  [`${UNSATISFIABLE}test_contains_identical_across_canonicalization`]: (values) => {
    const specifiers = setOf(values["spec"]);
    for (const version of textsOf(values["versions"])) {
      // The set of versions answers as the clauses do one by one.
      const each = specifiers.clauses.every((clause) => contains(makeSpecifiers([clause]), version));
      assert.equal(contains(specifiers, version), each);
      assert.equal(contains(parseSpecifiers(formatSpecifiers(specifiers)), version), each);
    }
  },
  "test_specifiers.py::test_pickle_specifierset_roundtrip": (values) => {
    const specifiers = setOf(values["specifiers"]);
    assert.ok(specifiersEqual(specifiers, parseSpecifiers(formatSpecifiers(specifiers))));
    assert.ok(specifiersEqual(specifiers, parseSpecifiers(specifiers.text)));
  },
};
