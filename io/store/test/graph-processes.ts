// Several processes at once, and one that is killed at its work.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Fact, Owner } from "@thoth/knowledge";
import type { GraphStore } from "../src/index.ts";
import { repository } from "./graph-facts.ts";
import { type GraphPlace, type Run, withGraph } from "./graph-place.ts";
import { WRITER_OWNERS } from "./graph-writer.ts";

const WRITER = fileURLToPath(new URL("graph-writer.ts", import.meta.url));

/** Ends with what the process ended with: a status, or the signal that killed it after `killedAfter` lines. */
async function writer(
  { place }: GraphPlace,
  letter: string,
  times: number,
  killedAfter = Number.POSITIVE_INFINITY,
) {
  const words = ["--disable-warning=ExperimentalWarning", WRITER, place, letter, String(times)];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  let lines = 0;
  child.stdout.on("data", (part: Buffer) => {
    lines += part.toString().split("\n").length - 1;
    if (lines >= killedAfter) child.kill("SIGKILL");
  });
  const [status, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return signal ?? status;
}

function ownersOf(letter: string): Owner[] {
  return Array.from({ length: WRITER_OWNERS }, (_, at) => `${letter}-${at}` as Owner);
}

/** The number that all facts of a writer say as of a snapshot; undefined where there are none. */
async function numberOf(graph: GraphStore, letter: string, at: number): Promise<number | undefined> {
  const facts = (await graph.read({ owners: ownersOf(letter) }, at)) as readonly Fact<"repository">[];
  const numbers = new Set(facts.map(({ body }) => body.stars));
  assert.ok(numbers.size <= 1, "a part of a write is seen");
  assert.ok(facts.length === 0 || facts.length === WRITER_OWNERS, "a part of a write is seen");
  return [...numbers][0];
}

export function processTests(run: Run): void {
  run(
    "two processes write at once and lose nothing",
    async (place) => {
      const times = 15;
      assert.deepEqual(await Promise.all([writer(place, "a", times), writer(place, "b", times)]), [0, 0]);
      await withGraph(place, async (graph) => {
        const snapshots = (await graph.snapshots(1000)).toReversed();
        assert.deepEqual(
          snapshots.map(({ id }) => id),
          Array.from({ length: 2 * times }, (_, at) => at + 1),
        );
        const seen: Record<string, number> = { a: 0, b: 0 };
        for (const { id, source } of snapshots) {
          seen[source] = (seen[source] ?? 0) + 1;
          for (const letter of ["a", "b"])
            assert.equal((await numberOf(graph, letter, id)) ?? 0, seen[letter]);
        }
        assert.equal(await graph.jobState("a"), String(times));
        assert.equal(await graph.jobState("b"), String(times));
      });
    },
    { needsLasting: true },
  );

  run(
    "two graphs of one process write at once and lose nothing",
    async (place) => {
      await withGraph(place, (one) =>
        withGraph(place, async (other) => {
          const writes = [one, other].flatMap((graph, which) =>
            Array.from({ length: 10 }, (_, at) =>
              graph.write({ changes: [{ put: repository(`p${which}-${at}`, at) }], at, source: "test" }),
            ),
          );
          const ids = (await Promise.all(writes)).map(({ id }) => id);
          assert.deepEqual(
            ids.toSorted((a, b) => a - b),
            Array.from({ length: 20 }, (_, at) => at + 1),
          );
          assert.deepEqual((await one.summary()).facts, { repository: 20 });
        }),
      );
    },
    { needsLasting: true },
  );

  run(
    "a process that is killed leaves whole writes, and the graph to others",
    async (place) => {
      for (const killedAfter of [1, 4]) {
        assert.equal(await writer(place, `k${killedAfter}`, 100_000, killedAfter), "SIGKILL");
      }
      await withGraph(place, async (graph) => {
        const newest = await graph.snapshot();
        for (const letter of ["k1", "k4"]) {
          for (let at = 0; at <= newest.id; at++) await numberOf(graph, letter, at);
          const last = await numberOf(graph, letter, newest.id);
          assert.equal(await graph.jobState(letter), last === undefined ? undefined : String(last));
        }
        const next = await graph.write({ changes: [{ put: repository("next", 1) }], at: 1, source: "test" });
        assert.equal(next.id, newest.id + 1);
      });
    },
    { needsLasting: true },
  );
}
