// A lock becomes a fresh environment, and real Python says what it is worth: what is asked for is imported, each module
// in a process of its own, and pip says whether all that is required is there.

import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { root, workshop } from "../measure.ts";

export const folder = `${workshop}/installing`;
const modulesProgram = fileURLToPath(new URL("modules.py", import.meta.url));
/** Advisories are the shipped ones, whatever was imported on this machine; environments are the benchmark's own. */
const environment = { ...process.env, THOTH_DATA_DIR: `${folder}/data`, MPLBACKEND: "Agg" };

export interface Trial {
  /** What went wrong, else undefined. */
  readonly failure?: string | undefined;
  readonly seconds: number;
  readonly modules: number;
  readonly broken: readonly { readonly module: string; readonly symptom: string }[];
  /** What pip says is amiss. */
  readonly conflicts: readonly string[];
}

export interface Made {
  readonly path: string;
  readonly python: string;
}

/** The document that `thoth` prints. */
export function thoth(words: readonly string[]): Record<string, unknown> {
  mkdirSync(folder, { recursive: true });
  const done = spawnSync(`${root}node_modules/.bin/thoth`, [...words, "--json"], {
    encoding: "utf8",
    env: environment,
    maxBuffer: 1 << 28,
  });
  if (!done.stdout.trimStart().startsWith("{"))
    throw new Error(`thoth ${words.join(" ")} gave no document: ${done.stderr.slice(0, 2000)}`);
  return JSON.parse(done.stdout) as Record<string, unknown>;
}

/** The message of a document that tells a failure. */
export function failureOf(document: Record<string, unknown>): string | undefined {
  const error = document["error"] as { code: string; message: string } | undefined;
  return error === undefined ? undefined : `${error.code}: ${error.message.split("\n", 1)[0]}`;
}

/** Installs a lock with `thoth`, tries it, and takes the environment away again. */
export function tryLock(lock: string, python: string, direct: readonly string[]): Trial {
  const begin = performance.now();
  const document = thoth(["install", lock, "--python-version", python]);
  const seconds = (performance.now() - begin) / 1000;
  const failure = failureOf(document);
  if (failure !== undefined) return { failure, seconds, modules: 0, broken: [], conflicts: [] };
  if (document["reused"] === true) throw new Error("the environment is not fresh");
  const made = { path: String(document["environment"]), python: String(document["python"]) };
  try {
    return { ...use(made, direct), seconds };
  } finally {
    rmSync(made.path, { recursive: true, force: true });
  }
}

/** Installs a requirements file with hashes as anybody would, and tries it. */
export function tryWithPip(lock: string, direct: readonly string[]): Trial {
  const begin = performance.now();
  const made = makeEmpty("pip");
  try {
    const words = ["--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", lock];
    const failure = pipInstall(made, words);
    const seconds = (performance.now() - begin) / 1000;
    if (failure !== undefined) return { failure, seconds, modules: 0, broken: [], conflicts: [] };
    return { ...use(made, direct), seconds };
  } finally {
    rmSync(made.path, { recursive: true, force: true });
  }
}

/** A fresh environment without packages. */
export function makeEmpty(name: string): Made {
  const path = `${folder}/${name}`;
  rmSync(path, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const done = spawnSync("python3", ["-m", "venv", "--without-pip", path], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`no environment could be made: ${done.stderr}`);
  return { path, python: `${path}/bin/python` };
}

/** What pip said where it failed. */
export function pipInstall(made: Made, words: readonly string[]): string | undefined {
  const done = pip(made, ["install", "-q", ...words]);
  return done.status === 0 ? undefined : lastLine(done.stderr);
}

/** The last line of what Python printed where it failed, without places. */
export function runPython(made: Made, code: string): string | undefined {
  const done = spawnSync(made.python, ["-W", "ignore", "-c", code], {
    encoding: "utf8",
    env: environment,
    cwd: folder,
    timeout: 180_000,
  });
  return done.status === 0 ? undefined : lastLine(done.stderr) || `ended with ${done.signal ?? done.status}`;
}

/** Imports what is asked for, and asks pip. */
export function use(made: Made, direct: readonly string[]): Omit<Trial, "failure" | "seconds"> {
  const listed = spawnSync(made.python, [modulesProgram, ...direct], { encoding: "utf8" });
  if (listed.status !== 0) throw new Error(`what is installed cannot be listed: ${listed.stderr}`);
  const modules = Object.values(JSON.parse(listed.stdout) as Record<string, string[]>).flat();
  const broken = modules.flatMap((module) => {
    const symptom = runPython(made, `import ${module}`);
    return symptom === undefined ? [] : [{ module, symptom }];
  });
  const check = pip(made, ["check"]);
  return { modules: modules.length, broken, conflicts: check.status === 0 ? [] : lines(check.stdout) };
}

function pip(made: Made, words: readonly string[]) {
  const all = ["-m", "pip", "--disable-pip-version-check", "--python", made.python, ...words];
  return spawnSync("python3", all, { encoding: "utf8", env: environment });
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function lastLine(text: string): string {
  const line = lines(text).at(-1)?.trim() ?? "";
  return line.replace(/ \(\/[^)]*\)?/g, "").slice(0, 200);
}
