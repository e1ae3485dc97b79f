// Reads `run`: what follows where a unit matches. Each kind of unit may have some of the keys.

import { quote } from "@thoth/pep";
import {
  capitalise,
  type Field,
  type Fields,
  listOf,
  optional,
  readBoolean,
  readTable,
  readText,
  readWord,
  required,
  wrongType,
} from "./field.ts";
import { isLink } from "./links.ts";
import type { Justification, LogEntry, Severity, StackInfo, UnitRun } from "./unit.ts";
import { jsonOf } from "./yaml-value.ts";

const SEVERITIES = ["INFO", "WARNING", "ERROR"] as const;
const STACK_INFO_KEYS = ["type", "message", "link"];
const JUSTIFICATION_KEYS = [
  ...STACK_INFO_KEYS,
  "package_name",
  "advisory",
  "cve_id",
  "cve_name",
  "version_range",
];

/** The fields that a `run` has of those that any may have; the caller has seen to which are allowed. */
export function readRun(fields: Fields): UnitRun {
  return {
    log: optional(fields, "log", readLog),
    stackInfo: optional(fields, "stack_info", listOf(readStackInfo)),
    justification: optional(fields, "justification", listOf(readJustification)),
    score: optional(fields, "score", readScore),
    notAcceptable: optional(fields, "not_acceptable", readText),
    eagerStop: optional(fields, "eager_stop_pipeline", readText),
    multiPackageResolution: optional(fields, "multi_package_resolution", readBoolean),
    advisedManifestChanges: optional(fields, "advised_manifest_changes", ({ value }) => jsonOf(value)),
  };
}

function readEntry(fields: Fields): LogEntry {
  return { type: readSeverity(fields), message: required(fields, "message", readText) ?? "" };
}

function readSeverity(fields: Fields): Severity {
  return required(fields, "type", readWord(SEVERITIES)) ?? "INFO";
}

function readLog(field: Field): LogEntry {
  return readEntry(readTable(field, ["type", "message"]));
}

function readStackInfo(field: Field): StackInfo {
  const fields = readTable(field, STACK_INFO_KEYS);
  return { ...readEntry(fields), link: required(fields, "link", readLink) ?? "" };
}

function readJustification(field: Field): Justification {
  const fields = readTable(field, JUSTIFICATION_KEYS);
  return {
    ...readEntry(fields),
    link: required(fields, "link", readLink) ?? "",
    packageName: optional(fields, "package_name", readText),
    advisory: optional(fields, "advisory", readText),
    cveId: optional(fields, "cve_id", readText),
    cveName: optional(fields, "cve_name", readText),
    versionRange: optional(fields, "version_range", readText),
  };
}

function readLink(field: Field): string {
  const text = readText(field);
  if (text !== "" && !isLink(text)) {
    const message = `${capitalise(field.label())} is ${quote(text)}, neither an HTTP address nor the id of a page.`;
    field.fail("invalid-link", message);
  }
  return text;
}

function readScore(field: Field): number {
  const { value } = field;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    wrongType(field, "a number from -1 to 1");
    return 0;
  }
  if (value >= -1 && value <= 1) return value;
  field.warn(
    "score-clamped",
    `The score ${quote(String(value))} is not from -1 to 1 and counts as the nearer of them.`,
  );
  return Math.sign(value);
}
