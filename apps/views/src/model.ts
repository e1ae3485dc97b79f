// What the panel shows: data and things that can be done. Whoever has a notebook fills it.

export interface PackageRow {
  readonly name: string;
  /** Such as `numpy>=2`; absent for what others need. */
  readonly asked?: string;
  readonly locked?: string;
  readonly installed?: string;
  readonly kernel: boolean;
  /** What is known against the locked version. */
  readonly flaws?: readonly Flaw[];
}

export interface Flaw {
  readonly id: string;
  readonly severity: string;
  readonly link: string;
}

export interface Step {
  readonly label: string;
  readonly done: number;
  /** 0: not known yet. */
  readonly total: number;
  readonly text: string;
  readonly over: boolean;
}

export interface Action {
  readonly label: string;
  run(): void;
}

/** Something that was noticed, and what can be done about it. */
export interface Offer {
  readonly text: string;
  readonly action: Action;
}

export interface Failure {
  readonly message: string;
  readonly hint?: string;
  /** What would do instead. */
  readonly ways: readonly Action[];
}

/** Where there is a choice, and what is chosen; empty where it is left to the command. */
export interface Choices {
  readonly type: string;
  readonly engine: string;
  readonly python: string;
}

/** What was told of a package. */
export interface Told {
  readonly title: string;
  readonly text: string;
  close(): void;
}

export interface PanelModel {
  /** Name of the notebook. */
  readonly title: string;
  /** A sentence. */
  readonly state: string;
  /** The one thing that helps now. */
  readonly action?: Action;
  /** And what one may want instead. */
  readonly instead?: Action;
  readonly packages: readonly PackageRow[];
  readonly choices: Choices;
  readonly told?: Told;
  /** What is being done; absent while nothing is. */
  readonly work?: { readonly steps: readonly Step[]; cancel(): void };
  readonly offers: readonly Offer[];
  readonly failure?: Failure;
  /** What the last action came to. */
  readonly outcome?: string;
  /** How old what is known of vulnerabilities is, and the like. */
  readonly remark?: string;
  readonly undo?: Action;
  add(requirement: string): void;
  remove(name: string): void;
  /** Why a package is there, and in this version. */
  why(name: string): void;
  choose(choices: Partial<Choices>): void;
}

export const ENGINES: readonly (readonly [name: string, means: string])[] = [
  ["thoth", "proves that there is no better stack, and says why"],
  ["uv", "fast; says less"],
  ["pip", "slower; says less"],
  ["pipenv", "slower; says less"],
];

/** Recommendation types, each explained in one line. */
export const TYPES: readonly (readonly [name: string, means: string])[] = [
  ["latest", "the newest versions that go together"],
  ["stable", "versions that are known to work, and not the newest for its own sake"],
  ["security", "the fewest known vulnerabilities"],
  ["performance", "the fastest, where somebody measured"],
  ["testing", "the newest of all, pre-releases included"],
];
