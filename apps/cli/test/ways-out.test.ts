// What is said to do where no stack satisfies: the nearest change of one requirement, else of two, each seen to have an answer.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { buildWheel, type IndexServer, runCommand, startIndex } from "@thoth/testkit";

const wheel = (name: string, version: string, requires: string[] = []) =>
  buildWheel({ name, version, requires });
const versions = (name: string, ...all: string[]) => all.map((version) => wheel(name, version));

describe("ways out", () => {
  let index: IndexServer;
  const home = mkdtempSync(join(tmpdir(), "thoth-ways-"));
  before(async () => {
    index = await startIndex({
      projects: {
        app: [wheel("app", "1.0", ["lib>=2"])],
        pair: [wheel("pair", "1.0", ["lib<3", "tool>=2"])],
        lib: versions("lib", "1.0", "2.0", "2.5", "3.0", "4.0"),
        tool: versions("tool", "1.0", "2.0", "3.0"),
      },
    });
  });
  after(async () => {
    await index.close();
    rmSync(home, { recursive: true, force: true });
  });

  const waysOf = async (requirements: string): Promise<readonly string[]> => {
    const words = ["lock", "-", "--json", "--index-url", index.indexUrl];
    const { json, status } = await runCommand("thoth", words, { home, stdin: requirements });
    assert.equal(status, 1);
    return (json as { error: { details: { waysOut: string[] } } }).error.details.waysOut;
  };

  it("go up as little as they must", async () => {
    assert.deepEqual(await waysOf("app\nlib<2\n"), ["`lib==2.0` instead of `lib<2`"]);
    assert.deepEqual(await waysOf("app\nlib==1.0\n"), ["`lib==2.0` instead of `lib==1.0`"]);
  });

  it("go down as little as they must", async () => {
    assert.deepEqual(await waysOf("pair\nlib>=3\n"), ["`lib==2.5` instead of `lib>=3`"]);
  });

  it("are changes of two requirements where no single one will do", async () => {
    assert.deepEqual(await waysOf("pair\nlib>=3\ntool<2\n"), [
      "`lib==2.5` instead of `lib>=3` and `tool==2.0` instead of `tool<2`",
    ]);
  });
});
