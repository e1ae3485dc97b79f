// Reads a claim that anybody may have written: every member is named, every number is checked, and what it may take is
// bounded before it is taken. What comes out is a problem and a derivation whose parts fit each other; whether the
// derivation shows what it says is the checker's business.

import type { Competitor, Derivation, DerivationStep, Literal, Resource } from "../derivation.ts";
import type { Dependency, Facts, PackageFacts, Problem } from "../problem.ts";
import type { ReleaseSet } from "../release-set.ts";
import { parseSet } from "./claim.ts";
import { type Item, Malformed } from "./item.ts";

export interface ReadClaim {
  readonly problem: Problem;
  readonly derivation: Derivation;
  readonly levels: readonly string[];
  /** By number, as the checker calls packages. */
  readonly names: readonly string[];
  /** The claimed stack without what stands for a cost. */
  readonly stack: readonly { readonly name: string; readonly release: string }[];
}

const MOST_LEVELS = 64;
const MOST_PACKAGES = 100_000;
const MOST_RELEASES = 65_000;
/** Words of all sets together. */
const MOST_WORDS = 1 << 25;
/** Pairs of a release and what it needs. */
const MOST_PAIRS = 1 << 22;

interface Known {
  readonly name: string;
  readonly releases: ReadonlyMap<string, number>;
  readonly facts: PackageFacts;
}

/** Throws Malformed. */
export function readClaim(item: Item): ReadClaim {
  return new Reader().read(item);
}

class Reader {
  private readonly ids = new Map<string, number>();
  private readonly packages: Known[] = [];
  private readonly ranges: { readonly package: number; readonly admits: ReleaseSet }[] = [];
  private readonly needs = new Map<string, readonly Dependency[] | "unusable">();
  private levels = 0;
  private words = 0;
  private pairs = 0;

  read(item: Item): ReadClaim {
    const members = item.members(["objective", "packages", "ranges", "roots", "needs", "steps", "result"]);
    const levels = members.objective.list(MOST_LEVELS).map((level) => level.text());
    this.levels = levels.length;
    this.readPackages(members.packages);
    for (const range of members.ranges.list()) this.readRange(range);
    const roots = members.roots.list().map((root) => this.reference(root));
    const premises = members.needs.list().map((one) => this.readNeeds(one));
    const steps = members.steps.list().map((step) => this.step(step));
    const result = this.result(members.result);
    const facts: Facts = {
      package: (id) => this.packages[id]?.facts,
      dependencies: (id, release) => this.needs.get(`${id} ${release}`),
      admitted: (range) => this.ranges[range]!.admits,
    };
    return {
      problem: { facts, roots, levels: this.levels },
      derivation: { premises, steps, result },
      levels,
      names: this.packages.map(({ name }) => name),
      stack: this.stackOf(result),
    };
  }

  private readPackages(item: Item): void {
    const mirrors: (Item | undefined)[] = [];
    const most = new Array<number>(this.levels).fill(0);
    for (const one of item.list(MOST_PACKAGES)) {
      const members = one.members(["name", "releases"], ["costs", "mirrors", "auxiliary"]);
      const name = members.name.text();
      if (this.ids.has(name)) throw members.name.malformed("is there twice");
      const releases = new Map<string, number>();
      for (const release of members.releases.list(MOST_RELEASES)) {
        if (releases.has(release.text())) throw release.malformed("is there twice");
        releases.set(release.text(), releases.size);
      }
      const costs = members.costs === undefined ? [] : this.costs(members.costs, releases.size, most);
      const facts = {
        releases: releases.size,
        costs,
        ...(members.auxiliary?.isTrue() === true ? { auxiliary: true } : {}),
      };
      this.ids.set(name, this.packages.push({ name, releases, facts }) - 1);
      mirrors.push(members.mirrors);
    }
    for (const [id, mirror] of mirrors.entries()) if (mirror !== undefined) this.mirror(id, mirror);
  }

  /** The dearest of all packages together stays an exact number. */
  private costs(item: Item, releases: number, most: number[]): (number[] | undefined)[] {
    return item.list(this.levels).map((row, level) => {
      if (row.isNull()) return undefined;
      const costs = row.list(releases).map((cost) => cost.natural());
      if (costs.length !== releases) throw row.malformed("has not one cost for each release");
      let dearest = 0;
      for (const cost of costs) dearest = Math.max(dearest, cost);
      most[level] = most[level]! + dearest;
      if (!Number.isSafeInteger(most[level])) throw row.malformed("makes costs too great");
      return costs;
    });
  }

  private mirror(id: number, item: Item): void {
    const base = this.id(item);
    const known = this.packages[id]!;
    if (base === id || this.packages[base]!.facts.releases !== known.facts.releases)
      throw item.malformed("has other releases than what mirrors it");
    this.packages[id] = { ...known, facts: { ...known.facts, mirrors: base } };
  }

  private id(item: Item): number {
    const id = this.ids.get(item.text());
    if (id === undefined) throw item.malformed("is no package of the claim");
    return id;
  }

  private readRange(item: Item): void {
    const members = item.members(["package", "admits"], ["specifiers"]);
    const id = this.id(members.package);
    members.specifiers?.text();
    this.ranges.push({ package: id, admits: this.releases(members.admits, id) });
  }

  /** Values of a package: releases, or none. */
  private values(item: Item, id: number): ReleaseSet {
    const { releases } = this.packages[id]!.facts;
    this.words += (releases >> 5) + 1;
    if (this.words > MOST_WORDS) throw item.malformed("makes the sets too many");
    const set = parseSet(item.text(), releases);
    if (set === undefined) throw item.malformed(`is no set of ${releases} releases`);
    return set;
  }

  /** Releases alone. */
  private releases(item: Item, id: number): ReleaseSet {
    if (item.text().endsWith("none")) throw item.malformed("is no set of releases");
    return this.values(item, id);
  }

  private reference(item: Item): Dependency {
    const members = item.members(["range"], ["optional"]);
    return this.dependency(members.range, members.optional);
  }

  private dependency(place: Item, optional: Item | undefined): Dependency {
    const range = place.natural(this.ranges.length - 1);
    return {
      package: this.ranges[range]!.package,
      range,
      ...(optional?.isTrue() === true ? { optional: true } : {}),
    };
  }

  private readNeeds(item: Item): Derivation["premises"][number] {
    const members = item.members(["package", "releases", "needs"]);
    const id = this.id(members.package);
    const releases = listOf(this.releases(members.releases, id));
    const needs = members.needs.isText("unusable")
      ? "unusable"
      : members.needs.list().map((need) => this.reference(need));
    this.pairs += releases.length * (needs.length + 1);
    if (this.pairs > MOST_PAIRS) throw item.malformed("makes the needs too many");
    for (const release of releases) {
      const key = `${id} ${release}`;
      if (this.needs.has(key)) throw item.malformed("tells the needs of a release twice");
      this.needs.set(key, needs);
    }
    return { package: id, releases };
  }

  private step(item: Item): DerivationStep {
    const kind = item.kind(["limit", "clause", "counting", "refuted", "release"]);
    switch (kind) {
      case "limit": {
        const { level, limit } = item.members(["kind", "level", "limit"]);
        return { kind, level: level.natural(this.levels - 1), limit: limit.natural() };
      }
      case "clause": {
        const { depth, literals } = item.members(["kind", "depth", "literals"]);
        return { kind, depth: depth.natural(this.levels), literals: this.literals(literals) };
      }
      case "counting": {
        const members = item.members(["kind", "depth", "literals", "competitors", "resources"]);
        return {
          kind,
          depth: members.depth.natural(this.levels),
          literals: this.literals(members.literals),
          competitors: members.competitors.list().map((one) => this.competitor(one)),
          resources: members.resources.list().map((one) => this.resource(one)),
        };
      }
      case "refuted":
      case "release":
        return { kind, depth: item.members(["kind", "depth"]).depth.natural(this.levels) };
      default:
        return kind satisfies never;
    }
  }

  private literals(item: Item): Literal[] {
    return item.list().map((one) => {
      const members = one.members(["package", "values"]);
      const id = this.id(members.package);
      return { package: id, values: this.values(members.values, id) };
    });
  }

  private competitor(item: Item): Competitor {
    const members = item.members(["package", "demands"]);
    const id = this.id(members.package);
    const demands = members.demands.list().map((one) => {
      const { releases, range, optional } = one.members(["releases", "range"], ["optional"]);
      return { releases: this.releases(releases, id), dependency: this.dependency(range, optional) };
    });
    return { package: id, demands };
  }

  private resource(item: Item): Resource {
    const members = item.members(["package", "capacity"]);
    return { package: this.id(members.package), capacity: members.capacity.natural() };
  }

  private result(item: Item): Derivation["result"] {
    const kind = item.kind(["solved", "unsatisfiable"]);
    if (kind === "unsatisfiable") {
      item.members(["kind"]);
      return { kind };
    }
    const members = item.members(["kind", "stack", "levels"]);
    const assignment = new Map<number, number>();
    for (const one of members.stack.list()) {
      const chosen = one.members(["package", "release"]);
      const id = this.id(chosen.package);
      const release = this.packages[id]!.releases.get(chosen.release.text());
      if (release === undefined) throw chosen.release.malformed("is no release of its package");
      if (assignment.has(id)) throw chosen.package.malformed("is there twice");
      assignment.set(id, release);
    }
    const levels = members.levels.list(this.levels).map((level) => {
      const { value, bound } = level.members(["value", "bound"]);
      return { value: value.natural(), bound: bound.natural() };
    });
    return { kind, assignment, levels };
  }

  private stackOf(result: Derivation["result"]): ReadClaim["stack"] {
    if (result.kind === "unsatisfiable") return [];
    return [...result.assignment].flatMap(([id, release]) => {
      const { name, releases, facts } = this.packages[id]!;
      if (facts.auxiliary === true) return [];
      return [{ name, release: [...releases.keys()][release]! }];
    });
  }
}

function listOf(set: ReleaseSet): number[] {
  const found: number[] = [];
  for (let value = 0; value < set.length * 32; value++)
    if ((set[value >> 5]! & (1 << (value & 31))) !== 0) found.push(value);
  return found;
}

export { Malformed };
