// Jobs do the same whatever keeps the graph.

import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { openGraph } from "@thoth/store";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import { SOURCES } from "../../src/index.ts";
import { FLAWS, factsOf, openRig, PROJECTS, textOf } from "./rig.ts";

const KINDS = [
  "health",
  "repository",
  "release-note",
  "scorecard",
  "downloads",
  "exploitation",
  "attestation",
  "contents",
  "code",
  "image",
] as const;

const IMAGE = {
  repository: "thoth/base",
  tag: "1.0",
  layers: [{ members: [{ name: "etc/os-release", data: "ID=debian\nVERSION_ID=12\n" }] }],
};

suite("a graph in PostgreSQL", { skip: missingPostgres() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(async () => server.stop());

  test("ends as the one in memory, and is left alone the second time", async (t) => {
    const rig = await openRig(t, PROJECTS, FLAWS, [IMAGE]);
    const graph = await openGraph(server.createDatabase());
    t.after(() => graph.close());
    for (const { name } of SOURCES) {
      const [here, there] = [await rig.refresh(name), await rig.refresh(name, { graph })];
      assert.deepEqual(there, here);
    }
    assert.deepEqual(textOf(await factsOf(graph, KINDS)), textOf(await rig.facts(...KINDS)));
    const snapshot = await graph.snapshot();
    for (const { name } of SOURCES)
      assert.deepEqual((await rig.refresh(name, { graph, every: 0 })).facts, 0, name);
    assert.deepEqual(await graph.snapshot(), snapshot);
  });
});
