// What the extension costs in a real JupyterLab: how soon an action shows something, opening a notebook of 5 MB, the start of the
// server, the memory of the resident process after 50 locks, the wheel, and the way from its installation to a lock.
//
// Usage: npm run bench -- jupyterlab [--json]

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPeer } from "@thoth/testkit";
import type { Page } from "playwright-core";
import {
  buildWheel,
  installJupyter,
  type Jupyter,
  OPENED,
  openBrowser,
  openPanel,
  startJupyter,
  whatIsMissing,
} from "../apps/jupyterlab/test/jupyter.ts";
import { writeMarked } from "./marked.ts";
import { median, root, workshop } from "./measure.ts";

export interface Options {
  readonly json: boolean;
}

const RUNS = 7;
const LOCKS = 50;

interface Figure {
  readonly what: string;
  readonly value: string;
  readonly aim: string;
}

export async function run({ json }: Options): Promise<void> {
  const missing = whatIsMissing();
  if (missing !== undefined) throw new Error(missing);
  const bin = installJupyter();
  const figures = [
    ...(await measureWheel()),
    ...(await measureStart(bin)),
    ...(await measureOpening(bin)),
    ...(await measureActions(bin)),
  ];
  const table = [
    "| what | measured | aim |",
    "|---|---:|---:|",
    ...figures.map(({ what, value, aim }) => `| ${what} | ${value} | ${aim} |`),
  ].join("\n");
  console.log(json ? JSON.stringify({ benchmark: "jupyterlab", figures }) : table);
  writeMarked("jupyterlab", table, "docs/measured.md");
}

async function measureWheel(): Promise<Figure[]> {
  const wheel = buildWheel();
  const folder = mkdtempSync(join(tmpdir(), "thoth-wheel-"));
  const uv = findPeer("uv") as string;
  const must = (program: string, words: readonly string[]) => {
    const env = { ...process.env, XDG_CACHE_HOME: join(workshop, "jupyter-cache") };
    const done = spawnSync(program, words, { encoding: "utf8", env });
    if (done.status !== 0) throw new Error(`${program} ${words.join(" ")} failed: ${done.stderr}`);
  };
  try {
    must(uv, ["venv", "--quiet", folder]);
    const before = performance.now();
    must(uv, ["pip", "install", "--quiet", "--python", join(folder, "bin", "python"), wheel]);
    const installed = performance.now();
    must(join(folder, "bin", "thoth"), ["lock", `${root}benchmarks/projects/flask.in`, "--format", "json"]);
    const locked = performance.now();
    const [size, first] = [statSync(wheel).size / 2 ** 20, seconds(locked - before)];
    return [
      { what: "wheel", value: `${size.toFixed(2)} MB`, aim: "3 MB" },
      { what: "installed by uv (its cache warm), then a first lock of flask", value: first, aim: "" },
      { what: "of it the installation", value: seconds(installed - before), aim: "" },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With the extension and without, by turns. */
async function measureStart(bin: string): Promise<Figure[]> {
  const times: Record<"with" | "without", number[]> = { with: [], without: [] };
  for (let at = 0; at < RUNS; at++) {
    for (const kind of ["with", "without"] as const) {
      const before = performance.now();
      const lab = await startJupyter(bin, "lab", { without: kind === "without" });
      times[kind].push(performance.now() - before);
      await lab.close();
    }
  }
  const value = `${ms(median(times.with))} and ${ms(median(times.without))}`;
  return [{ what: "JupyterLab's start, with and without", value, aim: "+150 ms" }];
}

async function measureOpening(bin: string): Promise<Figure[]> {
  const browser = await openBrowser();
  const labs = [await startJupyter(bin, "lab"), await startJupyter(bin, "lab", { without: true })];
  const times: number[][] = [[], []];
  try {
    const line = "print('0123456789')\n".repeat(50);
    const cells = Array.from({ length: Math.ceil((5 * 2 ** 20) / line.length) }, () => line);
    for (const lab of labs) lab.write("large.ipynb", cells, OPENED);
    for (let at = 0; at < RUNS; at++) {
      for (const [i, lab] of labs.entries()) {
        const page = await browser.newPage();
        const before = performance.now();
        await page.goto(`${lab.url}lab/tree/large.ipynb?token=${lab.token}&reset`);
        await page.waitForSelector(".jp-NotebookPanel .jp-CodeCell", { timeout: 60_000 });
        await page.waitForSelector(".jp-Spinner", { state: "detached" });
        times[i]?.push(performance.now() - before);
        await page.close();
      }
    }
  } finally {
    await browser.close();
    for (const lab of labs) await lab.close();
  }
  const value = times.map((all) => ms(median(all))).join(" and ");
  return [{ what: "page with a notebook of 5 MB, with and without", value, aim: "+50 ms" }];
}

async function measureActions(bin: string): Promise<Figure[]> {
  const browser = await openBrowser();
  const lab = await startJupyter(bin, "lab");
  try {
    lab.write("panel.ipynb", ["import six"], OPENED);
    const page = await browser.newPage();
    await openPanel(page, lab, "lab/tree/panel.ipynb");
    await page.locator(".thoth-state", { hasText: "imports 1 package" }).waitFor();
    const shown = await untilShown(page);
    const states: number[] = [];
    for (let at = 0; at < 20; at++) {
      const before = performance.now();
      await ask(lab, ["status", "--json"], "import six");
      states.push(performance.now() - before);
    }
    const locks: number[] = [];
    for (let at = 0; at < LOCKS; at++) {
      const before = performance.now();
      const name = ["six", "idna", "humanize", "flask", "pandas"][at % 5] as string;
      await ask(lab, ["lock", "--json", "--force"], `import ${name}`);
      locks.push(performance.now() - before);
    }
    return [
      { what: "click to progress", value: ms(shown), aim: "100 ms" },
      { what: "state of a notebook, by the server", value: ms(median(states)), aim: "100 ms" },
      { what: `lock, by the server (median of ${LOCKS})`, value: ms(median(locks)), aim: "" },
      { what: `resident process after ${LOCKS} locks`, value: `${residentMiB(lab)} MB`, aim: "250 MB" },
    ];
  } finally {
    await browser.close();
    await lab.close();
  }
}

/** Milliseconds, in the page, from a click to the first word of progress. */
async function untilShown(page: Page): Promise<number> {
  await page.evaluate(`
    document.addEventListener("click", () => { window.clicked = performance.now(); }, { capture: true });
    new MutationObserver(() => {
      if (document.querySelector(".thoth-work") !== null) window.shown ??= performance.now();
    }).observe(document.querySelector(".thoth-panel").parentElement, { childList: true, subtree: true });
  `);
  await page.getByRole("button", { name: "Lock and install" }).click();
  await page.waitForFunction("window.shown !== undefined");
  const taken = (await page.evaluate("window.shown - window.clicked")) as number;
  await page.locator(".thoth-outcome", { hasText: "is ready" }).waitFor({ timeout: 120_000 });
  return taken;
}

async function ask({ url, token }: Jupyter, words: readonly string[], source: string): Promise<void> {
  const cell = { cell_type: "code", execution_count: null, metadata: {}, outputs: [], source };
  const text = JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 4 });
  const body = { program: "horus", words, notebook: "asked.ipynb", notebooks: { "asked.ipynb": text } };
  const response = await fetch(`${url}thoth/run`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `token ${token}` },
  });
  if (!/"status": 0/.test(await response.text())) throw new Error(`${words.join(" ")} failed`);
}

function residentMiB({ process: { pid } }: Jupyter): number {
  const own = execFileSync("pgrep", ["-P", String(pid), "-f", "cli.cjs resident"], { encoding: "utf8" });
  const status = readFileSync(`/proc/${own.trim()}/status`, "utf8");
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

function seconds(value: number): string {
  return `${(value / 1000).toFixed(1)} s`;
}
