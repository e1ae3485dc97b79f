// The units of a pipeline that change what releases need: packages added, left out and replaced.

import type { PackageName } from "@thoth/pep";
import type { Pipeline, SearchStepUnit, StepMatch } from "@thoth/prescriptions";
import type { RuleAddition, RuleChanges, RulePseudonym, RuleSkip } from "./rule-changes.ts";
import type { RuleCondition } from "./rule-condition.ts";
import { conditionOf, infoOf, mergedByName, patternOf } from "./rule-reading.ts";

export function changesOf(pipeline: Pipeline): RuleChanges {
  return {
    additionsOf: kept(pipeline, (name) =>
      stepsOf(pipeline, name).flatMap((unit) => additionsOfUnit(unit, name)),
    ),
    skipsOf: kept(pipeline, (name) => [
      ...pipeline.skipsOf(name).map(({ name: unit, run }) => ({
        unit,
        stackInfo: (run.stackInfo ?? []).map(infoOf),
        skips: { specifiers: undefined },
        of: undefined,
        allowOther: true,
        given: [],
      })),
      ...stepsOf(pipeline, name).flatMap((unit) => skipsOfUnit(unit, name)),
    ]),
    pseudonymsOf: kept(pipeline, (name) => pseudonymsOfPackage(pipeline, name)),
  };
}

function kept<T extends { readonly unit: string }>(
  pipeline: Pipeline,
  make: (name: PackageName) => readonly T[],
): (name: PackageName) => readonly T[] {
  const known = new Map<PackageName, readonly T[]>();
  return (name) => {
    // Most names are in no rule.
    if (pipeline.genericSteps.length === 0 && !pipeline.isNamed(name)) return [];
    let found = known.get(name);
    if (found === undefined) {
      const made = make(name);
      found =
        made.length < 2 ? made : made.toSorted((a, b) => (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0));
      known.set(name, found);
    }
    return found;
  };
}

function stepsOf(pipeline: Pipeline, name: PackageName): readonly SearchStepUnit[] {
  if (!pipeline.isNamed(name)) return pipeline.genericSteps;
  return [...new Set([...pipeline.stepsOf(name), ...pipeline.genericSteps])];
}

function matchesOn(matches: readonly StepMatch[], name: PackageName): readonly StepMatch[] {
  return matches.filter((match) => (match.package.name ?? name) === name);
}

function additionsOfUnit(unit: SearchStepUnit, name: PackageName): RuleAddition[] {
  if (unit.kind !== "step.AddPackage") return [];
  const { addition, run } = unit;
  return matchesOn(unit.matches, name).flatMap((match) => {
    const { dependencies = [], requiredBy = [], allowOther } = match;
    // Whether others require the package too is not known before the stack is.
    if (requiredBy.length > 0 && allowOther !== true) return [];
    const when = mergedByName([
      conditionOf(name, match.package),
      ...dependencies.map((one) => conditionOf(one.name, one)),
      ...requiredBy.map((one) => ({ ...conditionOf(one.name, one), requires: name })),
    ]) as [RuleCondition, ...RuleCondition[]];
    // To need oneself changes nothing.
    if (addition.name === name) return [];
    const { specifiers, index } = addition;
    const adds = { name: addition.name, specifiers, prereleases: true, index };
    return [{ unit: unit.name, stackInfo: (run.stackInfo ?? []).map(infoOf), when, adds }];
  });
}

function skipsOfUnit(unit: SearchStepUnit, name: PackageName): RuleSkip[] {
  if (unit.kind !== "step.SkipPackage") return [];
  return matchesOn(unit.matches, name).flatMap(({ package: skips, dependencies = [], ...state }) => {
    const [of, ...others] = state.requiredBy ?? [];
    // That several require it at once is not known before the stack is.
    if (others.length > 0) return [];
    const given = dependencies.map((one) => conditionOf(one.name, one));
    return [
      {
        unit: unit.name,
        stackInfo: (unit.run.stackInfo ?? []).map(infoOf),
        skips: patternOf(skips),
        of: of && conditionOf(of.name, of),
        allowOther: state.allowOther === true,
        given: mergedByName(given),
      },
    ];
  });
}

function pseudonymsOfPackage(pipeline: Pipeline, name: PackageName): RulePseudonym[] {
  return pipeline.pseudonymsOf(name).flatMap((unit) => {
    const { name: other, specifiers, index, matchedVersion } = unit.alternative;
    if (other === name) return [];
    return unit.matches
      .filter((match) => match.name === name)
      .map((replaces) => ({
        unit: unit.name,
        stackInfo: (unit.run.stackInfo ?? []).map(infoOf),
        replaces: patternOf(replaces),
        by: { name: other, specifiers, prereleases: true, index },
        matchedVersion,
      }));
  });
}
