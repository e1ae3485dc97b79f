// What is written is kept whole, once, and as it was at any time.

import assert from "node:assert/strict";
import type { AnyFact, Owner } from "@thoth/knowledge";
import { keyOf, note, PROVENANCE, repository } from "./graph-facts.ts";
import { type Run, withGraph } from "./graph-place.ts";

const FOO: readonly Owner[] = ["foo" as Owner];

export function writeTests(run: Run): void {
  run("a new graph is empty", (place) =>
    withGraph(place, async (graph) => {
      assert.deepEqual(await graph.snapshot(), { id: 0, at: 0, source: "" });
      assert.deepEqual(await graph.snapshots(10), []);
      assert.deepEqual(await graph.read({ owners: FOO }), []);
      assert.deepEqual(await graph.read({ owners: FOO }, 0), []);
      assert.deepEqual(await graph.owners({ kind: "repository", limit: 10 }), []);
      assert.deepEqual(await graph.summary(), {
        snapshot: { id: 0, at: 0, source: "" },
        facts: {},
        jobs: [],
      });
      assert.equal(await graph.jobState("job"), undefined);
    }),
  );

  run("a fact that says what is known makes no snapshot, whatever its provenance", (place) =>
    withGraph(place, async (graph) => {
      const first = await graph.write({ changes: [{ put: repository("foo", 1) }], at: 10, source: "one" });
      assert.deepEqual(first, { id: 1, at: 10, source: "one" });
      const { body } = repository("foo", 1);
      const shuffled = Object.fromEntries(Object.entries(body).reverse()) as unknown as typeof body;
      const again = { ...repository("foo", 1, { ...PROVENANCE, observedAt: 9999 }), body: shuffled };
      assert.deepEqual(await graph.write({ changes: [{ put: again }], at: 20, source: "two" }), first);
      assert.deepEqual(await graph.read({ owners: FOO }), [repository("foo", 1)]);
      assert.deepEqual(await graph.snapshots(10), [first]);
    }),
  );

  run("what was dropped is gone, was there before, and can come again", (place) =>
    withGraph(place, async (graph) => {
      const fact = repository("foo", 1);
      await graph.write({ changes: [{ put: fact }], at: 1, source: "test" });
      await graph.write({ changes: [{ drop: keyOf(fact) }], at: 2, source: "test" });
      assert.deepEqual(await graph.read({ owners: FOO }), []);
      const unknown = { ...keyOf(fact), subject: "unknown" };
      const dropped = await graph.write({
        changes: [{ drop: keyOf(fact) }, { drop: unknown }],
        at: 3,
        source: "test",
      });
      assert.equal(dropped.id, 2);
      await graph.write({ changes: [{ put: fact }], at: 4, source: "test" });
      const seen = [0, 1, 2, 3].map(async (at) => (await graph.read({ owners: FOO }, at)).length);
      assert.deepEqual(await Promise.all(seen), [0, 1, 0, 1]);
      assert.deepEqual(
        (await graph.snapshots(2)).map(({ id }) => id),
        [3, 2],
      );
    }),
  );

  run("of several changes of one fact in one write the last counts", (place) =>
    withGraph(place, async (graph) => {
      const [one, two] = [repository("foo", 1), repository("foo", 2)];
      await graph.write({ changes: [{ put: one }, { put: two }], at: 1, source: "test" });
      assert.deepEqual(await graph.read({ owners: FOO }), [two]);
      const none = await graph.write({ changes: [{ put: one }, { put: two }], at: 2, source: "test" });
      assert.equal(none.id, 1);
      await graph.write({ changes: [{ put: one }, { drop: keyOf(two) }], at: 3, source: "test" });
      assert.deepEqual(await graph.read({ owners: FOO }), []);
      await graph.write({ changes: [{ drop: keyOf(two) }, { put: one }], at: 4, source: "test" });
      assert.deepEqual(await graph.read({ owners: FOO }), [one]);
    }),
  );

  run("a snapshot that is not there yet cannot be read", (place) =>
    withGraph(place, async (graph) => {
      await graph.write({ changes: [{ put: repository("foo", 1) }], at: 1, source: "test" });
      for (const at of [2, -1, Number.NaN]) {
        await assert.rejects(graph.read({ owners: FOO }, at), { code: "usage" });
        await assert.rejects(graph.owners({ kind: "repository", limit: 1 }, at), { code: "usage" });
      }
    }),
  );

  run("a write that cannot be kept leaves nothing behind", (place) =>
    withGraph(place, async (graph) => {
      const huge = note("foo", "1.0", "x".repeat(8 * 2 ** 20));
      const bad = [
        [huge, "limit-exceeded"],
        [note("foo", "a\0b", ""), "invalid-fact"],
        [note("foo", "a\ud800", ""), "invalid-fact"],
        [note("foo", "x".repeat(1025), ""), "invalid-fact"],
        [{ ...note("f\0oo", "1", "") }, "invalid-fact"],
        [repository("foo", 1, { ...PROVENANCE, source: "\0" }), "invalid-fact"],
        [repository("foo", 1, { ...PROVENANCE, tool: "\udc00" }), "invalid-fact"],
      ] as const;
      for (const [fact, code] of bad) {
        const changes = [{ put: repository("foo", 1) }, { put: fact }];
        const state = { job: "job", value: "lost" };
        await assert.rejects(graph.write({ changes, at: 1, source: "test", state }), { code });
      }
      assert.deepEqual(await graph.read({ owners: FOO }), []);
      assert.equal((await graph.snapshot()).id, 0);
      assert.equal(await graph.jobState("job"), undefined);
    }),
  );

  run("the state of a job is kept together with what it wrote, and without", (place) =>
    withGraph(place, async (graph) => {
      const write = (value: string | null, at: number, stars: number) =>
        graph.write({
          changes: [{ put: repository("foo", stars) }],
          at,
          source: "test",
          state: { job: "job", value },
        });
      await write("one", 1, 1);
      assert.equal(await graph.jobState("job"), "one");
      assert.equal((await write("two", 2, 1)).id, 1);
      assert.equal(await graph.jobState("job"), "two");
      assert.equal(await graph.jobState("other"), undefined);
      await graph.write({ changes: [], at: 3, source: "test", state: { job: "another", value: "" } });
      assert.equal(await graph.jobState("another"), "");
      const jobs = [
        { job: "another", at: 3 },
        { job: "job", at: 2 },
      ];
      assert.deepEqual((await graph.summary()).jobs, jobs);
      await write(null, 4, 2);
      assert.equal(await graph.jobState("job"), undefined);
      assert.equal((await graph.snapshot()).id, 2);
    }),
  );

  run(
    "what is known stays when the graph is opened again",
    async (place) => {
      const facts: AnyFact[] = [note("foo", "1.0", "first"), repository("foo", 7)];
      const state = { job: "job", value: "here" };
      await withGraph(place, (graph) =>
        graph.write({ changes: facts.map((put) => ({ put })), at: 5, source: "test", state }),
      );
      await withGraph(place, async (graph) => {
        assert.deepEqual(await graph.read({ owners: FOO }), facts);
        assert.deepEqual(await graph.snapshot(), { id: 1, at: 5, source: "test" });
        assert.equal(await graph.jobState("job"), "here");
      });
    },
    { needsLasting: true },
  );
}
