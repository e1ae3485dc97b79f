// A record's files as they stood on its page.

import type { ProjectRecord } from "@thoth/knowledge";
import type { IndexFile } from "@thoth/pep";

export function filesOf(record: ProjectRecord): IndexFile[] {
  return Array.from({ length: record.fileCount }, (_, file) => fileOf(record, file));
}

function fileOf(record: ProjectRecord, file: number): IndexFile {
  const python = record.requiresPython(file);
  const uploaded = record.uploadTime(file);
  const size = record.size(file);
  const provenance = record.provenance(file);
  return {
    filename: record.filename(file),
    url: record.url(file),
    hashes: record.hashes(file),
    yanked: record.isYanked(file) ? (record.yankReason(file) ?? true) : false,
    coreMetadata: record.coreMetadata(file),
    ...(python === undefined ? {} : { requiresPython: python }),
    ...(uploaded === 0 ? {} : { uploadTime: new Date(uploaded * 1000).toISOString() }),
    ...(size === undefined ? {} : { size }),
    ...(provenance === undefined ? {} : { provenance }),
  };
}
