// Reads one file of rules: `units` by kind, and in `_prescription_metadata.yaml` the name of the prescription.

import { quote } from "@thoth/pep";
import { Field, listOf, optional, readTable, readText, required, wrongType } from "./field.ts";
import { UNIT_LISTS, type UnitList } from "./inclusion.ts";
import { readPlainYaml } from "./parse-plain.ts";
import { readUnit } from "./parse-unit.ts";
import { readYaml } from "./parse-yaml.ts";
import { MOST_PROBLEMS, type Problem } from "./problem.ts";
import { type Finding, Report } from "./report.ts";
import type { Prescription, Unit } from "./unit.ts";
import { isYamlTable, LENGTH_LIMIT, type YamlValue } from "./yaml-value.ts";

export interface PrescriptionFile {
  /** With `/` between folders; only used to say where something is, and which metadata applies. */
  readonly path: string;
  readonly text: string;
}

export interface ParsedFile<T> {
  readonly value: T;
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Of a unit that no metadata file speaks of. */
export const UNNAMED: Prescription = { name: "UNKNOWN", release: "UNKNOWN" };

/**
 * The units of a file that have no error, by kind of list and then as written. Never throws for what a file says.
 * Names are unique per list; `taken` has those of other files and gets those of this one.
 */
export function parsePrescriptionFile(
  file: PrescriptionFile,
  prescription: Prescription = UNNAMED,
  taken: Set<string> = new Set(),
): ParsedFile<readonly Unit[]> {
  return parseFile(file, [], (field) => readUnits(field, prescription, taken));
}

/** What `_prescription_metadata.yaml` says. */
export function parsePrescriptionMetadata(file: PrescriptionFile): ParsedFile<Prescription> {
  return parseFile(file, UNNAMED, (field) => {
    const read = (inner: Field): Prescription => {
      const fields = readTable(inner, ["name", "release"]);
      return {
        name: optional(fields, "name", readPrescriptionName) ?? UNNAMED.name,
        release: optional(fields, "release", readText) ?? UNNAMED.release,
      };
    };
    return required(readTable(field, ["prescription"]), "prescription", read) ?? UNNAMED;
  });
}

function readPrescriptionName(field: Field): string {
  const name = readText(field);
  if (name !== "" && !/^[\w-]+$/.test(name)) wrongType(field, "a name of letters, digits, `_` and `-`");
  return name;
}

function parseFile<T>(file: PrescriptionFile, fallback: T, read: (field: Field) => T): ParsedFile<T> {
  const source = readSource(file);
  if ("errors" in source) return { value: fallback, errors: source.errors, warnings: [] };
  const report = new Report();
  const value = read(new Field(source.value, report));
  const { errors, warnings } = report;
  if (errors.length === 0 && warnings.length === 0) return { value, errors: [], warnings: [] };
  const place = placer(file);
  return { value, errors: errors.map(place), warnings: warnings.map(place) };
}

function readSource(file: PrescriptionFile): { value: YamlValue } | { errors: Problem[] } {
  if (file.text.length > LENGTH_LIMIT) {
    const message = `The file is longer than ${LENGTH_LIMIT} characters.`;
    return { errors: [{ code: "limit-exceeded", message, file: file.path, line: 1, column: 1 }] };
  }
  const plain = readPlainYaml(file.text);
  if (plain !== undefined) return { value: plain };
  const document = readYaml(file.text);
  if (document.faults.length === 0) return { value: document.value };
  const errors = document.faults.slice(0, MOST_PROBLEMS).map(({ code, reason, offset }) => ({
    code,
    message: `The file ${reason}.`,
    file: file.path,
    ...document.position(offset),
  }));
  return { errors };
}

/** Turns findings into problems with line and column. */
function placer(file: PrescriptionFile): (finding: Finding) => Problem {
  const document = readYaml(file.text);
  return ({ code, message, path, atKey }) => ({
    code,
    message,
    file: file.path,
    ...document.position(document.locate(path, atKey)),
  });
}

function readUnits(field: Field, prescription: Prescription, taken: Set<string>): Unit[] {
  const fields = readTable(field, ["units", "metadata"]);
  const lists = required(fields, "units", (units) => readTable(units, UNIT_LISTS));
  if (lists === undefined) return [];
  return UNIT_LISTS.flatMap((list) => {
    const read = (item: Field) => readListed(item, { list, prescription, taken });
    const units = optional(lists, list, listOf(read, 0)) ?? [];
    return units.filter((unit) => unit !== undefined);
  });
}

interface Listing {
  readonly list: UnitList;
  readonly prescription: Prescription;
  readonly taken: Set<string>;
}

function readListed(item: Field, { list, prescription, taken }: Listing): Unit | undefined {
  const name = isYamlTable(item.value) ? item.value.get("name") : undefined;
  if (typeof name === "string") {
    const key = `${list} ${prescription.name}.${name}`;
    if (taken.has(key)) {
      item
        .child("name", name)
        .fail("duplicate-name", `Another unit of ${quote(list)} has the name ${quote(name)}.`);
      return undefined;
    }
    taken.add(key);
  }
  return readUnit(item, list, prescription);
}
