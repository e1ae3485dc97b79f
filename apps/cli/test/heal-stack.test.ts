// `thoth heal`: of a stack that fails, without a notebook, a lock that works. `user` needs an old `base`, and that one an old `core`,
// which nobody wrote down.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parsePylock } from "@thoth/pep";
import { buildWheel, type IndexServer, runCommand, startIndex } from "@thoth/testkit";
import { codeOf, documentOf } from "./workshop.ts";

interface Document {
  readonly works: boolean;
  readonly healed: readonly {
    readonly what: string;
    readonly symptom: string;
    readonly guilty: readonly { readonly name: string; readonly fails: string; readonly passes: string }[];
    readonly changes: readonly object[];
    readonly inspections: number;
  }[];
  readonly unhealed: { readonly what: string; readonly symptom: string } | null;
  readonly stack: readonly { readonly name: string; readonly version: string }[];
  readonly inspections: number;
  readonly lock: string | null;
}

const wheel = (name: string, version: string, source: string, requires: readonly string[] = []) =>
  buildWheel({ name, version, requires, files: { [`${name}.py`]: source } });

const dated = (day: string, artifact: ReturnType<typeof wheel>) => ({
  artifact,
  uploadTime: `${day}T00:00:00Z`,
});
/** Names nobody when it fails. */
const CHECKS =
  "import beta, gamma\nif max(beta.year, gamma.year) > 2020:\n    raise RuntimeError('too new')\n";

const projects = {
  core: [
    wheel("core", "1.0", "origin = 1\n"),
    wheel("core", "1.1", "origin = 1\n"),
    wheel("core", "2.0", "source = 1\n"),
    wheel("core", "2.1", "source = 1\n"),
  ],
  base: [
    wheel("base", "1.0", "from core import origin\nformer = 1\n", ["core"]),
    wheel("base", "1.1", "from core import origin\nformer = 1\n", ["core"]),
    wheel("base", "2.0", "present = 1\n", ["core"]),
    wheel("base", "2.1", "present = 1\n", ["core"]),
    wheel("base", "2.2", "present = 1\n", ["core"]),
  ],
  user: [wheel("user", "1.0", "from base import former\n", ["base"])],
  other: [wheel("other", "1.0", "")],
  alpha: [
    dated("2020-01-01", wheel("alpha", "1.0", CHECKS, ["beta", "gamma", "delta"])),
    dated("2022-01-01", wheel("alpha", "2.0", "raise OSError('no place')\n", ["beta", "gamma", "delta"])),
  ],
  ...Object.fromEntries(
    ["beta", "gamma", "delta"].map((name) => [
      name,
      [
        dated("2019-06-01", wheel(name, "0.8", "year = 2019\n")),
        dated("2020-01-01", wheel(name, "0.9", "year = 2020\n")),
        dated("2022-01-01", wheel(name, "1.0", "year = 2022\n")),
        dated("2022-02-01", wheel(name, "1.1", "year = 2022\n")),
      ],
    ]),
  ),
  broken: [wheel("broken", "1.0", "raise ValueError('never')\n")],
};

describe("thoth heal", { skip: process.platform !== "linux" && "isolation is of Linux" }, () => {
  let home: string;
  let index: IndexServer;
  before(async () => {
    home = mkdtempSync(join(tmpdir(), "thoth-heal-stack-"));
    index = await startIndex({ projects });
  });
  after(async () => {
    await index.close();
    rmSync(home, { recursive: true, force: true });
  });

  const run = (command: string, ...words: readonly string[]) =>
    runCommand("thoth", [command, "--json", "--index-url", index.indexUrl, ...words], {
      home,
      cwd: home,
      timeoutMs: 300_000,
    });
  const heal = async (...words: readonly string[]) => {
    const result = await run("heal", ...words);
    return { result, document: documentOf(result, "thoth heal") as unknown as Document };
  };
  const versionsIn = (path: string) =>
    Object.fromEntries(
      parsePylock(readFileSync(join(home, path), "utf8")).packages.map(({ name, version }) => [
        name,
        version?.text,
      ]),
    );

  it("finds what is to blame of requirements, moves what has to move with it, and writes a lock that works", async () => {
    writeFileSync(join(home, "requirements.in"), "user\nother\n");
    const { result, document } = await heal("requirements.in", "-o", "pylock.toml");
    assert.equal(result.status, 0, result.stderr);
    assert.equal(document.works, true);
    assert.equal(document.lock, "pylock.toml");
    const [healed, ...more] = document.healed;
    assert.deepEqual(more, []);
    assert.equal(healed?.what, "import user");
    assert.match(healed?.symptom ?? "", /^ImportError: cannot import name 'former'/);
    assert.deepEqual(healed?.guilty, [{ name: "base", version: "2.2", fails: ">1.1", passes: "1.1" }]);
    assert.deepEqual(healed?.changes, [
      { name: "base", from: "2.2", to: "1.1" },
      { name: "core", from: "2.1", to: "1.1" },
    ]);
    assert.ok(document.inspections <= 9, `${document.inspections}`);
    assert.deepEqual(versionsIn("pylock.toml"), { base: "1.1", core: "1.1", other: "1.0", user: "1.0" });
    // What was healed has nothing to heal.
    const { result: again, document: nothing } = await heal("pylock.toml");
    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual([nothing.works, nothing.healed, nothing.inspections], [true, [], 1]);
  });

  it("changes a lock until a program runs, and keeps to what it was made from", async () => {
    writeFileSync(join(home, "check.py"), "from core import origin\nprint(origin)\n");
    writeFileSync(join(home, "asked.in"), "core\nother\n");
    const locked = await runCommand(
      "thoth",
      ["lock", "asked.in", "--index-url", index.indexUrl, "--format", "requirements", "-o", "locked.txt"],
      { home, cwd: home },
    );
    assert.equal(locked.status, 0, locked.stderr);
    const before = readFileSync(join(home, "locked.txt"), "utf8");
    const { result, document } = await heal("locked.txt", "--check", "check.py", "-o", "healed.toml");
    assert.equal(result.status, 0, result.stderr);
    assert.equal(document.healed[0]?.what, "check.py");
    assert.deepEqual(versionsIn("healed.toml"), { core: "1.1", other: "1.0" });
    assert.equal(readFileSync(join(home, "locked.txt"), "utf8"), before);
    // Bound to what no release that works meets.
    writeFileSync(join(home, "bound.in"), "core>=2\nother\n");
    const bound = await heal("locked.txt", "--check", "check.py", "-r", "bound.in", "-o", "none.toml");
    assert.equal(bound.result.status, 1);
    assert.deepEqual([bound.document.works, bound.document.lock], [false, null]);
    assert.equal(bound.document.unhealed?.what, "check.py");
    assert.ok(!existsSync(join(home, "none.toml")));
  });

  it("takes the stack of the day of an old release, and brings back what moved for nothing", async () => {
    const { result, document } = await heal("alpha", "-o", "former.toml");
    assert.equal(result.status, 0, result.stderr);
    assert.deepEqual(document.healed[0]?.guilty, [
      { name: "alpha", version: "2.0", fails: ">1.0", passes: "1.0" },
    ]);
    assert.deepEqual(versionsIn("former.toml"), { alpha: "1.0", beta: "0.9", gamma: "0.9", delta: "1.1" });
  });

  it("tells that nothing heals what fails in every release", async () => {
    const { result, document } = await heal("broken", "other");
    assert.equal(result.status, 1);
    assert.deepEqual(document.unhealed?.what, "import broken");
    assert.match(document.unhealed?.symptom ?? "", /^ValueError: never/);
    assert.deepEqual(
      readdirSync(join(home, "tmp")).filter((name) => name.startsWith("thoth-trial-")),
      [],
    );
  });

  it("refuses what it cannot heal", async () => {
    assert.equal(codeOf(await run("heal", "user", "--check", "check.ipynb")), "usage");
    assert.equal(codeOf(await run("heal", "user", "-r", "asked.in")), "usage");
    assert.equal(codeOf(await run("heal", "user>9")), "unsatisfiable");
    assert.equal(codeOf(await run("heal", "nowhere/pylock.toml")), "usage");
    writeFileSync(join(home, "pylock.cut.toml"), 'lock-version = "1.0"\n[[packages]]\n');
    assert.equal(codeOf(await run("heal", "pylock.cut.toml")), "invalid-lock");
  });
});
