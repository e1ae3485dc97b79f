// Locks of every program in the one model: golden readings, and the selections that they make.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { targetEnvironment } from "../src/environment.ts";
import { type ForeignLock, pylockOf } from "../src/foreign-lock.ts";
import { type ForeignLockOptions, lockFormatOf, readForeignLock } from "../src/foreign-lock-read.ts";
import { formatMarker, parseMarker } from "../src/marker.ts";
import { evaluateMarker } from "../src/marker-evaluate.ts";
import { narrowMarker } from "../src/marker-narrow.ts";
import { parsePylock } from "../src/pylock-read.ts";
import { selectPylock } from "../src/pylock-select.ts";
import { formatPylock } from "../src/pylock-write.ts";
import { compareUvLock } from "../src/uv-lock-project.ts";
import { failureOf } from "./failure.ts";
import * as samples from "./lock-samples.ts";

const linux = targetEnvironment({ pythonVersion: "3.11.2", platform: "linux" });

/** `name version | marker`, a line for each package. */
function lines({ packages }: ForeignLock): readonly string[] {
  return packages.map(({ name, version, marker }) => {
    const condition = marker === undefined ? "" : ` | ${formatMarker(marker)}`;
    return `${name} ${version?.text ?? "-"}${condition}`;
  });
}

/** What is installed here. */
function chosen({ packages }: ForeignLock, groups: readonly string[] = [], extras: readonly string[] = []) {
  return packages
    .filter(({ marker }) => {
      return marker === undefined || evaluateMarker(marker, linux.markers, new Set(extras), new Set(groups));
    })
    .map(({ name, version }) => `${name} ${version?.text ?? "-"}`);
}

const read = (name: string, text: string, options: ForeignLockOptions = {}) =>
  readForeignLock(name, text, options);

describe("locks of other programs", () => {
  it("pylock.toml is the model itself", () => {
    const lock = read("pylock.toml", samples.PYLOCK_SAMPLE);
    assert.deepEqual(lines(lock), [
      "alpha 1.0",
      'beta 2.0 | "dev" in dependency_groups or "speed" in extras',
    ]);
    const same = pylockOf(lock, "somebody");
    assert.ok(same !== undefined);
    assert.equal(formatPylock(same), formatPylock(parsePylock(samples.PYLOCK_SAMPLE)));
  });

  it("requirements files have pins and digests", () => {
    const lock = read("requirements.txt", samples.REQUIREMENTS_SAMPLE);
    assert.deepEqual(lines(lock), ['alpha 1.0 | python_version < "3.12"', "beta 2.0"]);
    assert.deepEqual(
      lock.packages.map(({ files }) => files.length),
      [2, 1],
    );
    assert.deepEqual(lock.places.indexes, [{ url: "https://index.example/simple", role: "default" }]);
    assert.equal(pylockOf(lock, "x"), undefined);
    for (const text of ["alpha>=1 --hash=sha256:00", "alpha==1.0\n", "./folder\n", "alpha==1.*\n"])
      assert.match(failureOf(() => read("requirements.txt", text)).code, /^invalid-/);
  });

  it("Pipfile.lock has categories", () => {
    const lock = read("Pipfile.lock", samples.PIPFILE_LOCK_SAMPLE);
    assert.deepEqual(lines(lock), [
      "alpha 1.0",
      'beta 2.0 | sys_platform == "linux" or "dev" in dependency_groups',
      'gamma 3.0 | "dev" in dependency_groups',
      'delta - | "docs" in dependency_groups',
    ]);
    assert.deepEqual(lock.dependencyGroups, ["dev", "docs"]);
    assert.equal(lock.defaultGroups, undefined);
    assert.equal(lock.requiresPython?.text, "==3.11.*");
    assert.equal(lock.packages[0]?.index, "https://index.example/simple");
    assert.equal(lock.packages[3]?.vcs?.commitId, "d".repeat(40));
    assert.deepEqual(chosen(lock, ["dev"]), ["alpha 1.0", "beta 2.0", "gamma 3.0"]);
  });

  it("poetry.lock 1.1 needs its project", () => {
    const lock = read("poetry.lock", samples.POETRY_11_SAMPLE, { pyproject: samples.POETRY_11_PROJECT });
    assert.deepEqual(lines(lock), [
      "alpha 1.0",
      'beta 2.0 | "dev" in dependency_groups or sys_platform == "win32"',
      'gamma 3.0 | "speed" in extras',
    ]);
    assert.deepEqual(lock.defaultGroups, ["dev"]);
    assert.deepEqual(lock.extras, ["speed"]);
    assert.equal(lock.packages[1]?.index, "https://index.example/simple");
    assert.equal(lock.packages[2]?.files[0]?.name, "gamma-3.0-py3-none-any.whl");
    assert.equal(failureOf(() => read("poetry.lock", samples.POETRY_11_SAMPLE)).code, "invalid-project");
  });

  it("poetry.lock 1.1 follows extras of packages", () => {
    const pyproject = samples.POETRY_11_PROJECT.replace(
      'alpha = "^1.0"',
      'alpha = { version = "^1.0", extras = ["more"] }',
    );
    const lock = read("poetry.lock", samples.POETRY_11_SAMPLE, { pyproject });
    assert.deepEqual(chosen(lock), ["alpha 1.0", "gamma 3.0"]);
  });

  it("poetry.lock 2.1 says groups and markers itself", () => {
    const lock = read("poetry.lock", samples.POETRY_21_SAMPLE);
    assert.deepEqual(lines(lock), [
      'alpha 1.0 | sys_platform == "linux" or "dev" in dependency_groups and python_version < "3.12"',
      'beta 2.0 | "speed" in extras',
      'gamma 3.0 | "dev" in dependency_groups',
    ]);
    assert.equal(lock.requiresPython?.text, ">=3.9");
    assert.equal(lock.projectHash?.digest, "c".repeat(64));
    assert.deepEqual(lock.packages[2]?.vcs, {
      type: "git",
      url: "https://git.example/gamma.git",
      requestedRevision: "main",
      commitId: "d".repeat(40),
    });
    // Which groups are optional stands in pyproject.toml alone.
    assert.equal(lock.defaultGroups, undefined);
    assert.equal(lock.warnings.length, 1);
    const pyproject = '[tool.poetry.group.dev.dependencies]\ngamma = "*"\n';
    assert.deepEqual(read("poetry.lock", samples.POETRY_21_SAMPLE, { pyproject }).defaultGroups, ["dev"]);
  });

  it("uv.lock is walked from the project", () => {
    const lock = read("uv.lock", samples.UV_SAMPLE, { pyproject: samples.UV_PROJECT });
    assert.deepEqual(lines(lock), [
      'alpha 1.0 | python_full_version < "3.12"',
      'alpha 2.0 | python_full_version >= "3.12"',
      'beta 2.0 | "speed" in extras or "dev" in dependency_groups',
      'gamma 3.0 | python_full_version < "3.12" and sys_platform == "win32" or "dev" in dependency_groups',
    ]);
    assert.deepEqual(lock.defaultGroups, ["dev"]);
    const pylock = pylockOf(lock, "thoth");
    assert.ok(pylock !== undefined);
    const again = parsePylock(formatPylock(pylock));
    assert.deepEqual(
      selectPylock(again, linux, { groups: [], extras: [] }).map(({ package: { name } }) => name),
      ["alpha"],
    );
    const all = `${samples.UV_PROJECT}[tool.uv]\ndefault-groups = []\n`;
    assert.equal(read("uv.lock", samples.UV_SAMPLE, { pyproject: all }).defaultGroups, undefined);
  });

  it("uv.lock is refused where it is not known what is meant", () => {
    const conflicts = samples.UV_SAMPLE.replace(
      "revision = 3",
      'conflicts = [[{ package = "shop", extra = "a" }]]',
    );
    const members = samples.UV_SAMPLE.replace('{ editable = "." }', '{ editable = "part" }');
    const newer = samples.UV_SAMPLE.replace("version = 1", "version = 2");
    const lost = samples.UV_SAMPLE.replace('[{ name = "gamma" }]', '[{ name = "delta" }]');
    for (const text of [conflicts, members, newer, lost]) {
      const failure = failureOf(() => read("uv.lock", text));
      assert.equal(failure.code, "invalid-lock");
      assert.ok(typeof failure.details?.["path"] === "string");
    }
  });

  it("uv.lock is compared with its project", () => {
    const compare = (pyproject: string) => compareUvLock(samples.UV_SAMPLE, pyproject);
    assert.equal(compare(samples.UV_PROJECT), undefined);
    for (const [from, to] of [
      ["alpha<3,>=1", "alpha<4,>=1"],
      ['speed = ["beta"]', 'speed = ["beta", "gamma"]'],
      ["beta[more]<3", "beta<3"],
      [">=3.9", ">=3.10"],
      ["[dependency-groups]", '[dependency-groups]\nmore = ["x"]'],
    ] as const)
      assert.notEqual(compare(samples.UV_PROJECT.replace(from, to)), undefined, to);
  });

  it("pdm.lock with inherited metadata, and without", () => {
    const inherited = read("pdm.lock", samples.PDM_SAMPLE, { pyproject: samples.PDM_PROJECT });
    assert.deepEqual(lines(inherited), [
      'alpha 1.0 | sys_platform == "linux" or "dev" in dependency_groups',
      'beta 2.0 | "dev" in dependency_groups or "speed" in extras',
    ]);
    assert.deepEqual(inherited.defaultGroups, ["dev"]);
    assert.deepEqual(inherited.extras, ["speed"]);
    assert.deepEqual(inherited.projectHash, { algorithm: "sha256", digest: "c".repeat(64) });
    const walked = read("pdm.lock", samples.PDM_STATIC_SAMPLE, {
      pyproject: samples.PDM_PROJECT,
      variable: (name) => (name === "SHELF" ? "simple" : undefined),
    });
    assert.deepEqual(walked.places.indexes, [{ url: "https://index.example/simple", role: "default" }]);
    for (const [groups, extras] of [
      [[], []],
      [["dev"], []],
      [[], ["speed"]],
    ] as const)
      assert.deepEqual(chosen(walked, groups, extras), chosen(inherited, groups, extras));
    assert.ok(pylockOf(walked, "thoth") !== undefined);
    assert.equal(failureOf(() => read("pdm.lock", samples.PDM_STATIC_SAMPLE)).code, "invalid-project");
    assert.equal(read("pdm.lock", samples.PDM_SAMPLE).warnings.length, 1);
  });

  it("formats are told by content where the name does not", () => {
    for (const [format, text] of [
      ["pylock", samples.PYLOCK_SAMPLE],
      ["requirements", samples.REQUIREMENTS_SAMPLE],
      ["pipfile-lock", samples.PIPFILE_LOCK_SAMPLE],
      ["poetry", samples.POETRY_11_SAMPLE],
      ["poetry", samples.POETRY_21_SAMPLE],
      ["uv", samples.UV_SAMPLE],
      ["pdm", samples.PDM_SAMPLE],
    ] as const)
      assert.equal(lockFormatOf("some.lock", text), format);
    assert.equal(failureOf(() => lockFormatOf("a.toml", "[project]\n")).code, "invalid-lock");
  });
});

describe("narrowed markers", () => {
  const narrow = (text: string, groups: readonly string[] = [], extras: readonly string[] = []) => {
    const left = narrowMarker(parseMarker(text), { groups: new Set(groups), extras: new Set(extras) });
    return typeof left === "boolean" ? left : formatMarker(left);
  };
  it("keep what is asked of the machine", () => {
    const text = '("dev" in dependency_groups or os_name == "nt") and python_version < "3.12"';
    assert.equal(narrow(text), 'os_name == "nt" and python_version < "3.12"');
    assert.equal(narrow(text, ["dev"]), 'python_version < "3.12"');
    assert.equal(narrow('"a" in extras or "b" in extras', [], ["b"]), true);
    assert.equal(narrow('"a" in extras and os_name == "nt"'), false);
    assert.equal(
      narrow('(os_name == "nt" or os_name == "java") and ("a" in extras or python_version < "3")'),
      '(os_name == "nt" or os_name == "java") and python_version < "3"',
    );
  });
});
