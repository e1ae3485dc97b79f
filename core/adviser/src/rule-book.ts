// The units of a pipeline as terms of the search. Sieves and refusals forbid; steps and groups score; wraps only
// annotate and are looked up for the chosen stack alone. Units that name no package are read for each.

import type { PackageName, Version } from "@thoth/pep";
import type { PackagePattern, Pipeline, ReleaseNotes, StepMatch, Unit } from "@thoth/prescriptions";
import { changesOf } from "./rule-changes-book.ts";
import type { RuleCondition, RuleJustification } from "./rule-condition.ts";
import { conditionOf, infoOf, mergedByName, patternOf } from "./rule-reading.ts";
import type { RuleBook, RuleTerm } from "./rules.ts";

/** `identity` stands for the rules and the request that they were chosen for. */
export function bookOf(pipeline: Pipeline, identity: string): RuleBook {
  const terms = new Map<PackageName, readonly RuleTerm[]>();
  const notes = new Map<PackageName, readonly RuleTerm[]>();
  const generic = [...pipeline.genericSieves, ...pipeline.genericSteps, ...pipeline.strides];
  return {
    identity,
    termsOf: (name) => {
      // Most names are in no rule.
      if (!pipeline.isNamed(name)) return generic.length === 0 ? NO_TERMS : kept(terms, name, () => generic);
      return kept(terms, name, () => [
        ...pipeline.sievesOf(name),
        ...pipeline.stepsOf(name),
        ...pipeline.groupsOf(name),
        ...generic,
      ]);
    },
    skippersOf: (name) => pipeline.skipsOf(name).map((unit) => unit.name),
    notesOf: (name) =>
      kept(notes, name, () =>
        pipeline.isNamed(name)
          ? [...pipeline.wrapsOf(name), ...pipeline.genericWraps]
          : pipeline.genericWraps,
      ),
    changes: changesOf(pipeline),
    boots: pipeline.boots.map(({ name, packages, run }) => ({
      unit: name,
      packages,
      refuses: run.notAcceptable,
      stackInfo: (run.stackInfo ?? []).map(infoOf),
    })),
    loose: pipeline.strides.flatMap(({ matches }) =>
      matches.flatMap((patterns) => patterns.filter(({ name }) => name === undefined).map(patternOf)),
    ),
    remarks: pipeline.genericWraps
      .filter(({ matches }) => matches.length === 0 || matches.some((patterns) => patterns.length === 0))
      .flatMap(({ run }) => [...(run.justification ?? []), ...(run.stackInfo ?? [])].map(infoOf)),
  };
}

function kept(
  known: Map<PackageName, readonly RuleTerm[]>,
  name: PackageName,
  units: () => readonly Unit[],
): readonly RuleTerm[] {
  let found = known.get(name);
  if (found === undefined) {
    const all = units();
    found = all.length === 0 ? NO_TERMS : termsOfUnits(new Set(all), name);
    known.set(name, found);
  }
  return found;
}

const NO_TERMS: readonly RuleTerm[] = [];

function termsOfUnits(units: ReadonlySet<Unit>, name: PackageName): readonly RuleTerm[] {
  return [...units]
    .flatMap((unit) => termsOfUnit(unit, name))
    .sort((a, b) => (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0));
}

/** The terms of a unit that hang on the package. */
function termsOfUnit(unit: Unit, about: PackageName): RuleTerm[] {
  return meaningsOf(unit).flatMap((meaning) => {
    const read = conditionsOf(meaning, about);
    if (read === undefined) return [];
    const { run, name, kind } = unit;
    return [
      {
        unit: name,
        score: run.score ?? 0,
        forbids: kind === "sieve" ? `${name} leaves it out` : run.notAcceptable,
        ...read,
        justification: (run.justification ?? []).map(infoOf),
        stackInfo: (run.stackInfo ?? []).map(infoOf),
        ...(kind === "wrap.GHReleaseNotes" ? { justify: notesOn(about, unit.releaseNotes) } : {}),
      },
    ];
  });
}

/** What must be met together. */
interface Meaning {
  readonly patterns: readonly PackagePattern[];
  /** The step of which the patterns are those of the package and of `dependencies`. */
  readonly step?: StepMatch;
}

/** One for each way in which the unit holds. */
function meaningsOf(unit: Unit): readonly Meaning[] {
  switch (unit.kind) {
    case "sieve":
      return unit.matches.map((pattern) => ({ patterns: [pattern] }));
    case "step":
      return unit.matches.map((step) => ({
        patterns: [step.package, ...(step.dependencies ?? [])],
        step,
      }));
    case "step.Group":
    case "stride":
    case "wrap":
    case "wrap.GHReleaseNotes":
      return unit.matches.map((patterns) => ({ patterns }));
    default:
      return [];
  }
}

/** Undefined where the terms hang on another package. */
function conditionsOf(
  { patterns, step }: Meaning,
  about: PackageName,
): Pick<RuleTerm, "when" | "somewhere"> | undefined {
  const named = patterns.filter(({ name }) => name !== undefined);
  const loose = patterns.filter(({ name }) => name === undefined);
  // A step speaks of its own package; of others it does not matter which is named first.
  const own = step?.package ?? named[0] ?? loose[0];
  if (own === undefined || (own.name ?? about) !== about) return undefined;
  const when = [conditionOf(about, own)];
  for (const pattern of named) {
    if (pattern !== own) when.push(conditionOf(pattern.name as PackageName, pattern));
  }
  if (step !== undefined) when.push(...requirersOf(step, about));
  const [first, ...rest] = mergedByName(when) as [RuleCondition, ...RuleCondition[]];
  const onlyFor =
    step?.requiredBy === undefined || step.allowOther === true
      ? undefined
      : step.requiredBy.map(({ name }) => name);
  return {
    when: [onlyFor === undefined ? first : { ...first, onlyFor }, ...rest],
    somewhere: loose.filter((pattern) => pattern !== own).map(patternOf),
  };
}

function requirersOf({ requiredBy = [] }: StepMatch, about: PackageName): RuleCondition[] {
  return requiredBy.map((pattern) => ({ ...conditionOf(pattern.name, pattern), requires: about }));
}

function notesOn(
  name: PackageName,
  { organization, repository, tagPrefix = "" }: ReleaseNotes,
): (version: Version) => readonly RuleJustification[] {
  const address = `https://github.com/${organization}/${repository}/releases/tag/${tagPrefix}`;
  return ({ text }) => [{ type: "INFO", message: `Release notes of ${name} ${text}`, link: address + text }];
}
