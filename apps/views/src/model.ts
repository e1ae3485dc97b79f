// What the panel shows: data and things that can be done. Whoever has a notebook fills it, in the reader's language.

import type { Translator } from "./translate.ts";

export interface PackageRow {
  readonly name: string;
  /** Such as `numpy>=2`; absent for what others need. */
  readonly asked?: string;
  readonly locked?: string;
  readonly installed?: string;
  readonly kernel: boolean;
  /** What is known against the locked version. */
  readonly flaws?: readonly Flaw[];
  /** What else is to be said of it. */
  readonly badges?: readonly Badge[];
}

export interface Flaw {
  readonly id: string;
  readonly severity: string;
  readonly link: string;
}

export interface Badge {
  readonly kind: "yanked" | "gone" | "given up" | "outdated" | "unknown";
  readonly text: string;
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
  readonly platform: string;
  readonly prerelease: string;
  /** A date after which nothing counts; `auto`: the notebook's own; empty: none. */
  readonly asOf: string;
  /** Nothing is installed before somebody has looked at the lock. */
  readonly review: boolean;
}

/** What was told of a package. */
export interface Told {
  readonly title: string;
  readonly text: string;
  close(): void;
}

export interface Reason {
  readonly text: string;
  readonly link?: string;
}

/** One package of a new lock: another version than before, or one that there are reasons for. */
export interface Change {
  readonly name: string;
  readonly before?: string;
  /** Absent: it is gone. */
  readonly version?: string;
  readonly reasons: readonly Reason[];
}

export interface Version {
  readonly version: string;
  readonly fits: boolean;
  /** When it came, and what is to be said of it. */
  readonly text: string;
}

/** A package whose requirement is being changed. */
export interface Editing {
  readonly name: string;
  /** Without the name; empty where any version will do. */
  readonly specifiers: string;
  /** The newest first; absent while they are being asked for. */
  readonly versions?: readonly Version[];
  apply(specifiers: string): void;
  whyNot(version: string): void;
  close(): void;
}

export interface Found {
  readonly name: string;
  readonly newest?: string;
}

/** A form of the lock, or of the notebook with it, that others read. */
export interface ShareForm {
  readonly name: string;
  readonly label: string;
  /** What it is good for, in one line. */
  readonly means: string;
  /** Something that is pasted elsewhere; all forms can be saved. */
  readonly isCopied: boolean;
}

export interface Sharing {
  readonly forms: readonly ShareForm[];
  readonly links: readonly { readonly name: string; readonly url: string }[];
  /** The command that makes an image. */
  readonly image: string;
  copy(form: string): void;
  save(form: string): void;
  /** Asks for the links. */
  link(): void;
}

export interface PanelModel {
  readonly trans: Translator;
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
  readonly editing?: Editing;
  /** What is being done; absent while nothing is. */
  readonly work?: { readonly steps: readonly Step[]; cancel(): void };
  readonly offers: readonly Offer[];
  readonly failure?: Failure;
  /** What the last action came to. */
  readonly outcome?: string;
  /** Of the last lock. */
  readonly changes: readonly Change[];
  /** What is not known of the packages, and what brings it. */
  readonly remark?: Offer;
  readonly undo?: Action;
  /** Absent while there is no lock to hand on. */
  readonly sharing?: Sharing;
  /** What was done and said, the last at the end. */
  readonly log: readonly string[];
  /** Names that go on from what was typed. */
  readonly found: readonly Found[];
  search(text: string): void;
  add(requirement: string): void;
  edit(name: string): void;
  remove(name: string): void;
  /** Why a package is there, and in this version. */
  why(name: string): void;
  choose(choices: Partial<Choices>): void;
}

/** Something to choose, and what it means in one line. */
export type Option = readonly [name: string, means: string];

export function enginesIn(trans: Translator): readonly Option[] {
  return [
    ["thoth", trans.__("proves that there is no better stack, and says why")],
    ["uv", trans.__("fast; says less")],
    ["pip", trans.__("slower; says less")],
    ["pipenv", trans.__("slower; says less")],
  ];
}

export function typesIn(trans: Translator): readonly Option[] {
  return [
    ["latest", trans.__("the newest versions that go together")],
    ["stable", trans.__("versions that are known to work, and not the newest for its own sake")],
    ["security", trans.__("the fewest known vulnerabilities")],
    ["performance", trans.__("the fastest, where somebody measured")],
    ["testing", trans.__("the newest of all, pre-releases included")],
  ];
}

export function platformsIn(trans: Translator): readonly Option[] {
  return [
    ["", trans.__("this machine's")],
    ["linux", trans.__("Linux, whatever this machine is")],
    ["macos", trans.__("macOS, whatever this machine is")],
    ["windows", trans.__("Windows, whatever this machine is")],
  ];
}

export function prereleasesIn(trans: Translator): readonly Option[] {
  return [
    ["if-necessary", trans.__("where a package has no other release, or you ask for one")],
    ["allow", trans.__("like any other release")],
    ["disallow", trans.__("never")],
  ];
}
