// Documents from a place on this machine: a folder, one document, or an archive of them.

import type { Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { quote, ThothError } from "@thoth/pep";
import type { DocumentSink } from "./document-sink.ts";
import { readFolder } from "./read-folder.ts";
import { readTar } from "./read-tar.ts";
import { readZip } from "./read-zip.ts";

export interface SourceWords {
  /** What the documents are, such as `advisories`. */
  readonly kind: string;
  /** What messages call the place; default: its path. */
  readonly shown?: string | undefined;
}

/**
 * Throws `file-failed` (cannot be read, or is nothing of this kind), `index-response-invalid` (a damaged archive),
 * `limit-exceeded`, or the reason of the signal.
 */
export async function readSource(
  path: string,
  sink: DocumentSink,
  { kind, shown = path }: SourceWords,
): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(shown, cause);
  });
  try {
    if (!(await readPlace(path, found, sink))) throw foreign(shown, kind);
  } catch (error) {
    throw asFailure(error, shown);
  }
}

/** False: it is nothing that can be read. */
async function readPlace(path: string, found: Stats, sink: DocumentSink): Promise<boolean> {
  const name = path.toLowerCase();
  if (found.isDirectory()) await readFolder(path, sink);
  else if (!found.isFile()) return false;
  else if (sink.wants(name)) await readDocument(path, sink);
  else if (name.endsWith(".zip")) await readZip(path, found.size, sink);
  else if (name.endsWith(".tar")) await readTar(path, { gzip: false }, sink);
  else if (name.endsWith(".tar.gz") || name.endsWith(".tgz")) await readTar(path, { gzip: true }, sink);
  else return false;
  return true;
}

async function readDocument(path: string, sink: DocumentSink): Promise<void> {
  const file = await open(path);
  try {
    await sink.addFile(path, file);
  } finally {
    await file.close();
  }
}

function foreign(path: string, kind: string): ThothError {
  return new ThothError("file-failed", `${quote(path)} holds no ${kind} that can be read.`, {
    hint: "Give a folder, a document, or a `.zip`, `.tar` or `.tar.gz` archive of them.",
  });
}

function unreadable(path: string, cause: unknown): ThothError {
  return new ThothError("file-failed", `${quote(path)} cannot be read.`, { cause });
}

/** The readers of archives speak of wheels and sdists. */
function asFailure(error: unknown, path: string): unknown {
  if (error instanceof ThothError) {
    if (error.code === "file-failed") return error;
    const code = error.code === "limit-exceeded" ? error.code : "index-response-invalid";
    const { details } = error;
    return new ThothError(code, `${quote(path)}: ${error.message.replace(/\.$/, "")}.`, {
      details,
      cause: error,
    });
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (/^Z_/.test(code)) {
    return new ThothError("index-response-invalid", `${quote(path)} is damaged.`, { cause: error });
  }
  return /^E[A-Z0-9]+$/.test(code) ? unreadable(path, error) : error;
}
