// Locks that real programs made of an index on loopback: what we install, convert and verify is what they do.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  buildWheel,
  type CommandResult,
  findLockingPeer,
  findPeer,
  type IndexServer,
  runCommand,
  startIndex,
} from "@thoth/testkit";
import { codeOf, documentOf } from "./workshop.ts";

const uv = findPeer("uv");
const pipenv = findPeer("pipenv");
const poetry = findLockingPeer("poetry");
const pdm = findLockingPeer("pdm");
const micropipenv = findLockingPeer("micropipenv");
const skipWithout = (name: string, found: string | undefined) =>
  found === undefined && `${name} is not on this machine`;

const projects = {
  alpha: [
    buildWheel({ name: "alpha", version: "0.9" }),
    buildWheel({
      name: "alpha",
      version: "1.0",
      requires: ["beta>=1", "winonly; sys_platform == 'win32'", "nixonly; sys_platform != 'win32'"],
      extras: { more: ["gamma"] },
    }),
  ],
  beta: [buildWheel({ name: "beta", version: "1.0" }), buildWheel({ name: "beta", version: "2.0" })],
  gamma: [buildWheel({ name: "gamma", version: "1.1", requires: ["delta"] })],
  delta: [buildWheel({ name: "delta", version: "3" })],
  winonly: [buildWheel({ name: "winonly", version: "1.0" })],
  nixonly: [buildWheel({ name: "nixonly", version: "1.0" })],
  tester: [buildWheel({ name: "tester", version: "5.0", requires: ["beta"] })],
  docs: [buildWheel({ name: "docs", version: "5.0" })],
  plus: [buildWheel({ name: "plus", version: "1.0", requires: ["delta"] })],
};

const head = `[project]
name = "shop"
version = "0.1"
requires-python = ">=3.9,<4.0"
dependencies = ["alpha[more]>=1"]

[project.optional-dependencies]
plus = ["plus"]
`;

const main = ["alpha 1.0", "beta 2.0", "delta 3", "gamma 1.1", "nixonly 1.0"];

describe("locks of other programs", () => {
  let home: string;
  let index: IndexServer;
  before(async () => {
    home = mkdtempSync(join(tmpdir(), "thoth-locks-"));
    index = await startIndex({ projects });
  });
  after(async () => {
    await index.close();
    rmSync(home, { recursive: true, force: true });
  });

  const folderOf = (name: string) => {
    const folder = join(home, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  };

  const thoth = (folder: string, ...words: readonly string[]): Promise<CommandResult> =>
    runCommand("thoth", words, { home, cwd: folder });

  /** The index must answer meanwhile, so nothing may wait for the process but the loop of events. */
  const peer = (program: string, words: readonly string[], cwd: string, more: Record<string, string> = {}) =>
    new Promise<string>((resolve, reject) => {
      const child = spawn(program, words, {
        cwd,
        env: {
          PATH: process.env["PATH"],
          HOME: home,
          XDG_CACHE_HOME: join(home, "cache"),
          PIP_CONFIG_FILE: "/dev/null",
          PIP_DISABLE_PIP_VERSION_CHECK: "1",
          UV_NO_CONFIG: more["UV_NO_CONFIG"],
          UV_PYTHON_DOWNLOADS: "never",
          POETRY_VIRTUALENVS_IN_PROJECT: "true",
          PDM_CHECK_UPDATE: "false",
          PIPENV_VENV_IN_PROJECT: "1",
          ...more,
        },
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk: Buffer) => {
          output += chunk.toString();
        });
      child.on("error", reject);
      child.on("close", (status) =>
        status === 0 ? resolve(output) : reject(new Error(`${program} ${words.join(" ")}: ${output}`)),
      );
    });

  const environmentIn = async (folder: string) => {
    await peer("python3", ["-m", "venv", join(folder, ".venv")], folder);
    return {
      VIRTUAL_ENV: join(folder, ".venv"),
      PATH: `${join(folder, ".venv", "bin")}:${process.env["PATH"]}`,
    };
  };

  /** What a program has put into `.venv`. */
  const installedIn = async (folder: string): Promise<readonly string[]> => {
    const code =
      "import importlib.metadata as m, json; print(json.dumps([d.metadata['Name'] + ' ' + d.version for d in m.distributions()]))";
    const output = await peer(join(folder, ".venv", "bin", "python"), ["-c", code], folder);
    return (JSON.parse(output) as string[]).filter((line) => !/^(pip|setuptools|wheel) /.test(line)).sort();
  };

  const installed = async (folder: string, lock: string, ...words: readonly string[]) => {
    const result = await thoth(folder, "install", lock, "--json", ...words);
    assert.equal(result.status, 0, result.stderr + result.stdout);
    const { packages } = documentOf(result, "thoth install") as {
      packages: { name: string; version: string }[];
    };
    return packages.map(({ name, version }) => `${name} ${version}`).sort();
  };

  const converted = async (folder: string, lock: string, to: string, ...words: readonly string[]) => {
    const result = await thoth(folder, "convert", lock, "--to", to, "--json", ...words);
    assert.equal(result.status, 0, result.stderr + result.stdout);
    return documentOf(result, "thoth convert") as { content: string; losses: string[]; from: string };
  };

  const verified = async (folder: string, lock: string, ...words: readonly string[]) => {
    const result = await thoth(folder, "verify", lock, "--json", "-p", "3.11", ...words);
    const { findings, unknown } = documentOf(result, "thoth verify") as {
      findings: { id: string }[];
      unknown: string[];
    };
    assert.equal(result.status, findings.length === 0 ? 0 : 1);
    return { findings: findings.map(({ id }) => id), unknown: unknown.length };
  };

  /** The lock is that of its project, until the project changes. */
  const isVerified = async (folder: string, lock: string, project: string, change: [string, string]) => {
    assert.deepEqual(await verified(folder, lock), { findings: [], unknown: 0 });
    const text = readFileSync(join(folder, project), "utf8");
    assert.ok(text.includes(change[0]));
    const other = join(folder, "changed");
    mkdirSync(other, { recursive: true });
    cpSync(join(folder, lock), join(other, lock));
    writeFileSync(join(other, project), text.replace(...change));
    assert.deepEqual(await verified(other, lock), { findings: ["LOCK-OF-OTHER-PROJECT"], unknown: 0 });
    const refused = await thoth(other, "install", lock, "--deploy", "--json");
    assert.equal(codeOf(refused), "lock-out-of-date");
  };

  /** pip and uv take what was made of the lock. */
  const isConvertible = async (folder: string, lock: string, wanted: readonly string[]) => {
    const target = folderOf(`${folder.split("/").at(-1)}-converted`);
    const choice = ["--no-default-groups"];
    const before = index.requests.length;
    const { content } = await converted(folder, lock, "requirements", ...choice);
    assert.equal(index.requests.length, before, "digests need no index");
    writeFileSync(join(target, "requirements.txt"), content);
    await environmentIn(target);
    const pip = join(target, ".venv", "bin", "pip");
    const place = content.includes("--index-url") ? [] : ["--index-url", index.indexUrl];
    await peer(pip, ["install", "-q", "--require-hashes", ...place, "-r", "requirements.txt"], target);
    assert.deepEqual(await installedIn(target), wanted);
    if (uv === undefined) return;
    const second = folderOf(`${folder.split("/").at(-1)}-pylock`);
    await converted(folder, lock, "pylock", "-o", join(second, "pylock.toml"), "--strict");
    await environmentIn(second);
    await peer(uv, ["pip", "install", "-q", "-r", "pylock.toml"], second, {
      VIRTUAL_ENV: join(second, ".venv"),
    });
    assert.deepEqual(await installedIn(second), await installed(second, "pylock.toml"));
    // Both from the new form and from the old.
    assert.deepEqual(
      await installed(second, "pylock.toml", "--no-default-groups"),
      await installed(folder, lock, "--no-default-groups"),
    );
  };

  it("poetry.lock", { skip: skipWithout("poetry", poetry) }, async () => {
    const folder = folderOf("poetry");
    writeFileSync(
      join(folder, "pyproject.toml"),
      `${head}
[dependency-groups]
test = ["tester"]

[tool.poetry]
package-mode = false

[tool.poetry.group.docs]
optional = true

[tool.poetry.group.docs.dependencies]
docs = "^5.0"

[[tool.poetry.source]]
name = "shop"
url = "${index.indexUrl}"
priority = "primary"
`,
    );
    await peer(poetry as string, ["lock", "-n"], folder);
    await peer(poetry as string, ["sync", "-n"], folder);
    const own = await installedIn(folder);
    assert.deepEqual(own, [...main, "tester 5.0"]);
    assert.deepEqual(await installed(folder, "poetry.lock"), own);
    assert.deepEqual(await installed(folder, "poetry.lock", "--no-default-groups"), main);
    await peer(poetry as string, ["sync", "-n", "--with", "docs", "--extras", "plus"], folder);
    assert.deepEqual(
      await installed(folder, "poetry.lock", "--group", "docs", "--extra", "plus"),
      await installedIn(folder),
    );
    await isVerified(folder, "poetry.lock", "pyproject.toml", ['["tester"]', '["tester>=5"]']);
    await isConvertible(folder, "poetry.lock", main);
    assert.equal(codeOf(await thoth(folder, "install", "poetry.lock", "--group", "none", "--json")), "usage");
  });

  it("poetry.lock of a project of Poetry's own tables", { skip: skipWithout("poetry", poetry) }, async () => {
    const folder = folderOf("poetry-old");
    writeFileSync(
      join(folder, "pyproject.toml"),
      `[tool.poetry]
package-mode = false

[tool.poetry.dependencies]
python = ">=3.9,<4.0"
alpha = { version = ">=1", extras = ["more"] }

[tool.poetry.group.dev.dependencies]
tester = "*"

[[tool.poetry.source]]
name = "shop"
url = "${index.indexUrl}"
`,
    );
    await peer(poetry as string, ["lock", "-n"], folder);
    assert.deepEqual(await installed(folder, "poetry.lock", "--dev"), [...main, "tester 5.0"]);
    await isVerified(folder, "poetry.lock", "pyproject.toml", ['tester = "*"', 'tester = ">=1"']);
    if (micropipenv === undefined) return;
    // What micropipenv makes of the same lock.
    const variables = await environmentIn(folder);
    await peer(micropipenv, ["install", "--method", "poetry"], folder, {
      ...variables,
      MICROPIPENV_NO_LOCKFILE_WRITE: "1",
    });
    assert.deepEqual(
      await installed(folder, "poetry.lock", "--no-default-groups"),
      await installedIn(folder),
    );
  });

  it("uv.lock", { skip: skipWithout("uv", uv) }, async () => {
    const folder = folderOf("uv");
    writeFileSync(
      join(folder, "pyproject.toml"),
      `${head}
[dependency-groups]
dev = ["tester"]
docs = ["docs"]

[[tool.uv.index]]
url = "${index.indexUrl}"
default = true
`,
    );
    await peer(uv as string, ["lock", "-q"], folder);
    await peer(uv as string, ["sync", "-q"], folder);
    const own = await installedIn(folder);
    assert.deepEqual(own, [...main, "tester 5.0"]);
    assert.deepEqual(await installed(folder, "uv.lock"), own);
    await peer(
      uv as string,
      ["sync", "-q", "--no-default-groups", "--group", "docs", "--extra", "plus"],
      folder,
    );
    assert.deepEqual(
      await installed(folder, "uv.lock", "--no-default-groups", "--group", "docs", "--extra", "plus"),
      await installedIn(folder),
    );
    await isVerified(folder, "uv.lock", "pyproject.toml", ["alpha[more]>=1", "alpha[more]>=0.9"]);
    await isConvertible(folder, "uv.lock", main);
  });

  it("pdm.lock", { skip: skipWithout("pdm", pdm) }, async () => {
    const folder = folderOf("pdm");
    writeFileSync(
      join(folder, "pyproject.toml"),
      `${head}
[dependency-groups]
test = ["tester"]
docs = ["docs"]

[tool.pdm]
distribution = false

[[tool.pdm.source]]
name = "pypi"
url = "${index.indexUrl}"
verify_ssl = false
`,
    );
    const variables = await environmentIn(folder);
    const run = (...words: readonly string[]) => peer(pdm as string, words, folder, variables);
    await run("lock", "-q", "-G", ":all");
    await run("sync", "-q", "--dev");
    const own = await installedIn(folder);
    assert.deepEqual(own, [
      "alpha 1.0",
      "beta 2.0",
      "delta 3",
      "docs 5.0",
      "gamma 1.1",
      "nixonly 1.0",
      "tester 5.0",
    ]);
    assert.deepEqual(await installed(folder, "pdm.lock"), own);
    await run("sync", "-q", "--prod", "-G", "plus", "--only-keep");
    assert.deepEqual(
      await installed(folder, "pdm.lock", "--no-default-groups", "--extra", "plus"),
      await installedIn(folder),
    );
    await isVerified(folder, "pdm.lock", "pyproject.toml", ['["tester"]', '["tester>=5"]']);
    await isConvertible(folder, "pdm.lock", main);
    // Without groups in the lock, and with addresses.
    await run(
      "lock",
      "-q",
      "-G",
      ":all",
      "-L",
      "bare.lock",
      "-S",
      "no_inherit_metadata",
      "-S",
      "static_urls",
    );
    assert.deepEqual(await installed(folder, "bare.lock"), own);
  });

  it("Pipfile.lock", { skip: skipWithout("pipenv", pipenv) }, async () => {
    const folder = folderOf("pipenv");
    writeFileSync(
      join(folder, "Pipfile"),
      `[[source]]
name = "shop"
url = "${index.indexUrl}"
verify_ssl = false

[packages]
alpha = { version = ">=1", extras = ["more"] }

[dev-packages]
tester = "*"
`,
    );
    await peer(pipenv as string, ["lock", "-q"], folder, {
      PATH: `${dirname(pipenv as string)}:${process.env["PATH"]}`,
    });
    const variables = await environmentIn(folder);
    assert.deepEqual(await installed(folder, "Pipfile.lock"), main);
    assert.deepEqual(await installed(folder, "Pipfile.lock", "--dev"), [...main, "tester 5.0"]);
    if (micropipenv !== undefined) {
      const quiet = { ...variables, MICROPIPENV_NO_LOCKFILE_WRITE: "1" };
      await peer(micropipenv, ["install"], folder, quiet);
      assert.deepEqual(await installedIn(folder), main);
    }
    const text = readFileSync(join(folder, "Pipfile"), "utf8");
    const bad = folderOf("pipenv-changed");
    cpSync(join(folder, "Pipfile.lock"), join(bad, "Pipfile.lock"));
    writeFileSync(join(bad, "Pipfile"), text.replace('"*"', '">=1"'));
    assert.deepEqual((await verified(folder, "Pipfile.lock")).findings, []);
    assert.deepEqual((await verified(bad, "Pipfile.lock")).findings, ["LOCK-OF-OTHER-PROJECT"]);
    await isConvertible(folder, "Pipfile.lock", main);
  });

  it("a Pipfile.lock of a uv.lock is pipenv's", { skip: skipWithout("pipenv", uv && pipenv) }, async () => {
    const folder = folderOf("uv");
    const target = folderOf("uv-as-pipenv");
    const pipfile = `[[source]]\nname = "shop"\nurl = "${index.indexUrl}"\nverify_ssl = false\n\n[packages]\nalpha = { version = ">=1", extras = ["more"] }\n\n[dev-packages]\ntester = "*"\n`;
    writeFileSync(join(target, "Pipfile"), pipfile);
    const { losses } = await converted(folder, "uv.lock", "pipfile-lock", "-o", join(target, "Pipfile.lock"));
    assert.equal(losses.filter((loss) => loss.includes("extra plus")).length, 1);
    const strict = ["convert", "uv.lock", "--to", "pipfile-lock", "--strict", "--json"];
    assert.equal(codeOf(await thoth(folder, ...strict)), "invalid-lock");
    const variables = await environmentIn(target);
    await peer(pipenv as string, ["verify"], target, variables);
    await peer(pipenv as string, ["sync", "--dev", "-q"], target, variables);
    assert.deepEqual(await installedIn(target), [...main, "tester 5.0"]);
    assert.deepEqual(await installed(target, "Pipfile.lock", "--dev"), await installedIn(target));
  });

  it("what lies in a repository or a folder is refused by its name", async () => {
    const folder = folderOf("places");
    writeFileSync(
      join(folder, "uv.lock"),
      `version = 1
requires-python = ">=3.9"

[[package]]
name = "far"
version = "1"
source = { git = "https://git.example/far.git?rev=main#${"a".repeat(40)}" }

[[package]]
name = "shop"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "far" }]
`,
    );
    for (const words of [
      ["install", "uv.lock"],
      ["convert", "uv.lock", "--to", "requirements"],
    ]) {
      const result = await thoth(folder, ...words, "--json");
      const { error } = result.json as {
        error: { code: string; hint: string; details: { package: string } };
      };
      assert.match(error.code, /^(build-not-allowed|invalid-lock)$/);
      assert.equal(error.details.package, "far");
      assert.ok(error.hint.length > 0);
    }
    const { content } = await converted(folder, "uv.lock", "pylock");
    assert.match(content, /vcs = \{ type = "git"/);
  });

  it("a lock for another Python, and one that tells nothing", async () => {
    const folder = folderOf("pythons");
    const text = `lock-version = "1.0"\nrequires-python = ">=3.13"\ncreated-by = "x"\npackages = []\n`;
    writeFileSync(join(folder, "pylock.toml"), text);
    assert.deepEqual(await verified(folder, "pylock.toml"), {
      findings: ["LOCK-OF-OTHER-PYTHON"],
      unknown: 1,
    });
    writeFileSync(join(folder, "requirements.txt"), `alpha==1.0 --hash=sha256:${"a".repeat(64)}\n`);
    assert.deepEqual(await verified(folder, "requirements.txt"), { findings: [], unknown: 2 });
    writeFileSync(join(folder, "Pipfile.lock"), "[]");
    assert.equal(codeOf(await thoth(folder, "verify", "Pipfile.lock", "--json")), "invalid-lock");
    assert.equal(codeOf(await thoth(folder, "convert", "pylock.toml", "--json")), "usage");
  });
});
