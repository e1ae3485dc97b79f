// What is told of the parts of a run: their order, what they are parts of, and no more of a kind than anybody reads.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ThothError } from "@thoth/pep";
import { type Phase, Phases } from "../src/frame/phases.ts";

describe("phases of a run", () => {
  it("lie inside of each other, and are told when they end", async () => {
    const told: Phase[] = [];
    const phases = new Phases((phase) => told.push(phase));
    const answer = await phases.during("search", async (search) => {
      await phases.during("read metadata", () => undefined);
      const proof = phases.begin("prove optimum");
      await phases.during("read metadata", () => undefined);
      proof.end();
      search.set({ outcome: "solved" });
      search.set({ steps: 3 });
      return 7;
    });
    await phases.during("justify", () => undefined);
    assert.equal(answer, 7);
    assert.deepEqual(
      told.map(({ number, within, name }) => [number, within, name]),
      [
        [2, 1, "read metadata"],
        [4, 3, "read metadata"],
        [3, 1, "prove optimum"],
        [1, 0, "search"],
        [5, 0, "justify"],
      ],
    );
    assert.deepEqual(told[3]?.attributes, { outcome: "solved", steps: 3 });
    const [wait, , , search] = told as [Phase, Phase, Phase, Phase];
    assert.ok(search.start <= wait.start);
    assert.ok(wait.start + wait.seconds * 1_000 <= search.start + search.seconds * 1_000 + 0.001);
  });

  it("have failed where something was thrown, with a code", async () => {
    const told: Phase[] = [];
    const phases = new Phases((phase) => told.push(phase));
    const failing = (error: unknown) =>
      phases.during("search", () => phases.during("read metadata", () => Promise.reject(error)));
    await assert.rejects(failing(new ThothError("index-unreachable", "no")));
    await assert.rejects(failing(new TypeError("no")));
    assert.deepEqual(
      told.map(({ failure }) => failure),
      ["index-unreachable", "index-unreachable", "TypeError", "TypeError"],
    );
    await phases.during("justify", () => undefined);
    assert.deepEqual([told.at(-1)?.within, told.at(-1)?.failure], [0, undefined]);
  });

  it("are many of one name, of which fifty are told, and their sum", async () => {
    const told: Phase[] = [];
    const phases = new Phases((phase) => told.push(phase));
    await phases.during("search", async () => {
      for (let at = 0; at < 300; at++) await phases.during("read metadata", () => undefined);
    });
    assert.equal(told.length, 51);
    const { "read_metadata.count": count, "read_metadata.seconds": seconds } = told.at(-1)?.attributes ?? {};
    assert.equal(count, 300);
    assert.ok(Number(seconds) > 0 && Number(seconds) <= Number(told.at(-1)?.seconds));
  });
});
