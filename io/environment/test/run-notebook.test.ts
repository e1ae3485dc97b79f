// Notebooks executed for real: progress, errors, limits, interruption, and what is left behind.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ThothError } from "@thoth/pep";
import { type RunEvent, type RunRequest, runNotebook } from "../src/run-notebook.ts";
import { isAlive } from "../src/temporary-folder.ts";
import { findJupyter, type Jupyter } from "./jupyter.ts";

const found = await findJupyter();
const jupyter = (typeof found === "string" ? undefined : found) as Jupyter;
const folder = await realpath(await mkdtemp(join(tmpdir(), "thoth-notebooks-")));
let count = 0;

after(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Source = string | readonly string[];

async function write(cells: readonly Source[], layout: number | string | undefined = 1): Promise<string> {
  const path = join(folder, `nb-${count++}.ipynb`);
  const notebook = {
    cells: cells.map((source) => ({
      cell_type: "code",
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: {
      zeta: 1,
      alpha: { deep: [1, 2] },
      kernelspec: { display_name: "Odd", name: "no-such-kernel" },
    },
    nbformat: 4,
    nbformat_minor: 4,
  };
  await writeFile(path, `${JSON.stringify(notebook, undefined, layout)}\n`);
  return path;
}

function request(notebook: string, more: Partial<RunRequest> = {}): RunRequest {
  return {
    notebook,
    output: notebook.replace(".ipynb", ".out.ipynb"),
    environment: jupyter.kernel,
    runner: jupyter.runner,
    ...more,
  };
}

async function outputsOf(path: string): Promise<{ outputs: Record<string, unknown>[] }[]> {
  return JSON.parse(await readFile(path, "utf8")).cells;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ThothError, `an error was expected, not ${String(error)}`);
  return error.code;
}

describe("execution", { skip: typeof found === "string" && found }, () => {
  test("cells in order, in the notebook's folder, in its environment, with progress", async () => {
    const notebook = await write([
      "x = 41",
      "",
      ["import os, sys\n", "x += 1\n", "print(x, os.getcwd(), sys.prefix)"],
    ]);
    const events: RunEvent[] = [];
    const wish = request(notebook, { report: (event) => events.push(event) });
    const before = await readFile(notebook);
    assert.deepEqual(await runNotebook(wish), { kind: "done", cells: 2, errors: false });
    assert.deepEqual(events, [
      { kind: "started", total: 2 },
      { kind: "cell", number: 1, total: 2, cell: 0 },
      { kind: "cell", number: 2, total: 2, cell: 2 },
    ]);
    const [, , last] = await outputsOf(wish.output);
    assert.deepEqual(last?.outputs[0]?.["text"], [`42 ${folder} ${jupyter.kernel.path}\n`]);
    assert.deepEqual(await readFile(notebook), before);
  });

  test("what was not executed stays as it is written, key for key", async () => {
    for (const layout of ["\t", undefined]) {
      const notebook = await write(["1"], layout);
      const wish = request(notebook);
      await runNotebook(wish);
      const text = await readFile(wish.output, "utf8");
      const { metadata } = JSON.parse(text);
      assert.deepEqual(Object.keys(metadata), ["zeta", "alpha", "kernelspec", "language_info"]);
      assert.equal(metadata.kernelspec.name, "no-such-kernel");
      const first = (await readFile(notebook, "utf8")).slice(0, 12);
      assert.equal(text.slice(0, 12), first);
      assert.ok(text.endsWith("}\n"));
    }
  });

  test("into the notebook itself, whose permissions stay", async () => {
    const notebook = await write(["2 * 21"]);
    await chmod(notebook, 0o640);
    await runNotebook(request(notebook, { output: notebook }));
    const [cell] = await outputsOf(notebook);
    assert.deepEqual(cell?.outputs[0]?.["data"] as object, { "text/plain": ["42"] });
    assert.equal((await stat(notebook)).mode & 0o777, 0o640);
  });

  test("an error in a cell is an answer", async () => {
    const notebook = await write(["print('before')", "1/0", "print('after')"]);
    const wish = request(notebook);
    const result = await runNotebook(wish);
    assert.equal(result.kind, "failed");
    if (result.kind !== "failed") return;
    assert.equal(result.failure.cell, 1);
    assert.equal(result.failure.name, "ZeroDivisionError");
    assert.equal(result.failure.value, "division by zero");
    assert.ok(result.failure.traceback.includes("ZeroDivisionError"));
    assert.equal(result.written, true);
    const [first, second, third] = await outputsOf(wish.output);
    assert.deepEqual(first?.outputs[0]?.["text"], ["before\n"]);
    assert.equal(second?.outputs[0]?.["ename"], "ZeroDivisionError");
    assert.deepEqual(third?.outputs, []);
    // What was there is not replaced by a failure.
    await writeFile(wish.output, "mine");
    const again = await runNotebook(wish);
    assert.equal(again.kind === "failed" && again.written, false);
    assert.equal(await readFile(wish.output, "utf8"), "mine");
  });

  test("a magic that there is not is told with its cell", async () => {
    const notebook = await write(["1 + 1", "%nonesuch now"]);
    const result = await runNotebook(request(notebook));
    assert.equal(result.kind, "failed");
    if (result.kind !== "failed") return;
    const { cell, name, value } = result.failure;
    assert.deepEqual([cell, name, /nonesuch/.test(value)], [1, "UsageError", true], JSON.stringify(result));
  });

  test("errors may be allowed", async () => {
    const notebook = await write(["1/0", "print('after')"]);
    const wish = request(notebook, { allowErrors: true });
    assert.deepEqual(await runNotebook(wish), { kind: "done", cells: 2, errors: true });
    const [, second] = await outputsOf(wish.output);
    assert.deepEqual(second?.outputs[0]?.["text"], ["after\n"]);
  });

  test("a cell that takes too long, a kernel that dies, one that asks for input", async () => {
    const slow = request(await write(["import time; time.sleep(60)"]), { cellTimeoutSeconds: 1 });
    assert.equal(await codeOf(runNotebook(slow)), "limit-exceeded");
    const dying = request(await write(["import os; os._exit(3)"]));
    assert.equal(await codeOf(runNotebook(dying)), "execution-failed");
    const asking = await runNotebook(request(await write(["input('?')"])));
    assert.equal(asking.kind === "failed" && asking.failure.name, "StdinNotImplementedError");
    for (const { output } of [slow, dying]) await assert.rejects(stat(output));
  });

  test("an environment without a kernel, a runner without nbclient", async () => {
    const notebook = await write(["1"]);
    assert.equal(
      await codeOf(runNotebook(request(notebook, { environment: jupyter.runner }))),
      "execution-failed",
    );
    assert.equal(
      await codeOf(runNotebook(request(notebook, { runner: jupyter.kernel }))),
      "execution-failed",
    );
  });

  test("interrupted: the kernel and what it started end, nothing is written", async () => {
    const marker = join(folder, "pids");
    const program = `import os, subprocess, time\nchild = subprocess.Popen(['sleep', '600'])\nopen(${JSON.stringify(marker)}, 'w').write(f'{os.getpid()} {child.pid}')\ntime.sleep(600)`;
    const wish = request(await write([program]));
    const stop = new AbortController();
    const work = runNotebook({ ...wish, signal: stop.signal });
    const pids = await waitForPids(marker);
    stop.abort();
    assert.equal(await codeOf(work), "interrupted");
    await assertGone(pids);
    await assert.rejects(stat(wish.output));
  });

  test("we are killed: the kernel ends too", async () => {
    const marker = join(folder, "pids-killed");
    const places = join(folder, "pids-killed-runtime");
    const program = `import os, time\nopen(${JSON.stringify(places)}, 'w').write(os.environ['JUPYTER_RUNTIME_DIR'])\nopen(${JSON.stringify(marker)}, 'w').write(f'{os.getpid()} {os.getppid()}')\ntime.sleep(600)`;
    const wish = request(await write([program]));
    const script = fileURLToPath(new URL("./run-one.ts", import.meta.url));
    const child = spawn(process.execPath, [script, JSON.stringify(wish)], { stdio: "inherit" });
    const pids = await waitForPids(marker);
    child.kill("SIGKILL");
    await assertGone(pids);
    await assert.rejects(stat(await readFile(places, "utf8")));
  });

  test("the user's own IPython and Jupyter folders are not touched", async () => {
    const home = await mkdtemp(join(folder, "home-"));
    const variables = { PATH: process.env["PATH"], HOME: home };
    await runNotebook(request(await write(["1", "%history"]), { variables }));
    assert.deepEqual(await readdir(home), []);
  });

  test("a stray pip changes no environment", { skip: process.platform === "win32" }, async () => {
    const notebook = await write([
      "!pip install --no-index thoth-no-such-package; echo $?",
      "!python -c 'import sys; print(sys.prefix)'",
    ]);
    const wish = request(notebook);
    await runNotebook(wish);
    const [, second] = await outputsOf(wish.output);
    assert.match(JSON.stringify(second?.outputs), new RegExp(jupyter.kernel.path));
    const { stdout } = await promisify(execFile)(jupyter.kernel.python, [
      "-c",
      "import importlib.util as u; print(u.find_spec('pip'))",
    ]);
    assert.equal(stdout.trim(), "None");
  });

  test("nothing is left beside the notebooks or in the folder for temporary files", async () => {
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith(".")),
      [],
    );
  });
});

async function waitForPids(marker: string): Promise<readonly number[]> {
  for (let round = 0; round < 600; round++) {
    const text = await readFile(marker, "utf8").catch(() => "");
    if (/^\d+ \d+$/.test(text)) return text.split(" ").map(Number);
    await pause(50);
  }
  throw new Error("the cell did not start");
}

async function assertGone(pids: readonly number[]): Promise<void> {
  for (let round = 0; round < 200 && pids.some(isAlive); round++) await pause(50);
  assert.deepEqual(pids.filter(isAlive), []);
}
