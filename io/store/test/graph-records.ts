// Records of projects and the metadata of their files.

import assert from "node:assert/strict";
import { ProjectRecord } from "@thoth/knowledge";
import { INDEX, metadataOf, recordBytes, VALIDATORS } from "./conformance.ts";
import { type Run, withGraph } from "./graph-place.ts";

const OTHER = "https://other.test/simple/";

export function recordTests(run: Run): void {
  run("records of many projects are saved and loaded at once, kept apart by index", (place) =>
    withGraph(place, async (graph) => {
      const names = Array.from({ length: 40 }, (_, at) => `p${at}`);
      const made = names.map((name, at) => ({
        key: { index: INDEX, name },
        bytes: recordBytes(name, at + 1),
        validators: VALIDATORS,
      }));
      const absent = {
        key: { index: OTHER, name: "p1" },
        bytes: null,
        validators: { fetchedAt: 1.5, freshUntil: 2 },
      };
      await graph.saveProjects([...made, absent]);
      const keys = [{ index: OTHER, name: "p2" }, absent.key, ...made.map(({ key }) => key).toReversed()];
      const [unknown, gone, ...loaded] = await graph.loadProjects(keys);
      assert.equal(unknown, undefined);
      assert.deepEqual(gone, { record: null, validators: absent.validators });
      for (const [at, stored] of loaded.toReversed().entries()) {
        assert.deepEqual(stored?.validators, VALIDATORS);
        assert.deepEqual(Buffer.from(stored?.record?.bytes ?? []), Buffer.from(made[at]?.bytes ?? []));
        assert.equal(stored?.record?.filename(at), `p${at}-0.0-py3-none-any.whl`);
      }
    }),
  );

  run("a record that comes again replaces the one before; the last of one call counts", (place) =>
    withGraph(place, async (graph) => {
      const key = { index: INDEX, name: "foo" };
      const saved = [3, 5].map((count) => ({
        key,
        bytes: recordBytes("foo", count),
        validators: VALIDATORS,
      }));
      await graph.saveProjects(saved);
      assert.equal((await graph.loadProjects([key]))[0]?.record?.fileCount, 5);
      await graph.saveProjects(saved.slice(0, 1));
      assert.equal((await graph.loadProjects([key]))[0]?.record?.fileCount, 3);
      await graph.saveProjects([{ key, bytes: Buffer.from("no record"), validators: VALIDATORS }]);
      assert.deepEqual(await graph.loadProjects([key]), [undefined]);
    }),
  );

  run("a record that was confirmed keeps its bytes, and one that is not kept stays unknown", (place) =>
    withGraph(place, async (graph) => {
      const keys = ["foo", "bar", "absent"].map((name) => ({ index: INDEX, name }));
      const [foo, bar] = keys.map((key) => ({
        key,
        bytes: recordBytes(key.name, 3),
        validators: VALIDATORS,
      }));
      assert.ok(foo !== undefined && bar !== undefined);
      await graph.saveProjects([foo, bar]);
      const validators = { etag: '"two"', fetchedAt: 2000.5, freshUntil: 2600 };
      const [first, , last] = keys.map((key) => ({ key, validators }));
      assert.ok(first !== undefined && last !== undefined);
      await graph.refreshProjects([{ ...first, validators: VALIDATORS }, first, last]);
      const [one, other, absent] = await graph.loadProjects(keys);
      assert.deepEqual(one?.validators, validators);
      assert.equal(one?.record?.fileCount, 3);
      assert.deepEqual(other?.validators, VALIDATORS);
      assert.equal(absent, undefined);
    }),
  );

  run("metadata are kept by the content of a file", (place) =>
    withGraph(place, async (graph) => {
      const [foo, bar] = [new ProjectRecord(recordBytes("foo")), new ProjectRecord(recordBytes("bar"))];
      const saved = [
        { project: foo, file: 0, metadata: metadataOf("foo", ["bar>=1", "baz ; extra == 'x'", "\0\ud800é"]) },
        {
          project: foo,
          file: 1,
          metadata: { unavailable: "build-not-allowed" as const, message: "it is built" },
        },
        { project: bar, file: 0, metadata: metadataOf("bar", []) },
      ];
      await graph.saveMetadata([{ project: foo, file: 0, metadata: metadataOf("foo", ["old"]) }, ...saved]);
      const other = new ProjectRecord(recordBytes("foo", 100));
      const asked = [...saved, { project: other, file: 1 }, { project: other, file: 2 }];
      const found = await graph.loadMetadata(asked);
      assert.deepEqual(found, [...saved.map(({ metadata }) => metadata), saved[1]?.metadata, undefined]);
      await graph.saveMetadata([{ project: foo, file: 1, metadata: metadataOf("foo", ["new"]) }]);
      assert.deepEqual(await graph.loadMetadata([{ project: foo, file: 1 }]), [metadataOf("foo", ["new"])]);
      assert.deepEqual(await graph.loadMetadata([]), []);
      assert.deepEqual(await graph.loadProjects([]), []);
    }),
  );
}
