// A minimal core of an unsatisfiable problem: demands that contradict each other, none of which can go.
//
// Demands are the roots and the lines "these releases of p need q within this range". Lines are dropped in
// chunks, halved whenever a chunk turns out to be needed; each try is a small search of its own. Which of the
// minimal cores is found depends on the order of the tries, so several orders are tried and the shortest kept.

import type { Budget, CoreLine, Dependency, Facts, PackageFacts, Problem } from "./problem.ts";
import { emptySet, type ReleaseSet } from "./release-set.ts";
import { PAUSED, REFUTED, Search } from "./search.ts";

/** A release whose needs the search has read. */
export interface ReadRelease {
  readonly package: number;
  readonly release: number;
}

export interface Core {
  readonly lines: readonly CoreLine[];
  /** False when the budget was spent before every line was tried. */
  readonly minimal: boolean;
}

const NOTHING: readonly Dependency[] = [];

/** Demands of a problem, and which of them still count. It reads as facts with the other demands left out. */
class Demands implements Facts {
  readonly lines: CoreLine[] = [];
  readonly kept: Uint8Array;
  private readonly facts: Facts;
  /** Per package and release: the lines of its needs, or "unusable". */
  private readonly needs = new Map<number, ((readonly number[] | "unusable") | undefined)[]>();
  private readonly rootLines: number;

  constructor(problem: Problem, read: readonly ReadRelease[]) {
    this.facts = problem.facts;
    for (const dependency of problem.roots)
      this.lines.push({ package: undefined, releases: undefined, dependency });
    this.rootLines = this.lines.length;
    const index = new Map<string, number>();
    for (const { package: id, release } of read) this.add(id, release, index);
    this.kept = new Uint8Array(this.lines.length).fill(1);
  }

  private add(id: number, release: number, index: Map<string, number>): void {
    const found = this.facts.dependencies(id, release);
    if (found === undefined) return;
    const own = this.needs.get(id) ?? [];
    this.needs.set(id, own);
    own[release] =
      found === "unusable" ? found : [...new Set(found.map((need) => this.line(id, need, index)))];
    if (found === "unusable") return;
    for (const line of own[release] as number[]) {
      const releases = this.lines[line]!.releases!;
      releases[release >> 5] = releases[release >> 5]! | (1 << (release & 31));
    }
  }

  private line(id: number, dependency: Dependency, index: Map<string, number>): number {
    const key = `${id} ${dependency.package} ${dependency.range} ${dependency.optional === true}`;
    let line = index.get(key);
    if (line !== undefined) return line;
    line = this.lines.length;
    const releases: ReleaseSet = emptySet(this.facts.package(id)!.releases);
    this.lines.push({ package: id, releases, dependency });
    index.set(key, line);
    return line;
  }

  package(id: number): PackageFacts | undefined {
    const facts = this.facts.package(id);
    if (facts === undefined) return undefined;
    return { releases: facts.releases, costs: [], mirrors: facts.mirrors };
  }

  dependencies(id: number, release: number): readonly Dependency[] | "unusable" {
    const own = this.needs.get(id)?.[release];
    if (own === undefined) return this.facts.dependencies(id, release) === "unusable" ? "unusable" : NOTHING;
    if (own === "unusable") return own;
    return own.filter((line) => this.kept[line] === 1).map((line) => this.lines[line]!.dependency);
  }

  admitted(range: number): ReleaseSet {
    return this.facts.admitted(range);
  }

  get roots(): Dependency[] {
    return this.lines
      .slice(0, this.rootLines)
      .flatMap((line, i) => (this.kept[i] === 1 ? [line.dependency] : []));
  }

  /** Whether what is kept admits no assignment; undefined when the budget is spent. */
  refuted(budget: Budget | undefined): boolean | undefined {
    const search = new Search({ facts: this, roots: this.roots, levels: 0 });
    const outcome = search.run([], Number.POSITIVE_INFINITY, budget);
    return outcome === PAUSED ? undefined : outcome === REFUTED;
  }
}

export function coreOf(problem: Problem, read: readonly ReadRelease[], budget?: Budget): Core {
  const demands = new Demands(problem, read);
  const all = demands.lines.map((_, i) => i);
  let best: number[] | undefined;
  for (const order of [all.slice().reverse(), all]) {
    demands.kept.fill(1);
    const complete = shrink(demands, order, budget);
    const found = all.filter((i) => demands.kept[i] === 1);
    if (best === undefined || found.length < best.length) best = found;
    if (!complete) return { lines: best.map((i) => demands.lines[i]!), minimal: false };
  }
  return { lines: best!.map((i) => demands.lines[i]!), minimal: true };
}

/** Drops what can go, in this order. False: the budget was spent first. */
function shrink(demands: Demands, order: readonly number[], budget: Budget | undefined): boolean {
  const pending: (readonly number[])[] = [order];
  for (let chunk = pending.pop(); chunk !== undefined; chunk = pending.pop()) {
    if (chunk.length === 0) continue;
    for (const line of chunk) demands.kept[line] = 0;
    const refuted = demands.refuted(budget);
    if (refuted === true) continue;
    for (const line of chunk) demands.kept[line] = 1;
    if (refuted === undefined) return false;
    const middle = chunk.length >> 1;
    if (middle > 0) pending.push(chunk.slice(middle), chunk.slice(0, middle));
  }
  return true;
}
