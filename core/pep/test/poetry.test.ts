import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parsePoetryConstraint, uniteAlternatives } from "../src/poetry-constraint.ts";
import { readProjectFile } from "../src/project-file-read.ts";
import { formatRequirement } from "../src/requirement.ts";
import { specifiersRange } from "../src/specifier.ts";
import { parseVersion } from "../src/version.ts";
import { rangeContains } from "../src/version-range.ts";
import { failureOf } from "./failure.ts";

const alternatives = (text: string) => parsePoetryConstraint(text).map((alternative) => alternative.text);
const united = (text: string) => uniteAlternatives(parsePoetryConstraint(text))?.text;

test("carets, tildes and wildcards", () => {
  const expected: Readonly<Record<string, string>> = {
    "*": "",
    "^1.2.3": "<2.0.0,>=1.2.3",
    "^1.2": "<2.0,>=1.2",
    "^1": "<2,>=1",
    "^0.2.3": "<0.3.0,>=0.2.3",
    "^0.0.3": "<0.0.4,>=0.0.3",
    "^0.0": "<0.1,>=0.0",
    "^0": "<1,>=0",
    "^0.0.0": "<0.0.1,>=0.0.0",
    "^1.2.3.4": "<2.0.0.0,>=1.2.3.4",
    "^1.0rc1": "<2.0,>=1.0rc1",
    "^1!2.3": "<1!3.0,>=1!2.3",
    "~1.2.3": "<1.3.0,>=1.2.3",
    "~1.2": "<1.3,>=1.2",
    "~1": "<2,>=1",
    "~=1.4.2": "~=1.4.2",
    "1.2.*": "==1.2.*",
    "2.x": "==2.*",
    "!=1.2.*": "!=1.2.*",
    "1.2.3": "==1.2.3",
    "=1.2.3": "==1.2.3",
    "<>1.2": "!=1.2",
    ">= 1.2, < 1.5": "<1.5,>=1.2",
    ">=1.2 <1.5 !=1.3": "!=1.3,<1.5,>=1.2",
    "^ 1.2": "<2.0,>=1.2",
    "^99999999999999999999.1": "<100000000000000000000.0,>=99999999999999999999.1",
  };
  for (const [text, specifiers] of Object.entries(expected))
    assert.deepEqual(alternatives(text), [specifiers], text);
  assert.deepEqual(alternatives("^1.0 || ~2.1|3.*"), ["<2.0,>=1.0", "<2.2,>=2.1", "==3.*"]);
});

test("what is no constraint is told with its position", () => {
  const position = (text: string) => {
    const { code, details } = failureOf(() => parsePoetryConstraint(text));
    assert.equal(code, "invalid-requirement");
    return details!["position"];
  };
  assert.equal(position("abc"), 0);
  assert.equal(position(">=1, <abc"), 5);
  assert.equal(position("^1 || ^x"), 6);
  assert.equal(position("^1 || "), 5);
  assert.equal(position(""), 0);
  assert.equal(position(">="), 0);
  assert.equal(position("^1.*"), 0);
  assert.equal(position("~=1"), 0);
  assert.equal(failureOf(() => parsePoetryConstraint("1||".repeat(500))).code, "limit-exceeded");
  assert.equal(failureOf(() => parsePoetryConstraint(" ".repeat(20_000))).code, "limit-exceeded");
});

test("alternatives become one conjunction where there is one", () => {
  assert.equal(united("^7 || ^8"), "<9,>=7");
  assert.equal(united("^2.7 || ^3.6"), "!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*,!=3.5.*,<4.0,>=2.7");
  assert.equal(united(">=1,<2 || >=3"), "!=2.*,>=1");
  assert.equal(united("<1.2 || >=1.4.1"), "!=1.2.*,!=1.3.*,!=1.4.0.*");
  assert.equal(united("^1 || *"), "");
  assert.equal(united("1.2.3 || 1.2.5"), undefined);
  assert.equal(united("<1.2 || >=2.1"), undefined);
  assert.equal(united("<1 || >=1000"), undefined);
});

test("one conjunction admits the final versions that the alternatives admit", () => {
  const part = fc.integer({ min: 0, max: 3 });
  const version = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("."));
  const clause = fc
    .tuple(fc.constantFrom("^", "~", ">=", "<", "<=", ">", "==", "!="), version)
    .map((pair) => pair.join(""));
  const conjunction = fc.array(clause, { minLength: 1, maxLength: 2 }).map((clauses) => clauses.join(","));
  const constraint = fc.array(conjunction, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(" || "));
  fc.assert(
    fc.property(constraint, fc.array(part, { minLength: 1, maxLength: 4 }), (text, release) => {
      const parsed = parsePoetryConstraint(text);
      const one = uniteAlternatives(parsed);
      const candidate = parseVersion(release.join("."));
      const admitted = parsed.some((alternative) => rangeContains(specifiersRange(alternative), candidate));
      return one === undefined || rangeContains(specifiersRange(one), candidate) === admitted;
    }),
    { numRuns: 3000 },
  );
});

const project = `
[tool.poetry]
name = "My.Project"
[[tool.poetry.source]]
name = "second"
url = "https://second.example/simple"
priority = "supplemental"
[[tool.poetry.source]]
name = "first"
url = "https://first.example/simple"
[[tool.poetry.source]]
name = "only"
url = "https://only.example/simple"
priority = "explicit"
[tool.poetry.dependencies]
python = "^3.8 || ^4.2"
requests = { version = "^2.13.0", extras = ["security"], source = "only" }
django = [{ version = "<=1.9", python = ">=2.7,<3.0" }, { version = "^2.0", python = ">=3.4.1" }]
flask = { git = "git@github.com:pallets/flask.git", branch = "main", subdirectory = "a b" }
near = { path = "../near", develop = true }
wheel = { file = "dist/wheel-1.0-py3-none-any.whl" }
archive = { url = "https://x.example/archive-1.0.zip" }
psycopg = { version = "~2.7", optional = true, allow-prereleases = true }
only_here = { version = "*", platform = "darwin || linux", markers = "platform_machine == 'x86_64'" }
[tool.poetry.extras]
PG = ["psycopg"]
[tool.poetry.group.test.dependencies]
pytest = "^7 || ^8"
[tool.poetry.group.docs]
include-groups = ["test", "docs"]
[tool.poetry.group.docs.dependencies]
sphinx = "*"
[tool.poetry.dev-dependencies]
black = "22.1b0"
`;

test("the tables of Poetry as a project file", () => {
  const file = readProjectFile("sub/pyproject.toml", project, {
    extras: ["pg"],
    groups: ["docs"],
    dev: true,
  });
  assert.equal(file.name, "my-project");
  assert.equal(file.requiresPython!.text, "!=4.0.*,!=4.1.*,<5.0,>=3.8");
  assert.deepEqual(
    file.requirements.map(({ requirement, group, index }) =>
      [formatRequirement(requirement), group, index].join(" | "),
    ),
    [
      "requests[security]<3.0.0,>=2.13.0 | default | only",
      'django<=1.9; python_version >= "2.7" and python_version < "3.0" | default | ',
      'django<3.0,>=2.0; python_full_version >= "3.4.1" | default | ',
      "flask @ git+ssh://git@github.com/pallets/flask.git@main#subdirectory=a%20b | default | ",
      "archive @ https://x.example/archive-1.0.zip | default | ",
      "psycopg<2.8,>=2.7 | default | ",
      'only-here; (sys_platform == "darwin" or sys_platform == "linux") and platform_machine == "x86_64" | default | '.replace(
        "only-here",
        "only_here",
      ),
      "sphinx | docs | ",
      "pytest<9,>=7 | docs | ",
      "black==22.1b0 | dev | ",
    ],
  );
  assert.deepEqual(
    file.locations.map(({ location, name, editable }) => [location, name, editable]),
    [
      ["near", "near", true],
      ["sub/dist/wheel-1.0-py3-none-any.whl", "wheel", false],
    ],
  );
  assert.deepEqual(
    file.indexes.map(({ name, role }) => [name, role]),
    [
      ["first", "default"],
      ["second", "extra"],
      ["only", "explicit"],
    ],
  );
  assert.deepEqual(file.prereleases, ["psycopg"]);
  assert.equal(file.requirements[2]!.source, "sub/pyproject.toml: tool.poetry.dependencies.django[1]");
});

test("beside a project's own table Poetry's says where packages come from", () => {
  const file = readProjectFile(
    "pyproject.toml",
    `[project]
name = "x"
version = "1"
dependencies = ["a>=1", "b"]
[tool.poetry.dependencies]
a = { source = "s", allow-prereleases = true }
c = "*"`,
  );
  assert.deepEqual(
    file.requirements.map(({ requirement, index }) => [formatRequirement(requirement), index]),
    [
      ["a>=1", "s"],
      ["b", undefined],
    ],
  );
  assert.deepEqual(file.prereleases, ["a"]);
});

test("what is wrong with a dependency", () => {
  const pathOf = (line: string) => {
    const { code, details } = failureOf(() =>
      readProjectFile("pyproject.toml", `[tool.poetry.dependencies]\n${line}`),
    );
    assert.equal(code, "invalid-project");
    return details!["path"];
  };
  assert.equal(pathOf('a = "abc"'), "tool.poetry.dependencies.a.version");
  assert.equal(pathOf("a = 1"), "tool.poetry.dependencies.a");
  assert.equal(
    pathOf('a = [{ version = "1" }, { version = "abc" }]'),
    "tool.poetry.dependencies.a[1].version",
  );
  assert.equal(pathOf('a = "1.2.3 || 1.2.5"'), "tool.poetry.dependencies.a.version");
  assert.equal(pathOf('a = { version = "1", python = "abc" }'), "tool.poetry.dependencies.a.python");
  assert.equal(pathOf('a = { version = "1", platform = "x y$" }'), "tool.poetry.dependencies.a.platform");
  assert.equal(pathOf('a = { version = "1", markers = "x" }'), "tool.poetry.dependencies.a.markers");
  assert.equal(pathOf('a = { git = "x" , branch = "b"}'), "tool.poetry.dependencies.a.git");
  assert.equal(pathOf('a = { git = "https://x", branch = "b", tag = "c" }'), "tool.poetry.dependencies.a");
  assert.equal(pathOf('a = { git = "https://x", path = "b" }'), "tool.poetry.dependencies.a");
  assert.equal(
    pathOf('a = { git = "https://x", rev = "--upload-pack=x y" }'),
    "tool.poetry.dependencies.a.rev",
  );
  assert.equal(pathOf('a = { version = "1", extras = ["?"] }'), "tool.poetry.dependencies.a.extras[0]");
  assert.equal(pathOf('"?" = "1"'), "tool.poetry.dependencies.?");
});
