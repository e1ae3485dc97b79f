import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { makeJobFolder, removeLostFolders } from "../src/worker/job-folders.ts";

describe("folders of jobs", () => {
  const usual = process.env["TMPDIR"];
  const folder = mkdtempSync(join(tmpdir(), "thoth-lost-"));
  before(() => {
    process.env["TMPDIR"] = folder;
  });
  after(() => {
    if (usual === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = usual;
    rmSync(folder, { recursive: true, force: true });
  });

  it("of a process that was killed go when the next one begins; those of a job at work, and others' folders, stay", async () => {
    const [lost, current] = [await makeJobFolder(), await makeJobFolder()];
    const other = join(folder, "someone-else");
    mkdirSync(other);
    writeFileSync(join(lost, "credentials.json"), "{}");
    const hourAgo = Date.now() / 1000 - 3600;
    for (const path of [lost, other]) utimesSync(path, hourAgo, hourAgo);
    await removeLostFolders(660_000);
    assert.deepEqual([lost, current, other].map(existsSync), [false, true, true]);
  });
});
