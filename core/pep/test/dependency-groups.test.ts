import assert from "node:assert/strict";
import { test } from "node:test";
import { expandDependencyGroup } from "../src/dependency-groups.ts";
import { parsePyproject } from "../src/pyproject.ts";
import { formatRequirement } from "../src/requirement.ts";
import { failureOf } from "./failure.ts";

const groupsOf = (text: string) => parsePyproject(`[dependency-groups]\n${text}`).dependencyGroups;

function expand(text: string, name: string): string[] {
  return expandDependencyGroup(groupsOf(text), name).map(({ requirement }) => formatRequirement(requirement));
}

test("a group has its requirements, and in their place those of the groups it includes", () => {
  const text = `
test = ["pytest>7", "coverage"]
Typing_Stubs = ["types-x"]
typing = ["mypy", {include-group = "typing.stubs"}, "last"]
all = [{include-group = "test"}, {include-group = "typing"}, {include-group = "TEST"}]
empty = []`;
  assert.deepEqual(expand(text, "Typing"), ["mypy", "types-x", "last"]);
  assert.deepEqual(expand(text, "all"), ["pytest>7", "coverage", "mypy", "types-x", "last"]);
  assert.deepEqual(expand(text, "empty"), []);
  const [first, , third] = expandDependencyGroup(groupsOf(text), "all");
  assert.deepEqual(
    [first!.group, first!.statedIn, first!.path],
    ["all", "test", "dependency-groups.test[0]"],
  );
  assert.equal(third!.statedIn, "typing");
});

test("groups that cannot be", () => {
  const failure = (text: string, name = "a") => {
    const { code, details } = failureOf(() => expand(text, name));
    assert.equal(code, "invalid-project");
    return details;
  };
  assert.deepEqual(failure("a = []", "b")!["known"], ["a"]);
  assert.deepEqual(failure('a = [{include-group = "a"}]')!["groups"], ["a", "a"]);
  assert.deepEqual(
    failure('a = [{include-group = "b"}]\nb = [{include-group = "c"}]\nc = [{include-group = "B"}]')![
      "groups"
    ],
    ["b", "c", "b"],
  );
  assert.equal(failure('a = [{include-group = "b"}]')!["path"], "dependency-groups.a[0]");
  assert.equal(failure('a = ["x", {include-group = "a", x = 1}]')!["path"], "dependency-groups.a[1]");
  assert.equal(failure("a = [{}]")!["path"], "dependency-groups.a[0]");
  assert.equal(failure("a = [3]")!["path"], "dependency-groups.a[0]");
  assert.equal(failure('a = ["x", "-r file.txt"]')!["path"], "dependency-groups.a[1]");
  assert.equal(failure('a = "x"')!["path"], "dependency-groups.a");
  assert.equal(failure("a.b = []\nA = []")!["path"], "dependency-groups.a");
  assert.equal(failure("a = []\nA = []")!["path"], "dependency-groups.A");
  assert.equal(failure('"?" = []')!["path"], "dependency-groups.?");
});

test("a broken group does not hinder the others", () => {
  assert.deepEqual(expand('a = ["x"]\nb = [3]', "a"), ["x"]);
});

test("many groups that include each other twice are still few", () => {
  const count = 50_000;
  const lines = Array.from({ length: count }, (_, at) => {
    const next = `{include-group = "g${at + 1}"}`;
    return at === count - 1 ? `g${at} = ["x"]` : `g${at} = [${next}, ${next}]`;
  });
  assert.deepEqual(expand(lines.join("\n"), "g0"), ["x"]);
});
