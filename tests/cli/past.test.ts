// Notebooks of the past are run with one stack after the other. An index on loopback has a package with dates; the kernel is the
// real one, from the index that this machine uses. Without one the suite is skipped by name.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { selectInterpreter } from "@thoth/environment";
import { buildWheel, type CommandResult, type IndexServer, runCommand, startIndex } from "@thoth/testkit";
import { metadataOf, notebookOf } from "../notebooks.ts";
import { assertDocument, makeFolder, makeHome } from "../support.ts";

const cache = fileURLToPath(new URL("../../.cache/tests/fetched", import.meta.url));
const home = makeHome();
/** Where stacks are tried. */
const scratch = mkdtempSync(join(home, "tmp-"));
const network = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(?:PIP_|UV_|SSL_CERT|REQUESTS_CA|(?:https?|all|no)_proxy$)/i.test(name),
    ),
  ),
  TMPDIR: scratch,
};
let server: IndexServer;
let reachable = false;
let python = "";

const release = (version: string, day: string, name: string) => ({
  artifact: buildWheel({
    name: "thothage",
    version,
    files: { "thothage.py": `def ${name}():\n    return 'works'\n` },
  }),
  uploadTime: `${day}T00:00:00Z`,
});

before(async () => {
  mkdirSync(cache, { recursive: true });
  python = (await selectInterpreter({})).version;
  server = await startIndex({
    projects: { thothage: [release("1.0", "2019-01-01", "former"), release("2.0", "2026-10-01", "present")] },
  });
  const words = ["lock", "-", "--cache-dir", cache];
  reachable = (await runCommand("thoth", words, { home, env: network, stdin: "comm\n" })).status === 0;
});
after(() => server.close());

/** What is called by a made-up name is found out by running alone. */
const CALL = "import thothage\nprint(getattr(thothage, 'for' + 'mer')())\n";

function makeNotebook(cells: readonly string[]): string {
  const metadata = {
    requirements: JSON.stringify({ packages: { thothage: "*" } }),
    language_info: { name: "python", version: `${python.split(".").slice(0, 2).join(".")}.0` },
  };
  return makeFolder(home, { "a.ipynb": notebookOf({ cells, metadata }) });
}

function lock(folder: string, ...words: readonly string[]): Promise<CommandResult> {
  const all = ["lock", "a.ipynb", "--as-of", "auto", "--json", ...words];
  const extra = ["--extra-index-url", server.indexUrl, "--cache-dir", cache];
  return runCommand("horus", [...all, ...extra], { home, cwd: folder, env: network, timeoutMs: 600_000 });
}

interface Document {
  readonly past: {
    readonly chosen: string;
    readonly tried: readonly {
      readonly kind: string;
      readonly against: readonly string[];
      readonly runs?: boolean;
    }[];
  };
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}

function told(result: CommandResult): Document["past"] & { readonly version: string | undefined } {
  assert.equal(result.status, 0, `${result.stdout.slice(0, 800)} ${result.stderr.slice(0, 1500)}`);
  assertDocument("horus lock", result.json);
  const { past, packages } = result.json as unknown as Document;
  return { ...past, version: packages.find(({ name }) => name === "thothage")?.version };
}

describe("horus lock --as-of auto --try", { concurrency: 1 }, () => {
  it("takes the first stack with which the notebook runs to its end", async (test) => {
    if (!reachable) return test.skip("no package index can be reached");
    const folder = makeNotebook([CALL]);
    const past = told(await lock(folder, "--try", "--cell-timeout", "60"));
    assert.deepEqual(
      past.tried.map(({ kind, runs }) => [kind, runs]),
      [
        ["newest", false],
        ["of-its-time", true],
      ],
      JSON.stringify(past.tried),
    );
    assert.match(past.tried[0]?.against[0] ?? "", /^AttributeError: .*former/);
    assert.equal(past.version, "1.0");
    const metadata = metadataOf(readFileSync(join(folder, "a.ipynb"), "utf8"));
    assert.match(JSON.stringify(metadata["thoth"]), /thothage-1\.0/);
    // Nothing was put out, and no environment is left.
    assert.deepEqual(readdirSync(folder), ["a.ipynb"]);
    assert.deepEqual(
      readdirSync(scratch).filter((name) => name.startsWith("thoth-try-")),
      [],
    );
  });

  it("takes the one with which it comes furthest where it runs with none; without --try nothing is run", async (test) => {
    if (!reachable) return test.skip("no package index can be reached");
    const folder = makeNotebook([CALL, "1 / 0\n"]);
    const past = told(await lock(folder, "--try"));
    assert.equal(past.chosen, "of-its-time");
    assert.deepEqual(
      past.tried.map(({ against: [first] }) => first?.split(":", 1)[0]),
      ["AttributeError", "ZeroDivisionError"],
    );
    assert.equal(told(await lock(makeNotebook([CALL]))).version, "2.0");
  });
});
