// The read interface of the knowledge graph as the adviser sees it: synchronous, with "not known yet" as a
// value. Whoever implements it decides where facts come from; the adviser says what it needs next.

import type { PackageName } from "@thoth/pep";
import type { ProjectRecord } from "./project-record.ts";

/** What one artifact's METADATA declares, as declared: requirements are evaluated when read. */
export interface ReleaseMetadata {
  readonly name: string;
  readonly version: string;
  /** PEP 508 texts, in the order of the file. */
  readonly requiresDist: readonly string[];
  readonly requiresPython: string | undefined;
  /** Normalised (PEP 685). */
  readonly providesExtra: readonly string[];
}

/** Metadata that cannot be had, and why: the release is then not offered. */
export interface MetadataUnavailable {
  readonly unavailable:
    | "build-not-allowed"
    | "invalid-metadata"
    | "metadata-mismatch"
    | "hash-mismatch"
    | "limit-exceeded"
    /** Not in the store, and nothing may be fetched. */
    | "offline";
  readonly message: string;
}

export interface KnowledgeReader {
  /** Undefined: not known yet. Null: no index that was asked has the project. */
  project(name: PackageName): ProjectRecord | null | undefined;
  /** `file` is an index into the record's files. Undefined: not known yet. */
  metadata(project: ProjectRecord, file: number): ReleaseMetadata | MetadataUnavailable | undefined;
}

/** What a resolution wants to know next, the most urgent first. */
export interface Needs {
  readonly projects: readonly PackageName[];
  readonly metadata: readonly { readonly project: ProjectRecord; readonly file: number }[];
}
