import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, type TestContext } from "node:test";
import { missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import { openGraph } from "../src/index.ts";
import { conformGraph } from "./graph-conformance.ts";
import type { GraphPlace } from "./graph-place.ts";

const missing = missingPostgres();
let server: PostgresServer | undefined;
before(async () => {
  if (missing === false) server = await startPostgres();
});
after(async () => {
  await server?.stop();
});

function placeAt(place: string): GraphPlace {
  return { place, open: () => openGraph(place) };
}

function makeFile(context: TestContext): GraphPlace {
  const folder = mkdtempSync(join(tmpdir(), "thoth-graph-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return placeAt(join(folder, "graph.sqlite"));
}

conformGraph("the graph in a SQLite file", { makePlace: makeFile, isLasting: true });
conformGraph("the graph in memory", { makePlace: () => placeAt(":memory:"), isLasting: false });
conformGraph("the graph in PostgreSQL", {
  makePlace: () => placeAt((server as PostgresServer).createDatabase()),
  missing,
  isLasting: true,
});
