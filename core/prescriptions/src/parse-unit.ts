// Reads one unit: its envelope, and what its kind has in `match` and `run`.

import { NO_SPECIFIERS, type PackageName, quote } from "@thoth/pep";
import {
  exclude,
  type Field,
  type Fields,
  listOf,
  oneOrMore,
  optional,
  type Read,
  readBoolean,
  readList,
  readTable,
  readText,
  required,
  wrongType,
} from "./field.ts";
import type { UnitList } from "./inclusion.ts";
import { readInclusion } from "./parse-inclusion.ts";
import {
  readIndexUrl,
  readLockedVersion,
  readNamedPattern,
  readNamedStackPattern,
  readPackageName,
  readPattern,
  readSpecifiers,
  readSpelledName,
  readStackPattern,
  UNREADABLE,
} from "./parse-pattern.ts";
import { readRun } from "./parse-run.ts";
import type {
  Addition,
  Alternative,
  NamedPattern,
  PackagePattern,
  Prescription,
  ReleaseNotes,
  StepMatch,
  Unit,
  UnitKind,
} from "./unit.ts";

const UNIT_KEYS = ["name", "type", "should_include", "match", "run", "metadata"];

/** The kinds of unit that each list of a file may have. */
const KINDS: Readonly<Record<UnitList, readonly UnitKind[]>> = {
  boots: ["boot"],
  pseudonyms: ["pseudonym"],
  sieves: ["sieve", "sieve.SkipPackage"],
  steps: ["step", "step.SkipPackage", "step.AddPackage", "step.Group"],
  strides: ["stride"],
  wraps: ["wrap", "wrap.GHReleaseNotes"],
};

const INFORMING = ["stack_info", "log"];
const REFUSING = [...INFORMING, "not_acceptable", "eager_stop_pipeline"];
const SCORING = [...REFUSING, "score", "justification"];

/** The keys of `run`, and whether it may be missing. */
const RUNS: Readonly<Record<UnitKind, { readonly keys: readonly string[]; readonly optional?: true }>> = {
  boot: { keys: REFUSING },
  pseudonym: { keys: [...INFORMING, "yield"] },
  sieve: { keys: INFORMING, optional: true },
  "sieve.SkipPackage": { keys: INFORMING, optional: true },
  step: { keys: [...SCORING, "multi_package_resolution"] },
  "step.SkipPackage": { keys: [...INFORMING, "multi_package_resolution"], optional: true },
  "step.AddPackage": { keys: [...INFORMING, "multi_package_resolution", "package_version"] },
  "step.Group": { keys: SCORING },
  stride: { keys: REFUSING },
  wrap: { keys: [...INFORMING, "justification", "advised_manifest_changes"] },
  "wrap.GHReleaseNotes": { keys: ["release_notes"] },
};

/** Undefined where anything is wrong with the unit; what, is in the field's report. */
export function readUnit(field: Field, list: UnitList, prescription: Prescription): Unit | undefined {
  const { report } = field;
  const before = report.errorCount;
  const fields = readTable(field, UNIT_KEYS);
  const name = required(fields, "name", readUnitName) ?? "";
  const kind = required(fields, "type", (type) => readKind(type, list));
  const inclusion = required(fields, "should_include", readInclusion);
  optional(fields, "metadata", readMetadata);
  if (kind === undefined || inclusion === undefined) return undefined;
  const run = readRunFields(fields, kind);
  const head = { name: `${prescription.name}.${name}`, prescription, inclusion, run: readRun(run) };
  const unit = finishUnit(kind, head, { fields, run });
  return report.errorCount === before ? unit : undefined;
}

function readUnitName(field: Field): string {
  const name = readText(field);
  if (name !== "" && !/^[\w-]+$/.test(name)) {
    field.fail(
      "invalid-name",
      `${quote(name)} is not a name of a unit: it may have letters, digits, \`_\` and \`-\`.`,
    );
  }
  return name;
}

function readKind(field: Field, list: UnitList): UnitKind | undefined {
  const kind = KINDS[list].find((one) => one === field.value);
  if (kind !== undefined) return kind;
  const among = KINDS[list].map((one) => quote(one)).join(", ");
  if (typeof field.value !== "string") wrongType(field, `one of ${among}`);
  else
    field.fail(
      "invalid-value",
      `${quote(field.value)} is no type of the list ${quote(list)}, which has ${among}.`,
    );
  return undefined;
}

/** Free for its author, and not kept. */
function readMetadata(field: Field): void {
  if (!(field.value instanceof Map) || field.value.size === 0)
    wrongType(field, "a mapping with something in it");
}

function readRunFields(fields: Fields, kind: UnitKind): Fields {
  const { keys, optional: mayMiss } = RUNS[kind];
  const read = (field: Field) => readTable(field, keys);
  const run = mayMiss === true ? optional(fields, "run", read) : required(fields, "run", read);
  if (run === undefined) return { field: fields.field, table: new Map() };
  exclude(run, ["not_acceptable", "eager_stop_pipeline", "score"]);
  exclude(run, ["not_acceptable", "justification"]);
  exclude(run, ["eager_stop_pipeline", "justification"]);
  return run;
}

type Head = Pick<Unit, "name" | "prescription" | "inclusion" | "run">;

interface Parts {
  readonly fields: Fields;
  readonly run: Fields;
}

function finishUnit(kind: UnitKind, head: Head, { fields, run }: Parts): Unit {
  const matches = <T>(read: Read<T>): T[] => required(fields, "match", oneOrMore(read)) ?? [];
  switch (kind) {
    case "boot":
      return { kind, ...head, packages: (optional(fields, "match", oneOrMore(readBootMatch)) ?? []).flat() };
    case "pseudonym":
      return { kind, ...head, matches: matches(readPseudonymMatch), alternative: readAlternative(run) };
    case "sieve":
      return { kind, ...head, matches: matches(readSieveMatch) };
    case "sieve.SkipPackage":
      return { kind, ...head, packages: matches(readSkipMatch) };
    case "step":
      return { kind, ...head, matches: matches(readStepMatch) };
    case "step.SkipPackage":
      return { kind, ...head, matches: matches(readStepMatch) };
    case "step.AddPackage":
      return { kind, ...head, matches: matches(readStepMatch), addition: readAddition(run) };
    case "step.Group":
      return { kind, ...head, matches: matches(readGroup) };
    case "stride":
      return { kind, ...head, matches: matches(readStrideMatch) };
    case "wrap":
      return { kind, ...head, matches: optional(fields, "match", oneOrMore(readWrapMatch)) ?? [] };
    case "wrap.GHReleaseNotes":
      return { kind, ...head, matches: matches(readNotesMatch), releaseNotes: readReleaseNotes(run) };
    default:
      return kind satisfies never;
  }
}

function readBootMatch(field: Field): PackageName[] {
  const name = optional(readTable(field, ["package_name"]), "package_name", readSpelledName);
  return name === undefined ? [] : [name];
}

function readSkipMatch(field: Field): PackageName {
  return required(readTable(field, ["package_name"]), "package_name", readSpelledName) ?? UNREADABLE;
}

function readSieveMatch(field: Field): PackagePattern {
  const fields = readTable(field, ["package_version"]);
  return required(fields, "package_version", (pattern) => readPattern(pattern, "all")) ?? {};
}

function readPseudonymMatch(field: Field): NamedPattern {
  const fields = readTable(field, ["package_version"]);
  const read = (pattern: Field) => readNamedPattern(pattern, "all");
  return required(fields, "package_version", read) ?? { name: UNREADABLE };
}

function readStepMatch(field: Field): StepMatch {
  const fields = readTable(field, ["package_version", "state"]);
  return {
    package: required(fields, "package_version", readStackPattern) ?? {},
    ...optional(fields, "state", readStepState),
  };
}

function readStepState(field: Field): Omit<StepMatch, "package"> {
  const keys = ["resolved_dependencies", "package_version_from", "package_version_from_allow_other"];
  const fields = readTable(field, keys);
  return {
    dependencies: optional(fields, "resolved_dependencies", listOf(readNamedStackPattern)),
    requiredBy: optional(fields, "package_version_from", listOf(readNamedStackPattern)),
    allowOther: optional(fields, "package_version_from_allow_other", readBoolean),
  };
}

function readGroup(field: Field): NamedPattern[] {
  const member = (one: Field) =>
    required(readTable(one, ["package_version"]), "package_version", readNamedStackPattern) ?? {
      name: UNREADABLE,
    };
  return required(readTable(field, ["group"]), "group", listOf(member, 2)) ?? [];
}

function readStrideMatch(field: Field): PackagePattern[] {
  const state = (one: Field) =>
    required(readTable(one, ["resolved_dependencies"]), "resolved_dependencies", listOf(readStackPattern));
  return required(readTable(field, ["state"]), "state", state) ?? [];
}

function readWrapMatch(field: Field): PackagePattern[] {
  const state = (one: Field) =>
    required(readTable(one, ["resolved_dependencies"]), "resolved_dependencies", listOf(readStackPattern));
  return optional(readTable(field, ["state"]), "state", state) ?? [];
}

function readNotesMatch(field: Field): readonly [NamedPattern] {
  const one = (dependencies: Field): NamedPattern => {
    const { value } = dependencies;
    if (!Array.isArray(value)) return readNamedStackPattern(dependencies);
    if (value.length > 1) dependencies.fail("invalid-value", "Release notes are those of one package.");
    return readList(dependencies, readNamedStackPattern)[0] ?? { name: UNREADABLE };
  };
  const state = (place: Field) =>
    required(readTable(place, ["resolved_dependencies"]), "resolved_dependencies", one);
  return [required(readTable(field, ["state"]), "state", state) ?? { name: UNREADABLE }];
}

function readAlternative(run: Fields): Alternative {
  const read = (field: Field): Alternative => {
    const fields = readTable(field, ["yield_matched_version", "package_version"]);
    const matchedVersion = optional(fields, "yield_matched_version", readBoolean) ?? false;
    const other = required(fields, "package_version", readLockedPattern) ?? { name: UNREADABLE };
    if (matchedVersion && other.specifiers !== undefined) {
      field.fail(
        "conflicting-keys",
        "`yield_matched_version` and `locked_version` cannot both choose the version.",
      );
    }
    return { ...other, matchedVersion };
  };
  return required(run, "yield", read) ?? { name: UNREADABLE, matchedVersion: false };
}

function readLockedPattern(field: Field): Omit<Alternative, "matchedVersion"> {
  const fields = readTable(field, ["name", "locked_version", "index_url"]);
  return {
    name: required(fields, "name", readPackageName) ?? UNREADABLE,
    specifiers:
      fields.table.get("locked_version") === null
        ? undefined
        : optional(fields, "locked_version", readLockedVersion),
    index: optional(fields, "index_url", readIndexUrl),
  };
}

function readAddition(run: Fields): Addition {
  const read = (field: Field): Addition => {
    const fields = readTable(field, ["name", "version", "locked_version", "index_url", "develop"]);
    const name = required(fields, "name", readPackageName) ?? UNREADABLE;
    // Beyond the original: any version, or those of a range, from the index that has the package.
    if (!fields.table.has("locked_version"))
      return {
        name,
        specifiers: optional(fields, "version", readSpecifiers) ?? NOTHING.specifiers,
        index: optional(fields, "index_url", readIndexUrl),
        develop: optional(fields, "develop", readBoolean) ?? false,
      };
    if (fields.table.has("version"))
      field.fail("conflicting-keys", "`version` and `locked_version` cannot both choose the version.");
    return {
      name,
      specifiers: required(fields, "locked_version", readLockedVersion) ?? NOTHING.specifiers,
      index: required(fields, "index_url", readIndexUrl),
      develop: required(fields, "develop", readBoolean) ?? false,
    };
  };
  return required(run, "package_version", read) ?? NOTHING;
}

/** Stands in for an addition that was reported. */
const NOTHING: Addition = {
  name: UNREADABLE,
  specifiers: NO_SPECIFIERS,
  index: undefined,
  develop: false,
};

function readReleaseNotes(run: Fields): ReleaseNotes {
  const read = (field: Field): ReleaseNotes => {
    const fields = readTable(field, ["organization", "repository", "tag_version_prefix"]);
    return {
      organization: required(fields, "organization", readPathPart) ?? "",
      repository: required(fields, "repository", readPathPart) ?? "",
      tagPrefix: optional(fields, "tag_version_prefix", readTagPrefix),
    };
  };
  return required(run, "release_notes", read) ?? { organization: "", repository: "" };
}

/** What becomes a part of an address. */
function readPathPart(field: Field): string {
  const text = readText(field);
  if (text !== "" && !/^[\w.-]+$/.test(text)) {
    field.fail("invalid-value", `${quote(text)} is no name of an organization or repository on GitHub.`);
  }
  return text;
}

function readTagPrefix(field: Field): string {
  const text = readText(field);
  if (/[\s?#]/.test(text)) field.fail("invalid-value", `${quote(text)} cannot begin the tag of a release.`);
  return text;
}
