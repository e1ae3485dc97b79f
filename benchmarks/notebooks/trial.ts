// One notebook with one type of advice: locked as of one date, installed, and run, all by the commands that people use.

import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { root, workshop } from "../measure.ts";
import type { Case } from "./cases.ts";

export const AS_OF = "2026-11-01";
const PYTHON = "3.11";
const SECONDS_PER_CELL = 60;
const SECONDS = 180;
const SECONDS_TO_LOCK = 300;
const folder = `${workshop}/notebooks`;

export type Type = "latest" | "stable";

export interface Locked {
  readonly path: string;
  readonly place: readonly string[];
  readonly packages: ReadonlyMap<string, string>;
  /** What advice says of the code: the release that is chosen and why, or what even that lacks. */
  readonly reasons: readonly string[];
}

export interface Failure {
  readonly kind: "failed";
  /** Of the error that a cell raised, or the code of the command's own. */
  readonly error: string;
  /** Its first line. */
  readonly text: string;
  /** From 1; absent where no cell is to blame. */
  readonly cell?: number;
}

export type Outcome = { readonly kind: "runs" } | Failure;

/** With a Python of its own where one is given. */
export function lock(notebook: Case, type: Type, python = PYTHON): Locked | Failure {
  const path = notebook.place(join(folder, `${notebook.name.replaceAll("/", "+")} ${type} ${python}`));
  const place = ["--recommendation-type", type, "--python-version", python, "--as-of", AS_OF];
  const { document, told } = horus(["lock", path, "--json", ...place], SECONDS_TO_LOCK);
  if (document.error !== undefined) return failureOf(document.error);
  const packages = new Map((document.packages ?? []).map(({ name, version }) => [name, version]));
  return { path, place, packages, reasons: reasonsIn(told) };
}

export function runLocked({ path, place }: Locked): Outcome {
  const words = ["run", path, "--json", "--cell-timeout", String(SECONDS_PER_CELL), ...place];
  const { document } = horus(words, SECONDS);
  return document.error === undefined ? { kind: "runs" } : failureOf(document.error);
}

interface CommandError {
  readonly code: string;
  readonly message: string;
  readonly details?: { readonly cell?: number | null; readonly name?: string; readonly value?: string };
}

interface Document {
  readonly packages?: readonly { readonly name: string; readonly version: string }[];
  readonly error?: CommandError;
}

function horus(words: readonly string[], seconds: number): { document: Document; told: string } {
  const [, path = ""] = words;
  const done = spawnSync(`${root}node_modules/.bin/horus`, words, {
    encoding: "utf8",
    cwd: dirname(path),
    env: { ...process.env, THOTH_DATA_DIR: `${folder}/data`, MPLBACKEND: "Agg", COLUMNS: "400" },
    timeout: seconds * 1000,
    maxBuffer: 1 << 28,
  });
  if (done.stdout.trimStart().startsWith("{")) {
    const document = JSON.parse(done.stdout) as Document;
    if (done.error === undefined) return { document, told: done.stderr };
  }
  if (done.error === undefined) throw new Error(`horus ${words.join(" ")}: ${done.stderr.slice(0, 2000)}`);
  const message = `it took longer than ${seconds} s`;
  return { document: { error: { code: "limit-exceeded", message } }, told: done.stderr };
}

export function failureOf({ code, message, details }: CommandError): Failure {
  const { cell, name, value } = code === "execution-failed" ? (details ?? {}) : {};
  // Where a kernel died no cell tells an error.
  const error = name || code;
  const text = withoutPaths((value || message).trim().split("\n", 1)[0] ?? "").slice(0, 200);
  return { kind: "failed", error, text, ...(typeof cell === "number" ? { cell: cell + 1 } : {}) };
}

/** Of this machine, and what an address in memory is. */
function withoutPaths(text: string): string {
  return text
    .replace(/ ?\((?:[^()]*\/)+[^()]*\)/g, "")
    .replace(/`[^`]*\/([^`/]*)`/g, "`$1`")
    .replace(/0x[0-9a-f]{6,}/g, "0x…");
}

/** Entries named `code`, with the lines that go on; and warnings about cells. */
function reasonsIn(told: string): readonly string[] {
  const entries = told.split(/\n(?= {2}\S|\S)/);
  return entries.flatMap((entry) => {
    const text = entry.replace(/\s+/g, " ").trim();
    const said = /^code (.*)/.exec(text) ?? /^warning: (cell .*)/.exec(text);
    return said === null ? [] : [said[1]!];
  });
}
