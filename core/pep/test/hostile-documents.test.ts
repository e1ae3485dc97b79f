// Documents made to be dear: each is refused with its code, or read. A hang or a full memory ends the whole run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDirectUrl } from "../src/direct-url.ts";
import { ThothError } from "../src/error.ts";
import { parsePipfileLock } from "../src/pipfile-lock.ts";
import type { ProjectFileOptions } from "../src/project-file.ts";
import { readProjectFile } from "../src/project-file-read.ts";
import { findScriptBlocks } from "../src/script-block.ts";

const million = 1_000_000;
const list = (count: number, item: (index: number) => string, separator = "\n") =>
  Array.from({ length: count }, (_, index) => item(index)).join(separator);

/** The code of the failure, or how many requirements there are. */
function outcome(filename: string, text: string, options: ProjectFileOptions = {}): string | number {
  return codeOf(() => readProjectFile(filename, text, options).requirements.length);
}

function codeOf<T>(run: () => T): T | string {
  try {
    return run();
  } catch (error) {
    assert.ok(error instanceof ThothError, String(error));
    assert.ok(error.message.length < 2000);
    return error.code;
  }
}

const pyproject = (text: string, options: ProjectFileOptions = {}) =>
  outcome("pyproject.toml", text, options);
const named = '[project]\nname = "x"\nversion = "1"\n';

test("TOML that nests", () => {
  assert.equal(pyproject(`a = ${"[".repeat(million)}`), "limit-exceeded");
  assert.equal(pyproject(`a = ${"{a=".repeat(200_000)}`), "limit-exceeded");
  assert.equal(pyproject(`a${".a".repeat(million)} = 1`), "limit-exceeded");
  assert.equal(pyproject(`[a${".a".repeat(million)}]`), "limit-exceeded");
  assert.equal(pyproject(`["a"${'."a"'.repeat(million)}]`), "limit-exceeded");
  assert.equal(pyproject(`a = "${".".repeat(million)}"\n# ${".".repeat(million)}\nb.c.d = 1.5`), 0);
});

test("TOML that is long", () => {
  assert.equal(pyproject(`a = "${"x".repeat(10 * million)}"`), 0);
  assert.equal(pyproject(`#${"#".repeat(10 * million)}`), 0);
  assert.equal(pyproject("x".repeat(10 * million)), "invalid-project");
  assert.equal(pyproject(`a = "${"\\".repeat(5 * million)}`), "invalid-project");
  assert.equal(pyproject(`a = ${"1".repeat(10 * million)}`), "invalid-project");
  assert.equal(pyproject(`a = 1979-05-27T07:32:00.${"1".repeat(10 * million)}`), "invalid-project");
  assert.equal(pyproject(`# ${"~".repeat(million)}time:\n${"~time:".repeat(100_000)}`), "invalid-project");
  assert.equal(pyproject("[[t]]\n".repeat(million)), "limit-exceeded");
  assert.equal(pyproject(`a = [${"1,".repeat(million)}]`), "limit-exceeded");
  assert.equal(pyproject(" ".repeat(40 * million)), "limit-exceeded");
  assert.equal(pyproject(list(100_000, (index) => `k${index} = 1`)), 0);
});

test("keys that objects have by themselves", () => {
  const names = ["constructor", "toString", "hasOwnProperty", "valueOf"];
  const groups = names.map((name) => `${name} = ["${name}"]`).join("\n");
  const options = { extras: names, groups: names };
  assert.equal(
    pyproject(`${named}[project.optional-dependencies]\n${groups}\n[dependency-groups]\n${groups}`, options),
    8,
  );
  assert.equal(pyproject(named, { extras: ["constructor"] }), "invalid-project");
  assert.equal(pyproject(named, { groups: ["constructor"] }), "invalid-project");
  assert.equal(
    pyproject('[project.optional-dependencies]\n__proto__ = ["a"]\n[project.x]\n[__proto__]\nname = "x"'),
    "invalid-project",
  );
  assert.equal(pyproject("[__proto__]\nproject = { name = 'x', version = '1', dependencies = ['a'] }"), 0);
  const packages = names.map((name) => `${name} = "*"`).join("\n");
  assert.equal(outcome("Pipfile", `[packages]\n${packages}\n[__proto__]\na = "*"`), 4);
  assert.equal(outcome("Pipfile", '[packages]\n__proto__ = "*"'), "invalid-project");
  assert.equal(pyproject(`[tool.poetry.dependencies]\n${packages}`), 4);
  const lock = (packages: string) =>
    `{"_meta": {"hash": {"sha256": "x"}}, "__proto__": {"a": {}}, "default": {${packages}}}`;
  assert.equal(outcome("Pipfile.lock", lock('"constructor": {"version": "==1"}')), 1);
  assert.equal(outcome("Pipfile.lock", lock('"__proto__": {"version": "==1"}')), "invalid-lock");
  assert.equal(({} as { a?: unknown }).a, undefined);
});

test("requirements files that include", () => {
  const load = (make: (index: number) => string) => ({
    load: (path: string) => make(Number(path.slice(1, -4))),
  });
  const names = (index: number) => `-r r${index + 1}.txt`;
  assert.equal(outcome("r0.txt", names(0), load(names)), "limit-exceeded");
  assert.equal(
    outcome(
      "r0.txt",
      names(0),
      load((index) => `${names(index)}\n`.repeat(2)),
    ),
    "limit-exceeded",
  );
  assert.equal(
    outcome(
      "r0.txt",
      list(2000, names),
      load(() => ""),
    ),
    "limit-exceeded",
  );
  assert.equal(
    outcome(
      "r0.txt",
      "-r r1.txt",
      load(() => "-r ./x/../r0.txt"),
    ),
    "invalid-requirement",
  );
  assert.equal(
    outcome(
      "r0.txt",
      "-c r0.txt",
      load(() => ""),
    ),
    "invalid-requirement",
  );
  assert.equal(outcome("r0.txt", "-r r1.txt"), "invalid-requirement");
});

test("requirements files that are long", () => {
  const file = (text: string) => outcome("requirements.txt", text);
  assert.equal(file("a".repeat(10 * million)), "limit-exceeded");
  assert.equal(file(`a${" ".repeat(10 * million)}b`), "limit-exceeded");
  assert.equal(file("a\\\n".repeat(2 * million)), "limit-exceeded");
  assert.equal(file("a#".repeat(5 * million)), "limit-exceeded");
  assert.equal(file("#a".repeat(5 * million)), 0);
  assert.equal(file("a\n".repeat(300_000)), "limit-exceeded");
  assert.equal(file(`-i ${"'a' ".repeat(million)}`), 0);
  assert.equal(file("$".concat("{A".repeat(3 * million))), "limit-exceeded");
});

test("scripts", () => {
  const block = "# /// script\n#\n# ///\n\n";
  assert.equal(outcome("s.py", `# /// script\n${"# a\n".repeat(2 * million)}`), "invalid-project");
  assert.equal(outcome("s.py", `# /// script\n${"# ///\n".repeat(million)}`), "invalid-project");
  assert.equal(outcome("s.py", `# /// ${"a".repeat(10 * million)}`), "invalid-project");
  assert.equal(outcome("s.py", block.repeat(2)), "invalid-project");
  assert.equal(findScriptBlocks(block.repeat(100_000)).length, 100_000);
  assert.equal(
    codeOf(() => findScriptBlocks("\n".repeat(70 * million))),
    "limit-exceeded",
  );
});

test("groups and extras that multiply", () => {
  const many = 100_000;
  const includes = list(many, (index) => `{include-group = "g${index}"}`, ",");
  const wide = `[dependency-groups]\n${list(many, (index) => `g${index} = ["a${index}"]`)}\nall = [${includes}]`;
  assert.equal(pyproject(wide, { groups: ["all"] }), many);
  const chain = list(5000, (index) => `g${index} = ["a", {include-group = "g${index + 1}"}]`);
  assert.equal(pyproject(`[dependency-groups]\n${chain}\ng5000 = []`, { groups: ["g0"] }), 5000);
  assert.equal(pyproject(`[dependency-groups]\n${chain}\ng5000 = []`, { groups: "all" }), "limit-exceeded");
  const poetry = list(
    5000,
    (at) => `[tool.poetry.group.g${at}]\ninclude-groups = ["g${at + 1}"]\ndependencies = { a = "*" }`,
  );
  assert.equal(pyproject(poetry, { groups: ["g0"] }), 5000);
  assert.equal(pyproject(poetry, { groups: "all" }), "limit-exceeded");
  const own = (marker: (extra: number, at: number) => string) =>
    `${named}[project.optional-dependencies]\n${list(20, (extra) => {
      return `e${extra} = [${list(20, (at) => `"x[e${at}]${marker(extra, at)}"`, ",")}]`;
    })}`;
  assert.equal(
    pyproject(
      own(() => ""),
      { extras: ["e0"] },
    ),
    0,
  );
  assert.equal(
    pyproject(
      own((extra, at) => `; os_name == '${extra}_${at}'`),
      { extras: ["e0"] },
    ),
    "limit-exceeded",
  );
  const sources = list(3000, () => '{ index = "x", marker = "os_name == \'a\'" }', ",");
  assert.equal(pyproject(`${named}[tool.uv.sources]\na = [${sources}]`), "invalid-project");
  const files = list(200, () => '"a"', ",");
  const setuptools = `${named}dynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = { file = [${files}] }`;
  assert.equal(pyproject(setuptools, { load: () => "a" }), "limit-exceeded");
});

test("JSON that nests or is long", () => {
  const deep = `${'{"a":'.repeat(million)}1${"}".repeat(million)}`;
  assert.equal(
    codeOf(() => parsePipfileLock(deep)),
    "limit-exceeded",
  );
  assert.equal(
    codeOf(() => parsePipfileLock("[".repeat(million))),
    "invalid-lock",
  );
  assert.equal(
    codeOf(() => parsePipfileLock(" ".repeat(40 * million))),
    "limit-exceeded",
  );
  assert.equal(
    codeOf(() => parseDirectUrl(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`)),
    "limit-exceeded",
  );
});

test("control characters do not reach a message", () => {
  const nasty = "x\\u001b[31m\\u202e\\u0007";
  for (const text of [
    `[project]\nname = "${nasty}"`,
    `${named}dependencies = ["${nasty}"]`,
    `[dependency-groups]\n"${nasty}" = []`,
    `[tool.poetry.dependencies]\n"${nasty}" = "1"`,
    `[tool.poetry.dependencies]\na = { git = "${nasty}" }`,
  ]) {
    assert.throws(
      () => readProjectFile("pyproject.toml", text),
      (error) =>
        error instanceof ThothError && !/[\u0000-\u001f\u202e]/.test(error.message + (error.hint ?? "")),
    );
  }
  const { warnings } = readProjectFile("pyproject.toml", `${named}"${nasty}" = 1\nlicense = "${nasty}"`);
  assert.equal(warnings.length, 2);
  for (const warning of warnings) assert.doesNotMatch(warning, /[\u0000-\u001f\u202e]/);
});
