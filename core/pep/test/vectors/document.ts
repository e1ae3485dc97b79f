// Names, file names, lock files, dependency groups and direct URLs.

import assert from "node:assert/strict";
import {
  type DependencyGroups,
  expandDependencyGroup,
  readDependencyGroups,
} from "../../src/dependency-groups.ts";
import { type DirectUrl, formatDirectUrl, parseDirectUrl } from "../../src/direct-url.ts";
import { targetEnvironment } from "../../src/environment.ts";
import { ThothError } from "../../src/error.ts";
import { placeOf } from "../../src/fields.ts";
import { parseSdistFilename, parseWheelFilename, type WheelFilename } from "../../src/filename.ts";
import { isNormalizedName, isValidName, normalizeName } from "../../src/name.ts";
import { isPylockFilename, type Pylock, pylockFilename } from "../../src/pylock.ts";
import { pylockFromJson } from "../../src/pylock-read.ts";
import { selectPylock } from "../../src/pylock-select.ts";
import { parseVersion } from "../../src/version.ts";
import { compareVersions } from "../../src/version-order.ts";
import { type Case, type Handlers, leaveOut, listOf, textOf, textsOf } from "./case.ts";

const linux = targetEnvironment({ pythonVersion: "3.12.1", platform: "linux" });

function assertCode(run: () => unknown, code: string): void {
  assert.throws(run, (error) => error instanceof ThothError && error.code === code);
}

function assertInvalidWheel(values: Case): void {
  assertCode(() => parseWheelFilename(textOf(values["filename"])), "invalid-wheel");
}

function checkWheel(values: Case): void {
  const wheel: WheelFilename = parseWheelFilename(textOf(values["filename"]));
  assert.equal(wheel.name, values["name"]);
  assert.equal(compareVersions(wheel.version, parseVersion(textOf(values["version"]))), 0);
  const build = wheel.build === undefined ? [] : [Number(wheel.build.number), wheel.build.suffix];
  assert.deepEqual(build, values["build"]);
  const tags = listOf(values["tags"]).map((tag) => (tag as { $tag: string }).$tag);
  assert.deepEqual(new Set(wheel.tags), new Set(tags));
}

const nameHandlers: Handlers = {
  "test_utils.py::test_canonicalize_name": (values) => {
    assert.equal(normalizeName(textOf(values["name"])), values["expected"]);
  },
  "test_utils.py::test_canonicalize_name_invalid": (values) => {
    assert.equal(isValidName(textOf(values["name"])), false);
    assert.equal(normalizeName(textOf(values["name"])), values["expected"]);
  },
  "test_utils.py::test_is_normalized_name": (values) => {
    const { name, expected } = values;
    assert.equal(isNormalizedName(textOf(expected)), true);
    assert.equal(isNormalizedName(textOf(name)), name === expected);
  },
  "test_utils.py::test_parse_wheel_filename": checkWheel,
  "test_utils.py::test_parse_wheel_invalid_filename": assertInvalidWheel,
  "test_utils.py::test_parse_wheel_unsorted_tags_valid_by_default": (values) => {
    assert.ok(parseWheelFilename(textOf(values["filename"])).tags.length > 1);
  },
  "test_utils.py::test_parse_sdist_filename": (values) => {
    const sdist = parseSdistFilename(textOf(values["filename"]));
    assert.equal(sdist.name, values["name"]);
    assert.equal(compareVersions(sdist.version, parseVersion(textOf(values["version"]))), 0);
  },
  "test_utils.py::test_parse_sdist_invalid_filename": (values) => {
    assertCode(() => parseSdistFilename(textOf(values["filename"])), "invalid-wheel");
  },
};

/** What Python shows of a file: `PackageWheel(name='a.whl', …, path=None, …)`. */
function shownField(shown: string, field: string): { [key: string]: string } {
  const text = new RegExp(`[(, ]${field}='((?:[^'\\\\]|\\\\.)*)'`).exec(shown)?.[1];
  return text === undefined ? {} : { [field]: text.replace(/\\(.)/g, "$1") };
}

function lockWith(packages: readonly object[], more: object = {}): Pylock {
  return pylockFromJson({ "lock-version": "1.0", "created-by": "some_tool", packages, ...more });
}

/** As a table of a lock: a file by its URL with a digest. */
function fileTable(name: string): object {
  return { name, url: `https://example.com/${name}`, hashes: { sha256: "f".repeat(64) } };
}

function checkPreference(values: Case): void {
  const tag = values["wheel_python_tag"];
  const lock = lockWith([
    {
      name: "foo",
      version: "1.0",
      ...(tag === null ? {} : { wheels: [fileTable(`foo-1.0-${textOf(tag)}-none-any.whl`)] }),
      ...(values["include_sdist"] === true ? { sdist: fileTable("foo-1.0.tar.gz") } : {}),
    },
  ]);
  const asked: string[] = [];
  const preferSdist = (name: string) => {
    asked.push(name);
    return values["prefer_sdist"] === true;
  };
  const selected = selectPylock(lock, linux, { preferSdist });
  const { $type: type } = values["expected_type"] as { $type: string };
  assert.deepEqual(
    selected.map(({ source }) => source.kind),
    [type === "PackageSdist" ? "sdist" : "wheel"],
  );
  assert.deepEqual(asked, values["called"] === true ? ["foo"] : []);
}

function checkGroups(values: Case): void {
  const entry = (name: string, marker?: string) => ({
    name,
    directory: { path: `./${name}` },
    ...(marker === undefined ? {} : { marker }),
  });
  const lock = lockWith(
    [
      entry("foo"),
      entry("foo-dev", "'dev' in dependency_groups"),
      entry("foo-docs", "'docs' in dependency_groups"),
      entry("foo-feat1", "'feat1' in extras"),
      entry("foo-feat2", "'feat2' in extras"),
    ],
    { extras: ["feat1", "feat2"], "dependency-groups": ["dev", "docs"], "default-groups": ["dev"] },
  );
  const { extras, dependency_groups: groups } = values;
  const selected = selectPylock(lock, linux, {
    ...(extras === null ? {} : { extras: textsOf(extras) }),
    ...(groups === null ? {} : { groups: textsOf(groups) }),
  });
  assert.deepEqual(
    selected.map(({ package: { name } }) => name),
    values["expected"],
  );
}

const pylockHandlers: Handlers = {
  "test_pylock.py::test_pylock_file_name": (values) => {
    assert.equal(isPylockFilename(textOf(values["file_name"])), values["valid"]);
  },
  "test_pylock.py::test_pylock_version": (values) => {
    assert.ok(lockWith([], { "lock-version": textOf(values["version"]) }));
  },
  "test_pylock.py::test_pylock_unsupported_version": (values) => {
    assertCode(() => lockWith([], { "lock-version": textOf(values["version"]) }), "invalid-lock");
  },
  "test_pylock.py::test_dist_filename": (values) => {
    const { $repr: shown } = values["dist"] as { $repr: string };
    const file = { ...shownField(shown, "name"), ...shownField(shown, "path"), ...shownField(shown, "url") };
    assert.equal(pylockFilename(file), values["expected_filename"]);
  },
  "test_pylock.py::test_pylock_mixed_path_separators": (values) => {
    const path = textOf(values["directory"]) + textOf(values["filename"]);
    const file = { path, hashes: { sha256: "f".repeat(64) } };
    const files = values["kind"] === "wheels" ? { wheels: [file] } : { sdist: file };
    const [entry] = lockWith([{ name: "example", version: "1.0", ...files }]).packages;
    assert.equal(pylockFilename(entry!.wheels?.[0] ?? entry!.sdist!), values["filename"]);
  },
  "test_pylock.py::test_hash_validation": (values) => {
    const wheel = { ...fileTable("example-1.0-py3-none-any.whl"), hashes: values["hashes"] };
    assertCode(() => lockWith([{ name: "example", version: "1.0", wheels: [wheel] }]), "invalid-lock");
  },
  "test_pylock_select.py::test_lock_no_matching_env": (values) => {
    if ((values["environments"] as unknown[]).length > 0) leaveOut("markers are not in the corpus as text");
    const other = lockWith([], { environments: ['python_version == "3.14"'] });
    assertCode(() => selectPylock(other, linux), "no-matching-artifact");
    assert.deepEqual(selectPylock(lockWith([], { environments: [] }), linux), []);
  },
  "test_pylock_select.py::test_prefer_sdist_predicate": checkPreference,
  "test_pylock_select.py::test_extras_and_groups": checkGroups,
};

function groupsOf(table: object): DependencyGroups {
  return readDependencyGroups({ groups: table }, "groups", placeOf("invalid-project", "The project"));
}

function assertMalformedGroup(values: Case): void {
  const groups = groupsOf({ test: [values["item"]] });
  // A group that was refused once is refused again.
  assertCode(() => expandDependencyGroup(groups, "test"), "invalid-project");
  assertCode(() => expandDependencyGroup(groups, "test"), "invalid-project");
}

const groupHandlers: Handlers = {
  "test_dependency_groups.py::test_normalized_name_is_used_for_include_group_lookups": (values) => {
    const groups = groupsOf({
      [textOf(values["group_name_declared"])]: ["spam"],
      eggs: [{ "include-group": values["group_name_used"] }],
    });
    const found = expandDependencyGroup(groups, "eggs");
    assert.deepEqual(
      found.map(({ requirement }) => requirement.name),
      ["spam"],
    );
  },
  "test_dependency_groups.py::test_cyclic_include_self_with_unnormalized_spelling": (values) => {
    const groups = groupsOf({
      [textOf(values["group_name"])]: [{ "include-group": values["include_name"] }],
    });
    assertCode(() => expandDependencyGroup(groups, textOf(values["group_name"])), "invalid-project");
  },
  "test_dependency_groups.py::test_unknown_object_shape": assertMalformedGroup,
  "test_dependency_groups.py::test_malformed_group_entries_are_not_cached_on_resolver_instance":
    assertMalformedGroup,
};

function readDirectUrl(table: unknown): DirectUrl {
  return parseDirectUrl(JSON.stringify(table));
}

const directUrlHandlers: Handlers = {
  "test_direct_url.py::test_direct_url_round_trips": (values) => {
    const direct = readDirectUrl(values["direct_url_dict"]);
    // `"editable": false` is what its absence means, and is not written.
    const expected = JSON.parse(JSON.stringify(values["direct_url_dict"]).replace('"editable":false', ""));
    assert.deepEqual(JSON.parse(formatDirectUrl(direct)), expected);
    assert.deepEqual(parseDirectUrl(formatDirectUrl(direct)), direct);
  },
  "test_direct_url.py::test_one_info_field": (values) => {
    assertCode(() => readDirectUrl(values["direct_url_dict"]), "invalid-metadata");
  },
  "test_direct_url.py::test_dir_info_url_file_absolute_case_insensitive": (values) => {
    assert.equal(readDirectUrl({ url: values["url"], dir_info: {} }).kind, "directory");
  },
  "test_direct_url.py::test_dir_info_url_requires_absolute_file_url": (values) => {
    assertCode(() => readDirectUrl({ url: values["url"], dir_info: {} }), "invalid-metadata");
  },
  "test_direct_url.py::test_strip_url": (values) => {
    if (textsOf(values["safe_user_passwords"]).join() !== "git") leaveOut("only the user `git` is ever kept");
    const direct = { kind: "archive", url: textOf(values["url"]), hashes: {} } as const;
    assert.equal(JSON.parse(formatDirectUrl(direct)).url, values["expected_url"]);
  },
};

export const documentHandlers: Handlers = {
  ...nameHandlers,
  ...pylockHandlers,
  ...groupHandlers,
  ...directUrlHandlers,
};
