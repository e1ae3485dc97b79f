// Why each package of a stack has its version: who asks for it and with which bounds, what it pays by the objective,
// which newer release was passed over and for what, and the known flaws that stay. Data; prose is made at the edge.

import type { Flaw } from "@thoth/knowledge";
import { type PackageName, parseVersion, type Version } from "@thoth/pep";
import { type Assignment, has } from "@thoth/solver";
import type { Demand, PackageAdvice, PassedOver, Payment } from "./package-advice.ts";
import { conditionHolds, holdingTerms, type RuleBook } from "./rules.ts";
import type { Universe } from "./universe.ts";

/** In the order of their names. */
export function adviseOn(
  universe: Universe,
  assignment: Assignment,
  rules: RuleBook | undefined,
): readonly PackageAdvice[] {
  const demands = demandsOf(universe, assignment);
  const holding = rules === undefined ? [] : holdingTerms(rules, versionsOf(universe, assignment));
  const advice: PackageAdvice[] = [];
  for (const [id, candidate] of assignment) {
    const { name, extra } = universe.packageOf(id);
    if (extra !== undefined || universe.candidatesOf(name) === undefined) continue;
    const own = holding.filter(({ when: [first] }) => first.name === name);
    const chosen = { universe, id, name, candidate, demands: demands.get(name) ?? [], rules };
    advice.push({ ...packageAdvice(chosen), rules: own });
  }
  return advice.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function versionsOf(universe: Universe, assignment: Assignment): ReadonlyMap<PackageName, Version> {
  const versions = new Map<PackageName, Version>();
  for (const [id, candidate] of assignment) {
    const { name, extra } = universe.packageOf(id);
    if (extra !== undefined || universe.candidatesOf(name) === undefined) continue;
    versions.set(name, parseVersion(universe.chosen(name, candidate).version));
  }
  return versions;
}

interface RangedDemand extends Demand {
  readonly range: number;
}

interface Chosen {
  readonly universe: Universe;
  readonly id: number;
  readonly name: PackageName;
  readonly candidate: number;
  readonly demands: readonly RangedDemand[];
  readonly rules: RuleBook | undefined;
}

function packageAdvice(chosen: Chosen): Omit<PackageAdvice, "rules"> {
  const { universe, name, candidate, demands } = chosen;
  const version = parseVersion(universe.chosen(name, candidate).version);
  const flaws = universe.knownFlaws(name);
  const kept = flaws.filter((flaw) => flaw.affects(version));
  return {
    name,
    version: version.text,
    demands: demands.map(({ by, specifiers }) => ({ by, specifiers })),
    pays: payments(chosen, candidate),
    newest: candidate === 0 ? undefined : passedOver(chosen, version, flaws),
    flaws: kept,
  };
}

function passedOver(chosen: Chosen, version: Version, flaws: readonly Flaw[]): PassedOver {
  const { universe, name, candidate, demands, rules } = chosen;
  const newest = parseVersion(universe.traitsOf(name).newest);
  return {
    version: newest.text,
    refusedBy: demands
      .filter(({ range }) => !has(universe.admitted(range), 0))
      .map(({ by, specifiers }) => ({ by, specifiers })),
    difference: differences(chosen, candidate),
    flaws: flaws.filter((flaw) => flaw.affects(newest) && !flaw.affects(version)),
    rules: (rules?.termsOf(name) ?? []).filter(
      ({ when: [first, ...others] }) =>
        others.length === 0 && conditionHolds(first, newest) && !conditionHolds(first, version),
    ),
  };
}

function payments({ universe, id }: Chosen, candidate: number): Payment[] {
  const costs = universe.package(id)?.costs ?? [];
  return universe.levels.flatMap((level, at) => {
    const cost = costs[at]?.[candidate] ?? 0;
    return cost === 0 ? [] : [{ level, cost }];
  });
}

function differences({ universe, id }: Chosen, candidate: number): Payment[] {
  const costs = universe.package(id)?.costs ?? [];
  return universe.levels.flatMap((level, at) => {
    const cost = (costs[at]?.[0] ?? 0) - (costs[at]?.[candidate] ?? 0);
    return cost === 0 ? [] : [{ level, cost }];
  });
}

/** By package: what the user and the other chosen releases ask of it, the user first, then by name. */
function demandsOf(universe: Universe, assignment: Assignment): ReadonlyMap<PackageName, RangedDemand[]> {
  const demands = new Map<PackageName, RangedDemand[]>();
  const add = (id: number, range: number, by: PackageName | undefined) => {
    const { name } = universe.packageOf(id);
    if (name === by) return;
    const specifiers = universe.rangeOf(range).specifiers?.text ?? "";
    const known = demands.get(name) ?? [];
    if (known.some((demand) => demand.by === by && demand.specifiers === specifiers)) return;
    known.push({ by, specifiers, range });
    demands.set(name, known);
  };
  for (const root of universe.roots) if (root.optional !== true) add(root.package, root.range, undefined);
  const byName = [...assignment].sort(([a], [b]) =>
    universe.packageOf(a).name < universe.packageOf(b).name ? -1 : 1,
  );
  for (const [id, release] of byName) {
    const dependencies = universe.dependencies(id, release);
    if (dependencies === undefined || dependencies === "unusable") continue;
    for (const { package: target, range } of dependencies) add(target, range, universe.packageOf(id).name);
  }
  return demands;
}
