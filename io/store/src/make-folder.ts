// A folder with its parents, one after the other: where a place makes none, as /proc does, Node's own way of doing
// this at once tries for ever.

import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Throws what `mkdirSync` throws. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(path)) throw error;
  }
}
