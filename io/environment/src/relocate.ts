// Gives an environment that was made under a temporary name its final one. Its programs and settings hold their
// own path, escaped in several ways; but the temporary name is like no other and as long as the final one, so it
// is overwritten in place, in texts and in the launchers of Windows alike. The digests in RECORD follow.

import { createHash } from "node:crypto";
import { lstat, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { programsIn, sitePackagesIn } from "./installed.ts";
import { disk, remove } from "./temporary-folder.ts";

/** Files that are larger than this hold no path of ours. */
const LARGEST = 16 << 20;

/** Rewrites what lies in `folder` so that it works once it is called `path`. */
export async function relocate(folder: string, path: string): Promise<void> {
  const renaming = { from: Buffer.from(basename(folder)), to: Buffer.from(basename(path)) };
  if (renaming.from.length !== renaming.to.length) throw new Error("the names differ in length");
  await rewrite(join(folder, "pyvenv.cfg"), renaming);
  const changed = new Map<string, string>();
  const programs = programsIn(folder);
  for (const name of await readdir(programs).catch(() => [])) {
    const digests = await rewrite(join(programs, name), renaming);
    if (digests !== undefined) changed.set(digests[0], digests[1]);
  }
  const sitePackages = await sitePackagesIn(folder);
  if (changed.size > 0 && sitePackages !== undefined) await updateRecords(sitePackages, changed);
}

interface Renaming {
  readonly from: Buffer;
  readonly to: Buffer;
}

/** The digests before and after, or undefined when there was nothing to change. */
async function rewrite(file: string, { from, to }: Renaming): Promise<[string, string] | undefined> {
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined || !found.isFile() || found.size > LARGEST) return undefined;
  const bytes = await readFile(file);
  const before = digestOf(bytes);
  let at = bytes.indexOf(from);
  if (at === -1) return undefined;
  for (; at !== -1; at = bytes.indexOf(from, at + from.length)) to.copy(bytes, at);
  // pip leaves some scripts without the right to be executed.
  const executable = bytes.subarray(0, 2).toString("latin1") === "#!" ? 0o111 : 0;
  await replace(file, bytes, found.mode | executable);
  return [before, digestOf(bytes)];
}

/** Under another inode: the file may be a second name of one in a cache that others share. */
async function replace(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  await remove(file);
  await disk(file, () => writeFile(file, bytes, { mode: mode & 0o777, flag: "wx" }));
}

function digestOf(bytes: Uint8Array): string {
  return `sha256=${createHash("sha256").update(bytes).digest("base64url")}`;
}

async function updateRecords(sitePackages: string, changed: ReadonlyMap<string, string>): Promise<void> {
  for (const name of await readdir(sitePackages)) {
    if (!name.endsWith(".dist-info")) continue;
    const file = join(sitePackages, name, "RECORD");
    const found = await lstat(file).catch(() => undefined);
    if (found === undefined || !found.isFile()) continue;
    const text = await readFile(file, "latin1");
    const updated = text.replace(/sha256=[\w-]{43}/g, (digest) => changed.get(digest) ?? digest);
    if (updated !== text) await replace(file, Buffer.from(updated, "latin1"), found.mode);
  }
}
