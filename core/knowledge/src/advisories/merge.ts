// One flaw once: advisories that are aliases of one another, in any number of steps, are one flaw of each package
// they concern. https://ossf.github.io/osv-schema/#aliases-field
//
// The result depends on what the documents say and not on their order.

import { formatVersion, type PackageName, tryParseVersion } from "@thoth/pep";
import type { Flaw, Severity } from "../advisory.ts";
import { type AffectedVersions, compileAffected, findFixes, type ParseVersion } from "./affected.ts";
import type { OsvAdvisory, OsvAffected } from "./osv.ts";
import { rateScore, scoreVector } from "./severity.ts";

/** A flaw of one package, as data. */
export interface FlawFacts extends Omit<Flaw, "affects"> {
  readonly affected: AffectedVersions;
}

export interface MergeOptions {
  /** Ids or aliases of flaws that attackers are known to use, such as CISA's catalogue. */
  readonly exploited?: ReadonlySet<string> | undefined;
}

export interface MergedAdvisories {
  /** In the order of names, and in each package of ids. */
  readonly packages: ReadonlyMap<PackageName, readonly FlawFacts[]>;
  /** Seconds since 1970 of the newest change, also of a withdrawn one; 0 where there is none. */
  readonly newest: number;
  /** Advisories that count: each id once, without withdrawn ones. */
  readonly count: number;
}

/** Some advisories of one flaw, the best known first. */
type Group = readonly OsvAdvisory[];

export function mergeAdvisories(
  advisories: readonly OsvAdvisory[],
  options: MergeOptions = {},
): MergedAdvisories {
  const unique = latestOfEach(advisories);
  const valid = unique.filter(({ withdrawn }) => !withdrawn);
  const memory: Memory = { parse: remember(tryParseVersion), score: remember(scoreVector) };
  const packages = new Map<PackageName, FlawFacts[]>();
  for (const group of groupAliases(valid)) {
    const shared = describeGroup(group, options.exploited ?? new Set(), memory);
    for (const [name, concerned] of concernsOf(group)) {
      const flaw = describeFlaw(shared, concerned, memory);
      const flaws = packages.get(name);
      if (flaws === undefined) packages.set(name, [flaw]);
      else flaws.push(flaw);
    }
  }
  for (const flaws of packages.values()) flaws.sort((a, b) => compareTexts(a.id, b.id));
  return {
    packages: new Map([...packages].sort(([a], [b]) => compareTexts(a, b))),
    newest: unique.reduce((newest, { modified }) => Math.max(newest, modified), 0),
    count: valid.length,
  };
}

/** CVE, GHSA and PYSEC in this order, then others; within one kind by code unit. */
export function compareIds(left: string, right: string): number {
  return kindOf(left) - kindOf(right) || compareTexts(left, right);
}

function kindOf(id: string): number {
  const place = ["CVE-", "GHSA-", "PYSEC-"].findIndex((prefix) => id.startsWith(prefix));
  return place < 0 ? 3 : place;
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Sources overlap: of several documents with one id the one that was changed last counts. */
function latestOfEach(advisories: readonly OsvAdvisory[]): readonly OsvAdvisory[] {
  const latest = new Map<string, OsvAdvisory>();
  for (const advisory of advisories) {
    const known = latest.get(advisory.id);
    if (known === undefined || isLater(advisory, known)) latest.set(advisory.id, advisory);
  }
  return [...latest.values()].sort((a, b) => compareIds(a.id, b.id));
}

function isLater(left: OsvAdvisory, right: OsvAdvisory): boolean {
  if (left.modified !== right.modified) return left.modified > right.modified;
  // Any order will do that does not ask which came first.
  return JSON.stringify(left) > JSON.stringify(right);
}

/** The advisories are in the order of their ids, and so are those of each group. */
function groupAliases(advisories: readonly OsvAdvisory[]): Iterable<Group> {
  const union = new AliasUnion();
  for (const { id, aliases } of advisories) for (const alias of aliases) union.join(id, alias);
  const groups = new Map<number, OsvAdvisory[]>();
  for (const advisory of advisories) {
    const root = union.find(advisory.id);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [advisory]);
    else group.push(advisory);
  }
  return groups.values();
}

/** Union-find over ids, with paths halved and the smaller tree hung under the greater. */
class AliasUnion {
  readonly #numbers = new Map<string, number>();
  readonly #parents: number[] = [];
  readonly #sizes: number[] = [];

  join(left: string, right: string): void {
    const a = this.find(left);
    const b = this.find(right);
    if (a === b) return;
    const [root, child] = this.#sizes[a]! >= this.#sizes[b]! ? [a, b] : [b, a];
    this.#parents[child] = root;
    this.#sizes[root]! += this.#sizes[child]!;
  }

  find(id: string): number {
    let at = this.#numbers.get(id);
    if (at === undefined) {
      at = this.#parents.length;
      this.#numbers.set(id, at);
      this.#parents.push(at);
      this.#sizes.push(1);
    }
    const parents = this.#parents;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  }
}

type SharedFacts = Omit<FlawFacts, "summary" | "link" | "fixedIn" | "affected">;

/** What holds for every package of the group. */
function describeGroup(group: Group, exploited: ReadonlySet<string>, memory: Memory): SharedFacts {
  const names = [...new Set(group.flatMap(({ id, aliases }) => [id, ...aliases]))];
  const times = group.map(({ published }) => published).filter((time) => time > 0);
  return {
    id: names.reduce((best, name) => (compareIds(name, best) < 0 ? name : best)),
    aliases: names.sort(compareTexts),
    ...highestRating(group.map((advisory) => rateAdvisory(advisory, memory))),
    exploited: names.some((name) => exploited.has(name)),
    // An attack may also be told by others: then the alias says so.
    malware: names.some((name) => name.startsWith("MAL-")),
    published: times.length === 0 ? 0 : times.reduce((first, time) => Math.min(first, time)),
  };
}

/** What one advisory says of one package. */
interface Concern {
  readonly advisory: OsvAdvisory;
  readonly entry: OsvAffected;
}

/** In the order of the advisories. */
function concernsOf(group: Group): ReadonlyMap<PackageName, readonly Concern[]> {
  const concerns = new Map<PackageName, Concern[]>();
  for (const advisory of group) {
    for (const entry of advisory.affected) {
      const known = concerns.get(entry.name);
      if (known === undefined) concerns.set(entry.name, [{ advisory, entry }]);
      else known.push({ advisory, entry });
    }
  }
  return concerns;
}

function describeFlaw(shared: SharedFacts, concerns: readonly Concern[], memory: Memory): FlawFacts {
  const { parse } = memory;
  const entries = concerns.map(({ entry }) => entry);
  const affected = compileAffected(entries, parse);
  return {
    ...shared,
    ...highestRating([shared, ...entries.map(({ vectors }) => rateVectors(vectors, memory))]),
    summary: concerns.find(({ advisory }) => advisory.summary !== "")?.advisory.summary ?? "",
    link: concerns[0]!.advisory.link,
    fixedIn: findFixes(entries, affected, parse).map(formatVersion),
    affected,
  };
}

type Rating = Pick<Flaw, "severity" | "score">;

const ASCENDING: readonly Severity[] = ["unknown", "low", "medium", "high", "critical"];

function highestRating(ratings: readonly Rating[]): Rating {
  let score: number | undefined;
  let severity: Severity = "unknown";
  for (const rating of ratings) {
    if (rating.score !== undefined) score = Math.max(score ?? 0, rating.score);
    if (ASCENDING.indexOf(rating.severity) > ASCENDING.indexOf(severity)) severity = rating.severity;
  }
  return { severity, score };
}

/** What a database says in a word counts where it gives no vector, for none of the packages either. */
function rateAdvisory(advisory: OsvAdvisory, memory: Memory): Rating {
  const rating = rateVectors(advisory.vectors, memory);
  if (rating.score !== undefined || advisory.label === "unknown") return rating;
  const scored = advisory.affected.some(({ vectors }) => rateVectors(vectors, memory).score !== undefined);
  return scored ? rating : { severity: advisory.label, score: undefined };
}

function rateVectors(vectors: readonly string[], memory: Memory): Rating {
  let highest: number | undefined;
  for (const vector of vectors) {
    const score = memory.score(vector);
    if (score !== undefined && (highest === undefined || score > highest)) highest = score;
  }
  return { severity: highest === undefined ? "unknown" : rateScore(highest), score: highest };
}

/** Documents repeat each other's versions and vectors, and both take time to read. */
interface Memory {
  readonly parse: ParseVersion;
  readonly score: (vector: string) => number | undefined;
}

function remember<T extends object | number>(read: (text: string) => T | undefined) {
  const known = new Map<string, T | null>();
  return (text: string): T | undefined => {
    const found = known.get(text);
    if (found !== undefined) return found ?? undefined;
    const value = read(text);
    known.set(text, value ?? null);
    return value;
  };
}
