// What is known of one package, as two pieces of JSON: facts, which a search asks of every release, and texts,
// which are shown of the few flaws that somebody reads about.
//
// The facts begin with the versions that matter, in order. A bound is a number: 2 × n directly before version n,
// 2 × n + 1 directly after it, -1 for the beginning. A release is placed among the versions once and then compared
// with every flaw as an integer.

import {
  compareVersions,
  type PackageName,
  parseVersion,
  quote,
  ThothError,
  type Version,
  versionKey,
} from "@thoth/pep";
import type { Severity, StoredFlaw } from "../advisory.ts";
import type { AffectedVersions } from "./affected.ts";
import type { FlawFacts } from "./merge.ts";
import { osvPage } from "./osv-text.ts";

/** In the order in which they are written; append only. */
const SEVERITIES: readonly Severity[] = ["unknown", "low", "medium", "high", "critical"];
const EXPLOITED = 1;
const MALWARE = 2;

/** Scores are tenths, -1 where there is none. */
type FactRow = readonly [
  severity: number,
  score: number,
  flags: number,
  published: number,
  bounds: readonly number[],
];

/** The id stands among the aliases and is named by its place; the link is empty for the page that the id gives. */
type TextRow = readonly [
  aliases: readonly string[],
  id: number,
  fixes: readonly string[],
  link: string,
  summary: string,
];

export interface PieceTexts {
  readonly facts: string;
  readonly texts: string;
}

export function formatPiece(flaws: readonly FlawFacts[], summaries: boolean): PieceTexts {
  const versions = new VersionOrder();
  for (const { version } of flaws.flatMap(({ affected }) => affected)) {
    if (version !== undefined) versions.add(version);
  }
  const order = versions.sort();
  const facts = flaws.map((flaw): FactRow => {
    const flags = (flaw.exploited ? EXPLOITED : 0) | (flaw.malware ? MALWARE : 0);
    const score = flaw.score === undefined ? -1 : Math.round(flaw.score * 10);
    const bounds = placesOf(flaw.affected, versions);
    return [SEVERITIES.indexOf(flaw.severity), score, flags, flaw.published, bounds];
  });
  const texts = flaws.map((flaw): TextRow => {
    const link = flaw.link === osvPage(flaw.id) ? "" : flaw.link;
    const summary = summaries ? flaw.summary : "";
    return [flaw.aliases, flaw.aliases.indexOf(flaw.id), flaw.fixedIn, link, summary];
  });
  return { facts: JSON.stringify([order, facts]), texts: JSON.stringify(texts) };
}

function placesOf(bounds: AffectedVersions, versions: VersionOrder): readonly number[] {
  return bounds.map(({ version, after }) =>
    version === undefined ? -1 : 2 * versions.placeOf(version) + (after ? 1 : 0),
  );
}

/** Distinct versions, in their order. */
class VersionOrder {
  readonly #known = new Map<string, Version>();
  readonly #places = new Map<string, number>();

  add(version: Version): void {
    this.#known.set(versionKey(version), version);
  }

  /** Without trailing zeros of the release, so that the texts do not depend on who came first. */
  sort(): readonly string[] {
    const sorted = [...this.#known].sort(([, a], [, b]) => compareVersions(a, b));
    sorted.forEach(([key], place) => {
      this.#places.set(key, place);
    });
    return sorted.map(([key]) => key);
  }

  placeOf(version: Version): number {
    return this.#places.get(versionKey(version))!;
  }
}

/** Throws `index-response-invalid`, for the texts when they are first read: `loadTexts` is called then, once. */
export function readPiece(name: PackageName, facts: string, loadTexts: () => string): readonly StoredFlaw[] {
  const value = parseRows(facts, name);
  const [order, rows] = value;
  if (!isTextList(order) || !Array.isArray(rows)) throw damaged(name);
  const releases = new ReleasePlaces(order);
  let texts: readonly TextRow[] | undefined;
  const textsAt = (place: number) => {
    texts ??= readTexts(loadTexts(), rows.length, name);
    return texts[place]!;
  };
  return rows.map((row: unknown, place) => {
    if (!isFactRow(row, order.length)) throw damaged(name);
    return new PieceFlaw(row, releases, () => textsAt(place));
  });
}

function readTexts(text: string, count: number, name: PackageName): readonly TextRow[] {
  const rows = parseRows(text, name);
  if (rows.length !== count || !rows.every(isTextRow)) throw damaged(name);
  return rows;
}

function parseRows(text: string, name: PackageName): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(name);
  }
  if (!Array.isArray(value)) throw damaged(name);
  return value;
}

function damaged(name: PackageName): ThothError {
  return new ThothError("index-response-invalid", `What the table says of ${quote(name)} is damaged.`);
}

/** A class for its texts, which come when they are asked for. */
class PieceFlaw implements StoredFlaw {
  readonly severity: Severity;
  readonly score: number | undefined;
  readonly exploited: boolean;
  readonly malware: boolean;
  readonly published: number;
  readonly #bounds: readonly number[];
  readonly #releases: ReleasePlaces;
  readonly #texts: () => TextRow;

  constructor(row: FactRow, releases: ReleasePlaces, texts: () => TextRow) {
    const [severity, score, flags, published, bounds] = row;
    this.severity = SEVERITIES[severity]!;
    this.score = score < 0 ? undefined : score / 10;
    this.exploited = (flags & EXPLOITED) !== 0;
    this.malware = (flags & MALWARE) !== 0;
    this.published = published;
    this.#bounds = bounds;
    this.#releases = releases;
    this.#texts = texts;
  }

  get id(): string {
    const [aliases, place] = this.#texts();
    return aliases[place]!;
  }

  get aliases(): readonly string[] {
    return this.#texts()[0];
  }

  get fixedIn(): readonly string[] {
    return this.#texts()[2];
  }

  get link(): string {
    return this.#texts()[3] || osvPage(this.id);
  }

  get summary(): string {
    return this.#texts()[4];
  }

  get ends(): string {
    return this.#bounds.map((bound) => this.#releases.formatBound(bound)).join(" ");
  }

  affects(version: Version): boolean {
    return countBelow(this.#bounds, this.#releases.placeOf(version)) % 2 === 1;
  }
}

/** Of `bounds`, ascending, those below `place`. */
function countBelow(bounds: readonly number[], place: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[middle]! < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Places releases among the versions of a package, which are parsed when the first one comes. */
class ReleasePlaces {
  readonly #texts: readonly string[];
  #versions: readonly Version[] | undefined;
  // The flaws of a package are asked for one release after the other.
  #last: Version | undefined;
  #lastPlace = 0;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
  }

  formatBound(bound: number): string {
    return bound < 0 ? "" : `${this.#texts[bound >> 1]}${bound % 2 === 1 ? "+" : ""}`;
  }

  /** In units of half a place: bounds that are less lie before the release. */
  placeOf(version: Version): number {
    if (version === this.#last) return this.#lastPlace;
    this.#versions ??= this.#texts.map(parseVersion);
    const low = firstNotBelow(this.#versions, version);
    const found = this.#versions[low];
    const equal = found !== undefined && compareVersions(found, version) === 0;
    this.#last = version;
    this.#lastPlace = equal ? 2 * low + 0.5 : 2 * low - 0.5;
    return this.#lastPlace;
  }
}

function firstNotBelow(versions: readonly Version[], version: Version): number {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareVersions(versions[middle]!, version) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Whole numbers from `least` below `end`. */
function isPlaceList(value: unknown, least: number, end: number): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => isPlace(item, least, end));
}

function isPlace(value: unknown, least: number, end: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value < end;
}

function isFactRow(row: unknown, versions: number): row is FactRow {
  if (!Array.isArray(row)) return false;
  const [severity, score, flags, published, bounds] = row as readonly unknown[];
  return (
    isPlace(severity, 0, SEVERITIES.length) &&
    isPlace(score, -1, 101) &&
    isPlace(flags, 0, 4) &&
    isPlace(published, 0, Number.MAX_SAFE_INTEGER) &&
    isPlaceList(bounds, -1, 2 * versions)
  );
}

function isTextRow(row: unknown): row is TextRow {
  if (!Array.isArray(row)) return false;
  const [aliases, id, fixes, link, summary] = row as readonly unknown[];
  return (
    isTextList(aliases) &&
    isPlace(id, 0, aliases.length) &&
    isTextList(fixes) &&
    typeof link === "string" &&
    typeof summary === "string"
  );
}
