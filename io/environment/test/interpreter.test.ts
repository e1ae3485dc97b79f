// The interpreters of this machine: what they say of themselves, how one is chosen, and what is no interpreter.

import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { ThothError } from "@thoth/pep";
import { interpreterIdentity, probeInterpreter, targetOf } from "../src/interpreter.ts";
import { findInterpreters, selectInterpreter } from "../src/interpreter-search.ts";
import { interpreter, World } from "./world.ts";

const folder = await mkdtemp(join(tmpdir(), "thoth-interpreters-"));
const empty = { variables: { PATH: folder }, home: folder, directory: folder };

after(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function script(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

function notFound(error: unknown): boolean {
  return error instanceof ThothError && error.code === "interpreter-not-found";
}

test("each says what it is, and fits wheels for itself", async () => {
  for (const found of await findInterpreters()) {
    const [major = "", minor = ""] = found.version.split(".");
    const { markers, tags, pythonVersion } = targetOf(found);
    assert.equal(markers.python_version, `${major}.${minor}`);
    assert.equal(pythonVersion.text, found.version);
    assert.ok(tags.has("py3-none-any"));
    assert.ok([...tags.keys()].some((tag) => tag.endsWith(found.platform)));
    assert.equal((await interpreterIdentity(found)).length, 5);
  }
});

test("a version chooses", async () => {
  const [major, minor] = interpreter.version.split(".");
  for (const wish of [`${major}.${minor}`, `>=${major}.${minor}`, interpreter.version, interpreter.path]) {
    const chosen = await selectInterpreter({ pythonVersion: wish });
    assert.ok(chosen.version.startsWith(`${major}.`));
  }
  const remembered = { cacheDirectory: join(folder, "cache") };
  const first = await selectInterpreter({}, remembered);
  assert.deepEqual(await selectInterpreter({}, remembered), first);
  assert.ok((await readFile(join(folder, "cache", "interpreters.json"), "utf8")).includes(first.version));
  await writeFile(join(folder, "cache", "interpreters.json"), "{damaged");
  assert.deepEqual(await selectInterpreter({}, remembered), first);
});

test("one inside a virtual environment leads to its base", async () => {
  const world = await World.open();
  const made = await world.create(await world.lock([]));
  const probed = await probeInterpreter(made.python);
  assert.equal(probed.version, interpreter.version);
  assert.ok(!probed.path.startsWith(made.path));
  await world.close();
});

describe("what is no interpreter", () => {
  test("no file, a folder, a file that does not start, one that answers nonsense or hangs on", async () => {
    await assert.rejects(probeInterpreter(join(folder, "missing")), notFound);
    await assert.rejects(probeInterpreter(folder), notFound);
    await assert.rejects(probeInterpreter(await script("plain", "not a program")), notFound);
    await assert.rejects(probeInterpreter(await script("liar", "#!/bin/sh\necho '{}'\n")), notFound);
    await assert.rejects(probeInterpreter(await script("failing", "#!/bin/sh\nexit 1\n")), notFound);
    await assert.rejects(probeInterpreter(await script("list", "#!/bin/sh\necho '[1, 2]'\n")), notFound);
  });

  test("none fits: the error says which there are", async () => {
    const error = await selectInterpreter({ pythonVersion: "3.99" }).catch((reason: ThothError) => reason);
    assert.ok(error instanceof ThothError && notFound(error));
    assert.notDeepEqual(error.details?.["found"], []);
    assert.ok((error.hint ?? "").includes("--python-version"));
  });

  test("broken ones on the PATH are passed over", async () => {
    await script("python3", "#!/bin/sh\nexit 1\n");
    await symlink(interpreter.path, join(folder, "python3.11"));
    const chosen = await selectInterpreter({}, { places: empty });
    assert.equal(chosen.version, interpreter.version);
  });
});
