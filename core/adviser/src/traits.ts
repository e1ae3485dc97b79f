// What the terms of an objective count about a project's candidates, apart from dates and the user's own bounds. Each
// trait is worked out when it is first asked for, from the project's record; an excerpt keeps those that were.

import type { AdvisoryReader, Severity } from "@thoth/knowledge";
import type { PackageName, Version } from "@thoth/pep";
import { emptySet, type ReleaseSet } from "@thoth/solver";
import type { Candidates } from "./candidates.ts";
import { conditionHolds, type RuledRelease } from "./rule-condition.ts";
import { COUNTED, type Counted, isSingle, type RuleBook, ruleCost } from "./rules.ts";

/** `sdist`: only a source distribution installs. `proven`: the index tells of an attestation (PEP 740). */
export const FLAGS = ["prerelease", "yanked", "sdist", "proven"] as const;
export type Flag = (typeof FLAGS)[number];

/** A known flaw, as far as costs mind it. */
export interface FlawTrait {
  /** Seconds since 1970. */
  readonly published: number;
  readonly severity: Severity;
  readonly exploited: boolean;
  readonly affects: ReleaseSet;
}

export interface KnownTraits {
  /** Version of the first candidate; empty where there is none. */
  newest?: string;
  /** Its owners gave it up. */
  abandoned?: boolean;
  readonly flags: Partial<Record<Flag, ReleaseSet>>;
  /** 0, or for a version X.Y.0 twice the number of its series and 1 more, for a later patch of it 2 more. */
  series?: Int32Array;
  /** What the rules on one release alone cost, in sum; negative for a reward. Null where none speaks of the project. */
  points: Partial<Record<Counted, Int32Array | null>>;
  flaws?: readonly FlawTrait[];
}

export interface TraitSource {
  readonly name: PackageName;
  readonly candidates: Candidates;
  readonly advisories: AdvisoryReader | undefined;
  readonly rules: RuleBook | undefined;
  /** A release of the record as rules see it. */
  readonly ruled: (release: number) => RuledRelease;
}

export class Traits {
  readonly known: KnownTraits;
  readonly #source: TraitSource;

  constructor(source: TraitSource, known: KnownTraits = { flags: {}, points: {} }) {
    this.#source = source;
    this.known = known;
  }

  get newest(): string {
    this.known.newest ??= this.#candidates.count === 0 ? "" : this.#version(0).text;
    return this.known.newest;
  }

  get abandoned(): boolean {
    this.known.abandoned ??= ["archived", "deprecated"].includes(this.#candidates.record.status.status);
    return this.known.abandoned;
  }

  flag(name: Flag): ReleaseSet {
    this.known.flags[name] ??= this.#setOf(this.#teller(name));
    return this.known.flags[name];
  }

  get series(): Int32Array {
    this.known.series ??= this.#readSeries();
    return this.known.series;
  }

  points(counted: Counted): Int32Array | null {
    const known = this.known.points[counted];
    if (known !== undefined) return known;
    const points = this.#addRules(counted);
    this.known.points[counted] = points;
    return points;
  }

  /** What rules and advisories say may have changed: what was known of it is worked out anew. */
  renewSaid(): void {
    for (const counted of COUNTED)
      if (this.known.points[counted] !== undefined) this.known.points[counted] = this.#addRules(counted);
    if (this.known.flaws !== undefined) this.known.flaws = this.#readFlaws();
  }

  get flaws(): readonly FlawTrait[] {
    this.known.flaws ??= this.#readFlaws();
    return this.known.flaws;
  }

  get #candidates(): Candidates {
    return this.#source.candidates;
  }

  #version(candidate: number): Version {
    const { record, releases } = this.#candidates;
    return record.version(releases[candidate] as number);
  }

  #setOf(holds: (candidate: number) => boolean): ReleaseSet {
    const { count } = this.#candidates;
    const set = emptySet(count);
    for (let candidate = 0; candidate < count; candidate++)
      if (holds(candidate)) set[candidate >>> 5] = (set[candidate >>> 5] as number) | (1 << (candidate & 31));
    return set;
  }

  #teller(name: Flag): (candidate: number) => boolean {
    const { record, releases, installs } = this.#candidates;
    switch (name) {
      case "prerelease":
        return (candidate) => record.isPrerelease(releases[candidate] as number);
      case "yanked":
        return (candidate) => record.isYanked(installs[candidate] as number);
      case "sdist":
        return (candidate) => record.isSdist(installs[candidate] as number);
      case "proven":
        return (candidate) => record.provenance(installs[candidate] as number) !== undefined;
      default:
        return name satisfies never;
    }
  }

  #readSeries(): Int32Array {
    const numbers = new Map<string, number>();
    const series = new Int32Array(this.#candidates.count);
    for (let candidate = 0; candidate < series.length; candidate++) {
      const { release } = this.#version(candidate);
      if (release.length < 3) continue;
      const name = release.slice(0, -1).join(".");
      const number = numbers.get(name) ?? numbers.size;
      numbers.set(name, number);
      series[candidate] = 2 * number + (release.at(-1) === 0 ? 1 : 2);
    }
    return series;
  }

  #addRules(counted: Counted): Int32Array | null {
    const { name, rules, ruled } = this.#source;
    const terms = (rules?.termsOf(name) ?? []).filter(
      (term) => (term.counts ?? "rule") === counted && isSingle(term) && ruleCost(term) !== 0,
    );
    if (terms.length === 0) return null;
    const { count, releases } = this.#candidates;
    if (count === 0) return null;
    const points = new Int32Array(count);
    for (let candidate = 0; candidate < count; candidate++) {
      const release = ruled(releases[candidate] as number);
      for (const term of terms) {
        if (conditionHolds(term.when[0], release))
          points[candidate] = (points[candidate] as number) + ruleCost(term);
      }
    }
    return points;
  }

  #readFlaws(): readonly FlawTrait[] {
    const { advisories, candidates } = this.#source;
    const flaws = advisories?.flaws(candidates.record.name) ?? [];
    if (flaws.length === 0) return [];
    const versions = Array.from({ length: candidates.count }, (_, candidate) => this.#version(candidate));
    return flaws.map((flaw) => ({
      published: flaw.published,
      severity: flaw.severity,
      exploited: flaw.exploited,
      affects: this.#setOf((candidate) => flaw.affects(versions[candidate] as Version)),
    }));
  }
}
