// Programs are run with nothing of the machine's own settings, and are stopped at their limits.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { runProgram } from "../src/index.ts";

const home = mkdtempSync(join(tmpdir(), "thoth-run-"));
after(() => rmSync(home, { recursive: true, force: true }));

describe("a program", () => {
  const run = (script: string, options = {}): ReturnType<typeof runProgram> =>
    runProgram(process.execPath, ["-e", script], { home, ...options });

  it("sees a clean environment and its input", async () => {
    process.env["PIP_INDEX_URL"] = "http://127.0.0.1:9/";
    const script = `
      process.stdin.on("data", (text) => console.log(JSON.stringify({ ...process.env, text: String(text) })));`;
    const { status, json } = await run(script, {
      stdin: "hello",
      env: { EXTRA: "1", XDG_DATA_HOME: undefined },
    });
    delete process.env["PIP_INDEX_URL"];
    assert.equal(status, 0);
    const seen = json as Record<string, string>;
    assert.equal(seen["text"], "hello");
    assert.equal(seen["HOME"], home);
    assert.equal(seen["EXTRA"], "1");
    assert.equal(seen["PIP_INDEX_URL"], undefined);
    assert.equal(seen["XDG_DATA_HOME"], undefined);
  });

  it("is killed after its time", async () => {
    const { status, killed } = await run("setInterval(() => {}, 1000)", { timeoutMs: 300 });
    assert.deepEqual([status, killed], [137, "time"]);
  });

  it("is killed above its memory", async () => {
    const script = "const kept = []; setInterval(() => kept.push(Buffer.alloc(2 ** 24, 1)), 10)";
    const { status, killed } = await run(script, { memoryMiB: 200 });
    assert.deepEqual([status, killed], [137, "memory"]);
  });

  it("says how it ended", async () => {
    const { status, stderr, json, killed } = await run("console.error('no'); process.exitCode = 3");
    assert.deepEqual([status, stderr, json, killed], [3, "no\n", undefined, undefined]);
  });
});
