// The one way to read and write the knowledge graph, whatever keeps it.

import type { AnyFact, FactKey, FactKind, Owner } from "./fact.ts";

/** A state of the graph. Numbers grow; what was read as of one reads the same for ever. */
export type SnapshotId = number;

export interface Snapshot {
  readonly id: SnapshotId;
  /** Seconds since 1970; 0 for the empty graph, whose number is 0. */
  readonly at: number;
  readonly source: string;
}

export interface FactQuery {
  /** At most 1,000. */
  readonly owners: readonly Owner[];
  /** All kinds where it is absent. */
  readonly kinds?: readonly FactKind[];
  readonly subjects?: readonly string[];
}

export interface OwnersQuery {
  readonly kind: FactKind;
  /** Owners that follow this one; from the first where it is absent. */
  readonly after?: string;
  readonly limit: number;
}

export type Change = { readonly put: AnyFact } | { readonly drop: FactKey };

export interface Write {
  readonly changes: readonly Change[];
  /** Seconds since 1970. */
  readonly at: number;
  readonly source: string;
  /** What a job must know to go on, kept together with what it wrote. Null: the job is done and begins anew. */
  readonly state?: { readonly job: string; readonly value: string | null };
}

export interface KnowledgeGraph {
  snapshot(): Promise<Snapshot>;
  /** Newest first, at most `limit`. */
  snapshots(limit: number): Promise<readonly Snapshot[]>;
  /** By owner, kind, subject, each in the order of its UTF-8 bytes. `at`: as of that snapshot, else now. */
  read(query: FactQuery, at?: SnapshotId): Promise<readonly AnyFact[]>;
  /** In the order of their UTF-8 bytes. */
  owners(query: OwnersQuery, at?: SnapshotId): Promise<readonly Owner[]>;
  /**
   * All or nothing. A fact that says what is known already, whatever its provenance, changes nothing; where nothing
   * changes, no snapshot is made. Returns the newest snapshot.
   */
  write(write: Write): Promise<Snapshot>;
  jobState(job: string): Promise<string | undefined>;
  close(): Promise<void>;
}
