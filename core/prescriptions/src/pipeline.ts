// The units that take part in answering one request. Nothing is looked at before somebody asks: units of a package when
// the package comes up, lists when they are read, conditions with the first unit that has them.

import type { PackageName } from "@thoth/pep";
import type { PipelineContext } from "./context.ts";
import { Conditions } from "./evaluate-inclusion.ts";
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
  /** Some unit names the package, whether it takes part or not: of others only the lists above speak. */
  isNamed(name: PackageName): boolean;
  /** Those that concern requests which require `name` directly; for the empty name those that concern every request. */
  bootsOf(name: PackageName | ""): readonly BootUnit[];
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
  const conditions = new Conditions(prescriptions, context);
  const naming = <K extends UnitKind>(name: string, kinds: readonly K[]) =>
    kinds.flatMap((kind) =>
      selectUnits<K>({ prescriptions, conditions, numbers: prescriptions.unitsNaming(name, kind) }),
    );
  const all = <K extends UnitKind>(kind: K) =>
    selectUnits<K>({ prescriptions, conditions, numbers: between(prescriptions.rangeOf(kind)) });
  const boots = once(() => all("boot"));
  const groups = once(() => all("step.Group"));
  const strides = once(() => all("stride"));
  const genericSieves = once(() => naming("", ["sieve"]));
  const genericSteps = once(() => naming("", SEARCH_STEPS));
  const genericWraps = once(() => naming("", WRAPS));
  return {
    sources: prescriptions.sources,
    get boots() {
      return boots();
    },
    get groups() {
      return groups();
    },
    get strides() {
      return strides();
    },
    get genericSieves() {
      return genericSieves();
    },
    get genericSteps() {
      return genericSteps();
    },
    get genericWraps() {
      return genericWraps();
    },
    isNamed: (name) => prescriptions.isNamed(name),
    bootsOf: (name) => naming(name, ["boot"]),
    pseudonymsOf: (name) => naming(name, ["pseudonym"]),
    sievesOf: (name) => naming(name, ["sieve"]),
    skipsOf: (name) => naming(name, ["sieve.SkipPackage"]),
    stepsOf: (name) => naming(name, SEARCH_STEPS),
    groupsOf: (name) => naming(name, ["step.Group"]),
    wrapsOf: (name) => naming(name, WRAPS),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function* between([start, end]: readonly [number, number]): Generator<number> {
  for (let number = start; number < end; number++) yield number;
}

interface Selection {
  readonly prescriptions: Prescriptions;
  readonly conditions: Conditions;
  /** Of units of one kind. */
  readonly numbers: Iterable<number>;
}

function selectUnits<K extends UnitKind>(selection: Selection): Extract<Unit, { readonly kind: K }>[] {
  const { prescriptions, conditions, numbers } = selection;
  const units: Unit[] = [];
  for (const number of numbers) if (conditions.includes(number)) units.push(prescriptions.unit(number));
  return units as Extract<Unit, { readonly kind: K }>[];
}
