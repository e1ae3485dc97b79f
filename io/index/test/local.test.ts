import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { buildSdist, buildWheel } from "@thoth/testkit";
import { codeOf, filesOf, findProject, openRig, requirementsOf, temporaryFolder, warningsOf } from "./rig.ts";

const foo = buildWheel({ name: "foo-bar", version: "1.0", requires: ["baz"] });
const sdist = buildSdist({ name: "foo-bar", version: "0.9", requires: ["old"] });

suite("places of this machine", () => {
  test("a flat folder is an index, and a place of links", async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, foo.filename), foo.bytes);
    await writeFile(join(folder, sdist.filename), sdist.bytes);
    await writeFile(join(folder, "README.txt"), "");
    for (const place of [folder, pathToFileURL(folder).href, `${folder}/`]) {
      for (const options of [{ indexes: [place] }, { findLinks: [place] }]) {
        const { session } = await openRig(t, { ...options, offline: true });
        assert.deepEqual(await filesOf(session, "Foo.Bar"), [foo.filename, sdist.filename]);
        assert.equal(await requirementsOf(session, "foo-bar"), "baz");
        assert.equal(await requirementsOf(session, "foo-bar", sdist.filename), "old");
        assert.equal(await findProject(session, "other"), null);
      }
    }
  });

  test("a tree has a folder per project, with or without a page", async (t) => {
    const folder = await temporaryFolder(t);
    await mkdir(join(folder, "foo-bar"));
    await mkdir(join(folder, "Plain_One"));
    await mkdir(join(folder, "files"));
    await writeFile(join(folder, "files", foo.filename), foo.bytes);
    await writeFile(join(folder, "foo-bar", "index.html"), `<a href="../files/${foo.filename}">x</a>`);
    const plain = buildWheel({ name: "plain-one", version: "1.0" });
    await writeFile(join(folder, "Plain_One", plain.filename), plain.bytes);
    await writeFile(join(folder, "Plain_One", foo.filename), foo.bytes);
    const { session } = await openRig(t, { indexes: [pathToFileURL(folder).href] });
    assert.deepEqual(await filesOf(session, "foo-bar"), [foo.filename]);
    assert.equal(await requirementsOf(session, "foo-bar"), "baz");
    assert.deepEqual(await filesOf(session, "plain-one"), [plain.filename]);
  });

  test("a file that is replaced is read anew by the next session", async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, foo.filename), foo.bytes);
    const first = await openRig(t, { indexes: [folder] });
    assert.equal(await requirementsOf(first.session, "foo-bar"), "baz");
    await first.session.close();
    const other = buildWheel({ name: "foo-bar", version: "1.0", requires: ["other"] });
    await writeFile(join(folder, foo.filename), other.bytes);
    const second = await openRig(t, { indexes: [folder], folder: first.folder });
    assert.equal(await requirementsOf(second.session, "foo-bar"), "other");
  });

  test("a page of links is one too", async (t) => {
    const folder = await temporaryFolder(t);
    await writeFile(join(folder, foo.filename), foo.bytes);
    const page = join(folder, "links.html");
    await writeFile(page, `<a href="${foo.filename}">x</a><a href="nothing.txt">y</a>`);
    const { session } = await openRig(t, { findLinks: [page] });
    assert.equal(await requirementsOf(session, "foo-bar"), "baz");
  });

  test("an index that is not there is an error, a place of links is passed over with a warning", async (t) => {
    const { session } = await openRig(t, { indexes: ["/nowhere/at/all"] });
    assert.equal(await codeOf(() => findProject(session, "foo")), "file-failed");
    const folder = await temporaryFolder(t);
    const other = await openRig(t, { indexes: [folder], findLinks: ["/nowhere/at/all"] });
    assert.equal(await findProject(other.session, "foo"), null);
    assert.equal(warningsOf(other.events).length, 1);
  });
});
