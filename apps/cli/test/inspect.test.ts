// `thoth inspect`: from the command line to the document, the table and the graph.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openGraph } from "@thoth/store";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

interface Document {
  readonly passed: boolean;
  readonly stack: readonly { readonly name: string; readonly version: string }[];
  readonly stages: readonly { readonly stage: string; readonly outcome: string }[];
  readonly imports: readonly { readonly name: string; readonly status: number }[];
  readonly checks: readonly {
    readonly name: string;
    readonly runs: number;
    readonly stage: { readonly outcome: string; readonly status: number };
    readonly measurements: readonly { readonly metric: string; readonly batches: number[][] }[];
  }[];
  readonly facts: number;
}

describe("thoth inspect", { skip: process.platform !== "linux" && "isolation is of Linux" }, () => {
  let shop: Workshop;
  before(async () => {
    shop = await openWorkshop();
  });
  after(() => shop.close());

  const inspect = async (...words: readonly string[]) => {
    const result = await shop.run("thoth", ["inspect", "--json", ...words]);
    return { result, document: documentOf(result, "thoth inspect") as unknown as Document };
  };

  it("takes requirements as they are written", async () => {
    const { result, document } = await inspect("alpha==1.0", "beta<2");
    assert.equal(result.status, 0);
    assert.equal(document.passed, true);
    assert.deepEqual(document.stack, [
      { name: "alpha", version: "1.0" },
      { name: "beta", version: "1.0" },
    ]);
    assert.deepEqual(
      document.stages.map(({ stage, outcome }) => [stage, outcome]),
      [
        ["install", "passed"],
        ["import", "passed"],
      ],
    );
    assert.deepEqual(
      document.imports.map(({ name, status }) => [name, status]),
      [
        ["alpha", 0],
        ["beta", 0],
      ],
    );
  });

  it("takes a lock, runs a program in it, and answers with a no where that fails", async () => {
    shop.write("requirements.in", "alpha\n");
    await shop.run("thoth", ["lock", "requirements.in", "-o", "pylock.toml"]);
    shop.write("good.py", "import alpha, beta\n");
    shop.write("bad.py", "import alpha\nraise SystemExit(3)\n");
    const { result, document } = await inspect("pylock.toml", "--check", "good.py", "--check", "bad.py");
    assert.equal(result.status, 1);
    assert.equal(document.passed, false);
    assert.deepEqual(
      document.checks.map(({ name, stage }) => [name, stage.outcome, stage.status]),
      [
        ["good.py", "passed", 0],
        ["bad.py", "failed", 3],
      ],
    );
  });

  it("measures by an indicator of one's own, and keeps it in a graph", async () => {
    const folder = join(shop.folder, "indicators", "length");
    mkdirSync(folder, { recursive: true });
    const text =
      "summary: s\npackages: [alpha]\nmetrics: {size: {unit: characters, higher-is-better: false}}\n";
    shop.write("indicators/length/indicator.yaml", text);
    shop.write(
      "indicators/length/run.py",
      'import alpha, json\nprint(json.dumps({"results": {"size": [2, 2]}}))\n',
    );
    const graphPath = join(shop.folder, "graph.sqlite");
    const { document } = await inspect(
      ...[
        "alpha",
        "--indicators",
        "indicators",
        "--indicator",
        "length",
        "--repeat",
        "2",
        "--database",
        graphPath,
      ],
    );
    const [check] = document.checks;
    assert.deepEqual([check?.name, check?.runs], ["length", 2]);
    assert.deepEqual(check?.measurements[0]?.batches, [
      [2, 2],
      [2, 2],
    ]);
    const graph = await openGraph(graphPath);
    const kept = await graph.read({ owners: ["alpha" as never], kinds: ["measurement", "observation"] });
    await graph.close();
    assert.deepEqual(kept.map(({ kind }) => kind).sort(), ["measurement", "observation", "observation"]);
    assert.equal(document.facts, 6);
  });

  it("shows tables", async () => {
    const result = await shop.run("thoth", ["inspect", "alpha"]);
    assert.equal(result.status, 0);
    assert.match(result.stdout, /^install +passed/m);
    assert.match(result.stdout, /^import +2 packages +passed/m);
  });

  it("refuses what it cannot inspect", async () => {
    const code = async (...words: readonly string[]) =>
      codeOf(await shop.run("thoth", ["inspect", "--json", ...words]));
    assert.equal(await code("alpha", "--indicator", "nothing"), "usage");
    assert.equal(await code("alpha", "--indicator", "matmul-numpy"), "usage");
    assert.equal(await code("alpha", "--check", "notebook.ipynb"), "usage");
    assert.equal(await code("nowhere.txt"), "usage");
    assert.equal(await code("alpha", "--repeat", "0"), "usage");
    assert.equal(await code("no-such-package"), "package-not-found");
  });
});
