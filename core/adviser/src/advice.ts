// Why each package of a stack has its version: who asks for it and with which bounds, what it pays by the objective,
// which newer release was passed over and for what, and the known flaws that stay. Data; prose is made at the edge.

import type { PackageName } from "@thoth/pep";
import { has } from "@thoth/solver";
import type { Meeting } from "./meeting.ts";
import type { Demand, PackageAdvice, PassedOver, Payment } from "./package-advice.ts";
import { conditionHolds } from "./rule-condition.ts";
import { holdingTerms, isSingle, type RuleBook, type RuledStack } from "./rules.ts";
import type { Universe } from "./universe.ts";

export interface Ruling {
  readonly book: RuleBook;
  readonly stack: RuledStack;
}

/** In the order of their names. */
export function adviseOn(
  universe: Universe,
  meeting: Meeting,
  rules: Ruling | undefined,
): readonly PackageAdvice[] {
  const demands = demandsOf(universe, meeting);
  const holding = rules === undefined ? [] : holdingTerms(rules.book, rules.stack);
  const advice: PackageAdvice[] = [];
  for (const [id, candidate] of meeting.assignment) {
    const { name, extra } = universe.packageOf(id);
    if (extra !== undefined || universe.candidatesOf(name) === undefined) continue;
    const own = holding.filter(({ when: [first] }) => first.name === name);
    const chosen = { universe, id, name, candidate, demands: demands.get(name) ?? [], rules: rules?.book };
    advice.push({ ...packageAdvice(chosen), rules: own });
  }
  return advice.sort((a, b) => (a.name < b.name ? -1 : 1));
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
  return {
    name,
    version: universe.chosen(name, candidate).version,
    demands: demands.map(({ by, specifiers }) => ({ by, specifiers })),
    pays: payments(chosen, candidate),
    newest: candidate === 0 ? undefined : passedOver(chosen),
    flaws: universe.flawsOf(name, candidate),
  };
}

function passedOver(chosen: Chosen): PassedOver {
  const { universe, name, candidate, demands, rules } = chosen;
  const own = universe.ruledChoice(name, candidate);
  const newest = universe.ruledNewest(name, candidate);
  return {
    version: newest.version.text,
    refusedBy: demands
      .filter(({ range }) => !has(universe.admitted(range), 0))
      .map(({ by, specifiers }) => ({ by, specifiers })),
    difference: differences(chosen, candidate),
    flaws: universe.flawsAddedByNewest(name, candidate),
    rules: (rules?.termsOf(name) ?? []).filter(
      (term) => isSingle(term) && conditionHolds(term.when[0], newest) && !conditionHolds(term.when[0], own),
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
function demandsOf(universe: Universe, meeting: Meeting): ReadonlyMap<PackageName, RangedDemand[]> {
  const demands = new Map<PackageName, RangedDemand[]>();
  const add = (id: number, range: number, by: PackageName | undefined) => {
    const { name } = universe.packageOf(id);
    if (name === by) return;
    const specifiers = universe.specifiersText(range);
    const known = demands.get(name) ?? [];
    if (known.some((demand) => demand.by === by && demand.specifiers === specifiers)) return;
    known.push({ by, specifiers, range });
    demands.set(name, known);
  };
  for (const root of meeting.roots()) add(root.package, root.range, undefined);
  const byName = [...meeting.assignment.keys()].sort((a, b) =>
    universe.packageOf(a).name < universe.packageOf(b).name ? -1 : 1,
  );
  for (const id of byName) {
    for (const { package: target, range } of meeting.needsOf(id))
      add(target, range, universe.packageOf(id).name);
  }
  return demands;
}
