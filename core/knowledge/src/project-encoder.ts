// Turns the parsed page of a project into a record (see record-layout.ts). Files are grouped to releases by
// the version that their names carry; equal versions of different spelling are one release.

import {
  compareVersions,
  type IndexFile,
  isPrerelease,
  normalizeName,
  type PackageName,
  type ProjectPage,
  tryParseVersion,
  type Version,
} from "@thoth/pep";
import { commonPrefix, encodeBlock } from "./block-encoder.ts";
import {
  FILES_PER_BLOCK,
  HEAD,
  HEAD_MAGIC,
  HEAD_WORDS,
  type HeadCounts,
  type HeadOffsets,
  headOffsets,
  LAYOUT_VERSION,
  NONE,
  padded,
  RELEASE,
} from "./record-layout.ts";

const encoder = new TextEncoder();
const LONGEST_FILENAME = 1024;

/** What file names of the kind end in: the tags of a wheel, or nothing for an sdist. */
interface Ending {
  /** Python and ABI tags, platform tags; undefined for an sdist. */
  readonly interpreter: string | undefined;
  readonly platform: string | undefined;
  /** Number of the tag set, once it has one. */
  tagSet: number;
}

const UNNUMBERED = -1;

interface Release {
  readonly version: Version;
  readonly files: IndexFile[];
  /** Of each file. */
  readonly endings: Ending[];
}

/**
 * Finds out which release a file belongs to; remembers what the files of a project have in common. Files of a release
 * mostly stand together, and few of the endings are new.
 */
class Placement {
  readonly #project: PackageName;
  readonly #releases = new Map<string, Release | undefined>();
  readonly #names = new Map<string, boolean>();
  readonly #endings = new Map<string, Ending | undefined>();
  readonly #sdist: Ending = { interpreter: undefined, platform: undefined, tagSet: UNNUMBERED };
  /** `name-version-` of the wheel before, and its release. */
  #beginning = "";
  #release: Release | undefined;

  constructor(project: PackageName) {
    this.#project = project;
  }

  add(file: IndexFile): void {
    const { filename } = file;
    if (filename.endsWith(".whl")) this.#addWheel(file, filename);
    else this.#addSdist(file, filename);
  }

  /** Newest first. */
  releases(): Release[] {
    const found: Release[] = [];
    for (const release of this.#releases.values()) if (release !== undefined) found.push(release);
    found.sort((one, other) => compareVersions(other.version, one.version));
    const merged: Release[] = [];
    for (const release of found) {
      const last = merged.at(-1);
      if (last === undefined || compareVersions(last.version, release.version) !== 0) merged.push(release);
      else {
        for (const file of release.files) last.files.push(file);
        for (const ending of release.endings) last.endings.push(ending);
      }
    }
    return merged;
  }

  /** `name-version(-build)?-python-abi-platform.whl`, PEP 427. */
  #addWheel(file: IndexFile, filename: string): void {
    if (this.#beginning === "" || !filename.startsWith(this.#beginning)) {
      const nameEnd = filename.indexOf("-");
      const versionEnd = filename.indexOf("-", nameEnd + 1);
      if (nameEnd <= 0 || versionEnd < 0) return;
      this.#beginning = filename.slice(0, versionEnd + 1);
      const isOwn = this.#isOwn(filename.slice(0, nameEnd));
      this.#release = isOwn ? this.#releaseOf(filename.slice(nameEnd + 1, versionEnd)) : undefined;
    }
    const ending = this.#endingOf(filename.slice(this.#beginning.length, -4));
    if (ending === undefined || this.#release === undefined) return;
    this.#release.files.push(file);
    this.#release.endings.push(ending);
  }

  /** Of `(build-)?python-abi-platform`; undefined when the text is anything else. */
  #endingOf(text: string): Ending | undefined {
    let ending = this.#endings.get(text);
    if (ending === undefined && !this.#endings.has(text)) {
      ending = readEnding(text);
      this.#endings.set(text, ending);
    }
    return ending;
  }

  /** Old names may have hyphens anywhere: the project's name says where it ends. */
  #addSdist(file: IndexFile, filename: string): void {
    const suffix = filename.endsWith(".tar.gz") ? 7 : filename.endsWith(".zip") ? 4 : 0;
    if (suffix === 0 || filename.length > LONGEST_FILENAME) return;
    const stem = filename.slice(0, -suffix);
    for (let hyphen = stem.indexOf("-"); hyphen > 0; hyphen = stem.indexOf("-", hyphen + 1)) {
      if (!this.#isOwn(stem.slice(0, hyphen))) continue;
      const release = this.#releaseOf(stem.slice(hyphen + 1));
      if (release === undefined) continue;
      release.files.push(file);
      release.endings.push(this.#sdist);
      return;
    }
  }

  /** Undefined when the text is no version. */
  #releaseOf(versionText: string): Release | undefined {
    let release = this.#releases.get(versionText);
    if (release === undefined && !this.#releases.has(versionText)) {
      const version = tryParseVersion(versionText);
      release = version === undefined ? undefined : { version, files: [], endings: [] };
      this.#releases.set(versionText, release);
    }
    return release;
  }

  #isOwn(name: string): boolean {
    let own = this.#names.get(name);
    if (own === undefined) {
      own = normalizeName(name) === this.#project;
      this.#names.set(name, own);
    }
    return own;
  }
}

function readEnding(text: string): Ending | undefined {
  const platform = text.lastIndexOf("-");
  const abi = text.lastIndexOf("-", platform - 1);
  if (platform <= 0 || abi < 0 || platform === text.length - 1 || abi === platform - 1) return undefined;
  const python = text.lastIndexOf("-", abi - 1);
  if (abi === 0 || python === abi - 1) return undefined;
  if (python >= 0 && !isBuildTag(text.slice(0, python))) return undefined;
  return {
    interpreter: text.slice(python + 1, platform),
    platform: text.slice(platform + 1),
    tagSet: UNNUMBERED,
  };
}

/** A digit first, and no further part of the name. */
function isBuildTag(text: string): boolean {
  const first = text.charCodeAt(0);
  return first >= 48 && first <= 57 && !text.includes("-");
}

/** Numbers texts in the order of their first appearance, up to what a u16 column can hold. */
class Numbering {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  #last: string | undefined;
  #lastNumber = 0;

  /** Undefined when there are too many. */
  number(text: string): number | undefined {
    // Mostly the same again: no need to hash it.
    if (text === this.#last) return this.#lastNumber;
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.texts.length;
      if (number >= NONE) return undefined;
      this.#numbers.set(text, number);
      this.texts.push(text);
    }
    this.#last = text;
    this.#lastNumber = number;
    return number;
  }
}

/**
 * The record of a parsed page. Files whose name or version cannot be read are left out (the page parser warned).
 * `index` is the URL of the index without credentials.
 */
export function encodeProject(page: ProjectPage, index: string): Uint8Array {
  const placement = new Placement(normalizeName(page.name));
  for (const file of page.files) placement.add(file);
  const releases = placement.releases();
  const shapes = new Shapes();
  const shapeOf = releases.map((release) => shapes.number(release));
  const files = releases.flatMap((release) => release.files);
  const lists = encoder.encode(
    JSON.stringify({
      name: normalizeName(page.name),
      index,
      status: page.status.status,
      reason: page.status.reason,
      interpreters: shapes.interpreters.texts,
      platforms: shapes.platforms.texts,
      requiresPython: shapes.pythons.texts,
      tracks: page.tracks.length === 0 ? undefined : page.tracks,
      alternateLocations: page.alternateLocations.length === 0 ? undefined : page.alternateLocations,
    }),
  );
  const uploadTime = new Uint32Array(files.length);
  for (let index = 0; index < files.length; index++)
    uploadTime[index] = parseUploadTime(files[index]!.uploadTime);
  const python = Uint16Array.from(shapes.pythonOfFile);
  const blocks: Uint8Array[] = [];
  let prefix = "";
  for (let start = 0; start < files.length; start += FILES_PER_BLOCK) {
    const own = files.slice(start, start + FILES_PER_BLOCK);
    prefix = commonPrefix(own, prefix);
    blocks.push(encodeBlock(own, { start, uploadTime, python, prefix }));
  }
  return assemble({ releases, uploadTime, python, blocks, lists, shapes, shapeOf });
}

interface TagSet {
  readonly interpreter: number;
  readonly platform: number;
}

/** Numbers the tag sets of files and the series of tag sets that releases have. */
class Shapes {
  readonly interpreters = new Numbering();
  readonly platforms = new Numbering();
  readonly pythons = new Numbering();
  readonly tagSets: TagSet[] = [];
  /** Number of the Python bound or NONE, of all files in turn. */
  readonly pythonOfFile: number[] = [];
  /** The tag sets of each shape. */
  readonly series: (readonly number[])[] = [];
  readonly #tagSetNumbers = new Map<number, number>();
  /** Series as paths in a tree: by place and next tag set the next place, by place the shape that ends there. */
  readonly #steps = new Map<number, number>();
  readonly #shapeAt = new Map<number, number>();

  /** The shape of a release, whose files beyond what a column can number are dropped (no honest project has so many). */
  number({ files, endings }: Release): number {
    const series: number[] = [];
    let place = 0;
    for (let index = 0; index < files.length; index++) {
      const file = files[index]!;
      const ending = endings[index]!;
      const { requiresPython } = file;
      if (ending.tagSet === UNNUMBERED && !this.#numberEnding(ending)) continue;
      const python = requiresPython === undefined ? NONE : this.pythons.number(requiresPython);
      if (python === undefined) continue;
      this.pythonOfFile.push(python);
      files[series.length] = file;
      series.push(ending.tagSet);
      place = this.#step(place, ending.tagSet);
    }
    files.length = series.length;
    let shape = this.#shapeAt.get(place);
    if (shape === undefined) {
      shape = this.series.length;
      this.series.push(series);
      this.#shapeAt.set(place, shape);
    }
    return shape;
  }

  /** False when there are too many. */
  #numberEnding(ending: Ending): boolean {
    const interpreter =
      ending.interpreter === undefined ? NONE : this.interpreters.number(ending.interpreter);
    const platform = ending.platform === undefined ? NONE : this.platforms.number(ending.platform);
    if (interpreter === undefined || platform === undefined) return false;
    const key = interpreter * 0x10000 + platform;
    let tagSet = this.#tagSetNumbers.get(key);
    if (tagSet === undefined) {
      if (this.tagSets.length >= NONE) return false;
      tagSet = this.tagSets.length;
      this.tagSets.push({ interpreter, platform });
      this.#tagSetNumbers.set(key, tagSet);
    }
    ending.tagSet = tagSet;
    return true;
  }

  #step(place: number, tagSet: number): number {
    const key = place * 0x10000 + tagSet;
    let next = this.#steps.get(key);
    if (next === undefined) {
      next = this.#steps.size + 1;
      this.#steps.set(key, next);
    }
    return next;
  }
}

interface Parts {
  readonly releases: readonly Release[];
  /** By file. */
  readonly uploadTime: Uint32Array;
  readonly python: Uint16Array;
  readonly blocks: readonly Uint8Array[];
  readonly lists: Uint8Array;
  readonly shapes: Shapes;
  /** By release. */
  readonly shapeOf: readonly number[];
}

function assemble(parts: Parts): Uint8Array {
  const { releases, uploadTime, blocks, lists, shapes } = parts;
  const versionTexts = encoder.encode(releases.map((release) => release.version.text).join(""));
  const counts: HeadCounts = {
    releases: releases.length,
    blocks: blocks.length,
    shapes: shapes.series.length,
    series: shapes.series.reduce((sum, series) => sum + series.length, 0),
    tagSets: shapes.tagSets.length,
  };
  const offsets = headOffsets(counts);
  const headLength = padded(offsets.versionText + versionTexts.length + lists.length);
  const total = blocks.reduce((sum, block) => sum + block.length, headLength);
  const bytes = new Uint8Array(total);
  const head = new Uint32Array(bytes.buffer, 0, HEAD_WORDS);
  head[HEAD.magic] = HEAD_MAGIC;
  head[HEAD.layout] = LAYOUT_VERSION;
  head[HEAD.headLength] = headLength;
  head[HEAD.totalLength] = total;
  head[HEAD.releases] = counts.releases;
  head[HEAD.files] = uploadTime.length;
  head[HEAD.blocks] = counts.blocks;
  head[HEAD.shapes] = counts.shapes;
  head[HEAD.series] = counts.series;
  head[HEAD.tagSets] = counts.tagSets;
  head[HEAD.versionTextLength] = versionTexts.length;
  head[HEAD.listsLength] = lists.length;
  bytes.set(versionTexts, offsets.versionText);
  bytes.set(lists, offsets.versionText + versionTexts.length);
  writeReleases(bytes, offsets, parts);
  writeShapes(bytes, offsets, shapes);
  summarizeFiles(bytes, offsets, parts);
  writeBlocks(bytes, offsets.blockEnd, headLength, blocks);
  return bytes;
}

function writeReleases(bytes: Uint8Array, offsets: HeadOffsets, { releases, shapeOf }: Parts): void {
  const count = releases.length;
  const releaseRank = new Float64Array(bytes.buffer, offsets.releaseRank, count);
  const versionEnd = new Uint32Array(bytes.buffer, offsets.versionEnd, count);
  const firstFile = new Uint32Array(bytes.buffer, offsets.firstFile, count + 1);
  const shape = new Uint32Array(bytes.buffer, offsets.shape, count);
  let textLength = 0;
  let file = 0;
  for (let index = 0; index < count; index++) {
    const { version, files: own } = releases[index]!;
    textLength += version.text.length;
    releaseRank[index] = version.releaseRank;
    versionEnd[index] = textLength;
    firstFile[index] = file;
    shape[index] = shapeOf[index]!;
    if (isPrerelease(version)) bytes[offsets.flags + index] = RELEASE.prerelease;
    file += own.length;
  }
  firstFile[count] = file;
}

function writeShapes(bytes: Uint8Array, offsets: HeadOffsets, { tagSets, series }: Shapes): void {
  const column = (start: number) => new Uint16Array(bytes.buffer, start);
  const shapeEnd = new Uint32Array(bytes.buffer, offsets.shapeEnd, series.length);
  const tagSetAt = column(offsets.series);
  let end = 0;
  for (const [shape, own] of series.entries()) {
    tagSetAt.set(own, end);
    end += own.length;
    shapeEnd[shape] = end;
  }
  const interpreters = column(offsets.interpreter);
  const platforms = column(offsets.platform);
  for (const [number, { interpreter, platform }] of tagSets.entries()) {
    interpreters[number] = interpreter;
    platforms[number] = platform;
  }
}

/** What the files of each release have in common. */
function summarizeFiles(bytes: Uint8Array, offsets: HeadOffsets, parts: Parts): void {
  const { releases, uploadTime, python } = parts;
  const earliest = new Uint32Array(bytes.buffer, offsets.earliest, releases.length);
  const latest = new Uint32Array(bytes.buffer, offsets.latest, releases.length);
  const bounds = new Uint16Array(bytes.buffer, offsets.python, releases.length);
  let file = 0;
  for (let index = 0; index < releases.length; index++) {
    const { files } = releases[index]!;
    const bound = files.length === 0 ? NONE : python[file]!;
    const yanked = files.length > 0 && files[0]!.yanked !== false;
    let flags = yanked ? RELEASE.yanked : 0;
    let first = 0;
    let last = 0;
    for (let own = 0; own < files.length; own++, file++) {
      const time = uploadTime[file]!;
      if (time === 0) flags |= RELEASE.untimed;
      else if (first === 0 || time < first) first = time;
      if (time > last) last = time;
      if (python[file] !== bound || (files[own]!.yanked !== false) !== yanked) flags |= RELEASE.mixed;
    }
    bytes[offsets.flags + index]! |= flags;
    earliest[index] = first;
    latest[index] = last;
    bounds[index] = bound;
  }
}

function writeBlocks(
  bytes: Uint8Array,
  column: number,
  headLength: number,
  blocks: readonly Uint8Array[],
): void {
  const blockEnd = new Uint32Array(bytes.buffer, column, blocks.length);
  let end = 0;
  for (const [index, block] of blocks.entries()) {
    bytes.set(block, headLength + end);
    end += block.length;
    blockEnd[index] = end;
  }
}

const LATEST_TIME = 0xffffffff;

/** Seconds since 1970 of `2024-01-31T23:59:59.123456Z`, or 0. */
function parseUploadTime(text: string | undefined): number {
  if (text === undefined || text.length < 19) return 0;
  const seconds = text.endsWith("Z") ? utcSeconds(text) : zonedSeconds(text);
  return seconds > 0 && seconds <= LATEST_TIME ? seconds : 0;
}

/** The day that was read last, and its first second: files of a release are mostly of one day. */
let lastDay = "";
let lastDayStart = 0;

function utcSeconds(text: string): number {
  if (lastDay === "" || !text.startsWith(lastDay)) {
    lastDay = text.slice(0, 10);
    lastDayStart = dayStart(text);
  }
  return lastDayStart + digits(text, 11, 2) * 3600 + digits(text, 14, 2) * 60 + digits(text, 17, 2);
}

/** By the proleptic Gregorian calendar, with March as the first month of a year. */
function dayStart(text: string): number {
  const month = digits(text, 5, 2);
  const year = digits(text, 0, 4) - (month < 3 ? 1 : 0);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + digits(text, 8, 2) - 1;
  const days =
    year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400) + dayOfYear - 719_468;
  return days * 86_400;
}

/** The page parser saw to it that these are digits. */
function digits(text: string, start: number, count: number): number {
  let value = 0;
  for (let index = start; index < start + count; index++) value = value * 10 + text.charCodeAt(index) - 48;
  return value;
}

function zonedSeconds(text: string): number {
  const zoned = /[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`;
  return Math.floor(Date.parse(zoned) / 1000);
}
