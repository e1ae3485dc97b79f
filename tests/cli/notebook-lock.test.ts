// The main job up to the run, on loopback: a notebook that says nothing is locked, twice the same, exported, and
// installed by tools that are not ours.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type CommandResult, findPeer, type IndexServer, runCommand, runProgram } from "@thoth/testkit";
import { metadataOf, notebookOf, startNotebookIndex } from "../notebooks.ts";
import {
  assertCivil,
  assertCode,
  assertDocument,
  leavesAlone,
  listFiles,
  makeFolder,
  makeHome,
  TARGET,
} from "../support.ts";

const home = makeHome();
let server: IndexServer;
before(async () => {
  server = await startNotebookIndex();
});
after(() => server.close());

const NOTEBOOK = notebookOf({
  cells: ["import requests, json\nimport yaml\n", "print(requests.__version__)"],
});
const AS_OF = ["--as-of", "2026-01-31"];

function horus(folder: string, words: readonly string[]): Promise<CommandResult> {
  return runCommand("horus", words, { home, cwd: folder });
}

function lock(folder: string, ...args: readonly string[]): Promise<CommandResult> {
  return horus(folder, ["lock", "a.ipynb", "--json", "--index-url", server.indexUrl, ...args]);
}

function assertDone(result: CommandResult): void {
  assertCivil(result);
  assert.equal(result.status, 0, `${result.stdout.slice(0, 600)} ${result.stderr.slice(0, 1200)}`);
}

describe("horus lock", { concurrency: 2 }, () => {
  it("finds what the code needs and embeds the lock", async () => {
    const folder = makeFolder(home, { "a.ipynb": NOTEBOOK });
    const result = await lock(folder, ...AS_OF);
    assertDone(result);
    assertDocument("horus lock", result.json);
    const { packages } = result.json as { packages: readonly { name: string; version: string }[] };
    const pins = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
    assert.deepEqual(pins, {
      comm: "0.2.0",
      idna: "3.6",
      ipykernel: "6.29.0",
      pyyaml: "6.0.1",
      requests: "2.31.0",
    });
    assert.deepEqual([...listFiles(folder).keys()], ["a.ipynb"]);
    const metadata = metadataOf(readFileSync(join(folder, "a.ipynb"), "utf8"));
    assert.equal(typeof metadata["requirements"], "string");
    assert.equal(typeof metadata["requirements_lock"], "string");
    assert.equal(metadata["dependency_resolution_engine"], "thoth");
    const { lock: embedded } = metadata["thoth"] as {
      lock: { packages: readonly Record<string, unknown>[] };
    };
    const names = embedded.packages.map(({ name }) => name);
    assert.deepEqual(names, ["comm", "idna", "ipykernel", "pyyaml", "requests"]);
  });

  it("changes nothing but the metadata, and keeps the indentation", async () => {
    for (const indent of [1, 2, "\t"]) {
      const before = notebookOf({ cells: ["import six\n"], indent });
      const folder = makeFolder(home, { "a.ipynb": before });
      assertDone(await lock(folder, ...AS_OF));
      const after = readFileSync(join(folder, "a.ipynb"), "utf8");
      const cells = (text: string): string =>
        text.slice(0, text.indexOf('"metadata": {', text.lastIndexOf('"source"')));
      assert.equal(cells(after), cells(before));
      assert.ok(after.endsWith(before.slice(before.lastIndexOf('"nbformat"'))));
    }
  });

  it("does the same again, byte for byte", async () => {
    const one = makeFolder(home, { "a.ipynb": NOTEBOOK });
    const two = makeFolder(home, { "a.ipynb": NOTEBOOK });
    assertDone(await lock(one, ...AS_OF));
    assertDone(await lock(two, ...AS_OF, "--cache-dir", join(two, "..", "other-cache")));
    const text = readFileSync(join(one, "a.ipynb"), "utf8");
    assert.equal(readFileSync(join(two, "a.ipynb"), "utf8"), text);
    assertDone(await lock(one, "--force", ...AS_OF));
    assert.equal(readFileSync(join(one, "a.ipynb"), "utf8"), text);
  });

  it("leaves the notebook alone where no stack exists, or the index is not there", async () => {
    const folder = makeFolder(home, { "a.ipynb": NOTEBOOK });
    assertDone(await horus(folder, ["requirements", "a.ipynb", "--add", "requests>=99", "--json"]));
    assertCode(await leavesAlone(folder, () => lock(folder)), "unsatisfiable");
    const words = ["lock", "a.ipynb", "--json", "--index-url", "http://127.0.0.1:9/simple/"];
    assertCode(await leavesAlone(folder, () => horus(folder, words)), "index-unreachable");
  });

  it("works offline with what was fetched before", async () => {
    const folder = makeFolder(home, { "a.ipynb": NOTEBOOK, "b.ipynb": NOTEBOOK });
    assertDone(await lock(folder));
    const asked = server.requests.length;
    const words = ["lock", "b.ipynb", "--json", "--offline", "--index-url", server.indexUrl];
    assertDone(await horus(folder, words));
    assert.equal(server.requests.length, asked);
  });
});

describe("thoth lock", () => {
  it("says the same twice, byte for byte, in every form", async () => {
    const folder = makeFolder(home, { "requirements.in": "requests\npyyaml>=6\n" });
    for (const format of ["pylock", "requirements", "pipfile-lock", "json"]) {
      const words = [
        "lock",
        "requirements.in",
        "--format",
        format,
        "--index-url",
        server.indexUrl,
        ...TARGET,
        ...AS_OF,
      ];
      const first = await runCommand("thoth", words, { home, cwd: folder });
      const second = await runCommand(
        "thoth",
        [...words, "--cache-dir", join(folder, "..", `cache-${format}`)],
        { home, cwd: folder },
      );
      assertDone(first);
      assert.notEqual(first.stdout, "");
      assert.equal(second.stdout, first.stdout);
      const output = `lock.${format}`;
      assertDone(await runCommand("thoth", [...words, "-o", output], { home, cwd: folder }));
      assert.equal(readFileSync(join(folder, output), "utf8"), first.stdout);
    }
  });
});

describe("an exported lock", { concurrency: 2 }, () => {
  let folder = "";
  before(async () => {
    folder = makeFolder(home, { "a.ipynb": NOTEBOOK });
    assertDone(await lock(folder, ...AS_OF));
  });

  /** The distributions of an environment, by pip's own account. */
  function installed(python: string): Record<string, string> {
    const code =
      "import importlib.metadata as m, json; print(json.dumps({d.name.lower(): d.version for d in m.distributions()}))";
    const { stdout } = spawnSync(python, ["-c", code], { encoding: "utf8" });
    const { pip, setuptools, ...rest } = JSON.parse(stdout) as Record<string, string>;
    return rest;
  }

  const EXPECTED = { comm: "0.2.0", idna: "3.6", ipykernel: "6.29.0", pyyaml: "6.0.1", requests: "2.31.0" };

  it("installs with plain pip and its hashes", async () => {
    const words = ["export", "a.ipynb", "--format", "requirements", "-o", "requirements.txt", "--json"];
    const exported = await horus(folder, words);
    assertDone(exported);
    assertDocument("horus export", exported.json);
    const environment = join(folder, "pip-environment");
    assert.equal(spawnSync("python3", ["-m", "venv", environment]).status, 0);
    const args = [
      "-m",
      "pip",
      "install",
      "-q",
      "--no-deps",
      "--require-hashes",
      "-r",
      "requirements.txt",
      "--index-url",
      server.indexUrl,
    ];
    const env = { PIP_CONFIG_FILE: "/dev/null", PIP_DISABLE_PIP_VERSION_CHECK: "1" };
    const done = await runProgram(join(environment, "bin", "python"), args, {
      home,
      cwd: folder,
      env,
      timeoutMs: 120_000,
    });
    assert.equal(done.status, 0, done.stderr);
    assert.deepEqual(installed(join(environment, "bin", "python")), EXPECTED);
  });

  it("installs with uv from pylock.toml", async (test) => {
    const uv = findPeer("uv");
    if (uv === undefined) return test.skip("uv is not here: `npm test` installs it");
    assertDone(await horus(folder, ["export", "a.ipynb", "--format", "pylock", "-o", "pylock.toml"]));
    const environment = join(folder, "uv-environment");
    assert.equal(spawnSync("python3", ["-m", "venv", "--without-pip", environment]).status, 0);
    const python = join(environment, "bin", "python");
    const args = [
      "pip",
      "install",
      "-q",
      "--python",
      python,
      "--preview",
      "-r",
      "pylock.toml",
      "--group",
      "pylock.toml:kernel",
    ];
    const plain = await runProgram(uv, args.slice(0, -2), { home, cwd: folder, env: { UV_NO_CONFIG: "1" } });
    assert.equal(plain.status, 0, plain.stderr);
    const found = installed(python);
    for (const name of ["idna", "pyyaml", "requests"] as const) assert.equal(found[name], EXPECTED[name]);
  });

  for (const format of ["pipfile", "pipfile-lock", "environment.yml", "pep723", "juv", "bootstrap"]) {
    it(`comes as ${format}`, async () => {
      const result = await horus(folder, ["export", "a.ipynb", "--format", format]);
      assertDone(result);
      assert.match(result.stdout, /requests/);
    });
  }
});

describe("a notebook in use", { concurrency: 2 }, () => {
  it("is left as it was by an interruption", async () => {
    const slow = await startNotebookIndex({ faults: { "/simple/requests/": { kind: "stall" } } });
    const folder = makeFolder(home, { "a.ipynb": NOTEBOOK });
    const own = makeFolder(home);
    const words = ["lock", "a.ipynb", "--json", "--index-url", slow.indexUrl];
    const result = await leavesAlone(folder, () =>
      runCommand("horus", words, {
        home: own,
        cwd: folder,
        started: ({ child }) => {
          const timer = setInterval(() => {
            if (!slow.requests.some(({ path }) => path === "/simple/requests/")) return;
            clearInterval(timer);
            child.kill("SIGINT");
          }, 20);
        },
      }),
    );
    await slow.close();
    assertCode(result, "interrupted");
    assert.equal(result.status, 130);
  });

  it("is not written by two at once", async () => {
    const slow = await startNotebookIndex({ latencyMs: 150 });
    const folder = makeFolder(home, { "a.ipynb": NOTEBOOK });
    const words = ["lock", "a.ipynb", "--json", "--force", "--index-url", slow.indexUrl, ...AS_OF];
    const runs = await Promise.all(
      [1, 2].map((run) =>
        runCommand("horus", words, { home: makeFolder(home, { [`${run}`]: "" }), cwd: folder }),
      ),
    );
    await slow.close();
    for (const run of runs) {
      assertCivil(run);
      if (run.status !== 0) assertCode(run, "limit-exceeded", "file-failed");
    }
    assert.ok(runs.some(({ status }) => status === 0));
    assert.deepEqual([...listFiles(folder).keys()], ["a.ipynb"]);
    const { lock: embedded } = metadataOf(readFileSync(join(folder, "a.ipynb"), "utf8"))["thoth"] as {
      lock: { packages: unknown[] };
    };
    assert.equal(embedded.packages.length, 5);
  });

  it("that is replaced meanwhile is not overwritten", async () => {
    const slow = await startNotebookIndex({ latencyMs: 400 });
    const folder = makeFolder(home, { "a.ipynb": NOTEBOOK });
    const other = notebookOf({ cells: ["# saved in Jupyter meanwhile\n"] });
    const words = ["lock", "a.ipynb", "--json", "--index-url", slow.indexUrl];
    const result = await runCommand("horus", words, {
      home: makeFolder(home),
      cwd: folder,
      started: () => {
        const timer = setInterval(() => {
          if (slow.requests.length === 0) return;
          clearInterval(timer);
          writeFileSync(join(folder, "a.ipynb"), other);
        }, 20);
      },
    });
    await slow.close();
    assert.equal(readFileSync(join(folder, "a.ipynb"), "utf8"), other);
    assertCode(result, "file-failed", "lock-out-of-date");
    assert.ok(existsSync(join(folder, "a.ipynb")));
    assert.deepEqual([...listFiles(folder).keys()], ["a.ipynb"]);
  });
});
