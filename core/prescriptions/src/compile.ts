// Files of rules become one file that is opened at once: the units as JSON, each read only when somebody asks for it,
// and beside them columns of integers by which units are found. Units that can change a choice come first; the many
// that only annotate follow. Equal conditions are stored once, however many units have them.

import { encodeInclusion, encodeUnit } from "./encode-unit.ts";
import { writeLayout } from "./layout.ts";
import { packTexts } from "./packing.ts";
import {
  type PrescriptionFile,
  parsePrescriptionFile,
  parsePrescriptionMetadata,
  UNNAMED,
} from "./parse-file.ts";
import type { Problem } from "./problem.ts";
import {
  dispatchNames,
  isGeneric,
  type Prescription,
  referenceKey,
  UNIT_KINDS,
  type Unit,
  type UnitKind,
} from "./unit.ts";

export interface Compilation {
  /** For `openPrescriptions`. The same for the same files in any order. */
  readonly bytes: Uint8Array;
  /** What was left out: units with an error, and whole files that are no YAML. */
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly counts: Readonly<Record<UnitKind, number>>;
}

const METADATA = /(?:^|\/)_prescription_metadata\.ya?ml$/;

/** Files that are hidden or have another ending than `.yaml` and `.yml` are passed over. */
export function compilePrescriptions(files: Iterable<PrescriptionFile>): Compilation {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  const sorted = sortFiles(files, errors);
  const prescriptionOf = readMetadata(sorted, errors);
  const taken = new Set<string>();
  const byKind = new Map<UnitKind, Unit[]>(UNIT_KINDS.map((kind) => [kind, []]));
  for (const file of sorted) {
    if (METADATA.test(file.path)) continue;
    const parsed = parsePrescriptionFile(file, prescriptionOf(file.path), taken);
    errors.push(...parsed.errors);
    warnings.push(...parsed.warnings);
    for (const unit of parsed.value) byKind.get(unit.kind)!.push(unit);
  }
  const counts = Object.fromEntries([...byKind].map(([kind, units]) => [kind, units.length]));
  const bytes = assemble([...byKind.values()].flat());
  return { bytes, errors, warnings, counts: counts as Record<UnitKind, number> };
}

function sortFiles(files: Iterable<PrescriptionFile>, errors: Problem[]): PrescriptionFile[] {
  const rules = [...files].filter(({ path }) => /\.ya?ml$/.test(path) && !/(?:^|\/)\.[^/]/.test(path));
  rules.sort((left, right) => compareTexts(left.path, right.path) || compareTexts(left.text, right.text));
  return rules.filter(({ path }, place) => {
    if (place === 0 || rules[place - 1]!.path !== path) return true;
    const message = "Another file has the same path.";
    errors.push({ code: "duplicate-file", message, file: path, line: 1, column: 1 });
    return false;
  });
}

function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** By the path of a file: what the nearest metadata file in its folder or above says. */
function readMetadata(files: readonly PrescriptionFile[], errors: Problem[]): (path: string) => Prescription {
  const byFolder = new Map<string, Prescription>();
  for (const file of files) {
    if (!METADATA.test(file.path)) continue;
    const parsed = parsePrescriptionMetadata(file);
    errors.push(...parsed.errors);
    byFolder.set(folderOf(file.path), parsed.value);
  }
  const find = (folder: string): Prescription => {
    const known = byFolder.get(folder);
    if (known !== undefined) return known;
    const found = folder === "" ? UNNAMED : find(folderOf(folder));
    byFolder.set(folder, found);
    return found;
  };
  return (path) => find(folderOf(path));
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0));
}

/** Gives every distinct text a number in the order in which they come. */
class Numbering {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }
}

function assemble(units: readonly Unit[]): Uint8Array {
  const inclusions = new Numbering();
  const prescriptions = new Numbering();
  const postings = new Map<string, number[]>();
  const post = (name: string, number: number) => {
    const list = postings.get(name);
    if (list === undefined) postings.set(name, [number]);
    else list.push(number);
  };
  for (const [number, unit] of units.entries()) {
    for (const name of dispatchNames(unit)) post(name, number);
    if (isGeneric(unit)) post("", number);
  }
  const names = [...postings.keys()].sort();
  return writeLayout({
    kinds: units.map((unit) => UNIT_KINDS.indexOf(unit.kind)),
    inclusionOf: units.map((unit) => inclusions.numberOf(encodeInclusion(unit.inclusion))),
    prescriptionOf: units.map((unit) => prescriptions.numberOf(JSON.stringify(unit.prescription))),
    inclusions: inclusions.texts,
    prescriptions: prescriptions.texts,
    names,
    postings: names.map((name) => postings.get(name)!),
    named: numberNamed(units),
    ...packTexts(units.map(encodeUnit)),
  });
}

/** The numbers of the units that others depend on, by list and name. */
function numberNamed(units: readonly Unit[]): [reference: string, numbers: number[]][] {
  const wanted = new Map<string, number[]>();
  for (const { inclusion } of units) {
    for (const reference of inclusion.dependencies ?? [])
      wanted.set(referenceKey(reference.list, reference.name), []);
  }
  if (wanted.size > 0) {
    for (const [number, unit] of units.entries()) {
      wanted.get(referenceKey(listOfKind(unit.kind), unit.name))?.push(number);
    }
  }
  return [...wanted].sort(([left], [right]) => compareTexts(left, right));
}

function listOfKind(kind: UnitKind): string {
  return `${kind.split(".", 1)[0]}s`;
}
