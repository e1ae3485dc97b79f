// The packages of one project as the integers of the solver: names and extras become package numbers,
// admissible releases become candidates, specifiers become ranges. Facts are read when the solver first asks for
// them: from an excerpt, as far as it goes, else from the knowledge.

import type { AdvisoryReader, Flaw, KnowledgeReader, ProjectRecord } from "@thoth/knowledge";
import {
  type ExtraName,
  type PackageName,
  parseVersion,
  type Requirement,
  type Specifiers,
} from "@thoth/pep";
import {
  type Assignment,
  type Condition,
  type ConditionalCost,
  type Dependency,
  type Facts,
  has,
  type PackageFacts,
  type ReleaseSet,
} from "@thoth/solver";
import { alikeSet, setOf, takenSet } from "./candidate-sets.ts";
import type { Candidates } from "./candidates.ts";
import { describeCandidate } from "./chosen.ts";
import { Costs } from "./costs.ts";
import { Declarations } from "./declarations.ts";
import { Demands } from "./demands.ts";
import type { Excerpt } from "./excerpt.ts";
import { datesOf } from "./excerpt-candidates.ts";
import type { Reading, ReadProject } from "./excerpt-writer.ts";
import type { Loosening } from "./loosening.ts";
import { asOfFor, type ChosenRelease, type Project } from "./project.ts";
import { Projects } from "./projects.ts";
import { type Range, Ranges, type Takes } from "./ranges.ts";
import { ReleaseNeeds, type Unusable } from "./release-needs.ts";
import {
  conditionHolds,
  NamedRelease,
  patternText,
  type RuledRelease,
  type RulePattern,
} from "./rule-condition.ts";
import { RuleRoles } from "./rule-roles.ts";
import type { Counted, RuleBook } from "./rules.ts";
import type { FlawTrait, Traits } from "./traits.ts";
import type { Wishes } from "./wishes.ts";

/** A package of the solver: a project, or one extra of it. */
export interface UniversePackage {
  readonly id: number;
  readonly name: PackageName;
  readonly extra: ExtraName | undefined;
}

interface Chosen {
  readonly candidate: number;
  readonly release: ChosenRelease;
}

/** Which choices an excerpt tells: those of this resolution, or of the one whose excerpt it read. */
export type Choices = "own" | "before";

export interface UniverseSources {
  readonly project: Project;
  readonly knowledge: KnowledgeReader;
  readonly excerpt?: Excerpt | undefined;
  readonly advisories?: AdvisoryReader | undefined;
  readonly rules?: RuleBook | undefined;
  /** One with the same sources: what packages cost there they cost here, where the user says the same of them. */
  readonly kin?: Universe | undefined;
  /** Of the project, one of them at a time. */
  readonly wishes?: Wishes | undefined;
}

const NOTHING: PackageFacts = { releases: 0, costs: [] };

export class Universe implements Facts {
  readonly #project: Project;
  readonly #advisories: AdvisoryReader | undefined;
  readonly #excerpt: Excerpt | undefined;
  readonly #demands: Demands;
  readonly #costs: Costs;
  readonly #packages: UniversePackage[] = [];
  readonly #idOf = new Map<string, number>();
  readonly #facts: (PackageFacts | undefined)[] = [];
  readonly #projects: Projects;
  /** Packages whose project the knowledge did not have when they were last asked for. */
  readonly #unknown = new Set<number>();
  readonly #ranges: Ranges;
  readonly #sets: (ReleaseSet | undefined)[] = [];
  readonly #needs: ReleaseNeeds;
  readonly #chosen = new Map<PackageName, Chosen>();
  /** That the user's bounds are made of. */
  readonly #bounds = new Set<number>();
  /** What rules have to do with packages. */
  readonly roles: RuleRoles;
  /** What the user asks for. */
  readonly #ownRoots: readonly Dependency[];
  /** And what is supposed. */
  readonly roots: readonly Dependency[];

  constructor({ project, knowledge, excerpt, advisories, rules, kin, wishes }: UniverseSources) {
    this.#project = project;
    this.#advisories = advisories;
    this.#excerpt = excerpt;
    this.#ranges = new Ranges(excerpt);
    this.roles = new RuleRoles(rules, excerpt);
    for (let id = 0; excerpt !== undefined && id < excerpt.packageCount; id++)
      this.#package(
        excerpt.packageName(id) as PackageName,
        excerpt.packageExtra(id) as ExtraName | undefined,
      );
    const demands = new Demands(project, wishes);
    const ruled = this.ruled.bind(this);
    this.#demands = demands;
    this.#projects = new Projects({ project, knowledge, excerpt, advisories, rules, demands, ruled });
    this.#costs = new Costs({
      project,
      demands,
      projects: this.#projects,
      advisories,
      rules,
      wishes,
      kin: kin === undefined ? undefined : kin.#costs,
      admitted: (name, specifiers) => this.#leftBy(name, specifiers),
      ruled,
    });
    this.#needs = new ReleaseNeeds({
      ...{ project, knowledge, excerpt, projects: this.#projects },
      declarations: new Declarations(project, demands.urls),
      packageOf: (id) => this.packageOf(id),
      dependenciesOf: (requirement) => this.#dependenciesOf(requirement),
    });
    const optional = (requirement: Requirement) => ({
      ...this.#dependencyOn(requirement, undefined),
      optional: true,
    });
    this.#ownRoots = [
      ...demands.requirements.flatMap((requirement) => this.#dependenciesOf(requirement)),
      ...demands.constraints.map(optional),
    ];
    this.roots = [...this.#ownRoots, ...(project.suppositions ?? []).map(optional)];
  }

  /** Variables of the platform in the markers of what was chosen, and of the user's own requirements; sorted. */
  platformVariables(assignment: Assignment): readonly string[] {
    return this.#needs.platformVariables(assignment);
  }

  /** What the first levels may cost. */
  get limits(): readonly number[] | undefined {
    return this.#costs.limits;
  }

  get levels(): readonly string[] {
    return this.#costs.levels;
  }

  /** How much a rule counts on each level, by what it counts as. */
  get ruleWeights(): Costs["ruleWeights"] {
    return this.#costs.ruleWeights;
  }

  get unusable(): readonly Unusable[] {
    return this.#needs.unusable;
  }

  /** False once a candidate without an upload time was seen: costs known before are void and the search starts anew. */
  get timed(): boolean {
    return this.#costs.timed;
  }

  /** Something was read that the excerpt does not hold. */
  get askedKnowledge(): boolean {
    return this.#needs.askedKnowledge || this.#projects.asked;
  }

  get isGuessing(): boolean {
    return this.#excerpt !== undefined;
  }

  /** The candidate that the resolution before this one chose, or -1. */
  guess(id: number): number {
    const { name } = this.packageOf(id);
    return this.#projects.excerptOf(name)?.choice(name) ?? -1;
  }

  packageOf(id: number): UniversePackage {
    return this.#packages[id] as UniversePackage;
  }

  /** What a candidate of a package is called. */
  versionOf(id: number, candidate: number): string {
    const { record, releases } = this.#projects.get(this.packageOf(id).name) as Candidates;
    return record.versionText(releases[candidate] as number);
  }

  rangeOf(range: number): Range {
    return this.#ranges.at(range);
  }

  specifiersText(range: number): string {
    return this.#ranges.specifiersText(range);
  }

  /** The specifiers of a package that have this text; undefined where it has none. */
  specifiersNamed(id: number, text: string): Specifiers | undefined {
    const range = this.#ranges.named(id, text);
    return range === undefined ? undefined : this.rangeOf(range).specifiers;
  }

  isDirect(name: PackageName): boolean {
    return this.#demands.isDirect(name);
  }

  /** Undefined when no index has the project, or while that is unknown. */
  candidatesOf(name: PackageName): Candidates | undefined {
    return this.#projects.get(name) ?? undefined;
  }

  package(id: number): PackageFacts | undefined {
    const known = this.#facts[id];
    if (known !== undefined) return known;
    const { name, extra } = this.packageOf(id);
    // An excerpt knows what the knowledge did not have when it was first asked; by now somebody may have fetched it.
    const candidates = this.#projects.load(name, this.#unknown.has(id));
    if (candidates === undefined) {
      this.#unknown.add(id);
      return undefined;
    }
    this.#unknown.delete(id);
    if (this.timed && candidates?.uploaded.includes(0) === true) this.#untime();
    const facts = candidates === null ? NOTHING : this.#factsOf(candidates, name, extra);
    this.#facts[id] = facts;
    return facts;
  }

  admitted(range: number): ReleaseSet {
    let set = this.#sets[range];
    if (set === undefined) {
      set = this.#setOf(range);
      this.#sets[range] = set;
    }
    return set;
  }

  dependencies(id: number, release: number): readonly Dependency[] | "unusable" | undefined {
    return this.#needs.of(id, release);
  }

  /** What an excerpt holds of a package: another resolution had to look at it. */
  atHand(id: number): readonly number[] {
    if (this.#excerpt === undefined || id >= this.#excerpt.packageCount) return [];
    return this.#projects.excerptOf(this.packageOf(id).name)?.releasesOf(id) ?? [];
  }

  /** What a lock tells of a candidate. */
  chosen(name: PackageName, candidate: number): ChosenRelease {
    let found = this.#chosen.get(name);
    if (found?.candidate !== candidate) {
      const release =
        this.#projects.excerptOf(name)?.chosen(name, candidate) ??
        describeCandidate(this.#projects.get(name) as Candidates, candidate, this.#project);
      found = { candidate, release };
      this.#chosen.set(name, found);
    }
    return found.release;
  }

  /** The candidate of which that was told last. */
  choiceOf(name: PackageName): number | undefined {
    return this.#chosen.get(name)?.candidate;
  }

  /** The same of a candidate that is not chosen. */
  described(name: PackageName, candidate: number): ChosenRelease {
    return describeCandidate(this.#projects.get(name) as Candidates, candidate, this.#project);
  }

  /** All that was read so far, for an excerpt. */
  reading(choices: Choices): Reading {
    return {
      projects: [
        ...[...this.#projects].map(([name, candidates]) => this.#readProject(name, candidates, choices)),
        ...this.#unknownProjects().map(
          (name) => ({ name, roles: this.roles.of(name), candidates: "unknown" }) as const,
        ),
      ],
      releases: this.#needs.all(),
      ranges: [
        ...this.roots.map(({ range }) => range),
        ...this.#bounds,
        ...this.#ranges.ofRules,
        // Whoever asks what was asked before it speaks of these again.
        ...(choices === "before" ? this.#ranges.ofExcerpt() : []),
      ],
      packageOf: (id) => this.packageOf(id),
      rangeOf: (range) => ({ package: this.#ranges.packageOf(range), text: this.#ranges.textOf(range) }),
      setOf: (range) => this.#sets[range] ?? this.#setOfExcerpt(range),
    };
  }

  #unknownProjects(): PackageName[] {
    const names = [...this.#unknown].map((id) => this.packageOf(id).name);
    return [...new Set(names)].filter((name) => !this.#projects.has(name));
  }

  #readProject(name: PackageName, candidates: Candidates | null, choices: Choices): ReadProject {
    const roles = this.roles.of(name);
    if (candidates === null) return { name, roles, candidates };
    const { count, stable, uploaded, yanks } = candidates;
    const dates = datesOf(candidates, asOfFor(this.#project.policy, name));
    const chosen = choices === "own" ? this.#chosen.get(name) : this.#chosenBefore(name);
    const traits = { ...this.traitsOf(name).known, newest: this.traitsOf(name).newest };
    return {
      name,
      roles,
      candidates: { count, stable, uploaded, yanks, dates, pins: this.#projects.pinsOf(name), traits },
      ...(chosen === undefined ? {} : { chosen }),
    };
  }

  #chosenBefore(name: PackageName): Chosen | undefined {
    const excerpt = this.#projects.excerptOf(name);
    const candidate = excerpt?.choice(name) ?? -1;
    const release = candidate < 0 ? undefined : excerpt?.chosen(name, candidate);
    return release && { candidate, release };
  }

  #factsOf(candidates: Candidates, name: PackageName, extra: ExtraName | undefined): PackageFacts {
    const releases = candidates.count;
    if (extra !== undefined) return { releases, costs: [], mirrors: this.#package(name, undefined) };
    return { releases, costs: this.#costs.rows(name, candidates) };
  }

  /**
   * The candidates of a package that the user leaves, with a wish or without, as a text. Undefined while they are unknown:
   * wishes of one package that leave the same are one question.
   */
  leaves(name: PackageName, wish: Loosening | undefined): string | undefined {
    if (this.package(this.#package(name, undefined)) === undefined || this.candidatesOf(name) === undefined)
      return undefined;
    const sets = this.#demands.boundsOn(name, wish).map((specifiers) => this.#leftBy(name, specifiers));
    const [first = new Uint32Array(0), ...others] = sets;
    return first.map((word, at) => others.reduce((left, set) => left & (set[at] as number), word)).join(" ");
  }

  /** What a package costs is looked at anew; returns its number. */
  reprice(name: PackageName): number {
    const id = this.#package(name, undefined);
    this.#costs.forget(name);
    this.#facts[id] = undefined;
    return id;
  }

  /** Projects that were looked at. */
  get projectNames(): readonly PackageName[] {
    return [...this.#projects].map(([name]) => name);
  }

  /** What rules and advisories say of a package's releases is looked at anew. */
  renewSaid(name: PackageName): void {
    this.roles.renew(name);
    if (this.candidatesOf(name) !== undefined) this.traitsOf(name).renewSaid();
  }

  /** Of a project that has candidates. */
  traitsOf(name: PackageName): Traits {
    return this.#costs.traitsOf(name);
  }

  /** Flaws of a chosen release that were known at the as-of date. */
  flawsOf(name: PackageName, candidate: number): readonly Flaw[] {
    return this.#flaws(name, candidate);
  }

  /** Flaws that the newest candidate adds to those of a chosen release. */
  flawsAddedByNewest(name: PackageName, candidate: number): readonly Flaw[] {
    const own = new Set(this.flawsOf(name, candidate));
    return this.#flaws(name, 0).filter((flaw) => !own.has(flaw));
  }

  /** Where no level counts them, they are asked of the one version alone: that spares a look at all of its project. */
  #flaws(name: PackageName, candidate: number): readonly Flaw[] {
    const isKnown = ({ published }: { readonly published: number }) => published <= this.#project.policy.asOf;
    const sets = this.traitsOf(name).known.flaws;
    if (sets?.some((flaw) => isKnown(flaw) && has(flaw.affects, candidate)) === false) return [];
    const all = this.#advisories?.flaws(name) ?? [];
    if (!all.some(isKnown)) return [];
    const version = sets === undefined ? this.#versionAtHand(name, candidate) : undefined;
    if (version !== undefined) {
      const parsed = parseVersion(version);
      return all.filter((flaw) => isKnown(flaw) && flaw.affects(parsed));
    }
    const affected = sets ?? this.traitsOf(name).flaws;
    return all.filter((flaw, at) => isKnown(flaw) && has((affected[at] as FlawTrait).affects, candidate));
  }

  /** Undefined where an excerpt would have to read the project's record, again for every resolution that reads it. */
  #versionAtHand(name: PackageName, candidate: number): string | undefined {
    if (candidate === 0) return this.traitsOf(name).newest;
    const excerpt = this.#projects.excerptOf(name);
    return excerpt === undefined
      ? this.chosen(name, candidate).version
      : excerpt.chosen(name, candidate)?.version;
  }

  /** What rules on its releases alone make of the best of a package; nothing where there is none. */
  bestRuleCost(id: number, counted: Counted): number {
    const { name } = this.packageOf(id);
    const points = this.candidatesOf(name) && this.traitsOf(name).points(counted);
    return points?.reduce((a, b) => Math.min(a, b)) ?? 0;
  }

  /** Of being a stack that was found before; a stack hangs on the first of its packages by name. */
  repeatCosts(name: PackageName): readonly ConditionalCost[] {
    const stacks = this.#project.apartFrom ?? [];
    return stacks.flatMap((stack) => {
      const names = [...stack.keys()].sort();
      if (names[0] !== name || names.length < 2) return [];
      const when = names.map((one) => {
        const id = this.#package(one, undefined);
        const alike = stack.get(one) as string;
        return { package: id, range: this.#ranges.add({ package: id, specifiers: undefined, alike }) };
      });
      return [{ level: this.#project.atMost?.length ?? 0, cost: 1, when }];
    });
  }

  /** The package in a release that rules speak of. */
  condition(name: PackageName, pattern: RulePattern): Condition {
    const id = this.#package(name, undefined);
    const takes: Takes = ({ record, releases }, candidate) =>
      conditionHolds(pattern, this.ruled(name, record, releases[candidate] as number));
    return { package: id, range: this.#ranges.ruledBy(id, patternText(pattern), takes) };
  }

  rangeOfThose(id: number, takes: Takes): number {
    return this.#ranges.add({ package: id, specifiers: undefined, takes });
  }

  /** A release as rules see it. */
  ruled(name: PackageName, record: ProjectRecord, release: number): RuledRelease {
    return {
      version: record.version(release),
      index: record.index,
      develop: this.#demands.isForDevelopment(name),
    };
  }

  /** The chosen candidate as rules see it. */
  ruledChoice(name: PackageName, candidate: number, requiredBy?: ReadonlySet<PackageName>): RuledRelease {
    const { version, index } = this.chosen(name, candidate);
    return new NamedRelease(version, { index, develop: this.#demands.isForDevelopment(name), requiredBy });
  }

  /** The newest candidate, from the index of the chosen one. */
  ruledNewest(name: PackageName, candidate: number): RuledRelease {
    return this.ruledVersion(name, candidate, this.traitsOf(name).newest);
  }

  /** A release of that version, from the index of the chosen one. */
  ruledVersion(name: PackageName, candidate: number, version: string): RuledRelease {
    const { index } = this.chosen(name, candidate);
    return new NamedRelease(version, { index, develop: this.#demands.isForDevelopment(name) });
  }

  /** Of a package's candidates. */
  #leftBy(name: PackageName, specifiers: Specifiers): ReleaseSet {
    const range = this.#ranges.admittedBy(this.#package(name, undefined), specifiers);
    this.#bounds.add(range);
    return this.admitted(range);
  }

  #untime(): void {
    this.#costs.untime();
    this.#facts.length = 0;
  }

  #dependenciesOf(requirement: Requirement): Dependency[] {
    return [undefined, ...requirement.extras].map((extra) => this.#dependencyOn(requirement, extra));
  }

  #dependencyOn({ name, specifiers }: Requirement, extra: ExtraName | undefined): Dependency {
    const id = this.#package(name, extra);
    return { package: id, range: this.#ranges.admittedBy(id, specifiers) };
  }

  #package(name: PackageName, extra: ExtraName | undefined): number {
    const key = extra === undefined ? name : `${name}[${extra}]`;
    let id = this.#idOf.get(key);
    if (id === undefined) {
      id = this.#packages.length;
      this.#packages.push({ id, name, extra });
      this.#idOf.set(key, id);
    }
    return id;
  }

  #setOf(range: number): ReleaseSet {
    const { name } = this.packageOf(this.#ranges.packageOf(range));
    const candidates = this.#projects.get(name) ?? undefined;
    if (candidates === undefined) return new Uint32Array(0);
    const kept = this.#setOfExcerpt(range);
    if (kept !== undefined) return kept;
    const { package: id, specifiers, alike, takes } = this.rangeOf(range);
    if (alike !== undefined) return alikeSet(candidates, alike, this.package(id)?.costs ?? []);
    return takes === undefined ? setOf(candidates, specifiers) : takenSet(candidates, takes);
  }

  #setOfExcerpt(range: number): ReleaseSet | undefined {
    if (this.#excerpt === undefined || range >= this.#excerpt.rangeCount) return undefined;
    const { name } = this.packageOf(this.#ranges.packageOf(range));
    const count = this.#projects.get(name)?.count;
    return count === undefined ? undefined : this.#projects.excerptOf(name)?.admitted(range, count);
  }
}
