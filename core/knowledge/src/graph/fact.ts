// What the knowledge graph is made of: facts. A fact says something of one subject, belongs to an owner (mostly a
// project), by whose hash a store spreads, and tells where it comes from.

import type { PackageName } from "@thoth/pep";
import type { ApiFact, CodeFact, ContentsFact } from "./artifact-facts.ts";
import type { ImageFact } from "./image-fact.ts";
import type { InspectionFact, MeasurementFact, ObservationFact } from "./observation-facts.ts";
import type {
  AttestationFact,
  DownloadsFact,
  ExploitationFact,
  HealthFact,
  ReleaseNoteFact,
  RepositoryFact,
  ScorecardFact,
} from "./project-facts.ts";

/** What a fact of each kind says; `subject` is what it says it of. */
export interface FactBodies {
  /** Owner: a project. Subject: empty. */
  readonly health: HealthFact;
  readonly repository: RepositoryFact;
  readonly scorecard: ScorecardFact;
  readonly downloads: DownloadsFact;
  /** Owner: a project. Subject: a version, canonical. */
  readonly "release-note": ReleaseNoteFact;
  /** Owner: a project. Subject: SHA-256 of a file, in hexadecimal digits. */
  readonly attestation: AttestationFact;
  readonly contents: ContentsFact;
  readonly api: ApiFact;
  readonly code: CodeFact;
  /** Owner: `cve:` and the name of a flaw. Subject: empty. */
  readonly exploitation: ExploitationFact;
  /** Owner: `image:` and the digest of its manifest. Subject: empty. */
  readonly image: ImageFact;
  /** Owner: a project. Subject: digest of an inspection. What it tells of one release of the project. */
  readonly observation: ObservationFact;
  /** Owner: `stack:` and the digest of a lock. Subject: digest of the inspection. */
  readonly inspection: InspectionFact;
  /** Owner: a project. Subject: digest of what was measured where. */
  readonly measurement: MeasurementFact;
}

export type FactKind = keyof FactBodies;

/** A project, or `cve:…`, `image:…`, `stack:…`: no project's name has a colon. */
export type Owner = PackageName | `${"cve" | "image" | "stack"}:${string}`;

export interface FactKey<Kind extends FactKind = FactKind> {
  readonly owner: Owner;
  readonly kind: Kind;
  readonly subject: string;
}

export interface Provenance {
  /** Whom or what was asked, such as `https://api.first.org/data/v1/epss`, without credentials. */
  readonly source: string;
  /** When the source said so: seconds since 1970. */
  readonly observedAt: number;
  /** What read it, with its version. */
  readonly tool: string;
}

export interface Fact<Kind extends FactKind = FactKind> extends FactKey<Kind> {
  readonly body: FactBodies[Kind];
  readonly provenance: Provenance;
}

/** A fact of any kind, told apart by `kind`. */
export type AnyFact = { readonly [Kind in FactKind]: Fact<Kind> }[FactKind];
