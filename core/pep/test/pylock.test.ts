import assert from "node:assert/strict";
import { test } from "node:test";
import { targetEnvironment } from "../src/environment.ts";
import { isPylockFilename, pylockFilename } from "../src/pylock.ts";
import { parsePylock, pylockFromJson } from "../src/pylock-read.ts";
import { selectPylock } from "../src/pylock-select.ts";
import { formatPylock, pylockToJson } from "../src/pylock-write.ts";
import { failureOf } from "./failure.ts";

const linux = targetEnvironment({ pythonVersion: "3.12.4", platform: "linux" });
const hashes = { sha256: "f".repeat(64) };
const url = "https://files.example";
const wheel = (filename: string) => ({ name: filename, url: `${url}/${filename}`, hashes });

function lock(packages: unknown, rest: Record<string, unknown> = {}): Record<string, unknown> {
  return { "lock-version": "1.0", "created-by": "test", ...rest, packages };
}

const example = `# a comment, 2024-01-01T00:00:00.123456Z
lock-version = "1.0"
environments = ["sys_platform == 'linux'", 'python_version > "3.8"']
requires-python = ">=3.8, <4"
extras = ["fast"]
dependency-groups = ["kernel", "dev"]
default-groups = ["kernel"]
created-by = "thoth"
[[packages]]
name = "demo"
version = "1.0"
marker = "'kernel' in dependency_groups"
index = "https://index.example/simple"
[[packages.dependencies]]
name = "other"
[[packages.wheels]]
name = "demo-1.0-py3-none-any.whl"
upload-time = 2025-01-25 11:30:10.164985123z
url = "https://files.example/demo-1.0-py3-none-any.whl"
size = 12
hashes = { sha256 = "aa", blake2b = "bb" }
[packages.sdist]
url = "https://files.example/demo-1.0.tar.gz"
hashes.sha256 = "cc"
[[packages]]
name = "other"
[packages.vcs]
type = "git"
url = "https://git.example/other"
commit-id = "abc"
requested-revision = "main"
[tool.thoth]
"quoted key" = "a\\u0000\\"b"
when = 2024-05-06
[tool.thoth.inner]
list = [{ a = 1 }, { a = 2.5 }]
`;

test("writing is deterministic and loses nothing", () => {
  const parsed = parsePylock(example);
  const text = formatPylock(parsed);
  assert.equal(formatPylock(parsePylock(text)), text);
  assert.deepEqual(pylockToJson(parsePylock(text)), pylockToJson(parsed));
  assert.deepEqual(pylockToJson(pylockFromJson(pylockToJson(parsed))), pylockToJson(parsed));
  assert.equal(parsed.packages[0]!.wheels![0]!.uploadTime, "2025-01-25T11:30:10.164985123Z");
  assert.match(text, /upload-time = 2025-01-25T11:30:10\.164985123Z,/);
  assert.deepEqual(pylockToJson(parsed)["environments"], [
    'sys_platform == "linux"',
    'python_version > "3.8"',
  ]);
});

test("a time that is none is not written into the file", () => {
  const file = { ...wheel("demo-1.0-py3-none-any.whl"), uploadTime: '2024-01-01\nevil = "1"' };
  const hostile = {
    ...parsePylock(example),
    packages: [{ ...parsePylock(example).packages[0]!, wheels: [file] }],
  };
  assert.doesNotMatch(formatPylock(hostile), /evil/);
});

test("what the format forbids is refused with its place", () => {
  const demo = { name: "demo", version: "1.0", wheels: [wheel("demo-1.0-py3-none-any.whl")] };
  const wrong: [string, unknown][] = [
    ["lock-version", lock([], { "lock-version": 1 })],
    ["lock-version", lock([], { "lock-version": "2.x" })],
    ["lock-version", lock([], { "lock-version": "2.0" })],
    ["created-by", lock([], { "created-by": null })],
    ["packages", lock(undefined)],
    ["packages", lock({})],
    ["packages[0]", lock([7])],
    ["packages[0].name", lock([{ ...demo, name: "Demo" }])],
    ["packages[0]", lock([{ name: "demo" }])],
    ["packages[0]", lock([{ ...demo, directory: { path: "." } }])],
    ["packages[0].archive", lock([{ name: "demo", archive: { hashes } }])],
    ["packages[0].archive.hashes", lock([{ name: "demo", archive: { path: "x", hashes: {} } }])],
    ["packages[0].archive.hashes.md5", lock([{ name: "demo", archive: { path: "x", hashes: { md5: 1 } } }])],
    ["packages[0].wheels[0]", lock([{ ...demo, version: "2.0" }])],
    ["packages[0].wheels[0]", lock([{ ...demo, wheels: [wheel("other-1.0-py3-none-any.whl")] }])],
    ["packages[0].wheels[0]", lock([{ ...demo, wheels: [wheel("../demo-1.0-py3-none-any.whl")] }])],
    ["packages[0].wheels[0].size", lock([{ ...demo, wheels: [{ ...demo.wheels[0], size: -1 }] }])],
    ["packages[0].sdist", lock([{ ...demo, sdist: wheel("demo.tar.gz") }])],
    ["packages[0].marker", lock([{ ...demo, marker: "nonsense" }])],
    ["packages[0].attestation-identities[0].kind", lock([{ ...demo, "attestation-identities": [{}] }])],
    ["environments[1]", lock([], { environments: ["os_name == 'a'", "?"] })],
    ["extras[0]", lock([], { extras: ["A_b"] })],
  ];
  for (const [path, value] of wrong) {
    const error = failureOf(() => pylockFromJson(value));
    assert.equal(error.code, "invalid-lock", path);
    assert.equal(error.details?.["path"], path, error.message);
  }
  assert.equal(failureOf(() => parsePylock("a = = 1")).details?.["line"], 1);
  assert.equal(failureOf(() => parsePylock(`a = ${"[".repeat(5000)}`)).code, "limit-exceeded");
  assert.equal(failureOf(() => parsePylock(`[${"a.".repeat(5000)}b]`)).code, "limit-exceeded");
  let deep: unknown = {};
  for (let level = 0; level < 100_000; level++) deep = [deep];
  assert.equal(failureOf(() => pylockFromJson(lock([], { tool: deep }))).code, "limit-exceeded");
  assert.equal(pylockFromJson(lock([], { "lock-version": "1.1" })).warnings?.length, 1);
});

test("selection follows markers, groups, extras and tags", () => {
  const packages = [
    {
      name: "demo",
      wheels: [wheel("demo-1.0-py3-none-any.whl"), wheel("demo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl")],
      sdist: wheel("demo-1.0.tar.gz"),
    },
    {
      name: "kernel",
      marker: "'kernel' in dependency_groups",
      wheels: [wheel("kernel-1.0-py3-none-any.whl")],
    },
    { name: "fast", marker: "'fast' in extras", wheels: [wheel("fast-1.0-py3-none-any.whl")] },
    { name: "win", marker: "os_name == 'nt'", wheels: [wheel("win-1.0-py3-none-any.whl")] },
    { name: "old", wheels: [wheel("old-1.0-cp27-none-any.whl")], sdist: wheel("old-1.0.tar.gz") },
  ];
  const parsed = pylockFromJson(lock(packages, { "default-groups": ["kernel"], "requires-python": ">=3.8" }));
  const names = (options: Parameters<typeof selectPylock>[2]) =>
    selectPylock(parsed, linux, options).map(({ package: { name }, source }) => `${name} ${source.kind}`);
  assert.deepEqual(names({}), ["demo wheel", "kernel wheel", "old sdist"]);
  assert.deepEqual(names({ groups: [], extras: ["Fast"] }), ["demo wheel", "fast wheel", "old sdist"]);
  assert.deepEqual(names({ groups: [], preferSdist: (name) => name === "demo" }), [
    "demo sdist",
    "old sdist",
  ]);
  const [first] = selectPylock(parsed, linux);
  assert.equal(first!.source.kind === "wheel" && pylockFilename(first!.source), packages[0]!.wheels[1]!.name);
});

test("a lock that is not for this environment is refused", () => {
  const demo = { name: "demo", wheels: [wheel("demo-1.0-cp27-none-any.whl")] };
  const code = (value: unknown) => failureOf(() => selectPylock(pylockFromJson(value), linux)).code;
  assert.equal(code(lock([], { "requires-python": "<3.12" })), "no-matching-artifact");
  assert.equal(code(lock([], { environments: ["os_name == 'nt'"] })), "no-matching-artifact");
  assert.equal(code(lock([demo])), "no-matching-artifact");
  const other = { ...demo, version: "1.0", wheels: [wheel("demo-1.0-py3-none-any.whl")] };
  assert.equal(code(lock([other, other])), "invalid-lock");
  assert.equal(code(lock([{ ...other, "requires-python": ">=4" }])), "no-matching-artifact");
});

test("file names", () => {
  assert.deepEqual(
    ["pylock.toml", "pylock.dev.toml", "pylock..toml", "pylock.a.b.toml", "pylock.json"].map(
      isPylockFilename,
    ),
    [true, true, false, false, false],
  );
  assert.equal(pylockFilename({ path: ".\\a-1.0.tar.gz", url: "https://x/b-1.0.tar.gz" }), "a-1.0.tar.gz");
  assert.equal(failureOf(() => pylockFilename({})).code, "invalid-lock");
});

test("a later version of the format is refused with its pre-releases, paths may mix their separators", () => {
  for (const version of ["2.0.dev0", "2.0a1", "2.0", "0.9"]) {
    const failure = failureOf(() => pylockFromJson(lock([], { "lock-version": version })));
    assert.equal(failure.code, "invalid-lock");
  }
  for (const folder of ["dist/files\\", "C:\\dist/", "C:/dist\\"]) {
    assert.equal(pylockFilename({ path: `${folder}demo-1.0.tar.gz` }), "demo-1.0.tar.gz");
  }
});
