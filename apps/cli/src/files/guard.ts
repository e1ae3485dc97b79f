// One `horus` at a time changes a notebook: a file beside it says who is at work. One that was left behind by a
// process that is gone does not count.

import { link, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { quote, ThothError } from "@thoth/pep";
import { isCode } from "./replace-file.ts";

export interface Guard {
  release(): Promise<void>;
}

export interface GuardOptions {
  readonly signal: AbortSignal;
  readonly waitMilliseconds?: number;
  /** Told once, when somebody else is at work. */
  readonly onWait?: () => void;
}

const WAIT_MILLISECONDS = 45_000;
const POLL_MILLISECONDS = 100;
/** A guard that cannot be read is being written, unless it is older than this. */
const UNREADABLE_MILLISECONDS = 5_000;

/** Waits for its turn. Throws limit-exceeded when the other one takes too long. */
export async function guardFile(path: string, options: GuardOptions): Promise<Guard> {
  const real = await realpath(path).catch(() => resolve(path));
  const guard = join(dirname(real), `.${basename(real)}.horus-guard`);
  const deadline = Date.now() + (options.waitMilliseconds ?? WAIT_MILLISECONDS);
  let told = false;
  for (;;) {
    options.signal.throwIfAborted();
    const taken = await take(guard);
    if (taken !== undefined) return taken;
    if ((await isAbandoned(guard)) && (await clearAway(guard))) continue;
    if (!told) options.onWait?.();
    told = true;
    if (Date.now() > deadline) {
      throw new ThothError("limit-exceeded", `another horus is at work on ${quote(path)}`, {
        hint: "Wait until it is done and run the command again.",
        details: { limit: "time", path },
      });
    }
    await sleep(POLL_MILLISECONDS, undefined, { signal: options.signal });
  }
}

async function take(guard: string): Promise<Guard | undefined> {
  try {
    const file = await open(guard, "wx", 0o600);
    try {
      await file.writeFile(JSON.stringify({ process: process.pid, host: hostname() }));
    } finally {
      await file.close();
    }
    return { release: () => rm(guard, { force: true }) };
  } catch (error) {
    if (isCode(error, "EEXIST")) return undefined;
    // Where nothing can be written, nobody can change the notebook either.
    if (["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "ENOENT"].some((code) => isCode(error, code))) {
      await rm(guard, { force: true }).catch(() => undefined);
      return { release: async () => undefined };
    }
    throw error;
  }
}

async function isAbandoned(guard: string): Promise<boolean> {
  try {
    const holder: unknown = JSON.parse(await readFile(guard, "utf8"));
    if (typeof holder !== "object" || holder === null) return true;
    const { process: id, host } = holder as Record<string, unknown>;
    return host === hostname() && typeof id === "number" && !isAlive(id);
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    const info = await stat(guard).catch(() => undefined);
    return info !== undefined && Date.now() - info.mtimeMs > UNREADABLE_MILLISECONDS;
  }
}

/** Two that clear away at once must not take a new guard for the old one: it is moved first, then looked at. */
async function clearAway(guard: string): Promise<boolean> {
  const moved = `${guard}.${process.pid}`;
  try {
    await rename(guard, moved);
    const abandoned = await isAbandoned(moved);
    if (!abandoned) await link(moved, guard).catch(() => undefined);
    await rm(moved, { force: true });
    return abandoned;
  } catch (error) {
    if (isCode(error, "ENOENT")) return true;
    throw error;
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}
