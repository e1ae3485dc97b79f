// Texts are kept as they are, and ordered by their bytes.

import assert from "node:assert/strict";
import type { Fact, Owner } from "@thoth/knowledge";
import { note, repository } from "./graph-facts.ts";
import { type Run, withGraph } from "./graph-place.ts";

/** In the order of their UTF-8 bytes; a language, or UTF-16, orders them otherwise. */
const ORDERED = [
  "",
  " ",
  "!",
  "-",
  "1",
  "10",
  "2",
  "B",
  "_",
  "a",
  "a b",
  "aB",
  "ab",
  "b",
  "é",
  "ﬀ",
  "\u{1f600}",
];

export function textTests(run: Run): void {
  run("subjects come in the order of their bytes", (place) =>
    withGraph(place, async (graph) => {
      const changes = ORDERED.toReversed().map((subject) => ({ put: note("foo", subject, "") }));
      await graph.write({ changes, at: 1, source: "test" });
      const read = await graph.read({ owners: ["foo" as Owner] });
      assert.deepEqual(
        read.map(({ subject }) => subject),
        ORDERED,
      );
      const some = await graph.read({ owners: ["foo" as Owner], subjects: ["b", "é", "B", "none"] });
      assert.deepEqual(
        some.map(({ subject }) => subject),
        ["B", "b", "é"],
      );
    }),
  );

  run("owners come in the order of their bytes, page by page", (place) =>
    withGraph(place, async (graph) => {
      const names = ORDERED.filter((name) => name !== "");
      const changes = names.map((name) => ({ put: repository(name, 1) }));
      await graph.write({ changes, at: 1, source: "test" });
      const found: string[] = [];
      for (let page: readonly Owner[] = []; ; found.push(...page)) {
        const after = found.at(-1);
        page = await graph.owners({
          kind: "repository",
          limit: 3,
          ...(after === undefined ? {} : { after }),
        });
        assert.ok(page.length <= 3);
        if (page.length === 0) break;
      }
      assert.deepEqual(found, names);
      const read = await graph.read({ owners: names.toReversed() as Owner[] });
      assert.deepEqual(
        read.map(({ owner }) => owner),
        names,
      );
    }),
  );

  run("a body may hold any text, and any name of a member", (place) =>
    withGraph(place, async (graph) => {
      const texts = [
        "\0",
        "\ud800 alone",
        "\u001b[31m",
        "\\u0000",
        "'; DROP TABLE facts; --",
        "\u{1f600}\ufeff",
      ];
      const versions = JSON.parse('{"__proto__": 1, "constructor": 2, "\\u0000": 3, "\\ud800": 4}');
      const counted: Fact<"downloads"> = {
        owner: "foo" as Owner,
        kind: "downloads",
        subject: "",
        body: { days: 7, total: 1e15, versions },
        provenance: { source: "'\"\\%s", observedAt: 0.25, tool: "é" },
      };
      const notes = texts.map((text, at) => note("foo", String(at), text));
      const changes = [counted, ...notes].map((put) => ({ put }));
      await graph.write({ changes, at: 1, source: "'; --" });
      const [first, ...rest] = await graph.read({ owners: ["foo" as Owner] });
      assert.deepEqual(first, counted);
      assert.deepEqual(rest, notes);
      assert.equal((await graph.write({ changes, at: 2, source: "again" })).id, 1);
    }),
  );

  run("of what cannot be kept nothing is known", (place) =>
    withGraph(place, async (graph) => {
      await graph.write({ changes: [{ put: note("foo", "1.0", "") }], at: 1, source: "test" });
      for (const text of ["a\0b", "\0", "\ud800", "x".repeat(5000)]) {
        assert.deepEqual(await graph.read({ owners: [text as Owner] }), []);
        assert.deepEqual(await graph.read({ owners: ["foo" as Owner], subjects: [text] }), []);
        const found = await graph.read({ owners: [text as Owner, "foo" as Owner], subjects: [text, "1.0"] });
        assert.deepEqual(found, [note("foo", "1.0", "")]);
        assert.equal(await graph.jobState(text), undefined);
        const after = graph.owners({ kind: "release-note", after: text, limit: 1 });
        await assert.rejects(after, { code: "invalid-fact" });
        const state = { job: text, value: "" };
        await assert.rejects(graph.write({ changes: [], at: 2, source: "test", state }), {
          code: "invalid-fact",
        });
        const source = graph.write({ changes: [], at: 2, source: text });
        await assert.rejects(source, { code: "invalid-fact" });
      }
    }),
  );
}
