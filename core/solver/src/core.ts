// A minimal core of an unsatisfiable problem: demands that contradict each other, none of which can go.
//
// Demands are the roots and the lines "these releases of p need q within this range". Lines are dropped in
// chunks, halved whenever a chunk turns out to be needed; each try is a small search of its own. Which of the
// minimal cores is found depends on the order of the tries, so several orders are tried and the shortest kept.

import type { Budget, CoreLine, Dependency, Facts, PackageFacts, Problem } from "./problem.ts";
import { emptySet, type ReleaseSet } from "./release-set.ts";
import { CAPPED, PAUSED, REFUTED, Search } from "./search.ts";

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
  private readonly index = new Map<string, number>();

  constructor(problem: Problem, read: readonly ReadRelease[]) {
    this.facts = problem.facts;
    for (const dependency of problem.roots)
      this.lines.push({ package: undefined, releases: undefined, dependency });
    this.rootLines = this.lines.length;
    for (const { package: id, release } of read) this.add(id, release);
    this.kept = new Uint8Array(this.lines.length).fill(1);
  }

  private add(id: number, release: number): void {
    const found = this.facts.dependencies(id, release);
    if (found === undefined) return;
    const own = this.needs.get(id) ?? [];
    this.needs.set(id, own);
    own[release] = found === "unusable" ? found : [...new Set(found.map((need) => this.line(id, need)))];
    if (found === "unusable") return;
    for (const line of own[release] as number[]) {
      const releases = this.lines[line]!.releases!;
      releases[release >> 5] = releases[release >> 5]! | (1 << (release & 31));
    }
  }

  private line(id: number, dependency: Dependency): number {
    const key = keyOf(id, dependency);
    let line = this.index.get(key);
    if (line !== undefined) return line;
    line = this.lines.length;
    const releases: ReleaseSet = emptySet(this.facts.package(id)!.releases);
    this.lines.push({ package: id, releases, dependency });
    this.index.set(key, line);
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

  /** Whether what is kept admits no assignment; undefined when the allowance is spent before that is known. */
  private refuted(allowance: Allowance): boolean | undefined {
    const search = new Search({ facts: this, roots: this.roots, levels: 0 }, allowance.options);
    search.trace();
    const outcome = search.run([], MOST_CONFLICTS, allowance.options.budget);
    allowance.work -= 50 + this.count + 2 * search.ticks + 30 * search.conflicts + search.counting.spent;
    if (outcome === PAUSED) allowance.work = 0;
    if (outcome === REFUTED) this.keep(search);
    return outcome === PAUSED || outcome === CAPPED ? undefined : outcome === REFUTED;
  }

  /** Keeps only what the refutation rests on. */
  private keep(search: Search): void {
    const { roots, groups } = search.premises();
    const kept = this.lines.map((_, i) => i).filter((i) => this.kept[i] === 1);
    const wanted = new Set(kept.filter((i) => this.isSelfNeed(i)));
    const rootLines = kept.filter((i) => i < this.rootLines);
    for (const root of roots) wanted.add(rootLines[root]!);
    for (const group of groups) {
      const { source, target, range, optional } = search.network.lineOf(group);
      const { host } = search.intake;
      wanted.add(this.index.get(keyOf(host[source]!, { package: host[target]!, range, optional }))!);
    }
    for (const i of kept) if (!wanted.has(i)) this.kept[i] = 0;
  }

  private isSelfNeed(line: number): boolean {
    const { package: id, dependency } = this.lines[line]!;
    return id === dependency.package;
  }

  /** Narrows what is kept to what a few refutations rest on. */
  trim(allowance: Allowance): void {
    for (let before = Number.POSITIVE_INFINITY, now = this.count; now < before * 0.9; now = this.count) {
      before = now;
      if (this.refuted(allowance) !== true) return;
    }
  }

  /** Drops these lines if what is left is still refuted. */
  drop(chunk: readonly number[], allowance: Allowance): boolean | undefined {
    for (const line of chunk) this.kept[line] = 0;
    const refuted = this.refuted(allowance);
    if (refuted !== true) for (const line of chunk) this.kept[line] = 1;
    return refuted;
  }

  get count(): number {
    return this.kept.reduce((sum, one) => sum + one, 0);
  }
}

function keyOf(id: number, { package: target, range, optional }: Dependency): string {
  return `${id} ${target} ${range} ${optional === true}`;
}

export interface CoreOptions {
  readonly budget: Budget | undefined;
  readonly patience: number | undefined;
}

/** What all tries together may cost. */
interface Allowance {
  readonly options: CoreOptions;
  /** In units of about a microsecond, counted and not measured, so that every machine finds the same core. */
  work: number;
}

/** Conflicts of one try: most need none. */
const MOST_CONFLICTS = 2_000;
/** Work of all tries in one order. */
const ALL_WORK = 250_000;

export function coreOf(problem: Problem, read: readonly ReadRelease[], options: CoreOptions): Core {
  const demands = new Demands(problem, read);
  const all = demands.lines.map((_, i) => i);
  let best: number[] | undefined;
  let minimal = false;
  for (const order of [all.slice().reverse(), all]) {
    const allowance = { options, work: ALL_WORK };
    demands.kept.fill(1);
    demands.trim(allowance);
    const trimmed = demands.count;
    const complete = shrink(demands, order, allowance);
    const found = all.filter((i) => demands.kept[i] === 1);
    if (best === undefined || (complete && found.length < best.length)) best = found;
    minimal ||= complete;
    if (!complete || found.length === trimmed) break;
  }
  return { lines: best!.map((i) => demands.lines[i]!), minimal };
}

/** Drops what can go, in this order. False: the allowance was spent before every line was tried. */
function shrink(demands: Demands, order: readonly number[], allowance: Allowance): boolean {
  const pending: (readonly number[])[] = [order.filter((line) => demands.kept[line] === 1)];
  let complete = true;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const chunk = next.filter((line) => demands.kept[line] === 1);
    if (chunk.length === 0) continue;
    if (allowance.work <= 0) return false;
    const refuted = demands.drop(chunk, allowance);
    if (refuted === true) continue;
    const middle = chunk.length >> 1;
    if (middle > 0) pending.push(chunk.slice(middle), chunk.slice(0, middle));
    else if (refuted === undefined) complete = false;
  }
  return complete;
}
