// What is minded here of the document that an advice is. It was written by a worker of ours, and fits its schema.

import type { ChangedDocument } from "@thoth/contract/service";

type Reason = ChangedDocument["data"]["changed"][number]["reasons"][number];

export interface Advice {
  readonly recommendationType: string;
  readonly asOf: string;
  /** The best first. */
  readonly products: readonly [AdvisedStack, ...AdvisedStack[]];
  /** The stack of the lock that was sent along, by the same objective. */
  readonly yours?: {
    /** Null: not scored in time. */
    readonly fits: boolean | null;
    readonly levels: readonly { readonly level: string; readonly yours: number; readonly advised: number }[];
    readonly reasons: readonly string[];
  };
}

export interface AdvisedStack {
  readonly proof: "optimal" | "feasible";
  readonly packages: readonly AdvisedPackage[];
  readonly lock: AdvisedLock;
}

export interface AdvisedPackage {
  readonly name: string;
  readonly version: string;
  readonly before?: string;
  readonly vulnerabilitiesBefore?: readonly { readonly id: string }[];
  readonly vulnerabilities: readonly { readonly id: string }[];
  readonly justification: readonly Reason[];
}

export interface AdvisedLock {
  readonly packages: readonly LockedPackage[];
  /** By the names of markers, such as `python_version`. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly index: string;
  readonly extras?: readonly string[];
  readonly marker?: string;
  readonly artifacts: readonly {
    readonly filename: string;
    readonly url: string;
    readonly sha256: string;
    readonly size?: number;
  }[];
  readonly requires: readonly string[];
}

export type AdviceOutcome =
  | { readonly kind: "advice"; readonly advice: Advice }
  | { readonly kind: "failure"; readonly code: string; readonly message: string };

/** Of the bytes of a result. */
export function readAdvice(document: Uint8Array): AdviceOutcome {
  const read = JSON.parse(new TextDecoder().decode(document)) as
    | Advice
    | { readonly error: { readonly code: string; readonly message: string } };
  return "error" in read ? { kind: "failure", ...read.error } : { kind: "advice", advice: read };
}
