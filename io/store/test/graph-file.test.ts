// Parts of a graph as files: there and back, and files that were spoilt.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import type { AnyFact, Owner } from "@thoth/knowledge";
import { FACT_KINDS } from "@thoth/knowledge/facts";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import * as fc from "fast-check";
import { exportGraph, importGraph, isGraphFile } from "../src/graph.ts";
import { type GraphStore, openGraph } from "../src/index.ts";
import { anyHonestFact, keyOf, note, repository } from "./graph-facts.ts";

const RUNS = Number(process.env["THOTH_PROPERTY_RUNS"] ?? 25);
const OPTIONS = { at: 50, source: "a file" };

async function bytesOf(graph: GraphStore, options?: Parameters<typeof exportGraph>[1]): Promise<Buffer> {
  return Buffer.concat(await exportGraph(graph, options).toArray());
}

/** In pieces, as files and networks give them. */
async function* inPieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function graphOf(facts: readonly AnyFact[]): Promise<GraphStore> {
  const graph = await openGraph(":memory:");
  await graph.write({ changes: facts.map((put) => ({ put })), at: 1, source: "test" });
  return graph;
}

async function factsOf(graph: GraphStore): Promise<readonly AnyFact[]> {
  const all = await Promise.all(FACT_KINDS.map((kind) => graph.owners({ kind, limit: 1000 })));
  return await graph.read({ owners: [...new Set(all.flat())] });
}

const FACTS = [
  repository("b", 2),
  repository("a", 1),
  note("a", "2.0", "\0\ud800 <é\u2028>"),
  note("a", "1.0", "first"),
  repository("c-d", 3),
];

suite("a part of a graph", () => {
  test("is the same file however it came to be, with its facts in order", async () => {
    const bytes = await bytesOf(await graphOf(FACTS));
    assert.ok(bytes.equals(await bytesOf(await graphOf(FACTS.toReversed()))));
    const [header, ...rest] = gunzipSync(bytes)
      .toString()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(header, { format: "thoth-graph", version: 1, snapshot: 1 });
    const closing = rest.pop();
    assert.deepEqual(rest, await factsOf(await graphOf(FACTS)));
    const text = gunzipSync(bytes).toString();
    const before = text.slice(0, text.trimEnd().lastIndexOf("\n") + 1);
    assert.deepEqual(closing, { facts: 5, sha256: createHash("sha256").update(before).digest("hex") });
  });

  test("is chosen by owners, kinds and snapshot", async () => {
    const graph = await graphOf(FACTS);
    await graph.write({ changes: [{ drop: keyOf(repository("b", 2)) }], at: 2, source: "test" });
    const chosen = async (options: Parameters<typeof exportGraph>[1]) => {
      const other = await openGraph(":memory:");
      const bytes = await bytesOf(graph, options);
      const { facts } = await importGraph(other, () => inPieces(bytes), OPTIONS);
      const found = await factsOf(other);
      assert.equal(facts, found.length);
      return found.map(({ owner, kind, subject }) => `${owner} ${kind} ${subject}`.trim());
    };
    const [a, b] = ["a" as Owner, "b" as Owner];
    assert.deepEqual(await chosen({ owners: [b, a, a], kinds: ["repository"] }), ["a repository"]);
    assert.deepEqual(await chosen({ owners: [b, a], kinds: ["repository"], at: 1 }), [
      "a repository",
      "b repository",
    ]);
    assert.deepEqual(await chosen({ kinds: ["release-note"] }), ["a release-note 1.0", "a release-note 2.0"]);
    assert.deepEqual(await chosen({ kinds: [] }), []);
    assert.deepEqual(await chosen({ at: 0 }), []);
    await assert.rejects(bytesOf(graph, { at: 3 }), { code: "usage" });
  });

  test("holds thousands of owners of several kinds, each once", async () => {
    const facts = Array.from({ length: 2500 }, (_, at) =>
      at % 2 === 0 ? repository(`p${at}`, at) : note(`p${at - (at % 3)}`, "1.0", String(at)),
    );
    const graph = await graphOf(facts);
    const other = await openGraph(":memory:");
    const bytes = await bytesOf(graph);
    const told: number[] = [];
    const progress = (count: number) => void told.push(count);
    const outcome = await importGraph(other, () => inPieces(bytes), { ...OPTIONS, progress });
    assert.equal(outcome.facts, told.at(-1));
    assert.ok(told.length > 1);
    assert.deepEqual((await other.summary()).facts, (await graph.summary()).facts);
    const again = gunzipSync(await bytesOf(other))
      .toString()
      .split("\n")
      .slice(1, -2);
    assert.deepEqual(again, gunzipSync(bytes).toString().split("\n").slice(1, -2));
  });

  test("that is read again changes nothing", async () => {
    const bytes = await bytesOf(await graphOf(FACTS));
    const other = await openGraph(":memory:");
    const first = await importGraph(other, () => inPieces(bytes), OPTIONS);
    assert.deepEqual(first, { facts: 5, snapshot: { id: 1, at: 50, source: "a file" } });
    assert.deepEqual(await importGraph(other, () => inPieces(bytes, 7), { at: 60, source: "again" }), first);
  });
});

suite("the file of a part of a graph", () => {
  /** That the file is refused with one of the codes, and nothing of it is kept. */
  async function assertRefused(bytes: Uint8Array, codes: readonly string[]): Promise<void> {
    const graph = await openGraph(":memory:");
    await assert.rejects(
      importGraph(graph, () => inPieces(bytes), OPTIONS),
      ({ code }: { code: string }) => codes.includes(code),
    );
    assert.equal((await graph.snapshot()).id, 0);
  }

  test("is refused wherever it is cut off", async () => {
    const bytes = await bytesOf(await graphOf(FACTS));
    for (let length = 0; length < bytes.length; length++)
      await assertRefused(bytes.subarray(0, length), ["invalid-graph-file"]);
    const text = gunzipSync(bytes).toString();
    for (let length = 0; length < text.length - 1; length += 3)
      await assertRefused(gzipSync(text.slice(0, length)), ["invalid-graph-file", "invalid-fact"]);
  });

  test("is refused when a line was altered, taken out, put in, or moved", async () => {
    const lines = gunzipSync(await bytesOf(await graphOf(FACTS)))
      .toString()
      .trimEnd()
      .split("\n");
    const [header = "", first = "", second = ""] = lines;
    const closing = lines.at(-1) as string;
    const variants: readonly (readonly string[])[] = [
      lines.map((line) => line.replace('"stars":1', '"stars":9')),
      lines.filter((line) => line !== first),
      [header, second, first, ...lines.slice(3)],
      [header, first, ...lines.slice(1)],
      [...lines, first],
      [...lines, closing],
      [...lines, ""],
      lines.slice(1),
      [header, header, ...lines.slice(1)],
      [header.replace("thoth-graph", "thoth-other"), ...lines.slice(1)],
      [header.replace('"version":1', '"version":2'), ...lines.slice(1)],
      [...lines.slice(0, -1), closing.replace('"facts":5', '"facts":4')],
      [...lines.slice(0, -1), '{"sha256":null}'],
      ["null", ...lines.slice(1)],
    ];
    for (const variant of variants)
      await assertRefused(gzipSync(`${variant.join("\n")}\n`), ["invalid-graph-file", "invalid-fact"]);
  });

  test("may be spoilt in any byte: it is refused, or says the same", async () => {
    const bytes = await bytesOf(await graphOf(FACTS));
    const expected = await factsOf(await graphOf(FACTS));
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const spoilt = Buffer.from(bytes);
          spoilt[at] = (spoilt[at] as number) ^ change;
          const graph = await openGraph(":memory:");
          const outcome = await importGraph(graph, () => inPieces(spoilt), OPTIONS).catch(
            (error) => error.code,
          );
          if (typeof outcome === "string") {
            assert.ok(["invalid-graph-file", "invalid-fact", "limit-exceeded"].includes(outcome));
            assert.equal((await graph.snapshot()).id, 0);
          } else assert.deepEqual(await factsOf(graph), expected);
        },
      ),
      { numRuns: RUNS * 4 },
    );
  });

  test("is refused with facts that are none, and with lines that do not end", async () => {
    const closed = (lines: readonly string[]) => {
      const text = `${lines.join("\n")}\n`;
      const sha256 = createHash("sha256").update(text).digest("hex");
      return gzipSync(`${text}${JSON.stringify({ facts: lines.length - 1, sha256 })}\n`);
    };
    const header = '{"format":"thoth-graph","version":1,"snapshot":1}';
    const good = await openGraph(":memory:");
    await importGraph(good, () => inPieces(closed([header, JSON.stringify(repository("a", 1))])), OPTIONS);
    assert.deepEqual(await factsOf(good), [repository("a", 1)]);
    for (const fact of [
      { ...repository("a", 1), owner: "A" },
      { ...repository("a", 1), more: 1 },
      {},
      [],
      null,
      1,
    ])
      await assertRefused(closed([header, JSON.stringify(fact)]), ["invalid-fact"]);
    await assertRefused(closed([header, "{"]), ["invalid-graph-file"]);
    await assertRefused(closed([header, '"\ud800'.repeat(3)]), ["invalid-graph-file"]);
    await assertRefused(gzipSync(Buffer.alloc(20 * 2 ** 20, "x")), ["limit-exceeded"]);
    await assertRefused(Buffer.from("no gzip"), ["invalid-graph-file"]);
  });

  test("is told from other files", async () => {
    const bytes = await bytesOf(await graphOf([]));
    assert.equal(await isGraphFile(inPieces(bytes, 1)), true);
    for (const other of [
      Buffer.alloc(0),
      Buffer.from("PK\x03\x04"),
      gzipSync("{}"),
      gzipSync('{"format":"thoth-graphs"}'),
      bytes.subarray(0, 12),
    ])
      assert.equal(await isGraphFile(inPieces(other)), false);
  });

  test("whose reading fails is told of as it failed", async () => {
    const graph = await openGraph(":memory:");
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield (await bytesOf(await graphOf(FACTS))).subarray(0, 30);
      throw Object.assign(new Error("the disk is gone"), { code: "EIO" });
    };
    await assert.rejects(importGraph(graph, failing, OPTIONS), { code: "EIO" });
  });
});

suite("from one store to another", () => {
  let server: PostgresServer | undefined;
  before(async () => {
    if (missingPostgres() === false) server = await startPostgres();
  });
  after(async () => {
    await server?.stop();
  });

  async function thereAndBack(middle: string, runs: number): Promise<void> {
    await fc.assert(
      fc.asyncProperty(fc.array(anyHonestFact, { maxLength: 30 }), async (facts) => {
        const first = await graphOf(facts);
        const bytes = await bytesOf(first);
        const between = await openGraph(middle);
        await importGraph(between, () => inPieces(bytes, 100), OPTIONS);
        const owners = [...new Set(facts.map(({ owner }) => owner))];
        const last = await openGraph(":memory:");
        const copy = await bytesOf(between, { owners });
        await importGraph(last, () => inPieces(copy), OPTIONS);
        assert.deepEqual(await factsOf(last), await factsOf(first));
        // The next run begins with nothing.
        await between.write({
          changes: (await factsOf(between)).map((drop) => ({ drop })),
          at: 1,
          source: "test",
        });
        await between.close();
      }),
      { numRuns: runs },
    );
  }

  test("facts and their provenance are the same after going through memory", () =>
    thereAndBack(":memory:", RUNS));

  test(
    "facts and their provenance are the same after going through PostgreSQL",
    { skip: missingPostgres() },
    () => thereAndBack((server as PostgresServer).createDatabase(), RUNS),
  );
});
