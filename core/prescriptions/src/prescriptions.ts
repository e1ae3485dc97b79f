// Compiled rules, opened: units found by package name and read when they are asked for, each at most once.

import { decodeInclusion, decodeUnit } from "./encode-unit.ts";
import type { Inclusion } from "./inclusion.ts";
import { type Layout, readLayout } from "./layout.ts";
import { Unpacker } from "./packing.ts";
import { type Prescription, UNIT_KINDS, type Unit, type UnitKind } from "./unit.ts";

export class Prescriptions {
  readonly #layout: Layout;
  readonly #units: (Unit | undefined)[];
  readonly #placeOfName: ReadonlyMap<string, number>;
  readonly #decoder = new TextDecoder();
  readonly #unpacker: Unpacker;
  /** Names and releases of what was compiled. */
  readonly sources: readonly Prescription[];
  /** Every condition, once. */
  readonly inclusions: readonly Inclusion[];
  /** By list and name, the units that others depend on. */
  readonly named: ReadonlyMap<string, readonly number[]>;
  /** Units before this number can change a choice; the others only annotate. */
  readonly annotationStart: number;

  constructor(layout: Layout) {
    const { header, kinds } = layout;
    this.#layout = layout;
    this.#units = new Array(header.units);
    this.#unpacker = new Unpacker(header.skeletons, header.strings);
    this.#placeOfName = new Map(header.names.map((name, place) => [name, place]));
    this.sources = header.prescriptions as readonly Prescription[];
    this.inclusions = header.inclusions.map(decodeInclusion);
    this.named = new Map(header.named);
    const start = kinds.findIndex((kind) => kind >= FIRST_WRAP);
    this.annotationStart = start < 0 ? kinds.length : start;
  }

  get size(): number {
    return this.#layout.header.units;
  }

  /** Packages that some unit names, sorted. */
  get names(): readonly string[] {
    return this.#layout.header.names.filter((name) => name !== "");
  }

  kindOf(number: number): UnitKind {
    return UNIT_KINDS[this.#layout.kinds[number]!]!;
  }

  /** Index into `inclusions`. */
  inclusionOf(number: number): number {
    return this.#layout.inclusionOf[number]!;
  }

  /** Numbers of the units that name `name`, ascending, and thus by kind; for the empty name those of no package. */
  unitsNaming(name: string): Uint32Array {
    const place = this.#placeOfName.get(name);
    if (place === undefined) return NONE;
    const { postingEnds, postings } = this.#layout;
    return postings.subarray(place === 0 ? 0 : postingEnds[place - 1]!, postingEnds[place]!);
  }

  unit(number: number): Unit {
    const known = this.#units[number];
    if (known !== undefined) return known;
    const { kinds, prescriptionOf, texts, textEnds } = this.#layout;
    const start = number === 0 ? 0 : textEnds[number - 1]!;
    const packed = this.#decoder.decode(texts.subarray(start, textEnds[number]!));
    const unit = decodeUnit(this.#unpacker.unpack(packed), {
      kind: kinds[number]!,
      inclusion: this.inclusions[this.inclusionOf(number)]!,
      prescription: this.sources[prescriptionOf[number]!]!,
    });
    this.#units[number] = unit;
    return unit;
  }
}

const NONE = new Uint32Array(0);
const FIRST_WRAP = UNIT_KINDS.indexOf("wrap");

/** Opens what `compilePrescriptions` made. Throws `file-failed` for other bytes. */
export function openPrescriptions(bytes: Uint8Array): Prescriptions {
  return new Prescriptions(readLayout(bytes));
}
