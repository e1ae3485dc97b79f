// What is asked of a source of advisories, and what it gives.

import type { OsvAdvisory } from "@thoth/knowledge/compile";

export interface ReadAdvisoriesOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called now and then, and at the end, with the number of documents so far. */
  readonly onProgress?: ((documents: number) => void) | undefined;
  /** What messages call the place; default: its path. */
  readonly shown?: string | undefined;
}

export interface SkippedDocument {
  /** Safe to show. */
  readonly name: string;
  readonly reason: string;
}

export interface AdvisoryDocuments {
  readonly advisories: readonly OsvAdvisory[];
  readonly skipped: readonly SkippedDocument[];
  /** Documents that were looked at, skipped ones among them. */
  readonly documents: number;
}
