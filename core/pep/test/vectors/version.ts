// Versions: normal forms, parts and order.

import assert from "node:assert/strict";
import { ThothError } from "../../src/error.ts";
import {
  baseVersion,
  formatVersion,
  isPrerelease,
  makeVersion,
  type PreReleasePhase,
  parseVersion,
  publicVersion,
  tryParseVersion,
  type Version,
  type VersionNumber,
  versionKey,
} from "../../src/version.ts";
import { compareVersions } from "../../src/version-order.ts";
import { type Case, type Handlers, leaveOut, operatorOf, textOf } from "./case.ts";

const parsed = new Map<string, Version>();

function versionOf(values: Case, key = "version"): Version {
  const text = textOf(values[key]);
  let version = parsed.get(text);
  if (version === undefined) {
    version = parseVersion(text);
    parsed.set(text, version);
  }
  return version;
}

function compare(values: Case): boolean {
  const order = compareVersions(versionOf(values, "left"), versionOf(values, "right"));
  switch (operatorOf(values["op"])) {
    case "lt":
      return order < 0;
    case "le":
      return order <= 0;
    case "eq":
      return order === 0;
    case "ne":
      return order !== 0;
    case "ge":
      return order >= 0;
    default:
      return order > 0;
  }
}

function assertNumber(actual: VersionNumber | undefined, expected: unknown): void {
  assert.equal(String(actual ?? null), String(expected));
}

/** Equal texts have equal keys, and what is written reads the same again. */
function survives(values: Case): void {
  const version = versionOf(values);
  const again = parseVersion(formatVersion(version));
  assert.equal(compareVersions(version, again), 0);
  assert.equal(versionKey(version), versionKey(again));
  assert.equal(formatVersion(again), formatVersion(version));
}

export const versionHandlers: Handlers = {
  "test_version.py::TestVersion::test_valid_versions": (values) => {
    assert.notEqual(tryParseVersion(textOf(values["version"])), undefined);
  },
  "test_version.py::TestVersion::test_invalid_versions": (values) => {
    const text = textOf(values["version"]);
    assert.equal(tryParseVersion(text), undefined);
    assert.throws(
      () => parseVersion(text),
      (error) =>
        error instanceof ThothError &&
        error.code === "invalid-version" &&
        typeof error.details?.["position"] === "number",
    );
  },
  "test_version.py::TestVersion::test_oversized_version_raises_valueerror": (values) => {
    assert.throws(
      () => parseVersion(textOf(values["version"])),
      (error) => error instanceof ThothError && error.code === "limit-exceeded",
    );
  },
  "test_version.py::TestVersion::test_normalized_versions": (values) => {
    assert.equal(formatVersion(versionOf(values)), values["normalized"]);
  },
  "test_version.py::TestVersion::test_version_str_repr": (values) => {
    assert.equal(formatVersion(versionOf(values)), values["expected"]);
  },
  "test_version.py::TestVersion::test_version_hash": survives,
  "test_version.py::test_pickle_roundtrip": survives,
  "test_version.py::TestVersion::test_version_public": (values) => {
    assert.equal(publicVersion(versionOf(values)).text, values["public"]);
  },
  "test_version.py::TestVersion::test_version_base_version": (values) => {
    assert.equal(baseVersion(versionOf(values)).text, values["base_version"]);
  },
  "test_version.py::TestVersion::test_version_epoch": (values) => {
    assertNumber(versionOf(values).epoch, values["epoch"]);
  },
  "test_version.py::TestVersion::test_version_release": (values) => {
    assert.deepEqual(versionOf(values).release.map(String), (values["release"] as unknown[]).map(String));
  },
  "test_version.py::TestVersion::test_version_local": (values) => {
    assert.equal(versionOf(values).local?.join(".") ?? null, values["local"]);
  },
  "test_version.py::TestVersion::test_version_pre": (values) => {
    assert.deepEqual(versionOf(values).pre ?? null, values["pre"]);
  },
  "test_version.py::TestVersion::test_version_is_prerelease": (values) => {
    assert.equal(isPrerelease(versionOf(values)), values["expected"]);
  },
  "test_version.py::TestVersion::test_version_dev": (values) => {
    assertNumber(versionOf(values).dev, values["dev"]);
  },
  "test_version.py::TestVersion::test_version_is_devrelease": (values) => {
    assert.equal(versionOf(values).dev !== undefined, values["expected"]);
  },
  "test_version.py::TestVersion::test_version_post": (values) => {
    assertNumber(versionOf(values).post, values["post"]);
  },
  "test_version.py::TestVersion::test_version_is_postrelease": (values) => {
    assert.equal(versionOf(values).post !== undefined, values["expected"]);
  },
  "test_version.py::TestVersion::test_comparison_true": (values) => {
    assert.equal(compare(values), true);
  },
  "test_version.py::TestVersion::test_comparison_false": (values) => {
    assert.equal(compare(values), false);
  },
  "test_version.py::test_from_parts": (values) => {
    const expected = parseVersion(textOf(values["string"]));
    assert.equal(compareVersions(fromParts(values["args"] as Case), expected), 0);
  },
  "test_utils.py::test_canonicalize_version": (values) => {
    const text = textOf(values["version"]);
    const version = tryParseVersion(text);
    // What is no version has no normal form here: its text stays as it is.
    assert.equal(version === undefined ? text : versionKey(version), values["expected"]);
  },
  "test_utils.py::test_canonicalize_version_no_strip_trailing_zero": (values) => {
    assert.equal(versionOf(values).text, textOf(values["version"]));
  },
};

function fromParts(values: Case): Version {
  // null is absence.
  const parts = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  const pre = parts["pre"] as [string, number] | undefined;
  const local = parts["local"] as string | undefined;
  if (pre !== undefined && !["a", "b", "rc"].includes(pre[0])) {
    leaveOut("parts of a version are already in normal form; only texts are normalised");
  }
  return makeVersion({
    epoch: (parts["epoch"] as number | undefined) ?? 0,
    release: parts["release"] as number[],
    pre: pre === undefined ? undefined : [pre[0] as PreReleasePhase, pre[1]],
    post: parts["post"] as number | undefined,
    dev: parts["dev"] as number | undefined,
    local: local?.split(/[._-]/).map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment)),
  });
}
