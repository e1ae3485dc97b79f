// Files whose content stands in them twice, so that damage shows: for what is read at every start and must cost no
// check sum there.

import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder } from "./make-folder.ts";

/** Undefined where it is not there, not ours to read, or damaged. */
export function readTwice(path: string): Buffer | undefined {
  try {
    const twice = readFileSync(path);
    const content = twice.subarray(0, twice.length / 2);
    return content.length > 0 && content.equals(twice.subarray(content.length)) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all; what a failing power tears shows when it is read. Throws what the disk says; nothing is left then. */
export function writeTwice(path: string, content: Uint8Array): void {
  const draft = `${path}.${process.pid}`;
  makeFolder(dirname(path));
  try {
    writeFileSync(draft, Buffer.concat([content, content]), { flag: "wx", mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
