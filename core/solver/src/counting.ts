// Conflicts found by counting, for what clauses cannot say briefly: more packages than there are places for.
//
// Members are packages that must be chosen and of which every release left demands some resource. A resource is
// a package too; the one release it gets serves only so many members, at most its capacity. When the greatest
// flow from the members to the resources leaves one out, the members it competes with outnumber their places
// (Hall, https://doi.org/10.1112/jlms/s1-10.37.26), which is a conflict; learning from conflicts needs
// exponentially many clauses to find it (https://doi.org/10.1016/0304-3975(85)90144-6). When nobody is left out,
// the flow is advice: it says which release of each member to try first.
//
// A release may demand several resources. One demand of each is used, of the resource that is most in demand
// for its capacity, so that a resource with room for everybody does not hide one that has not.

import { flowOf } from "./flow.ts";
import type { Intake } from "./intake.ts";
import type { Network } from "./network.ts";
import type { Nogood } from "./nogood.ts";
import type { Trail } from "./trail.ts";

/** A set of releases of a member that demand the same of the same resource. */
interface Demand {
  readonly edge: number;
  readonly target: number;
  readonly group: number;
}

interface Member {
  readonly variable: number;
  /** Groups of the network that are used; together they cover every release left. */
  readonly demands: readonly Demand[];
}

/** The members outnumber the places that the resources have for them. */
export interface Overcrowding {
  readonly members: readonly Member[];
  /** Capacity by resource. */
  readonly capacities: ReadonlyMap<number, number>;
}

interface Usage {
  /** For each value of the resource: how many members it may serve. */
  readonly served: Int32Array;
  users: number;
}

/** Conflicts before the first counts; the next ones wait twice as long each time. */
const PATIENCE = 1500;
/** Releases that are looked at for counts alone, in a search that is not all about counting. */
const MOST_LOADS = 2_000;
/** Rounds in which members with a free release leave. */
const MOST_ROUNDS = 4;
/** Words, values and steps that the counts may look at, each time. */
const MOST_WORK = 2_000_000;

export class Counting {
  /** It is put off. */
  rests = false;
  private isDue: boolean;
  /** It has found something. */
  successful = false;
  /** Releases worth trying first, as variable and release by turns; of the last count that found nothing. */
  advice: number[] = [];
  /** Microseconds that all counts took, roughly. */
  spent = 0;
  private readonly trail: Trail;
  private readonly network: Network;
  private readonly intake: Intake;
  private patience: number;
  private loads: number;
  private allowance = MOST_WORK;
  /** The trail's events at the last count. */
  private events = -1;
  private left = new Int32Array(64);

  /** With no patience, it counts before it searches. */
  constructor(
    parts: { readonly trail: Trail; readonly network: Network; readonly intake: Intake },
    patience = PATIENCE,
  ) {
    this.trail = parts.trail;
    this.network = parts.network;
    this.intake = parts.intake;
    this.isDue = patience === 0;
    this.patience = this.isDue ? PATIENCE : patience;
    this.loads = this.isDue ? Number.POSITIVE_INFINITY : MOST_LOADS;
  }

  /** Packages are to be counted after each decision, for a while. */
  get due(): boolean {
    return this.isDue && !this.rests;
  }

  /** Called once per conflict. True when counting should begin, from the bottom. */
  tire(conflicts: number): boolean {
    if (conflicts < this.patience || this.rests) return false;
    this.patience = 2 * conflicts;
    this.allowance = MOST_WORK;
    this.isDue = true;
    return true;
  }

  /** Facts have come: what was counted before says little. */
  hurry(conflicts: number): void {
    this.patience = Math.min(this.patience, conflicts + PATIENCE);
  }

  /** Looks up what the releases left of packages that must be chosen need. True when something arrived. */
  load(): boolean {
    const { trail, intake } = this;
    let news = false;
    for (let v = 0; v < trail.variables && this.loads > 0; v++) {
      if (trail.words[v] === 0 || !trail.needed(v)) continue;
      this.allowance -= trail.size[v]!;
      for (let release = 0; release < trail.size[v]! && this.loads > 0; release++) {
        if (!trail.has(v, release) || !intake.asks(v, release)) continue;
        this.loads--;
        if (intake.load(v, release)) news = true;
      }
    }
    return news;
  }

  /** Looks at the domains as they are. Undefined: nothing was found. */
  count(): Overcrowding | undefined {
    if (this.events === this.trail.events) return undefined;
    this.events = this.trail.events;
    this.advice = [];
    const before = this.allowance;
    const found = this.find();
    this.spent += (before - this.allowance) / 60;
    this.isDue = this.allowance > 0;
    if (found !== undefined) this.successful = true;
    return found;
  }

  private find(): Overcrowding | undefined {
    const chosen = this.choose(this.competitors());
    const usage = this.tally(chosen);
    if (chosen.length < 2 || this.allowance <= 0) return undefined;
    const flow = flowOf(chosen.map(targetsOf), capacitiesOf(usage), this.allowance);
    this.allowance = flow.left;
    if (flow.kind === "matched") this.advise(chosen, flow.places);
    if (flow.kind !== "crowded") return undefined;
    const crowd = flow.members.map((i) => chosen[i]!);
    const capacities = capacitiesOf(this.tally(crowd));
    // A tally that the allowance cut short says nothing.
    return this.allowance > 0 ? { members: crowd, capacities } : undefined;
  }

  /** All packages that must be chosen, with all their demands that exclude something. */
  private competitors(): Member[] {
    const { trail, network } = this;
    const members: Member[] = [];
    for (let v = 0; v < trail.variables && this.allowance > 0; v++) {
      if (trail.words[v] === 0 || !trail.needed(v)) continue;
      const demands: Demand[] = [];
      for (const demand of network.demandsOf(v)) {
        this.allowance -= trail.words[v]! + trail.words[demand.target]!;
        const base = trail.base[v]!;
        if (network.overlaps(network.releases[demand.group]!, trail.dom, base, trail.words[v]!))
          demands.push(demand);
      }
      if (demands.length > 0) members.push({ variable: v, demands });
    }
    return members;
  }

  /** How many members each value of each resource may serve. */
  private tally(members: readonly Member[]): Map<number, Usage> {
    const usage = new Map<number, Usage>();
    for (const { demands } of members) {
      for (const [target, groups] of Map.groupBy(demands, (demand) => demand.target)) {
        if (this.allowance <= 0) return usage;
        const size = this.trail.size[target]! + 1;
        const found = usage.get(target) ?? { served: new Int32Array(size), users: 0 };
        usage.set(target, found);
        found.users++;
        for (const value of this.admitted(target, groups)) found.served[value]!++;
        this.allowance -= size + groups.length * this.trail.words[target]!;
      }
    }
    return usage;
  }

  /** Values left of a resource that some of the groups admit. */
  private admitted(target: number, groups: readonly Demand[]): number[] {
    const { trail, network } = this;
    const found: number[] = [];
    for (let i = 0; i < trail.words[target]!; i++) {
      let word = 0;
      for (const { group } of groups) word |= network.bits[network.admits[group]! + i]!;
      word &= trail.dom[trail.base[target]! + i]!;
      for (; word !== 0; word &= word - 1) found.push((i << 5) + 31 - Math.clz32(word & -word));
    }
    return found;
  }

  /** The members that demand a contended resource whichever release they get, with one demand of each release. */
  private choose(all: readonly Member[]): Member[] {
    let members = all;
    for (let round = 1; ; round++) {
      const usage = this.tally(members);
      const chosen: Member[] = [];
      const left: Member[] = [];
      for (const member of members) {
        const demands = this.cover(member, usage);
        if (demands === undefined) continue;
        chosen.push({ variable: member.variable, demands });
        left.push(member);
      }
      if (left.length === members.length || round === MOST_ROUNDS) return chosen;
      members = left;
    }
  }

  /** Demands for every release left, of the scarcest resources. Undefined when a release has none: it is a free place. */
  private cover({ variable, demands }: Member, usage: ReadonlyMap<number, Usage>): Demand[] | undefined {
    const { trail, network } = this;
    const words = trail.words[variable]!;
    const base = trail.base[variable]!;
    if (this.left.length < words) this.left = new Int32Array(words * 2);
    for (let i = 0; i < words; i++) this.left[i] = trail.dom[base + i]!;
    const byEdge = Map.groupBy(demands, ({ edge }) => edge);
    const edges = [...byEdge.values()]
      .map((groups) => ({ groups, room: roomOf(usage.get(groups[0]!.target)) }))
      .filter(({ room }) => room < 1)
      .sort((a, b) => a.room - b.room);
    const used: Demand[] = [];
    for (const { groups } of edges) {
      this.allowance -= groups.length * words;
      for (const demand of groups) {
        const releases = network.releases[demand.group]!;
        if (!network.overlaps(releases, this.left, 0, words)) continue;
        used.push(demand);
        for (let i = 0; i < words; i++) this.left[i] = this.left[i]! & ~network.bits[releases + i]!;
      }
    }
    if (this.left.subarray(0, words).every((word) => word === 0)) return used;
    if (edges.length > 0) this.advice.push(variable, lowest(this.left));
    return undefined;
  }

  /** Each member is advised to demand the resource that has a place for it. */
  private advise(members: readonly Member[], places: readonly number[]): void {
    const { trail, network } = this;
    for (const [i, { variable, demands }] of members.entries()) {
      const demand = demands.find(({ target }) => target === places[i])!;
      const words = trail.words[variable]!;
      const releases = network.releases[demand.group]!;
      for (let j = 0; j < words; j++)
        this.left[j] = trail.dom[trail.base[variable]! + j]! & network.bits[releases + j]!;
      this.advice.push(variable, lowest(this.left));
    }
  }

  /** What it rests on: values that are gone, and groups of the network. */
  explain({ members, capacities }: Overcrowding, nogood: Nogood): void {
    const { trail, network } = this;
    for (const { variable, demands } of members) {
      for (let value = trail.size[variable]!; value >= 0; value--)
        if (!trail.has(variable, value)) nogood.addValue(variable, value);
      for (const { group } of demands) network.used?.add(group);
    }
    const byTarget = Map.groupBy(
      members.flatMap(({ variable, demands }) => demands.map((demand) => ({ ...demand, variable }))),
      ({ target }) => target,
    );
    for (const [target, demands] of byTarget) {
      for (let value = trail.size[target]!; value >= 0; value--) {
        if (trail.has(target, value)) continue;
        const admitting = demands.filter(({ group }) => network.admitsValue(group, value));
        const served = new Set(admitting.map(({ variable }) => variable)).size;
        if (served > capacities.get(target)!) nogood.addValue(target, value);
      }
    }
  }
}

function capacitiesOf(usage: ReadonlyMap<number, Usage>): Map<number, number> {
  return new Map([...usage].map(([target, { served }]) => [target, capacityOf(served)]));
}

function targetsOf({ demands }: Member): number[] {
  return [...new Set(demands.map(({ target }) => target))];
}

function capacityOf(served: Int32Array): number {
  return served.reduce((most, count) => Math.max(most, count), 0);
}

/** The part of its users that a resource can serve at once. */
function roomOf(usage: Usage | undefined): number {
  return usage === undefined ? 1 : capacityOf(usage.served) / usage.users;
}

/** The lowest value of a set that is not empty. */
function lowest(words: Int32Array): number {
  let i = 0;
  while (words[i] === 0) i++;
  return (i << 5) + 31 - Math.clz32(words[i]! & -words[i]!);
}
