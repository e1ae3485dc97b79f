// Turns the page of a project into a record (see record-layout.ts).

import {
  isPrerelease,
  normalizeName,
  type PageContext,
  type ProjectPage,
  parseProjectPage,
} from "@thoth/pep";
import type { Blocks } from "./blocks.ts";
import { columnsOf, type PageColumns } from "./page-columns.ts";
import { scanPage } from "./page-scanner.ts";
import { placeFiles, type Release } from "./placement.ts";
import {
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
import { Shapes } from "./shapes.ts";

const encoder = new TextEncoder();
const utf8 = new TextDecoder();

/** A record, and what was left out of the page. */
export interface EncodedPage {
  readonly bytes: Uint8Array;
  readonly warnings: readonly string[];
}

/**
 * The record of a page as it comes from an index, which is `index`, a URL without credentials. Throws
 * index-response-invalid as `parseProjectPage` does.
 */
export function encodePage(body: Uint8Array, context: PageContext, index: string): EncodedPage {
  const scanned = scanPage(body, context);
  if (scanned !== undefined) {
    const { surroundings, columns } = scanned;
    return { bytes: encode(surroundings, columns, index), warnings: surroundings.warnings };
  }
  const page = parseProjectPage(utf8.decode(body), context);
  return { bytes: encodeProject(page, index), warnings: page.warnings };
}

/** The record of a parsed page. */
export function encodeProject(page: ProjectPage, index: string): Uint8Array {
  return encode(page, columnsOf(page.files), index);
}

function encode(page: Omit<ProjectPage, "files">, columns: PageColumns, index: string): Uint8Array {
  const releases = placeFiles(columns, normalizeName(page.name));
  const shapes = new Shapes(columns);
  const shapeOf = releases.map((release) => shapes.number(release));
  const order = fileOrder(releases);
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
  const uploadTime = new Uint32Array(order.length);
  const yanked = new Uint8Array(order.length);
  const python = new Uint16Array(order.length);
  for (let index = 0; index < order.length; index++) {
    const file = order[index]!;
    uploadTime[index] = columns.uploadTime[file]!;
    yanked[index] = columns.yanked[file] === 0 ? 0 : 1;
    python[index] = shapes.pythonOfFile[index]!;
  }
  const blocks = columns.encodeBlocks(order, python);
  return assemble({ releases, uploadTime, yanked, python, blocks, lists, shapes, shapeOf });
}

/** The files of all releases in turn. */
function fileOrder(releases: readonly Release[]): Uint32Array {
  const order = new Uint32Array(releases.reduce((sum, { files }) => sum + files.length, 0));
  let length = 0;
  for (const { files } of releases) for (const file of files) order[length++] = file;
  return order;
}

interface Parts {
  readonly releases: readonly Release[];
  /** By file. */
  readonly uploadTime: Uint32Array;
  readonly yanked: Uint8Array;
  readonly python: Uint16Array;
  readonly blocks: Blocks;
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
    blocks: blocks.ends.length,
    shapes: shapes.series.length,
    series: shapes.series.reduce((sum, series) => sum + series.length, 0),
    tagSets: shapes.tagSets.length,
  };
  const offsets = headOffsets(counts);
  const headLength = padded(offsets.versionText + versionTexts.length + lists.length);
  const total = headLength + blocks.bytes.length;
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
  new Uint32Array(bytes.buffer, offsets.blockEnd, counts.blocks).set(blocks.ends);
  bytes.set(blocks.bytes, headLength);
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
  const { releases, uploadTime, yanked, python } = parts;
  const earliest = new Uint32Array(bytes.buffer, offsets.earliest, releases.length);
  const latest = new Uint32Array(bytes.buffer, offsets.latest, releases.length);
  const bounds = new Uint16Array(bytes.buffer, offsets.python, releases.length);
  let file = 0;
  for (let index = 0; index < releases.length; index++) {
    const { files } = releases[index]!;
    const bound = files.length === 0 ? NONE : python[file]!;
    const isYanked = files.length > 0 ? yanked[file]! : 0;
    let flags = isYanked === 1 ? RELEASE.yanked : 0;
    let first = 0;
    let last = 0;
    for (let own = 0; own < files.length; own++, file++) {
      const time = uploadTime[file]!;
      if (time === 0) flags |= RELEASE.untimed;
      else if (first === 0 || time < first) first = time;
      if (time > last) last = time;
      if (python[file] !== bound || yanked[file] !== isYanked) flags |= RELEASE.mixed;
    }
    bytes[offsets.flags + index]! |= flags;
    earliest[index] = first;
    latest[index] = last;
    bounds[index] = bound;
  }
}
