// Universes that are hard on purpose: too many pigeons, 3-SAT, planted answers among random needs, two long
// lines of releases that pin each other; and long ones: a chain, a package with very many needs.

import type { Dependency, ReleaseSet } from "../src/index.ts";
import { setFromRanges } from "../src/index.ts";
import type { Random } from "./random.ts";
import type { Universe, UniversePackage } from "./universe.ts";

class Drawing {
  readonly packages: UniversePackage[] = [];
  readonly ranges: ReleaseSet[] = [];
  private readonly known = new Map<string, number>();

  add(releases: number, costs: UniversePackage["costs"] = []): number {
    const needs = Array.from({ length: releases }, (): Dependency[] => []);
    return this.packages.push({ releases, costs, needs }) - 1;
  }

  range(id: number, set: ReleaseSet): number {
    const key = `${id} ${set.join(" ")}`;
    const range = this.known.get(key) ?? this.ranges.push(set) - 1;
    this.known.set(key, range);
    return range;
  }

  between(id: number, start: number, end: number): Dependency {
    return { package: id, range: this.range(id, setFromRanges(this.packages[id]!.releases, [start, end])) };
  }

  need(id: number, release: number, dependency: Dependency): void {
    (this.packages[id]!.needs[release] as Dependency[]).push(dependency);
  }

  universe(roots: readonly number[], levels: number): Universe {
    const needed = roots.map((id) => this.between(id, 0, this.packages[id]!.releases));
    return { packages: this.packages, ranges: this.ranges, roots: needed, levels };
  }
}

/** Pigeons with a hole per release; for each hole a package that only one pigeon may pin to itself. */
export function pigeons(count: number, holes: number): Universe {
  const drawing = new Drawing();
  const birds = Array.from({ length: count }, () => drawing.add(holes));
  const places = Array.from({ length: holes }, () => drawing.add(count));
  birds.forEach((bird, i) => {
    places.forEach((place, hole) => {
      drawing.need(bird, hole, drawing.between(place, i, i + 1));
    });
  });
  return drawing.universe(birds, 0);
}

/**
 * The newest release of an application needs pigeons, too many for their holes, and each older one other pigeons
 * for other holes; the oldest (`rescue`) needs nothing.
 */
export function coops(releases: number, count: number, rescue: boolean): Universe {
  const drawing = new Drawing();
  const size = releases + (rescue ? 1 : 0);
  const application = drawing.add(size, [Array.from({ length: size }, (_, release) => release)]);
  for (let release = 0; release < releases; release++) {
    const birds = Array.from({ length: count }, () => drawing.add(count - 1));
    const places = birds.slice(1).map(() => drawing.add(count));
    birds.forEach((bird, i) => {
      drawing.need(application, release, drawing.between(bird, 0, count - 1));
      for (const [hole, place] of places.entries())
        drawing.need(bird, hole, drawing.between(place, i, i + 1));
    });
  }
  return drawing.universe([application], 1);
}

/** The universe with packages whose releases cost more the older they are: the first `direct` at two levels, the rest at two more. */
export function ranked(universe: Universe, direct: number): Universe {
  const packages = universe.packages.map((facts, id) => {
    const rank = Array.from({ length: facts.releases }, (_, release) => release);
    return { ...facts, costs: id < direct ? [rank, rank] : [undefined, undefined, rank, rank] };
  });
  return { ...universe, packages, levels: 4 };
}

/** As many pigeons as holes, in the last of which each costs one. */
export function dearHole(count: number): Universe {
  const universe = pigeons(count, count);
  const packages = universe.packages.map((facts, id) => ({
    ...facts,
    costs: [
      id < count ? Array.from({ length: count }, (_, hole) => (hole === count - 1 ? 1 : 0)) : undefined,
    ],
  }));
  return { ...universe, packages, levels: 1 };
}

/** A few pigeons with a few holes that several may share, some of whom may do without or want more. */
export function crowd(random: Random): Universe {
  const drawing = new Drawing();
  const costs = (size: number) => [Array.from({ length: size }, () => random.between(0, 2))];
  const size = random.between(2, 4);
  const door = drawing.add(2, costs(2));
  const birds = Array.from({ length: random.between(size, size + 2) }, () => drawing.add(size, costs(size)));
  const places = Array.from({ length: size - (random.chance(0.2) ? 1 : 0) }, () => {
    const releases = random.chance(0.7) ? birds.length : random.between(1, birds.length);
    return { id: drawing.add(releases), releases };
  });
  const behindDoor = random.chance(0.3);
  const free = random.pick([0, 0, 0, 0.05]);
  const width = random.pick([1, 1, 1, 2]);
  for (const [i, bird] of birds.entries()) {
    for (let release = 0; release < size; release++) {
      for (let more = random.chance(free) ? 0 : random.chance(0.1) ? 2 : 1; more > 0; more--) {
        const { id, releases } = places[(release + (random.chance(0.1) ? 1 : 0)) % places.length]!;
        const start = (i + (random.chance(0.05) ? 1 : 0)) % releases;
        const need = drawing.between(id, start, start + width);
        drawing.need(bird, release, random.chance(0.05) ? { ...need, optional: true } : need);
      }
    }
    if (behindDoor) {
      for (let release = 0; release < random.between(1, 2); release++)
        drawing.need(door, release, drawing.between(bird, 0, size - (random.chance(0.2) ? 1 : 0)));
    }
  }
  return drawing.universe(behindDoor ? [door] : birds, 1);
}

/** Each package needs the next one, newest with newest. */
export function chain(length: number): Universe {
  const drawing = new Drawing();
  const ids = Array.from({ length }, () => drawing.add(2, [[0, 1]]));
  for (let i = 0; i + 1 < length; i++) {
    drawing.need(ids[i]!, 0, drawing.between(ids[i + 1]!, 0, 1));
    drawing.need(ids[i]!, 1, drawing.between(ids[i + 1]!, 1, 2));
  }
  return drawing.universe([ids[0]!], 1);
}

/** One package that needs very many, each of which has to be in its second release. */
export function fan(count: number): Universe {
  const drawing = new Drawing();
  const hub = drawing.add(1);
  for (let i = 0; i < count; i++) {
    const leaf = drawing.add(2, [[0, 1]]);
    drawing.need(hub, 0, drawing.between(leaf, 1, 2));
  }
  return drawing.universe([hub], 1);
}

/** Random clauses of three variables: a clause is a package with one release per literal. */
export function threeSat(random: Random, variables: number, clauses: number): Universe {
  const drawing = new Drawing();
  const levels = 1;
  const signs = Array.from({ length: variables }, () => drawing.add(2, [[0, random.between(1, 20)]]));
  const roots = Array.from({ length: clauses }, () => {
    const clause = drawing.add(3, [undefined]);
    for (const [release, sign] of random.shuffle(signs).slice(0, 3).entries()) {
      const value = random.between(0, 1);
      drawing.need(clause, release, drawing.between(sign, value, value + 1));
    }
    return clause;
  });
  return drawing.universe(roots, levels);
}

export interface Planted {
  readonly packages: number;
  readonly releases: number;
  readonly needs: number;
  readonly roots: number;
}

/** Random needs among many packages that one hidden assignment meets; costs as `latest` has them. */
export function planted(random: Random, { packages, releases, needs, roots }: Planted): Universe {
  const drawing = new Drawing();
  const hidden: number[] = [];
  for (let id = 0; id < packages; id++) {
    let day = 0;
    const size = random.between(1, releases);
    const lag = Array.from(
      { length: size },
      (_, release) => (day += release === 0 ? 0 : random.between(1, 60)),
    );
    const rank = Array.from({ length: size }, (_, release) => release);
    drawing.add(size, id < roots ? [lag, rank] : [undefined, undefined, lag, rank]);
    hidden.push(random.between(0, Math.min(size - 1, 4)));
  }
  for (let id = 0; id < packages; id++) plantNeeds(random, drawing, { id, hidden, needs });
  return drawing.universe(
    Array.from({ length: roots }, (_, id) => id),
    4,
  );
}

interface Plant {
  readonly id: number;
  readonly hidden: readonly number[];
  readonly needs: number;
}

function plantNeeds(random: Random, drawing: Drawing, { id, hidden, needs }: Plant): void {
  const targets = random
    .shuffle(hidden.map((_, other) => other).filter((other) => other !== id))
    .slice(0, random.between(0, needs));
  for (const target of targets) {
    const size = drawing.packages[target]!.releases;
    let range: Dependency | undefined;
    for (let release = 0; release < drawing.packages[id]!.releases; release++) {
      if (range === undefined || random.chance(0.3) || release === hidden[id]) {
        const start = random.between(0, size - 1);
        const end = random.chance(0.5) ? size : random.between(start + 1, size);
        const kept = release === hidden[id];
        range = drawing.between(
          target,
          kept ? Math.min(start, hidden[target]!) : start,
          kept ? Math.max(end, hidden[target]! + 1) : end,
        );
      }
      if (random.chance(0.9) || release === hidden[id]) drawing.need(id, release, range);
    }
  }
}

/**
 * A top package whose releases each pin one release of a library, and a wrapper whose few releases each admit a
 * short run of old releases of the library: boto3, botocore and aiobotocore.
 */
export function lockstep(releases: number, wrappers: number): Universe {
  const drawing = new Drawing();
  const days = (size: number, step: number) => Array.from({ length: size }, (_, i) => i * step);
  const top = drawing.add(releases, [days(releases, 1), days(releases, 1)]);
  const wrapper = drawing.add(wrappers, [days(wrappers, 7), days(wrappers, 1)]);
  const library = drawing.add(releases, [undefined, undefined, days(releases, 1), days(releases, 1)]);
  const pace = Math.floor(releases / wrappers);
  for (let i = 0; i < releases; i++)
    drawing.need(top, i, drawing.between(library, Math.max(0, i - 2), i + 1));
  for (let i = 0; i < wrappers; i++) {
    const start = Math.min(releases - 3, i * pace + Math.floor(pace / 2));
    drawing.need(wrapper, i, drawing.between(library, start, start + 3));
  }
  return drawing.universe([top, wrapper], 4);
}
