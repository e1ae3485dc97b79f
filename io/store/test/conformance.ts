// What every store of knowledge must do, whatever keeps it.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  encodeProject,
  type KnowledgeStore,
  ProjectRecord,
  type ReleaseMetadata,
  type Validators,
} from "@thoth/knowledge";
import { type IndexFile, normalizeName } from "@thoth/pep";

export const INDEX = "https://index.test/simple/";
export const VALIDATORS: Validators = {
  etag: '"one"',
  lastModified: "then",
  fetchedAt: 1000,
  freshUntil: 1600,
};

/** A record whose files are enough for several blocks. */
export function recordBytes(text: string, releases = 100): Uint8Array {
  const name = normalizeName(text);
  const files: IndexFile[] = Array.from({ length: releases }, (_, at) => ({
    filename: `${name}-${at}.0-py3-none-any.whl`,
    url: `https://files.test/${name}-${at}.0-py3-none-any.whl`,
    hashes: { sha256: at.toString(16).padStart(16, "0") + "0".repeat(48) },
    yanked: false,
    coreMetadata: false,
  }));
  const status = { status: "active" as const };
  return encodeProject({ name, files, status, tracks: [], alternateLocations: [], warnings: [] }, INDEX);
}

export function metadataOf(name: string, requires: readonly string[]): ReleaseMetadata {
  return { name, version: "1.0", requiresDist: requires, requiresPython: ">=3.8", providesExtra: ["x"] };
}

/** `open` opens what an earlier call of the same test left behind. */
export function conform(label: string, makePlace: () => { open(): KnowledgeStore; remove(): void }): void {
  suite(label, () => {
    const run = (name: string, body: (open: () => KnowledgeStore) => void) =>
      test(name, () => {
        const place = makePlace();
        try {
          body(() => place.open());
        } finally {
          place.remove();
        }
      });
    projectTests(run);
    factTests(run);
  });
}

type Run = (name: string, body: (open: () => KnowledgeStore) => void) => void;

function projectTests(run: Run): void {
  const key = { index: INDEX, name: "foo" };

  run("a project is unknown, then what was saved, now and in the next process", (open) => {
    const store = open();
    assert.equal(store.loadProject(key), undefined);
    const bytes = recordBytes("foo");
    store.saveProject(key, bytes, VALIDATORS);
    assert.deepEqual(store.loadProject(key)?.validators, VALIDATORS);
    store.close();
    const again = open();
    const stored = again.loadProject(key);
    assert.deepEqual(stored?.validators, VALIDATORS);
    const [found, made] = [stored?.record, new ProjectRecord(bytes)];
    assert.ok(found);
    for (let file = 0; file < made.fileCount; file++) {
      assert.equal(found.filename(file), made.filename(file));
      assert.equal(found.sha256(file), made.sha256(file));
    }
    again.close();
  });

  run("that a project does not exist is knowledge too", (open) => {
    const store = open();
    store.saveProject(key, null, VALIDATORS);
    assert.equal(store.loadProject(key)?.record, null);
    store.close();
    const again = open();
    assert.equal(again.loadProject(key)?.record, null);
    assert.equal(again.loadProject({ index: "https://other.test/", name: "foo" }), undefined);
    again.close();
  });

  run("names are found by a part of them, where the index has the project", (open) => {
    const store = open();
    for (const name of ["foo", "foo-bar", "a-foo", "other", "foo-gone"])
      store.saveProject(
        { index: INDEX, name },
        name.endsWith("gone") ? null : recordBytes(name, 1),
        VALIDATORS,
      );
    store.saveProject(
      { index: "https://other.test/", name: "foo-elsewhere" },
      recordBytes("x", 1),
      VALIDATORS,
    );
    const expected = ["a-foo", "foo", "foo-bar"];
    assert.deepEqual(store.projectNames(INDEX, "foo").toSorted(), expected);
    store.close();
    const again = open();
    assert.deepEqual(again.projectNames(INDEX, "foo").toSorted(), expected);
    assert.deepEqual(again.projectNames(INDEX, "%"), []);
    again.saveProject({ index: INDEX, name: "foo" }, null, VALIDATORS);
    assert.deepEqual(again.projectNames(INDEX, "foo").toSorted(), ["a-foo", "foo-bar"]);
    again.close();
  });

  run("a new page replaces the old, and a confirmed one only its times", (open) => {
    const store = open();
    store.saveProject(key, recordBytes("foo", 3), VALIDATORS);
    store.flush();
    const before = store.loadProject(key)?.record;
    store.saveProject(key, recordBytes("foo", 70), { fetchedAt: 2000, freshUntil: 2600 });
    const later = { etag: '"two"', fetchedAt: 3000, freshUntil: 3600 };
    store.refreshProject(key, later);
    assert.deepEqual(store.loadProject(key)?.validators, later);
    store.flush();
    assert.equal(store.loadProject(key)?.record?.fileCount, 70);
    assert.deepEqual(store.loadProject(key)?.validators, later);
    // Whoever read the old head still finds its files.
    assert.equal(before?.filename(0), "foo-2.0-py3-none-any.whl");
    store.close();
  });
}

function factTests(run: Run): void {
  const key = { index: INDEX, name: "foo" };
  const facts = [
    metadataOf("foo", ["bar>=1", "baz ; extra == 'x'", "\u0000\u001b[31m é"]),
    { name: "foo", version: "2", requiresDist: [], requiresPython: undefined, providesExtra: [] },
    { unavailable: "build-not-allowed" as const, message: "it has to be built" },
  ];

  run("facts about files are kept for ever, whatever becomes of the page", (open) => {
    const store = open();
    store.saveProject(key, recordBytes("foo"), VALIDATORS);
    const record = store.loadProject(key)?.record as ProjectRecord;
    for (const [file, fact] of facts.entries()) {
      assert.equal(store.loadMetadata(record, file), undefined);
      store.saveMetadata(record, file, fact);
      assert.deepEqual(store.loadMetadata(record, file), fact);
    }
    store.close();
    const again = open();
    again.saveProject(key, recordBytes("foo", 50), VALIDATORS);
    const other = new ProjectRecord(recordBytes("foo"));
    for (const [file, fact] of facts.entries()) assert.deepEqual(again.loadMetadata(other, file), fact);
    again.close();
  });

  run("facts are kept apart by project and index, and need no page", (open) => {
    const store = open();
    const record = new ProjectRecord(recordBytes("foo"));
    store.saveMetadata(record, 0, metadataOf("foo", ["bar"]));
    assert.equal(store.loadMetadata(new ProjectRecord(recordBytes("other")), 0), undefined);
    assert.equal(store.loadMetadata(record, 1), undefined);
    store.flush();
    assert.equal(store.loadMetadata(new ProjectRecord(recordBytes("other")), 0), undefined);
    assert.equal(store.loadProject(key), undefined);
    store.close();
  });
}
