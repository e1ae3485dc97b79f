import assert from "node:assert/strict";
import { test } from "node:test";
import { readProjectFile } from "../src/project-file-read.ts";
import { formatRequirement } from "../src/requirement.ts";
import { failureOf } from "./failure.ts";

const digest = "0".repeat(64);

test("a requirements file, with what it includes", () => {
  const files = new Map([
    ["a/c.txt", "c==1"],
    ["a/b.txt", "-i https://i.example/simple\nb @ https://x.example/b-1.whl"],
  ]);
  const file = readProjectFile(
    "a/requirements.in",
    `a>=1 --hash=sha256:${digest}
-r b.txt
-c c.txt
-e .
-e git+https://x.example/y#egg=z
./d/foo-1.0-py3-none-any.whl[e]
https://x.example/archive.zip
--extra-index-url https://j.example/simple
--pre
--find-links links
--no-binary h
`,
    { load: (path) => files.get(path)! },
  );
  assert.equal(file.kind, "requirements");
  assert.deepEqual(
    file.requirements.map(({ requirement, source, editable }) => [
      formatRequirement(requirement),
      source,
      editable,
    ]),
    [
      ["a>=1", "a/requirements.in:1", false],
      ["b @ https://x.example/b-1.whl", "a/b.txt:2", false],
      ["z @ git+https://x.example/y#egg=z", "a/requirements.in:5", true],
    ],
  );
  assert.deepEqual(file.requirements[0]!.hashes, [{ algorithm: "sha256", digest }]);
  assert.deepEqual(
    file.locations.map(({ location, name, extras, editable, source }) => [
      location,
      name,
      [...extras],
      editable,
      source,
    ]),
    [
      ["a", undefined, [], true, "a/requirements.in:4"],
      ["a/d/foo-1.0-py3-none-any.whl", "foo", ["e"], false, "a/requirements.in:6"],
      ["https://x.example/archive.zip", undefined, [], false, "a/requirements.in:7"],
    ],
  );
  assert.deepEqual(
    file.constraints.map(({ requirement }) => formatRequirement(requirement)),
    ["c==1"],
  );
  assert.deepEqual(file.indexes, [
    { url: "https://i.example/simple", role: "default" },
    { url: "https://j.example/simple", role: "extra" },
  ]);
  assert.deepEqual([file.prereleases, file.findLinks, file.noBinary], [[":all:"], ["a/links"], ["h"]]);
  assert.deepEqual(file.files, ["a/requirements.in", "a/b.txt", "a/c.txt"]);
});

test("a script, a lock", () => {
  const script = readProjectFile(
    "s.py",
    '# /// script\n# requires-python = ">=3.11"\n# dependencies = ["a", "b>1"]\n# ///\n',
  );
  assert.deepEqual(
    script.requirements.map(({ requirement, source }) => [formatRequirement(requirement), source]),
    [
      ["a", "s.py: dependencies[0]"],
      ["b>1", "s.py: dependencies[1]"],
    ],
  );
  assert.equal(script.requiresPython!.text, ">=3.11");
  assert.equal(failureOf(() => readProjectFile("s.py", "import a\n")).code, "invalid-project");
  const lock = readProjectFile(
    "l/pylock.dev.toml",
    `lock-version = "1.0"
created-by = "x"
requires-python = ">=3.10"
[[packages]]
name = "a"
version = "1.0"
marker = "os_name == 'nt'"
[[packages.wheels]]
url = "https://x.example/a-1.0-py3-none-any.whl"
hashes = { sha256 = "${digest}" }
[[packages]]
name = "b"
[packages.archive]
url = "https://x.example/b.zip"
hashes = { sha256 = "${digest}" }
[[packages]]
name = "c"
[packages.directory]
path = "../c"
editable = true
[[packages]]
name = "d"
[packages.vcs]
type = "git"
url = "https://x.example/d.git"
commit-id = "abc"
`,
  );
  assert.deepEqual(
    lock.requirements.map(({ requirement, hashes }) => [formatRequirement(requirement), hashes.length]),
    [
      ['a==1.0; os_name == "nt"', 1],
      ["b @ https://x.example/b.zip", 1],
      ["d @ git+https://x.example/d.git@abc", 0],
    ],
  );
  assert.deepEqual(
    lock.locations.map(({ location, name, editable }) => [location, name, editable]),
    [["c", "c", true]],
  );
});

test("a file is known by its name, else by what it holds", () => {
  const kind = (name: string, text: string) => readProjectFile(name, text).kind;
  const script = '# /// script\n# dependencies = ["a"]\n# ///\n';
  assert.equal(kind("requirements.txt", ""), "requirements");
  assert.equal(kind("dev.in", ""), "requirements");
  assert.equal(kind("requirements.txt", script), "requirements");
  assert.equal(kind("-", script), "script");
  assert.equal(kind("-", "a\nb==1\n"), "requirements");
  assert.equal(kind("-", "# x\n\na==1\n"), "requirements");
  assert.equal(kind("-", '# x\n[project]\nname = "x"\nversion = "1"\n'), "pyproject");
  assert.equal(kind("-", '[[source]]\nurl = "https://x"\n[packages]\n'), "pipfile");
  assert.equal(kind("-", 'lock-version = "1.0"\ncreated-by = "x"\npackages = []\n'), "pylock");
  assert.equal(kind("-", `{"_meta": {"hash": {"sha256": "${digest}"}}, "default": {}}`), "pipfile-lock");
  assert.equal(kind("C:\\x\\Pipfile", ""), "pipfile");
  assert.equal(kind("other.toml", ""), "pyproject");
  for (const name of ["setup.py", "a/setup.cfg", "uv.lock", "poetry.lock", "environment.yml"]) {
    const { code, hint } = failureOf(() => readProjectFile(name, ""));
    assert.equal(code, "invalid-project");
    assert.notEqual(hint, undefined);
  }
});

test("every kind may be a file of constraints", () => {
  const constraints = (name: string, text: string) => {
    const file = readProjectFile(name, text, { constraints: true });
    assert.deepEqual([file.requirements, file.locations], [[], []]);
    return file.constraints.map(({ requirement }) => formatRequirement(requirement));
  };
  assert.deepEqual(constraints("c.txt", "a<2\nb==1"), ["a<2", "b==1"]);
  assert.deepEqual(constraints("Pipfile", '[packages]\na = "<2"'), ["a<2"]);
  assert.equal(failureOf(() => constraints("c.txt", "a[x]<2")).code, "invalid-requirement");
});
