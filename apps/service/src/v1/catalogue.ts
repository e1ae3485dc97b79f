// What the first API tells of packages, indexes and images, whoever knows it.

import type { ContentsFact, ImageFact, ProjectRecord, ReleaseMetadata } from "@thoth/knowledge";
import type { MetadataFields, PackageName } from "@thoth/pep";

export interface KnownRelease {
  readonly record: ProjectRecord;
  /** Its place in the record. */
  readonly release: number;
}

/** What a release says of itself, and what its wheel holds where that was looked at. */
export interface ReleaseParticulars {
  readonly metadata: ReleaseMetadata | undefined;
  readonly contents: ContentsFact | undefined;
}

export interface Provider extends KnownRelease {
  /** Dotted: the module that it provides. */
  readonly module: string;
}

export interface KnownImage {
  readonly image: ImageFact;
  /** Seconds since 1970. */
  readonly observedAt: number;
}

export interface Catalogue {
  /** URLs without credentials, the one that is asked first first. */
  readonly indexes: readonly string[];
  /** Names of packages that contain `part`, sorted. */
  names(part: string): Promise<readonly string[]>;
  /** Undefined where no index has it. Throws what asking throws. */
  project(name: PackageName, signal: AbortSignal): Promise<ProjectRecord | undefined>;
  /** Throws likewise. */
  particulars(known: KnownRelease, signal: AbortSignal): Promise<ReleaseParticulars>;
  /** All fields of the metadata that lies in the release's wheel; undefined where there is none. Throws likewise. */
  fields(known: KnownRelease, signal: AbortSignal): Promise<MetadataFields | undefined>;
  /** Releases that provide a module, the likeliest first; empty where nobody knows one. Throws likewise. */
  providers(module: string, signal: AbortSignal): Promise<readonly Provider[]>;
  /** One after the other: all of them at once may be more than a memory holds. */
  images(): AsyncIterable<KnownImage>;
  /** By the digest of its manifest. */
  image(digest: string): Promise<KnownImage | undefined>;
}
