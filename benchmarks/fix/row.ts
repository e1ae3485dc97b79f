// One lock, what `thoth fix` made of it, and what became of that.

import type { Trial } from "../installing/environment.ts";
import type { Search } from "./smaller.ts";

export interface FixDocument {
  readonly proof: string;
  readonly before: number;
  readonly objective: readonly { level: string; value: number; bound: number }[];
  readonly changes: readonly {
    name: string;
    from: string | null;
    to: string | null;
    cleared: readonly string[];
  }[];
  readonly left: readonly { name: string; version: string; vulnerabilities: readonly string[] }[];
}

export interface Row {
  readonly name: string;
  readonly locked: string;
  readonly packages: number;
  readonly seconds: number;
  readonly fixed: FixDocument;
  /** Least points that any choice of versions pays, by levels of their own. */
  readonly least: { readonly value: number; readonly bound: number };
  /** Packages that did not change and whose hashes did. */
  readonly rehashed: readonly string[];
  /** What is still known, read again from the written lock. */
  readonly known: number;
  readonly search: Search | undefined;
  readonly trial: Trial;
  /** Undefined where pip was not asked. */
  readonly pip: Trial | undefined;
}
