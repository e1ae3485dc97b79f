// Reads `should_include`.

import { quote } from "@thoth/pep";
import {
  capitalise,
  choiceOf,
  type Field,
  listOf,
  nullable,
  optional,
  type Read,
  readAnyTable,
  readBoolean,
  readTable,
  readText,
  readWord,
  wrongType,
} from "./field.ts";
import {
  DECISION_TYPES,
  type Inclusion,
  RECOMMENDATION_TYPES,
  UNIT_LISTS,
  type UnitReference,
} from "./inclusion.ts";
import { readEnvironmentRule } from "./parse-environment.ts";
import { isYamlTable } from "./yaml-value.ts";

const KEYS = [
  "times",
  "adviser_pipeline",
  "dependency_monkey_pipeline",
  "authenticated",
  "labels",
  "recommendation_types",
  "decision_types",
  "dependencies",
  "library_usage",
  "runtime_environments",
];

export function readInclusion(field: Field): Inclusion {
  const fields = readTable(field, KEYS);
  const inclusion: Inclusion = {
    enabled: optional(fields, "times", readTimes) ?? true,
    adviser: optional(fields, "adviser_pipeline", readBoolean) ?? false,
    dependencyMonkey: optional(fields, "dependency_monkey_pipeline", readBoolean) ?? false,
    authenticated: optional(fields, "authenticated", nullable(readBoolean)) ?? undefined,
    labels: optional(fields, "labels", readLabels),
    recommendationTypes: optional(fields, "recommendation_types", choiceOf(readWord(RECOMMENDATION_TYPES))),
    decisionTypes: optional(fields, "decision_types", choiceOf(readWord(DECISION_TYPES))),
    dependencies: optional(fields, "dependencies", readDependencies),
    libraryUsage: optional(fields, "library_usage", readLibraryUsage),
    environment: optional(fields, "runtime_environments", readEnvironmentRule),
  };
  if (!inclusion.enabled || (!inclusion.adviser && !inclusion.dependencyMonkey)) {
    field.warn("never-included", "The unit is never included: it names no pipeline, or `times` is `0`.");
  }
  return inclusion;
}

function readTimes(field: Field): boolean {
  if (field.value === 0 || field.value === 1) return field.value === 1;
  wrongType(field, "`0` or `1`");
  return false;
}

function readLabels(field: Field): (readonly [string, string])[] {
  return readEntries(field, readText);
}

function readLibraryUsage(field: Field): (readonly [string, readonly string[]])[] {
  return readEntries(field, listOf(readText));
}

/** A mapping with keys of the author's choice, at least one. */
function readEntries<T>(field: Field, read: Read<T>): (readonly [string, T])[] {
  const entries = [...readAnyTable(field)];
  if (isYamlTable(field.value) && entries.length === 0) {
    field.fail("invalid-value", `${capitalise(field.label())} needs at least an entry.`);
  }
  return entries.map(([key, value]) => [key, read(field.child(key, value))] as const);
}

function readDependencies(field: Field): UnitReference[] {
  const fields = readTable(field, UNIT_LISTS);
  return UNIT_LISTS.flatMap((list) => {
    const names = optional(fields, list, listOf(readUnitName)) ?? [];
    return names.map((name) => ({ list, name }));
  });
}

function readUnitName(field: Field): string {
  const name = readText(field);
  if (name !== "" && !/^[\w-]+(?:\.[\w-]+)?$/.test(name)) {
    field.fail("invalid-name", `${quote(name)} is not the name of a unit.`);
  }
  return name;
}
