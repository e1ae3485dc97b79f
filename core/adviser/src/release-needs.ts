// What single releases need, in the numbers of a universe: from an excerpt, as far as it goes, else from the knowledge.

import type { KnowledgeReader } from "@thoth/knowledge";
import type { ExtraName, PackageName, Requirement } from "@thoth/pep";
import type { Assignment, Dependency } from "@thoth/solver";
import type { Candidates } from "./candidates.ts";
import { consultedBy, type Declarations, PLATFORM_VARIABLES, type Refusal } from "./declarations.ts";
import type { Excerpt } from "./excerpt.ts";
import type { ReadRelease } from "./excerpt-writer.ts";
import type { Project } from "./project.ts";
import type { Projects } from "./projects.ts";

/** A release that looked installable and is not. */
export interface Unusable extends Refusal {
  readonly package: PackageName;
  readonly version: string;
  readonly candidate: number;
}

/** What is known of one release of one package. */
interface Needs {
  /** `unknown` for as long as the knowledge does not have them. */
  readonly needs: readonly Dependency[] | "unusable" | "unknown";
  readonly refusal: Unusable | undefined;
  /** Bits of PLATFORM_VARIABLES; -1 where nobody asked. */
  consulted: number;
}

export interface ReleaseNeedsSources {
  readonly project: Project;
  readonly knowledge: KnowledgeReader;
  readonly excerpt: Excerpt | undefined;
  readonly projects: Projects;
  readonly declarations: Declarations;
  readonly packageOf: (id: number) => { readonly name: PackageName; readonly extra: ExtraName | undefined };
  readonly dependenciesOf: (requirement: Requirement) => readonly Dependency[];
}

export class ReleaseNeeds {
  readonly #sources: ReleaseNeedsSources;
  readonly #needs: (Needs | undefined)[][] = [];
  /** By package and candidate, whether it was looked at with an extra or without. */
  readonly #unusable = new Map<string, Unusable>();
  #askedKnowledge = false;

  constructor(sources: ReleaseNeedsSources) {
    this.#sources = sources;
  }

  get unusable(): readonly Unusable[] {
    return [...this.#unusable.values()];
  }

  /** Something was read that the excerpt does not hold. */
  get askedKnowledge(): boolean {
    return this.#askedKnowledge;
  }

  /** Undefined while the knowledge does not have them. */
  of(id: number, release: number): readonly Dependency[] | "unusable" | undefined {
    this.#needs[id] ??= [];
    const known = this.#needs[id];
    let found = known[release];
    if (found === undefined || found.needs === "unknown") {
      // An excerpt knows what the knowledge did not have when it was first asked; by now somebody may have fetched it.
      found = (found === undefined ? this.#readExcerpt(id, release) : undefined) ?? this.#read(id, release);
      known[release] = found;
      const { refusal } = found;
      if (refusal !== undefined) this.#unusable.set(`${refusal.package} ${refusal.candidate}`, refusal);
    }
    return found.needs === "unknown" ? undefined : found.needs;
  }

  #readExcerpt(id: number, release: number): Needs | undefined {
    const { excerpt, projects, packageOf } = this.#sources;
    if (excerpt === undefined || id >= excerpt.packageCount) return undefined;
    const { name } = packageOf(id);
    const kept = projects.excerptOf(name)?.needs(id, release);
    if (kept === undefined) return undefined;
    const refusal =
      kept.refusal === undefined ? undefined : { package: name, candidate: release, ...kept.refusal };
    return { needs: kept.needs, refusal, consulted: excerpt.consulted(id, release) };
  }

  #read(id: number, release: number): Needs {
    const { projects, knowledge, declarations, packageOf, dependenciesOf } = this.#sources;
    const { name, extra } = packageOf(id);
    const { record, installs, releases } = projects.get(name) as Candidates;
    const metadata = knowledge.metadata(record, installs[release] as number);
    if (metadata === undefined) return { needs: "unknown", refusal: undefined, consulted: -1 };
    this.#askedKnowledge = true;
    const found = declarations.requirements(metadata, extra);
    if (!("reason" in found))
      return { needs: found.flatMap(dependenciesOf), refusal: undefined, consulted: -1 };
    const version = record.versionText(releases[release] as number);
    const refusal = { package: name, version, candidate: release, ...found };
    return { needs: "unusable", refusal, consulted: -1 };
  }

  /** Variables of the platform in the markers of what was chosen, and of the user's own requirements; sorted. */
  platformVariables(assignment: Assignment): readonly string[] {
    const { requirements, constraints } = this.#sources.project;
    let bits = 0;
    for (const { marker } of [...requirements.map((item) => item.requirement), ...constraints])
      bits |= consultedBy(marker);
    for (const [id, release] of assignment) {
      const known = this.#needs[id]?.[release];
      if (known === undefined) continue;
      if (known.consulted < 0) known.consulted = this.#consults(id, release);
      bits |= known.consulted;
    }
    return PLATFORM_VARIABLES.filter((_, at) => (bits & (1 << at)) !== 0);
  }

  #consults(id: number, release: number): number {
    const { projects, knowledge, declarations, packageOf } = this.#sources;
    const { name, extra } = packageOf(id);
    const { record, installs } = projects.get(name) as Candidates;
    const metadata = knowledge.metadata(record, installs[release] as number);
    return metadata === undefined ? 0 : declarations.consults(metadata, extra);
  }

  /** All that was asked for, those of a package in their order. */
  all(): readonly ReadRelease[] {
    return this.#needs.flatMap((releases, id) =>
      releases.flatMap((item, release) => (item === undefined ? [] : [{ package: id, release, ...item }])),
    );
  }
}
