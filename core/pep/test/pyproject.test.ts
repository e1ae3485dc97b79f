import assert from "node:assert/strict";
import { test } from "node:test";
import { readProjectFile } from "../src/project-file-read.ts";
import { parsePyproject } from "../src/pyproject.ts";
import { formatRequirement } from "../src/requirement.ts";
import { failureOf } from "./failure.ts";

const project = (lines: string) => parsePyproject(`[project]\nname = "x"\nversion = "1"\n${lines}`);

test("the project table", () => {
  const {
    project: table,
    buildSystem,
    warnings,
  } = parsePyproject(`
[build-system]
requires = ["setuptools>=61"]
build-backend = "backend"
backend-path = ["."]
[project]
name = "My_Project"
version = "1.0.post0"
description = "d"
requires-python = ">=3.8"
license = "mit OR apache-2.0"
license-files = ["LICEN[CS]E*", "licenses/*.md"]
classifiers = ["A :: B"]
dependencies = ["a>=1", "b; os_name == 'nt'"]
dynamic = ["readme"]
[project.optional-dependencies]
Gui_X = ["qt"]
[project.scripts]
run = "m:main"
[tool.other]
x = 1
`);
  assert.deepEqual(warnings, []);
  assert.deepEqual(buildSystem!.requires.map(formatRequirement), ["setuptools>=61"]);
  assert.deepEqual([buildSystem!.buildBackend, buildSystem!.backendPath], ["backend", ["."]]);
  assert.deepEqual(
    [table!.name, table!.displayName, table!.version!.text],
    ["my-project", "My_Project", "1.0.post0"],
  );
  assert.equal(table!.requiresPython!.text, ">=3.8");
  assert.deepEqual(table!.licence, { kind: "expression", expression: "MIT OR Apache-2.0" });
  assert.deepEqual(table!.licenceFiles, ["LICEN[CS]E*", "licenses/*.md"]);
  assert.deepEqual(table!.dependencies.map(formatRequirement), ["a>=1", 'b; os_name == "nt"']);
  assert.deepEqual([...table!.optionalDependencies.keys()], ["gui-x"]);
  assert.deepEqual([...table!.dynamic], ["readme"]);
  assert.equal(table!.scripts["run"], "m:main");
});

test("what resolving needs must be right", () => {
  const pathOf = (text: string) => {
    const { code, details } = failureOf(() => parsePyproject(text));
    assert.equal(code, "invalid-project");
    return details!["path"];
  };
  const table = (lines: string) => pathOf(`[project]\nname = "x"\n${lines}`);
  assert.equal(pathOf("project = 1"), "project");
  assert.equal(pathOf("[project]"), "project.name");
  assert.equal(pathOf('[project]\nname = "-x"'), "project.name");
  assert.equal(table('dependencies = "a"'), "project.dependencies");
  assert.equal(table('dependencies = ["a", "b c"]'), "project.dependencies[1]");
  assert.equal(table('requires-python = "3.8"'), "project.requires-python");
  assert.equal(table('optional-dependencies.e = ["?"]'), "project.optional-dependencies.e[0]");
  assert.equal(
    table('optional-dependencies.e-f = []\noptional-dependencies."E.F" = []'),
    "project.optional-dependencies.E.F",
  );
  assert.equal(table('dynamic = ["name"]'), "project.dynamic");
  assert.equal(table('dynamic = ["nothing"]'), "project.dynamic");
  assert.equal(table('dependencies = []\ndynamic = ["dependencies"]'), "project.dynamic");
  assert.equal(pathOf("[build-system]\nbuild-backend = 'x'"), "build-system.requires");
  assert.equal(pathOf("[build-system]\nrequires = ['?']"), "build-system.requires[0]");
  assert.equal(pathOf("tool = 3"), "tool");
  const broken = failureOf(() => parsePyproject('[project]\nname = "x\n'));
  assert.deepEqual([broken.code, broken.details!["line"]], ["invalid-project", 2]);
});

test("what is wrong elsewhere is a warning", () => {
  const count = (lines: string) => project(lines).warnings.length;
  assert.equal(count(""), 0);
  assert.equal(count("license = { text = 'a' }"), 0);
  assert.deepEqual(project("license = { file = 'a' }").project!.licence, { kind: "file", path: "a" });
  for (const lines of [
    "license = 'nothing-known'",
    "license = { text = 'a', file = 'b' }",
    "license = { text = 'a' }\nlicense-files = ['b']",
    "license-files = ['../a']",
    "license-files = ['/a']",
    "license-files = ['a\\b']",
    "license-files = ['a[b']",
    "classifiers = 1",
    "unknown = 1",
    "description = ['a']",
  ]) {
    assert.equal(count(lines), 1, lines);
  }
  assert.equal(parsePyproject('[project]\nname = "x"').warnings.length, 1);
  assert.equal(parsePyproject('[project]\nname = "x"\ndynamic = ["version"]').warnings.length, 0);
});

const lines = (file: ReturnType<typeof readProjectFile>) =>
  file.requirements.map(({ requirement, group, source }) =>
    [formatRequirement(requirement), group, source].join(" | "),
  );

const withExtras = `[project]
name = "x"
version = "1"
requires-python = ">=3.9"
dependencies = ["a", "X[base]; python_version < '3.10'"]
[project.optional-dependencies]
all = ["x[b,c]"]
b = ["bb; os_name == 'nt' or os_name == 'posix'"]
c = ["cc", "x[all]"]
base = ["dd"]
[dependency-groups]
dev = ["pytest", { include-group = "Do.cs" }]
do-cs = ["sphinx"]
`;

test("extras, own extras and groups", () => {
  const file = "pyproject.toml";
  assert.deepEqual(lines(readProjectFile(file, withExtras)), [
    `a | default | ${file}: project.dependencies[0]`,
    `dd; python_version < "3.10" | default | ${file}: project.optional-dependencies.base[0]`,
  ]);
  assert.deepEqual(lines(readProjectFile(file, withExtras, { extras: ["ALL"], dev: true })).slice(1), [
    `dd; python_version < "3.10" | default | ${file}: project.optional-dependencies.base[0]`,
    `bb; os_name == "nt" or os_name == "posix" | default | ${file}: project.optional-dependencies.b[0]`,
    `cc | default | ${file}: project.optional-dependencies.c[0]`,
    `pytest | dev | ${file}: dependency-groups.dev[0]`,
    `sphinx | dev | ${file}: dependency-groups.do-cs[0]`,
  ]);
  assert.deepEqual(lines(readProjectFile(file, withExtras, { groups: ["DO_CS"] })).slice(2), [
    `sphinx | do-cs | ${file}: dependency-groups.do-cs[0]`,
  ]);
  assert.equal(readProjectFile(file, withExtras, { extras: "all", groups: "all" }).requirements.length, 8);
  assert.equal(failureOf(() => readProjectFile(file, withExtras, { extras: ["d"] })).code, "invalid-project");
  assert.equal(failureOf(() => readProjectFile(file, withExtras, { groups: ["d"] })).code, "invalid-project");
  assert.equal(readProjectFile(file, withExtras).requiresPython!.text, ">=3.9");
});

test("dependencies that only a build can tell, and those that a file lists", () => {
  const text = (dynamic: string, more = "") =>
    `[project]\nname = "x"\nversion = "1"\ndynamic = [${dynamic}]\n${more}`;
  const dynamic = failureOf(() => readProjectFile("pyproject.toml", text('"dependencies"')));
  assert.deepEqual([dynamic.code, dynamic.details!["path"]], ["invalid-project", "project.dependencies"]);
  const optional = text('"optional-dependencies"');
  assert.equal(readProjectFile("pyproject.toml", optional).requirements.length, 0);
  assert.equal(
    failureOf(() => readProjectFile("pyproject.toml", optional, { extras: ["a"] })).details!["path"],
    "project.optional-dependencies",
  );
  const setuptools = text(
    '"dependencies", "optional-dependencies"',
    `[tool.setuptools.dynamic]
dependencies = { file = ["requirements.txt"] }
optional-dependencies.Dev = { file = "dev.txt" }`,
  );
  const files = new Map([
    ["a/requirements.txt", "b>=1\n# c\nd"],
    ["a/dev.txt", "e"],
  ]);
  const load = (path: string) => files.get(path)!;
  assert.deepEqual(lines(readProjectFile("a/pyproject.toml", setuptools, { load, extras: ["dev"] })), [
    "b>=1 | default | a/pyproject.toml: a/requirements.txt:1",
    "d | default | a/pyproject.toml: a/requirements.txt:3",
    "e | default | a/pyproject.toml: a/dev.txt:1",
  ]);
});

test("where uv says that packages come from", () => {
  const file = readProjectFile(
    "p/pyproject.toml",
    `[project]
name = "x"
version = "1"
dependencies = ["a>=1", "b", "c", "d", "e"]
[tool.uv]
prerelease = "allow"
constraint-dependencies = ["f<2"]
dev-dependencies = ["g"]
find-links = ["https://l.example"]
no-binary-package = ["H_h"]
no-build = true
override-dependencies = ["i"]
[tool.uv.sources]
A = { git = "https://g.example/a", tag = "v1", marker = "sys_platform == 'darwin'" }
b = { index = "torch" }
c = { path = "../c", editable = true }
d = { workspace = true }
e = [{ url = "https://x.example/e.zip" }]
[[tool.uv.index]]
name = "torch"
url = "https://t.example"
explicit = true
[[tool.uv.index]]
url = "https://u.example"
[[tool.uv.index]]
url = "https://v.example"
default = true`,
    { dev: true },
  );
  assert.deepEqual(
    file.requirements.map(({ requirement, index }) =>
      [formatRequirement(requirement), index ?? ""].join(" | "),
    ),
    [
      'a @ git+https://g.example/a@v1 ; sys_platform == "darwin" | ',
      'a>=1; sys_platform != "darwin" | ',
      "b | torch",
      "d | ",
      "e @ https://x.example/e.zip | ",
      "g | ",
    ],
  );
  assert.deepEqual(
    file.locations.map(({ location, editable }) => [location, editable]),
    [["c", true]],
  );
  assert.deepEqual(
    file.constraints.map(({ requirement }) => formatRequirement(requirement)),
    ["f<2"],
  );
  assert.deepEqual(
    file.indexes.map(({ role }) => role),
    ["explicit", "extra", "default"],
  );
  assert.deepEqual([file.noBinary, file.onlyBinary, file.prereleases], [["h-h"], [":all:"], [":all:"]]);
  assert.equal(file.warnings.length, 2);
});
