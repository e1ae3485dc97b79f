import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Fact, Owner } from "@thoth/knowledge";
import { openGraph } from "@thoth/store";
import { makeZip, missingPostgres, type PostgresServer, startPostgres } from "@thoth/testkit";
import { codeOf, documentOf, openWorkshop, type Workshop } from "./workshop.ts";

function repository(owner: string, stars: number): Fact<"repository"> {
  const body = { url: "https://forge.test/", archived: false, fork: false, stars, forks: 0, watchers: 0 };
  const provenance = { source: "https://forge.test/api", observedAt: 1000, tool: "test 1" };
  return { owner: owner as Owner, kind: "repository", subject: "", body, provenance };
}

const EXPLOITED: Fact<"exploitation"> = {
  owner: "cve:CVE-2024-1",
  kind: "exploitation",
  subject: "",
  body: { epss: { probability: 0.5, percentile: 0.9 } },
  provenance: { source: "https://epss.test/", observedAt: 1000, tool: "test 1" },
};

const FACTS = [repository("alpha", 1), repository("beta", 2), EXPLOITED];

async function fill(place: string): Promise<void> {
  const graph = await openGraph(place);
  const state = { job: "forge", value: "page 2" };
  await graph.write({ changes: FACTS.map((put) => ({ put })), at: 86_400, source: "test", state });
  await graph.close();
}

async function factsIn(place: string): Promise<readonly unknown[]> {
  const graph = await openGraph(place);
  const facts = await graph.read({ owners: FACTS.map(({ owner }) => owner) });
  await graph.close();
  return facts;
}

describe("thoth knowledge and the graph", () => {
  let shop: Workshop;
  let local: string;
  const run = (...words: readonly string[]) => shop.run("thoth", ["knowledge", ...words, "--json"]);

  before(async () => {
    shop = await openWorkshop();
    local = join(shop.home, "data", "thoth", "graph.sqlite");
    mkdirSync(join(local, ".."), { recursive: true });
  });
  after(() => shop.close());

  it("makes none by asking for it", async () => {
    assert.equal(documentOf(await run("status"), "thoth knowledge")["graph"], undefined);
    assert.equal(codeOf(await run("export", "part.thoth")), "usage");
    assert.ok(!existsSync(local));
    assert.ok(!existsSync(join(shop.folder, "part.thoth")));
  });

  it("tells what is in it", async () => {
    await fill(local);
    const { graph } = documentOf(await run("status"), "thoth knowledge");
    const at = "1970-01-02T00:00:00.000Z";
    assert.deepEqual(graph, {
      snapshot: { id: 1, at, source: "test" },
      facts: { exploitation: 1, repository: 2 },
      jobs: [{ job: "forge", at }],
    });
    const { stdout } = await shop.run("thoth", ["knowledge", "status"]);
    const lines = stdout.split("\n").filter((line) => /^(?:graph|goes on)/.test(line));
    assert.deepEqual(lines, [
      "graph       3 facts in snapshot 1 of 1970-01-02: 1 exploitation, 2 repository",
      "goes on     forge, since 1970-01-02",
    ]);
  });

  it("passes all of it on, and a part", async () => {
    const all = documentOf(await run("export", "all.thoth"), "thoth knowledge");
    assert.deepEqual(all["exported"], { file: "all.thoth", facts: 3, snapshot: 1 });
    const words = ["--package", "Alpha", "cve:CVE-2024-1", "--kind", "repository"];
    const part = documentOf(await run("export", "part.thoth", ...words), "thoth knowledge");
    assert.deepEqual(part["exported"], { file: "part.thoth", facts: 1, snapshot: 1 });

    const other = join(shop.home, "other.sqlite");
    const read = documentOf(await run("import", "part.thoth", "--database", other), "thoth knowledge");
    assert.deepEqual(read["imported"], { files: ["part.thoth"], facts: 1 });
    assert.deepEqual(await factsIn(other), FACTS.slice(0, 1));
    await run("import", "part.thoth", "all.thoth", "--database", other);
    assert.deepEqual(await factsIn(other), FACTS);
    const again = documentOf(await run("import", "all.thoth", "--database", other), "thoth knowledge");
    assert.equal((again["graph"] as { snapshot: { id: number } }).snapshot.id, 2);
  });

  it("refuses what is no part of a graph, and what is asked wrongly", async () => {
    const whole = readFileSync(join(shop.folder, "all.thoth"));
    writeFileSync(join(shop.folder, "cut.thoth"), whole.subarray(0, whole.length - 20));
    writeFileSync(join(shop.folder, "osv.zip"), makeZip([{ name: "a.json", data: "{}" }]));
    const other = join(shop.home, "refused.sqlite");
    const codes = [
      [["import", "cut.thoth"], "invalid-graph-file"],
      [["import", "all.thoth", "osv.zip"], "usage"],
      [["export"], "usage"],
      [["export", "a", "b"], "usage"],
      [["export", "a", "--kind", "nothing"], "usage"],
      [["export", "a", "--database", "mysql://user:secret@host/db"], "usage"],
    ] as const;
    for (const [words, code] of codes) {
      const result = await run(
        ...words,
        ...(words.includes("--database" as never) ? [] : ["--database", other]),
      );
      assert.equal(codeOf(result), code, words.join(" "));
      assert.equal(result.status, 2);
      assert.ok(!result.stdout.includes("secret"));
    }
    if (existsSync(other)) assert.deepEqual(await factsIn(other), []);
    assert.equal(codeOf(await run("export", "no/such/folder/a")), "file-failed");
  });

  describe("in PostgreSQL", { skip: missingPostgres() }, () => {
    let server: PostgresServer;
    before(async () => {
      server = await startPostgres();
    });
    after(() => server.stop());

    it("is read, and told of when it cannot be", async () => {
      const url = server.createDatabase();
      const env = { THOTH_DATABASE: url };
      await shop.run("thoth", ["knowledge", "import", "all.thoth"], { env });
      assert.deepEqual(await factsIn(url), FACTS);
      const status = await shop.run("thoth", ["knowledge", "status", "--json"], { env });
      const { graph } = documentOf(status, "thoth knowledge");
      assert.deepEqual((graph as { facts: object }).facts, { exploitation: 1, repository: 2 });
      const nowhere = { THOTH_DATABASE: url.replace(/\/[^/]+$/, "/nowhere") };
      const failed = await shop.run("thoth", ["knowledge", "status", "--json"], { env: nowhere });
      assert.equal(codeOf(failed), "database-failed");
      assert.equal(failed.status, 3);
      assert.ok(!(failed.stdout + failed.stderr).includes(new URL(url).password));
    });
  });
});
