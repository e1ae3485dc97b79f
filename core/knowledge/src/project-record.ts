// One project's page on one index as a compact binary record: columns of small integers for what every
// resolution reads (tags, Python bounds, dates, yanks), text that is sliced only when somebody asks for it.
// Releases are ordered newest first (PEP 440), files within a release as on the page.

import type { PackageName, Version } from "@thoth/pep";

export interface ProjectStatus {
  readonly status: "active" | "archived" | "quarantined" | "deprecated";
  readonly reason?: string;
}

/** Read access to an encoded record; decoding costs the header only. */
export declare class ProjectRecord {
  constructor(bytes: Uint8Array);
  readonly bytes: Uint8Array;
  readonly name: PackageName;
  /** URL of the index that owns the project, without credentials. */
  readonly index: string;
  readonly status: ProjectStatus;
  readonly releaseCount: number;
  readonly fileCount: number;
  /** Distinct compressed tag sets of wheels, such as `cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64`. */
  readonly tagSets: readonly string[];
  /** Distinct Requires-Python texts. */
  readonly requiresPythonTexts: readonly string[];
  /** Canonical PEP 440 text. */
  versionText(release: number): string;
  version(release: number): Version;
  /** Files of a release are [firstFile(r), firstFile(r + 1)). */
  firstFile(release: number): number;
  /** Index into tagSets, or -1 for an sdist. */
  tagSet(file: number): number;
  /** Index into requiresPythonTexts, or -1. */
  requiresPython(file: number): number;
  /** Seconds since 1970, or 0 when unknown. */
  uploadTime(file: number): number;
  isYanked(file: number): boolean;
  yankReason(file: number): string | undefined;
  filename(file: number): string;
  url(file: number): string;
  /** Lower-case hexadecimal. */
  sha256(file: number): string | undefined;
  hashes(file: number): Readonly<Record<string, string>>;
  size(file: number): number | undefined;
  /** PEP 658: `true` when offered without a hash, a SHA-256 when offered with one. */
  coreMetadata(file: number): boolean | string;
}

/** The record of a parsed page. Files whose name or version cannot be read are left out (the page parser warned). */
export declare function encodeProject(page: unknown, index: string): Uint8Array;
