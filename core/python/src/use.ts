// What code uses of a package: a path, where it stands, and the arguments of a call.

export interface CodeCell {
  readonly cell: number;
  /** Plain Python: commands of IPython are taken out. */
  readonly text: string;
}

/** What a name may stand for, each written as in `Use`; several where it depends on what ran. */
export type Meaning = readonly string[];

export interface Use {
  /**
   * A module, or behind a colon what is taken from it: `sklearn.datasets:load_boston`, `pandas:read_csv().append`, where
   * `()` stands for what a call gives. Several where a name may mean several things.
   */
  readonly paths: Meaning;
  readonly how: "import" | "from" | "read" | "call";
  readonly cell: number;
  /** In the cell, from 0. */
  readonly line: number;
  readonly call?: CallArguments;
  /** It may be meant to fail (`try`, `hasattr`, a check of a version), or stands in text that is no Python 3. */
  readonly guarded?: boolean;
}

export interface CallArguments {
  readonly positionals: number;
  readonly keywords: readonly string[];
  /** More may be given, by `*` or `**`. */
  readonly open: boolean;
}
