// What is known of flaws in releases, as the adviser reads it: one flaw once, however many advisories name it.
// https://ossf.github.io/osv-schema/

import type { PackageName, Version } from "@thoth/pep";

export type Severity = "critical" | "high" | "medium" | "low" | "unknown";

/** Advisories that are aliases of one another, as far as they concern one package. */
export interface Flaw {
  /** The name people know it by: its CVE where it has one, else its GHSA, else its own. */
  readonly id: string;
  /** All names, `id` among them, sorted. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  /** CVSS base score, 0 to 10; undefined where no advisory gives a vector. */
  readonly score: number | undefined;
  /** Known to be used by attackers. */
  readonly exploited: boolean;
  /** The package itself is an attack (`MAL-`). */
  readonly malware: boolean;
  /** Seconds since 1970 when the first advisory was published; 0 when unknown. */
  readonly published: number;
  /** One line; empty where the facts alone were kept. */
  readonly summary: string;
  readonly link: string;
  /** Releases that end it, in ascending order, canonical; empty where none is known. */
  readonly fixedIn: readonly string[];
  affects(version: Version): boolean;
}

export interface AdvisoryReader {
  /** In the order of their ids. */
  flaws(name: PackageName): readonly Flaw[];
  /** Seconds since 1970 of the newest change of any advisory; 0 where there is none. */
  readonly newest: number;
  /** Number of advisories, withdrawn ones not counted. */
  readonly count: number;
  /** Readers of the same text tell the same. */
  readonly identity: string;
}

/** A flaw as a table keeps it. */
export interface StoredFlaw extends Flaw {
  /** The ends of the ranges that it has, ascending: versions, with `+` where the end lies behind it; empty for the beginning. */
  readonly ends: string;
}

/** Advisories that can be gone through. */
export interface AdvisoryCatalogue extends AdvisoryReader {
  /** In the order of their names. */
  readonly packages: readonly PackageName[];
  flaws(name: PackageName): readonly StoredFlaw[];
}
