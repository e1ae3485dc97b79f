// What the commands answer with `--json`, as far as the panel reads it (core/contract has all of it).

import type { Flaw, PackageRow } from "@thoth/views";

export type State =
  | "empty"
  | "imports"
  | "unlocked"
  | "original"
  | "outdated"
  | "unfit"
  | "uninstalled"
  | "ready";

/** `horus status`. */
export interface Status {
  readonly state: State;
  readonly packages: readonly PackageRow[];
  readonly kernel: string | null;
  readonly indexes: readonly string[];
  readonly installs: readonly { readonly cell: number; readonly requirements: readonly string[] }[];
  readonly modules: Readonly<Record<string, string>>;
}

/** States in which there is a lock of ours. */
export const LOCKED: ReadonlySet<State> = new Set(["outdated", "unfit", "uninstalled", "ready"]);

/** `horus audit`. */
export interface Audit {
  readonly vulnerabilities?: readonly (Flaw & { readonly package_name: string })[];
  readonly unknown?: readonly string[];
}

/** `horus lock`. */
export interface Locked {
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    /** It is for other machines than this one. */
    readonly elsewhere?: boolean;
    readonly before?: string;
    readonly justification?: readonly { readonly message: string; readonly link?: string }[];
  }[];
  readonly gone: readonly string[];
}

/** `horus export`. */
export interface Exported {
  readonly content: string;
  readonly warnings: readonly string[];
  readonly links?: readonly { readonly name: string; readonly url: string }[];
}

/** Of a failure: changes of requirements that were seen to have an answer. */
export interface FailureDocument {
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly details?: { readonly changes?: readonly (readonly { readonly to: string }[])[] };
}

/** `horus outdated`. */
export interface Outdated {
  readonly packages?: readonly News[];
}

/** Null where it is not known. */
export interface News {
  readonly name: string;
  readonly newest: string | null;
  readonly outdated: boolean;
  readonly yanked: boolean | null;
  readonly gone: boolean | null;
  readonly status: string | null;
  readonly unknown: boolean;
}

/** `horus versions`. */
export interface Versions {
  readonly versions?: readonly {
    readonly version: string;
    readonly uploaded: string | null;
    readonly fits: boolean;
    readonly why?: string;
    readonly vulnerabilities: number;
  }[];
}

/** `horus search`. */
export interface Names {
  readonly names?: readonly {
    readonly name: string;
    readonly match: "exact" | "prefix" | "part" | "provides";
    readonly version: string | null;
  }[];
}
