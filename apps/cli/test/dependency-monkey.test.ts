// `thoth dependency-monkey`: of packages of which only two releases do not go together, it is told their names alone.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openGraph } from "@thoth/store";
import { buildWheel, type IndexServer, runCommand, startIndex } from "@thoth/testkit";
import { codeOf, documentOf } from "./workshop.ts";

interface Document {
  readonly stacks: number;
  readonly failed: number;
  readonly inspections: number;
  readonly conflicts: readonly {
    readonly what: string;
    readonly symptom: string;
    readonly confirmed: boolean;
    readonly members: readonly {
      readonly name: string;
      readonly fails: string;
      readonly passes: string | null;
    }[];
    readonly companions: readonly string[];
  }[];
  readonly facts: number;
  readonly rules: readonly string[];
}

const base = (version: string, source: string) =>
  buildWheel({ name: "base", version, files: { "base.py": source } });
const user = (version: string, source: string) =>
  buildWheel({ name: "user", version, requires: ["base"], files: { "user.py": source } });

const projects = {
  base: ["1.0", "1.1", "1.2", "1.3"]
    .map((version) => base(version, "former = 1\n"))
    .concat(["2.0", "2.1", "2.2"].map((version) => base(version, "present = 1\n"))),
  user: [
    user("1.0", "import base\n"),
    user("1.1", "from base import former\n"),
    user("1.2", "from base import former\n"),
    user("1.3", "import base\n"),
  ],
  other: [buildWheel({ name: "other", version: "1.0", files: { "other.py": "" } })],
};

describe("thoth dependency-monkey", { skip: process.platform !== "linux" && "isolation is of Linux" }, () => {
  let home: string;
  let index: IndexServer;
  before(async () => {
    home = mkdtempSync(join(tmpdir(), "thoth-monkey-"));
    index = await startIndex({ projects });
  });
  after(async () => {
    await index.close();
    rmSync(home, { recursive: true, force: true });
  });

  const run = (...words: readonly string[]) =>
    runCommand("thoth", ["dependency-monkey", "--json", "--index-url", index.indexUrl, ...words], {
      home,
      timeoutMs: 300_000,
    });
  const monkey = async (...words: readonly string[]) => {
    const result = await run(...words);
    return { result, document: documentOf(result, "thoth dependency-monkey") as unknown as Document };
  };

  it("finds the two ranges that fail together, and writes a rule of them that holds", async () => {
    const rules = join(home, "found");
    const graphPath = join(home, "graph.sqlite");
    const { result, document } = await monkey(
      ...["user==1.2", "other", "--count", "2", "--rules", rules, "--database", graphPath],
    );
    assert.equal(result.status, 1, result.stderr);
    const [conflict] = document.conflicts;
    assert.equal(document.conflicts.length, 1);
    assert.equal(conflict?.confirmed, true);
    assert.match(conflict?.symptom ?? "", /^ImportError: cannot import name 'former'/);
    assert.deepEqual(Object.fromEntries((conflict?.members ?? []).map(({ name, fails }) => [name, fails])), {
      base: ">1.3",
      user: ">1.0,<1.3",
    });
    assert.equal(document.rules.length, 1);
    const tested = await runCommand("thoth", ["prescriptions", "test", rules, "--json"], { home });
    assert.equal(tested.status, 0, tested.stdout);
    const graph = await openGraph(graphPath);
    const kept = await graph.read({ owners: ["user" as never], kinds: ["observation"] });
    await graph.close();
    assert.ok(kept.some(({ body }) => "outcome" in body && body.outcome === "failed"));
    assert.ok(document.facts > 0);
  });

  it("goes on from its evidence, and inspects nothing again", async () => {
    const report = join(home, "evidence.jsonl");
    const words = [
      "user",
      "base",
      "--suspect",
      "user",
      "--suspect",
      "base",
      "--count",
      "8",
      "--report",
      report,
    ];
    const { document: first } = await monkey(...words);
    assert.equal(first.stacks, 8);
    assert.ok(first.inspections >= 8);
    const kept = readFileSync(report, "utf8");
    // As if it had been cut off while it wrote.
    const { document: again } = await monkey(...words);
    assert.equal(again.inspections, 0);
    assert.deepEqual(again.conflicts, first.conflicts);
    assert.ok(readFileSync(report, "utf8").startsWith(kept));
  });

  it("tries the same stacks for the same seed", async () => {
    const stacks = async (seed: string, name: string) => {
      const report = join(home, name);
      await monkey(
        "user",
        "base",
        "--predictor",
        "random",
        "--seed",
        seed,
        "--count",
        "4",
        "--report",
        report,
      );
      return readFileSync(report, "utf8")
        .split("\n")
        .filter((line) => line.startsWith('{"kind":"inspection"'))
        .slice(0, 3)
        .map((line) => (JSON.parse(line) as { stack: unknown }).stack);
    };
    const one = await stacks("7", "one.jsonl");
    assert.equal(one.length, 3);
    assert.deepEqual(await stacks("7", "two.jsonl"), one);
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const trials = () =>
      existsSync(join(home, "tmp"))
        ? readdirSync(join(home, "tmp")).filter((name) => name.startsWith("thoth-trial-"))
        : [];
    let began = false;
    let watch: NodeJS.Timeout | undefined;
    const result = await runCommand(
      "thoth",
      ["dependency-monkey", "user", "base", "--count", "50", "--index-url", index.indexUrl],
      {
        home,
        timeoutMs: 120_000,
        started: ({ child }) => {
          watch = setInterval(() => {
            // The first environment is being made. Who insists is not waited for: it is told once.
            if (began || !trials().some((name) => readdirSync(join(home, "tmp", name)).length > 0)) return;
            began = true;
            child.kill("SIGINT");
          }, 20);
        },
      },
    );
    clearInterval(watch);
    assert.ok(began);
    assert.equal(result.status, 130, result.stderr);
    assert.deepEqual(trials(), []);
  });

  it("refuses what it cannot try", async () => {
    assert.equal(codeOf(await run("user", "--predictor", "pair")), "usage");
    assert.equal(codeOf(await run("user", "--check", "check.ipynb")), "usage");
    assert.equal(codeOf(await run("user", "--count", "0")), "usage");
    assert.equal(codeOf(await run("user>9")), "unsatisfiable");
  });
});
