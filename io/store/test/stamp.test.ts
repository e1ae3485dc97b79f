import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { openStore } from "../src/index.ts";
import { INDEX, metadataOf, recordBytes, VALIDATORS } from "./conformance.ts";

/** Longer than a change may go unseen. */
const SETTLED = 150;

suite("the stamp of a store", () => {
  const key = { index: INDEX, name: "foo" };

  function place(context: TestContext): string {
    const folder = mkdtempSync(join(tmpdir(), "thoth-stamp-"));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    return join(folder, "knowledge.sqlite");
  }

  function filled(path: string): void {
    const store = openStore(path);
    store.saveProject(key, recordBytes("foo"), VALIDATORS);
    store.close();
  }

  test("is known at once of a new file, and stays while it is only read", async (t) => {
    const path = place(t);
    filled(path);
    const stamp = openStore(path).stamp();
    assert.notEqual(stamp, undefined);
    assert.equal(openStore(path).stamp(), stamp);
    const reader = openStore(path);
    assert.notEqual(reader.loadProject(key), undefined);
    reader.close();
    await setTimeout(SETTLED);
    const settled = openStore(path).stamp();
    const again = openStore(path);
    assert.notEqual(again.loadProject(key), undefined);
    assert.equal(again.stamp(), settled);
    assert.equal(again.ownStamp(), settled);
    again.close();
    assert.equal(openStore(path).stamp(), settled);
  });

  test("is another one after every kind of write", async (t) => {
    const path = place(t);
    filled(path);
    await setTimeout(SETTLED);
    const seen = new Set([openStore(path).stamp()]);
    const writes = [
      (store: ReturnType<typeof openStore>) => store.saveProject(key, recordBytes("foo"), VALIDATORS),
      (store: ReturnType<typeof openStore>) => store.refreshProject(key, { ...VALIDATORS, freshUntil: 2000 }),
      (store: ReturnType<typeof openStore>) => {
        const record = store.loadProject(key)?.record;
        if (record) store.saveMetadata(record, 0, metadataOf("foo", ["bar"]));
      },
    ];
    for (const [at, write] of writes.entries()) {
      const store = openStore(path);
      write(store);
      assert.equal(store.stamp(), undefined, "what waits to be written is not in the file");
      store.close();
      await setTimeout(SETTLED);
      const stamp = openStore(path).stamp();
      assert.notEqual(stamp, undefined);
      assert.equal(seen.add(stamp).size, at + 2);
    }
  });

  test("is our own while nobody else writes", async (t) => {
    const path = place(t);
    const first = openStore(path);
    first.saveProject(key, recordBytes("foo"), VALIDATORS);
    const own = first.ownStamp();
    assert.notEqual(own, undefined);
    first.close();
    assert.equal(openStore(path).stamp(), own);
    // Another process, between what we read and what we say of it.
    const ours = openStore(path);
    assert.notEqual(ours.loadProject(key), undefined);
    const theirs = openStore(path);
    theirs.saveProject({ index: INDEX, name: "bar" }, recordBytes("bar"), VALIDATORS);
    theirs.close();
    await setTimeout(SETTLED);
    assert.equal(ours.ownStamp(), undefined);
    ours.close();
  });

  test("is not known in memory, nor of what is not there", (t) => {
    assert.equal(openStore(":memory:").stamp(), undefined);
    assert.equal(openStore(place(t)).stamp(), undefined);
  });
});
