// The report of an advice, as far as the pages show it: the document `advice` of the contract.

import type { Schema } from "@thoth/contract";
import { fits, v2Operations } from "@thoth/contract/service";
import type { Pair, Front as PicturedFront, Stack } from "@thoth/views/figures";

export interface Flaw {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly severity: string;
  readonly link: string;
  readonly fixedIn: readonly string[];
}

export interface Reason {
  readonly type: string;
  readonly message: string;
  readonly link?: string | undefined;
}

export interface AdvisedPackage {
  readonly name: string;
  readonly version: string;
  /** Absent: not in the lock, or there is none. */
  readonly before?: string;
  /** Absent: not told. */
  readonly vulnerabilitiesBefore?: readonly Flaw[];
  /** Null is the user. */
  readonly requiredBy: readonly { readonly name: string | null; readonly specifiers: string }[];
  readonly pays: readonly { readonly level: string; readonly cost: number }[];
  readonly vulnerabilities: readonly Flaw[];
  readonly justification: readonly Reason[];
}

export interface Level {
  readonly level: string;
  readonly value: number;
  /** No stack pays less. */
  readonly bound: number;
}

export type Proof = "optimal" | "feasible";

export interface Relaxation {
  readonly requirement: string;
  readonly instead: string;
  readonly level: string;
  readonly before: number;
  readonly after: number;
  readonly vulnerabilities: number;
  readonly proof: Proof;
}

export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly index: string;
  readonly marker?: string;
  readonly artifacts: readonly {
    readonly filename: string;
    readonly url: string;
    readonly sha256: string;
    readonly size?: number;
  }[];
  readonly requires: readonly string[];
}

export interface Lock {
  readonly packages: readonly LockedPackage[];
  readonly environment: Readonly<Record<string, string>>;
  readonly warnings?: readonly string[];
}

export interface AdvisedStack {
  readonly proof: Proof;
  readonly objective: readonly Level[];
  readonly packages: readonly AdvisedPackage[];
  readonly stackInfo: readonly { readonly type: string; readonly message: string; readonly link: string }[];
  readonly lock: Lock;
  readonly relaxations: readonly Relaxation[];
}

export interface Front extends PicturedFront {
  readonly points: readonly { readonly values: Pair; readonly proved: boolean; readonly packages: Stack }[];
}

export interface Yours {
  /** Null: not scored in time. */
  readonly fits: boolean | null;
  readonly levels: readonly { readonly level: string; readonly yours: number; readonly advised: number }[];
  readonly reasons: readonly string[];
}

export interface Report {
  readonly recommendationType: string;
  readonly asOf: string;
  /** The best first. */
  readonly products: readonly AdvisedStack[];
  readonly knowledge: { readonly advisories: number; readonly newest: string | null };
  readonly rules?: readonly { readonly source: string; readonly commit: string }[];
  readonly unknown: readonly string[];
  readonly made?: {
    readonly thoth: string;
    readonly options: Readonly<Record<string, unknown>>;
    readonly requirements: readonly { readonly requirement: string; readonly source: string }[];
  };
  readonly yours?: Yours;
  readonly front?: Front;
}

/** What a command failed with. */
export interface FailureReport {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

export interface Provenance {
  readonly packages: number;
  readonly findings: readonly {
    readonly type: string;
    readonly id: string;
    readonly package_name?: string;
    readonly package_version?: string;
    readonly source?: string;
    readonly justification: string;
  }[];
  readonly attestations: readonly {
    readonly package_name: string;
    readonly package_version: string;
    readonly artifacts: number;
    readonly attested: number | null;
  }[];
  readonly unknown: readonly string[];
}

export type Result =
  | { readonly kind: "advice"; readonly report: Report }
  | { readonly kind: "provenance"; readonly provenance: Provenance }
  | { readonly kind: "failure"; readonly failure: FailureReport }
  /** Of no form that this page knows. */
  | { readonly kind: "strange" };

/** Of a document that a job has found, or that somebody has kept in a file. */
export function parseResult(value: unknown): Result {
  const [advice, provenance, failure] = (v2Operations.askAdvice.answers[200].schema?.anyOf ??
    []) as readonly Schema[];
  if (typeof value !== "object" || value === null || !advice || !provenance || !failure)
    return { kind: "strange" };
  if ("products" in value)
    return fits(advice, value) ? { kind: "advice", report: value as Report } : { kind: "strange" };
  if ("findings" in value)
    return fits(provenance, value)
      ? { kind: "provenance", provenance: value as Provenance }
      : { kind: "strange" };
  if ("error" in value && fits(failure, value))
    return { kind: "failure", failure: (value as { readonly error: FailureReport }).error };
  return { kind: "strange" };
}

/** Undefined: not told. */
export function flawsBefore(item: AdvisedPackage): readonly Flaw[] | undefined {
  return item.vulnerabilitiesBefore ?? (item.before === item.version ? item.vulnerabilities : undefined);
}

export function countFlaws(packages: readonly AdvisedPackage[]): number {
  return packages.reduce((sum, { vulnerabilities }) => sum + vulnerabilities.length, 0);
}
