// Writes an excerpt: the facts that one resolution read, numbered anew without what it did not read.

import type { ExtraName, PackageName } from "@thoth/pep";
import type { Dependency, ReleaseSet } from "@thoth/solver";
import type { Refusal } from "./declarations.ts";
import type { DateSpan } from "./excerpt.ts";
import {
  ABSENT,
  type ColumnName,
  columnNames,
  EXCERPT_MAGIC,
  HEADER_WORDS,
  NONE,
  PACKAGE,
  UNKNOWN,
  UNUSABLE,
  WIDTH,
} from "./excerpt-layout.ts";
import { append, writeTraits } from "./excerpt-traits.ts";
import type { ChosenRelease } from "./project.ts";
import type { KnownTraits } from "./traits.ts";

/** What was read, in the numbers of the universe that read it. */
export interface Reading {
  readonly projects: readonly ReadProject[];
  /** Those of a package in their order. */
  readonly releases: readonly ReadRelease[];
  /** What the user asks for, and what conditions speak of. */
  readonly ranges: readonly number[];
  packageOf(id: number): { readonly name: PackageName; readonly extra: ExtraName | undefined };
  rangeOf(range: number): { readonly package: number; readonly text: string };
  /** Undefined where nobody asked. */
  setOf(range: number): ReleaseSet | undefined;
}

export interface ReadProject {
  readonly name: PackageName;
  /** What rules have to do with it: `RuleRoles`. */
  readonly roles: number;
  /** Null: no index has it. `unknown`: the knowledge does not have it. */
  readonly candidates:
    | "unknown"
    | null
    | {
        readonly count: number;
        readonly stable: number;
        readonly uploaded: Uint32Array;
        readonly yanks: boolean;
        readonly dates: DateSpan;
        readonly pins: string;
        readonly traits: KnownTraits;
      };
  readonly chosen?: { readonly candidate: number; readonly release: ChosenRelease };
}

export interface ReadRelease {
  readonly package: number;
  readonly release: number;
  readonly needs: readonly Dependency[] | "unusable" | "unknown";
  readonly refusal: (Refusal & { readonly version: string }) | undefined;
  /** -1 where nobody asked. */
  readonly consulted: number;
}

/** Undefined where something was chosen that an excerpt has no room for: a file without a SHA-256, or with other hashes. */
export function writeExcerpt(reading: Reading): Uint8Array | undefined {
  const fits = reading.projects.every(
    ({ chosen }) =>
      chosen === undefined ||
      chosen.release.files.every(({ hashes }) => Object.keys(hashes).join() === "sha256"),
  );
  return fits ? new ExcerptWriter(reading).write() : undefined;
}

class ExcerptWriter {
  readonly #reading: Reading;
  readonly #columns: Record<ColumnName, number[]>;
  readonly #texts = new Map<string, number>();
  readonly #packages = new Map<number, number>();
  readonly #ranges = new Map<number, number>();
  #length = 0;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#columns = Object.fromEntries(columnNames.map((name) => [name, [] as number[]])) as Record<
      ColumnName,
      number[]
    >;
  }

  write(): Uint8Array {
    const { projects, ranges, releases } = this.#reading;
    for (const project of projects) this.#project(project);
    for (const range of ranges) this.#range(range);
    const byPackage = Map.groupBy(releases, (item) => item.package);
    for (const [id, items] of byPackage) {
      const at = this.#package(id) * WIDTH.packages;
      const { packages, releases: column } = this.#columns;
      packages[at + PACKAGE.firstRelease] = column.length;
      packages[at + PACKAGE.releases] = items.length;
      for (const item of items) column.push(item.release, this.#needs(item), item.consulted);
    }
    return this.#bytes();
  }

  #project({ name, roles, candidates, chosen }: ReadProject): void {
    const { projects, uploaded, traits } = this.#columns;
    projects.push(this.#text(name), roles);
    if (candidates === null) projects.push(ABSENT, 0, 0, NONE, 0, 0, 0, NONE, NONE);
    else if (candidates === "unknown") projects.push(UNKNOWN, 0, 0, NONE, 0, 0, 0, NONE, NONE);
    else {
      const { count, stable, yanks, dates, pins, traits: known } = candidates;
      projects.push(count, stable, yanks ? 1 : 0, this.#text(pins), dates.from, dates.until, uploaded.length);
      projects.push(known.newest === undefined ? NONE : this.#text(known.newest), traits.length);
      append(uploaded, candidates.uploaded);
      writeTraits(traits, known);
    }
    if (chosen === undefined) projects.push(NONE, NONE, NONE, NONE, 0, NONE, 0, 0, 0);
    else this.#chosen(chosen.candidate, chosen.release);
  }

  #chosen(candidate: number, release: ChosenRelease): void {
    const { projects, files } = this.#columns;
    const { version, index, status, yanked, requiresPython, installs } = release;
    projects.push(candidate, this.#text(version), this.#text(index), this.#text(status), yanked ? 1 : 0);
    projects.push(requiresPython === undefined ? NONE : this.#text(requiresPython), installs);
    projects.push(files.length, release.files.length);
    for (const { filename, url, hashes, size, uploaded, isSdist } of release.files) {
      files.push(this.#text(filename), this.#text(url), this.#text(hashes["sha256"] as string));
      if (size === undefined) files.push(NONE, 0);
      else files.push(Math.floor(size / 2 ** 32), size | 0);
      files.push(uploaded, isSdist ? 1 : 0);
    }
  }

  #needs({ needs, refusal }: ReadRelease): number {
    const column = this.#columns.needs;
    if (needs === "unknown") return column.push(UNKNOWN) - 1;
    if (needs === "unusable") {
      const { reason, message, version } = refusal ?? {};
      const texts = [reason, message, version].map((text) => (text === undefined ? NONE : this.#text(text)));
      return column.push(UNUSABLE, ...texts) - 4;
    }
    const start = column.push(needs.length) - 1;
    for (const { range } of needs) column.push(this.#range(range));
    return start;
  }

  #package(id: number): number {
    let number = this.#packages.get(id);
    if (number === undefined) {
      number = this.#packages.size;
      this.#packages.set(id, number);
      const { name, extra } = this.#reading.packageOf(id);
      this.#columns.packages.push(this.#text(name), extra === undefined ? NONE : this.#text(extra), 0, 0);
    }
    return number;
  }

  #range(range: number): number {
    let number = this.#ranges.get(range);
    if (number === undefined) {
      number = this.#ranges.size;
      this.#ranges.set(range, number);
      const set = this.#reading.setOf(range);
      const { package: id, text } = this.#reading.rangeOf(range);
      const { ranges, words } = this.#columns;
      ranges.push(this.#package(id), this.#text(text));
      ranges.push(set === undefined ? NONE : words.length);
      if (set !== undefined) append(words, set);
    }
    return number;
  }

  #text(text: string): number {
    let number = this.#texts.get(text);
    if (number === undefined) {
      number = this.#texts.size;
      this.#texts.set(text, number);
      this.#length += text.length;
      this.#columns.texts.push(this.#length);
    }
    return number;
  }

  #bytes(): Uint8Array {
    const text = new TextEncoder().encode([...this.#texts.keys()].join(""));
    const lengths = columnNames.map((name) => this.#columns[name].length);
    const words = HEADER_WORDS + lengths.reduce((sum, length) => sum + length, 0);
    const bytes = new Uint8Array(words * 4 + text.length);
    const target = new Int32Array(bytes.buffer, 0, words);
    target.set([EXCERPT_MAGIC, ...lengths]);
    let at = HEADER_WORDS;
    for (const name of columnNames) {
      target.set(this.#columns[name], at);
      at += this.#columns[name].length;
    }
    bytes.set(text, words * 4);
    return bytes;
  }
}
