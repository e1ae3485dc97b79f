import assert from "node:assert/strict";
import { test } from "node:test";
import {
  compareBuildTags,
  parseSdistFilename,
  parseWheelFilename,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from "../src/filename.ts";
import { normalizeName, parseExtraName, parsePackageName } from "../src/name.ts";
import { failureOf } from "./failure.ts";

test("names of wheels", () => {
  const wheel = parseWheelFilename("Foo_Bar.Baz-1!1.0rc1+local.1-2build-py2.py3-none-any.whl");
  assert.equal(wheel.name, "foo-bar-baz");
  assert.equal(wheel.version.text, "1!1.0rc1+local.1");
  assert.deepEqual(wheel.build, { number: 2, suffix: "build" });
  assert.deepEqual(wheel.tags, ["py2-none-any", "py3-none-any"]);
  assert.equal(wheel.tagSet, "py2.py3-none-any");
});

test("the greater build is the better one", () => {
  const builds = [
    "a-1-py3-none-any.whl",
    "a-1-1-py3-none-any.whl",
    "a-1-1b-py3-none-any.whl",
    "a-1-2-py3-none-any.whl",
  ];
  const tags = [...builds, "a-1-99999999999999999999-py3-none-any.whl"].map(
    (name) => parseWheelFilename(name).build,
  );
  tags.forEach((one, at) => {
    tags.forEach((two, other) => {
      assert.equal(Math.sign(compareBuildTags(one, two)), Math.sign(at - other));
    });
  });
});

test("names that are no wheel's tell where", () => {
  const positions: [string, number][] = [
    ["foo-1.0.tar.gz", 11],
    ["foo-1.0.whl", 7],
    ["fo o-1.0-py3-none-any.whl", 0],
    ["foo-one-py3-none-any.whl", 4],
    ["foo-1.0-x-py3-none-any.whl", 8],
    ["foo-1.0-1\n-py3-none-any.whl", 8],
    ["foo-1.0-py3-none-.whl", 16],
    ["../x-1.0-py3-none-any.whl", 0],
    ["foo/bar-1.0-py3-none-any.whl", 0],
  ];
  for (const [name, position] of positions) {
    const failure = failureOf(() => parseWheelFilename(name));
    assert.equal(failure.code, "invalid-wheel");
    assert.equal(failure.details?.["position"], position, name);
    assert.equal(tryParseWheelFilename(name), undefined);
  }
});

test("names of source distributions", () => {
  assert.deepEqual(
    [parseSdistFilename("Foo-Bar-1.0.zip").name, parseSdistFilename("foo-1.0.post1.tar.gz").version.text],
    ["foo-bar", "1.0.post1"],
  );
  const project = normalizeName("foo");
  assert.equal(parseSdistFilename("foo-1.0-1.tar.gz", project).version.text, "1.0.post1");
  assert.equal(parseSdistFilename("foo-1.0.tgz", project).version.text, "1.0");
  assert.equal(tryParseSdistFilename("foo-1.0.tgz"), undefined);
  assert.equal(tryParseSdistFilename("bar-1.0.tar.gz", project), undefined);
  for (const name of [
    "foo.tar.gz",
    "foo-x.tar.gz",
    "-1.0.zip",
    "../foo-1.0.tar.gz",
    "a b-1.zip",
    "foo-1.0.rar",
  ]) {
    assert.equal(failureOf(() => parseSdistFilename(name)).code, "invalid-wheel", name);
  }
});

test("long names are bounded", () => {
  const long = `${"a".repeat(2000)}-1.0-py3-none-any.whl`;
  assert.equal(tryParseWheelFilename(long), undefined);
  assert.equal(tryParseSdistFilename(`${"a-".repeat(2000)}1.0.zip`, normalizeName("a")), undefined);
});

test("names of projects and extras", () => {
  assert.equal(parsePackageName(" Foo__.-Bar "), "foo-bar");
  assert.equal(parseExtraName("X_y"), "x-y");
  const positions: [string, number][] = [
    ["", 0],
    ["-a", 0],
    ["a-", 1],
    ["a b", 1],
    [" a!b", 2],
    ["аbc", 0],
    ["constructor()", 11],
  ];
  for (const [text, position] of positions) {
    const failure = failureOf(() => parsePackageName(text));
    assert.equal(failure.code, "invalid-requirement");
    assert.equal(failure.details?.["position"], position, text);
  }
});
