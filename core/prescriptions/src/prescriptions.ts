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
  /** Units are stored by kind. */
  readonly #kindStarts: readonly number[];
  readonly #inclusions: (Inclusion | undefined)[];
  /** Names and releases of what was compiled. */
  readonly sources: readonly Prescription[];
  /** By list and name, the units that others depend on. */
  readonly named: ReadonlyMap<string, readonly number[]>;

  constructor(layout: Layout) {
    const { header } = layout;
    this.#layout = layout;
    this.#units = new Array(header.units);
    this.#unpacker = new Unpacker(header.skeletons, header.strings);
    this.#placeOfName = new Map(header.names.map((name, place) => [name, place]));
    this.sources = header.prescriptions as readonly Prescription[];
    this.#inclusions = new Array(header.inclusions.length);
    this.named = new Map(header.named);
    this.#kindStarts = Array.from({ length: UNIT_KINDS.length + 1 }, (_, kind) =>
      firstNotBelow(layout.kinds, kind),
    );
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

  /** Numbers of the units of a kind: from the first, below the second. */
  rangeOf(kind: UnitKind): readonly [start: number, end: number] {
    const place = UNIT_KINDS.indexOf(kind);
    return [this.#kindStarts[place]!, this.#kindStarts[place + 1]!];
  }

  /** Every condition is there once. */
  get inclusionCount(): number {
    return this.#inclusions.length;
  }

  inclusion(place: number): Inclusion {
    let inclusion = this.#inclusions[place];
    if (inclusion === undefined) {
      inclusion = decodeInclusion(this.#layout.header.inclusions[place]);
      this.#inclusions[place] = inclusion;
    }
    return inclusion;
  }

  /** Places of the conditions that ask for other units. */
  get dependents(): readonly number[] {
    const { inclusions } = this.#layout.header;
    return [...inclusions.keys()].filter(
      (place) => (inclusions[place] as Partial<Inclusion>).dependencies !== undefined,
    );
  }

  /** The place of its condition. */
  inclusionOf(number: number): number {
    return this.#layout.inclusionOf[number]!;
  }

  /** Some unit names the package. */
  isNamed(name: string): boolean {
    return this.#placeOfName.has(name);
  }

  /** Numbers of the units of a kind that name `name`, ascending; for the empty name those of no package. */
  unitsNaming(name: string, kind: UnitKind): Uint32Array {
    const place = this.#placeOfName.get(name);
    if (place === undefined) return NONE;
    const { postingEnds, postings } = this.#layout;
    const numbers = postings.subarray(place === 0 ? 0 : postingEnds[place - 1]!, postingEnds[place]!);
    const [start, end] = this.rangeOf(kind);
    return numbers.subarray(firstNotBelow(numbers, start), firstNotBelow(numbers, end));
  }

  unit(number: number): Unit {
    const known = this.#units[number];
    if (known !== undefined) return known;
    const { kinds, prescriptionOf, texts, textEnds } = this.#layout;
    const start = number === 0 ? 0 : textEnds[number - 1]!;
    const packed = this.#decoder.decode(texts.subarray(start, textEnds[number]!));
    const unit = decodeUnit(this.#unpacker.unpack(packed), {
      kind: kinds[number]!,
      inclusion: this.inclusion(this.inclusionOf(number)),
      prescription: this.sources[prescriptionOf[number]!]!,
    });
    this.#units[number] = unit;
    return unit;
  }
}

const NONE = new Uint32Array(0);

/** In an ascending column. */
function firstNotBelow(column: Uint32Array, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Opens what `compilePrescriptions` made. Throws `file-failed` for other bytes. */
export function openPrescriptions(bytes: Uint8Array): Prescriptions {
  return new Prescriptions(readLayout(bytes));
}
