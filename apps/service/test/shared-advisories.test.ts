// Advisories that one machine refreshes, and the others take from the database: real processes that have no folder in common.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  type IndexServer,
  makeZip,
  missingPostgres,
  type PostgresServer,
  startIndex,
  startPostgres,
} from "@thoth/testkit";
import { openDatabase } from "../src/database/open-database.ts";
import { AdvisoryUpdates } from "../src/knowledge/advisory-updates.ts";
import { IMPORTED_ADVISORIES } from "../src/knowledge/knowledge-files.ts";
import { readSharedAdvisories } from "../src/knowledge/shared-advisories.ts";
import { startSmallIndex } from "./offered-projects.ts";
import {
  type StartedProcess,
  type StartedService,
  startService,
  startWorkerProcess,
} from "./start-service.ts";

const cli = fileURLToPath(new URL("../../cli/dist/cli.cjs", import.meta.url));
/** Milliseconds: a few looks. */
const PATIENCE = 40_000;

describe("advisories of a service", { skip: missingPostgres() }, () => {
  let projects: IndexServer;
  let source: IndexServer;
  let postgres: PostgresServer;
  let folder: string;
  let place: string;
  let service: StartedService;
  let worker: StartedProcess;

  before(async () => {
    projects = await startSmallIndex();
    source = await startIndex();
    postgres = await startPostgres();
    place = postgres.createDatabase();
    folder = mkdtempSync(join(tmpdir(), "thoth-advisories-"));
    const words = ["--database", place, "--index-url", projects.indexUrl];
    const variables = { THOTH_ANONYMOUS: "ask,read" };
    service = await startService({ data: join(folder, "serve"), words, variables });
    worker = await startWorkerProcess({ data: join(folder, "worker"), words });
  });
  after(async () => {
    await worker?.stop();
    await service?.stop();
    await source?.close();
    await projects?.close();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As a machine that begins with nothing each time. */
  async function knowledge(machine: string, ...words: readonly string[]) {
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", cli, "thoth", "knowledge", ...words, "--json"],
      {
        env: {
          PATH: process.env["PATH"] ?? "",
          HOME: join(folder, machine),
          THOTH_DATABASE: place,
          THOTH_ADVISORY_SOURCE: source.urlOf("all"),
        },
      },
    );
    const [out, said, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit") as Promise<[number]>,
    ]);
    assert.equal(status, 0, said + out);
    return { document: JSON.parse(out) as Record<string, Record<string, unknown>>, said };
  }

  const offer = (...fixed: readonly string[]) =>
    source.offer("all", [{ filename: "all", bytes: makeZip(fixed.map(osv)), metadata: "" }]);

  async function advisedVersion(): Promise<string | undefined> {
    const answer = await fetch(`${service.url}/api/v2/advice?force=true`, {
      method: "POST",
      headers: { "content-type": "application/json", prefer: "wait=30" },
      body: JSON.stringify({
        project: { content: "project-23\n", form: "requirements" },
        environment: { pythonVersion: "3.11", platform: "linux" },
        recommendationType: "security",
      }),
    });
    assert.equal(answer.status, 200);
    const document = (await answer.json()) as { result: unknown };
    return /"name":"project-23","version":"([^"]+)"/.exec(JSON.stringify(document))?.[1];
  }

  async function countOnceIt(equals: number): Promise<number> {
    const until = performance.now() + PATIENCE;
    for (;;) {
      const answer = await fetch(`${service.url}/api/v2/status`);
      const { knowledge: known } = (await answer.json()) as { knowledge: { advisories: number } };
      if (known.advisories === equals || performance.now() > until) return known.advisories;
      await sleep(300);
    }
  }

  it("are taken by serving and working processes, whose advice minds them", async () => {
    assert.equal(await advisedVersion(), "1.5");
    offer(">=1.4");
    const { document, said } = await knowledge("refresher", "refresh");
    assert.equal(document["refresh"]?.["outcome"], "changed");
    assert.match(said, /all machines of the service take these advisories/);
    assert.equal(await countOnceIt(1), 1);
    const until = performance.now() + PATIENCE;
    while (!existsSync(join(folder, "worker", IMPORTED_ADVISORIES)) && performance.now() < until)
      await sleep(300);
    assert.equal(await advisedVersion(), "1.3");
  });

  it("are not fetched again by another machine where the source has not changed", async () => {
    const { document, said } = await knowledge("other", "refresh");
    assert.equal(document["refresh"]?.["outcome"], "unchanged");
    assert.equal(document["origin"] as unknown, "refreshed");
    assert.doesNotMatch(said, /all machines/);
  });

  it("are there from the start for a process that begins with an empty folder", async () => {
    const database = await openDatabase(place);
    const failures: unknown[] = [];
    const data = join(folder, "fresh");
    const updates = new AdvisoryUpdates({ database, data, failed: (error) => failures.push(error) });
    await updates.start();
    await updates.stop();
    const shared = await readSharedAdvisories(database);
    await database.close();
    assert.deepEqual(failures, []);
    assert.deepEqual(readFileSync(join(data, IMPORTED_ADVISORIES)), Buffer.from(shared?.table ?? []));
  });

  it("that are damaged in the database change nothing anywhere, and a refresh puts them there anew", async () => {
    const database = await openDatabase(place);
    await database.run("UPDATE shared_advisories SET content = substr(content, 1, length(content) - 3)");
    const failures: { code?: string }[] = [];
    const data = join(folder, "careful");
    const failed = (error: unknown) => failures.push(error as { code?: string });
    const updates = new AdvisoryUpdates({ database, data, failed });
    await updates.start();
    await updates.stop();
    assert.equal(failures[0]?.code, "index-response-invalid");
    assert.ok(!existsSync(join(data, IMPORTED_ADVISORIES)));
    const { said } = await knowledge("healer", "refresh");
    assert.match(said, /advisories in the database are damaged/);
    assert.equal((await readSharedAdvisories(database)) === undefined, false);
    await database.close();
  });

  it("that are imported take the place of those that were refreshed", async () => {
    const archive = join(folder, "more.zip");
    writeFileSync(archive, makeZip([">=1.1", ">=9"].map(osv)));
    const { document } = await knowledge("importer", "import", archive);
    assert.deepEqual([document["origin"], document["advisories"]] as unknown[], ["imported", 2]);
    assert.equal(await countOnceIt(2), 2);
    assert.equal((await knowledge("another", "refresh")).document["refresh"]?.["outcome"], "changed");
  });
});

function osv(affected: string, at: number) {
  const introduced = affected.replace(">=", "");
  const advisory = {
    id: `GHSA-${at + 1}`,
    modified: "2026-01-01T00:00:00Z",
    severity: [{ type: "CVSS_V3", score: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }],
    affected: [
      {
        package: { ecosystem: "PyPI", name: "project-23" },
        ranges: [{ type: "ECOSYSTEM", events: [{ introduced }] }],
      },
    ],
  };
  return { name: `GHSA-${at + 1}.json`, data: JSON.stringify(advisory) };
}
