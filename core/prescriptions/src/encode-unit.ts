// Units and inclusions as JSON. Specifiers are written as their text, and the free JSON of an author as a text of
// its own, so that nothing in it can be taken for ours.

import { parseSpecifiers, type Specifiers } from "@thoth/pep";
import type { Inclusion } from "./inclusion.ts";
import { type Prescription, UNIT_KINDS, type Unit, type UnitKind } from "./unit.ts";

/** A unit without what is stored beside it: its kind, its inclusion and its prescription. */
export function encodeUnit(unit: Unit): string {
  const { kind: _kind, inclusion: _inclusion, prescription, name, run, ...rest } = unit;
  return JSON.stringify({ name: name.slice(prescription.name.length + 1), ...rest, run }, replace);
}

export function encodeInclusion(inclusion: Inclusion): string {
  return JSON.stringify(inclusion, replace);
}

export interface UnitHead {
  readonly kind: number;
  readonly inclusion: Inclusion;
  readonly prescription: Prescription;
}

export function decodeUnit(text: string, { kind, inclusion, prescription }: UnitHead): Unit {
  const rest = JSON.parse(text) as { name: string };
  hydrate(rest);
  const head: { kind: UnitKind } = { kind: UNIT_KINDS[kind]! };
  return {
    ...rest,
    ...head,
    name: `${prescription.name}.${rest.name}`,
    inclusion,
    prescription,
  } as unknown as Unit;
}

/** `value` is JSON of `encodeInclusion`, parsed. */
export function decodeInclusion(value: unknown): Inclusion {
  hydrate(value as object);
  return value as Inclusion;
}

function replace(key: string, value: unknown): unknown {
  if (key === "specifiers" && value !== null && value !== undefined) {
    return (value as Specifiers).clauses.map((clause) => clause.operator + clause.version).join(",");
  }
  return key === "advisedManifestChanges" && value !== undefined ? JSON.stringify(value) : value;
}

function hydrate(holder: object): void {
  const fields = holder as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (key === "specifiers" && typeof value === "string") fields[key] = parseSpecifiers(value);
    else if (key === "advisedManifestChanges") fields[key] = JSON.parse(value as string);
    else if (typeof value === "object" && value !== null) hydrate(value);
  }
}
