// Digests of what an answer rests on, so that a later one can tell whether it rests on the same.

import { createHash } from "node:crypto";
import type { ProjectRecord } from "@thoth/knowledge";
import { sourcesOf } from "./sources.ts";

/** SHA-256 of the bytes that something was read from; undefined where they were not remembered. */
export function digestOf(read: object | undefined): string | undefined {
  const bytes = read === undefined ? [] : sourcesOf(read);
  if (bytes.length === 0) return undefined;
  const hash = createHash("sha256");
  for (const part of bytes) hash.update(part);
  return hash.digest("hex");
}

/** Of the files of a project that were there at a date (seconds since 1970; 0: no date is known). */
export function digestOfProject(record: ProjectRecord, asOf: number): string {
  const lines: string[] = [];
  for (let file = 0; file < record.fileCount; file++) {
    if (record.uploadTime(file) > asOf) continue;
    const { buffer, byteOffset, length } = record.fingerprint(file);
    const content = Buffer.from(buffer, byteOffset, length).toString("hex");
    lines.push(`${content} ${record.isYanked(file) ? "yanked" : ""}\n`);
  }
  return createHash("sha256").update(lines.sort().join("")).digest("hex");
}
