// The native libraries of this machine that wheels need, found where its dynamic linker looks: the folders of its settings
// and its own. Nothing is run. https://man7.org/linux/man-pages/man8/ldconfig.8.html

import { readdir, readFile, stat } from "node:fs/promises";
import { machine } from "node:os";
import { basename, dirname, join } from "node:path";
import { isElf, neededLibraries, readElf, type Surroundings } from "@thoth/artifact";
import type { ContentsFact, NativeLibrary } from "@thoth/knowledge";
import { ThothError } from "@thoth/pep";

const SETTINGS = "/etc/ld.so.conf";
const OWN_FOLDERS = ["/lib", "/usr/lib", "/lib64", "/usr/lib64"];
const LARGEST_LIBRARY = 512 * 1024 * 1024;
const LARGEST_SETTINGS = 1024 * 1024;
const DEEPEST_INCLUDE = 4;

/** Of libraries that none of the wheels needs nothing is told. `own`: folders of an environment with libraries of its own. */
export async function readSurroundings(
  wheels: readonly ContentsFact[],
  own: readonly string[] = [],
): Promise<Surroundings> {
  const configured = await configuredFolders(SETTINGS, DEEPEST_INCLUDE);
  const folders = [...new Set([...own, ...configured, ...OWN_FOLDERS])];
  const libraries: NativeLibrary[] = [];
  for (const name of neededLibraries(wheels)) {
    // A name with a slash is a path, which the linker takes as it is: no wheel has a right to one.
    if (name.includes("/") || name === "") continue;
    for (const folder of folders) {
      const library = await readLibrary(join(folder, name));
      if (library !== undefined) libraries.push(library);
    }
  }
  return { kind: "libraries", machine: machine(), libraries };
}

/** Undefined for what is not there, not readable or no library. */
async function readLibrary(path: string): Promise<NativeLibrary | undefined> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_LIBRARY) return undefined;
    const bytes = await readFile(path);
    return isElf(bytes) ? readElf(bytes, path) : undefined;
  } catch (error) {
    if (error instanceof ThothError && error.code === "invalid-binary") return undefined;
    if (error instanceof Error && "syscall" in error) return undefined;
    throw error;
  }
}

async function configuredFolders(path: string, depth: number): Promise<readonly string[]> {
  const text = await readSettings(path);
  const folders: string[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.replace(/#.*/, "").trim();
    const [, pattern] = /^include\s+(\S+)$/.exec(line) ?? [];
    if (pattern !== undefined && depth > 0) {
      for (const file of await matching(pattern, path))
        folders.push(...(await configuredFolders(file, depth - 1)));
    } else if (line.startsWith("/")) folders.push(line);
  }
  return folders;
}

async function readSettings(path: string): Promise<string> {
  try {
    return (await stat(path)).size > LARGEST_SETTINGS ? "" : await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return "";
    throw error;
  }
}

/** Files of a pattern with stars in its last part; a relative one is meant beside the file that has it. */
async function matching(pattern: string, from: string): Promise<readonly string[]> {
  const whole = pattern.startsWith("/") ? pattern : join(dirname(from), pattern);
  const parts = basename(whole)
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const names = new RegExp(`^${parts.join("[^/]*")}$`);
  const all = await readdir(dirname(whole)).catch(() => []);
  return all
    .filter((name) => names.test(name))
    .sort()
    .map((name) => join(dirname(whole), name));
}
