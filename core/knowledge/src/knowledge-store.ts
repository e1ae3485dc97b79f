// Where knowledge is kept between runs, as its hosts see it. The embedded store answers synchronously; the
// index client reads it through this interface only, so any other store can stand in.

import type { ProjectRecord } from "./project-record.ts";
import type { MetadataUnavailable, ReleaseMetadata } from "./reader.ts";

/** What HTTP needs to ask again cheaply. Times in seconds since 1970. */
export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  readonly fetchedAt: number;
  /** Until then the page need not be asked for again. */
  readonly freshUntil: number;
}

export interface StoredProject {
  /** Null: the index said that it does not have the project. */
  readonly record: ProjectRecord | null;
  readonly validators: Validators;
}

/** Names a project of one index; `index` is the index's URL without credentials. */
export interface ProjectKey {
  readonly index: string;
  readonly name: string;
}

export interface KnowledgeStore {
  /** Undefined when nothing is stored, or what is stored is damaged. */
  loadProject(key: ProjectKey): StoredProject | undefined;
  /** Names of an index's projects that are stored and exist, as far as they contain `part`; in no order. */
  projectNames(index: string, part: string): readonly string[];
  /** Replaces the record; `bytes` as of `encodeProject`, null for "does not exist". */
  saveProject(key: ProjectKey, bytes: Uint8Array | null, validators: Validators): void;
  /** The index confirmed what is stored. */
  refreshProject(key: ProjectKey, validators: Validators): void;
  /** Facts about a file are immutable: kept per index, project and content of the file. */
  loadMetadata(project: ProjectRecord, file: number): ReleaseMetadata | MetadataUnavailable | undefined;
  saveMetadata(project: ProjectRecord, file: number, metadata: ReleaseMetadata | MetadataUnavailable): void;
  /** A text that stays the same for as long as nothing is written, by whatever process; undefined where that cannot be told. */
  stamp(): string | undefined;
  /** The stamp, where all that was told and taken so far is what is stored now: nobody else wrote meanwhile. */
  ownStamp(): string | undefined;
  /** Makes what was saved durable; without it that happens soon, and at `close`. */
  flush(): void;
  close(): void;
}
