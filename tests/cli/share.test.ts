// What `horus export` writes, read by the tools that it is written for, none of which knows of us. Packages come from
// loopback; the tools are installed from the Python Package Index once.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  type CommandResult,
  findPeer,
  type IndexServer,
  installPeers,
  runCommand,
  runProgram,
} from "@thoth/testkit";
import { notebookOf, startNotebookIndex } from "../notebooks.ts";
import { assertCivil, assertCode, assertDocument, makeFolder, makeHome } from "../support.ts";

const home = makeHome();
const uv = findPeer("uv");
const pipenv = findPeer("pipenv");
const peers = peersOf("share-peers", [
  "juv==0.5.0",
  "micropipenv[toml]==1.10.0",
  "jupyter-repo2docker==2026.4.0",
  "nbclient==0.11.0",
]);
const kernel = peersOf("kernel-peer", ["ipykernel==7.4.0"]);
const withUv = { skip: uv === undefined && "uv is not here: `npm test` installs it" };
const withPipenv = { skip: pipenv === undefined && "pipenv is not here: `npm test` installs it" };
const withPeers = { skip: peers === undefined && "juv, micropipenv, repo2docker and nbclient are not here" };
const withKernel = {
  skip: (peers === undefined || kernel === undefined) && "nbclient and ipykernel are not here",
};

function peersOf(name: string, packages: readonly string[]): string | undefined {
  try {
    return installPeers(name, packages);
  } catch {
    return undefined;
  }
}

const CODE = ["import requests, yaml\n", "print('versions', requests.__version__, yaml.__version__)\n"];
const SAID = /versions 2\.31\.0 6\.0\.1/;
const LOCKED = { idna: "3.6", pyyaml: "6.0.1", requests: "2.31.0" };
const env = {
  PIP_CONFIG_FILE: "/dev/null",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  UV_PYTHON_DOWNLOADS: "never",
};

let server: IndexServer;
let usual: string;
before(async () => {
  server = await startNotebookIndex();
  usual = await makeLocked(CODE);
});
after(() => server.close());

function run(folder: string, program: string, ...words: readonly string[]): Promise<CommandResult> {
  return runProgram(program, words, { home, cwd: folder, env, timeoutMs: 180_000 });
}

async function horus(folder: string, ...words: readonly string[]): Promise<CommandResult> {
  const result = await runCommand("horus", words, { home, cwd: folder });
  assertCivil(result);
  return result;
}

/** A folder with the usual notebook, locked. */
function makeUsual(): string {
  return makeFolder(home, { "a.ipynb": readFileSync(join(usual, "a.ipynb"), "utf8") });
}

/** A folder with a notebook that is locked. */
async function makeLocked(cells: readonly string[], ...words: readonly string[]): Promise<string> {
  const folder = makeFolder(home, { "a.ipynb": notebookOf({ cells }) });
  const lock = ["lock", "a.ipynb", "--index-url", server.indexUrl, "--as-of", "2026-01-31", ...words];
  assertDone(await horus(folder, ...lock));
  return folder;
}

async function exported(folder: string, format: string, output: string): Promise<string> {
  assertDone(await horus(folder, "export", "a.ipynb", "--format", format, "-o", output));
  return readFileSync(join(folder, output), "utf8");
}

function assertDone(result: CommandResult): void {
  assert.equal(result.status, 0, `${result.stdout.slice(-2000)} ${result.stderr.slice(-4000)}`);
}

function makeEnvironment(folder: string, name: string): string {
  const environment = join(folder, name);
  assert.equal(spawnSync("python3", ["-m", "venv", environment]).status, 0);
  return join(environment, "bin");
}

/** The distributions of an environment but for what it began with and what the kernel needs. */
function installed(python: string): Record<string, string> {
  const code =
    "import importlib.metadata as m, json; print(json.dumps({d.name.lower(): d.version for d in m.distributions()}))";
  const { stdout } = spawnSync(python, ["-c", code], { encoding: "utf8" });
  const all = Object.entries(JSON.parse(stdout) as Record<string, string>);
  return Object.fromEntries(all.filter(([name]) => Object.hasOwn(LOCKED, name)));
}

describe("an exported lock", { concurrency: 2 }, () => {
  it("is a script that uv runs with the locked versions", withUv, async () => {
    const folder = makeUsual();
    const block = await exported(folder, "pep723", "block.txt");
    writeFileSync(join(folder, "script.py"), block + CODE.join(""));
    const done = await run(folder, uv as string, "run", "script.py");
    assertDone(done);
    assert.match(done.stdout, SAID);
  });

  it("is a notebook that juv runs, in the place of a block that it had", withPeers, async () => {
    const old = '# A comment.\n# /// script\n# dependencies = ["six"]\n# ///\n';
    for (const cells of [CODE, [CODE[0] as string, old, CODE[1] as string]]) {
      const folder = await makeLocked(cells);
      const text = await exported(folder, "juv", "juv.ipynb");
      const written = JSON.parse(text) as { cells: { source: string[]; id: string }[] };
      const blocks = written.cells.filter(({ source }) => source.join("").includes("# /// script\n"));
      assert.equal(blocks.length, 1);
      const done = await run(folder, join(peers as string, "juv"), "exec", "juv.ipynb");
      assertDone(done);
      assert.match(done.stdout, SAID);
    }
  });

  it("is a Pipfile and its lock, which pipenv verifies and installs", withPipenv, async () => {
    const folder = makeUsual();
    await exported(folder, "pipfile", "Pipfile");
    await exported(folder, "pipfile-lock", "Pipfile.lock");
    const options = { home, cwd: folder, env: { ...env, PIPENV_VENV_IN_PROJECT: "1" }, timeoutMs: 180_000 };
    assertDone(await runProgram(pipenv as string, ["verify"], options));
    assertDone(await runProgram(pipenv as string, ["sync"], options));
    assert.deepEqual(installed(join(folder, ".venv", "bin", "python")), LOCKED);
  });

  for (const [method, forms] of [
    ["requirements", { requirements: "requirements.txt" }],
    ["pipenv", { pipfile: "Pipfile", "pipfile-lock": "Pipfile.lock" }],
  ] as const) {
    it(`is what micropipenv installs by its method ${method}`, withPeers, async () => {
      const folder = makeUsual();
      for (const [form, file] of Object.entries(forms)) await exported(folder, form, file);
      const bin = makeEnvironment(folder, "environment");
      const program = join(peers as string, "micropipenv");
      const done = await runProgram(program, ["install", "--method", method, "--deploy"], {
        home,
        cwd: folder,
        env: { ...env, MICROPIPENV_PIP_BIN: join(bin, "pip") },
        timeoutMs: 180_000,
      });
      assertDone(done);
      assert.deepEqual(installed(join(bin, "python")), LOCKED);
    });
  }

  it("is an environment of conda's, whose lines for pip install with their hashes", withPeers, async () => {
    const folder = makeUsual();
    const text = await exported(folder, "environment.yml", "environment.yml");
    // conda itself is on no index: repo2docker reads the file, and pip the lines that conda would hand it.
    const dockerfile = await dockerfileOf(folder);
    assert.match(dockerfile, /env update .*"environment\.yml"/);
    assert.match(dockerfile, new RegExp(`conda environment for python=${pythonOf(text)}\n`));
    const lines = text.split("\n").flatMap((line) => /^ {6}- (.*)$/.exec(line)?.[1] ?? []);
    writeFileSync(join(folder, "lines.txt"), lines.join("\n"));
    const bin = makeEnvironment(folder, "environment");
    assertDone(await run(folder, join(bin, "pip"), "install", "-q", "-r", "lines.txt"));
    assert.deepEqual(installed(join(bin, "python")), LOCKED);
  });
});

function pythonOf(environment: string): string {
  return /- python=([\d.]+)/.exec(environment)?.[1] as string;
}

/** What Binder would build: printed without any engine. */
async function dockerfileOf(folder: string): Promise<string> {
  const done = await run(folder, join(peers as string, "repo2docker"), "--no-build", "--debug", ".");
  assertDone(done);
  return done.stdout + done.stderr;
}

describe("Binder", { concurrency: 2 }, () => {
  it("builds from the pins and the Python", withPeers, async () => {
    const folder = makeUsual();
    const result = await horus(folder, "export", "a.ipynb", "--format", "binder", "-o", ".", "--json");
    assertDone(result);
    assertDocument("horus export", result.json);
    const { left_out } = result.json as { left_out: string[] };
    assert.deepEqual(left_out, ["comm", "ipykernel"]);
    const dockerfile = await dockerfileOf(folder);
    assert.match(dockerfile, /pip install --no-cache-dir -r "binder\/requirements\.txt"/);
    const python = readFileSync(join(folder, "binder", "runtime.txt"), "utf8")
      .trim()
      .replace("python-", "");
    assert.match(dockerfile, new RegExp(`conda environment for python=${python}\n`));
    const bin = makeEnvironment(folder, "environment");
    assertDone(
      await run(folder, join(bin, "pip"), "install", "--no-cache-dir", "-r", "binder/requirements.txt"),
    );
    assert.deepEqual(installed(join(bin, "python")), LOCKED);
  });

  it("has no Python that old, and is told what would win over the pins", async () => {
    const folder = await makeLocked(["import six\n"], "--python-version", "3.6");
    const words = ["export", "a.ipynb", "--format", "binder", "--json"];
    assertCode(await horus(folder, ...words, "-o", "."), "no-matching-artifact");
    assertCode(await horus(folder, ...words), "usage");
    const other = makeUsual();
    mkdirSync(join(other, ".binder"));
    writeFileSync(join(other, ".binder", "environment.yml"), "name: other\n");
    const result = await horus(other, ...words.slice(0, -1), "-o", ".");
    assert.match(result.stderr, /environment\.yml/);
    assert.ok(existsSync(join(other, ".binder", "requirements.txt")) && !existsSync(join(other, "binder")));
  });
});

describe("the bootstrap cell", { concurrency: 2 }, () => {
  const execute = (folder: string, environment: string): Promise<CommandResult> => {
    const kernels = join(folder, "share", "kernels", "bare");
    mkdirSync(kernels, { recursive: true });
    const argv = [join(environment, "bin", "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"];
    writeFileSync(
      join(kernels, "kernel.json"),
      JSON.stringify({ argv, display_name: "Bare", language: "python" }),
    );
    const words = ["--kernel_name=bare", "--inplace", "boot.ipynb"];
    return runProgram(join(peers as string, "jupyter-execute"), words, {
      home,
      cwd: folder,
      env: { ...env, JUPYTER_PATH: join(folder, "share") },
      timeoutMs: 180_000,
    });
  };
  const bare = (folder: string): string => {
    const environment = join(folder, "bare");
    cpSync(dirname(kernel as string), environment, { recursive: true, verbatimSymlinks: true });
    return environment;
  };

  it("installs in a bare environment, and does nothing the second time", withKernel, async () => {
    const folder = makeUsual();
    await exported(folder, "colab", "boot.ipynb");
    const environment = bare(folder);
    for (const said of [/Installed 3 of 3 locked packages/, /The 3 locked packages are in place/]) {
      assertDone(await execute(folder, environment));
      const text = readFileSync(join(folder, "boot.ipynb"), "utf8");
      assert.match(text, said);
      assert.match(text, SAID);
    }
    assert.deepEqual(installed(join(environment, "bin", "python")), LOCKED);
    // Exported once more, the notebook has one such cell.
    const words = ["export", "boot.ipynb", "--format", "colab", "-o", "again.ipynb"];
    assertDone(await horus(folder, ...words));
    const again = JSON.parse(readFileSync(join(folder, "again.ipynb"), "utf8")) as { cells: unknown[] };
    assert.equal(again.cells.length, 3);
  });

  it("asks for a restart where a package that changes is loaded", withKernel, async () => {
    const folder = await makeLocked(["import six\n", "print('went on')\n"]);
    const environment = bare(folder);
    const module = spawnSync(join(environment, "bin", "python"), ["-c", "import six; print(six.__file__)"]);
    assert.notEqual(module.status, 0, "the kernel needs no six");
    const site = join(environment, "lib", `python${pythonIn(environment)}`, "site-packages");
    mkdirSync(join(site, "six-1.0.dist-info"));
    writeFileSync(join(site, "six.py"), "PY3 = 1\n");
    writeFileSync(
      join(site, "six-1.0.dist-info", "METADATA"),
      "Metadata-Version: 2.1\nName: six\nVersion: 1.0\n",
    );
    writeFileSync(
      join(site, "six-1.0.dist-info", "RECORD"),
      "six.py,,\nsix-1.0.dist-info/METADATA,,\nsix-1.0.dist-info/RECORD,,\n",
    );
    writeFileSync(join(site, "six-1.0.dist-info", "INSTALLER"), "pip\n");
    const cell = await exported(folder, "bootstrap", "boot.py");
    writeFileSync(
      join(folder, "boot.ipynb"),
      notebookOf({ cells: ["import six\n", cell, "print('went on')\n"] }),
    );
    const first = await execute(folder, environment);
    assert.notEqual(first.status, 0);
    assert.match(first.stderr, /Restart the kernel and run the notebook again: .*six/);
    assertDone(await execute(folder, environment));
    assert.match(readFileSync(join(folder, "boot.ipynb"), "utf8"), /went on/);
  });

  const system = "/usr/bin/python3";
  const isManaged =
    spawnSync(system, [
      "-c",
      "import os, pip, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path('stdlib') + '/EXTERNALLY-MANAGED'))",
    ]).status === 0;
  it("keeps to a folder of its own where the Python belongs to the system", {
    skip: !isManaged && "no Python here has pip and belongs to the system",
  }, async () => {
    const version = spawnSync(system, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
    const folder = await makeLocked(CODE, "--python-version", String(version.stdout).trim());
    const cell = await exported(folder, "bootstrap", "boot.py");
    writeFileSync(join(folder, "script.py"), cell + CODE.join(""));
    for (const said of [/Installed 3 of 3/, /are in place/]) {
      const done = await run(folder, system, "script.py");
      assertDone(done);
      assert.match(done.stdout, said);
      assert.match(done.stdout, SAID);
    }
  });

  it("says in words that it is for another Python, and what pip could not do", withKernel, async () => {
    const folder = await makeLocked(CODE, "--python-version", "3.6");
    await exported(folder, "colab", "boot.ipynb");
    const environment = bare(folder);
    const wrong = await execute(folder, environment);
    assert.notEqual(wrong.status, 0);
    assert.match(wrong.stderr, /not for this kernel: Python is 3\.\d+, not 3\.6/);
    const other = makeUsual();
    const cell = await exported(other, "bootstrap", "boot.py");
    const changed = cell.replace(/sha256:[0-9a-f]{8}/, "sha256:00000000");
    writeFileSync(join(other, "boot.ipynb"), notebookOf({ cells: [changed] }));
    const broken = await execute(other, environment);
    assert.notEqual(broken.status, 0);
    assert.match(broken.stderr, /pip could not install the locked packages/);
  });
});

function pythonIn(environment: string): string {
  const code = "import sys; print('%d.%d' % sys.version_info[:2])";
  return spawnSync(join(environment, "bin", "python"), ["-c", code], { encoding: "utf8" }).stdout.trim();
}
