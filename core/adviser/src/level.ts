// A level of an objective: a weighted sum of terms.

export interface Term {
  /** As `terms.ts` knows it, without its scope. */
  readonly name: string;
  /** Of which packages it counts: all, those that the user names, or the rest. */
  readonly scope: "all" | "direct" | "rest";
  readonly weight: number;
}

export interface Level {
  /** As it is shown, such as `lag(direct)`. */
  readonly text: string;
  readonly terms: readonly Term[];
}
