// The candidates of each project that comes up: as an excerpt has them, as far as it goes, else selected from its record.

import type { AdvisoryReader, KnowledgeReader, ProjectRecord } from "@thoth/knowledge";
import { compareVersions, type PackageName } from "@thoth/pep";
import { type Candidates, mindsPins, pins, pinsRelease, selectCandidates } from "./candidates.ts";
import type { Demands } from "./demands.ts";
import type { Excerpt } from "./excerpt.ts";
import { ExcerptCandidates } from "./excerpt-candidates.ts";
import { asOfFor, type Project } from "./project.ts";
import type { RuledRelease } from "./rule-condition.ts";
import { forbiddenBy, type RuleBook } from "./rules.ts";

export interface ProjectSources {
  readonly project: Project;
  readonly knowledge: KnowledgeReader;
  readonly excerpt: Excerpt | undefined;
  readonly advisories: AdvisoryReader | undefined;
  readonly rules: RuleBook | undefined;
  readonly demands: Demands;
  /** A release of a record as rules see it; needed where there are rules. */
  readonly ruled?: (name: PackageName, record: ProjectRecord, release: number) => RuledRelease;
}

export class Projects {
  readonly #sources: ProjectSources;
  readonly #known = new Map<PackageName, Candidates | null>();
  /** A record was read: the excerpt does not hold all that was looked at. */
  asked = false;

  constructor(sources: ProjectSources) {
    this.#sources = sources;
  }

  /** Null: no index has the project. Undefined while it was not loaded. */
  get(name: PackageName): Candidates | null | undefined {
    return this.#known.get(name);
  }

  has(name: PackageName): boolean {
    return this.#known.has(name);
  }

  [Symbol.iterator](): Iterator<[PackageName, Candidates | null]> {
    return this.#known.entries();
  }

  /** Undefined: the knowledge does not have it. `again`: whatever the excerpt says. */
  load(name: PackageName, again: boolean): Candidates | null | undefined {
    const loaded = this.#known.get(name);
    if (loaded !== undefined) return loaded;
    const kept = again ? undefined : this.#loadExcerpt(name);
    const candidates = kept === undefined ? this.#select(name) : kept;
    if (candidates === undefined || candidates === "unknown") return undefined;
    this.#known.set(name, candidates);
    return candidates;
  }

  /** The excerpt, where it speaks of the project as this resolution sees it. */
  excerptOf(name: PackageName): Excerpt | undefined {
    return this.#known.get(name) instanceof ExcerptCandidates ? this.#sources.excerpt : undefined;
  }

  /** What the user pins, where that decides about candidates. */
  pinsOf(name: PackageName): string {
    const { project, demands } = this.#sources;
    if (!mindsPins(project.policy)) return "";
    return demands
      .saidOf(name)
      .filter((specifiers) => pins(specifiers))
      .map(({ text }) => text)
      .join("\n");
  }

  #loadExcerpt(name: PackageName): Candidates | "unknown" | null | undefined {
    const { project, excerpt } = this.#sources;
    const kept = excerpt?.project(name, { asOf: asOfFor(project.policy, name), pins: this.pinsOf(name) });
    return kept === undefined || kept === null || kept === "unknown"
      ? kept
      : new ExcerptCandidates(kept, () => this.#select(name));
  }

  #select(name: PackageName): Candidates | null | undefined {
    this.asked = true;
    return selectFor(name, this.#sources);
  }
}

/** What a project may take of a package, as its record tells. Null and undefined as of `KnowledgeReader`. */
export function selectFor(
  name: PackageName,
  { project, knowledge, advisories, rules, ruled, demands }: Omit<ProjectSources, "excerpt">,
): Candidates | null | undefined {
  const record = knowledge.project(name);
  if (record === undefined || record === null) return record;
  const { policy, target } = project;
  const bounds = demands.saidOf(name);
  const current = policy.current?.get(name);
  const forbidden = forbiddenBy(rules, name);
  const attacks = (advisories?.flaws(name) ?? []).filter(({ malware }) => malware);
  return selectCandidates({
    record,
    target,
    policy,
    pins: (release) =>
      bounds.some((specifiers) => pinsRelease(specifiers, record, release)) ||
      (current !== undefined && compareVersions(record.version(release), current) === 0),
    isMalware:
      attacks.length === 0
        ? undefined
        : (release) => attacks.some((flaw) => flaw.affects(record.version(release))),
    isForbidden: forbidden && ruled && ((release) => forbidden(ruled(name, record, release))),
    lowestFirst:
      policy.resolution === "lowest" || (policy.resolution === "lowest-direct" && demands.isDirect(name)),
  });
}
