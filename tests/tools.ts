// Tools of others that the suites compare with. They are looked for where the machine and the project keep them,
// and fetched once into the project's own cache.

import { spawnSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../.cache", import.meta.url));
let uv: string | undefined | null = null;

/** The path of uv; undefined where it is not here and the network does not give it. */
export function findUv(): string | undefined {
  if (uv === null) uv = findProgram("uv");
  return uv;
}

function findProgram(name: string): string | undefined {
  const found = spawnSync("/bin/sh", ["-c", 'command -v "$1"', "sh", name], {
    encoding: "utf8",
  }).stdout.trim();
  if (found !== "" && works(found)) return found;
  const kept = globSync(join(cache, "*", "*", "bin", name)).find(works);
  if (kept !== undefined) return kept;
  const folder = join(cache, "tests", name);
  const made = spawnSync("python3", ["-m", "venv", folder], { stdio: "ignore" });
  if (made.status !== 0) return undefined;
  const pip = ["-m", "pip", "install", "-q", "--disable-pip-version-check", "--only-binary", ":all:", name];
  const options = { stdio: "ignore", timeout: 120_000 } as const;
  if (spawnSync(join(folder, "bin", "python"), pip, options).status !== 0) return undefined;
  const path = join(folder, "bin", name);
  return existsSync(path) && works(path) ? path : undefined;
}

function works(path: string): boolean {
  return spawnSync(path, ["--version"], { stdio: "ignore" }).status === 0;
}
