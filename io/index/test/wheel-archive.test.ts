import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { ThothError } from "@thoth/pep";
import { type Artifact, buildWheel, startIndex, type ZipMember } from "@thoth/testkit";
import { openLocalWheel } from "../src/index.ts";
import { openRig, temporaryFolder } from "./rig.ts";

const long = "value = 1\n".repeat(40_000);
const foo = buildWheel({
  name: "foo",
  version: "1.0",
  files: { "foo/a.py": "a = 1\n", "foo/long.py": long },
});

function requestOf(wheel: Artifact, url: string) {
  const sha256 = createHash("sha256").update(wheel.bytes).digest("hex");
  return { filename: wheel.filename, url, hashes: { sha256 }, size: wheel.bytes.length };
}

const code = (expected: string) => (error: ThothError) => error.code === expected;

suite("an open wheel", () => {
  test("gives its members, from disk and from an index", async (t) => {
    const index = await startIndex({ projects: { foo: [foo] } });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    const path = join(await temporaryFolder(t), foo.filename);
    await writeFile(path, foo.bytes);
    for (const url of [index.urlOf(foo.filename), pathToFileURL(path).href]) {
      const wheel = await session.openWheel(requestOf(foo, url));
      assert.deepEqual([wheel.filename, wheel.size], [foo.filename, foo.bytes.length]);
      const member = wheel.members.find(({ name }) => name === "foo/long.py");
      assert.equal((await wheel.read(member!, long.length))?.toString(), long);
      assert.equal(await wheel.read(member!, long.length - 1), undefined);
      await wheel.close();
    }
  });

  test("that is in the cache is not asked for again", async (t) => {
    const index = await startIndex({ projects: { foo: [foo] } });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    const request = requestOf(foo, index.urlOf(foo.filename));
    await session.artifact(request);
    const before = index.requests.length;
    await (await session.openWheel(request)).close();
    assert.equal(index.requests.length, before);
  });

  test("that is nowhere is told by its name", async (t) => {
    const index = await startIndex({ projects: {} });
    t.after(() => index.close());
    const { session } = await openRig(t, { indexes: [index.indexUrl] });
    const gone = requestOf(foo, index.urlOf(foo.filename));
    await assert.rejects(session.openWheel(gone), code("index-response-invalid"));
    const offline = await openRig(t, { indexes: [index.indexUrl], offline: true });
    await assert.rejects(offline.session.openWheel(gone), code("index-unreachable"));
    await assert.rejects(openLocalWheel(join(offline.folder, "no.whl"), "no.whl"), code("file-failed"));
  });

  test("does not give a member that is not what its headers say", async (t) => {
    const lie = (members: readonly ZipMember[]) =>
      members.map((member) => (member.name === "foo/a.py" ? { ...member, lies: { crc: 1 } } : member));
    const wrong = buildWheel({ name: "foo", version: "1.0", files: { "foo/a.py": "a = 1\n" }, rewrite: lie });
    const path = join(await temporaryFolder(t), wrong.filename);
    await writeFile(path, wrong.bytes);
    const wheel = await openLocalWheel(path, wrong.filename);
    const member = wheel.members.find(({ name }) => name === "foo/a.py");
    await assert.rejects(wheel.read(member!, 100), code("invalid-wheel"));
    await wheel.close();
  });
});
