// The solver's assignment as a stack of packages that a lock can hold.

import type { ExtraName, PackageName } from "@thoth/pep";
import { type Dependency, has, type LevelResult, type PackageFacts } from "@thoth/solver";
import { adviseOn } from "./advice.ts";
import type { Meeting } from "./meeting.ts";
import type { ChosenPackage, Product, Project } from "./project.ts";
import type { Unusable } from "./release-needs.ts";
import type { RuleNeeds } from "./rule-needs.ts";
import { isInCombination, type RuleBook } from "./rules.ts";
import { ruledStack, stackInfoOf } from "./stack-info.ts";
import type { Universe } from "./universe.ts";

export interface Found {
  readonly universe: Universe;
  readonly project: Project;
  readonly meeting: Meeting;
  readonly needs: RuleNeeds;
  readonly levels: readonly LevelResult[];
  readonly proof: Product["proof"];
  readonly rules?: RuleBook | undefined;
}

interface Draft {
  /** Of the package itself, not of an extra. */
  id: number;
  readonly release: number;
  readonly extras: Set<ExtraName>;
  readonly groups: Set<string>;
  readonly requires: Set<PackageName>;
  readonly requiredBy: Set<PackageName>;
}

export function buildProduct(found: Found): Product {
  const { universe, project, meeting, needs, levels, proof, rules } = found;
  const told = once(() => readStack(found));
  const stack = once(() => ruledStack(universe, meeting));
  return {
    project,
    get packages() {
      return told().packages;
    },
    proof,
    objective: levels.map(({ value, bound }, at) => ({ level: universe.levels[at] as string, value, bound })),
    timed: universe.timed,
    get warnings() {
      return told().warnings;
    },
    get consulted() {
      return told().consulted;
    },
    advice: once(() => adviseOn(universe, meeting, rules && { book: rules, stack: stack() })),
    stackInfo: () =>
      rules === undefined ? [] : stackInfoOf({ universe, book: rules, needs, meeting, stack: stack() }),
    flawCount: () => flawCount(universe, meeting),
  };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** What a lock tells takes a look at the record of each project of which that was not kept. */
function readStack(found: Found): Pick<Product, "packages" | "warnings" | "consulted"> {
  const { universe, project, meeting } = found;
  const drafts = draft(found);
  const packages = [...drafts].map(([name, item]) => choose(universe, name, item));
  packages.sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    packages,
    warnings: [...warningsOf(packages, project), ...missedChances(found, drafts)],
    consulted: universe.platformVariables(meeting.assignment),
  };
}

function flawCount(universe: Universe, { assignment }: Meeting): number {
  let count = 0;
  for (const [id, candidate] of assignment) {
    const { name, extra } = universe.packageOf(id);
    if (extra === undefined) count += universe.flawsOf(name, candidate).length;
  }
  return count;
}

function draft({ universe, project, meeting }: Found): Map<PackageName, Draft> {
  const drafts = new Map<PackageName, Draft>();
  for (const [id, release] of meeting.assignment) {
    const { name, extra } = universe.packageOf(id);
    let item = drafts.get(name);
    if (item === undefined) {
      item = {
        id,
        release,
        extras: new Set(),
        groups: new Set(),
        requires: new Set(),
        requiredBy: new Set(),
      };
      drafts.set(name, item);
    }
    if (extra === undefined) item.id = id;
    else item.extras.add(extra);
  }
  connect(universe, meeting, drafts);
  spread(project, drafts, meeting.standIns());
  return drafts;
}

function connect(universe: Universe, meeting: Meeting, drafts: Map<PackageName, Draft>): void {
  for (const id of meeting.assignment.keys()) {
    const { name } = universe.packageOf(id);
    for (const dependency of meeting.needsOf(id)) {
      const target = universe.packageOf(dependency.package).name;
      if (target === name) continue;
      drafts.get(name)?.requires.add(target);
      drafts.get(target)?.requiredBy.add(name);
    }
  }
}

/** Marks every package with the groups that reach it. */
function spread(
  project: Project,
  drafts: Map<PackageName, Draft>,
  standIns: ReadonlyMap<PackageName, PackageName>,
): void {
  const queue = project.requirements.map(({ requirement: { name }, group }) => ({
    name: standIns.get(name) ?? name,
    group,
  }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { name, group } = next;
    const item = drafts.get(name);
    if (item === undefined || item.groups.has(group)) continue;
    item.groups.add(group);
    for (const required of item.requires) queue.push({ name: required, group });
  }
}

function choose(universe: Universe, name: PackageName, item: Draft): ChosenPackage {
  return {
    name,
    ...universe.chosen(name, item.release),
    extras: [...item.extras].sort(),
    groups: [...item.groups].sort(),
    requires: [...item.requires].sort(),
    requiredBy: [...item.requiredBy].sort(),
  };
}

function warningsOf(packages: readonly ChosenPackage[], { policy }: Project): string[] {
  const warnings: string[] = [];
  const reason =
    policy.recommendationType === "testing"
      ? "`testing` takes such releases"
      : "it is chosen because you pin it";
  for (const { name, version, status, yanked, files, installs } of packages) {
    if (yanked) warnings.push(`${name} ${version} was yanked from the index; ${reason}`);
    if (files[installs]?.isSdist === true)
      warnings.push(`${name} ${version} has no wheel for this environment: installing it runs its build`);
    if (status !== "active") warnings.push(`${name} is marked ${status} on its index`);
  }
  return warnings;
}

/**
 * The unusable releases without whose fault the stack would be another: better than the chosen one, and admitted by all
 * who need the package. What else the search met on its way depends on the way, and so does what a rule on several packages
 * may hold against a release.
 */
function missedChances(
  { universe, meeting, rules }: Found,
  drafts: ReadonlyMap<PackageName, Draft>,
): string[] {
  const ranges = new Map<PackageName, number[]>();
  const needed = ({ package: id, range }: Dependency, by?: PackageName) => {
    const { name } = universe.packageOf(id);
    if (name === by) return;
    const known = ranges.get(name);
    if (known === undefined) ranges.set(name, [range]);
    else known.push(range);
  };
  for (const root of universe.roots) needed(root);
  for (const id of meeting.assignment.keys()) {
    for (const dependency of meeting.needsOf(id)) needed(dependency, universe.packageOf(id).name);
  }
  const missed = universe.unusable.filter(({ package: name, candidate, version, reason }) => {
    const draft = drafts.get(name);
    if (reason === "python" || draft === undefined) return false;
    const costs = universe.package(draft.id)?.costs ?? [];
    if (!isPreferred(costs, candidate, draft.release)) return false;
    if (rules !== undefined) {
      const release = universe.ruledVersion(name, draft.release, version);
      if (isInCombination(rules, drafts.keys(), { name, release })) return false;
    }
    return (ranges.get(name) ?? []).every((range) => has(universe.admitted(range), candidate));
  });
  return [...Map.groupBy(missed, ({ package: name }) => name).values()].map(passedOver).sort();
}

/** The best of them, and how many more there are. */
function passedOver(missed: readonly Unusable[]): string {
  const [best, ...others] = missed.toSorted((a, b) => a.candidate - b.candidate) as [Unusable, ...Unusable[]];
  const more =
    others.length === 0
      ? ""
      : others.length === 1
        ? "; so was another release"
        : `; so were ${others.length} more releases`;
  return `${best.package} ${best.version} was passed over: ${best.message}${more}`;
}

/** Whether one release of a package is better than another by its own costs, and where they are the same newer. */
function isPreferred(costs: PackageFacts["costs"], one: number, other: number): boolean {
  for (const row of costs) {
    const difference = (row?.[one] ?? 0) - (row?.[other] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return one < other;
}
