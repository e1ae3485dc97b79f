// Every command: one JSON document of the published schema, the exit status that its answer deserves, and help
// with an example.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type DocumentName, documents } from "@thoth/contract";
import { type CommandResult, type IndexServer, runCommand } from "@thoth/testkit";
import { metadataOf, notebookOf, startNotebookIndex } from "../notebooks.ts";
import {
  assertCivil,
  assertCode,
  assertDocument,
  leavesAlone,
  makeFolder,
  makeHome,
  TARGET,
} from "../support.ts";

const home = makeHome();
let server: IndexServer;
let folder: string;

const NOTEBOOK = notebookOf({
  cells: ["!pip install 'requests>=2,<3' --quiet\n", "import requests, yaml\n"],
});

before(async () => {
  server = await startNotebookIndex();
  folder = makeFolder(home, { "a.ipynb": NOTEBOOK, "requirements.in": "six\n" });
});
after(() => server.close());

function run(program: "thoth" | "horus", words: readonly string[], cwd = folder): Promise<CommandResult> {
  return runCommand(program, words, { home, cwd, timeoutMs: 120_000 });
}

async function answers(name: DocumentName, words: readonly string[], status = 0): Promise<unknown> {
  const [program = "thoth", command = ""] = name.split(" ");
  const result = await run(program as "thoth" | "horus", [command, ...words, "--json"]);
  assertCivil(result);
  assert.equal(result.status, status, `${result.stdout.slice(0, 800)} ${result.stderr.slice(0, 800)}`);
  assert.ok(result.json !== undefined, `not one JSON document: ${result.stdout.slice(0, 200)}`);
  assertDocument(name, result.json);
  return result.json;
}

describe("documents", { concurrency: 1 }, () => {
  const index = (): string[] => ["--index-url", server.indexUrl];

  it("tell the version", async () => {
    for (const name of ["thoth version", "horus version"] as const) await answers(name, []);
  });
  it("hold completion scripts", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      for (const name of ["thoth completion", "horus completion"] as const) await answers(name, [shell]);
    }
  });
  it("tell what code needs, without writing", async () => {
    const found = await leavesAlone(folder, () => answers("horus discover", ["a.ipynb", "--show-only"]));
    const { imports, pip } = found as {
      imports: { module: string; distribution: string }[];
      pip: { requirements: string[] }[];
    };
    assert.deepEqual(imports.map(({ module, distribution }) => [module, distribution]).sort(), [
      ["requests", "requests"],
      ["yaml", "pyyaml"],
    ]);
    assert.equal(pip.length, 1);
  });
  it("tell what would be converted, then convert", async () => {
    await leavesAlone(folder, () => answers("horus convert", ["a.ipynb", "--show-only"]));
    const { changes } = (await answers("horus convert", ["a.ipynb"])) as {
      changes: { requirements: string[] }[];
    };
    assert.equal(changes.length, 1);
    const metadata = metadataOf(readFileSync(join(folder, "a.ipynb"), "utf8"));
    assert.match(String(metadata["requirements"]), />=2,<3|<3,>=2/);
  });
  it("show, add and remove requirements", async () => {
    await answers("horus requirements", ["a.ipynb"]);
    const added = await answers("horus requirements", ["a.ipynb", "--add", "six>=1", "pyyaml"]);
    assert.equal((added as { changed: boolean }).changed, true);
    await answers("horus requirements", ["a.ipynb", "--remove", "six"]);
    const result = await leavesAlone(folder, () =>
      run("horus", ["requirements", "a.ipynb", "--remove", "absent", "--json"]),
    );
    assert.notEqual(result.status, 0);
    assertDocument("error", result.json);
  });
  it("tell of a notebook that is not locked yet", async () => {
    const found = (await answers("horus check", ["a.ipynb"], 1)) as { ok: boolean };
    assert.equal(found.ok, false);
    for (const words of [
      ["export", "a.ipynb"],
      ["install", "a.ipynb"],
    ]) {
      const result = await leavesAlone(folder, () => run("horus", [...words, "--json"]));
      assertDocument("error", result.json);
      assert.ok(result.status === 1 || result.status === 2);
    }
  });
  it("tell of locks", async () => {
    await answers("horus lock", ["a.ipynb", ...index()]);
    await answers("thoth lock", ["requirements.in", ...index(), ...TARGET]);
    await answers("horus show", ["a.ipynb"]);
    await answers("horus log", ["a.ipynb"]);
    await answers("horus export", ["a.ipynb", "--format", "pylock"]);
  });
  it("tell of files taken out and put back", async () => {
    await answers("horus extract", ["a.ipynb", "--store-files-path", "out"]);
    for (const name of ["Pipfile", "Pipfile.lock"]) assert.ok(existsSync(join(folder, "out", name)), name);
    const again = await leavesAlone(folder, () =>
      run("horus", ["extract", "a.ipynb", "--store-files-path", "out", "--json"]),
    );
    assert.notEqual(again.status, 0);
    await answers("horus extract", ["a.ipynb", "--store-files-path", "out", "--force"]);
    await answers("horus save", ["a.ipynb", "--save-files-path", "out", "--force"]);
  });
  it("tell of environments and kernels", async () => {
    await answers("horus lock", ["a.ipynb", "--force", ...index()]);
    await answers("horus install", ["a.ipynb", ...index()]);
    const { kernels } = (await answers("horus list-kernels", [])) as {
      kernels: { name: string; managed: boolean }[];
    };
    assert.ok(kernels.some(({ name, managed }) => name === "a" && managed));
    const { packages } = (await answers("horus check-kernel", ["a"])) as { packages: { name: string }[] };
    assert.ok(packages.some(({ name }) => name === "requests"));
    await answers("horus set-kernel", ["a.ipynb", ...index()]);
    const checked = (await answers("horus check", ["a.ipynb"])) as { ok: boolean };
    assert.equal(checked.ok, true);
    await answers("horus delete-kernel", ["a"]);
    assertCode(await run("horus", ["check-kernel", "a", "--json"]), "kernel-not-found");
    assertCode(await run("horus", ["delete-kernel", "a", "--json"]), "kernel-not-found");
  });
  it("tell of what was installed", async () => {
    const words = ["requirements.in", "-o", "pylock.toml", ...index()];
    await answers("thoth lock", words);
    await answers("thoth install", ["pylock.toml", "--target", "vendor", ...index()]);
    assert.ok(existsSync(join(folder, "vendor", "six.py")));
    const again = (await answers("thoth install", ["pylock.toml", "--target", "vendor", ...index()])) as {
      reused: boolean;
    };
    assert.equal(again.reused, true);
  });
  it("have a schema for every command", () => {
    for (const name of Object.keys(documents))
      assert.match(name, /^(?:error|thoth [a-z0-9-]+|horus [a-z0-9-]+)$/);
  });
});

describe("a wrong command line", { concurrency: 2 }, () => {
  const wrong: readonly (readonly ["thoth" | "horus", readonly string[]])[] = [
    ["thoth", ["lock", "--no-such-option"]],
    ["thoth", ["no-such-command"]],
    ["thoth", ["lock", "absent.txt"]],
    ["thoth", ["lock", "-", "--timeout", "soon"]],
    ["thoth", ["lock", "-", "--as-of", "yesterday-ish"]],
    ["thoth", ["lock", "-", "--platform", "amiga"]],
    ["thoth", ["install"]],
    ["horus", ["lock", "absent.ipynb"]],
    ["horus", ["lock", "."]],
    ["horus", ["export", "a.ipynb", "--format", "pdf"]],
  ];
  for (const [program, words] of wrong) {
    it(`ends with 2: ${program} ${words.join(" ")}`, async () => {
      const result = await leavesAlone(folder, () => run(program, [...words, "--json"]));
      assertCivil(result);
      assert.equal(result.status, 2, result.stderr);
      assertDocument("error", result.json);
    });
  }
});

describe("help", { concurrency: 2 }, () => {
  const commands = Object.keys(documents).filter((name) => name !== "error");
  for (const name of commands) {
    it(`of ${name} has an example`, async () => {
      const [program = "", command = ""] = name.split(" ");
      const result = await run(program as "thoth" | "horus", [command, "--help"]);
      assertCivil(result);
      assert.equal(result.status, 0);
      assert.match(result.stdout, new RegExp(`\\$ ${program} ${command}\\b`));
    });
  }
});
