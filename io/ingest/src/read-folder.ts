// Documents below a folder, in the order of their names. Links are not followed.

import type { Dirent } from "node:fs";
import { constants, open, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { type DocumentSink, exceeded } from "./document-sink.ts";
import { SOURCE_LIMITS } from "./source-limits.ts";

export async function readFolder(root: string, sink: DocumentSink): Promise<void> {
  const open: { readonly path: string; readonly depth: number }[] = [{ path: root, depth: 0 }];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    sink.checkSignal();
    const { path, depth } = folder;
    if (depth > SOURCE_LIMITS.depth) throw exceeded("depth");
    const entries = (await readdir(path, { withFileTypes: true })).sort(byName);
    for (const entry of entries) {
      if (entry.isFile() && sink.wants(entry.name)) {
        await readDocument(root, join(path, entry.name), sink);
      }
    }
    for (const entry of entries.reverse()) {
      const hidden = entry.name.startsWith(".");
      if (entry.isDirectory() && !hidden) open.push({ path: join(path, entry.name), depth: depth + 1 });
    }
  }
}

async function readDocument(root: string, path: string, sink: DocumentSink): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await sink.addFile(relative(root, path), file);
  } finally {
    await file.close();
  }
}

function byName(left: Dirent, right: Dirent): number {
  return left.name < right.name ? -1 : 1;
}
