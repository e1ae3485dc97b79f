// Folders in which something is made before it gets its name. Each says in its own name who makes it, so that
// what a killed process left behind is known and cleared away by the next one.

import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { quote, ThothError } from "@thoth/pep";
import { isMissing } from "./child-process.ts";

/** As long as the digest that names a finished environment, so that one path can stand in for the other. */
const NAME_LENGTH = 32;
const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 6);
const NAME = /^\.([0-9a-f]{6})-(\d{10})-[0-9a-f]{13}$/;
const DAY_MILLISECONDS = 86_400_000;

/** An empty folder of our own in `parent`. */
export async function makeTemporary(parent: string): Promise<string> {
  const path = join(parent, temporaryName());
  await disk(path, () => mkdir(path, { mode: 0o755 }));
  return path;
}

export function temporaryName(): string {
  const random = randomBytes(7).toString("hex").slice(0, 13);
  const name = `.${HOST}-${String(process.pid).padStart(10, "0")}-${random}`;
  if (name.length !== NAME_LENGTH) throw new Error(`${name} has not the length of a digest`);
  return name;
}

/** Removes the temporary folders in `parent` whose makers are gone. */
export async function clearLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, host, pid] = NAME.exec(name) ?? [];
    if (host === undefined || Number(pid) === process.pid) continue;
    const path = join(parent, name);
    const gone = host === HOST ? !isAlive(Number(pid)) : await isOld(path);
    if (gone) await remove(path);
  }
}

/** Removes a folder as well as it can be done; what cannot be removed is left for the next time. */
export async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 }).catch(() => undefined);
}

/** Makes a complete folder vanish in one step: it is renamed before it is removed. */
export async function discard(path: string, parent: string): Promise<void> {
  const trash = join(parent, temporaryName());
  await disk(path, () => rename(path, trash));
  await remove(trash);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isMissing(error, "EPERM");
  }
  // One that has ended and that nobody has asked about still has its number.
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return true;
  }
}

async function isOld(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > DAY_MILLISECONDS;
}

const DISK_FAILURES: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota is used up"],
  ["EFBIG", "the file grows too large"],
  ["EROFS", "the file system is read-only"],
  ["EACCES", "permission is denied"],
  ["EPERM", "permission is denied"],
  ["ENOTDIR", "a part of the path is no folder"],
  ["EEXIST", "something else is in its place"],
  ["EIO", "the disk fails"],
  ["EMFILE", "too many files are open"],
]);

/** Does `work` on `path`; what the disk refuses becomes `file-failed`. */
export async function disk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error && "code" in error ? DISK_FAILURES.get(String(error.code)) : undefined;
    if (why === undefined) throw error;
    throw new ThothError("file-failed", `${quote(path)} cannot be written: ${why}.`, {
      cause: error,
      details: { path, reason: (error as NodeJS.ErrnoException).code },
    });
  }
}
