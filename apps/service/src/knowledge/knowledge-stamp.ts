// What is known, as one text that is another whenever it changes: of the contents of files, so that it is the same on every
// machine that knows the same. Contents are read again only where a file was replaced.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

interface Known {
  /** By which a file that was replaced is known. */
  readonly state: string;
  readonly digest: string;
}

/** Files that are not there count as well. `more`: what is known besides, such as the newest snapshot of the graph. */
export function stampOfFiles(
  paths: readonly string[],
  more: () => Promise<string> = async () => "",
): () => Promise<string> {
  const known = new Map<string, Known>();
  return async () => {
    const hash = createHash("sha256");
    for (const path of paths) hash.update(`${await digestOf(path, known)}\n`);
    return hash.update(await more()).digest("hex");
  };
}

async function digestOf(path: string, known: Map<string, Known>): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return "";
  const state = `${found.ino} ${found.size} ${found.mtimeMs}`;
  const last = known.get(path);
  if (last?.state === state) return last.digest;
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const digest = hash.digest("hex");
  known.set(path, { state, digest });
  return digest;
}
