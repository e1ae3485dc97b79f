// One notebook in three ways, each run at last in a network of its own that leads nowhere: with the stack that `--as-of auto --try`
// takes, with the newest, and with what pipreqs writes down, installed by uv.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { root, workshop } from "../measure.ts";
import type { Case } from "../notebooks/cases.ts";
import { failureOf } from "../notebooks/trial.ts";

export type Outcome =
  | { readonly kind: "runs" }
  /** `text`: a line that says why. */
  | { readonly kind: "failed"; readonly text: string; readonly cell?: number };

export interface Auto {
  readonly outcome: Outcome;
  /** The stack that was taken. */
  readonly chosen: string | null;
  readonly python: string | null;
  readonly asOf: string | null;
  /** Each stack that was tried, and how it failed. */
  readonly tried: readonly string[];
  readonly packages: readonly string[];
}

const folder = `${workshop}/past`;
const tools = `${folder}/tools`;
/** Of newest-first and pipreqs. */
const PYTHON = "3.11";
const SECONDS_PER_CELL = 60;
const SECONDS_TO_TRY = 900;
const SECONDS = 240;
/** Where pipreqs asks for versions; the place that it asks by itself is known under this name now. */
const PYPI = "https://pypi.org/pypi/";

const variables = {
  ...process.env,
  THOTH_DATA_DIR: `${folder}/data`,
  JUPYTER_DATA_DIR: `${folder}/jupyter`,
  MPLBACKEND: "Agg",
  COLUMNS: "400",
  PATH: `${tools}/bin${delimiter}${process.env["PATH"]}`,
};

/** pipreqs, uv and nbclient, from the index. */
export function makeTools(): void {
  mkdirSync(folder, { recursive: true });
  if (existsSync(`${tools}/bin/pipreqs`)) return;
  const python = `python${PYTHON}`;
  const made = spawnSync(python, ["-m", "venv", tools], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(`no environment could be made: ${made.stderr}`);
  const words = ["install", "-q", "pipreqs==0.5.0", "uv", "nbclient", "ipykernel"];
  const installed = spawnSync(`${tools}/bin/pip`, words, { encoding: "utf8" });
  if (installed.status !== 0) throw new Error(`pipreqs cannot be installed: ${installed.stderr}`);
}

export function tryAuto(notebook: Case): Auto {
  const path = placed(notebook, "auto");
  const words = [
    "lock",
    path,
    "--as-of",
    "auto",
    "--try",
    "--cell-timeout",
    String(SECONDS_PER_CELL),
    "--json",
  ];
  const document = horus(words, { seconds: SECONDS_TO_TRY });
  const { past } = document as { past?: Past };
  const packages = packagesOf(document);
  if (document.error !== undefined || past === undefined)
    return { outcome: failedBy(document), chosen: null, python: null, asOf: null, tried: [], packages: [] };
  return {
    outcome: runAlone(path),
    packages,
    chosen: past.chosen,
    python: past.python,
    asOf: past.chosen === "of-its-time" ? past.as_of : null,
    tried: past.tried.map(
      ({ kind, python, against }) => `${kind} ${python}: ${shortened(against[0] ?? "runs")}`,
    ),
  };
}

export function tryNewest(notebook: Case, auto: Auto): Outcome {
  const path = placed(notebook, "newest");
  const document = horus(["lock", path, "--json", "--python-version", PYTHON], { seconds: SECONDS });
  if (document.error !== undefined) return failedBy(document);
  // Of the same packages nothing else is to be seen.
  if (auto.python === PYTHON && auto.packages.join() === packagesOf(document).join()) return auto.outcome;
  const installed = horus(["install", path, "--json", "--python-version", PYTHON], { seconds: SECONDS });
  return installed.error === undefined ? runAlone(path) : failedBy(installed);
}

/** `mode`: as pipreqs has it; without one it pins the newest releases, whatever Python they are for. */
export function tryPipreqs(notebook: Case, mode?: "no-pin"): Outcome {
  const path = placed(notebook, "pipreqs");
  const here = dirname(path);
  const list = join(folder, "requirements.txt");
  rmSync(list, { force: true });
  const pins = mode === undefined ? [] : ["--mode", mode];
  const scan = ["--scan-notebooks", "--force", ...pins, "--pypi-server", PYPI, "--savepath", list, here];
  const scanned = spawned(`${tools}/bin/pipreqs`, scan);
  if (scanned.status !== 0 || !existsSync(list))
    return { kind: "failed", text: `pipreqs: ${lastLine(scanned)}` };
  const environment = join(folder, "pipreqs-environment");
  rmSync(environment, { recursive: true, force: true });
  const made = spawned("uv", ["venv", "-q", "--python", `python${PYTHON}`, environment]);
  if (made.status !== 0) throw new Error(`no environment could be made: ${made.stderr}`);
  const python = join(environment, "bin", "python");
  const installed = spawned("uv", ["pip", "install", "-q", "--python", python, "-r", list, "ipykernel"]);
  if (installed.status !== 0) return { kind: "failed", text: `uv: ${lastLine(installed)}` };
  const kernel = join(folder, "jupyter", "kernels", "pipreqs");
  mkdirSync(kernel, { recursive: true });
  const argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"];
  writeFileSync(join(kernel, "kernel.json"), JSON.stringify({ argv, display_name: "p", language: "python" }));
  const execute = [
    `${tools}/bin/jupyter-execute`,
    "--kernel_name=pipreqs",
    `--timeout=${SECONDS_PER_CELL}`,
    path,
  ];
  const ran = spawned("unshare", alone(execute), here);
  return ran.status === 0 ? { kind: "runs" } : { kind: "failed", text: lastLine(ran) };
}

/** What was locked and installed, without a network. */
function runAlone(path: string): Outcome {
  const words = ["run", path, "--offline", "--json", "--cell-timeout", String(SECONDS_PER_CELL)];
  const document = horus(words, { seconds: SECONDS, isAlone: true });
  return document.error === undefined ? { kind: "runs" } : failedBy(document);
}

function placed(notebook: Case, way: string): string {
  return notebook.place(join(folder, "placed", `${notebook.name.replaceAll("/", "+")} ${way}`));
}

interface Past {
  readonly chosen: string;
  readonly python: string;
  readonly as_of: string;
  readonly tried: readonly {
    readonly kind: string;
    readonly python: string;
    readonly against: readonly string[];
  }[];
}

type Document = Readonly<Record<string, unknown>> & { readonly error?: Parameters<typeof failureOf>[0] };

function failedBy({ error }: Document): Outcome {
  if (error === undefined) throw new Error("there is no failure");
  const { error: name, text, cell } = failureOf(error);
  return { kind: "failed", text: shortened(`${name}: ${text}`), ...(cell === undefined ? {} : { cell }) };
}

function packagesOf(document: Document): readonly string[] {
  const packages = (document["packages"] ?? []) as readonly { name: string; version: string }[];
  return packages.map(({ name, version }) => `${name} ${version}`);
}

interface How {
  readonly seconds: number;
  readonly isAlone?: boolean;
}

function horus(words: readonly string[], { seconds, isAlone = false }: How): Document {
  const program = `${root}node_modules/.bin/horus`;
  const [, path = ""] = words;
  const command = isAlone ? ["unshare", ...alone([program, ...words])] : [program, ...words];
  const [first = "", ...rest] = command;
  const done = spawned(first, rest, dirname(path), seconds);
  const text = done.stdout.trimStart();
  if (text.startsWith("{")) return JSON.parse(text) as Document;
  if (done.error === undefined) throw new Error(`horus ${words.join(" ")}: ${done.stderr.slice(0, 2000)}`);
  return { error: { code: "limit-exceeded", message: `it took longer than ${seconds} s` } };
}

/** The arguments of `unshare` for a command that sees nothing but itself. */
function alone(command: readonly string[]): string[] {
  return ["-r", "-n", "sh", "-c", 'ip link set lo up; exec "$@"', "sh", ...command];
}

function spawned(program: string, words: readonly string[], cwd = folder, seconds = SECONDS) {
  const options = { encoding: "utf8", env: variables, cwd, maxBuffer: 1 << 28 } as const;
  return spawnSync(program, words, { ...options, timeout: seconds * 1000 });
}

function lastLine({ stderr, stdout }: { readonly stderr: string; readonly stdout: string }): string {
  const lines = (stderr.trim() || stdout.trim()).split("\n").filter((line) => line.trim() !== "");
  const error = lines.findLast((line) => /^\w*(?:Error|Exception|NotFound)\b/.test(line));
  return shortened(error ?? lines.at(-1) ?? "it took too long");
}

/** Without places of this machine. */
function shortened(text: string): string {
  return text
    .replace(/\u001b\[[0-9;]*m/g, "")
    .replace(/ ?\((?:[^()]*\/)+[^()]*\)/g, "")
    .replace(/(?:\/[\w.+@ -]+){2,}\/?/g, "…")
    .slice(0, 160)
    .trim();
}

/** The notebooks of our own that are older than their packages. */
export function oldNotebooks(): readonly { name: string; python: string; cells: readonly string[] }[] {
  return JSON.parse(readFileSync(new URL("old.json", import.meta.url), "utf8"));
}
