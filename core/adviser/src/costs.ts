// What the candidates of each package cost, and what that is made of: by the objective, the as-of date and the bounds that
// the user gives.

import type { AdvisoryReader, ProjectRecord } from "@thoth/knowledge";
import type { PackageName, Specifiers } from "@thoth/pep";
import { has, type PackageFacts, type ReleaseSet } from "@thoth/solver";
import { withRepeats } from "./candidate-sets.ts";
import type { Candidates } from "./candidates.ts";
import type { Demands } from "./demands.ts";
import { ExcerptCandidates } from "./excerpt-candidates.ts";
import { createObjective, type Objective } from "./objective.ts";
import type { Project } from "./project.ts";
import type { Projects } from "./projects.ts";
import type { RuledRelease } from "./rule-condition.ts";
import type { RuleBook } from "./rules.ts";
import { Traits } from "./traits.ts";
import type { Wishes } from "./wishes.ts";

type Rows = PackageFacts["costs"];

export interface CostSources {
  readonly project: Project;
  readonly demands: Demands;
  readonly projects: Projects;
  readonly advisories: AdvisoryReader | undefined;
  readonly rules: RuleBook | undefined;
  readonly wishes: Wishes | undefined;
  /** With the same sources: what packages cost there they cost here, where the user says the same of them. */
  readonly kin: Costs | undefined;
  /** The candidates of a package that specifiers leave. */
  readonly admitted: (name: PackageName, specifiers: Specifiers) => ReleaseSet;
  /** A release of a record as rules see it. */
  readonly ruled: (name: PackageName, record: ProjectRecord, release: number) => RuledRelease;
}

export class Costs {
  readonly #sources: CostSources;
  readonly #traits = new Map<PackageName, Traits>();
  readonly #rows = new Map<PackageName, Rows>();
  #objective: Objective;
  #timed: boolean;

  constructor(sources: CostSources) {
    this.#sources = sources;
    this.#timed = sources.project.policy.timed ?? true;
    this.#objective = this.#createObjective();
  }

  #createObjective(): Objective {
    const { project, wishes } = this.#sources;
    const { policy, apartFrom } = project;
    return createObjective(policy, this.#timed, { apartFrom, atMost: wishes?.limits ?? project.atMost });
  }

  /** Of the first levels. */
  get limits(): readonly number[] | undefined {
    const { project, wishes } = this.#sources;
    return (wishes?.limits ?? project.atMost)?.map(({ most }) => most);
  }

  get levels(): readonly string[] {
    return this.#objective.levels;
  }

  /** How much a rule counts on each level, by what it counts as. */
  get ruleWeights(): Objective["ruleWeights"] {
    return this.#objective.ruleWeights;
  }

  /** False once a candidate without an upload time was seen: costs known before are void. */
  get timed(): boolean {
    return this.#timed;
  }

  untime(): void {
    this.#timed = false;
    this.#objective = this.#createObjective();
    this.#rows.clear();
  }

  /** What is said of a package is looked at anew. */
  forget(name: PackageName): void {
    this.#rows.delete(name);
  }

  rows(name: PackageName, candidates: Candidates): Rows {
    let rows = this.#rows.get(name);
    if (rows === undefined) {
      rows = this.#makeRows(name, candidates);
      this.#rows.set(name, rows);
    }
    return rows;
  }

  #makeRows(name: PackageName, candidates: Candidates): Rows {
    const { project, wishes } = this.#sources;
    const alike = this.#rowsOfKin(name, candidates);
    if (wishes === undefined)
      return alike ?? withRepeats(candidates, this.#pricedRows(name, candidates), project.apartFrom ?? []);
    const outside = wishes.has(name)
      ? this.#admitted(name, candidates.count).map((isLeft) => 1 - isLeft)
      : undefined;
    return [outside, ...(alike ?? this.#pricedRows(name, candidates).slice(1))];
  }

  #pricedRows(name: PackageName, candidates: Candidates): Rows {
    const { project, demands } = this.#sources;
    const admitted = this.#admitted(name, candidates.count);
    const priced = { candidates, traits: this.traitsOf(name), admitted, policy: project.policy };
    return this.#objective.rows(priced, demands.isDirect(name));
  }

  #rowsOfKin(name: PackageName, candidates: Candidates): Rows | undefined {
    const { kin, demands } = this.#sources;
    if (kin === undefined) return undefined;
    const own = kin.#sources.projects.get(name);
    const isAlike =
      own instanceof ExcerptCandidates &&
      candidates instanceof ExcerptCandidates &&
      own.count === candidates.count &&
      kin.#timed === this.#timed &&
      kin.#sources.demands.isAskedAlike(demands) &&
      kin.#sources.demands.isSaidAlike(demands, name);
    return isAlike ? kin.#rows.get(name) : undefined;
  }

  /** 1 for each candidate that the user's own requirements and constraints leave. */
  #admitted(name: PackageName, releases: number): Uint8Array {
    const { demands, admitted } = this.#sources;
    const left = new Uint8Array(releases).fill(1);
    for (const specifiers of demands.boundsNow(name)) {
      const set = admitted(name, specifiers);
      for (let candidate = 0; candidate < releases; candidate++)
        if (!has(set, candidate)) left[candidate] = 0;
    }
    return left;
  }

  /** Of a project that has candidates. */
  traitsOf(name: PackageName): Traits {
    let traits = this.#traits.get(name) ?? this.#traitsOfKin(name);
    if (traits === undefined) {
      const { projects, advisories, rules, ruled: see } = this.#sources;
      const candidates = projects.get(name) as Candidates;
      const known = projects.excerptOf(name)?.traits(name, candidates.count);
      const ruled = (release: number) => see(name, candidates.record, release);
      traits = new Traits({ name, candidates, ruled, advisories, rules }, known);
      this.#traits.set(name, traits);
    }
    return traits;
  }

  #traitsOfKin(name: PackageName): Traits | undefined {
    const { kin, projects, demands } = this.#sources;
    const isAlike =
      kin !== undefined &&
      projects.excerptOf(name) !== undefined &&
      kin.#sources.projects.excerptOf(name) === projects.excerptOf(name) &&
      kin.#sources.demands.isForDevelopment(name) === demands.isForDevelopment(name);
    return isAlike ? kin.traitsOf(name) : undefined;
  }
}
