// A line of a core in terms of the universe: who needs what.

import type { ReleaseSet } from "@thoth/solver";

/** A line of the core, possibly several merged: `releases` of `from` need `to` within `admitted`. */
export interface Statement {
  readonly from: number | undefined;
  readonly releases: ReleaseSet | undefined;
  readonly to: number;
  readonly admitted: ReleaseSet;
  /** The specifier text, when the statement has just one. */
  readonly specifiers: string | undefined;
  readonly optional: boolean;
}
