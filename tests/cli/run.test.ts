// The main job to its end: a notebook that says nothing is run in a fresh environment. The kernel is the real one,
// so its packages come from the index that this machine uses; without one the suite is skipped by name.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { buildWheel, type CommandResult, type IndexServer, runCommand, startIndex } from "@thoth/testkit";
import { metadataOf, notebookOf } from "../notebooks.ts";
import {
  assertCivil,
  assertCode,
  assertDocument,
  leavesAlone,
  listFiles,
  makeFolder,
  makeHome,
} from "../support.ts";

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

before(async () => {
  mkdirSync(cache, { recursive: true });
  const files = { "six.py": "PLACE = 'loopback'\n" };
  server = await startIndex({ projects: { six: [buildWheel({ name: "six", version: "99.0", files })] } });
  const probe = await runCommand("thoth", ["lock", "-", "--cache-dir", cache], {
    home,
    env: network,
    stdin: "comm\n",
  });
  reachable = probe.status === 0;
});
after(() => server.close());

function run(folder: string, words: readonly string[]): Promise<CommandResult> {
  const extra = ["--extra-index-url", server.indexUrl, "--cache-dir", cache];
  return runCommand("horus", [...words, ...extra], { home, cwd: folder, env: network, timeoutMs: 180_000 });
}

/** What the code cells printed. */
function printed(text: string): string {
  const { cells } = JSON.parse(text) as { cells: { outputs?: { text?: string | string[] }[] }[] };
  return cells
    .flatMap(({ outputs = [] }) => outputs.map((output) => [output.text ?? ""].flat().join("")))
    .join("");
}

describe("horus run", { concurrency: 1 }, () => {
  it("locks, installs and executes, and the second time only executes", async (test) => {
    if (!reachable) return test.skip("no package index can be reached");
    const text = notebookOf({ cells: ["import comm\nprint('one', 1 + 1)\n", "print(comm.__name__)\n"] });
    const folder = makeFolder(home, { "a.ipynb": text });
    const first = await run(folder, ["run", "a.ipynb", "--json"]);
    assertCivil(first);
    assert.equal(first.status, 0, `${first.stdout.slice(0, 600)} ${first.stderr.slice(0, 1500)}`);
    assertDocument("horus run", first.json);
    assert.deepEqual([...listFiles(folder).keys()], ["a.ipynb", "a.out.ipynb"]);
    assert.equal(printed(readFileSync(join(folder, "a.out.ipynb"), "utf8")), "one 2\ncomm\n");
    assert.equal(printed(readFileSync(join(folder, "a.ipynb"), "utf8")), "");
    assert.ok(metadataOf(readFileSync(join(folder, "a.ipynb"), "utf8"))["thoth"] !== undefined);
    const second = await run(folder, ["run", "a.ipynb", "--json", "-o", "b.ipynb"]);
    assert.equal(second.status, 0, second.stderr.slice(0, 1500));
    const { lock, "environment-reused": reused } = second.json as Record<string, unknown>;
    assert.deepEqual([lock, reused], ["up-to-date", true]);
  });

  it("tells of a cell that fails, and keeps what was there", async (test) => {
    if (!reachable) return test.skip("no package index can be reached");
    const text = notebookOf({ cells: ["import comm\nprint('before')\n", "1 / 0\n", "print('after')\n"] });
    const folder = makeFolder(home, { "a.ipynb": text, "mine.txt": "mine" });
    const result = await run(folder, ["run", "a.ipynb", "--json"]);
    const error = assertCode(result, "execution-failed");
    assert.match(JSON.stringify(error), /ZeroDivisionError/);
    const allowed = await run(folder, ["run", "a.ipynb", "--json", "--allow-errors", "-o", "all.ipynb"]);
    assert.equal(allowed.status, 0, allowed.stderr.slice(0, 1500));
    assert.equal(printed(readFileSync(join(folder, "all.ipynb"), "utf8")), "before\nafter\n");
  });

  it("is interrupted without a trace", async (test) => {
    if (!reachable) return test.skip("no package index can be reached");
    const code = "import comm, pathlib, time\npathlib.Path('started').write_text('x')\ntime.sleep(120)\n";
    const folder = makeFolder(home, { "a.ipynb": notebookOf({ cells: [code] }) });
    assert.equal((await run(folder, ["lock", "a.ipynb"])).status, 0);
    const words = ["run", "a.ipynb", "--json", "--cache-dir", cache];
    const result = await runCommand("horus", words, {
      home,
      cwd: folder,
      env: network,
      timeoutMs: 180_000,
      started: ({ child }) => {
        const timer = setInterval(() => {
          if (!listFiles(folder).has("started")) return;
          clearInterval(timer);
          child.kill("SIGINT");
        }, 50);
        timer.unref();
      },
    });
    assertCode(result, "interrupted");
    assert.ok(
      [...listFiles(folder).keys()].every((name) => ["a.ipynb", "a.out.ipynb", "started"].includes(name)),
    );
  });

  it("does not run what cannot be locked", async (test) => {
    if (!reachable) return test.skip("no package index can be reached");
    const requirements = JSON.stringify({ packages: { six: "==98.0" } });
    const folder = makeFolder(home, {
      "a.ipynb": notebookOf({ cells: ["print(1)"], metadata: { requirements } }),
    });
    const result = await leavesAlone(folder, () => run(folder, ["run", "a.ipynb", "--json"]));
    assertCode(result, "unsatisfiable");
  });
});
