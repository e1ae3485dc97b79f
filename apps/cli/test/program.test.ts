import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { closeResident, resident } from "@thoth/cli";
import { ThothError } from "@thoth/pep";
import { buildWheel, type IndexServer, startIndex } from "@thoth/testkit";
import { catalogue } from "../src/commands/catalogue.ts";
import { runTool } from "../src/engines/run-tool.ts";
import { reportFailure } from "../src/frame/report-failure.ts";
import { Terminal } from "../src/frame/terminal.ts";

function screen(options: { json?: boolean; live?: boolean; quiet?: boolean } = {}) {
  const written = { result: "", message: "" };
  const terminal = new Terminal({
    json: options.json === true,
    quiet: options.quiet === true,
    verbose: false,
    progress: true,
    environment: { TERM: "xterm" },
    output: {
      result: (text) => {
        written.result += text;
      },
      message: (text) => {
        written.message += text;
      },
      screen: options.live === true,
      columns: 80,
    },
  });
  return { terminal, written };
}

describe("a terminal", () => {
  it("moves bars only on a screen, and writes their last words elsewhere", () => {
    const plain = screen();
    const stage = plain.terminal.stage("install");
    stage.update(1, 2, "numpy");
    stage.end("2 packages");
    assert.equal(plain.written.message, "  install     2 packages\n");
    const live = screen({ live: true });
    live.terminal.stage("install").update(1, 2, "num\u001b[31mpy");
    live.terminal.close();
    assert.ok(live.written.message.includes("install"));
    assert.ok(!live.written.message.includes("num\u001b[31m"));
  });

  it("prints one document, and a failure after it in words", () => {
    const { terminal, written } = screen({ json: true });
    terminal.document({ a: 1 });
    assert.equal(reportFailure(new ThothError("usage", "no `x`."), terminal), 2);
    assert.deepEqual(JSON.parse(written.result), { a: 1 });
    assert.match(written.message, /no `x`/);
  });

  it("masks credentials and escapes what came from outside", () => {
    const { terminal, written } = screen();
    terminal.warn("https://me:secret@host/ said \u001b[2J");
    assert.ok(!written.message.includes("secret") && !written.message.includes("\u001b[2J"));
    const failing = screen({ json: true });
    reportFailure(
      new ThothError("index-unreachable", "no https://me:secret@host/", {
        details: { url: "https://me:secret@host/" },
      }),
      failing.terminal,
    );
    assert.ok(!failing.written.result.includes("secret"));
  });

  it("says nothing but results when asked to be quiet", () => {
    const { terminal, written } = screen({ quiet: true });
    terminal.note("a");
    terminal.warn("b");
    terminal.entry("c", "d");
    terminal.result("e");
    assert.deepEqual(written, { result: "e\n", message: "" });
  });
});

describe("the catalogue", () => {
  it("loads the code of every command", async () => {
    for (const { commands } of Object.values(catalogue)) {
      for (const { name, load } of commands) assert.equal(typeof (await load()), "function", name);
    }
  });
});

describe("other programs", () => {
  const run = (words: string[], timeoutSeconds = 20, signal = new AbortController().signal) =>
    runTool({
      program: process.execPath,
      words,
      folder: tmpdir(),
      variables: process.env,
      signal,
      timeoutSeconds,
    });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => "",
      (error: unknown) => (error instanceof ThothError ? error.code : String(error)),
    );

  it("are started without a shell and heard to the end", async () => {
    const result = await run([
      "-e",
      "console.log(process.argv[1]); console.error('said'); process.exit(3)",
      "$(id); `id`",
    ]);
    assert.deepEqual([result.status, result.output, result.messages], [3, "$(id); `id`\n", "said\n"]);
  });

  it("are ended when they take too long, or when the user stops", async () => {
    assert.equal(await codeOf(run(["-e", "setTimeout(() => {}, 60000)"], 0.3)), "limit-exceeded");
    const controller = new AbortController();
    setTimeout(() => controller.abort(new ThothError("interrupted", "interrupted")), 200);
    assert.equal(
      await codeOf(run(["-e", "setTimeout(() => {}, 60000)"], 20, controller.signal)),
      "interrupted",
    );
    const absent = runTool({
      program: "/no/such/program",
      words: [],
      folder: tmpdir(),
      variables: {},
      signal: new AbortController().signal,
      timeoutSeconds: 5,
    });
    assert.equal(await codeOf(absent), "environment-failed");
  });
});

describe("resident commands", () => {
  let folder: string;
  let index: IndexServer;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "thoth-resident-"));
    index = await startIndex({ projects: { alpha: [buildWheel({ name: "alpha", version: "1.0" })] } });
    writeFileSync(join(folder, "r.in"), "alpha\n");
  });
  after(async () => {
    await closeResident();
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("answer as the process does, several at once, and again", async () => {
    const words = [
      "lock",
      join(folder, "r.in"),
      "--index-url",
      index.indexUrl,
      "--cache-dir",
      join(folder, "cache"),
      "--json",
      "--python-version",
      "3.12",
      "--platform",
      "linux",
    ];
    const answers = await Promise.all([resident("thoth", words), resident("thoth", words)]);
    answers.push(await resident("thoth", words));
    for (const { status, stdout, stderr } of answers) {
      assert.equal(status, 0, stderr);
      assert.equal(JSON.parse(stdout).packages[0].name, "alpha");
    }
    const refused = await resident("thoth", ["lock", join(folder, "absent.in"), "--json"]);
    assert.equal(refused.status, 2);
    assert.equal(JSON.parse(refused.stdout).error.code, "usage");
    assert.match((await resident("horus", ["--help"])).stdout, /Usage: horus/);
  });
});
