// What git prints of the objects that it stores, as it streams by.
// https://git-scm.com/docs/git-ls-tree#_output_format https://git-scm.com/docs/git-cat-file#_batch_output

import { exceeded } from "../document-sink.ts";
import { SOURCE_LIMITS } from "../source-limits.ts";

export interface TreeEntry {
  /** A file that is no link and no other repository. */
  readonly regular: boolean;
  readonly id: string;
  readonly size: number;
  readonly path: string;
}

const LISTED = /^(\d{6}) (\w+) ([0-9a-f]{40,64}) +(\d+|-)\t(.+)$/s;
/** Of one line, and of all of them. */
const LONGEST_LINE = 8 * 1024;
const LARGEST_LISTING = 256 * 1024 * 1024;

/** Reads `ls-tree -l -z`. */
export function readTree() {
  const entries: TreeEntry[] = [];
  let left: Buffer = Buffer.alloc(0);
  let seen = 0;
  return {
    add(chunk: Buffer): void {
      seen += chunk.length;
      if (seen > LARGEST_LISTING || left.length > LONGEST_LINE) throw exceeded("documents");
      const bytes = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
      let start = 0;
      for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
        const match = LISTED.exec(bytes.toString("utf8", start, end));
        start = end + 1;
        if (match === null) throw new Error("git prints its trees in another way");
        const [, mode, kind, id, size, path] = match;
        const regular = kind === "blob" && (mode === "100644" || mode === "100755");
        entries.push({ regular, id: id!, size: Number(size === "-" ? 0 : size), path: path! });
      }
      left = bytes.subarray(start);
    },
    entries: (): readonly TreeEntry[] => entries,
  };
}

/** Reads `cat-file --batch` of files in that order. */
export function readBatch(entries: readonly TreeEntry[], take: (path: string, content: Uint8Array) => void) {
  let at = 0;
  let chunks: Buffer[] = [];
  let held = 0;
  /** Bytes until the next thing is whole; undefined: its head has not come. */
  let wanted: number | undefined;
  const joined = (): Buffer => {
    const [only, ...others] = chunks;
    return only !== undefined && others.length === 0 ? only : Buffer.concat(chunks);
  };
  const step = (): boolean => {
    const entry = entries[at];
    if (entry === undefined) return false;
    if (wanted === undefined) {
      const bytes = joined();
      chunks = [bytes];
      const end = bytes.indexOf(0x0a);
      if (end < 0) return false;
      if (bytes.toString("latin1", 0, end) !== `${entry.id} blob ${entry.size}`)
        throw new Error("git prints its files in another way");
      chunks = [bytes.subarray(end + 1)];
      held -= end + 1;
      wanted = entry.size + 1;
    }
    if (held < wanted) return false;
    const bytes = joined();
    take(entry.path, bytes.subarray(0, entry.size));
    chunks = [bytes.subarray(wanted)];
    held -= wanted;
    wanted = undefined;
    at++;
    return true;
  };
  return {
    add(chunk: Buffer): void {
      chunks.push(chunk);
      held += chunk.length;
      if (held > 2 * SOURCE_LIMITS.documentBytes) throw exceeded("bytes");
      while (step());
    },
    complete: (): boolean => at === entries.length && held === 0,
  };
}
