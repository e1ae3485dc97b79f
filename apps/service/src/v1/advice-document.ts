// What is read of the document that `thoth advise --json` prints; `@thoth/contract` describes all of it.

import type { Remark } from "@thoth/contract/service";

export interface AdviceDocument {
  readonly products: readonly AdvisedProduct[];
  /** What nothing is known of, in words. */
  readonly unknown: readonly string[];
}

export interface AdvisedProduct {
  readonly objective: readonly { readonly level: string; readonly value: number }[];
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    /** Null: the user himself. */
    readonly requiredBy: readonly { readonly name: string | null; readonly specifiers: string }[];
    readonly vulnerabilities: readonly Vulnerability[];
    readonly justification: readonly Reason[];
  }[];
  readonly stackInfo: readonly Remark[];
  readonly lock: { readonly packages: readonly LockedPackage[] };
}

export interface Vulnerability {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly link: string;
}

export interface Reason {
  readonly type: Remark["type"];
  readonly message: string;
  readonly link?: string;
  readonly package_name: string;
}

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly index: string;
  readonly extras?: readonly string[];
  readonly marker?: string;
  readonly artifacts: readonly { readonly sha256: string }[];
  readonly requires: readonly string[];
}

export interface FailureDocument {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

export function isFailure(document: unknown): document is FailureDocument {
  return typeof document === "object" && document !== null && Object.hasOwn(document, "error");
}

export function wordsOf({ error: { message, hint } }: FailureDocument): string {
  return hint === undefined ? message : `${message}. ${hint}`;
}
