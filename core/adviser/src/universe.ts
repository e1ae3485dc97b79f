// The packages of one project as the integers of the solver: names and extras become package numbers,
// admissible releases become candidates, specifiers become ranges. Facts are read from the knowledge when the
// solver first asks for them, and each text is understood once.

import type { KnowledgeReader, MetadataUnavailable } from "@thoth/knowledge";
import {
  admittedRanges,
  type ExtraName,
  evaluateMarker,
  type Marker,
  type MarkerTerm,
  normalizeName,
  type PackageName,
  parseRequirement,
  type Requirement,
  type Specifiers,
  ThothError,
} from "@thoth/pep";
import {
  type Assignment,
  type Dependency,
  emptySet,
  type Facts,
  has,
  type PackageFacts,
  type ReleaseSet,
} from "@thoth/solver";
import { type Candidates, pinsRelease, selectCandidates } from "./candidates.ts";
import { createObjective, type Objective } from "./objective.ts";
import type { Project } from "./project.ts";
import { pythonAdmits } from "./python-bound.ts";

/** A package of the solver: a project, or one extra of it. */
export interface UniversePackage {
  readonly id: number;
  readonly name: PackageName;
  readonly extra: ExtraName | undefined;
}

export interface Range {
  readonly package: number;
  readonly specifiers: Specifiers | undefined;
}

/** Why a release that looked installable is not. */
export interface Unusable {
  readonly package: PackageName;
  readonly version: string;
  readonly reason: MetadataUnavailable["unavailable"] | "python" | "url-dependency";
  readonly message: string;
}

interface Declared {
  readonly requirement: Requirement;
  /** True when its marker speaks of extras. */
  readonly marked: boolean;
}

const NOTHING: PackageFacts = { releases: 0, costs: [] };
const NO_EXTRAS: ReadonlySet<string> = new Set();

/** Requirements by their text, for every universe of the process: a few thousand texts make up most of an index. */
const declaredTexts = new Map<string, Declared | undefined>();
const MOST_TEXTS = 20_000;

export class Universe implements Facts {
  readonly #project: Project;
  readonly #knowledge: KnowledgeReader;
  readonly #packages: UniversePackage[] = [];
  readonly #idOf = new Map<string, number>();
  readonly #facts: (PackageFacts | undefined)[] = [];
  readonly #candidates = new Map<PackageName, Candidates>();
  readonly #ranges: Range[] = [];
  readonly #rangeOf = new Map<string, number>();
  readonly #sets: (ReleaseSet | undefined)[] = [];
  readonly #dependencies = new Map<number, (readonly Dependency[] | "unusable" | undefined)[]>();
  readonly #direct = new Set<PackageName>();
  readonly #urls = new Map<PackageName, string>();
  readonly #own: readonly Requirement[];
  readonly #unusable: Unusable[] = [];
  /** What markers say without an extra. */
  readonly #verdicts = new Map<Marker, boolean>();
  #objective: Objective;
  #timed = true;
  readonly roots: readonly Dependency[];

  constructor(project: Project, knowledge: KnowledgeReader) {
    this.#project = project;
    this.#knowledge = knowledge;
    this.#objective = createObjective(project.policy, true);
    const holding = project.requirements
      .map((item) => item.requirement)
      .filter((item) => this.#applies(item));
    const constraints = project.constraints.filter((item) => this.#applies(item));
    for (const { name, url } of holding) {
      this.#direct.add(name);
      if (url !== undefined) this.#urls.set(name, url);
    }
    this.#own = [...holding, ...constraints];
    this.roots = [
      ...holding.flatMap((requirement) => this.#dependenciesOf(requirement)),
      ...constraints.map((requirement) => ({
        package: this.#package(requirement.name, undefined),
        range: this.#range(requirement.name, undefined, requirement.specifiers),
        optional: true,
      })),
    ];
  }

  /** Variables of the platform in the markers of what was chosen, and of the user's own requirements. */
  platformVariables(assignment: Assignment): ReadonlySet<string> {
    const found = new Set<string>();
    const { requirements, constraints } = this.#project;
    for (const { marker } of [...requirements.map((item) => item.requirement), ...constraints])
      addVariables(marker, found);
    for (const [id, release] of assignment) {
      const candidates = this.#candidates.get(this.packageOf(id).name) as Candidates;
      const metadata = this.#knowledge.metadata(candidates.record, candidates.installs[release] as number);
      if (metadata === undefined || "unavailable" in metadata) continue;
      for (const text of metadata.requiresDist) {
        const { extra } = this.packageOf(id);
        if (isOfOtherExtra(text, extra)) continue;
        const marker = this.#declaredOf(text)?.requirement.marker;
        if (marker !== undefined && this.#concerns(marker, extra)) addVariables(marker, found);
      }
    }
    return found;
  }

  /** False when the marker asks for another extra, whatever the platform. */
  #concerns(marker: Marker, extra: ExtraName | undefined): boolean {
    return (
      extra !== undefined ||
      !marker.steps.some((step) => step.kind === "comparison" && [step.left, step.right].some(isExtra))
    );
  }

  #applies({ marker }: Requirement): boolean {
    return marker === undefined || evaluateMarker(marker, this.#project.target.markers, NO_EXTRAS);
  }

  get levels(): readonly string[] {
    return this.#objective.levels;
  }

  get unusable(): readonly Unusable[] {
    return this.#unusable;
  }

  /** False once a candidate without an upload time was seen: costs known before are void and the search starts anew. */
  get timed(): boolean {
    return this.#timed;
  }

  packageOf(id: number): UniversePackage {
    return this.#packages[id] as UniversePackage;
  }

  rangeOf(range: number): Range {
    return this.#ranges[range] as Range;
  }

  /** The specifiers of a package that have this text; undefined where it has none. */
  specifiersNamed(id: number, text: string): Specifiers | undefined {
    const range = this.#rangeOf.get(`${id} ${text}`);
    return range === undefined ? undefined : this.rangeOf(range).specifiers;
  }

  isDirect(name: PackageName): boolean {
    return this.#direct.has(name);
  }

  /** Undefined when no index has the project, or while that is unknown. */
  candidatesOf(name: PackageName): Candidates | undefined {
    return this.#candidates.get(name);
  }

  package(id: number): PackageFacts | undefined {
    const known = this.#facts[id];
    if (known !== undefined) return known;
    const { name, extra } = this.packageOf(id);
    const candidates = this.#load(name);
    if (candidates === undefined) return undefined;
    const facts = candidates === null ? NOTHING : this.#factsOf(candidates, name, extra);
    this.#facts[id] = facts;
    return facts;
  }

  admitted(range: number): ReleaseSet {
    let set = this.#sets[range];
    if (set === undefined) {
      const { package: id, specifiers } = this.rangeOf(range);
      const candidates = this.#candidates.get(this.packageOf(id).name);
      set = candidates === undefined ? new Uint32Array(0) : this.#setOf(candidates, specifiers);
      this.#sets[range] = set;
    }
    return set;
  }

  dependencies(id: number, release: number): readonly Dependency[] | "unusable" | undefined {
    let known = this.#dependencies.get(id);
    if (known === undefined) {
      known = [];
      this.#dependencies.set(id, known);
    }
    const found = known[release] ?? this.#read(id, release);
    known[release] = found;
    return found;
  }

  #factsOf(candidates: Candidates, name: PackageName, extra: ExtraName | undefined): PackageFacts {
    const releases = candidates.releases.length;
    if (extra !== undefined) return { releases, costs: [], mirrors: this.#package(name, undefined) };
    const costs = this.#objective.rows(
      candidates,
      this.#admittedByUser(name, releases),
      this.#direct.has(name),
    );
    return { releases, costs };
  }

  /** 1 for each candidate that the user's own requirements and constraints leave. */
  #admittedByUser(name: PackageName, releases: number): Uint8Array {
    const admitted = new Uint8Array(releases).fill(1);
    for (const root of this.roots) {
      if (this.packageOf(root.package).name !== name) continue;
      const set = this.admitted(root.range);
      for (let candidate = 0; candidate < releases; candidate++) {
        if (!has(set, candidate)) admitted[candidate] = 0;
      }
    }
    return admitted;
  }

  #load(name: PackageName): Candidates | null | undefined {
    const loaded = this.#candidates.get(name);
    if (loaded !== undefined) return loaded;
    const record = this.#knowledge.project(name);
    if (record === undefined || record === null) return record;
    const { policy, target } = this.#project;
    const own = this.#own.filter((item) => item.name === name).map((item) => item.specifiers);
    const candidates = selectCandidates({
      record,
      target,
      policy,
      pins: (release) => own.some((specifiers) => pinsRelease(specifiers, record, release)),
      lowestFirst:
        policy.resolution === "lowest" || (policy.resolution === "lowest-direct" && this.#direct.has(name)),
    });
    if (this.#timed && candidates.uploaded.includes(0)) this.#untime();
    this.#candidates.set(name, candidates);
    return candidates;
  }

  #untime(): void {
    this.#timed = false;
    this.#objective = createObjective(this.#project.policy, false);
    this.#facts.length = 0;
  }

  #read(id: number, release: number): readonly Dependency[] | "unusable" | undefined {
    const { name, extra } = this.packageOf(id);
    const candidates = this.#candidates.get(name) as Candidates;
    const { record } = candidates;
    const metadata = this.#knowledge.metadata(record, candidates.installs[release] as number);
    if (metadata === undefined) return undefined;
    const refuse = (reason: Unusable["reason"], message: string): "unusable" => {
      const version = record.versionText(candidates.releases[release] as number);
      if (extra === undefined) this.#unusable.push({ package: name, version, reason, message });
      return "unusable";
    };
    if ("unavailable" in metadata) return refuse(metadata.unavailable, metadata.message);
    const { target, policy } = this.#project;
    const bound = metadata.requiresPython;
    if (bound !== undefined && !pythonAdmits(bound, target.pythonVersion, policy.requiresPython ?? "full")) {
      return refuse("python", `requires Python ${bound}`);
    }
    const found: Dependency[] = [];
    for (const text of metadata.requiresDist) {
      if (isOfOtherExtra(text, extra)) continue;
      const declared = this.#declaredOf(text);
      if (declared === undefined)
        return refuse("invalid-metadata", `declares the requirement ${text}, which cannot be read`);
      if (!this.#holds(declared, extra)) continue;
      const { url } = declared.requirement;
      // A stranger's URL is never followed; one that the user named too is.
      if (url !== undefined && this.#urls.get(declared.requirement.name) !== url)
        return refuse("url-dependency", `depends on a URL: ${text}`);
      found.push(...this.#dependenciesOf(declared.requirement));
    }
    return found;
  }

  /** Whether a declared requirement belongs to this package: to the extra, or to the project itself. */
  #holds(declared: Declared, extra: ExtraName | undefined): boolean {
    const { marker } = declared.requirement;
    if (marker === undefined) return extra === undefined;
    const { markers } = this.#project.target;
    let plain = this.#verdicts.get(marker);
    if (plain === undefined) {
      plain = evaluateMarker(marker, markers, NO_EXTRAS);
      this.#verdicts.set(marker, plain);
    }
    if (extra === undefined) return plain;
    return !plain && declared.marked && evaluateMarker(marker, markers, new Set([extra]));
  }

  #declaredOf(text: string): Declared | undefined {
    if (declaredTexts.has(text)) return declaredTexts.get(text);
    let declared: Declared | undefined;
    try {
      declared = { requirement: parseRequirement(text, { lenient: true }), marked: text.includes("extra") };
    } catch (error) {
      if (!(error instanceof ThothError)) throw error;
    }
    if (declaredTexts.size >= MOST_TEXTS) declaredTexts.clear();
    declaredTexts.set(text, declared);
    return declared;
  }

  #dependenciesOf(requirement: Requirement): Dependency[] {
    const { name, extras, specifiers } = requirement;
    return [undefined, ...extras].map((extra) => ({
      package: this.#package(name, extra),
      range: this.#range(name, extra, specifiers),
    }));
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

  #range(name: PackageName, extra: ExtraName | undefined, specifiers: Specifiers): number {
    const id = this.#package(name, extra);
    const key = `${id} ${specifiers.text}`;
    let range = this.#rangeOf.get(key);
    if (range === undefined) {
      range = this.#ranges.length;
      this.#ranges.push({
        package: id,
        specifiers: specifiers.clauses.length === 0 ? undefined : specifiers,
      });
      this.#rangeOf.set(key, range);
    }
    return range;
  }

  #setOf(candidates: Candidates, specifiers: Specifiers | undefined): ReleaseSet {
    const size = candidates.releases.length;
    const set = emptySet(size);
    const { candidateOf, record } = candidates;
    const ranges =
      specifiers === undefined ? [0, record.releaseCount] : admittedRanges(specifiers, record.versions);
    for (let at = 0; at < ranges.length; at += 2) {
      const end = ranges[at + 1] as number;
      for (let release = ranges[at] as number; release < end; release++) {
        const candidate = candidateOf[release] as number;
        if (candidate >= 0) set[candidate >>> 5] = (set[candidate >>> 5] as number) | (1 << (candidate & 31));
      }
    }
    return set;
  }
}

const PLATFORM_VARIABLES: ReadonlySet<string> = new Set([
  "os_name",
  "platform_machine",
  "platform_python_implementation",
  "platform_system",
  "sys_platform",
]);

function addVariables(marker: Marker | undefined, found: Set<string>): void {
  for (const step of marker?.steps ?? []) {
    if (step.kind !== "comparison") continue;
    for (const term of [step.left, step.right]) {
      if (term.kind === "variable" && PLATFORM_VARIABLES.has(term.name)) found.add(term.name);
    }
  }
}

function isExtra(term: MarkerTerm): boolean {
  return term.kind === "variable" && term.name === "extra";
}

/**
 * True when the text ends in a condition on an extra that was not asked for, so that it need not be read at all:
 * three in four requirements of real releases (airflow's lock: 1,202 texts, 871 of them so).
 */
function isOfOtherExtra(text: string, extra: ExtraName | undefined): boolean {
  const at = text.lastIndexOf("extra");
  if (at < 0) return false;
  const match = /^extra\s*==\s*(?:'([^']*)'|"([^"]*)")\s*\)?\s*$/.exec(text.slice(at));
  if (match === null || !text.includes(";") || /\bor\b/.test(text)) return false;
  return extra === undefined || normalizeName(match[1] ?? match[2] ?? "") !== (extra as string);
}
