import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { IndexSession } from "@thoth/index";
import type { ThothError } from "@thoth/pep";
import { openStore } from "@thoth/store";
import { type Artifact, buildWheel, downloadWheels, type RangeManner, startIndex } from "@thoth/testkit";
import { readLocalContents, readRemoteContents } from "../src/index.ts";

const real = downloadWheels("content-wheels", ["PyYAML==6.0.2", "click==8.1.7", "MarkupSafe==2.1.5"]);
const skip = real === undefined ? "the wheels cannot be downloaded" : false;

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "thoth-contents-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** What is asked of a server that has the wheel, and what the same wheel on disk says. */
async function readBoth(context: TestContext, wheel: Artifact, ranges: RangeManner, native = true) {
  const folder = await temporaryFolder(context);
  const path = join(folder, wheel.filename);
  await writeFile(path, wheel.bytes);
  const index = await startIndex({ projects: { foo: [wheel] }, ranges });
  const store = openStore(join(folder, "knowledge.sqlite"));
  const session = new IndexSession({
    indexes: [index.indexUrl],
    findLinks: [],
    store,
    cacheDirectory: folder,
    offline: false,
    allowBuild: false,
    variables: { HOME: folder },
  });
  context.after(async () => {
    await session.close();
    store.close();
    await index.close();
  });
  const sha256 = createHash("sha256").update(wheel.bytes).digest("hex");
  const file = { filename: wheel.filename, url: index.urlOf(wheel.filename), hashes: { sha256 } };
  const local = await readLocalContents(path, { native });
  const remote = await readRemoteContents(session, { ...file, size: wheel.bytes.length }, { native });
  const asked = index.requests.map(({ status, headers }) => ({ status, range: headers.range }));
  return { local, remote, asked };
}

function bytesOf(range: string | undefined): number {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
  return Number(last) - Number(first) + 1;
}

/** Bytes that nothing makes shorter. */
function noise(length: number): Uint8Array {
  const parts = Array.from({ length: Math.ceil(length / 32) }, (_, at) =>
    createHash("sha256").update(String(at)).digest(),
  );
  return Buffer.concat(parts).subarray(0, length);
}

const large = buildWheel({
  name: "foo",
  version: "1.0",
  files: {
    "foo/__init__.py": "",
    "foo/data.bin": noise(3_000_000),
    "foo/_x.cpython-311-x86_64-linux-gnu.so": noise(500_000),
    "foo/more.bin": noise(1_000_000),
  },
});

suite("contents of a remote wheel", () => {
  test("are those of the same wheel on disk, by the parts that are needed", async (t) => {
    const { local, remote, asked } = await readBoth(t, large, "honoured");
    assert.deepEqual(remote, local);
    assert.deepEqual(remote.modules, ["foo", "foo._x"]);
    assert.deepEqual(remote.opaque, ["foo/_x.cpython-311-x86_64-linux-gnu.so"]);
    assert.ok(asked.every(({ status }) => status === 206));
    const bytes = asked.reduce((sum, { range }) => sum + bytesOf(range), 0);
    assert.ok(bytes < 800_000, `${bytes} bytes`);
  });

  test("without native files come with one request", async (t) => {
    const { local, remote, asked } = await readBoth(t, large, "honoured", false);
    assert.deepEqual(remote, local);
    assert.equal(asked.length, 1);
  });

  for (const ranges of ["ignored", "refused", "no-suffix", "whole", "lying"] as const) {
    test(`are the same where ranges are ${ranges}`, async (t) => {
      const { local, remote } = await readBoth(t, large, ranges);
      assert.deepEqual(remote, local);
    });
  }

  test("are those of real wheels, too", { skip }, async (t) => {
    for (const path of real ?? []) {
      const wheel = { filename: basename(path), bytes: await readFile(path), metadata: "" };
      const { local, remote } = await readBoth(t, wheel, "honoured");
      assert.deepEqual(remote, local);
    }
  });
});

suite("contents of real wheels", () => {
  test("are what Python finds of them", { skip }, async (t) => {
    const folder = await temporaryFolder(t);
    const words = [
      "-m",
      "pip",
      "install",
      "-q",
      "--disable-pip-version-check",
      "--no-deps",
      "--no-index",
      "--no-compile",
    ];
    const platform = [
      "--platform",
      "manylinux2014_x86_64",
      "--python-version",
      "3.11",
      "--only-binary=:all:",
    ];
    const put = spawnSync("python3", [...words, ...platform, "--target", folder, ...(real ?? [])], {
      encoding: "utf8",
    });
    assert.equal(put.status, 0, put.stderr);
    const program = `
import importlib.machinery, json, sys
from importlib.metadata import distributions
def walk(folder, prefix):
    import pkgutil
    for one in pkgutil.iter_modules([folder]):
        if "." in one.name: continue
        yield prefix + one.name
        if one.ispkg: yield from walk(folder + "/" + one.name, prefix + one.name + ".")
entries = sorted([e.group, e.name, e.value] for d in distributions(path=[sys.argv[1]]) for e in d.entry_points)
print(json.dumps([sorted(walk(sys.argv[1], "")), entries]))`;
    const { stdout } = spawnSync("python3", ["-c", program, folder], { encoding: "utf8" });
    const [modules, entries] = JSON.parse(stdout) as [string[], string[][]];
    const facts = await Promise.all((real ?? []).map((path) => readLocalContents(path)));
    const found = new Set(facts.flatMap((fact) => fact.modules));
    // Python lists extension modules only under the ending of the interpreter that runs; all others are there.
    assert.deepEqual(
      modules.filter((one) => !found.has(one)),
      [],
    );
    const extra = [...found].filter((one) => !modules.includes(one)).sort();
    assert.deepEqual(
      extra.filter((one) => !/\._/.test(one) && one !== "_yaml"),
      [],
    );
    assert.deepEqual(
      facts.flatMap((fact) => fact.entryPoints.map(({ group, name, value }) => [group, name, value])).sort(),
      entries,
    );
  });

  test("know their licences, and the libraries in them", { skip }, async () => {
    const facts = await Promise.all((real ?? []).map((path) => readLocalContents(path)));
    const byName = new Map(facts.map((fact) => [fact.filename.split("-")[0]?.toLowerCase(), fact]));
    assert.equal(byName.get("click")?.license, "BSD-3-Clause");
    assert.equal(byName.get("markupsafe")?.license, "BSD-3-Clause");
    assert.equal(byName.get("pyyaml")?.license, "MIT");
    assert.deepEqual(byName.get("click")?.libraries, []);
    const yaml = byName.get("pyyaml")?.libraries[0];
    assert.equal(yaml?.machine, "x86_64");
    assert.ok(yaml?.needs.includes("libc.so.6"));
    assert.ok(yaml?.symbols["libc.so.6"]?.includes("GLIBC_2.2.5"));
  });
});

test("a file that is no wheel is refused", async (t) => {
  const path = join(await temporaryFolder(t), "foo-1.0-py3-none-any.whl");
  await writeFile(path, "no archive");
  await assert.rejects(readLocalContents(path), (error: ThothError) => error.code === "invalid-wheel");
  await assert.rejects(
    readLocalContents(`${path}.gone`),
    (error: ThothError) => error.code === "file-failed",
  );
});
