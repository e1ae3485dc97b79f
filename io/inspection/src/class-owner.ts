// Which packages define a class, as their sources say: `'Engine' object has no attribute 'execute'` names a class, and the traceback
// shows only whose code asked it. Nothing is imported.

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { InstalledModules } from "./installed-modules.ts";

const MOST_FILES = 20_000;
const MOST_BYTES = 128 << 20;
const FILE_BYTES = 2 << 20;
const MOST_DEPTH = 12;

/** Sorted. What lies beyond the limits is not looked at. */
export async function classOwners(
  name: string,
  sitePackages: string,
  modules: readonly InstalledModules[],
): Promise<readonly string[]> {
  if (!/^[A-Za-z_]\w{0,99}$/.test(name)) return [];
  const definition = new RegExp(`^[ \\t]*class[ \\t]+${name}\\b`, "m");
  const left = { files: MOST_FILES, bytes: MOST_BYTES };
  const defines = async (path: string): Promise<boolean> => {
    const { size } = await stat(path);
    if (size > FILE_BYTES || left.files <= 0 || left.bytes < size) return false;
    left.files--;
    left.bytes -= size;
    const bytes = await readFile(path);
    return bytes.includes(name) && definition.test(bytes.toString("utf8"));
  };
  const isIn = async (folder: string, depth: number): Promise<boolean> => {
    if (depth > MOST_DEPTH) return false;
    // Links are neither files nor folders here.
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isFile() && entry.name.endsWith(".py") && (await defines(path))) return true;
      if (entry.isDirectory() && !TESTS.test(entry.name) && (await isIn(path, depth + 1))) return true;
    }
    return false;
  };
  const owners = new Set<string>();
  const tops = new Map(
    modules.flatMap(({ package: owner, tops }) => tops.map((top) => [top, owner] as const)),
  );
  for (const entry of await readdir(sitePackages, { withFileTypes: true })) {
    const owner = tops.get(entry.name.replace(/\.py$/, ""));
    if (owner === undefined || owners.has(owner)) continue;
    const path = join(sitePackages, entry.name);
    if (entry.isDirectory() ? await isIn(path, 0) : entry.name.endsWith(".py") && (await defines(path)))
      owners.add(owner);
  }
  return [...owners].sort();
}

const TESTS = /^(?:tests?|testing|__pycache__)$/;
