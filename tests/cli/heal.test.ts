// A notebook that fails is healed: of our packages an index on loopback has the releases that go together and those that do not;
// the kernel is the real one, from the index that this machine uses. Without one the suite is skipped by name.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { buildWheel, type CommandResult, type IndexServer, runCommand, startIndex } from "@thoth/testkit";
import { metadataOf, notebookOf } from "../notebooks.ts";
import { assertCode, assertDocument, makeFolder, makeHome } from "../support.ts";

const cache = fileURLToPath(new URL("../../.cache/tests/fetched", import.meta.url));
const home = makeHome();
/** How this machine reaches its index: kept here alone. */
const network = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(?:PIP_|UV_|SSL_CERT|REQUESTS_CA|(?:https?|all|no)_proxy$)/i.test(name),
  ),
);
let server: IndexServer;
let reachable = false;

const lib = (version: string, source: string) =>
  buildWheel({ name: "thothbase", version, files: { "thothbase.py": source } });

before(async () => {
  mkdirSync(cache, { recursive: true });
  const projects = {
    thothbase: [
      ...["1.0", "1.1", "1.2"].map((version) => lib(version, "def former():\n    return 'works'\n")),
      ...["2.0", "2.1", "3.0"].map((version) => lib(version, "def present():\n    return 'works'\n")),
    ],
    thothuser: [
      buildWheel({
        name: "thothuser",
        version: "1.0",
        requires: ["thothbase"],
        files: {
          "thothuser/__init__.py": "from .inner import call\n",
          "thothuser/inner.py": "from thothbase import former\ncall = former\n",
        },
      }),
    ],
  };
  const middle = (version: string, source: string) =>
    buildWheel({
      name: "thothmiddle",
      version,
      requires: ["thothcore"],
      files: { "thothmiddle.py": source },
    });
  const core = (version: string, source: string) =>
    buildWheel({ name: "thothcore", version, files: { "thothcore.py": source } });
  const coupled = {
    thothcore: [core("1.0", "origin = 1\n"), core("2.0", "source = 1\n")],
    thothmiddle: [
      middle("1.0", "from thothcore import origin\ndef former():\n    return 'works'\n"),
      middle("2.0", "def present():\n    return 'works'\n"),
    ],
  };
  server = await startIndex({ projects: { ...projects, ...coupled } });
  const words = ["lock", "-", "--cache-dir", cache];
  reachable = (await runCommand("thoth", words, { home, env: network, stdin: "comm\n" })).status === 0;
});
after(() => server.close());

function run(folder: string, words: readonly string[]): Promise<CommandResult> {
  const extra = ["--extra-index-url", server.indexUrl, "--cache-dir", cache];
  return runCommand("horus", [...words, ...extra], { home, cwd: folder, env: network, timeoutMs: 600_000 });
}

/** It says itself what it asks for: nobody knows our packages by their modules. */
const asksFor = (name: string) => ({ requirements: JSON.stringify({ packages: { [name]: "*" } }) });

interface Document {
  readonly healed: readonly {
    readonly guilty: readonly { readonly name: string; readonly fails: string; readonly passes: string }[];
    readonly changes: readonly object[];
    readonly inspections: number;
  }[];
}

describe("horus run --heal", { concurrency: 1 }, () => {
  it("finds the release that is to blame, embeds the healed lock, and proposes a rule that holds", async (test) => {
    if (!reachable) return test.skip("no package index can be reached");
    const cells = ["import thothuser\n", "print(thothuser.call())\n"];
    const folder = makeFolder(home, { "a.ipynb": notebookOf({ cells, metadata: asksFor("thothuser") }) });
    const result = await run(folder, ["run", "a.ipynb", "--heal", "--rule", "rule.yaml", "--json"]);
    assert.equal(result.status, 0, `${result.stdout.slice(0, 800)} ${result.stderr.slice(0, 1500)}`);
    assertDocument("horus run", result.json);
    const [healed] = (result.json as Document).healed;
    assert.deepEqual(healed?.guilty, [{ name: "thothbase", version: "3.0", fails: ">1.2", passes: "1.2" }]);
    assert.deepEqual(healed?.changes, [{ name: "thothbase", from: "3.0", to: "1.2" }]);
    assert.ok((healed?.inspections ?? 99) <= 4);
    assert.match(readFileSync(join(folder, "a.out.ipynb"), "utf8"), /works/);
    const lock = JSON.stringify(metadataOf(readFileSync(join(folder, "a.ipynb"), "utf8"))["thoth"]);
    assert.match(lock, /thothbase-1\.2/);
    // What was changed stays: the next run has nothing to heal.
    const again = await run(folder, ["run", "a.ipynb", "--heal", "--json"]);
    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual((again.json as Document).healed, []);
    const rules = makeFolder(home, {
      "_prescription_metadata.yaml": 'prescription:\n  name: found\n  release: "2026.11.30"\n',
      "rule.yaml": readFileSync(join(folder, "rule.yaml")),
      "rule.test.yaml": readFileSync(join(folder, "rule.test.yaml")),
    });
    const tested = await runCommand("thoth", ["prescriptions", "test", rules, "--json"], { home });
    assert.equal(tested.status, 0, tested.stdout);
    assert.deepEqual(
      readdirSync(join(home, "tmp")).filter((name) => name.startsWith("thoth-heal-")),
      [],
    );
  });

  it("moves along what an old release names that fails in another way", async (test) => {
    if (!reachable) return test.skip("no package index can be reached");
    const cells = ["import thothmiddle\n", "print(thothmiddle.former())\n"];
    const folder = makeFolder(home, { "c.ipynb": notebookOf({ cells, metadata: asksFor("thothmiddle") }) });
    const result = await run(folder, ["run", "c.ipynb", "--heal", "--json"]);
    assert.equal(result.status, 0, `${result.stdout.slice(0, 800)} ${result.stderr.slice(0, 1500)}`);
    const [healed] = (result.json as Document).healed;
    assert.deepEqual(healed?.guilty, [{ name: "thothmiddle", version: "2.0", fails: ">1.0", passes: "1.0" }]);
    assert.deepEqual(healed?.changes, [
      { name: "thothcore", from: "2.0", to: "1.0" },
      { name: "thothmiddle", from: "2.0", to: "1.0" },
    ]);
    assert.equal(healed?.inspections, 3);
    assert.match(readFileSync(join(folder, "c.out.ipynb"), "utf8"), /works/);
  });

  it("tells that a mistake of the notebook is one, and changes nothing", async (test) => {
    if (!reachable) return test.skip("no package index can be reached");
    const folder = makeFolder(home, {
      "b.ipynb": notebookOf({
        cells: ["import thothbase\n", "print(never)\n"],
        metadata: asksFor("thothbase"),
      }),
    });
    await run(folder, ["lock", "b.ipynb"]);
    const before = readFileSync(join(folder, "b.ipynb"), "utf8");
    const result = await run(folder, ["run", "b.ipynb", "--heal", "--json"]);
    assertCode(result, "execution-failed");
    const { error } = result.json as { error: { details: { healing: { kind: string } } } };
    assert.equal(error.details.healing.kind, "notebook");
    assert.equal(readFileSync(join(folder, "b.ipynb"), "utf8"), before);
  });
});
