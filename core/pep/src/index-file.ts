// What one project's page on a package index says, whatever it was written in:
// https://packaging.python.org/en/latest/specifications/simple-repository-api/.

export interface IndexFile {
  readonly filename: string;
  /** Absolute, without fragment. */
  readonly url: string;
  /** Algorithm to lower-case hexadecimal digest. */
  readonly hashes: Readonly<Record<string, string>>;
  /** As declared; see `parseRequiresPython`. */
  readonly requiresPython?: string;
  /** A text is the reason, as given: it may hold control characters, never print it raw. */
  readonly yanked: boolean | string;
  /** PEP 658: offered, and its SHA-256 where the page says it. */
  readonly coreMetadata: boolean | string;
  readonly size?: number;
  /** ISO 8601 text. */
  readonly uploadTime?: string;
  /** PEP 740: URL of the attestations. */
  readonly provenance?: string;
}

export interface PageStatus {
  readonly status: "active" | "archived" | "quarantined" | "deprecated";
  readonly reason?: string;
}

export interface ProjectPage {
  /** As the page says; where it says nothing, as it was asked for. */
  readonly name: string;
  readonly files: readonly IndexFile[];
  readonly versions?: readonly string[];
  readonly status: PageStatus;
  /** PEP 708. */
  readonly tracks: readonly string[];
  readonly alternateLocations: readonly string[];
  /** What was left out, and why; safe to print. */
  readonly warnings: readonly string[];
}

export interface PageContext {
  /** Where the page came from after redirects: the base of relative links. */
  readonly url: string;
  readonly contentType?: string | undefined;
  /** The project that was asked for. */
  readonly name?: string | undefined;
}
