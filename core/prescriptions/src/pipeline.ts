// The units that take part in answering one request. Conditions are evaluated at once, each distinct one once; the
// units of a package are looked at when the package comes up.

import type { PackageName } from "@thoth/pep";
import type { PipelineContext } from "./context.ts";
import { evaluateInclusions } from "./evaluate-inclusion.ts";
import type { Prescriptions } from "./prescriptions.ts";
import type {
  AnyWrapUnit,
  BootUnit,
  GroupStepUnit,
  Prescription,
  PseudonymUnit,
  SearchStepUnit,
  SieveUnit,
  SkipPackageSieveUnit,
  StrideUnit,
  Unit,
  UnitKind,
} from "./unit.ts";

/** Lists are in a fixed order: by kind, path of the file, place in it. */
export interface Pipeline {
  /** Names and releases of the prescriptions. */
  readonly sources: readonly Prescription[];
  /** Those with `packages` concern requests that require one of them directly. */
  readonly boots: readonly BootUnit[];
  readonly groups: readonly GroupStepUnit[];
  readonly strides: readonly StrideUnit[];
  /** With a match that names no package: they concern every package, also those that other matches name. */
  readonly genericSieves: readonly SieveUnit[];
  readonly genericSteps: readonly SearchStepUnit[];
  readonly genericWraps: readonly AnyWrapUnit[];
  pseudonymsOf(name: PackageName): readonly PseudonymUnit[];
  /** Those with a match that names `name`; beside them `genericSieves` may apply. */
  sievesOf(name: PackageName): readonly SieveUnit[];
  skipsOf(name: PackageName): readonly SkipPackageSieveUnit[];
  /** Those that score, add or leave out `name`; beside them `genericSteps` may apply. */
  stepsOf(name: PackageName): readonly SearchStepUnit[];
  /** Those with `name` among the members of some group. */
  groupsOf(name: PackageName): readonly GroupStepUnit[];
  /** Those that are to be looked at where `name` is in the stack; each is the same object under all its names. */
  wrapsOf(name: PackageName): readonly AnyWrapUnit[];
}

const SEARCH_STEPS = ["step", "step.SkipPackage", "step.AddPackage"] as const;
const WRAPS = ["wrap", "wrap.GHReleaseNotes"] as const;

export function buildPipeline(prescriptions: Prescriptions, context: PipelineContext): Pipeline {
  const held = evaluateInclusions(prescriptions, context);
  const isIncluded = (number: number) => held[prescriptions.inclusionOf(number)] === 1;
  const choosing: number[] = [];
  for (let number = 0; number < prescriptions.annotationStart; number++) {
    if (isIncluded(number)) choosing.push(number);
  }
  const select = <K extends UnitKind>(numbers: Iterable<number>, kinds: readonly K[]) =>
    selectUnits({ prescriptions, isIncluded, numbers, kinds });
  const naming = <K extends UnitKind>(name: string, kinds: readonly K[]) =>
    select(prescriptions.unitsNaming(name), kinds);
  return {
    sources: prescriptions.sources,
    boots: select(choosing, ["boot"]),
    groups: select(choosing, ["step.Group"]),
    strides: select(choosing, ["stride"]),
    genericSieves: naming("", ["sieve"]),
    genericSteps: naming("", SEARCH_STEPS),
    genericWraps: naming("", WRAPS),
    pseudonymsOf: (name) => naming(name, ["pseudonym"]),
    sievesOf: (name) => naming(name, ["sieve"]),
    skipsOf: (name) => naming(name, ["sieve.SkipPackage"]),
    stepsOf: (name) => naming(name, SEARCH_STEPS),
    groupsOf: (name) => naming(name, ["step.Group"]),
    wrapsOf: (name) => naming(name, WRAPS),
  };
}

interface Selection<K extends UnitKind> {
  readonly prescriptions: Prescriptions;
  readonly isIncluded: (number: number) => boolean;
  readonly numbers: Iterable<number>;
  readonly kinds: readonly K[];
}

function selectUnits<K extends UnitKind>(selection: Selection<K>): Extract<Unit, { readonly kind: K }>[] {
  const { prescriptions, isIncluded, numbers } = selection;
  const kinds: readonly UnitKind[] = selection.kinds;
  const units: Unit[] = [];
  for (const number of numbers) {
    if (kinds.includes(prescriptions.kindOf(number)) && isIncluded(number))
      units.push(prescriptions.unit(number));
  }
  return units as Extract<Unit, { readonly kind: K }>[];
}
