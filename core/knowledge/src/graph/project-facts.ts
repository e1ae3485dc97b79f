// Facts about projects and their releases that others publish.

/** As its index tells. */
export interface HealthFact {
  /** PEP 792. */
  readonly status: "active" | "archived" | "quarantined" | "deprecated";
  /** Why it has that status, where the index says it; at most 1,000 characters. */
  readonly reason?: string;
  readonly releases: number;
  readonly yanked: number;
  /** Seconds since 1970 of the newest upload; absent where the index does not tell. */
  readonly lastUpload?: number;
  readonly firstUpload?: number;
  /** Accounts or names, as far as they are told. */
  readonly maintainers: readonly string[];
  readonly classifiers: readonly string[];
  /** Where its source is, as its metadata say: an `https:` URL. */
  readonly repository?: string;
  /** Canonical version of the newest release: a final one that is not yanked, where there is one. */
  readonly newest?: string;
  /** Of the newest release, bytes. */
  readonly largestFile?: number;
}

/** As the forge tells. */
export interface RepositoryFact {
  readonly url: string;
  readonly archived: boolean;
  readonly fork: boolean;
  readonly stars: number;
  readonly forks: number;
  /** Absent where the forge knows none, as GitLab. */
  readonly watchers?: number;
  /** Seconds since 1970; where the forge does not tell commits apart, of the last push. */
  readonly lastCommit?: number;
  readonly contributors?: number;
}

/** https://github.com/ossf/scorecard */
export interface ScorecardFact {
  readonly repository: string;
  /** Seconds since 1970. */
  readonly date: number;
  /** 0 to 10; -1: it could not be told. */
  readonly score: number;
  readonly checks: readonly { readonly name: string; readonly score: number; readonly reason: string }[];
}

export interface DownloadsFact {
  /** Over how many days. */
  readonly days: number;
  readonly total: number;
  /** 1 for the project that is downloaded most. */
  readonly rank?: number;
  /** By version. */
  readonly versions?: Readonly<Record<string, number>>;
}

export interface ReleaseNoteFact {
  readonly tag: string;
  readonly url: string;
  readonly title: string;
  /** The first lines, at most 4,000 characters. */
  readonly text: string;
  /** Seconds since 1970. */
  readonly published?: number;
}

/** PEP 740: what is claimed. Nobody here has verified the signatures. */
export interface AttestationFact {
  readonly filename: string;
  readonly publishers: readonly {
    readonly kind: string;
    readonly repository?: string;
    readonly workflow?: string;
  }[];
  /** Types of the predicates that are attested. */
  readonly predicates: readonly string[];
}

export interface ExploitationFact {
  /** EPSS: how likely it is to be used within 30 days, 0 to 1, and the share of flaws that are less likely. */
  readonly epss?: { readonly probability: number; readonly percentile: number };
  /** KEV: seconds since 1970 when it was listed as used. */
  readonly known?: { readonly added: number; readonly ransomware: boolean };
}
