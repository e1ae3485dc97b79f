// The units of a pipeline as terms of the search. Sieves and refusals forbid; steps and groups score; wraps only
// annotate and are looked up for the chosen stack alone.
//
// What the search cannot mind yet is counted, not hidden: conditions on an index or on development packages, units that
// add, drop or replace packages, and units that speak of every package.

import type { PackageName } from "@thoth/pep";
import { linksOf, type PackagePattern, type Pipeline, type Unit } from "@thoth/prescriptions";
import type { RuleBook, RuleCondition, RuleJustification, RuleTerm } from "./rules.ts";

/** `identity` stands for the rules and the request that they were chosen for. */
export function bookOf(pipeline: Pipeline, identity: string): RuleBook {
  const terms = new Map<PackageName, readonly RuleTerm[]>();
  const notes = new Map<PackageName, readonly RuleTerm[]>();
  const strides = pipeline.strides.flatMap(termsOfUnit);
  return {
    identity,
    termsOf: (name) =>
      kept(terms, name, () => [
        ...[...pipeline.sievesOf(name), ...pipeline.stepsOf(name), ...pipeline.groupsOf(name)].flatMap(
          termsOfUnit,
        ),
        ...strides,
      ]),
    skippersOf: (name) => pipeline.skipsOf(name).map((unit) => unit.name),
    notesOf: (name) => kept(notes, name, () => pipeline.wrapsOf(name).flatMap(termsOfUnit)),
  };
}

function kept(
  known: Map<PackageName, readonly RuleTerm[]>,
  name: PackageName,
  make: () => readonly RuleTerm[],
): readonly RuleTerm[] {
  let found = known.get(name);
  if (found === undefined) {
    found = make()
      .filter(({ when: [first] }) => first.name === name)
      .sort((a, b) => (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0));
    known.set(name, found);
  }
  return found;
}

function termsOfUnit(unit: Unit): RuleTerm[] {
  return patternsOf(unit).flatMap((patterns) => {
    const when = conditionsOf(patterns);
    if (when === undefined) return [];
    const { run, name, kind } = unit;
    const forbids = kind === "sieve" ? `${name} leaves it out` : run.notAcceptable;
    return [{ unit: name, score: run.score ?? 0, forbids, when, justification: justificationOf(unit) }];
  });
}

/** The patterns that must all be met, one list for each way to meet them. */
function patternsOf(unit: Unit): readonly (readonly PackagePattern[])[] {
  switch (unit.kind) {
    case "sieve":
      return unit.matches.map((pattern) => [pattern]);
    case "step":
      return unit.matches.map(({ package: own, dependencies = [], requiredBy = [] }) => [
        own,
        ...dependencies,
        ...requiredBy,
      ]);
    case "step.Group":
    case "stride":
    case "wrap":
      return unit.matches;
    default:
      return [];
  }
}

/** Undefined where one of them asks what the search does not know. The first in the order of names hangs on none else. */
function conditionsOf(patterns: readonly PackagePattern[]): RuleTerm["when"] | undefined {
  const conditions: RuleCondition[] = [];
  for (const { name, specifiers, prereleases, index, develop } of patterns) {
    if (name === undefined || index !== undefined || develop !== undefined) return undefined;
    conditions.push({ name, specifiers, prereleases });
  }
  const [first, ...rest] = conditions;
  const names = new Set(conditions.map(({ name }) => name));
  return first === undefined || names.size < conditions.length ? undefined : [first, ...rest];
}

function justificationOf({ run }: Unit): RuleJustification[] {
  return (run.justification ?? []).map(({ type, message, link }) => ({
    type,
    message,
    link: linksOf(link)[0] ?? "",
  }));
}
