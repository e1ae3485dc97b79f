// Single clauses: what they look like, what they admit.

import assert from "node:assert/strict";
import { ThothError } from "../../src/error.ts";
import {
  clauseKey,
  formatSpecifiers,
  mentionsPrerelease,
  parseSpecifiers,
  type Specifier,
  type Specifiers,
  scanSpecifier,
  specifiersRange,
} from "../../src/specifier.ts";
import {
  filterAdmitted,
  type MatchOptions,
  specifiersContain,
  specifiersContainText,
} from "../../src/specifier-match.ts";
import { parseVersion, tryParseVersion } from "../../src/version.ts";
import { rangeContains } from "../../src/version-range.ts";
import { type Case, choiceOf, type Handlers, isVersionObject, listOf, operatorOf, textOf } from "./case.ts";

export function setOf(value: unknown): Specifiers {
  return parseSpecifiers(textOf(value));
}

function clauseOf(value: unknown): Specifier {
  const clause = scanSpecifier(textOf(value));
  assert.notEqual(typeof clause, "number", `no clause: ${JSON.stringify(value)}`);
  return clause as Specifier;
}

/** A policy given with the call goes before that of the set. */
export function policyOf(given: unknown, ownPolicy: unknown): MatchOptions {
  return { prereleases: choiceOf(given) ?? choiceOf(ownPolicy) };
}

/** As `specifiersContainText`; a version object is compared by its normal form. */
export function contains(specifiers: Specifiers, item: unknown, options: MatchOptions = {}): boolean {
  if (isVersionObject(item)) return specifiersContain(specifiers, parseVersion(textOf(item)), options);
  return specifiersContainText(specifiers, textOf(item), options);
}

export function filter(specifiers: Specifiers, items: readonly unknown[], options: MatchOptions): unknown[] {
  return filterAdmitted(specifiers, items, {
    ...options,
    read: (item) => (isVersionObject(item) ? parseVersion(textOf(item)) : textOf(item)),
  });
}

export function checkFilter(values: Case, ownPolicy: unknown = null): void {
  const specifiers = setOf(values["specifier"]);
  const options = policyOf(values["prereleases"], ownPolicy);
  assert.deepEqual(filter(specifiers, listOf(values["input"]), options), values["expected"]);
}

/** By the text, by the version, and where the clause is a set of versions by that set. */
function checkContains(values: Case): void {
  const specifiers = setOf(values["spec_str"]);
  const text = textOf(values["version"] ?? values["version_str"]);
  assert.equal(specifiersContainText(specifiers, text, { prereleases: true }), values["expected"]);
  const version = tryParseVersion(text);
  if (version === undefined || specifiers.clauses.some(({ operator }) => operator === "===")) return;
  assert.equal(specifiersContain(specifiers, version, { prereleases: true }), values["expected"]);
  assert.equal(rangeContains(specifiersRange(specifiers), version), values["expected"]);
}

/** The answer before and after the policy of a set is changed. */
export function checkPolicies(values: Case): void {
  const specifiers = setOf(values["specifier"] ?? values["spec_str"]);
  const answer = (policy: unknown) => contains(specifiers, values["version"], policyOf(null, policy));
  assert.equal(answer(values["initial_prereleases"]), values["initial_contains"]);
  assert.equal(answer(values["set_prereleases"]), values["final_contains"]);
}

export function checkArbitrary(values: Case): void {
  assert.equal(contains(setOf(values["spec_str"]), values["version"]), values["expected"]);
}

function compareClauses(values: Case): boolean {
  const equal = clauseKey(clauseOf(values["left"])) === clauseKey(clauseOf(values["right"]));
  return operatorOf(values["op"]) === "eq" ? equal : !equal;
}

function checkFilterWithKey(values: Case): void {
  const items = [{ version: "1.0" }, { version: "2.1a1" }];
  const options = {
    ...policyOf(values["prereleases"], null),
    read: (item: { version: string }) => item.version,
  };
  const admitted = filterAdmitted(parseSpecifiers(">=2.0"), items, options);
  assert.deepEqual(
    admitted.map((item) => items.indexOf(item)),
    values["expected_indexes"],
  );
}

function assertInvalid(text: string): void {
  assert.equal(typeof scanSpecifier(text), "number");
  assert.throws(
    () => {
      const { clauses } = parseSpecifiers(text);
      if (clauses.length !== 1) throw new ThothError("invalid-requirement", "not one clause");
    },
    (error) => error instanceof ThothError && error.code === "invalid-requirement",
  );
}

const CLASS = "test_specifiers.py::TestSpecifier::";

export const specifierHandlers: Handlers = {
  [`${CLASS}test_specifiers_valid`]: (values) => void clauseOf(values["specifier"]),
  [`${CLASS}test_specifiers_invalid`]: (values) => assertInvalid(textOf(values["specifier"])),
  [`${CLASS}test_specifiers_normalized`]: (values) => {
    const version = textOf(values["version"]);
    const operators = version.includes("+") ? ["==", "!="] : ["~=", "==", "!=", "<=", ">=", "<", ">"];
    for (const operator of operators) clauseOf(operator + version);
  },
  [`${CLASS}test_specifiers_str_and_repr`]: (values) => {
    assert.equal(formatSpecifiers(setOf(values["specifier"])), values["expected"]);
  },
  [`${CLASS}test_specifiers_hash`]: (values) => {
    assert.equal(clauseKey(clauseOf(values["specifier"])), clauseKey(clauseOf(values["specifier"])));
  },
  [`${CLASS}test_comparison_true`]: (values) => assert.equal(compareClauses(values), true),
  [`${CLASS}test_comparison_false`]: (values) => assert.equal(compareClauses(values), false),
  [`${CLASS}test_comparison_canonicalizes`]: (values) => {
    assert.equal(clauseKey(clauseOf(values["left"])), clauseKey(clauseOf(values["right"])));
  },
  [`${CLASS}test_specifiers`]: checkContains,
  [`${CLASS}test_invalid_version`]: checkContains,
  [`${CLASS}test_specifier_prereleases_set`]: checkPolicies,
  [`${CLASS}test_arbitrary_equality`]: checkArbitrary,
  [`${CLASS}test_arbitrary_equality_normalization`]: checkArbitrary,
  [`${CLASS}test_specifier_prereleases_detection`]: (values) => {
    assert.equal(mentionsPrerelease(setOf(values["specifier"])), values["expected"]);
  },
  [`${CLASS}test_specifiers_prereleases`]: (values) => {
    const options = policyOf(values["contains_pre"], values["spec_pre"]);
    assert.equal(contains(setOf(values["specifier"]), values["version"], options), values["expected"]);
  },
  [`${CLASS}test_specifier_filter`]: (values) => checkFilter(values, values["specifier_prereleases"]),
  [`${CLASS}test_specifier_filter_arbitrary_equality_normalization`]: (values) => checkFilter(values, true),
  [`${CLASS}test_specifier_filter_with_key`]: checkFilterWithKey,
  [`${CLASS}test_specifier_operator_property`]: (values) => {
    assert.equal(clauseOf(values["spec"]).operator, values["op"]);
  },
  [`${CLASS}test_specifier_version_property`]: (values) => {
    assert.equal(clauseOf(values["spec"]).version, values["version"]);
  },
  [`${CLASS}test_length`]: (values) => {
    assert.equal(setOf(values["spec_str"]).clauses.length, values["expected_length"]);
  },
  [`${CLASS}test_iteration`]: (values) => {
    const clauses = setOf(values["spec_str"]).clauses.map(({ operator, version }) => operator + version);
    assert.deepEqual(clauses.sort(), [...(values["expected_items"] as string[])].sort());
  },
  "test_specifiers.py::test_boundary_closure_short_release": checkContains,
  "test_specifiers.py::test_pickle_specifier_roundtrip": (values) => {
    const specifiers = setOf(values["specifier"]);
    const again = parseSpecifiers(formatSpecifiers(specifiers));
    assert.equal(formatSpecifiers(again), formatSpecifiers(specifiers));
    assert.equal(mentionsPrerelease(again), mentionsPrerelease(specifiers));
  },
};
