// Advisories from a place on this machine: a folder, one document, or an archive such as the dump of OSV or a
// checkout of the PyPA's database. https://google.github.io/osv.dev/data/
//
// A document that cannot be used is skipped with a reason; an archive that is damaged or too large is an error.

import type { Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { quote, ThothError } from "@thoth/pep";
import { AdvisoryCollector } from "./advisory-collector.ts";
import type { AdvisoryDocuments, ReadAdvisoriesOptions } from "./advisory-documents.ts";
import { readFolder } from "./read-folder.ts";
import { readTar } from "./read-tar.ts";
import { readZip } from "./read-zip.ts";

/**
 * Throws `file-failed` (cannot be read, or is nothing of this kind), `index-response-invalid` (a damaged archive),
 * `limit-exceeded`, or the reason of the signal.
 */
export async function readAdvisories(
  path: string,
  options: ReadAdvisoriesOptions = {},
): Promise<AdvisoryDocuments> {
  const collector = new AdvisoryCollector(options);
  const found = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    await readPlace(path, found, collector);
  } catch (error) {
    throw asFailure(error, path);
  }
  return collector.finish();
}

async function readPlace(path: string, found: Stats, collector: AdvisoryCollector): Promise<void> {
  if (found.isDirectory()) return await readFolder(path, collector);
  const name = path.toLowerCase();
  if (!found.isFile()) throw foreign(path);
  if (collector.wants(name)) return await readDocument(path, collector);
  if (name.endsWith(".zip")) return await readZip(path, found.size, collector);
  if (name.endsWith(".tar")) return await readTar(path, { gzip: false }, collector);
  if (name.endsWith(".tar.gz") || name.endsWith(".tgz")) {
    return await readTar(path, { gzip: true }, collector);
  }
  throw foreign(path);
}

async function readDocument(path: string, collector: AdvisoryCollector): Promise<void> {
  const file = await open(path);
  try {
    await collector.addFile(path, file);
  } finally {
    await file.close();
  }
}

function foreign(path: string): ThothError {
  return new ThothError("file-failed", `${quote(path)} holds no advisories that can be read.`, {
    hint: "Give a folder, a `.json` or `.yaml` document, or a `.zip`, `.tar` or `.tar.gz` archive of them.",
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
