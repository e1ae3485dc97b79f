// What the suites on the command line share: homes that are removed again, questions put to the commands, and what
// every answer owes, whatever it is.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after } from "node:test";
import { type DocumentName, documents, exitStatusOf, findViolations } from "@thoth/contract";
import type { ErrorCode } from "@thoth/pep";
import { type CommandResult, type RunOptions, runCommand } from "@thoth/testkit";

/** A folder for one test; removed after the file's tests. */
export function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), "thoth-test-"));
  after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  return home;
}

/** Makes a folder with files in it, and returns its path. */
export function makeFolder(
  parent: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): string {
  const folder = mkdtempSync(join(parent, "folder-"));
  for (const [name, data] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), data);
  }
  return folder;
}

export interface Asked extends Partial<RunOptions> {
  readonly indexUrl: string;
  /** Further arguments. */
  readonly args?: readonly string[];
  readonly home: string;
}

export const TARGET = ["--python-version", "3.12", "--platform", "linux"];

/** `thoth lock --json` of requirements on the standard input. */
export function askLock(
  requirements: readonly string[],
  { indexUrl, args = [], ...options }: Asked,
): Promise<CommandResult> {
  const words = ["lock", "-", "--json", "--index-url", indexUrl, ...TARGET, ...args];
  return runCommand("thoth", words, { stdin: `${requirements.join("\n")}\n`, ...options });
}

/** What every run owes: its limits kept, no stack trace (but with `--verbose`), nothing that a terminal would obey. */
export function assertCivil(result: CommandResult, { verbose = false } = {}): void {
  const said = result.stdout + result.stderr;
  assert.equal(result.killed, undefined, `killed for ${result.killed}: ${said.slice(0, 500)}`);
  if (!verbose) assert.doesNotMatch(said, /^\s+at .*:\d+:\d+\)?$/m, "a stack trace is shown");
  assert.doesNotMatch(
    said,
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
    "a raw control character is shown",
  );
  assert.notEqual(result.status, 4, `a bug of ours: ${said.slice(0, 800)}`);
}

/** The run failed with one of the codes, the status that goes with it, and one valid document on stdout. */
export function assertCode(result: CommandResult, ...codes: readonly ErrorCode[]): ErrorDocument["error"] {
  assertCivil(result);
  assert.ok(
    result.json !== undefined,
    `no JSON document: ${result.stdout.slice(0, 300)} ${result.stderr.slice(0, 600)}`,
  );
  assertDocument("error", result.json);
  const { error } = result.json as ErrorDocument;
  assert.ok(
    codes.includes(error.code),
    `expected ${codes.join(" or ")}: ${JSON.stringify(error).slice(0, 600)}`,
  );
  assert.equal(result.status, exitStatusOf(error.code));
  assert.ok(JSON.stringify(error.message).length < 4096, "the message is longer than 4 KiB");
  return error;
}

export interface ErrorDocument {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

export function assertDocument(name: DocumentName, document: unknown): void {
  assert.deepEqual(findViolations(documents[name], document), [], `no ${name} document`);
}

/** The pins of a lock that was made, by name. */
export function assertPins(result: CommandResult, pins: Readonly<Record<string, string>>): void {
  assertCivil(result);
  assert.equal(result.status, 0, `${result.stdout.slice(0, 800)} ${result.stderr.slice(0, 800)}`);
  assertDocument("thoth lock", result.json);
  const { packages } = result.json as { packages: readonly { name: string; version: string }[] };
  const found = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  assert.deepEqual(found, pins);
}

/** Every file below a folder with what it holds, to be compared before and after. */
export function listFiles(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  const open = [folder];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const name of readdirSync(at)) {
      const path = join(at, name);
      const info = lstatSync(path);
      const key = relative(folder, path);
      if (info.isDirectory()) {
        open.push(path);
        found.set(`${key}/`, "");
      } else if (info.isSymbolicLink()) found.set(key, `→ ${readlinkSync(path)}`);
      else found.set(key, createHash("sha256").update(readFileSync(path)).digest("hex"));
    }
  }
  return new Map([...found].sort());
}

/** Runs `act` and asserts that nothing below `folder` was changed, added or removed. */
export async function leavesAlone<T>(folder: string, act: () => Promise<T>): Promise<T> {
  const before = listFiles(folder);
  const result = await act();
  assert.deepEqual(listFiles(folder), before);
  return result;
}
