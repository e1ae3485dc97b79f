// Places for members, each of which can go to some resources with room for so many: the greatest flow, one
// augmenting path at a time, or the members that cannot all have one (https://doi.org/10.4153/CJM-1956-045-5).

export type Flow =
  /** The resource of each member. */
  (
    | { readonly kind: "matched"; readonly places: readonly number[] }
    /** Members that share resources with less room than they are; positions in the list of members. */
    | { readonly kind: "crowded"; readonly members: readonly number[] }
    /** It would take too many steps. */
    | { readonly kind: "unknown" }
  ) & {
    /** Steps left. */
    readonly left: number;
  };

/** Takes at most `work` steps. */
export function flowOf(
  targets: readonly (readonly number[])[],
  capacities: ReadonlyMap<number, number>,
  work: number,
): Flow {
  const matching = new Matching(targets, capacities, work);
  for (let member = 0; member < targets.length; member++) {
    const crowd = matching.place(member);
    if (matching.work < 0) return { kind: "unknown", left: 0 };
    if (crowd !== undefined) return { kind: "crowded", members: crowd, left: matching.work };
  }
  return { kind: "matched", places: matching.places, left: matching.work };
}

class Matching {
  readonly places: number[];
  work: number;
  private readonly targets: readonly (readonly number[])[];
  private readonly capacities: ReadonlyMap<number, number>;
  private readonly served = new Map<number, Set<number>>();

  constructor(
    targets: readonly (readonly number[])[],
    capacities: ReadonlyMap<number, number>,
    work: number,
  ) {
    this.targets = targets;
    this.capacities = capacities;
    this.work = work;
    this.places = new Array<number>(targets.length).fill(-1);
    for (const resource of capacities.keys()) this.served.set(resource, new Set());
  }

  /** Finds a place for one more member, moving others. The crowd when there is none. */
  place(member: number): number[] | undefined {
    const crowd = [member];
    /** The member through which each resource was reached. */
    const through = new Map<number, number>();
    for (let i = 0; i < crowd.length && this.work >= 0; i++) {
      for (const resource of this.targets[crowd[i]!]!) {
        this.work--;
        if (through.has(resource)) continue;
        through.set(resource, crowd[i]!);
        const served = this.served.get(resource)!;
        if (served.size < this.capacities.get(resource)!) {
          this.move(resource, through);
          return undefined;
        }
        for (const other of served) crowd.push(other);
      }
    }
    return crowd;
  }

  /** Each member on the path takes the place that the next one leaves. */
  private move(resource: number, through: ReadonlyMap<number, number>): void {
    for (let free = resource; free !== -1; ) {
      const member = through.get(free)!;
      const left = this.places[member]!;
      this.served.get(left)?.delete(member);
      this.served.get(free)!.add(member);
      this.places[member] = free;
      free = left;
    }
  }
}
