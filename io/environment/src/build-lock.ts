// Lets one process make an environment while others that want the same one wait. The lock only saves work:
// what makes an environment appear whole is its renaming, so a lock that was lost or broken harms nothing.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { isMissing, throwIfInterrupted } from "./child-process.ts";
import { disk, isAlive } from "./temporary-folder.ts";

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onWait?: (() => void) | undefined;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the system counts; tells it from a later one with the same number. */
  readonly began: string;
}

const POLL_MILLISECONDS = 100;
/** A lock of another machine counts as forgotten after this time. */
const FORGOTTEN_MILLISECONDS = 3_600_000;

/** Runs `work` alone among the processes that lock `path`; waits for the present holder first. */
export async function withLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  let waited = false;
  while (!(await take(path))) {
    if (!waited) options.onWait?.();
    waited = true;
    throwIfInterrupted(options.signal);
    if (await isStale(path)) await breakLock(path);
    else await pause(POLL_MILLISECONDS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await disk(path, () => open(path, "wx", 0o644).catch(unlessPresent));
    if (file === undefined) return false;
    try {
      await disk(path, () => file.writeFile(JSON.stringify(self())));
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

function unlessPresent(error: unknown): undefined {
  if (isMissing(error, "EEXIST")) return undefined;
  throw error;
}

function self(): Owner {
  return { pid: process.pid, host: hostname(), began: beginningOf(process.pid) };
}

async function isStale(path: string): Promise<boolean> {
  const owner = await readOwner(path);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return false;
  const age = Date.now() - found.mtimeMs;
  // Between its creation and its writing a lock is empty.
  if (owner === undefined) return age > 10_000;
  if (owner.host !== hostname()) return age > FORGOTTEN_MILLISECONDS;
  return !isAlive(owner.pid) || beginningOf(owner.pid) !== owner.began;
}

async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    const value = JSON.parse((await readFile(path, "utf8")).slice(0, 4096)) as Partial<Owner>;
    if (typeof value.pid !== "number" || value.pid <= 0 || typeof value.host !== "string") return undefined;
    return { pid: value.pid, host: value.host, began: String(value.began) };
  } catch {
    return undefined;
  }
}

async function breakLock(path: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  // Renaming first: of several that break the same lock only one succeeds.
  await rename(path, aside).catch(() => undefined);
  await rm(aside, { force: true }).catch(() => undefined);
}

/** The start time of a process in clock ticks since boot; empty where the system does not tell. */
function beginningOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name of the program, in parentheses, may hold anything; 20 fields after it stands the start.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
