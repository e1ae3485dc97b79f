// What rules say of a stack as a whole: those that hold, and those that changed which releases or needs there are.

import type { PackageName } from "@thoth/pep";
import type { Meeting } from "./meeting.ts";
import { speakingBoots } from "./rule-changes.ts";
import type { RuledRelease, RuleJustification } from "./rule-condition.ts";
import { conditionHolds } from "./rule-condition.ts";
import type { RuleNeeds } from "./rule-needs.ts";
import { holdingTerms, holdsIn, isSingle, type RuleBook, type RuledStack } from "./rules.ts";
import type { Universe } from "./universe.ts";

export interface Told {
  readonly universe: Universe;
  readonly book: RuleBook;
  readonly needs: RuleNeeds;
  readonly meeting: Meeting;
  readonly stack: RuledStack;
}

interface Telling {
  readonly unit: string;
  readonly stackInfo?: readonly RuleJustification[] | undefined;
}

/** First what was said before the search, then by the names of the units; each once. */
export function stackInfoOf(told: Told): readonly RuleJustification[] {
  const { universe, book, stack } = told;
  const boots = speakingBoots(book.boots ?? [], (name) => universe.isDirect(name));
  const units: Telling[] = [
    ...holdingTerms(book, stack),
    ...[...stack.keys()].flatMap((name) => [...leavingOut(told, name), ...adding(told, name, stack)]),
    ...changing(told),
  ];
  units.sort((a, b) => (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0));
  const infos = [...[...boots, ...units].flatMap(({ stackInfo = [] }) => stackInfo), ...(book.remarks ?? [])];
  return [...new Map(infos.map((info) => [JSON.stringify(info), info])).values()];
}

/** The packages of a stack as rules see them. */
export function ruledStack(universe: Universe, meeting: Meeting): RuledStack {
  const requirers = new Map<PackageName, Set<PackageName>>();
  for (const id of meeting.assignment.keys()) {
    const by = universe.packageOf(id).name;
    for (const { package: target } of meeting.needsOf(id)) {
      const { name } = universe.packageOf(target);
      if (name !== by) requirers.set(name, (requirers.get(name) ?? new Set()).add(by));
    }
  }
  const stack = new Map<PackageName, RuledRelease>();
  for (const [id, candidate] of meeting.assignment) {
    const { name, extra } = universe.packageOf(id);
    if (extra !== undefined || universe.candidatesOf(name) === undefined) continue;
    stack.set(name, universe.ruledChoice(name, candidate, requirers.get(name) ?? new Set()));
  }
  return stack;
}

/** Rules that left out a release of the package. */
function leavingOut({ universe, book }: Told, name: PackageName): readonly Telling[] {
  const candidates = universe.candidatesOf(name);
  if (candidates === undefined) return [];
  const terms = book.termsOf(name).filter((term) => term.forbids !== undefined && isSingle(term));
  // Most have none, and what was left out stands in the record.
  if (terms.length === 0) return [];
  const { record, excluded } = candidates;
  return terms.filter((term) =>
    excluded.some(
      (reason, release) =>
        reason === "rule" && conditionHolds(term.when[0], universe.ruled(name, record, release)),
    ),
  );
}

function adding({ book }: Told, name: PackageName, stack: RuledStack): readonly Telling[] {
  const additions = book.changes?.additionsOf(name) ?? [];
  return additions.filter(({ when }) => when.every((condition) => holdsIn(stack, condition)));
}

/** Rules that let go of a dependency of the stack, or met it by another package. */
function changing({ universe, needs, meeting }: Told): readonly Telling[] {
  const found: Telling[] = [];
  for (const { dependency, by, met } of meeting.declared()) {
    if (met.some(({ package: id }) => id === dependency.package)) continue;
    const names = new Set(met.map(({ package: id }) => universe.packageOf(id).name));
    const skips = needs.skipsOf(dependency, by);
    const others = needs.pseudonymsOf(dependency).filter((one) => names.has(one.by.name));
    found.push(...(skips.length > 0 ? skips : others));
  }
  return found;
}
