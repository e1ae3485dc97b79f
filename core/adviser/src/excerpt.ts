// An excerpt: what one resolution read of the knowledge, as its target saw it, in the solver's integers. Another
// resolution for the same target reads from it what it holds and asks the knowledge for the rest, so that a lock
// made again costs no decoding of records, no versions and no markers. An excerpt is only as good as the knowledge it was
// taken from: its host vouches that this has not changed (io/index/src/excerpt-shelf.ts).

import type { PackageName } from "@thoth/pep";
import type { Dependency, ReleaseSet } from "@thoth/solver";
import type { Refusal } from "./declarations.ts";
import {
  ABSENT,
  type ColumnName,
  columnNames,
  EXCERPT_MAGIC,
  FILE,
  HEADER_WORDS,
  NONE,
  PACKAGE,
  PROJECT,
  RANGE,
  RELEASE,
  UNKNOWN,
  UNUSABLE,
  WIDTH,
} from "./excerpt-layout.ts";
import { readTraits } from "./excerpt-traits.ts";
import type { ChosenFile, ChosenRelease } from "./project.ts";
import type { KnownTraits } from "./traits.ts";

/** The excerpt cannot say what the knowledge says, or the knowledge no longer says it: resolve without it. */
export class StaleExcerpt extends Error {}

/** A project as far as costs and sets of releases need it. */
export interface ExcerptProject {
  readonly count: number;
  readonly stable: number;
  readonly uploaded: Uint32Array;
  readonly yanks: boolean;
  readonly dates: DateSpan;
}

/** As of which dates a project has the same candidates: from `from` until before `until`, seconds since 1970. */
export interface DateSpan {
  readonly from: number;
  readonly until: number;
}

export interface ExcerptQuestion {
  /** Seconds since 1970. */
  readonly asOf: number;
  /** The user's own exact pins of the project, as one text. */
  readonly pins: string;
}

export interface ExcerptNeeds {
  /** `unknown`: the knowledge did not have them either. */
  readonly needs: readonly Dependency[] | "unusable" | "unknown";
  /** Why it is unusable, where that is told of the project itself. */
  readonly refusal?: Refusal & { readonly version: string };
}

const decoder = new TextDecoder();

export class Excerpt {
  readonly #columns: Readonly<Record<ColumnName, Int32Array>>;
  readonly #text: string;
  readonly #projects = new Map<string, number>();
  #rangesOf: ReadonlyMap<number, readonly number[]> | undefined;
  /** By package and text, of the packages that somebody asked about. */
  readonly #named = new Map<number, ReadonlyMap<string, number>>();

  private constructor(columns: Readonly<Record<ColumnName, Int32Array>>, text: string) {
    this.#columns = columns;
    this.#text = text;
    const { projects } = columns;
    for (let at = 0; at < projects.length; at += WIDTH.projects)
      this.#projects.set(this.#string(projects[at + PROJECT.name]!), at);
  }

  /** Undefined when the bytes are none of this layout. */
  static read(bytes: Uint8Array): Excerpt | undefined {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
    if (aligned.length < HEADER_WORDS * 4) return undefined;
    const header = new Int32Array(aligned.buffer, aligned.byteOffset, HEADER_WORDS);
    if (header[0] !== EXCERPT_MAGIC) return undefined;
    const columns = {} as Record<ColumnName, Int32Array>;
    let start = HEADER_WORDS * 4;
    for (const [at, name] of columnNames.entries()) {
      const length = header[at + 1]!;
      if (length < 0 || start + length * 4 > aligned.length) return undefined;
      columns[name] = new Int32Array(aligned.buffer, aligned.byteOffset + start, length);
      start += length * 4;
    }
    return new Excerpt(columns, decoder.decode(aligned.subarray(start)));
  }

  get packageCount(): number {
    return this.#columns.packages.length / WIDTH.packages;
  }

  /** Releases of which somebody asked what they need. */
  get releaseCount(): number {
    return this.#columns.releases.length / WIDTH.releases;
  }

  get rangeCount(): number {
    return this.#columns.ranges.length / WIDTH.ranges;
  }

  /** Every project that it speaks of. */
  get projectNames(): Iterable<PackageName> {
    return this.#projects.keys() as Iterable<PackageName>;
  }

  packageName(id: number): string {
    return this.#string(this.#columns.packages[id * WIDTH.packages + PACKAGE.name]!);
  }

  packageExtra(id: number): string | undefined {
    return this.#optional(this.#columns.packages[id * WIDTH.packages + PACKAGE.extra]!);
  }

  /** Null: no index has it. `unknown`: the knowledge did not have it either. Undefined: the excerpt does not say. */
  project(name: string, { asOf, pins }: ExcerptQuestion): ExcerptProject | "unknown" | null | undefined {
    const at = this.#projects.get(name);
    if (at === undefined) return undefined;
    const { projects, uploaded } = this.#columns;
    const count = projects[at + PROJECT.count]!;
    if (count === ABSENT) return null;
    if (count === UNKNOWN) return "unknown";
    const from = projects[at + PROJECT.from]! >>> 0;
    const until = projects[at + PROJECT.until]! >>> 0;
    if (asOf < from || asOf >= until) return undefined;
    const yanks = projects[at + PROJECT.yanks] === 1;
    if (yanks && this.#string(projects[at + PROJECT.pins]!) !== pins) return undefined;
    const first = projects[at + PROJECT.uploaded]!;
    const times = uploaded.subarray(first, first + count);
    return {
      count,
      stable: projects[at + PROJECT.stable]!,
      uploaded: new Uint32Array(times.buffer, times.byteOffset, times.length),
      yanks,
      dates: { from, until },
    };
  }

  /** What the rules of its question have to do with a package: `RuleRoles`. Undefined where it does not say. */
  roles(name: string): number | undefined {
    const at = this.#projects.get(name);
    return at === undefined ? undefined : this.#columns.projects[at + PROJECT.roles];
  }

  /** As of which dates a project is as it is here; undefined where nothing is known of it. */
  dates(name: string): DateSpan | undefined {
    const at = this.#projects.get(name);
    const { projects } = this.#columns;
    if (at === undefined || projects[at + PROJECT.count]! < 0) return undefined;
    return { from: projects[at + PROJECT.from]! >>> 0, until: projects[at + PROJECT.until]! >>> 0 };
  }

  /** What is known of the traits of a project with that many candidates. */
  traits(name: string, count: number): KnownTraits | undefined {
    const at = this.#projects.get(name);
    if (at === undefined) return undefined;
    const { projects, traits } = this.#columns;
    const newest = this.#optional(projects[at + PROJECT.newest]!);
    const known = readTraits(traits, projects[at + PROJECT.traits]!, count);
    return newest === undefined ? known : { ...known, newest };
  }

  rangePackage(range: number): number {
    return this.#columns.ranges[range * WIDTH.ranges + RANGE.package]!;
  }

  rangeText(range: number): string {
    return this.#string(this.#columns.ranges[range * WIDTH.ranges + RANGE.text]!);
  }

  /** The range of a package with this text, or -1. */
  rangeNamed(id: number, text: string): number {
    let named = this.#named.get(id);
    if (named === undefined) {
      this.#rangesOf ??= Map.groupBy(Array(this.rangeCount).keys(), (range) => this.rangePackage(range));
      named = new Map(this.#rangesOf.get(id)?.map((range) => [this.rangeText(range), range]));
      this.#named.set(id, named);
    }
    return named.get(text) ?? -1;
  }

  /** The candidates that a range admits; undefined where nobody asked. */
  admitted(range: number, count: number): ReleaseSet | undefined {
    const start = this.#columns.ranges[range * WIDTH.ranges + RANGE.set]!;
    if (start === NONE) return undefined;
    const words = this.#columns.words.subarray(start, start + ((count + 31) >> 5));
    return new Uint32Array(words.buffer, words.byteOffset, words.length);
  }

  needs(id: number, release: number): ExcerptNeeds | undefined {
    const at = this.#releaseAt(id, release);
    if (at < 0) return undefined;
    const { releases, needs } = this.#columns;
    const start = releases[at + RELEASE.needs]!;
    const count = needs[start]!;
    if (count === UNKNOWN) return { needs: "unknown" };
    if (count === UNUSABLE) {
      const reason = this.#optional(needs[start + 1]!) as Refusal["reason"] | undefined;
      if (reason === undefined) return { needs: "unusable" };
      const message = this.#string(needs[start + 2]!);
      return { needs: "unusable", refusal: { reason, message, version: this.#string(needs[start + 3]!) } };
    }
    const found = new Array<Dependency>(count);
    for (let i = 0; i < count; i++) {
      const range = needs[start + 1 + i]!;
      found[i] = { package: this.rangePackage(range), range };
    }
    return { needs: found };
  }

  /** Releases of which it has the needs. */
  releasesOf(id: number): readonly number[] {
    const { packages, releases, needs } = this.#columns;
    const found: number[] = [];
    const first = packages[id * WIDTH.packages + PACKAGE.firstRelease]!;
    const end = first + packages[id * WIDTH.packages + PACKAGE.releases]! * WIDTH.releases;
    for (let at = first; at < end; at += WIDTH.releases)
      if (needs[releases[at + RELEASE.needs]!] !== UNKNOWN) found.push(releases[at + RELEASE.release]!);
    return found;
  }

  /** Bits of PLATFORM_VARIABLES, or -1 where nobody asked. */
  consulted(id: number, release: number): number {
    const at = this.#releaseAt(id, release);
    return at < 0 ? -1 : this.#columns.releases[at + RELEASE.consulted]!;
  }

  /** The candidate that was chosen, or -1. */
  choice(name: string): number {
    const at = this.#projects.get(name);
    return at === undefined ? -1 : this.#columns.projects[at + PROJECT.chosen]!;
  }

  /** What a lock tells of the candidate that was chosen; undefined of any other. */
  chosen(name: string, candidate: number): ChosenRelease | undefined {
    const at = this.#projects.get(name);
    if (at === undefined) return undefined;
    const { projects, files } = this.#columns;
    if (projects[at + PROJECT.chosen] !== candidate) return undefined;
    const first = projects[at + PROJECT.firstFile]!;
    const end = first + projects[at + PROJECT.files]! * WIDTH.files;
    const found: ChosenFile[] = [];
    for (let file = first; file < end; file += WIDTH.files) found.push(this.#file(files, file));
    return {
      version: this.#string(projects[at + PROJECT.version]!),
      index: this.#string(projects[at + PROJECT.index]!),
      status: this.#string(projects[at + PROJECT.status]!) as ChosenRelease["status"],
      yanked: projects[at + PROJECT.yanked] === 1,
      requiresPython: this.#optional(projects[at + PROJECT.requiresPython]!),
      files: found,
      installs: projects[at + PROJECT.installs]!,
    };
  }

  #file(files: Int32Array, at: number): ChosenFile {
    const high = files[at + FILE.sizeHigh]!;
    return {
      filename: this.#string(files[at + FILE.filename]!),
      url: this.#string(files[at + FILE.url]!),
      hashes: { sha256: this.#string(files[at + FILE.sha256]!) },
      size: high === NONE ? undefined : high * 2 ** 32 + (files[at + FILE.sizeLow]! >>> 0),
      uploaded: files[at + FILE.uploaded]! >>> 0,
      isSdist: files[at + FILE.sdist] === 1,
    };
  }

  /** Place of a release in its column, or -1. Those of a package stand in their order. */
  #releaseAt(id: number, release: number): number {
    const { packages, releases } = this.#columns;
    const first = packages[id * WIDTH.packages + PACKAGE.firstRelease]!;
    let low = 0;
    let high = packages[id * WIDTH.packages + PACKAGE.releases]! - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = first + middle * WIDTH.releases;
      const found = releases[at + RELEASE.release]!;
      if (found === release) return at;
      if (found < release) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  #optional(text: number): string | undefined {
    return text === NONE ? undefined : this.#string(text);
  }

  #string(text: number): string {
    const { texts } = this.#columns;
    const end = texts[text];
    if (end === undefined) throw new StaleExcerpt("a text that is not there");
    return this.#text.slice(text === 0 ? 0 : texts[text - 1], end);
  }
}
