// Much at once: large bodies, many facts, many owners.

import assert from "node:assert/strict";
import { MOST_OWNERS, type Owner } from "@thoth/knowledge";
import { note, repository } from "./graph-facts.ts";
import { type Run, withGraph } from "./graph-place.ts";

export function manyTests(run: Run): void {
  run("bodies of up to 8 MiB are kept, several in one write", (place) =>
    withGraph(place, async (graph) => {
      const facts = [7.9, 0.5, 7.5, 0.1].map((size, at) =>
        note("foo", String(at), String.fromCharCode(97 + at).repeat(size * 2 ** 20)),
      );
      const changes = facts.map((put) => ({ put }));
      await graph.write({ changes, at: 1, source: "test" });
      assert.deepEqual(await graph.read({ owners: ["foo" as Owner] }), facts);
      assert.equal((await graph.write({ changes, at: 2, source: "test" })).id, 1);
    }),
  );

  run("more facts than one answer of a server holds come whole and in order", (place) =>
    withGraph(place, async (graph) => {
      const names = ["a", "b", "c"] as const;
      const facts = names.flatMap((name) =>
        Array.from({ length: 1700 }, (_, at) => note(name, String(at).padStart(4, "0"), "same")),
      );
      await graph.write({ changes: facts.map((put) => ({ put })), at: 1, source: "test" });
      assert.deepEqual(await graph.read({ owners: names.map((name) => name as Owner) }), facts);
      assert.deepEqual((await graph.summary()).facts, { "release-note": facts.length });
      const changes = facts.slice(100).map((put) => ({ drop: put }));
      await graph.write({ changes, at: 2, source: "test" });
      assert.deepEqual(await graph.read({ owners: ["a" as Owner] }), facts.slice(0, 100));
      assert.equal(
        (await graph.read({ owners: names.map((name) => name as Owner) }, 1)).length,
        facts.length,
      );
    }),
  );

  run("a query names no more owners than it may, and each once", (place) =>
    withGraph(place, async (graph) => {
      const owners = Array.from({ length: MOST_OWNERS }, (_, at) => `p${at}` as Owner);
      const changes = owners.map((owner, at) => ({ put: repository(owner, at) }));
      await graph.write({ changes, at: 1, source: "test" });
      assert.equal((await graph.read({ owners })).length, MOST_OWNERS);
      assert.equal((await graph.read({ owners: ["p1", "p1", "p2"] as Owner[] })).length, 2);
      await assert.rejects(graph.read({ owners: [...owners, "more" as Owner] }), RangeError);
      assert.deepEqual(await graph.read({ owners: [] }), []);
      assert.deepEqual(await graph.read({ owners, kinds: [] }), []);
      assert.deepEqual(await graph.read({ owners, subjects: [] }), []);
    }),
  );
}
