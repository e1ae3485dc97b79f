// Projects' records and the metadata of their files in a store that many share: many in one round trip.

import type { ProjectKey, StoredProject, Validators } from "../knowledge-store.ts";
import type { ProjectRecord } from "../project-record.ts";
import type { MetadataUnavailable, ReleaseMetadata } from "../reader.ts";

export interface SavedProject {
  readonly key: ProjectKey;
  /** As of `encodeProject`; null: the index does not have it. */
  readonly bytes: Uint8Array | null;
  readonly validators: Validators;
}

export interface RefreshedProject {
  readonly key: ProjectKey;
  readonly validators: Validators;
}

export interface FileKey {
  readonly project: ProjectRecord;
  /** Index into the record's files. */
  readonly file: number;
}

export interface SavedMetadata extends FileKey {
  readonly metadata: ReleaseMetadata | MetadataUnavailable;
}

export interface GraphRecords {
  /** In the order of the keys; undefined for what is not kept, or damaged. */
  loadProjects(keys: readonly ProjectKey[]): Promise<readonly (StoredProject | undefined)[]>;
  /** All or none; a record that was kept before is replaced. */
  saveProjects(projects: readonly SavedProject[]): Promise<void>;
  /** The index confirmed what is kept; nothing happens to what is not. All or none. */
  refreshProjects(projects: readonly RefreshedProject[]): Promise<void>;
  /** In the order of the files; undefined for what is not kept. Kept per index, project and content of the file. */
  loadMetadata(
    files: readonly FileKey[],
  ): Promise<readonly (ReleaseMetadata | MetadataUnavailable | undefined)[]>;
  /** All or none. */
  saveMetadata(files: readonly SavedMetadata[]): Promise<void>;
}
