// The one way to read and write the knowledge graph, whatever keeps it.

import type { AnyFact, FactKey, FactKind, Owner } from "./fact.ts";

/** Owners of one query. */
export const MOST_OWNERS = 1000;

/** A state of the graph. Numbers grow; what was read as of one reads the same for ever. */
export type SnapshotId = number;

export interface Snapshot {
  readonly id: SnapshotId;
  /** Seconds since 1970; 0 for the empty graph, whose number is 0. */
  readonly at: number;
  readonly source: string;
}

export interface FactQuery {
  /** At most `MOST_OWNERS`. */
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

/** What is kept, counted. */
export interface GraphSummary {
  readonly snapshot: Snapshot;
  /** Facts of each kind that are known now; kinds without any are left out. */
  readonly facts: Readonly<Partial<Record<FactKind, number>>>;
  /** Jobs that have something to go on with, in the order of their names. */
  readonly jobs: readonly { readonly job: string; readonly at: number }[];
}

export interface KnowledgeGraph {
  snapshot(): Promise<Snapshot>;
  /** Newest first, at most `limit`. */
  snapshots(limit: number): Promise<readonly Snapshot[]>;
  /**
   * By owner, kind, subject, each in the order of its UTF-8 bytes. `at`: as of that snapshot, else now; throws `usage`
   * for one that is not there yet.
   */
  read(query: FactQuery, at?: SnapshotId): Promise<readonly AnyFact[]>;
  /** In the order of their UTF-8 bytes. */
  owners(query: OwnersQuery, at?: SnapshotId): Promise<readonly Owner[]>;
  /**
   * All or nothing. A fact that says what is known already, whatever its provenance, changes nothing; where nothing
   * changes, no snapshot is made. Of several changes of one fact the last counts. Returns the newest snapshot.
   * Throws `invalid-fact` for texts that no store keeps, `limit-exceeded` for a body above `BODY_LIMIT`.
   */
  write(write: Write): Promise<Snapshot>;
  jobState(job: string): Promise<string | undefined>;
  summary(): Promise<GraphSummary>;
  close(): Promise<void>;
}
