// By chance: whatever is written, every snapshot reads as the plain list of the model says.

import assert from "node:assert/strict";
import type { AnyFact, Change, FactKind, FactQuery, Owner } from "@thoth/knowledge";
import * as fc from "fast-check";
import { anyFact, keyOf } from "./graph-facts.ts";
import { GraphModel } from "./graph-model.ts";
import { type Run, withGraph } from "./graph-place.ts";

const KINDS: readonly FactKind[] = ["health", "downloads", "release-note", "exploitation"];
const RUNS = Number(process.env["THOTH_PROPERTY_RUNS"] ?? 25);

const PREFIX = "p-";

const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { arbitrary: anyFact(PREFIX).map((put) => ({ put })), weight: 3 },
  { arbitrary: anyFact(PREFIX).map((fact) => ({ drop: keyOf(fact) })), weight: 1 },
);

const anyQuery: fc.Arbitrary<FactQuery> = fc.record(
  {
    owners: fc.subarray(
      ["a", "b", "b-a", "z"].flatMap((name) => [`${PREFIX}${name}`, `cve:${PREFIX}${name}`]) as Owner[],
    ),
    kinds: fc.subarray([...KINDS]),
    subjects: fc.subarray(["", "1.0", "2.0"]),
  },
  { requiredKeys: ["owners"] },
);

export function modelTests(run: Run): void {
  run("every snapshot can be read again, as a plain list says", (place) =>
    withGraph(place, async (graph) => {
      let round = 0;
      const writes = fc.array(fc.array(anyChange, { maxLength: 8 }), { maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(writes, fc.array(anyQuery, { minLength: 1, maxLength: 4 }), async (all, queries) => {
          // Runs share the graph: each has owners and snapshots of its own.
          const prefix = `r${String(++round).padStart(6, "0")}-`;
          const base = (await graph.snapshot()).id;
          const model = new GraphModel();
          for (const changes of all.map((some) => some.map((change) => moved(change, prefix)))) {
            const { id } = await graph.write({ changes, at: round, source: "test" });
            assert.equal(id - base, model.write({ changes }));
          }
          for (const query of queries.map((some) => ({
            ...some,
            owners: some.owners.map((name) => renamed(name, prefix)),
          }))) {
            for (const at of model.states.keys())
              assert.deepEqual(await graph.read(query, base + at), model.read(query, at));
            assert.deepEqual(await graph.read(query), model.read(query, model.states.length - 1));
          }
          for (const kind of KINDS) {
            const after = kind === "exploitation" ? `cve:${prefix}` : prefix;
            for (const at of model.states.keys())
              assert.deepEqual(
                await graph.owners({ kind, after, limit: 3 }, base + at),
                model.owners({ kind, after, limit: 3 }, at),
              );
          }
        }),
        { numRuns: RUNS },
      );
    }),
  );
}

function moved(change: Change, prefix: string): Change {
  return "put" in change
    ? { put: { ...change.put, owner: renamed(change.put.owner, prefix) } as AnyFact }
    : { drop: { ...change.drop, owner: renamed(change.drop.owner, prefix) } };
}

function renamed(owner: Owner, prefix: string): Owner {
  return owner.replace(PREFIX, prefix) as Owner;
}
