// Values that were read once and are kept in the cache: compressed JSON, replaced whole or not at all. What cannot be
// read is as if it were not there.

import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { SOURCE_LIMITS } from "./source-limits.ts";

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Undefined: it is not there. */
export async function loadKept(folder: string, key: string): Promise<unknown> {
  try {
    const bytes = await unpack(await readFile(pathOf(folder, key)), {
      maxOutputLength: SOURCE_LIMITS.bytes,
    });
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A disk that is full or read-only keeps nothing, which harms nobody. */
export async function saveKept(folder: string, key: string, value: unknown): Promise<void> {
  const temporary = join(folder, `.${key}.${randomBytes(6).toString("hex")}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, await pack(JSON.stringify(value)), { flag: "wx", mode: 0o600 });
    await rename(temporary, pathOf(folder, key));
  } catch (error) {
    await rm(temporary, { force: true });
    if (!(error instanceof Error && "syscall" in error)) throw error;
  }
}

export async function dropKept(folder: string, key: string): Promise<void> {
  await rm(pathOf(folder, key), { force: true });
}

function pathOf(folder: string, key: string): string {
  return join(folder, `${key}.json.gz`);
}
